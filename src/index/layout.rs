//! How an article lies in its segment: itself, its quotes, then those of its passages that it was
//! the first to bring. Documents of one article are written together, merging keeps their order,
//! and they go together; so what belongs to an article is found by counting.
//!
//! A passage that another article brought first is foreign to it. The distinct passages of an
//! article are numbered as they first come in the text: its own follow each other in that order,
//! of the foreign ones number and identity are told.

use std::ops::Range;

use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

use super::reader::numbers;

/// The columns of a segment that say what belongs to what.
pub struct Layout {
    nth: Column<u64>,
    quotes: Column<u64>,
    own: Column<u64>,
    foreign: Column<u64>,
    passages: Column<u64>,
    pid: Column<u64>,
}

impl Layout {
    /// Opens the columns of a segment.
    pub fn open(segment: &SegmentReader) -> tantivy::Result<Layout> {
        Ok(Layout {
            nth: numbers(segment, "nth")?,
            quotes: numbers(segment, "quotes")?,
            own: numbers(segment, "own")?,
            foreign: numbers(segment, "foreign")?,
            passages: numbers(segment, "passages")?,
            pid: numbers(segment, "pid")?,
        })
    }

    /// The article of a quote.
    pub fn article_of(&self, quote: DocId) -> DocId {
        let nth = self.nth.first(quote).unwrap_or(0) as DocId;
        quote.saturating_sub(1).saturating_sub(nth)
    }

    /// Number of a quote in the annotation of its article.
    pub fn nth(&self, quote: DocId) -> usize {
        self.nth.first(quote).unwrap_or(0) as usize
    }

    /// The quotes of an article.
    pub fn quotes_of(&self, article: DocId) -> Range<DocId> {
        let count = self.quotes.first(article).unwrap_or(0) as DocId;
        article + 1..article + 1 + count
    }

    /// The passages that an article was the first to bring.
    pub fn own_passages(&self, article: DocId) -> Range<DocId> {
        let start = self.quotes_of(article).end;
        start..start + self.own.first(article).unwrap_or(0) as DocId
    }

    /// Numbers of the foreign ones among the distinct passages of an article, ascending.
    pub fn foreign(&self, article: DocId) -> impl Iterator<Item = u32> + '_ {
        self.foreign.values_for_doc(article).map(|number| number as u32)
    }

    /// Identity of a passage.
    pub fn pid(&self, passage: DocId) -> u64 {
        self.pid.first(passage).unwrap_or_default()
    }

    /// Whether an article carries a passage that another brought first.
    pub fn borrows(&self, article: DocId, pid: u64) -> bool {
        self.passages.values_for_doc(article).any(|foreign| foreign == pid)
    }

    /// Identities of the distinct passages of an article, in order.
    pub fn distinct(&self, article: DocId) -> Vec<u64> {
        let own = self.own_passages(article);
        let mut distinct = Vec::with_capacity(own.len());
        let mut own = own.map(|passage| self.pid(passage));
        for (number, pid) in self.foreign(article).zip(self.passages.values_for_doc(article)) {
            let before = (number as usize).saturating_sub(distinct.len());
            distinct.extend(own.by_ref().take(before));
            distinct.push(pid);
        }
        distinct.extend(own);
        distinct
    }
}
