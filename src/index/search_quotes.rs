//! Searching quotes: find, put the same words of the same speaker together, order, and read
//! the hits back as they are asked for.

use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, Query, Weight};
use tantivy::{Score, SegmentReader, TERMINATED};

use super::ahead::Ahead;
use super::codec::{Blob, Depth, Said};
use super::error::IndexError;
use super::filters::{OfArticles, OfQuotes, Resolved};
use super::groups::{Found, Group, Heaps};
use super::highlight::highlights;
use super::layout::{Layout, QuoteAt, QuoteCursor, Quotes};
use super::names::Fit;
use super::order::{Compare, Ordered};
use super::plan::{Planner, most, on_segments_if};
use super::query::{Expr, parse_query};
use super::quoted::Together;
use super::reader::{At, Index, numbers};
use super::schema::Kind;
use super::search::{SearchError, UNDATED, rounded, sort_occurrences};
use super::threads::each_piece;
use super::types::{Filters, Occurrence, QuoteHit, SearchOptions, Sort};
use crate::article::Quote;
use crate::text::Span;

/// Passages or quotes that are worth threads: to start one takes as long as some thousand of them.
const WORTH_THREADS: u64 = 1 << 13;
/// So many times as many are worth them where names leave most of them unread.
const UNREAD: u64 = 4;

/// Hits of a search for quotes, in order. Skipping costs nothing.
pub struct QuoteHits<'a> {
    index: &'a Index,
    expr: Expr,
    context: usize,
    found: Found,
    total: usize,
    groups: Ordered<Group>,
    read: Ahead<Result<QuoteHit, IndexError>>,
}

impl QuoteHits<'_> {
    /// How many hits there are, those that were not to be kept too.
    pub fn total(&self) -> usize {
        self.total
    }
}

impl Iterator for QuoteHits<'_> {
    type Item = Result<QuoteHit, IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.nth(0)
    }

    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        let QuoteHits { index, expr, context, found, groups, read, .. } = self;
        let mut placed = Placed { groups, found };
        read.nth(n, &mut placed, |(id, places)| index.quote_hit(*id, places, expr, *context))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (least, most) = self.groups.size_hint();
        let read = self.read.left();
        (least + read, most.map(|most| most + read))
    }
}

/// Identities of hits, and where each stands: not looked up of those that are passed over.
struct Placed<'a> {
    groups: &'a mut Ordered<Group>,
    found: &'a mut Found,
}

impl Iterator for Placed<'_> {
    type Item = (u64, Vec<At>);

    fn next(&mut self) -> Option<Self::Item> {
        self.nth(0)
    }

    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        let group = self.groups.nth(n)?;
        Some((group.id, self.found.places(group)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.groups.size_hint()
    }
}

/// A quote read back, and its article.
type QuoteIn = (At, Blob, Quote);

/// A quote that answers, how well its speaker fits, and its score.
pub(super) struct Answer {
    pub(super) quote: QuoteAt,
    fit: Fit,
    score: Score,
}

/// Answers that are visited together: what one needs does not wait for what the others need.
const TOGETHER: usize = 1 << 7;

/// Throws the quotes of a segment on heaps.
struct Collector<'a> {
    layout: &'a Layout,
    ids: Column<u64>,
    heaps: Heaps,
    /// The rows of some quotes and their identities.
    rows: Vec<u32>,
    found: Vec<u64>,
}

impl Collector<'_> {
    fn take(&mut self, answers: &[Answer]) {
        let Collector { layout, ids, heaps, rows, found } = self;
        rows.clear();
        rows.extend(answers.iter().map(|answer| answer.quote.row));
        found.resize(rows.len(), 0);
        ids.values.get_vals(rows, found);
        for (&Answer { quote, fit, score }, &id) in answers.iter().zip(&*found) {
            let score = rounded(score).clamp(0, i32::MAX.into()) as i32;
            let date = layout.date(quote.nth).unwrap_or(UNDATED);
            heaps.push(quote.doc, Group { id, date, score, fit });
        }
    }
}

