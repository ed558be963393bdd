//! Some quotes of a segment and the passages in which they stand, as bits: where words are looked for
//! when only these quotes are wanted.

use tantivy::DocId;

use super::among::{Bits, mark, no_bits};
use super::layout::{Beside, Layout, QuoteCursor};

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
        let (mut cursor, mut beside, mut come_to) =
            (QuoteCursor::new(layout), Beside::default(), None);
        // In a damaged index there may be quotes of no article.
        let quotes = if layout.articles().is_empty() { &[] } else { quotes };
        for &quote in quotes {
            let at = cursor.at(quote);
            if come_to.replace(at.nth) != Some(at.nth) {
                beside.come_to(layout, at.nth);
            }
            mark(&mut marked, quote);
            // What stands in a passage beside another article brings its own words.
            let places = layout.places(quote, at.row);
            let beside_it = places.filter_map(|place| beside.at(place.passage).ok());
            beside_it.for_each(|passage| mark(&mut passages, passage));
        }
        Marks { quotes: marked, passages, count: quotes.len() }
    }

    /// How many quotes there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether a quote is one of them.
    pub fn has(&self, quote: DocId) -> bool {
        self.quotes.get(quote as usize / 64).is_some_and(|bits| bits >> (quote % 64) & 1 == 1)
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
