//! Searching passages. What a filter says of articles or quotes becomes a set of passages here;
//! a passage that many articles carry is one hit.

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader, Term};

use super::codec::Blob;
use super::error::IndexError;
use super::filters::Resolved;
use super::highlight::highlights;
use super::plan::plan;
use super::query::{Expr, parse_query};
use super::reader::{At, Index, each_holding, numbers, signed};
use super::schema::{KEY_END, Kind};
use super::search::{SearchError, UNDATED, occurrence, rounded, sort_occurrences, touched};
use super::types::{Filters, SearchOptions, Sort, TextHit};
use crate::text::Span;

type Passages = FxHashSet<u64>;

/// Hits of a search for text, in order. Skipping costs nothing.
pub struct TextHits<'a> {
    index: &'a Index,
    expr: Expr,
    context: usize,
    filters: Filters,
    hits: std::vec::IntoIter<Match>,
}

/// A passage that answers a search.
struct Match {
    score: i64,
    date: i64,
    pid: u64,
}

impl TextHits<'_> {
    /// How many hits are left.
    pub fn total(&self) -> usize {
        self.hits.len()
    }
}

impl Iterator for TextHits<'_> {
    type Item = Result<TextHit, IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        let hit = self.hits.next()?;
        Some(self.index.text_hit(hit.pid, &self.expr, &self.filters, self.context))
    }

    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        if n > 0 {
            self.hits.nth(n - 1)?;
        }
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.hits.size_hint()
    }
}

