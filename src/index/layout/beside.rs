//! Where the passages of an article are: those that it was the first to bring follow each other behind
//! its quotes, the foreign ones left out.

use tantivy::DocId;

use super::Layout;

/// In place of how many foreign passages are before one: that it is one of them.
const FOREIGN: u32 = 1 << 31;

/// Where the distinct passages of one article are.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    first: DocId,
    /// The row of the identity of the first foreign one.
    row: u32,
    /// How many foreign ones there are.
    foreign: u32,
    /// How many of them are before each passage, up to the last of them, with a mark on themselves: which
    /// these are cannot be guessed.
    before: Vec<u32>,
}

impl Beside {
    /// Comes to an article, whose number among all is given.
    pub fn come_to(&mut self, layout: &Layout, nth: usize) {
        self.first = layout.quotes_of_nth(nth).docs.end;
        let rows = layout.foreign_rows_of_nth(nth);
        self.row = rows.start;
        self.foreign = rows.len() as u32;
        self.before.clear();
        for (rank, row) in (0..).zip(rows) {
            // A damaged index may tell of more than there are documents.
            let number = layout.foreign_in(row).min(layout.documents()) as usize;
            self.before.resize(number.max(self.before.len()), rank);
            self.before.push(rank | FOREIGN);
        }
    }

    /// The document of the passage of a number if it stands beside the article, and if not, the row of
    /// its identity. In a damaged index the document may be any.
    #[inline]
    pub fn at(&self, number: u32) -> Result<DocId, u32> {
        let before = self.before.get(number as usize).copied().unwrap_or(self.foreign);
        if before & FOREIGN == 0 {
            Ok(self.first.wrapping_add(number).wrapping_sub(before))
        } else {
            Err(self.row + (before & !FOREIGN))
        }
    }
}
