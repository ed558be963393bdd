//! An open-addressing table from hashes to small values, for as few bytes a key as speed allows.
//! Nothing is ever taken out.

/// Slots to begin with.
const FIRST_SLOTS: usize = 256;

/// From 64-bit keys that are good hashes already, none of them zero, to values.
#[derive(Debug, Default)]
pub struct Table<V> {
    /// Zero marks an empty slot.
    keys: Vec<u64>,
    /// Of the same slots.
    values: Vec<V>,
    used: usize,
}

impl<V: Copy + Default> Table<V> {
    /// Adds a key with its value; the value it has, where it is there already.
    pub fn insert(&mut self, key: u64, value: V) -> Option<V> {
        if (self.used + 1) * 10 > self.keys.len() * 9 {
            self.grow();
        }
        let at = self.find(key);
        if self.keys[at] != 0 {
            return Some(self.values[at]);
        }
        (self.keys[at], self.values[at]) = (key, value);
        self.used += 1;
        None
    }

    /// Whether a key is in the table.
    pub fn contains(&self, key: u64) -> bool {
        !self.keys.is_empty() && self.keys[self.find(key)] != 0
    }

    /// Slots, full and empty.
    pub fn slots(&self) -> usize {
        self.keys.len()
    }

    /// The slot of a key, or the empty one where it would stand.
    fn find(&self, key: u64) -> usize {
        let len = self.keys.len();
        let mut at = ((u128::from(key) * len as u128) >> 64) as usize;
        while self.keys[at] != 0 && self.keys[at] != key {
            at = if at + 1 == len { 0 } else { at + 1 };
        }
        at
    }

    /// Half as many slots again: from 9/10 full to 6/10, 13.4 bytes a key at worst, and five thirds
    /// of a value.
    fn grow(&mut self) {
        let len = (self.keys.len() * 3 / 2).max(FIRST_SLOTS);
        let keys = std::mem::replace(&mut self.keys, vec![0; len]);
        let values = std::mem::replace(&mut self.values, vec![V::default(); len]);
        for (key, value) in keys.into_iter().zip(values).filter(|&(key, _)| key != 0) {
            let at = self.find(key);
            (self.keys[at], self.values[at]) = (key, value);
        }
    }
}
