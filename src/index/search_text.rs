//! Searching passages. What a filter says of articles or quotes becomes a set of passages here;
//! a passage that many articles carry is one hit.

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::columnar::Column;
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use super::codec::Blob;
use super::error::IndexError;
use super::filters::Resolved;
use super::highlight::highlights;
use super::places::Place;
use super::plan::plan;
use super::query::{Expr, parse_query};
use super::reader::{At, Index, each_holding, numbers, signed};
use super::schema::Kind;
use super::search::{SearchError, UNDATED, occurrence, rounded, sort_occurrences};
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
        let query = plan(&expr, &self.fields, Kind::Passage);
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
                all.extend(self.layout(at.0)?.distinct(at.1));
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
        let resolved = Resolved::new(self, filters)?;
        let (mut found, mut numbers) = (Passages::default(), Vec::new());
        for (ord, segment) in self.segments() {
            let layout = self.layout(ord)?;
            let mut columns = resolved.open(segment, layout)?;
            let inverted = segment.inverted_index(self.fields.entities)?;
            for term in &terms {
                let term = Term::from_field_text(self.fields.entities, term);
                let record = IndexRecordOption::WithFreqsAndPositions;
                let Some(mut postings) = inverted.read_postings(&term, record)? else { continue };
                while postings.doc() != TERMINATED {
                    let article = postings.doc();
                    if !segment.is_deleted(article) && columns.pass_article(article) {
                        postings.positions(&mut numbers);
                        let distinct = layout.distinct(article);
                        found.extend(numbers.iter().filter_map(|&n| distinct.get(n as usize)));
                    }
                    postings.advance();
                }
            }
        }
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
        let mut found = Passages::default();
        // The article of the last quote, and its passages: its quotes stand together.
        let mut last: Option<(At, Vec<u64>)> = None;
        let open = |ord: u32, segment: &SegmentReader| {
            Ok((ord, self.layout(ord)?, numbers(segment, "place")?))
        };
        self.each_quote(filters, open, |(ord, layout, places), quote| {
            let at = (*ord, layout.article_of(quote));
            let (_, distinct) = match last.take() {
                Some(last_one) if last_one.0 == at => last.insert(last_one),
                _ => last.insert((at, layout.distinct(at.1))),
            };
            let places = places.values_for_doc(quote).filter_map(Place::unpack);
            found.extend(places.filter_map(|place| distinct.get(place.passage as usize)));
        })?;
        Ok(found)
    }

    /// Calls `visit` with every article that passes filters.
    pub(super) fn each_article(
        &self,
        filters: &Filters,
        mut visit: impl FnMut(At) -> Result<(), IndexError>,
    ) -> Result<(), IndexError> {
        let resolved = Resolved::new(self, filters)?;
        for (ord, segment) in self.segments() {
            let mut columns = resolved.open(segment, self.layout(ord)?)?;
            for doc in self.of_kind(segment, Kind::Article)? {
                if columns.pass_article(doc) {
                    visit((ord, doc))?;
                }
            }
        }
        Ok(())
    }

    /// Gives each hit the date of the earliest article that carries it.
    fn date_passages(&self, hits: &mut [Match], filters: &Filters) -> Result<(), IndexError> {
        let mut dates: FxHashMap<u64, i64> = hits.iter().map(|hit| (hit.pid, UNDATED)).collect();
        let columns = self.segments().map(|(_, segment)| signed(segment, "date"));
        let columns: Vec<Column<i64>> = columns.collect::<tantivy::Result<_>>()?;
        self.each_article(filters, |(ord, doc)| {
            let date = columns[ord as usize].first(doc).unwrap_or(UNDATED);
            for pid in self.layout(ord)?.distinct(doc) {
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
            let segment = self.searcher.segment_reader(at.0);
            if !resolved.open(segment, self.layout(at.0)?)?.pass_article(at.1) {
                continue;
            }
            let blob = Blob::decode_head(&self.blob_at(at)?)?;
            let places = blob.paragraphs().into_iter().zip(self.passages_at(at, &blob.order)?);
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
