//! Searching quotes: find, put the same words of the same speaker together, order, and read
//! the hits back one by one as they are asked for.

use std::cmp::Ordering;

use tantivy::query::{BooleanQuery, Query, Weight};
use tantivy::{DocId, SegmentReader};

use super::codec::{Blob, Depth, Said};
use super::error::IndexError;
use super::filters::{Columns, Resolved};
use super::highlight::highlights;
use super::layout::{QuoteAt, QuoteCursor};
use super::names::Fit;
use super::order::Ordered;
use super::plan::{each_in, on_segments, plan};
use super::query::{Expr, parse_query};
use super::reader::{At, Index, numbers, signed};
use super::schema::Kind;
use super::search::{SearchError, UNDATED, occurrence, rounded, sort_occurrences};
use super::types::{Filters, Occurrence, QuoteHit, SearchOptions, Sort};
use crate::article::Quote;
use crate::text::Span;

/// A quote that answers a search.
#[derive(Clone, Copy)]
struct Match {
    id: u64,
    date: i64,
    at: At,
    score: f32,
    fit: Fit,
}

/// All matches with one `quote_id`: a range of them, and what decides its place.
#[derive(Clone, Copy)]
struct Group {
    id: u64,
    date: i64,
    score: i64,
    fit: Fit,
    heap: u16,
    first: u32,
    count: u32,
}

/// Matches by the first bits of their identities: small heaps are sorted fast, and each alone.
type Heaps = Vec<Vec<Match>>;

/// Bits that choose a heap.
const HEAP_BITS: u32 = 10;

/// Hits of a search for quotes, in order. Skipping costs nothing.
pub struct QuoteHits<'a> {
    index: &'a Index,
    expr: Expr,
    context: usize,
    heaps: Heaps,
    groups: Ordered<Group>,
}

impl QuoteHits<'_> {
    /// How many hits are left.
    pub fn total(&self) -> usize {
        self.groups.len()
    }

    fn read(&self, group: Group) -> Result<QuoteHit, IndexError> {
        let Group { heap, first, count, .. } = group;
        let matches = &self.heaps[usize::from(heap)][first as usize..(first + count) as usize];
        self.index.quote_hit(matches, &self.expr, self.context)
    }
}

impl Iterator for QuoteHits<'_> {
    type Item = Result<QuoteHit, IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.nth(0)
    }

    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        let group = self.groups.nth(n)?;
        Some(self.read(group))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.groups.size_hint()
    }
}

