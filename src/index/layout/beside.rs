//! Where the passages of an article are: those that it was the first to bring follow each other behind
//! its quotes, the foreign ones left out.

use tantivy::DocId;

use super::Layout;

/// Where the distinct passages of one article are.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    first: DocId,
    /// Numbers of the foreign ones, ascending.
    foreign: Vec<u32>,
}

impl Beside {
    /// Comes to an article, whose number among all is given.
    pub fn come_to(&mut self, layout: &Layout, nth: usize) {
        self.first = layout.quotes_of_nth(nth).docs.end;
        self.foreign.clear();
        self.foreign.extend(layout.foreign_of_nth(nth));
    }

    /// The document of the passage of a number if it stands beside the article, and if not, how many
    /// foreign ones come before it. In a damaged index the document may be any.
    pub fn at(&self, number: u32) -> Result<DocId, usize> {
        match self.foreign.binary_search(&number) {
            Ok(rank) => Err(rank),
            Err(before) => Ok(self.first.wrapping_add(number).wrapping_sub(before as u32)),
        }
    }
}
