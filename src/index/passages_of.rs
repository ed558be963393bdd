//! Reading the passages of an article one after the other: what tells where they are is looked up once.

use std::ops::Range;

use tantivy::DocId;

use super::error::IndexError;
use super::layout::{Beside, Layout};
use super::reader::{At, Index};

/// The distinct passages of an article.
pub struct PassagesOf<'a> {
    index: &'a Index,
    ord: u32,
    layout: &'a Layout,
    own: Range<DocId>,
    beside: Beside,
}

impl<'a> PassagesOf<'a> {
    /// Looks up where they are.
    pub fn open(index: &'a Index, (ord, article): At) -> Result<Self, IndexError> {
        let layout = index.layout(ord)?;
        let nth = layout.nth_of(article);
        let nth = nth.ok_or_else(|| index.damaged("an article is not where it was".into()))?;
        let mut beside = Beside::default();
        beside.come_to(layout, nth);
        Ok(PassagesOf { index, ord, layout, own: layout.own_passages(article), beside })
    }

    /// The document of the one of this number.
    pub fn at(&self, number: u32) -> Result<At, IndexError> {
        let missing = || self.index.damaged("passages are missing".into());
        match self.beside.at(number) {
            Ok(doc) if self.own.contains(&doc) => Ok((self.ord, doc)),
            Ok(_) => Err(missing()),
            Err(row) => self.index.passage_with(self.layout.borrowed_in(row).ok_or_else(missing)?),
        }
    }
}
