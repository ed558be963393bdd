//! Filters that look at articles: date, outlet and author.

use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

use super::super::documents::seconds;
use super::super::layout::Layout;
use super::super::reader::signed;
use super::super::texts::{Passing, Texts};
use super::super::types::Filters;

/// The columns of a segment that tell which articles pass.
pub struct OfArticles {
    /// The article asked for last, and whether it passes: what belongs to one stands together.
    last: Option<(DocId, bool)>,
    since: i64,
    until: i64,
    date: Option<Column<i64>>,
    outlet: Option<Passing>,
    author: Option<Passing>,
}

impl OfArticles {
    /// Opens what filters look at.
    pub fn open(
        segment: &SegmentReader,
        layout: &Layout,
        filters: &Filters,
    ) -> tantivy::Result<OfArticles> {
        let passing = |texts: &Texts, wanted: &[String]| -> tantivy::Result<Option<Passing>> {
            (!wanted.is_empty()).then(|| texts.passing(wanted)).transpose()
        };
        let dated = filters.since.is_some() || filters.until.is_some();
        Ok(OfArticles {
            last: None,
            since: filters.since.map_or(i64::MIN, seconds),
            until: filters.until.map_or(i64::MAX, seconds),
            date: dated.then(|| signed(segment, "date")).transpose()?,
            outlet: passing(layout.outlets(), &filters.outlet)?,
            author: passing(layout.authors(), &filters.author)?,
        })
    }

    /// Whether an article passes.
    pub fn pass(&mut self, article: DocId) -> bool {
        self.pass_dated(article, |dates| dates.first(article))
    }

    /// The same of an article whose number among all articles is given.
    pub fn pass_nth(&mut self, layout: &Layout, nth: usize) -> bool {
        self.pass_dated(layout.articles()[nth], |_| layout.date(nth))
    }

    fn pass_dated(
        &mut self,
        article: DocId,
        date: impl FnOnce(&Column<i64>) -> Option<i64>,
    ) -> bool {
        if let Some((last, passes)) = self.last
            && last == article
        {
            return passes;
        }
        let within = |date| (self.since..=self.until).contains(&date);
        let passes = self.date.as_ref().is_none_or(|column| date(column).is_some_and(within))
            && self.outlet.as_ref().is_none_or(|outlet| outlet.has(article))
            && self.author.as_ref().is_none_or(|author| author.has(article));
        self.last = Some((article, passes));
        passes
    }
}
