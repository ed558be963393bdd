//! The passages that articles have from another, found at once: to look one up in the index is to go
//! through all passages of its bucket, thousands in a large index.

use rustc_hash::{FxHashMap, FxHashSet};

use super::reader::{At, Index};

/// As many are looked up in the index one by one in the time that it takes to find them all; both
/// grow with the index.
pub const WORTH: u64 = 200;

/// Where passages are that some other article has too, by identity.
pub struct Lent(FxHashMap<u64, At>);

impl Lent {
    /// Goes through all passages.
    pub fn of(index: &Index) -> tantivy::Result<Lent> {
        let mut wanted = FxHashSet::default();
        for (ord, _) in index.segments() {
            wanted.extend(index.layout(ord)?.all_borrowed());
        }
        let mut lent = FxHashMap::default();
        for (ord, segment) in index.segments() {
            let found = index.layout(ord)?.passages_with(|pid| wanted.contains(&pid));
            for (doc, pid) in found.into_iter().filter(|&(doc, _)| !segment.is_deleted(doc)) {
                lent.entry(pid).or_insert((ord, doc));
            }
        }
        Ok(Lent(lent))
    }

    /// The document of a passage, if it is one of them.
    pub fn get(&self, pid: u64) -> Option<At> {
        self.0.get(&pid).copied()
    }
}
