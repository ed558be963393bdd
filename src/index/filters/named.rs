//! Names as a filter, where all quotes of an article are looked into together.

use std::sync::Arc;

use tantivy::DocId;

use super::super::among::{Among, Bits, Listed, mark, no_bits};
use super::super::layout::{Layout, QuoteCursor};

/// Named quotes are few where they are less than one in so many: each is then come to on its own.
const FEW: u64 = 128;

/// The quotes of a segment that fit all names that are asked for.
pub struct Named {
    /// They and the numbers of their articles, as bits; none where there are no names.
    bits: Option<(Vec<u64>, Vec<u64>)>,
}

impl Named {
    /// Whether named quotes are many beside all quotes.
    pub fn are_many(named: u64, quotes: u64) -> bool {
        named.saturating_mul(FEW) >= quotes
    }

    /// The quotes in all lists, which ascend, unless they are few.
    pub(super) fn many(layout: &Layout, lists: &[Arc<Vec<DocId>>]) -> Option<Named> {
        let mut lists: Vec<Listed<'_>> = lists.iter().map(|list| Listed(list)).collect();
        lists.sort_by_key(|list| list.0.len());
        let Some((first, others)) = lists.split_first_mut() else {
            return Some(Named { bits: None });
        };
        if !Named::are_many(first.0.len() as u64, layout.quotes() as u64) {
            return None;
        }
        let mut cursor = QuoteCursor::new(layout);
        let (mut quotes, mut articles) =
            (no_bits(layout.documents()), no_bits(layout.count() as DocId));
        for &quote in first.0 {
            if others.iter_mut().all(|list| list.seek(quote) == quote) {
                mark(&mut quotes, quote);
                mark(&mut articles, cursor.at(quote).nth as DocId);
            }
        }
        Some(Named { bits: Some((quotes, articles)) })
    }

    /// Whether a quote is one of them.
    #[inline]
    pub fn has(&self, quote: DocId) -> bool {
        self.bits.as_ref().is_none_or(|(quotes, _)| Bits(quotes).has(quote))
    }

    /// Whether an article, whose number is given, has any of them.
    #[inline]
    pub fn has_article(&self, nth: usize) -> bool {
        self.bits.as_ref().is_none_or(|(_, articles)| Bits(articles).has(nth as DocId))
    }
}
