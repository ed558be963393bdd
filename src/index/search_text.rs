//! Searching passages. What a filter says of articles or quotes becomes a set of passages here;
//! a passage that many articles carry is one hit.

use rustc_hash::FxHashMap;
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use super::ahead::Ahead;
use super::among::{mark, no_bits};
use super::answers::Answer;
use super::called::Meant;
use super::error::IndexError;
use super::filters::OfArticles;
use super::highlight::highlights;
use super::layout::{Articles, Layout};
use super::order::{Best, Compare, Ordered};
use super::passages::{Chosen, Passages};
use super::plan::{Planner, each_in, on_segments};
use super::query::{Expr, parse_query};
use super::reader::{Index, each_holding};
use super::schema::Kind;
use super::search::{SearchError, UNDATED, rounded, sort_occurrences};
use super::types::{Filters, SearchOptions, Sort, TextHit};
use crate::text::Span;

/// Hits of a search for text, in order. Skipping costs nothing.
pub struct TextHits<'a> {
    index: &'a Index,
    expr: Expr,
    context: usize,
    filters: Filters,
    total: usize,
    hits: Ordered<Match>,
    read: Ahead<Result<TextHit, IndexError>>,
}

/// A passage that answers a search.
#[derive(Clone, Copy)]
struct Match {
    score: i64,
    date: i64,
    pid: u64,
}

impl TextHits<'_> {
    /// How many hits there are, those that were not to be kept too.
    pub fn total(&self) -> usize {
        self.total
    }
}

impl Iterator for TextHits<'_> {
    type Item = Result<TextHit, IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.nth(0)
    }

    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        let TextHits { index, expr, context, filters, hits, read, .. } = self;
        read.nth(n, hits, |hit| index.text_hit(hit.pid, expr, filters, *context))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (least, most) = self.hits.size_hint();
        let read = self.read.left();
        (least + read, most.map(|most| most + read))
    }
}

