//! Filters that look at articles: date, outlet and author.

use rustc_hash::FxHashSet;
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, SegmentReader};

use super::super::documents::seconds;
use super::super::reader::signed;
use super::super::types::Filters;
use super::super::words::folded;

/// The columns of a segment that tell which articles pass.
pub struct OfArticles {
    /// The article asked for last, and whether it passes: what belongs to one stands together.
    last: Option<(DocId, bool)>,
    since: i64,
    until: i64,
    date: Option<Column<i64>>,
    outlet: Option<Allowed>,
    author: Option<Allowed>,
}

impl OfArticles {
    /// Opens what filters look at.
    pub fn open(segment: &SegmentReader, filters: &Filters) -> tantivy::Result<OfArticles> {
        let texts = |name, wanted: &[String]| -> tantivy::Result<Option<Allowed>> {
            (!wanted.is_empty()).then(|| Allowed::open(segment, name, wanted)).transpose()
        };
        let dated = filters.since.is_some() || filters.until.is_some();
        Ok(OfArticles {
            last: None,
            since: filters.since.map_or(i64::MIN, seconds),
            until: filters.until.map_or(i64::MAX, seconds),
            date: dated.then(|| signed(segment, "date")).transpose()?,
            outlet: texts("outlet", &filters.outlet)?,
            author: texts("author", &filters.author)?,
        })
    }

    /// Whether an article passes.
    pub fn pass(&mut self, article: DocId) -> bool {
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
