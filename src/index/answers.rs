//! The quotes that answer: words, names and filters asked of every segment.

use std::sync::Arc;

use tantivy::query::{BooleanQuery, Query, Weight};
use tantivy::{Score, SegmentReader, TERMINATED};

use super::error::IndexError;
use super::filters::{Named, OfArticles, OfQuotes, Resolved};
use super::layout::{Layout, QuoteAt, QuoteCursor, Quotes};
use super::names::Fit;
use super::plan::{Planner, most, on_segments_if};
use super::query::Expr;
use super::quoted::Together;
use super::reader::Index;
use super::schema::Kind;
use super::threads::each_piece;
use super::types::Filters;

/// Passages or quotes that are worth threads: to start one takes as long as some thousand of them.
const WORTH_THREADS: u64 = 1 << 13;
/// So many times as many are worth them where names leave most of them unread.
const UNREAD: u64 = 4;

/// A quote that answers, how well its speaker fits, and its score.
pub(super) struct Answer {
    pub(super) quote: QuoteAt,
    pub(super) fit: Fit,
    pub(super) score: Score,
}

/// Answers that are visited together: what one needs does not wait for what the others need.
const TOGETHER: usize = 1 << 7;

/// What is asked of quotes, made ready for all segments: words and names, and filters by column.
struct Asked<'a> {
    /// None where there is nothing but filters by column.
    weight: Option<Box<dyn Weight>>,
    /// The same, where it has words: for segments where some of them stand nearly everywhere.
    together: Option<Together>,
    filters: &'a Filters,
    resolved: &'a Resolved<'a>,
}

impl Asked<'_> {
    /// Calls `visit` with every live quote of a segment that answers, some of them together, with what
    /// `open` makes, for the segment or for parts of it, which are searched side by side where that is
    /// `worth` it; gives what `close` makes of that.
    fn each<S, R: Send>(
        &self,
        (worth, layout, segment): (bool, &Arc<Layout>, &SegmentReader),
        open: impl Fn() -> tantivy::Result<S> + Sync,
        visit: impl Fn(&mut S, &[Answer]) + Sync,
        close: impl Fn(S) -> R + Sync,
    ) -> tantivy::Result<Vec<R>> {
        let quotes = OfQuotes::open(segment, self.resolved)?;
        let begin = || -> tantivy::Result<_> {
            let articles = OfArticles::open(layout, self.filters)?;
            let answers = Vec::with_capacity(TOGETHER);
            Ok((
                articles,
                Taking { segment, quotes: &quotes, answers, state: open()?, visit: &visit },
            ))
        };
        if let Some(together) = &self.together
            && together.suits(segment, layout)?
            && let Some(named) = self.resolved.many_named(segment, layout)?
        {
            let looked = together.look(segment, layout)?;
            let found = each_piece(worth, looked.pieces(), |piece| {
                let (mut articles, mut taking) = begin()?;
                let passes = |nth| named.has_article(nth) && articles.pass_nth(layout, nth);
                looked.each(piece, passes, |quote, score| {
                    if named.has(quote.doc) {
                        taking.take(quote, || score);
                    }
                })?;
                Ok(close(taking.finish()))
            });
            return found.into_iter().collect();
        }
        let (mut articles, mut taking) = begin()?;
        if let Some(weight) = &self.weight {
            let mut cursor = QuoteCursor::new(layout);
            let mut scorer = weight.scorer(segment, 1.0)?;
            let mut doc = scorer.doc();
            while doc != TERMINATED {
                let quote = cursor.at(doc);
                if articles.pass_nth(layout, quote.nth) {
                    taking.take(quote, || scorer.score());
                }
                doc = scorer.advance();
            }
        } else {
            for (nth, article) in layout.articles() {
                let Quotes { docs, row } = layout.quotes_of_nth(nth);
                if docs.is_empty() || !articles.pass_nth(layout, nth) {
                    continue;
                }
                for (row, doc) in (row..).zip(docs) {
                    taking.take(QuoteAt { doc, article, nth, row }, || 0.0);
                }
            }
        }
        Ok(vec![close(taking.finish())])
    }
}

