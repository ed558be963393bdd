//! What was worked out last, by what it was worked out for: blocks by their numbers, names by what was
//! typed. Who turns pages or narrows a search down asks for the same again, and an open index shows
//! one commit: what was found goes on being right.

use std::borrow::Borrow;
use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;

/// What was found for the keys asked for last.
pub struct Recent<K, T>(Mutex<LruCache<K, Arc<T>>>);

impl<K: Hash + Eq, T> Recent<K, T> {
    /// Nothing yet; of so many keys later.
    pub fn new(kept: NonZeroUsize) -> Self {
        Recent(Mutex::new(LruCache::new(kept)))
    }

    /// What was found for a key, if it was asked for not long ago.
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<Arc<T>>
    where
        K: Borrow<Q>,
    {
        self.lock().get(key).cloned()
    }

    /// Keeps what was found for a key, and gives it back.
    pub fn keep(&self, key: K, found: T) -> Arc<T> {
        let found = Arc::new(found);
        self.lock().put(key, Arc::clone(&found));
        found
    }

    /// What was found for a key, or else is found now; who else asks waits.
    pub fn get_or<E>(&self, key: K, find: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        self.lock().try_get_or_insert(key, || find().map(Arc::new)).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<K, Arc<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
