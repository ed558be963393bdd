//! The layouts of an index.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use tantivy::index::SegmentId;
use tantivy::{SegmentReader, TantivyError};

use super::Layout;

/// The layouts of all segments, each opened when it is first asked for.
#[derive(Clone)]
pub struct Layouts {
    by_number: Arc<[OnceLock<Arc<Layout>>]>,
    numbers: Arc<HashMap<SegmentId, u32>>,
}

impl Layouts {
    /// Of these segments, in order.
    pub fn new(segments: &[SegmentReader]) -> Layouts {
        let by_number = segments.iter().map(|_| OnceLock::new()).collect();
        let numbers = segments.iter().map(SegmentReader::segment_id).zip(0..).collect();
        Layouts { by_number, numbers: Arc::new(numbers) }
    }

    /// How articles lie in a segment, whose number is given.
    pub fn get(&self, ord: u32, segment: &SegmentReader) -> tantivy::Result<&Arc<Layout>> {
        let slot = &self.by_number[ord as usize];
        if let Some(layout) = slot.get() {
            return Ok(layout);
        }
        let layout = Arc::new(Layout::open(segment)?);
        Ok(slot.get_or_init(|| layout))
    }

    /// How articles lie in a segment.
    pub fn of(&self, segment: &SegmentReader) -> tantivy::Result<&Arc<Layout>> {
        match self.numbers.get(&segment.segment_id()) {
            Some(&ord) => self.get(ord, segment),
            None => Err(TantivyError::InternalError("a segment of another index".into())),
        }
    }
}

impl std::fmt::Debug for Layouts {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{} layouts", self.by_number.len())
    }
}
