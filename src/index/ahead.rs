//! Hits read back some at a time, side by side: who takes all of many waits for half as long, and who
//! takes a few has no more read than are shown, and as many again.

use std::time::{Duration, Instant};

use super::threads::each_piece;

/// Hits read together, at most.
const MOST: usize = 64;
/// Where no more than these are left, they are what somebody wants to see, and are read together.
const PAGE: usize = 16;
/// To read back what takes so long is worth threads: to start one takes some tenth of it.
const WORTH_THREADS: Duration = Duration::from_micros(500);

/// Hits that were read back already.
pub struct Ahead<T> {
    read: std::vec::IntoIter<T>,
    /// How many are read next.
    next: usize,
    /// How long it took to read one of those read last: where texts were not read before, a hundred
    /// times what it takes where they were.
    took: Duration,
}

impl<T: Send> Ahead<T> {
    /// None yet.
    pub fn new() -> Ahead<T> {
        Ahead { read: Vec::new().into_iter(), next: 1, took: Duration::ZERO }
    }

    /// How many there are.
    pub fn left(&self) -> usize {
        self.read.len()
    }

    /// The hit so many places on. `more` are the hits behind those that were read already.
    pub fn nth<G: Sync>(
        &mut self,
        n: usize,
        more: &mut impl Iterator<Item = G>,
        read: impl Fn(&G) -> T + Sync,
    ) -> Option<T> {
        let left = self.left();
        if n >= left {
            self.read = Vec::new().into_iter();
            if let Some(passed) = (n - left).checked_sub(1) {
                more.nth(passed)?;
            }
            let together: Vec<G> = more.by_ref().take(self.next).collect();
            self.next = match more.size_hint().1 {
                Some(rest) if rest <= PAGE => rest.max(1),
                _ => (self.next * 2).min(MOST),
            };
            let (count, begin) = (together.len() as u32, Instant::now());
            let worth = self.took * count >= WORTH_THREADS;
            let found = each_piece(worth, together.len(), |at| read(&together[at]));
            self.took = begin.elapsed() / count.max(1);
            self.read = found.into_iter();
            return self.read.next();
        }
        self.read.nth(n)
    }
}

#[cfg(test)]
mod tests {
    use super::Ahead;

    #[test]
    fn skipping_passes_over_hits_read_and_unread() {
        for step in 0..40 {
            let (mut ahead, mut more, mut expected) = (Ahead::new(), 0..300, 0..300);
            loop {
                let wanted = expected.nth(step).map(|n| n * 10);
                assert_eq!(ahead.nth(step, &mut more, |n| n * 10), wanted, "steps of {step}");
                assert_eq!(ahead.left() + more.len(), expected.len());
                if wanted.is_none() {
                    break;
                }
            }
        }
    }
}
