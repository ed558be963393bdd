//! The paragraphs seen so far, at no more than 20 bytes each: half of the hash in a table that is
//! cut into shards, so that workers rarely wait and a growing shard costs little. Not a cache: what
//! is in it stays until `clear`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::table::Table;

/// Shards; the top bits of a key choose one.
const SHARDS: usize = 64;

type Shard = Table<()>;

/// A set of 64-bit keys that are good hashes already.
#[derive(Debug)]
pub struct PassageSet {
    shards: Vec<Mutex<Shard>>,
    slots: AtomicUsize,
}

impl Default for PassageSet {
    fn default() -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::new(Shard::default())).collect();
        PassageSet { shards, slots: AtomicUsize::new(0) }
    }
}

impl PassageSet {
    /// Adds a key; whether it was new.
    pub fn insert(&self, key: u64) -> bool {
        let mut shard = self.shard(key).lock().unwrap_or_else(PoisonError::into_inner);
        let before = shard.slots();
        let new = shard.insert(spread(key), ()).is_none();
        self.slots.fetch_add(shard.slots() - before, Ordering::Relaxed);
        new
    }

    /// Whether a key is in the set.
    pub fn contains(&self, key: u64) -> bool {
        let shard = self.shard(key).lock().unwrap_or_else(PoisonError::into_inner);
        shard.contains(spread(key))
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.slots.load(Ordering::Relaxed) * size_of::<u64>()
    }

    /// Forgets everything and gives the memory back.
    pub fn clear(&self) {
        for shard in &self.shards {
            *shard.lock().unwrap_or_else(PoisonError::into_inner) = Shard::default();
        }
        self.slots.store(0, Ordering::Relaxed);
    }

    fn shard(&self, key: u64) -> &Mutex<Shard> {
        &self.shards[(key >> 58) as usize % SHARDS]
    }
}

/// Zero marks an empty slot, so no key may be zero; the shard's bits are moved out of the way.
fn spread(key: u64) -> u64 {
    key.rotate_left(6).max(1)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::PassageSet;

    #[test]
    fn agrees_with_a_hash_set_within_20_bytes_a_key() {
        let (set, mut model) = (PassageSet::default(), HashSet::new());
        let mut seed = 1u64;
        for step in 0..200_000u64 {
            seed = twox_hash::XxHash3_64::oneshot(&seed.to_le_bytes());
            let key = if step % 3 == 0 { u64::from(seed as u16) << 40 } else { seed };
            assert_eq!(set.contains(key), model.contains(&key));
            assert_eq!(set.insert(key), model.insert(key));
        }
        assert!(set.bytes() <= 20 * model.len(), "{} for {}", set.bytes(), model.len());
        set.clear();
        assert_eq!(set.bytes(), 0);
        assert!(!set.contains(7));
    }
}
