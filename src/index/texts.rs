//! Columns of texts that articles are chosen by, outlet and author, and which of their texts pass.

use std::num::NonZeroUsize;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use tantivy::columnar::StrColumn;
use tantivy::{DocId, SegmentReader};

use super::recent::Recent;
use super::words::folded;

/// Questions whose texts are kept: to find them is to go through all texts of a column.
const KEPT: NonZeroUsize = NonZeroUsize::new(8).expect("not zero");

/// A column of texts of a segment.
pub struct Texts {
    column: Option<StrColumn>,
    /// Numbers of the texts that pass, by those that were wanted.
    passing: Recent<Vec<String>, FxHashSet<u64>>,
}

impl Texts {
    /// Opens a column; without texts where no document of the segment has any.
    pub fn open(segment: &SegmentReader, name: &str) -> tantivy::Result<Texts> {
        Ok(Texts { column: segment.fast_fields().str(name)?, passing: Recent::new(KEPT) })
    }

    /// The texts that are any of those wanted, without regard to case and accents.
    pub fn passing(&self, wanted: &[String]) -> tantivy::Result<Passing> {
        let wanted: Vec<String> = wanted.iter().map(|text| folded(text)).collect();
        let ords = self.passing.get_or(wanted.clone(), || self.find(&wanted))?;
        Ok(Passing { column: self.column.clone(), ords })
    }

    fn find(&self, wanted: &[String]) -> tantivy::Result<FxHashSet<u64>> {
        let mut ords = FxHashSet::default();
        if let Some(column) = &self.column {
            let mut texts = column.dictionary().stream()?;
            while texts.advance() {
                let text = folded(&String::from_utf8_lossy(texts.key()));
                if wanted.contains(&text) {
                    ords.insert(texts.term_ord());
                }
            }
        }
        Ok(ords)
    }
}

/// The texts of a column that pass.
pub struct Passing {
    column: Option<StrColumn>,
    ords: Arc<FxHashSet<u64>>,
}

impl Passing {
    /// Whether a document has one of them.
    pub fn has(&self, doc: DocId) -> bool {
        let column = self.column.as_ref();
        column.is_some_and(|column| column.term_ords(doc).any(|ord| self.ords.contains(&ord)))
    }
}
