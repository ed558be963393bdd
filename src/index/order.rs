//! Items in order, sorted only as far as somebody asks: most searches show a few of many hits.

use std::cmp::Ordering;

/// Items sorted at the first so many at least.
const FIRST: usize = 64;

/// Items that are put in order as they are taken.
pub struct Ordered<T> {
    items: Vec<T>,
    compare: fn(&T, &T) -> Ordering,
    /// Items taken.
    taken: usize,
    /// Items that are in their place.
    sorted: usize,
}

impl<T: Copy> Ordered<T> {
    /// These items; no two may be equal to `compare`, or their order is open.
    pub fn new(items: Vec<T>, compare: fn(&T, &T) -> Ordering) -> Self {
        Ordered { items, compare, taken: 0, sorted: 0 }
    }

    /// Puts the first `wanted` in their places, and as many again as there are already, so that
    /// taking all of them costs little more than sorting them.
    fn sort(&mut self, wanted: usize) {
        let until = wanted.max(self.sorted * 2).max(FIRST).min(self.items.len());
        let rest = &mut self.items[self.sorted..];
        let next = until - self.sorted;
        if next < rest.len() {
            rest.select_nth_unstable_by(next, self.compare);
        }
        rest[..next].sort_unstable_by(self.compare);
        self.sorted = until;
    }
}

impl<T: Copy> Iterator for Ordered<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.nth(0)
    }

    fn nth(&mut self, n: usize) -> Option<T> {
        let at = self.taken.saturating_add(n);
        if at >= self.items.len() {
            self.taken = self.items.len();
            return None;
        }
        if at >= self.sorted {
            self.sort(at + 1);
        }
        self.taken = at + 1;
        Some(self.items[at])
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.items.len() - self.taken;
        (left, Some(left))
    }
}

impl<T: Copy> ExactSizeIterator for Ordered<T> {}

#[cfg(test)]
mod tests {
    use super::Ordered;

    #[test]
    fn gives_what_sorting_gives() {
        let mut seed = 7u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            seed >> 33
        };
        for count in [0, 1, 63, 64, 65, 1000] {
            let items: Vec<u64> = (0..count).map(|n| random() << 10 | n).collect();
            let mut sorted = items.clone();
            sorted.sort_unstable();
            assert!(Ordered::new(items.clone(), u64::cmp).eq(sorted.iter().copied()));
            let mut some = Ordered::new(items, u64::cmp);
            for n in [0, 3, 100] {
                let mut left = sorted.iter().copied().skip(sorted.len() - some.len());
                assert_eq!(some.nth(n), left.nth(n));
                assert_eq!(some.len(), left.len());
            }
        }
    }
}
