//! Which documents have values in a column, and where those begin.

use std::ops::Range;

use tantivy::DocId;
use tantivy::columnar::{Column, ColumnIndex};

use super::super::among::behind;

/// Which documents have values in a column, and the row of the first of each; behind them how many
/// values there are. To ask the column takes several times as long.
pub struct Starts {
    documents: Vec<DocId>,
    rows: Vec<u32>,
}

impl Starts {
    /// Of a column.
    pub fn of(column: &Column<u64>) -> Starts {
        let documents = filled(column);
        let starts = match &column.index {
            ColumnIndex::Multivalued(index) => Some(index.get_start_index_column()),
            _ => None,
        };
        // The engine has them in a row, but for columns of its older versions.
        let in_a_row = |rows: &u32| *rows as usize == documents.len() + 1;
        let mut rows = Vec::with_capacity(documents.len() + 1);
        match starts.filter(|starts| in_a_row(&starts.num_vals())) {
            Some(starts) => rows.extend(starts.iter().take(documents.len())),
            None => rows.extend(documents.iter().map(|&d| column.index.value_row_ids(d).start)),
        }
        rows.push(column.values.num_vals());
        Starts { documents, rows }
    }

    /// The row of the first value of each of these documents, which ascend and have all there are.
    pub fn dense(self, all: &[DocId]) -> Vec<u32> {
        let mut passed = 0;
        let mut first = |document: &DocId| {
            let row = self.rows[passed];
            passed += usize::from(self.documents.get(passed) == Some(document));
            row
        };
        let mut rows: Vec<u32> = all.iter().map(&mut first).collect();
        rows.extend(self.rows.last());
        rows
    }

    /// The rows of a document, looked for from a place on that is left where it is found.
    pub fn rows(&self, place: &mut usize, document: DocId) -> Range<u32> {
        let later = behind(&self.documents[*place..], |&other| other < document);
        *place = self.documents.len() - later.len();
        match later.first() == Some(&document) {
            true => self.rows[*place]..self.rows[*place + 1],
            false => 0..0,
        }
    }
}

/// The sums of the values before each value of a column, and of all.
pub fn sums(column: &Column<u64>) -> Vec<u32> {
    let mut sums = Vec::with_capacity(column.values.num_vals() as usize + 1);
    let mut sum = 0u32;
    sums.push(sum);
    sums.extend(column.values.iter().map(|value| {
        sum = sum.saturating_add(u32::try_from(value).unwrap_or(u32::MAX));
        sum
    }));
    sums
}

/// The documents that have a value in a column.
pub fn filled<T: PartialOrd + std::fmt::Debug + Send + Sync + Copy + 'static>(
    column: &Column<T>,
) -> Vec<DocId> {
    // Nobody tells the list how long it will be, and to grow takes twice the memory.
    let listed = |documents: &mut dyn Iterator<Item = DocId>, count: u32| {
        let mut list = Vec::with_capacity(count as usize);
        list.extend(documents);
        list
    };
    let count = column.values.num_vals();
    match &column.index {
        ColumnIndex::Empty { .. } => Vec::new(),
        ColumnIndex::Full => (0..count).collect(),
        ColumnIndex::Optional(index) => listed(&mut index.iter_non_null_docs(), count),
        ColumnIndex::Multivalued(index) => {
            let starts = index.get_start_index_column().num_vals();
            listed(&mut index.iter_non_null_docs(), count.min(starts))
        }
    }
}
