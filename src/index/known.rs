//! Which paragraphs the index has from before, when not all of them are remembered.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::reader::Index;
use crate::dedup::Bloom;

/// Paragraphs that are looked up before a filter is made, which costs about as much: a run that
/// brings few goes without.
const LOOKED_UP: usize = 512;

/// Asks the index for paragraphs, but for those that a filter knows to be new.
pub struct Known {
    asked: AtomicUsize,
    filter: OnceLock<Option<Bloom>>,
    most_bytes: usize,
}

impl Known {
    /// With so many bytes at most for the filter.
    pub fn new(most_bytes: usize) -> Known {
        Known { asked: AtomicUsize::new(0), filter: OnceLock::new(), most_bytes }
    }

    /// Whether the index has a passage. It may be a later commit than the one asked first: the
    /// filter has whatever was in that.
    pub fn has(&self, index: &Index, pid: u64) -> tantivy::Result<bool> {
        if self.asked.fetch_add(1, Ordering::Relaxed) >= LOOKED_UP {
            // An index that cannot be read says so below.
            let filter = self.filter.get_or_init(|| filter(index, self.most_bytes).ok());
            if filter.as_ref().is_some_and(|filter| !filter.may_contain(pid)) {
                return Ok(false);
            }
        }
        Ok(index.passage_at(pid)?.is_some())
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.filter.get().and_then(Option::as_ref).map_or(0, Bloom::bytes)
    }
}

/// Of all passages, deleted ones too.
fn filter(index: &Index, most_bytes: usize) -> tantivy::Result<Bloom> {
    let mut passages = 0;
    for (ord, _) in index.segments() {
        passages += index.layout(ord)?.passages();
    }
    let mut filter = Bloom::new(passages, most_bytes);
    for (ord, _) in index.segments() {
        index.layout(ord)?.pids().for_each(|pid| filter.insert(pid));
    }
    Ok(filter)
}
