//! Lists of documents that a question needs and that stay the same: one a segment, made when it is
//! first asked for.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use tantivy::index::SegmentId;
use tantivy::{DocId, SegmentReader};

/// A list a segment.
#[derive(Debug)]
pub struct Kept(HashMap<SegmentId, OnceLock<Arc<Vec<DocId>>>>);

impl Kept {
    /// None yet of these segments.
    pub fn new(segments: &[SegmentReader]) -> Kept {
        Kept(segments.iter().map(|segment| (segment.segment_id(), OnceLock::new())).collect())
    }

    /// That of a segment, which ascends; `find` makes it.
    pub fn of(
        &self,
        segment: &SegmentReader,
        find: impl FnOnce() -> tantivy::Result<Vec<DocId>>,
    ) -> tantivy::Result<Arc<Vec<DocId>>> {
        let Some(slot) = self.0.get(&segment.segment_id()) else { return Ok(Arc::new(find()?)) };
        if let Some(known) = slot.get() {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(find()?);
        Ok(Arc::clone(slot.get_or_init(|| found)))
    }
}
