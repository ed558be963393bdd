//! Filters made ready for a segment: which values of its columns pass. Names are resolved once
//! for the whole index, texts once a segment, so that a document costs a few column reads.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{
    ConstScoreQuery, EnableScoring, Explanation, Query, Scorer, TermSetQuery, Weight,
};
use tantivy::{DocId, Score, SegmentReader, TantivyError, Term};

use super::called::Fits;
use super::codec::thousandths;
use super::documents::seconds;
use super::layout::QuoteAt;
use super::matches::Matches;
use super::names::Fit;
use super::places::Row;
use super::reader::{Index, numbers, signed};
use super::types::Filters;
use super::words::folded;

/// Filters with their names resolved.
pub struct Resolved<'a> {
    filters: &'a Filters,
    /// Which speakers are meant.
    speaker: Option<Arc<Fits>>,
    /// The terms of what must be named.
    mentions: Vec<Arc<Vec<String>>>,
}

impl<'a> Resolved<'a> {
    /// Resolves the names in filters.
    pub fn new(index: &Index, filters: &'a Filters) -> tantivy::Result<Self> {
        let mentions = index.terms_meant_by(&filters.mentions)?;
        let speaker = filters.speaker.as_deref().map(|name| index.speakers_meant(name));
        Ok(Resolved { filters, speaker, mentions })
    }

    /// Queries that every quote must answer: those filters that the index has terms for, and the
    /// speaker, where there are no words, which leave fewer quotes to be looked at.
    pub fn queries(&self, index: &Index, words: bool) -> tantivy::Result<Vec<Box<dyn Query>>> {
        let mut queries = Vec::new();
        for terms in &self.mentions {
            let field = index.fields.mentions;
            queries.push(any_of(terms.iter().map(|term| Term::from_field_text(field, term))));
        }
        if let Some(fits) = self.speaker.as_ref().filter(|_| !words) {
            queries.push(Box::new(SpokenQuery(Arc::clone(fits))));
        }
        Ok(queries)
    }

    /// Opens the columns of a segment.
    pub fn open(&self, segment: &SegmentReader) -> tantivy::Result<Columns<'_>> {
        let texts = |name, wanted: &[String]| -> tantivy::Result<Option<Allowed>> {
            (!wanted.is_empty()).then(|| Allowed::open(segment, name, wanted)).transpose()
        };
        let filters = self.filters;
        let dated = filters.since.is_some() || filters.until.is_some();
        let speaks = self.speaker.is_some() || filters.unknown;
        let looks_at_rows = !filters.kind.is_empty() || filters.min_confidence.is_some();
        Ok(Columns {
            last: None,
            since: filters.since.map_or(i64::MIN, seconds),
            until: filters.until.map_or(i64::MAX, seconds),
            date: dated.then(|| signed(segment, "date")).transpose()?,
            outlet: texts("outlet", &filters.outlet)?,
            author: texts("author", &filters.author)?,
            rows: looks_at_rows.then(|| numbers(segment, "row")).transpose()?,
            kinds: filters.kind.iter().map(|&kind| kind as u64).collect(),
            confidence: filters.min_confidence.map_or(0, thousandths),
            speaker: speaks.then(|| segment.fast_fields().str("speaker")).transpose()?.flatten(),
            fits: match &self.speaker {
                Some(fits) => Some(fits.of(segment)?),
                None => None,
            },
            unknown: filters.unknown,
        })
    }
}

impl Filters {
    /// Whether nothing but articles is chosen from: no filter looks at quotes.
    pub(super) fn for_articles(&self) -> Filters {
        let Filters { outlet, author, since, until, .. } = self.clone();
        Filters { outlet, author, since, until, ..Filters::default() }
    }

    /// Whether a filter looks at quotes.
    pub(super) fn wants_quotes(&self) -> bool {
        self.speaker.is_some()
            || !self.kind.is_empty()
            || self.unknown
            || self.min_confidence.is_some()
    }

    /// Whether everything passes.
    pub(super) fn is_empty(&self) -> bool {
        let Filters { outlet, author, since, until, mentions, .. } = self;
        let lists = [outlet, author, mentions];
        !self.wants_quotes()
            && lists.iter().all(|list| list.is_empty())
            && since.is_none()
            && until.is_none()
    }
}

