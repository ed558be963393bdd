//! Filters that look at quotes: speaker, kind and confidence.

use std::sync::Arc;

use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, Score, SegmentReader, TantivyError};

use super::super::called::FindQuotes;
use super::super::codec::thousandths;
use super::super::layout::QuoteAt;
use super::super::matches::Matches;
use super::super::names::Fit;
use super::super::places::Row;
use super::super::reader::numbers;
use super::super::types::Filters;
use super::Resolved;

/// What needs no names: which quotes of a segment are of a kind, sure enough, or said by nobody.
pub struct OfColumns {
    /// None where neither kind nor confidence matters.
    rows: Option<Column<u64>>,
    kinds: Vec<u64>,
    confidence: u64,
    /// The speakers, where only quotes without one pass and there are any.
    said_by: Option<StrColumn>,
}

impl OfColumns {
    /// Opens what filters look at.
    pub fn open(segment: &SegmentReader, filters: &Filters) -> tantivy::Result<Self> {
        let looks_at_rows = !filters.kind.is_empty() || filters.min_confidence.is_some();
        let speakers = filters.unknown.then(|| segment.fast_fields().str("speaker"));
        Ok(OfColumns {
            rows: looks_at_rows.then(|| numbers(segment, "row")).transpose()?,
            kinds: filters.kind.iter().map(|&kind| kind as u64).collect(),
            confidence: filters.min_confidence.map_or(0, thousandths),
            said_by: speakers.transpose()?.flatten(),
        })
    }

    /// Whether a quote passes, of which document and row are given.
    #[inline]
    pub fn pass(&self, doc: DocId, row: u32) -> bool {
        let fits = |rows: &Column<u64>| {
            let Row { confidence, kind, .. } = Row::unpack(rows.values.get_val(row));
            confidence >= self.confidence && (self.kinds.is_empty() || self.kinds.contains(&kind))
        };
        self.rows.as_ref().is_none_or(fits)
            && self.said_by.as_ref().is_none_or(|speakers| !speakers.ords().index.has_value(doc))
    }

    /// Whether every quote passes.
    pub fn pass_all(&self) -> bool {
        self.rows.is_none() && self.said_by.is_none()
    }
}

/// The columns of a segment that tell which quotes pass.
pub struct OfQuotes<'a> {
    columns: OfColumns,
    /// Who is meant, where a name is asked for, and who says what.
    meant: Option<(&'a [Option<Fit>], Option<StrColumn>)>,
}

impl<'a> OfQuotes<'a> {
    /// Opens what filters look at.
    pub fn open(segment: &SegmentReader, asked: &'a Resolved<'_>) -> tantivy::Result<Self> {
        let meant = asked.speaker.as_ref().map(|fits| -> tantivy::Result<_> {
            Ok((fits.of(segment)?, segment.fast_fields().str("speaker")?))
        });
        let columns = OfColumns::open(segment, asked.filters)?;
        Ok(OfQuotes { columns, meant: meant.transpose()? })
    }

    /// Whether a quote passes, and how well its speaker fits.
    #[inline]
    pub fn pass(&self, quote: QuoteAt) -> Option<Fit> {
        if !self.columns.pass(quote.doc, quote.row) {
            return None;
        }
        let Some((fits, speakers)) = &self.meant else { return Some(Fit::Exact) };
        let speaker = speakers.as_ref()?.ords().first(quote.doc)?;
        *fits.get(speaker as usize)?
    }
}

/// The quotes that fit a name, none better than the other.
#[derive(Debug)]
pub(super) struct NamedQuery<T>(pub(super) Arc<T>);

impl<T> Clone for NamedQuery<T> {
    fn clone(&self) -> Self {
        NamedQuery(Arc::clone(&self.0))
    }
}

impl<T: FindQuotes> Query for NamedQuery<T> {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl<T: FindQuotes> Weight for NamedQuery<T> {
    fn scorer(&self, segment: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(Matches::new(self.0.quotes(segment)?, |_: &DocId| 0.0)))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("the score of {doc} is not explained")))
    }
}
