//! The layouts of an index.

use std::sync::Arc;

use tantivy::SegmentReader;

use super::super::per_segment::PerSegment;
use super::Layout;

/// The layouts of all segments, each opened when it is first asked for.
#[derive(Clone, Debug)]
pub struct Layouts(Arc<PerSegment<Arc<Layout>>>);

impl Layouts {
    /// Of these segments, in order.
    pub fn new(segments: &[SegmentReader]) -> Layouts {
        Layouts(Arc::new(PerSegment::new(segments)))
    }

    /// How articles lie in a segment, whose number is given.
    pub fn get(&self, ord: u32, segment: &SegmentReader) -> tantivy::Result<&Arc<Layout>> {
        self.0.get(ord, || Ok(Arc::new(Layout::open(segment)?)))
    }

    /// How articles lie in a segment.
    pub fn of(&self, segment: &SegmentReader) -> tantivy::Result<&Arc<Layout>> {
        self.0.of(segment, |_| Ok(Arc::new(Layout::open(segment)?)))
    }
}
