//! A set that may say yes where it should say no, for about ten bits a key: what it has not seen is
//! new, and need not be looked for anywhere else.
//!
//! Bloom, Space/time trade-offs in hash coding with allowable errors, 1970; all bits of a key in one
//! line of the cache as in Putze, Sanders and Singler, Cache-, hash- and space-efficient Bloom
//! filters, 2007.

/// Bits for each key: about one new key in a hundred is taken for known.
const BITS_A_KEY: usize = 10;
/// Bits set for each key, told by nine bits each of 64.
const BITS_SET: u32 = 6;
/// Words of a line of the cache.
const LINE: usize = 8;

/// A Bloom filter of 64-bit keys that are good hashes already.
#[derive(Debug)]
pub struct Bloom {
    lines: Vec<[u64; LINE]>,
}

impl Bloom {
    /// For so many keys in at most so many bytes: with less than a byte a key it is often wrong.
    pub fn new(keys: usize, most_bytes: usize) -> Bloom {
        let line = size_of::<[u64; LINE]>();
        let lines = (keys.saturating_mul(BITS_A_KEY) / 8).min(most_bytes).div_ceil(line);
        Bloom { lines: vec![[0; LINE]; lines.max(1)] }
    }

    /// Adds a key.
    pub fn insert(&mut self, key: u64) {
        let at = self.line(key);
        for bit in bits(key) {
            self.lines[at][bit / 64] |= 1 << (bit % 64);
        }
    }

    /// Whether a key may be in it: no only for a key that was never added.
    pub fn may_contain(&self, key: u64) -> bool {
        let line = &self.lines[self.line(key)];
        bits(key).all(|bit| line[bit / 64] >> (bit % 64) & 1 == 1)
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        size_of_val(self.lines.as_slice())
    }

    fn line(&self, key: u64) -> usize {
        ((u128::from(key) * self.lines.len() as u128) >> 64) as usize
    }
}

/// The bits of a key in its line. The line is told by the upper bits of the key: mixed, lest those
/// of the bits that are set tell the same.
fn bits(key: u64) -> impl Iterator<Item = usize> {
    // The golden ratio, as Knuth multiplies with it.
    let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (0..BITS_SET).map(move |n| (mixed >> (9 * n + 10)) as usize % (64 * LINE))
}

#[cfg(test)]
mod tests {
    use super::Bloom;

    fn key(number: u64) -> u64 {
        twox_hash::XxHash3_64::oneshot(&number.to_le_bytes())
    }

    fn filled(keys: u64, most_bytes: usize) -> Bloom {
        let mut bloom = Bloom::new(keys as usize, most_bytes);
        (0..keys).for_each(|number| bloom.insert(key(number)));
        bloom
    }

    fn wrongly_known(bloom: &Bloom, keys: u64) -> f64 {
        let asked = 100_000;
        let known = (keys..keys + asked).filter(|&number| bloom.may_contain(key(number))).count();
        known as f64 / asked as f64
    }

    #[test]
    fn knows_all_that_it_was_told_and_little_else() {
        let keys = 100_000;
        let bloom = filled(keys, usize::MAX);
        assert!((0..keys).all(|number| bloom.may_contain(key(number))));
        assert!(bloom.bytes() <= keys as usize * 5 / 4 + 64, "{}", bloom.bytes());
        let wrong = wrongly_known(&bloom, keys);
        assert!(wrong < 0.02, "{wrong}");
    }

    #[test]
    fn stays_within_its_bytes_and_is_wrong_more_often() {
        let keys = 100_000;
        let bloom = filled(keys, keys as usize / 2);
        assert!((0..keys).all(|number| bloom.may_contain(key(number))));
        assert!(bloom.bytes() <= keys as usize / 2 + 64);
        let wrong = wrongly_known(&bloom, keys);
        assert!((0.02..0.5).contains(&wrong), "{wrong}");
    }

    #[test]
    fn an_empty_one_knows_nothing() {
        let bloom = Bloom::new(0, 0);
        assert!((0..1000).all(|number| !bloom.may_contain(key(number))));
    }
}
