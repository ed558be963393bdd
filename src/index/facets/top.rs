//! The first of many names, by their counts: what is held does not grow with the list.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::super::types::{NameCount, NameList};

/// A name with what decides its place: the larger figures first, then the key.
struct Ranked {
    figures: [u64; 2],
    line: NameCount,
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        other.figures.cmp(&self.figures).then_with(|| self.line.key.cmp(&other.line.key))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Ranked {}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

/// The first names of a list under way.
pub struct Top {
    most: usize,
    /// The last of them on top.
    first: BinaryHeap<Ranked>,
    total: u64,
}

impl Top {
    /// None yet; of all that come the first `most` are kept, or all.
    pub fn new(most: Option<usize>) -> Top {
        Top { most: most.unwrap_or(usize::MAX), first: BinaryHeap::new(), total: 0 }
    }

    /// Whether a name whose first figure is no larger than this may be kept.
    pub fn wants(&self, figure: u64) -> bool {
        match self.first.peek() {
            Some(last) if self.first.len() >= self.most => figure >= last.figures[0],
            _ => self.most > 0,
        }
    }

    /// Counts a name that is not wanted.
    pub fn pass(&mut self) {
        self.total += 1;
    }

    /// Takes a name, with the figures that decide its place.
    pub fn push(&mut self, figures: [u64; 2], line: NameCount) {
        self.total += 1;
        self.keep(Ranked { figures, line });
    }

    fn keep(&mut self, ranked: Ranked) {
        self.first.push(ranked);
        if self.first.len() > self.most {
            self.first.pop();
        }
    }

    /// Takes the names of another.
    pub fn add(&mut self, other: Top) {
        self.total += other.total;
        other.first.into_iter().for_each(|ranked| self.keep(ranked));
    }

    /// The names in order.
    pub fn into_list(self) -> NameList {
        // Faster than taking them off the heap, where all names are wanted.
        let mut first = self.first.into_vec();
        first.sort_unstable();
        NameList { names: first.into_iter().map(|ranked| ranked.line).collect(), total: self.total }
    }
}
