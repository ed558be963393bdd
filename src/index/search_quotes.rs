//! Searching quotes: find, put the same words of the same speaker together, order, and read
//! the hits back as they are asked for.

use tantivy::SegmentReader;
use tantivy::columnar::Column;

use super::ahead::Ahead;
use super::answers::Answer;
use super::codec::{Blob, Depth, Said};
use super::error::IndexError;
use super::groups::{Found, Group, Heaps};
use super::highlight::highlights;
use super::layout::Layout;
use super::order::{Compare, Ordered};
use super::query::{Expr, parse_query};
use super::reader::{At, Index, numbers};
use super::search::{SearchError, UNDATED, rounded, sort_occurrences};
use super::types::{Occurrence, QuoteHit, SearchOptions, Sort};
use crate::article::Quote;
use crate::text::Span;

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
