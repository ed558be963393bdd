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
use super::Resolved;

/// The columns of a segment that tell which quotes pass.
pub struct OfQuotes<'a> {
    rows: Option<Column<u64>>,
    kinds: Vec<u64>,
    confidence: u64,
    speaker: Option<StrColumn>,
    fits: Option<&'a [Option<Fit>]>,
    unknown: bool,
}

impl<'a> OfQuotes<'a> {
    /// Opens what filters look at.
    pub fn open(segment: &SegmentReader, asked: &'a Resolved<'_>) -> tantivy::Result<Self> {
        let filters = asked.filters;
        let speaks = asked.speaker.is_some() || filters.unknown;
        let looks_at_rows = !filters.kind.is_empty() || filters.min_confidence.is_some();
        Ok(OfQuotes {
            rows: looks_at_rows.then(|| numbers(segment, "row")).transpose()?,
            kinds: filters.kind.iter().map(|&kind| kind as u64).collect(),
            confidence: filters.min_confidence.map_or(0, thousandths),
            speaker: speaks.then(|| segment.fast_fields().str("speaker")).transpose()?.flatten(),
            fits: match &asked.speaker {
                Some(fits) => Some(fits.of(segment)?),
                None => None,
            },
            unknown: filters.unknown,
        })
    }

    /// Whether a quote passes, and how well its speaker fits.
    pub fn pass(&self, quote: QuoteAt) -> Option<Fit> {
        let fits = |rows: &Column<u64>| {
            let Row { confidence, kind, .. } = Row::unpack(rows.values.get_val(quote.row));
            confidence >= self.confidence && (self.kinds.is_empty() || self.kinds.contains(&kind))
        };
        if self.rows.as_ref().is_none_or(fits) { self.speaker_fits(quote.doc) } else { None }
    }

    fn speaker_fits(&self, doc: DocId) -> Option<Fit> {
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
