//! What was worked out last, by what it was worked out for: blocks by their numbers, names by what was
//! typed. Who turns pages or narrows a search down asks for the same again, and an open index shows
//! one commit: what was found goes on being right.

use std::borrow::Borrow;
use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;

/// What was found for the keys asked for last: each looked for on its own, while others are asked for.
pub struct Recent<K, T>(Mutex<LruCache<K, Arc<Kept<T>>>>);

/// What was found for a key, once it was.
type Kept<T> = Mutex<Option<Arc<T>>>;

impl<K: Hash + Eq, T> Recent<K, T> {
    /// Nothing yet; of so many keys later.
    pub fn new(kept: NonZeroUsize) -> Self {
        Recent(Mutex::new(LruCache::new(kept)))
    }

    /// Whether no key was asked for yet.
    pub fn is_empty(&self) -> bool {
        lock(&self.0).is_empty()
    }

    /// What was found for a key, if it was asked for not long ago.
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<Arc<T>>
    where
        K: Borrow<Q>,
    {
        let kept = lock(&self.0).get(key).cloned()?;
        lock(&kept).clone()
    }

    /// Keeps what was found for a key, and gives it back.
    pub fn keep(&self, key: K, found: T) -> Arc<T> {
        let found = Arc::new(found);
        lock(&self.0).put(key, Arc::new(Mutex::new(Some(Arc::clone(&found)))));
        found
    }

    /// What was found for a key, or else is found now; who else asks for it waits.
    pub fn get_or<E>(&self, key: K, find: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let kept = Arc::clone(lock(&self.0).get_or_insert(key, Arc::default));
        let mut kept = lock(&kept);
        if let Some(found) = &*kept {
            return Ok(Arc::clone(found));
        }
        let found = Arc::new(find()?);
        *kept = Some(Arc::clone(&found));
        Ok(found)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
