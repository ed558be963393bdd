//! Searching quotes: find, put the same words of the same speaker together, order, and read
//! the hits back one by one as they are asked for.

use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, Query};
use tantivy::{DocId, SegmentReader};

use super::codec::Blob;
use super::error::IndexError;
use super::filters::{Columns, Resolved};
use super::highlight::highlights;
use super::layout::Layout;
use super::names::Fit;
use super::plan::plan;
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
struct Group {
    fit: Fit,
    score: i64,
    date: i64,
    first: usize,
    end: usize,
}

/// Hits of a search for quotes, in order. Skipping costs nothing.
pub struct QuoteHits<'a> {
    index: &'a Index,
    expr: Expr,
    context: usize,
    matches: Vec<Match>,
    groups: std::vec::IntoIter<Group>,
}

impl QuoteHits<'_> {
    /// How many hits are left.
    pub fn total(&self) -> usize {
        self.groups.len()
    }
}

impl Iterator for QuoteHits<'_> {
    type Item = Result<QuoteHit, IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        let group = self.groups.next()?;
        Some(self.index.quote_hit(&self.matches[group.first..group.end], &self.expr, self.context))
    }

    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        if n > 0 {
            self.groups.nth(n - 1)?;
        }
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.groups.size_hint()
    }
}

/// The columns of a segment that say what a quote is.
struct QuoteColumns<'a> {
    segment: u32,
    filters: Columns<'a>,
    layout: &'a Layout,
    id: Column<u64>,
    date: Column<i64>,
}

impl Index {
    /// Searches quotes; the same words of the same speaker are one hit.
    pub fn search_quotes(&self, options: &SearchOptions) -> Result<QuoteHits<'_>, SearchError> {
        let expr = parse_query(&options.words)?;
        let mut matches = self.matching(&expr, &options.filters)?;
        matches.sort_unstable_by_key(|found| (found.id, found.at));
        let groups = grouped(&matches, options.sort);
        let groups = groups.into_iter();
        Ok(QuoteHits { index: self, expr, context: options.context, matches, groups })
    }

    fn matching(&self, expr: &Expr, filters: &Filters) -> Result<Vec<Match>, IndexError> {
        let mut matches = Vec::new();
        let resolved = Resolved::new(self, filters)?;
        let open = |segment: u32, reader: &SegmentReader| {
            let layout = self.layout(segment)?;
            Ok(QuoteColumns {
                segment,
                filters: resolved.open(reader, layout)?,
                layout,
                id: numbers(reader, "quote_id")?,
                date: signed(reader, "date")?,
            })
        };
        let visit = |columns: &mut QuoteColumns<'_>, doc: DocId, score| {
            if let Some(fit) = columns.filters.pass(doc) {
                let article = columns.layout.article_of(doc);
                let date = columns.date.first(article).unwrap_or(UNDATED);
                let id = columns.id.first(doc).unwrap_or_default();
                matches.push(Match { id, date, at: (columns.segment, doc), score, fit });
            }
        };
        let query = self.quote_query(expr, &resolved)?;
        self.each_match(query.as_ref(), Kind::Quote, open, visit)?;
        Ok(matches)
    }

    /// Calls `visit` with every quote that passes filters; `open` readies what it needs.
    pub(super) fn each_quote<S>(
        &self,
        filters: &Filters,
        mut open: impl FnMut(u32, &SegmentReader) -> tantivy::Result<S>,
        mut visit: impl FnMut(&mut S, DocId),
    ) -> Result<(), IndexError> {
        let resolved = Resolved::new(self, filters)?;
        let query = self.quote_query(&Expr::All, &resolved)?;
        let open = |ord: u32, segment: &SegmentReader| {
            Ok((resolved.open(segment, self.layout(ord)?)?, open(ord, segment)?))
        };
        let visit = |(columns, state): &mut (Columns<'_>, S), doc: DocId, _: f32| {
            if columns.pass(doc).is_some() {
                visit(state, doc);
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
        let mut found = Vec::with_capacity(matches.len());
        for found_at in matches {
            let (at, blob, quote) = self.quote_at(found_at.at)?;
            let span = cover(&quote);
            found.push((occurrence(&blob, span), (at, blob, quote)));
        }
        sort_occurrences(&mut found);
        let mut articles: Vec<&str> = found.iter().map(|(o, _)| o.article.as_str()).collect();
        articles.dedup();
        let articles = articles.len();
        let id = matches.first().map_or(0, |found| found.id);
        let (occurrences, quotes): (Vec<Occurrence>, Vec<_>) = found.into_iter().unzip();
        let Some((at, blob, quote)) = quotes.into_iter().next() else {
            return Err(self.damaged("a hit without a quote".into()));
        };
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

    /// The article of a quote document, and the quote in it.
    pub(super) fn quote_at(&self, (ord, doc): At) -> Result<(At, Blob, Quote), IndexError> {
        let layout = self.layout(ord)?;
        let (at, nth) = ((ord, layout.article_of(doc)), layout.nth(doc));
        let missing = || self.damaged("a quote without its article".into());
        let mut blob = Blob::decode(&self.blob_at(at)?)?;
        if nth >= blob.annotation.quotes.len() {
            return Err(missing());
        }
        let quote = blob.annotation.quotes.swap_remove(nth);
        Ok((at, blob, quote))
    }
}

/// Puts matches with the same identity together and orders the groups.
fn grouped(matches: &[Match], sort: Sort) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut first = 0;
    for same in matches.chunk_by(|a, b| a.id == b.id) {
        groups.push(Group {
            fit: same.iter().map(|found| found.fit).min().unwrap_or(Fit::Exact),
            score: same.iter().map(|found| rounded(found.score)).max().unwrap_or_default(),
            date: same.iter().map(|found| found.date).min().unwrap_or(UNDATED),
            first,
            end: first + same.len(),
        });
        first += same.len();
    }
    // Identities ascend already, and the sort is stable: they break the ties.
    match sort {
        Sort::Relevance => groups.sort_by_key(|group| (group.fit, -group.score, group.date)),
        Sort::Date => groups.sort_by_key(|group| group.date),
    }
    groups
}

/// From the first byte of a quote to its last.
pub(super) fn cover(quote: &Quote) -> Span {
    quote.content.iter().copied().reduce(Span::cover).unwrap_or(Span::new(0, 0))
}

/// Everything of a quote that stands in the text.
fn quote_spans(quote: &Quote) -> Vec<Span> {
    quote.content.iter().chain(&quote.cue).chain(&quote.source).copied().collect()
}
