//! A set of passages, as filters choose them: those beside the articles that were the first to
//! bring them as bits, the few others by identity.

use rustc_hash::FxHashSet;
use tantivy::{DocId, SegmentReader};

use super::among::{Bits, mark, no_bits};
use super::layout::{Beside, Layout};

/// Passages that the articles of one segment choose.
pub struct Chosen<'a> {
    layout: &'a Layout,
    /// Those beside their articles, as bits.
    chosen: Vec<u64>,
    elsewhere: Vec<u64>,
    /// The article asked for last.
    article: Option<DocId>,
    beside: Beside,
}

impl<'a> Chosen<'a> {
    /// None of them.
    pub fn none(segment: &SegmentReader, layout: &'a Layout) -> Chosen<'a> {
        let (chosen, beside) = (no_bits(segment.max_doc()), Beside::default());
        Chosen { layout, chosen, elsewhere: Vec::new(), article: None, beside }
    }

    /// Adds one of the distinct passages of an article, by its number.
    pub fn add(&mut self, article: DocId, number: u32) {
        if self.article != Some(article) {
            let Some(nth) = self.layout.nth_of(article) else { return };
            self.beside.come_to(self.layout, nth);
            self.article = Some(article);
        }
        match self.beside.at(number) {
            Ok(doc) => mark(&mut self.chosen, doc),
            Err(row) => self.elsewhere.extend(self.layout.borrowed_in(row)),
        }
    }

    /// Adds all passages of an article.
    pub fn add_all(&mut self, article: DocId) {
        self.layout.own_passages(article).for_each(|doc| mark(&mut self.chosen, doc));
        self.elsewhere.extend(self.layout.borrowed(article));
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
        let beside = segments.into_iter().map(|segment| segment.chosen).collect();
        Passages { beside, elsewhere }
    }

    /// Whether the passage in a document is one of them.
    pub fn has(&self, ord: u32, layout: &Layout, doc: DocId) -> bool {
        Bits(&self.beside[ord as usize]).has(doc)
            || !self.elsewhere.is_empty() && self.elsewhere.contains(&layout.pid(doc))
    }
}
