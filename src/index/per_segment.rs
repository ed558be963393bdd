//! What is made of a segment when it is first asked for, and kept as long as the index is open.

use std::collections::HashMap;
use std::sync::OnceLock;

use tantivy::index::SegmentId;
use tantivy::{SegmentReader, TantivyError};

/// One value a segment.
pub struct PerSegment<T> {
    made: Vec<OnceLock<T>>,
    numbers: HashMap<SegmentId, u32>,
}

impl<T> PerSegment<T> {
    /// None yet of these segments, in order.
    pub fn new(segments: &[SegmentReader]) -> Self {
        PerSegment {
            made: segments.iter().map(|_| OnceLock::new()).collect(),
            numbers: segments.iter().map(SegmentReader::segment_id).zip(0..).collect(),
        }
    }

    /// That of the segment of a number. Two threads may `make` it at once: one of the two is kept.
    pub fn get(&self, ord: u32, make: impl FnOnce() -> tantivy::Result<T>) -> tantivy::Result<&T> {
        let slot = &self.made[ord as usize];
        if let Some(known) = slot.get() {
            return Ok(known);
        }
        let fresh = make()?;
        Ok(slot.get_or_init(|| fresh))
    }

    /// That of a segment whose number is not at hand; `make` is told it.
    ///
    /// # Errors
    /// When it is not among the segments.
    pub fn of(
        &self,
        segment: &SegmentReader,
        make: impl FnOnce(u32) -> tantivy::Result<T>,
    ) -> tantivy::Result<&T> {
        match self.numbers.get(&segment.segment_id()) {
            Some(&ord) => self.get(ord, || make(ord)),
            None => Err(TantivyError::InternalError("a segment of another index".into())),
        }
    }

    /// Those of all segments, once each was made.
    pub fn all(&self) -> Option<Vec<&T>> {
        self.made.iter().map(OnceLock::get).collect()
    }
}

impl<T> std::fmt::Debug for PerSegment<T> {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "of {} segments", self.made.len())
    }
}