/// The columns of a segment that filters look at.
pub struct Columns<'a> {
    /// The article asked for last, and whether it passes: the quotes of one stand together.
    last: Option<(DocId, bool)>,
    since: i64,
    until: i64,
    date: Option<Column<i64>>,
    outlet: Option<Allowed>,
    author: Option<Allowed>,
    rows: Option<Column<u64>>,
    kinds: Vec<u64>,
    confidence: u64,
    speaker: Option<StrColumn>,
    fits: Option<&'a [Option<Fit>]>,
    unknown: bool,
}

impl Columns<'_> {
    /// Whether an article passes: what of the filters looks at articles.
    pub fn pass_article(&mut self, article: DocId) -> bool {
        if let Some((last, passes)) = self.last
            && last == article
        {
            return passes;
        }
        let dated = self.date.as_ref().is_none_or(|column| {
            column.first(article).is_some_and(|date| (self.since..=self.until).contains(&date))
        });
        let passes = dated
            && self.outlet.as_ref().is_none_or(|outlet| outlet.has(article))
            && self.author.as_ref().is_none_or(|author| author.has(article));
        self.last = Some((article, passes));
        passes
    }

    /// Whether a quote passes, and how well its speaker fits.
    pub fn pass(&mut self, quote: QuoteAt) -> Option<Fit> {
        let on_articles = self.date.is_some() || self.outlet.is_some() || self.author.is_some();
        let fits = |rows: &Column<u64>| {
            let Row { confidence, kind, .. } = Row::unpack(rows.values.get_val(quote.row));
            confidence >= self.confidence && (self.kinds.is_empty() || self.kinds.contains(&kind))
        };
        let passes = self.rows.as_ref().is_none_or(fits)
            && (!on_articles || self.pass_article(quote.article));
        if passes { self.speaker_fits(quote.doc) } else { None }
    }

    fn speaker_fits(&mut self, doc: DocId) -> Option<Fit> {
        if self.fits.is_none() && !self.unknown {
            return Some(Fit::Exact);
        }
        let said_by = self.speaker.as_ref().and_then(|column| column.ords().first(doc));
        if self.unknown && said_by.is_some() {
            return None;
        }
        let Some(fits) = self.fits else { return Some(Fit::Exact) };
        *fits.get(said_by? as usize)?
    }
}

/// The texts of a column that pass, by their numbers.
struct Allowed {
    column: Option<StrColumn>,
    ords: FxHashSet<u64>,
}

impl Allowed {
    /// Texts are compared without regard to case and accents.
    fn open(segment: &SegmentReader, name: &str, wanted: &[String]) -> tantivy::Result<Self> {
        let wanted: Vec<String> = wanted.iter().map(|text| folded(text)).collect();
        let (column, mut ords) = (segment.fast_fields().str(name)?, FxHashSet::default());
        if let Some(column) = &column {
            let mut texts = column.dictionary().stream()?;
            while texts.advance() {
                let text = folded(&String::from_utf8_lossy(texts.key()));
                if wanted.contains(&text) {
                    ords.insert(texts.term_ord());
                }
            }
        }
        Ok(Allowed { column, ords })
    }

    fn has(&self, doc: DocId) -> bool {
        let column = self.column.as_ref();
        column.is_some_and(|column| column.term_ords(doc).any(|ord| self.ords.contains(&ord)))
    }
}

/// The quotes of speakers whose names fit, none better than the other.
#[derive(Clone, Debug)]
struct SpokenQuery(Arc<Fits>);

impl Query for SpokenQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for SpokenQuery {
    fn scorer(&self, segment: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let fits = self.0.of(segment)?;
        let mut found = Vec::new();
        if fits.iter().any(Option::is_some)
            && let Some(column) = segment.fast_fields().str("speaker")?
        {
            let fitting = |name: u64| fits.get(name as usize).is_some_and(Option::is_some);
            let rows = (0..).zip(column.ords().values.iter());
            found.extend(rows.filter(|&(_, name)| fitting(name)).map(|(row, _)| row));
            column.ords().index.select_batch_in_place(0, &mut found);
        }
        let found = found.into_iter().map(|quote| (quote, 0.0));
        Ok(Box::new(Matches::new(found.collect())))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("the score of {doc} is not explained")))
    }
}

/// Documents with any of these terms, none better than the other.
fn any_of(terms: impl Iterator<Item = Term>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(Box::new(TermSetQuery::new(terms)), 0.0))
}
