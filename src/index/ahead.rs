//! Hits read back some at a time, side by side: who takes all of many waits for half as long, and who
//! takes a few has no more read than are shown, and as many again.

use std::time::{Duration, Instant};

use super::threads::each_piece;

/// Hits read together, at most.
const MOST: usize = 64;
/// Where no more than these are left, they are what somebody wants to see: they are read together where two
/// of them are worth threads.
const PAGE: usize = 16;
/// To read back what takes so long is worth threads: to start one takes some quarter of it.
const WORTH_THREADS: Duration = Duration::from_micros(200);

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
    /// None yet, of an index of which nothing was read before, or something.
    pub fn new(unread: bool) -> Ahead<T> {
        let took = if unread { WORTH_THREADS } else { Duration::ZERO };
        Ahead { read: Vec::new().into_iter(), next: 1, took }
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
            let is_page = more.size_hint().1.is_some_and(|rest| rest <= PAGE);
            let all = is_page && self.took * 2 >= WORTH_THREADS;
            let together: Vec<G> = more.take(if all { PAGE } else { self.next }).collect();
            self.next = (self.next * 2).min(MOST);
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
        for (step, unread) in (0..40).flat_map(|step| [(step, true), (step, false)]) {
            let (mut ahead, mut more, mut expected) = (Ahead::new(unread), 0..300, 0..300);
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
