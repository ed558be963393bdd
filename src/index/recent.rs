//! What was worked out for the names asked for last. Who turns pages or narrows a search down asks for
//! the same names again; an open index shows one commit, so what a name meant it goes on meaning.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;

/// Names that are kept in mind: of a speaker, a byte for every name in the index is.
const KEPT: NonZeroUsize = NonZeroUsize::new(8).unwrap();

/// The names asked for last, and what was found for them.
pub struct Recent<T>(Mutex<LruCache<String, Arc<T>>>);

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Recent(Mutex::new(LruCache::new(KEPT)))
    }
}

impl<T> Recent<T> {
    /// What was found for a name, if it was asked for not long ago.
    pub fn get(&self, name: &str) -> Option<Arc<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Keeps what was found for a name, and gives it back.
    pub fn keep(&self, name: &str, found: T) -> Arc<T> {
        let found = Arc::new(found);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.put(name.to_owned(), Arc::clone(&found));
        found
    }
}