impl Index {
    /// Searches quotes; the same words of the same speaker are one hit.
    pub fn search_quotes(&self, options: &SearchOptions) -> Result<QuoteHits<'_>, SearchError> {
        let expr = parse_query(&options.words)?;
        let mut heaps = self.matching(&expr, &options.filters)?;
        let groups = Ordered::new(grouped(&mut heaps), order(options.sort));
        Ok(QuoteHits { index: self, expr, context: options.context, heaps, groups })
    }

    fn matching(&self, expr: &Expr, filters: &Filters) -> Result<Heaps, IndexError> {
        let resolved = Resolved::new(self, filters)?;
        let query = self.quote_query(expr, &resolved)?;
        let weight = self.weight(query.as_ref(), Kind::Quote)?;
        let found = on_segments(&self.searcher, |ord, segment| {
            self.matching_in(ord, segment, weight.as_ref(), &resolved)
        })?;
        let together = |mut all: Heaps, more: Heaps| {
            all.iter_mut().zip(more).for_each(|(heap, more)| heap.extend(more));
            all
        };
        Ok(found.into_iter().reduce(together).unwrap_or_default())
    }

    fn matching_in(
        &self,
        ord: u32,
        segment: &SegmentReader,
        weight: &dyn Weight,
        resolved: &Resolved<'_>,
    ) -> tantivy::Result<Heaps> {
        let (mut columns, mut cursor) =
            (resolved.open(segment)?, QuoteCursor::new(self.layout(ord)?));
        let (ids, dates) = (numbers(segment, "quote_id")?, signed(segment, "date")?);
        let mut heaps: Heaps = vec![Vec::new(); 1 << HEAP_BITS];
        let (mut article, mut date) = (None, UNDATED);
        each_in(weight, segment, |doc, score| {
            let quote = cursor.at(doc);
            let Some(fit) = columns.pass(quote) else { return };
            if article != Some(quote.article) {
                article = Some(quote.article);
                date = dates.first(quote.article).unwrap_or(UNDATED);
            }
            let id = ids.values.get_val(quote.row);
            let heap = (id >> (u64::BITS - HEAP_BITS)) as usize;
            heaps[heap].push(Match { id, date, at: (ord, doc), score, fit });
        })?;
        Ok(heaps)
    }

    /// Calls `visit` with every quote that passes filters; `open` readies what it needs.
    pub(super) fn each_quote<S>(
        &self,
        filters: &Filters,
        mut open: impl FnMut(u32, &SegmentReader) -> tantivy::Result<S>,
        mut visit: impl FnMut(&mut S, QuoteAt),
    ) -> Result<(), IndexError> {
        let resolved = Resolved::new(self, filters)?;
        let query = self.quote_query(&Expr::All, &resolved)?;
        let open = |ord: u32, segment: &SegmentReader| {
            let cursor = QuoteCursor::new(self.layout(ord)?);
            Ok((resolved.open(segment)?, cursor, open(ord, segment)?))
        };
        let visit = |opened: &mut (Columns<'_>, QuoteCursor<'_>, S), doc: DocId, _: f32| {
            let (columns, cursor, state) = opened;
            let quote = cursor.at(doc);
            if columns.pass(quote).is_some() {
                visit(state, quote);
            }
        };
        Ok(self.each_match(query.as_ref(), Kind::Quote, open, visit)?)
    }

    /// The words and those filters that the index has terms for, as one query.
    fn quote_query(&self, expr: &Expr, resolved: &Resolved<'_>) -> tantivy::Result<Box<dyn Query>> {
        let mut parts = resolved.queries(self)?;
        if parts.is_empty() || *expr != Expr::All {
            parts.push(plan(expr, &self.fields, Kind::Quote));
        }
        Ok(match parts.len() {
            1 => parts.remove(0),
            _ => Box::new(BooleanQuery::intersection(parts)),
        })
    }

    /// Reads a hit back: all its occurrences, and the earliest of them in full.
    fn quote_hit(
        &self,
        matches: &[Match],
        expr: &Expr,
        context: usize,
    ) -> Result<QuoteHit, IndexError> {
        let found = self.occurrences(matches)?;
        let mut articles: Vec<&str> = found.iter().map(|(o, _)| o.article.as_str()).collect();
        articles.dedup();
        let articles = articles.len();
        let id = matches.first().map_or(0, |found| found.id);
        let earliest = found.first().map(|(_, at)| *at);
        let earliest = earliest.ok_or_else(|| self.damaged("a hit without a quote".into()))?;
        let (at, blob, quote) = self.quote_at(earliest)?;
        let occurrences = found.into_iter().map(|(occurrence, _)| occurrence).collect();
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
            rule: quote.rule.clone(),
            articles,
            occurrences,
            in_passage,
            cue: words(&quote.cue),
            source: quote.source.map(|span| words(&[span]).concat()),
            passage: excerpt.text,
        })
    }

    /// Where quotes stand, earliest first. One article at a time is held: a quote may stand in
    /// very many, or very often in one that is very long.
    fn occurrences(&self, matches: &[Match]) -> Result<Vec<(Occurrence, At)>, IndexError> {
        let mut found = Vec::with_capacity(matches.len());
        let mut open: Option<(At, Blob)> = None;
        for (ord, doc) in matches.iter().map(|found| found.at) {
            let layout = self.layout(ord)?;
            let article = (ord, layout.article_of(doc));
            let (_, blob) = match open.take().filter(|(known, _)| *known == article) {
                Some(known) => open.insert(known),
                None => {
                    let record = self.record_at(article)?;
                    // Who says it, and how sure that is, is not asked here.
                    let blob =
                        Blob::decode_quotes(record.streams(Depth::Quotes)?, |_| Said::default())?;
                    open.insert((article, blob))
                }
            };
            let quote = blob.annotation.quotes.get(layout.nth(doc));
            let quote = quote.ok_or_else(|| self.no_article())?;
            found.push((occurrence(blob, cover(quote)), (ord, doc)));
        }
        sort_occurrences(&mut found);
        Ok(found)
    }

    fn no_article(&self) -> IndexError {
        self.damaged("a quote without its article".into())
    }

    /// The article of a quote document, and the quote in it.
    pub(super) fn quote_at(&self, (ord, doc): At) -> Result<(At, Blob, Quote), IndexError> {
        let layout = self.layout(ord)?;
        let (at, nth) = ((ord, layout.article_of(doc)), layout.nth(doc));
        let said = |number: usize| match number == nth {
            true => layout.said(at.1, nth),
            false => Said::default(),
        };
        let mut blob = Blob::decode_quotes(self.record_at(at)?.streams(Depth::Quotes)?, said)?;
        if nth >= blob.annotation.quotes.len() {
            return Err(self.no_article());
        }
        let quote = blob.annotation.quotes.swap_remove(nth);
        Ok((at, blob, quote))
    }
}

/// Puts matches with the same identity together.
fn grouped(heaps: &mut Heaps) -> Vec<Group> {
    let mut groups = Vec::new();
    for (number, heap) in (0..).zip(heaps) {
        heap.sort_unstable_by_key(|found| (found.id, found.at));
        let mut first = 0;
        for same in heap.chunk_by(|a, b| a.id == b.id) {
            let count = same.len() as u32;
            groups.push(Group {
                id: same[0].id,
                date: same.iter().map(|found| found.date).min().unwrap_or(UNDATED),
                score: same.iter().map(|found| rounded(found.score)).max().unwrap_or_default(),
                fit: same.iter().map(|found| found.fit).min().unwrap_or(Fit::Exact),
                heap: number,
                first,
                count,
            });
            first += count;
        }
    }
    groups
}

/// The order of hits; identities break the ties.
fn order(sort: Sort) -> fn(&Group, &Group) -> Ordering {
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
