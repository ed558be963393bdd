//! Where the passages of an article are: those that it was the first to bring follow each other behind
//! its quotes, the foreign ones left out.

use tantivy::DocId;

use super::Layout;

/// Where the distinct passages of one article are.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    first: DocId,
    /// The row of the identity of the first foreign one.
    row: u32,
    /// Numbers of the foreign ones, ascending.
    foreign: Vec<u32>,
}

impl Beside {
    /// Comes to an article, whose number among all is given.
    pub fn come_to(&mut self, layout: &Layout, nth: usize) {
        self.first = layout.quotes_of_nth(nth).docs.end;
        let rows = layout.foreign_rows_of_nth(nth);
        self.row = rows.start;
        self.foreign.clear();
        self.foreign.extend(rows.map(|row| layout.foreign_in(row)));
    }

    /// The document of the passage of a number if it stands beside the article, and if not, the row of
    /// its identity. In a damaged index the document may be any.
    #[inline]
    pub fn at(&self, number: u32) -> Result<DocId, u32> {
        if self.foreign.is_empty() {
            return Ok(self.first.wrapping_add(number));
        }
        self.among_foreign(number)
    }

    /// The same where there are any: few articles have some, and the loops that ask for all are short without it.
    #[inline(never)]
    fn among_foreign(&self, number: u32) -> Result<DocId, u32> {
        match self.foreign.binary_search(&number) {
            Ok(rank) => Err(self.row + rank as u32),
            Err(before) => Ok(self.first.wrapping_add(number).wrapping_sub(before as u32)),
        }
    }
}
