//! Some quotes of a segment and the passages in which they stand, as bits: where words are looked for
//! when only these quotes are wanted.

use tantivy::DocId;

use super::among::{Bits, mark, no_bits};
use super::layout::{Layout, StandCursor};

/// Quotes that are wanted.
#[derive(Debug)]
pub struct Marks {
    quotes: Vec<u64>,
    passages: Vec<u64>,
    count: usize,
}

impl Marks {
    /// Of quotes that ascend.
    pub fn of(layout: &Layout, quotes: &[DocId]) -> Marks {
        let documents = layout.documents();
        let (mut marked, mut passages) = (no_bits(documents), no_bits(documents));
        let mut cursor = StandCursor::new(layout);
        for &quote in quotes {
            mark(&mut marked, quote);
            cursor.at(quote).for_each(|(passage, _)| mark(&mut passages, passage));
        }
        Marks { quotes: marked, passages, count: quotes.len() }
    }

    /// How many quotes there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether a quote is one of them.
    pub fn has(&self, quote: DocId) -> bool {
        self.quotes().has(quote)
    }

    /// The quotes.
    pub fn quotes(&self) -> Bits<'_> {
        Bits(&self.quotes)
    }

    /// The passages beside their articles in which they stand.
    pub fn passages(&self) -> Bits<'_> {
        Bits(&self.passages)
    }
}
