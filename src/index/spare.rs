//! What is needed for a while and takes long to make: whoever needs one takes one that nobody has, or a new
//! one, and puts it back.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Those that nobody has.
pub struct Spare<T>(Mutex<Vec<T>>);

impl<T: Default> Spare<T> {
    /// None yet.
    pub const fn new() -> Self {
        Spare(Mutex::new(Vec::new()))
    }

    /// One of them, or a new one.
    pub fn take(&self) -> T {
        let spare = self.all().pop();
        spare.unwrap_or_default()
    }

    /// Puts one back.
    pub fn put(&self, one: T) {
        self.all().push(one);
    }

    fn all(&self) -> MutexGuard<'_, Vec<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
