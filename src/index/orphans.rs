//! Documents that go although no article names them: passages that nobody carries any more, and
//! the notes about files.

use std::collections::HashSet;
use std::sync::Arc;

use rustc_hash::FxBuildHasher;
use tantivy::query::{
    BitSetDocSet, BooleanQuery, ConstScorer, EnableScoring, Explanation, Query, Scorer, TermQuery,
    Weight,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{BitSet, DocId, IndexWriter, Score, SegmentReader, TantivyError, Term};

use super::doc::Doc;
use super::error::IndexError;
use super::reader::{Index, numbers};
use super::schema::{Fields, Kind};

/// Passages looked at in one go when all of them are suspect: bounds the memory of a sweep.
const SWEEP_AT_ONCE: u64 = 4 << 20;

type Keys = HashSet<u64, FxBuildHasher>;

/// Deletes the passages among `suspects` that no article carries; without suspects all are
/// looked at (an earlier run was cut off before it could).
pub fn remove(
    index: &Index,
    engine: &IndexWriter<Doc>,
    suspects: Option<Vec<u64>>,
) -> Result<(), IndexError> {
    if let Some(suspects) = suspects {
        return delete_uncarried(index, engine, suspects.into_iter().collect());
    }
    let rounds = index.count_kind(Kind::Passage)?.div_ceil(SWEEP_AT_ONCE).max(1);
    (0..rounds).try_for_each(|round| {
        let keys = passages(index, |pid| pid % rounds == round)?;
        delete_uncarried(index, engine, keys)
    })
}

fn delete_uncarried(
    index: &Index,
    engine: &IndexWriter<Doc>,
    mut suspects: Keys,
) -> Result<(), IndexError> {
    for (_, segment) in index.segments() {
        let carried = numbers(segment, "passages")?;
        for doc in index.of_kind(segment, Kind::Article)? {
            for pid in carried.values_for_doc(doc) {
                suspects.remove(&pid);
            }
        }
    }
    if !suspects.is_empty() {
        engine.delete_query(Box::new(PassagesIn(Arc::new(suspects))))?;
    }
    Ok(())
}

fn passages(index: &Index, wanted: impl Fn(u64) -> bool) -> Result<Keys, IndexError> {
    let mut keys = Keys::default();
    for (_, segment) in index.segments() {
        let pids = numbers(segment, "pid")?;
        let found = index.of_kind(segment, Kind::Passage)?;
        keys.extend(found.into_iter().filter_map(|doc| pids.first(doc)).filter(|&pid| wanted(pid)));
    }
    Ok(keys)
}

/// Deletes what was noted about a file: its note carries the same number as its articles.
pub fn delete_file_note(
    index: &Index,
    engine: &IndexWriter<Doc>,
    key: u64,
    fields: Fields,
) -> Result<(), IndexError> {
    if index.holding(fields.file, key)?.is_empty() {
        return Ok(());
    }
    let term = |field, value| -> Box<dyn Query> {
        Box::new(TermQuery::new(Term::from_field_u64(field, value), IndexRecordOption::Basic))
    };
    let note = vec![term(fields.file, key), term(fields.doc, Kind::File as u64)];
    engine.delete_query(Box::new(BooleanQuery::intersection(note)))?;
    Ok(())
}

/// The passages with one of these identities.
#[derive(Clone, Debug)]
struct PassagesIn(Arc<Keys>);

impl Query for PassagesIn {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for PassagesIn {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let pids = numbers(segment, "pid")?;
        let mut found = BitSet::with_max_value(segment.max_doc());
        for doc in 0..segment.max_doc() {
            if pids.first(doc).is_some_and(|pid| self.0.contains(&pid)) {
                found.insert(doc);
            }
        }
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(found), boost)))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("document {doc} has no score to explain")))
    }
}
