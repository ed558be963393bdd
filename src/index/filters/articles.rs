//! Filters that look at articles: date, outlet and author.

use tantivy::DocId;

use super::super::documents::seconds;
use super::super::layout::Layout;
use super::super::texts::{Passing, Texts};
use super::super::types::Filters;

/// Which articles of a segment pass.
pub struct OfArticles {
    /// Number of the article asked for last, and whether it passes: what belongs to one stands together.
    last: Option<(usize, bool)>,
    /// The first second and the last, where dates matter.
    dates: Option<(i64, i64)>,
    outlet: Option<Passing>,
    author: Option<Passing>,
}

impl OfArticles {
    /// Opens what filters look at.
    pub fn open(layout: &Layout, filters: &Filters) -> tantivy::Result<OfArticles> {
        let passing = |texts: &Texts, wanted: &[String]| -> tantivy::Result<Option<Passing>> {
            (!wanted.is_empty()).then(|| texts.passing(wanted)).transpose()
        };
        let dated = filters.since.is_some() || filters.until.is_some();
        let first = filters.since.map_or(i64::MIN, seconds);
        let last = filters.until.map_or(i64::MAX, seconds);
        Ok(OfArticles {
            last: None,
            dates: dated.then_some((first, last)),
            outlet: passing(layout.outlets(), &filters.outlet)?,
            author: passing(layout.authors(), &filters.author)?,
        })
    }

    /// Whether an article passes.
    pub fn pass(&mut self, layout: &Layout, article: DocId) -> bool {
        layout.nth_of(article).is_some_and(|nth| self.pass_nth(layout, nth))
    }

    /// The same of an article whose number among all articles is known.
    #[inline]
    pub fn pass_nth(&mut self, layout: &Layout, nth: usize) -> bool {
        if let Some((last, passes)) = self.last
            && last == nth
        {
            return passes;
        }
        let within =
            |(first, last)| layout.date(nth).is_some_and(|date| (first..=last).contains(&date));
        let has = |texts: &Passing| layout.article(nth).is_some_and(|article| texts.has(article));
        let passes = self.dates.is_none_or(within)
            && self.outlet.as_ref().is_none_or(has)
            && self.author.as_ref().is_none_or(has);
        self.last = Some((nth, passes));
        passes
    }
}
