//! A set of passages, as filters choose them: those beside the articles that were the first to
//! bring them as bits, the few others by identity.

use rustc_hash::FxHashSet;
use tantivy::DocId;

use super::layout::Layout;
use super::reader::Index;

/// Some of the passages of an index.
pub struct Passages {
    /// By segment and document.
    beside: Vec<Vec<u64>>,
    elsewhere: FxHashSet<u64>,
}

impl Passages {
    /// None of them.
    pub fn none(index: &Index) -> Passages {
        let bits = |documents: u32| vec![0; documents as usize / 64 + 1];
        let beside = index.segments().map(|(_, segment)| bits(segment.max_doc())).collect();
        Passages { beside, elsewhere: FxHashSet::default() }
    }

    /// Adds one of the distinct passages of an article, by its number.
    pub fn add(&mut self, ord: u32, layout: &Layout, article: DocId, number: u32) {
        match layout.spot(article, number) {
            Ok(doc) => self.set(ord, doc),
            Err(pid) => drop(self.elsewhere.insert(pid)),
        }
    }

    /// Adds all passages of an article.
    pub fn add_all(&mut self, ord: u32, layout: &Layout, article: DocId) {
        layout.own_passages(article).for_each(|doc| self.set(ord, doc));
        self.elsewhere.extend(layout.borrowed(article));
    }

    /// Whether the passage in a document is one of them.
    pub fn has(&self, ord: u32, layout: &Layout, doc: DocId) -> bool {
        let word = self.beside[ord as usize].get(doc as usize / 64).copied().unwrap_or_default();
        word >> (doc % 64) & 1 == 1
            || !self.elsewhere.is_empty() && self.elsewhere.contains(&layout.pid(doc))
    }

    fn set(&mut self, ord: u32, doc: DocId) {
        if let Some(word) = self.beside[ord as usize].get_mut(doc as usize / 64) {
            *word |= 1 << (doc % 64);
        }
    }
}
