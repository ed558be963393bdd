//! What is dear to work out and worth it only for who asks again and again: an index that stays open,
//! not one that is opened for a single question.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// Something that is kept once it was gone without often enough.
pub struct Often<T> {
    known: OnceLock<T>,
    missed: AtomicU32,
}

impl<T> Often<T> {
    /// Not yet known, nor asked for.
    pub fn new() -> Self {
        Often { known: OnceLock::new(), missed: AtomicU32::new(0) }
    }

    /// Counts one time that it was gone without.
    pub fn miss(&self) {
        self.missed.fetch_add(1, Relaxed);
    }

    /// What it is, once it was gone without as often as is `worth` to work it out.
    pub fn get(&self, worth: u64, work_out: impl FnOnce() -> T) -> Option<&T> {
        let known = self.known.get();
        if known.is_none() && u64::from(self.missed.load(Relaxed)) > worth {
            return Some(self.known.get_or_init(work_out));
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use super::Often;

    #[test]
    fn is_worked_out_once_it_was_missed_often_enough() {
        let often = Often::new();
        for _ in 0..3 {
            assert_eq!(often.get(2, || 7), None);
            often.miss();
        }
        assert_eq!(often.get(2, || 7), Some(&7));
        assert_eq!(often.get(9, || 8), Some(&7), "not worked out again");
    }
}
