//! Where every paragraph stood first: 12 bytes a slot, so at most 20 a distinct paragraph.

use super::table::Table;

/// Finds the first of equal paragraphs. Paragraphs are numbered in the order in which they are
/// added, from 0.
#[derive(Debug, Default)]
pub struct Firsts {
    table: Table<u32>,
    next: u32,
}

impl Firsts {
    /// Adds a paragraph by its [`passage_key`](super::passage_key); the number of the first one
    /// like it, if this is a copy.
    ///
    /// # Panics
    /// When 2^32 paragraphs were added before.
    pub fn add(&mut self, key: u64) -> Option<u32> {
        let number = self.next;
        self.next = number.checked_add(1).expect("fewer than 2^32 paragraphs");
        self.table.insert(key.max(1), number)
    }

    /// The number that the next paragraph will have.
    pub fn next(&self) -> u32 {
        self.next
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::Firsts;
    use crate::dedup::passage_key;

    #[test]
    fn copies_know_the_first_of_them() {
        let (mut firsts, mut model) = (Firsts::default(), HashMap::new());
        for number in 0..50_000u32 {
            let key = passage_key(&(number * 7919 % 30_011).to_string());
            let first = *model.entry(key).or_insert(number);
            assert_eq!(firsts.next(), number);
            assert_eq!(firsts.add(key), (first != number).then_some(first));
        }
        let bytes = firsts.table.slots() * 12;
        assert!(bytes <= 20 * model.len(), "{bytes} for {}", model.len());
    }
}
