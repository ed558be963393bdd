//! A set of passages, as filters choose them: those beside the articles that were the first to
//! bring them as bits, the few others by identity.

use rustc_hash::FxHashSet;
use tantivy::{DocId, SegmentReader};

use super::layout::Layout;

/// Passages that the articles of one segment choose.
pub struct Chosen<'a> {
    layout: &'a Layout,
    beside: Vec<u64>,
    elsewhere: Vec<u64>,
    /// The article asked for last: its first passage, and the numbers of the foreign ones.
    article: Option<(DocId, DocId)>,
    foreign: Vec<u32>,
}

impl<'a> Chosen<'a> {
    /// None of them.
    pub fn none(segment: &SegmentReader, layout: &'a Layout) -> Chosen<'a> {
        let beside = vec![0; segment.max_doc() as usize / 64 + 1];
        let (elsewhere, foreign) = (Vec::new(), Vec::new());
        Chosen { layout, beside, elsewhere, article: None, foreign }
    }

    /// Adds one of the distinct passages of an article, by its number.
    pub fn add(&mut self, article: DocId, number: u32) {
        let first = match self.article {
            Some((last, first)) if last == article => first,
            _ => {
                self.foreign.clear();
                self.foreign.extend(self.layout.foreign(article));
                self.layout.quotes_of(article).end
            }
        };
        self.article = Some((article, first));
        match self.foreign.binary_search(&number) {
            Ok(at) => self.elsewhere.extend(self.layout.borrowed(article).nth(at)),
            Err(before) => self.set(first + number - before as DocId),
        }
    }

    /// Adds all passages of an article.
    pub fn add_all(&mut self, article: DocId) {
        self.layout.own_passages(article).for_each(|doc| self.set(doc));
        self.elsewhere.extend(self.layout.borrowed(article));
    }

    fn set(&mut self, doc: DocId) {
        if let Some(word) = self.beside.get_mut(doc as usize / 64) {
            *word |= 1 << (doc % 64);
        }
    }
}

/// Some of the passages of an index.
pub struct Passages {
    /// By segment and document.
    beside: Vec<Vec<u64>>,
    elsewhere: FxHashSet<u64>,
}

impl Passages {
    /// All that the articles of the segments choose.
    pub fn new(segments: Vec<Chosen<'_>>) -> Passages {
        let elsewhere = segments.iter().flat_map(|chosen| &chosen.elsewhere).copied().collect();
        let beside = segments.into_iter().map(|chosen| chosen.beside).collect();
        Passages { beside, elsewhere }
    }

    /// Whether the passage in a document is one of them.
    pub fn has(&self, ord: u32, layout: &Layout, doc: DocId) -> bool {
        let word = self.beside[ord as usize].get(doc as usize / 64).copied().unwrap_or_default();
        word >> (doc % 64) & 1 == 1
            || !self.elsewhere.is_empty() && self.elsewhere.contains(&layout.pid(doc))
    }
}