/// What is asked of quotes, made ready for all segments: words and names, and filters by column.
struct Asked<'a> {
    /// None where there is nothing but filters by column.
    weight: Option<Box<dyn Weight>>,
    /// The same, where it is nothing but whole words: for segments where some of them stand nearly everywhere.
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
        {
            let looked = together.look(segment, layout)?;
            let found = each_piece(worth, looked.parts(), |part| {
                let (mut articles, mut taking) = begin()?;
                looked.each(part, &mut articles, |quote, score| taking.take(quote, || score))?;
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
    /// Searches quotes; the same words of the same speaker are one hit.
    pub fn search_quotes(&self, options: &SearchOptions) -> Result<QuoteHits<'_>, SearchError> {
        let (expr, compare) = (parse_query(&options.words)?, order(options.sort));
        let open = |ord, segment: &SegmentReader| {
            let (layout, ids) = (self.layout(ord)?, numbers(segment, "quote_id")?);
            let heaps = Heaps::new(options.most, compare);
            Ok(Collector { layout, ids, heaps, rows: Vec::new(), found: Vec::new() })
        };
        let close = |collector: Collector<'_>| collector.heaps.close();
        let found = self.on_answers(&expr, &options.filters, open, Collector::take, close)?;
        let (found, groups) = Found::new(found, options.most, compare);
        let total = found.groups();
        Ok(QuoteHits {
            index: self,
            expr,
            context: options.context,
            found,
            total,
            groups,
            read: Ahead::new(self.is_untouched()),
        })
    }

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
    fn on_answers<S, R: Send>(
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
            if parts.is_empty() {
                together = planner.together(expr)?;
            }
            parts.push(planner.plan(expr));
        }
        let query = match parts.len() {
            0 | 1 => parts.pop(),
            _ => Some(Box::new(BooleanQuery::intersection(parts)) as Box<dyn Query>),
        };
        let weight = query.map(|query| self.weight(query.as_ref(), Kind::Quote)).transpose()?;
        let asked = Asked { weight, together, filters, resolved: &resolved };
        let unread = !resolved.again().is_empty();
        let enough = if unread { WORTH_THREADS * UNREAD } else { WORTH_THREADS };
        let worth = most.unwrap_or(u64::MAX).min(resolved.most()) >= enough;
        let found = on_segments_if(worth, &self.searcher, |ord, segment| {
            let (layout, open) = (self.layouts.get(ord, segment)?, || open(ord, segment));
            let found = asked.each((worth, layout, segment), open, &visit, &close)?;
            Ok(found.into_iter().map(|found| (ord, found)).collect::<Vec<_>>())
        })?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Reads a hit back: all its occurrences, and the earliest of them in full.
    fn quote_hit(
        &self,
        id: u64,
        places: &[At],
        expr: &Expr,
        context: usize,
    ) -> Result<QuoteHit, IndexError> {
        let (occurrences, (at, blob, quote)) = self.occurrences(places)?;
        let mut articles: Vec<&str> = occurrences.iter().map(|o| o.article.as_str()).collect();
        articles.dedup();
        let articles = articles.len();
        let excerpt = self.excerpt(at, &blob, &quote_spans(&quote), context)?;
        let ranges = |spans: &[Span]| spans.iter().map(|&span| excerpt.range(span)).collect();
        let in_passage: Vec<(usize, usize)> = ranges(&quote.content);
        let words = |spans: &[Span]| {
            let ranges: Vec<(usize, usize)> = ranges(spans);
            ranges.into_iter().map(|(a, b)| excerpt.text[a..b].to_owned()).collect::<Vec<_>>()
        };
        let text = words(&quote.content).join(" … ");
        let speaker = quote.speaker.as_ref();
        Ok(QuoteHit {
            quote_id: format!("{id:016x}"),
            highlights: highlights(expr, &text),
            quote: text,
            speaker: speaker.map(|speaker| speaker.name.clone()),
            speaker_kind: speaker.map(|speaker| speaker.kind),
            role: speaker.and_then(|speaker| speaker.role.clone()),
            kind: quote.kind,
            confidence: quote.confidence,
            rule: quote.rule.into_owned(),
            articles,
            occurrences,
            in_passage,
            cue: words(&quote.cue),
            source: quote.source.map(|span| words(&[span]).concat()),
            passage: excerpt.text,
        })
    }

    /// Where quotes stand, earliest first, and the earliest of them in full.
    fn occurrences(&self, places: &[At]) -> Result<(Vec<Occurrence>, QuoteIn), IndexError> {
        // Most stand in one place: its article is read once for both.
        if let [only] = places {
            let found = self.quote_at(*only)?;
            return Ok((vec![self.occurrence(&found.1, cover(&found.2))?], found));
        }
        let found = self.all_occurrences(places)?;
        let earliest = found.first().map(|(_, at)| *at);
        let earliest = earliest.ok_or_else(|| self.damaged("a hit without a quote".into()))?;
        let occurrences = found.into_iter().map(|(occurrence, _)| occurrence).collect();
        Ok((occurrences, self.quote_at(earliest)?))
    }

    /// Where quotes stand, earliest first. One article at a time is held: a quote may stand in
    /// very many, or very often in one that is very long.
    fn all_occurrences(&self, places: &[At]) -> Result<Vec<(Occurrence, At)>, IndexError> {
        let mut found = Vec::with_capacity(places.len());
        let mut rest = places;
        while let Some(&(ord, doc)) = rest.first() {
            let layout = self.layout(ord)?;
            let article = layout.article_of(doc);
            let quotes = layout.quotes_of(article);
            let same = rest.iter().take_while(|(other, doc)| *other == ord && quotes.contains(doc));
            let of_it: Vec<At> = same.copied().collect();
            if of_it.is_empty() {
                return Err(self.no_article());
            }
            let nths: Vec<usize> = of_it.iter().map(|&(_, doc)| layout.nth(doc)).collect();
            let record = self.record_at((ord, article))?;
            // Who says it, and how sure that is, is not asked here.
            let streams = record.streams(Depth::Quotes)?;
            let blob = Blob::decode_quotes(streams, &nths, |_| Said::default())?;
            for (quote, &at) in blob.annotation.quotes.iter().zip(&of_it) {
                found.push((self.occurrence(&blob, cover(quote))?, at));
            }
            rest = &rest[of_it.len()..];
        }
        sort_occurrences(&mut found);
        Ok(found)
    }

    fn no_article(&self) -> IndexError {
        self.damaged("a quote without its article".into())
    }

    /// The article of a quote document, and the quote in it.
    fn quote_at(&self, (ord, doc): At) -> Result<QuoteIn, IndexError> {
        let layout = self.layout(ord)?;
        let (at, nth) = ((ord, layout.article_of(doc)), layout.nth(doc));
        let record = self.record_at(at)?;
        let said = |nth: usize| layout.said(at.1, nth);
        let mut blob = Blob::decode_quotes(record.streams(Depth::Quotes)?, &[nth], said)?;
        let quote = blob.annotation.quotes.pop().ok_or_else(|| self.no_article())?;
        Ok((at, blob, quote))
    }
}

/// The order of hits; identities break the ties.
fn order(sort: Sort) -> Compare<Group> {
    match sort {
        Sort::Relevance => |a, b| {
            let key = |group: &Group| (group.fit, -group.score, group.date, group.id);
            key(a).cmp(&key(b))
        },
        Sort::Date => |a, b| (a.date, a.id).cmp(&(b.date, b.id)),
    }
}

/// From the first byte of a quote to its last.
pub(super) fn cover(quote: &Quote) -> Span {
    quote.content.iter().copied().reduce(Span::cover).unwrap_or(Span::new(0, 0))
}

/// Everything of a quote that stands in the text.
fn quote_spans(quote: &Quote) -> Vec<Span> {
    quote.content.iter().chain(&quote.cue).chain(&quote.source).copied().collect()
}
