//! Items in order, sorted only as far as somebody asks: most searches show a few of many hits.

use std::cmp::Ordering;

/// Items sorted at the first so many at least.
const FIRST: usize = 64;

/// Which of two items comes first; no two may be equal to it, or their order is open.
pub type Compare<T> = fn(&T, &T) -> Ordering;

/// The first so many of items that come in any order; how many came is counted.
pub struct Best<T> {
    items: Vec<T>,
    compare: Compare<T>,
    /// What tells that several items are one, for which the first of them stands.
    identity: Option<fn(&T) -> u64>,
    most: usize,
    /// The last of the first so many, when they were chosen last.
    last: Option<T>,
    total: usize,
}

impl<T: Copy> Best<T> {
    /// Keeps the first `most`, or all.
    pub fn new(most: Option<usize>, compare: Compare<T>) -> Self {
        let most = most.unwrap_or(usize::MAX);
        Best { items: Vec::new(), compare, identity: None, most, last: None, total: 0 }
    }

    /// The same, each of items with the same identity but once: the first of them.
    pub fn distinct(most: Option<usize>, compare: Compare<T>, identity: fn(&T) -> u64) -> Self {
        Best { identity: Some(identity), ..Best::new(most, compare) }
    }

    /// An item that has to come before this one is kept, no other.
    pub fn last(&self) -> Option<&T> {
        self.last.as_ref()
    }

    /// Counts an item that is known not to be among the first.
    pub fn pass(&mut self) {
        self.total += 1;
    }

    /// Takes an item.
    pub fn push(&mut self, item: T) {
        self.total += 1;
        if self.last.as_ref().is_some_and(|last| (self.compare)(&item, last).is_gt()) {
            return;
        }
        self.items.push(item);
        if self.items.len() >= self.most.max(FIRST).saturating_mul(2) {
            self.choose();
        }
    }

    /// Takes the items of another.
    pub fn add(&mut self, other: Best<T>) {
        let passed = other.total - other.items.len();
        other.items.into_iter().for_each(|item| self.push(item));
        self.total += passed;
    }

    fn choose(&mut self) {
        if let Some(identity) = self.identity.filter(|_| self.most > 0) {
            let compare = self.compare;
            let order = |a: &T, b: &T| identity(a).cmp(&identity(b)).then(compare(a, b));
            self.items.sort_unstable_by(order);
            self.items.dedup_by_key(|item| identity(item));
        }
        if let Some(last) = self.most.checked_sub(1).filter(|&last| last < self.items.len()) {
            self.items.select_nth_unstable_by(last, self.compare);
            self.last = Some(self.items[last]);
        }
        self.items.truncate(self.most);
    }

    /// How many items came, and those that were kept.
    pub fn into_ordered(mut self) -> (usize, Ordered<T>) {
        if self.items.len() > self.most || self.identity.is_some() {
            self.choose();
        }
        (self.total, Ordered::new(self.items, self.compare))
    }
}

/// Items that are put in order as they are taken.
pub struct Ordered<T> {
    items: Vec<T>,
    compare: Compare<T>,
    /// Items taken.
    taken: usize,
    /// Items that are in their place.
    sorted: usize,
}

impl<T: Copy> Ordered<T> {
    /// These items.
    pub fn new(items: Vec<T>, compare: Compare<T>) -> Self {
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
    use super::{Best, Ordered};

    /// So many numbers, no two the same.
    fn numbers(count: u64) -> Vec<u64> {
        let mut seed = 7u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            seed >> 33
        };
        (0..count).map(|n| random() << 10 | n).collect()
    }

    #[test]
    fn keeps_the_first() {
        for count in [0, 1, 130, 1000] {
            let mut sorted = numbers(count);
            sorted.sort_unstable();
            for most in [Some(0), Some(1), Some(10), Some(200), Some(2000), None] {
                let mut both = [Best::new(most, u64::cmp), Best::new(most, u64::cmp)];
                numbers(count).iter().for_each(|&n| both[(n % 2) as usize].push(n));
                let [mut all, other] = both;
                all.add(other);
                let (total, kept) = all.into_ordered();
                assert_eq!(total, sorted.len());
                let wanted = sorted.iter().copied().take(most.unwrap_or(usize::MAX));
                assert!(kept.eq(wanted), "{most:?} of {count}");
            }
        }
    }

    #[test]
    fn gives_what_sorting_gives() {
        for count in [0, 1, 63, 64, 65, 1000] {
            let items = numbers(count);
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
