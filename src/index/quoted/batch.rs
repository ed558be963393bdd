//! The quotes of some articles that follow each other, worked on together: most articles have few, and
//! to begin with each would take as long as to work on it.

use std::ops::Range;

use tantivy::DocId;

use super::super::layout::{Quotes, Stands};
use super::everywhere::Ends;
use super::narrow;

/// Quotes that are enough.
const ENOUGH: usize = 1 << 8;

/// An article in hand.
pub(super) struct ArticleHere {
    /// Its number among all articles.
    pub(super) nth: usize,
    /// Its document.
    pub(super) article: DocId,
    pub(super) quotes: Quotes,
    /// Number of its first quote among those in hand.
    pub(super) first: u32,
}

impl ArticleHere {
    /// Behind the number of its last quote among those in hand.
    pub(super) fn end(&self) -> u32 {
        self.first + self.quotes.docs.len() as u32
    }
}

/// Articles in hand.
#[derive(Default)]
pub(super) struct Batch {
    articles: Vec<ArticleHere>,
    /// How many words each quote has, as far as is known.
    pub(super) lengths: Vec<u16>,
    /// The runs of words of quotes in passages beside them, with the number of the quote among those in hand;
    /// none is empty.
    runs: Vec<(u32, Range<u64>)>,
    stands: Stands,
}

impl Batch {
    /// Takes the first of some articles, as many as are enough; whether there were any with quotes.
    /// Articles must ascend.
    pub(super) fn take(
        &mut self,
        articles: &mut impl Iterator<Item = usize>,
        ends: &Ends<'_>,
    ) -> bool {
        self.articles.clear();
        self.lengths.clear();
        self.runs.clear();
        while self.lengths.len() < ENOUGH
            && let Some(nth) = articles.next()
        {
            self.add(nth, ends);
        }
        !self.articles.is_empty()
    }

    fn add(&mut self, nth: usize, ends: &Ends<'_>) {
        let Batch { articles, lengths, runs, stands } = self;
        let layout = &ends.sought.layout;
        let quotes = layout.quotes_of_nth(nth);
        let Some(article) = layout.article(nth).filter(|_| !quotes.docs.is_empty()) else { return };
        let first = lengths.len() as u32;
        lengths.resize(lengths.len() + quotes.docs.len(), 0);
        stands.each(layout, nth, |quote, words, passage, place| {
            let (at, run) = (first + (quote - quotes.docs.start), ends.run(passage, place));
            lengths[at as usize] = narrow(words);
            if !run.is_empty() {
                runs.push((at, run));
            }
        });
        articles.push(ArticleHere { nth, article, quotes, first });
    }

    /// The articles, with quotes all.
    pub(super) fn articles(&self) -> &[ArticleHere] {
        &self.articles
    }

    /// Whether a quote stands before the end of the last article.
    pub(super) fn is_before_end(&self, quote: DocId) -> bool {
        self.articles.last().is_some_and(|last| quote < last.quotes.docs.end)
    }

    /// Number of a quote among those in hand, if it is.
    pub(super) fn number(&self, quote: DocId) -> Option<usize> {
        let before = self.articles.partition_point(|here| here.quotes.docs.end <= quote);
        let here = self.articles.get(before)?;
        Some((here.first + quote.checked_sub(here.quotes.docs.start)?) as usize)
    }

    /// How often each quote holds a phrase, whose number is given, in passages beside it.
    pub(super) fn count(&self, ends: &Ends<'_>, phrase: usize, times: &mut Vec<u32>) {
        times.clear();
        times.resize(self.lengths.len(), 0);
        ends.count(phrase, &self.runs, times);
    }
}