impl Index {
    /// Searches passages.
    pub fn search_text(&self, options: &SearchOptions) -> Result<TextHits<'_>, SearchError> {
        let expr = parse_query(&options.words)?;
        let allowed = self.allowed_passages(&options.filters)?;
        let mut hits = Vec::new();
        let open = |_: u32, segment: &SegmentReader| numbers(segment, "pid");
        let visit = |pids: &mut Column<u64>, doc: DocId, score: f32| {
            let pid = pids.first(doc).unwrap_or_default();
            if allowed.as_ref().is_none_or(|allowed| allowed.contains(&pid)) {
                hits.push(Match { score: rounded(score), date: UNDATED, pid });
            }
        };
        let query = plan(&expr, self.fields.text, self.fields.doc, Kind::Passage);
        self.each_match(query.as_ref(), Kind::Passage, open, visit)?;
        let filters = options.filters.for_articles();
        if options.sort == Sort::Date {
            self.date_passages(&mut hits, &filters)?;
        }
        match options.sort {
            Sort::Relevance => hits.sort_unstable_by_key(|hit| (-hit.score, hit.pid)),
            Sort::Date => hits.sort_unstable_by_key(|hit| (hit.date, hit.pid)),
        }
        Ok(TextHits {
            index: self,
            expr,
            context: options.context,
            filters,
            hits: hits.into_iter(),
        })
    }

    /// The passages that pass filters; `None` where all do.
    fn allowed_passages(&self, filters: &Filters) -> Result<Option<Passages>, IndexError> {
        if filters.is_empty() {
            return Ok(None);
        }
        let articles = filters.for_articles();
        let mut sets = Vec::new();
        for name in &filters.mentions {
            sets.push(self.mentioning(name, &articles)?);
        }
        if filters.wants_quotes() {
            sets.push(self.quoting(&Filters { mentions: Vec::new(), ..filters.clone() })?);
        }
        if sets.is_empty() {
            let mut all = Passages::default();
            self.each_article(&articles, |at| {
                all.extend(self.passages_at(at)?);
                Ok(())
            })?;
            sets.push(all);
        }
        Ok(sets.into_iter().reduce(|mut all, next| {
            all.retain(|pid| next.contains(pid));
            all
        }))
    }

    /// The passages that name somebody or something, in articles that pass filters.
    fn mentioning(&self, name: &str, filters: &Filters) -> Result<Passages, IndexError> {
        let terms = self.terms_meant(self.fields.entities, name)?;
        let naming = self.naming_any(&terms)?;
        let mut found = Passages::default();
        self.each_article(filters, |at| {
            if !naming.contains(&at) {
                return Ok(());
            }
            let blob = Blob::decode(&self.blob_at(at)?)?;
            let meant = blob.annotation.entities.iter().filter(|entity| {
                let term = format!("{}{KEY_END}{}", entity.key, entity.name);
                terms.binary_search(&term).is_ok()
            });
            let spans: Vec<Span> = meant.flat_map(|e| e.mentions.iter().map(|m| m.span)).collect();
            self.add_passages(at, &blob, &spans, &mut found)
        })?;
        Ok(found)
    }

    /// The articles that name somebody or something.
    pub(super) fn naming(&self, name: &str) -> Result<FxHashSet<At>, IndexError> {
        self.naming_any(&self.terms_meant(self.fields.entities, name)?)
    }

    fn naming_any(&self, terms: &[String]) -> Result<FxHashSet<At>, IndexError> {
        let mut naming = FxHashSet::default();
        for (ord, segment) in self.segments() {
            for term in terms {
                let term = Term::from_field_text(self.fields.entities, term);
                each_holding(segment, &term, |doc| {
                    naming.insert((ord, doc));
                })?;
            }
        }
        Ok(naming)
    }

    /// The passages in which quotes stand that pass filters.
    fn quoting(&self, filters: &Filters) -> Result<Passages, IndexError> {
        let mut quotes: Vec<At> = Vec::new();
        let open = |ord: u32, _: &SegmentReader| Ok(ord);
        self.each_quote(filters, open, |ord, doc| quotes.push((*ord, doc)))?;
        let mut found = Passages::default();
        for quote in quotes {
            let (at, blob, quote) = self.quote_at(quote)?;
            self.add_passages(at, &blob, &quote.content, &mut found)?;
        }
        Ok(found)
    }

    fn add_passages(
        &self,
        at: At,
        blob: &Blob,
        spans: &[Span],
        found: &mut Passages,
    ) -> Result<(), IndexError> {
        let passages = self.passages_at(at)?;
        let paragraphs = blob.paragraphs();
        found.extend(touched(&paragraphs, spans).filter_map(|i| passages.get(i)));
        Ok(())
    }

    /// Calls `visit` with every article that passes filters.
    pub(super) fn each_article(
        &self,
        filters: &Filters,
        mut visit: impl FnMut(At) -> Result<(), IndexError>,
    ) -> Result<(), IndexError> {
        let resolved = Resolved::new(self, filters)?;
        for (ord, segment) in self.segments() {
            let mut columns = resolved.open(segment)?;
            for doc in self.of_kind(segment, Kind::Article)? {
                if columns.pass(doc).is_some() {
                    visit((ord, doc))?;
                }
            }
        }
        Ok(())
    }

    /// Gives each hit the date of the earliest article that carries it.
    fn date_passages(&self, hits: &mut [Match], filters: &Filters) -> Result<(), IndexError> {
        let mut dates: FxHashMap<u64, i64> = hits.iter().map(|hit| (hit.pid, UNDATED)).collect();
        let columns: Vec<(Column<i64>, Column<u64>)> = self
            .segments()
            .map(|(_, segment)| Ok((signed(segment, "date")?, numbers(segment, "passages")?)))
            .collect::<tantivy::Result<_>>()?;
        self.each_article(filters, |(ord, doc)| {
            let (date, passages) = &columns[ord as usize];
            let date = date.first(doc).unwrap_or(UNDATED);
            for pid in passages.values_for_doc(doc) {
                if let Some(earliest) = dates.get_mut(&pid) {
                    *earliest = date.min(*earliest);
                }
            }
            Ok(())
        })?;
        hits.iter_mut().for_each(|hit| hit.date = dates[&hit.pid]);
        Ok(())
    }

    fn text_hit(
        &self,
        pid: u64,
        expr: &Expr,
        filters: &Filters,
        context: usize,
    ) -> Result<TextHit, IndexError> {
        let resolved = Resolved::new(self, filters)?;
        let mut found = Vec::new();
        for at in self.carriers(pid)? {
            if resolved.open(self.searcher.segment_reader(at.0))?.pass(at.1).is_none() {
                continue;
            }
            let blob = Blob::decode_head(&self.blob_at(at)?)?;
            let places = blob.paragraphs().into_iter().zip(self.passages_at(at)?);
            let first = places.into_iter().find(|&(_, carried)| carried == pid);
            let span = first.map_or(Span::new(0, 0), |(span, _)| span);
            found.push((occurrence(&blob, span), (at, blob, span)));
        }
        sort_occurrences(&mut found);
        let passage = match found.first() {
            Some((_, (at, blob, span))) if context > 0 => {
                self.excerpt(*at, blob, &[*span], context)?.text
            }
            _ => self.passage_text(pid)?,
        };
        Ok(TextHit {
            highlights: highlights(expr, &passage),
            passage,
            articles: found.len(),
            occurrences: found.into_iter().map(|(occurrence, _)| occurrence).collect(),
        })
    }
}
