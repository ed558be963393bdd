//! Words folded and hashed, as the table of the lists is asked for them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A folded word, hashed. Keys of several words are joined by `Key::then`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(u64);

impl Key {
    /// The key of one word.
    pub fn of(word: &str) -> Key {
        let word = word.strip_suffix('.').filter(|w| !w.is_empty()).unwrap_or(word);
        match word.is_ascii() {
            true => Key(hash_lower(word.as_bytes())),
            false => Key(hash_lower(fold(word).as_bytes())),
        }
    }

    /// The key of this word or run of words with one more word.
    pub fn then(self, word: Key) -> Key {
        Key(mix(self.0.rotate_left(23) ^ word.0))
    }

    /// The hash itself.
    pub fn hash(self) -> u64 {
        self.0
    }
}

/// Lower case without diacritics, with plain apostrophes: what the entries look like.
fn fold(word: &str) -> String {
    let plain = |c: char| match c {
        '’' | 'ʻ' | '‘' => '\'',
        'ł' | 'Ł' => 'l',
        'ø' | 'Ø' => 'o',
        'đ' | 'Đ' => 'd',
        'ı' => 'i',
        other => other,
    };
    word.chars()
        .map(plain)
        .nfkd()
        .filter(|&c| !is_combining_mark(c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Hash of bytes with the ASCII letters taken as lower case, eight bytes at a time.
fn hash_lower(bytes: &[u8]) -> u64 {
    let mut hash = bytes.len() as u64;
    let (eights, rest) = bytes.as_chunks();
    for &eight in eights {
        hash = mix(hash ^ lower(u64::from_le_bytes(eight)));
    }
    if rest.is_empty() { hash } else { mix(hash ^ lower(number(rest))) }
}

/// Up to seven bytes as a number: its front and its back, which may overlap, read as they are.
fn number(bytes: &[u8]) -> u64 {
    let last = 8 * bytes.len();
    if let (Some(front), Some(back)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (front, back) = (u32::from_le_bytes(*front), u32::from_le_bytes(*back));
        return u64::from(front) | u64::from(back) << (last - 32);
    }
    if let (Some(front), Some(back)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (front, back) = (u16::from_le_bytes(*front), u16::from_le_bytes(*back));
        return u64::from(front) | u64::from(back) << (last - 16);
    }
    bytes.first().copied().map_or(0, u64::from)
}

/// Sets the bit that tells "A" from "a" in every byte that is a capital.
fn lower(x: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let low = x & (0x7f * EACH);
    let from_a = low + (0x80 - u64::from(b'A')) * EACH;
    let past_z = low + (0x7f - u64::from(b'Z')) * EACH;
    x | ((from_a ^ past_z) & !x & (0x80 * EACH)) >> 2
}

fn mix(x: u64) -> u64 {
    let x = x.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x ^ (x >> 29)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_few_bytes_are_a_number() {
        let bytes = [0x11, 0x92, 0x33, 0xf4, 0x55, 0xd6, 0x77];
        for length in 0..=bytes.len() {
            let mut eight = [0; 8];
            eight[..length].copy_from_slice(&bytes[..length]);
            assert_eq!(number(&bytes[..length]), u64::from_le_bytes(eight), "{length}");
        }
    }
}
