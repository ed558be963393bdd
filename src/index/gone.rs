//! Documents that are to go with the next commit. They are named by segment and number, so that
//! taking out what was committed never touches what is being put in its place.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, Score, SegmentReader, TantivyError};

use super::matches::Matches;
use super::reader::{At, Index};

/// Documents by segment.
#[derive(Clone, Debug, Default)]
pub struct Gone(HashMap<SegmentId, Vec<DocId>>);

impl Gone {
    /// Adds a document of an index.
    pub fn add(&mut self, index: &Index, (ord, doc): At) {
        let segment = index.searcher.segment_reader(ord).segment_id();
        self.0.entry(segment).or_default().push(doc);
    }

    /// Whether there is nothing to delete.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The query that finds them.
    pub fn into_query(mut self) -> Box<dyn Query> {
        for docs in self.0.values_mut() {
            docs.sort_unstable();
            docs.dedup();
        }
        Box::new(GoneQuery(Arc::new(self)))
    }
}

#[derive(Clone, Debug)]
struct GoneQuery(Arc<Gone>);

impl Query for GoneQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for GoneQuery {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let docs = self.0.0.get(&segment.segment_id()).into_iter().flatten();
        Ok(Box::new(Matches::new(Arc::new(docs.copied().collect()), move |_: &DocId| boost)))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("document {doc} has no score to explain")))
    }
}