/// Takes quotes as they are found.
struct Taking<'a, S, V> {
    segment: &'a SegmentReader,
    quotes: &'a OfQuotes<'a>,
    /// Those that were not visited yet.
    answers: Vec<Answer>,
    state: S,
    visit: &'a V,
}

impl<S, V: Fn(&mut S, &[Answer])> Taking<'_, S, V> {
    /// Takes a quote, if it is alive and passes.
    fn take(&mut self, quote: QuoteAt, score: impl FnOnce() -> Score) {
        if !self.segment.is_deleted(quote.doc)
            && let Some(fit) = self.quotes.pass(quote)
        {
            self.answers.push(Answer { quote, fit, score: score() });
            if self.answers.len() == TOGETHER {
                (self.visit)(&mut self.state, &self.answers);
                self.answers.clear();
            }
        }
    }

    /// What came of them.
    fn finish(mut self) -> S {
        (self.visit)(&mut self.state, &self.answers);
        self.state
    }
}

impl Index {
    /// Calls `visit` with every quote that passes filters, some of them together: in each segment with
    /// what `open` makes of it, and gives those back.
    pub(super) fn on_quotes<S: Send>(
        &self,
        filters: &Filters,
        open: impl Fn(u32, &SegmentReader) -> tantivy::Result<S> + Sync,
        visit: impl Fn(&mut S, &[Answer]) + Sync,
    ) -> Result<Vec<S>, IndexError> {
        let found = self.on_answers(&Expr::All, filters, open, visit, |found| found)?;
        Ok(found.into_iter().map(|(_, found)| found).collect())
    }

    /// The same of those that answer words too, which may be looked for in parts of a segment: each with
    /// what `open` makes. What `close` makes of those is given back in order, with the numbers of their
    /// segments.
    pub(super) fn on_answers<S, R: Send>(
        &self,
        expr: &Expr,
        filters: &Filters,
        open: impl Fn(u32, &SegmentReader) -> tantivy::Result<S> + Sync,
        visit: impl Fn(&mut S, &[Answer]) + Sync,
        close: impl Fn(S) -> R + Sync,
    ) -> Result<Vec<(u32, R)>, IndexError> {
        let resolved = Resolved::new(self, filters)?;
        let most = match expr {
            Expr::All => None,
            words => Some(most(words, self)?),
        };
        let (mut parts, mut together) = (resolved.queries(self, most), None);
        if let Some(most) = most {
            let planner = Planner::quotes(self, filters, resolved.again(), most);
            together = planner.together(expr)?;
            parts.push(planner.plan(expr));
        }
        let query = match parts.len() {
            0 | 1 => parts.pop(),
            _ => Some(Box::new(BooleanQuery::intersection(parts)) as Box<dyn Query>),
        };
        let weight = query.map(|query| self.weight(query.as_ref(), Kind::Quote)).transpose()?;
        let asked = Asked { weight, together, filters, resolved: &resolved };
        // What was found of names asked for before may lead to few articles, in which whole words are looked for.
        let all = resolved.again().is_empty()
            || expr.has_beginning()
            || Named::are_many(resolved.most(), self.count_kind(Kind::Quote)?);
        let (enough, named) = match all {
            true => (WORTH_THREADS, u64::MAX),
            false => (WORTH_THREADS * UNREAD, resolved.most()),
        };
        let worth = most.unwrap_or(u64::MAX).min(named) >= enough;
        let found = on_segments_if(worth, &self.searcher, |ord, segment| {
            let (layout, open) = (self.layouts.get(ord, segment)?, || open(ord, segment));
            let found = asked.each((worth, layout, segment), open, &visit, &close)?;
            Ok(found.into_iter().map(|found| (ord, found)).collect::<Vec<_>>())
        })?;
        Ok(found.into_iter().flatten().collect())
    }
}
