//! What searches for quotes and for text have in common: why there is no answer, and how a piece
//! of an article is read back.

use super::codec::Blob;
use super::error::IndexError;
use super::passages_of::PassagesOf;
use super::query::QueryError;
use super::reader::{At, Index};
use super::types::Occurrence;
use crate::text::Span;

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

/// Seconds of a document without a date: after all others.
pub(super) const UNDATED: i64 = i64::MAX;

/// A few paragraphs of an article.
pub(super) struct Excerpt {
    /// The paragraphs, joined by blank lines.
    pub text: String,
    /// Where the excerpt begins in the article.
    pub start: usize,
}

impl Excerpt {
    /// The part of the excerpt that a span of the article covers.
    pub fn range(&self, span: Span) -> (usize, usize) {
        let at = |offset: usize| offset.saturating_sub(self.start).min(self.text.len());
        let (start, end) = (at(span.start()), at(span.end()));
        if self.text.is_char_boundary(start) && self.text.is_char_boundary(end) {
            (start, end)
        } else {
            (0, 0)
        }
    }
}

impl Index {
    /// The paragraphs of an article that `spans` touch, and `context` more on either side.
    pub(super) fn excerpt(
        &self,
        at: At,
        blob: &Blob,
        spans: &[Span],
        context: usize,
    ) -> Result<Excerpt, IndexError> {
        let (paragraphs, passages) = (blob.paragraphs(), PassagesOf::open(self, at)?);
        let touched = touched(&paragraphs, spans);
        let first = touched.clone().next().unwrap_or(0).saturating_sub(context);
        let last = touched.last().unwrap_or(0).saturating_add(context);
        let mut text = String::new();
        let chosen = blob.order.iter().enumerate().skip(first);
        for (i, &number) in chosen.take(last.saturating_sub(first) + 1) {
            text.push_str(if i > first { "\n\n" } else { "" });
            text.push_str(&self.text_at(passages.at(number)?)?);
        }
        let start = paragraphs.get(first).map_or(0, |span| span.start());
        Ok(Excerpt { text, start })
    }
}

/// Numbers of the paragraphs that spans touch, ascending.
fn touched<'a>(
    paragraphs: &'a [Span],
    spans: &'a [Span],
) -> impl Iterator<Item = usize> + Clone + 'a {
    let touches = move |paragraph: Span| spans.iter().any(|span| span.overlaps(paragraph));
    (0..paragraphs.len()).filter(move |&i| touches(paragraphs[i]))
}

/// Earliest first, undated last, then by identity.
pub(super) fn sort_occurrences<T>(found: &mut [(Occurrence, T)]) {
    found.sort_by(|(a, _), (b, _)| {
        let key = |o: &Occurrence| (o.meta.date.is_none(), o.meta.date);
        key(a).cmp(&key(b)).then_with(|| a.article.cmp(&b.article)).then(a.start.cmp(&b.start))
    });
}

/// Scores are rounded, so that the order in which a sum was made cannot part equal hits. None is below
/// zero, and there may be millions: to cut off is an instruction, to round a call.
pub(super) fn rounded(score: f32) -> i64 {
    (f64::from(score) * 1000.0 + 0.5) as i64
}