impl Index {
    /// Searches passages.
    pub fn search_text(&self, options: &SearchOptions) -> Result<TextHits<'_>, SearchError> {
        let expr = parse_query(&options.words)?;
        let allowed = self.allowed_passages(&options.filters)?;
        let filters = options.filters.for_articles();
        let dates = match options.sort {
            Sort::Relevance => None,
            Sort::Date => Some(self.borrowed_dates(&filters)?),
        };
        let order: Compare<Match> = match options.sort {
            Sort::Relevance => |a, b| (-a.score, a.pid).cmp(&(-b.score, b.pid)),
            Sort::Date => |a, b| (a.date, a.pid).cmp(&(b.date, b.pid)),
        };
        let query = Planner::passages(self).plan(&expr);
        let weight = self.weight(query.as_ref(), Kind::Passage)?;
        let found = on_segments(&self.searcher, |ord, segment| {
            let layout = self.layout(ord)?;
            let mut dates = match &dates {
                Some(borrowed) => Some(Dates::open(self, ord, borrowed, &filters)?),
                None => None,
            };
            let mut hits = Best::new(options.most, order);
            each_in(weight.as_ref(), segment, |doc, score| {
                if !allowed.iter().all(|allowed| allowed.has(ord, layout, doc)) {
                    return;
                }
                let score = rounded(score);
                // Without a date, the score alone tells of most that they are not among the first.
                if dates.is_none() && hits.last().is_some_and(|last| score < last.score) {
                    return hits.pass();
                }
                let pid = layout.pid(doc);
                let date = dates.as_mut().map_or(UNDATED, |dates| dates.of(doc, pid));
                hits.push(Match { score, date, pid });
            })?;
            Ok(hits)
        })?;
        let mut hits = Best::new(options.most, order);
        found.into_iter().for_each(|found| hits.add(found));
        let (total, hits) = hits.into_ordered();
        Ok(TextHits {
            index: self,
            expr,
            context: options.context,
            filters,
            total,
            hits,
            read: Ahead::new(self.is_untouched()),
        })
    }

    /// What filters choose: sets that a passage must all be in.
    fn allowed_passages(&self, filters: &Filters) -> Result<Vec<Passages>, IndexError> {
        let mut sets = Vec::new();
        if filters.is_empty() {
            return Ok(sets);
        }
        let articles = filters.for_articles();
        for meant in self.meant_by(&filters.mentions)? {
            sets.push(self.mentioning(&meant, &articles)?);
        }
        if filters.wants_quotes() {
            sets.push(self.quoting(&Filters { mentions: Vec::new(), ..filters.clone() })?);
        }
        if sets.is_empty() {
            sets.push(self.carried(&articles)?);
        }
        Ok(sets)
    }

    /// The passages of the articles that pass filters.
    fn carried(&self, filters: &Filters) -> Result<Passages, IndexError> {
        let open = |ord: u32, segment: &SegmentReader| Ok(Chosen::none(segment, self.layout(ord)?));
        let chosen = self.on_articles(filters, open, |chosen, article| chosen.add_all(article))?;
        Ok(Passages::new(chosen))
    }

    /// The passages that name those who are meant, in articles that pass filters.
    fn mentioning(&self, meant: &Meant, filters: &Filters) -> Result<Passages, IndexError> {
        let chosen = on_segments(&self.searcher, |ord, segment| {
            let layout = self.layout(ord)?;
            let mut chosen = Chosen::none(segment, layout);
            let (mut columns, mut numbers) = (OfArticles::open(layout, filters)?, Vec::new());
            let inverted = segment.inverted_index(self.fields.entities)?;
            for term in meant.terms(ord) {
                let term = Term::from_field_text(self.fields.entities, term);
                let record = IndexRecordOption::WithFreqsAndPositions;
                let Some(mut postings) = inverted.read_postings(&term, record)? else { continue };
                while postings.doc() != TERMINATED {
                    let article = postings.doc();
                    if !segment.is_deleted(article) && columns.pass(layout, article) {
                        postings.positions(&mut numbers);
                        numbers.iter().for_each(|&number| chosen.add(article, number));
                    }
                    postings.advance();
                }
            }
            Ok(chosen)
        })?;
        Ok(Passages::new(chosen))
    }

    /// The articles of each segment that name those who are meant, as bits.
    pub(super) fn naming(&self, meant: &Meant) -> Result<Vec<Vec<u64>>, IndexError> {
        Ok(on_segments(&self.searcher, |ord, segment| {
            let mut naming = no_bits(segment.max_doc());
            for term in meant.terms(ord) {
                let term = Term::from_field_text(self.fields.entities, term);
                each_holding(segment, &term, |article| mark(&mut naming, article))?;
            }
            Ok(naming)
        })?)
    }

    /// The passages in which quotes stand that pass filters.
    fn quoting(&self, filters: &Filters) -> Result<Passages, IndexError> {
        let open = |ord: u32, segment: &SegmentReader| {
            let layout = self.layout(ord)?;
            Ok((layout, Chosen::none(segment, layout)))
        };
        let visit = |(layout, chosen): &mut (&Layout, Chosen<'_>), answers: &[Answer]| {
            for Answer { quote, .. } in answers {
                layout.touched(*quote).for_each(|number| chosen.add(quote.article, number));
            }
        };
        let found = self.on_quotes(filters, open, visit)?;
        Ok(Passages::new(found.into_iter().map(|(_, chosen)| chosen).collect()))
    }

    /// Calls `visit` with every article that passes filters: in each segment with what `open` makes
    /// of it, and gives those back.
    pub(super) fn on_articles<S: Send>(
        &self,
        filters: &Filters,
        open: impl Fn(u32, &SegmentReader) -> tantivy::Result<S> + Sync,
        visit: impl Fn(&mut S, DocId) + Sync,
    ) -> Result<Vec<S>, IndexError> {
        let found = on_segments(&self.searcher, |ord, segment| {
            let layout = self.layout(ord)?;
            let mut columns = OfArticles::open(layout, filters)?;
            let mut state = open(ord, segment)?;
            for doc in self.of_kind(segment, Kind::Article)? {
                if columns.pass(layout, doc) {
                    visit(&mut state, doc);
                }
            }
            Ok(state)
        })?;
        Ok(found)
    }

    /// The date of the earliest article that carries a passage, of those that another article was
    /// the first to bring.
    fn borrowed_dates(&self, filters: &Filters) -> Result<FxHashMap<u64, i64>, IndexError> {
        let open = |ord: u32, _: &SegmentReader| Ok((self.layout(ord)?, Vec::new()));
        type State<'a> = (&'a Layout, Vec<(u64, i64)>);
        let found =
            self.on_articles(filters, open, |(layout, found): &mut State<'_>, article| {
                let date = layout.date_of(article).unwrap_or(UNDATED);
                found.extend(layout.borrowed(article).map(|pid| (pid, date)));
            })?;
        let mut dates = FxHashMap::default();
        for (pid, date) in found.into_iter().flat_map(|(.., found)| found) {
            let earliest = dates.entry(pid).or_insert(date);
            *earliest = date.min(*earliest);
        }
        Ok(dates)
    }

    fn text_hit(
        &self,
        pid: u64,
        expr: &Expr,
        filters: &Filters,
        context: usize,
    ) -> Result<TextHit, IndexError> {
        let mut found = Vec::new();
        let mut open: Option<(u32, OfArticles)> = None;
        let mut carriers = self.carriers(pid)?;
        carriers.sort_unstable();
        for at in carriers {
            let (_, columns) = match open.take().filter(|(ord, _)| *ord == at.0) {
                Some(known) => open.insert(known),
                None => {
                    let columns = OfArticles::open(self.layout(at.0)?, filters)?;
                    open.insert((at.0, columns))
                }
            };
            if !columns.pass(self.layout(at.0)?, at.1) {
                continue;
            }
            let blob = self.head_at(at)?;
            let places = blob.paragraphs().into_iter().zip(self.passages_at(at, &blob.order)?);
            let first = places.into_iter().find(|&(_, carried)| carried == pid);
            let span = first.map_or(Span::new(0, 0), |(span, _)| span);
            found.push((self.occurrence(&blob, span)?, (at, blob, span)));
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

/// The dates of the passages of a segment: of the earliest article that passes the filters.
struct Dates<'a> {
    segment: &'a SegmentReader,
    layout: &'a Layout,
    articles: Articles,
    columns: OfArticles,
    borrowed: &'a FxHashMap<u64, i64>,
}

impl<'a> Dates<'a> {
    fn open(
        index: &'a Index,
        ord: u32,
        borrowed: &'a FxHashMap<u64, i64>,
        filters: &Filters,
    ) -> tantivy::Result<Self> {
        let (segment, layout) = (index.searcher.segment_reader(ord), index.layout(ord)?);
        Ok(Dates {
            segment,
            layout,
            articles: Articles::open(segment, index.fields.doc)?,
            columns: OfArticles::open(layout, filters)?,
            borrowed,
        })
    }

    /// The date of a passage. Documents must ascend.
    fn of(&mut self, doc: DocId, pid: u64) -> i64 {
        let brought_by = self.articles.around(doc).0.filter(|&article| {
            !self.segment.is_deleted(article)
                && self.layout.own_passages(article).contains(&doc)
                && self.columns.pass(self.layout, article)
        });
        let own = brought_by.and_then(|article| self.layout.date_of(article)).unwrap_or(UNDATED);
        own.min(self.borrowed.get(&pid).copied().unwrap_or(UNDATED))
    }
}
