//! Byte spans into one immutable text. The leaf of the module tree: it knows no article.

use serde::{Deserialize, Serialize};

/// A half-open byte range in one `Article::text`, both ends on `char` boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(u32, u32)", into = "(u32, u32)")]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The span from byte `start` up to byte `end`. Texts are limited to 4 GiB by the readers.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end && end <= u32::MAX as usize);
        Span { start: start as u32, end: end as u32 }
    }

    /// First byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// One past the last byte.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The text this span covers.
    pub fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }

    /// Whether every byte of `other` lies inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share a byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The span without white space at its ends.
    pub fn trimmed(self, text: &str) -> Span {
        let inside = self.of(text);
        let start = self.start() + (inside.len() - inside.trim_start().len());
        Span::new(start, start + inside.trim().len())
    }

    /// The smallest span that covers both.
    pub fn cover(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Spans that belong together. Two need no memory of their own: few quotes have more parts.
pub type Spans = smallvec::SmallVec<[Span; 2]>;

/// A run of ASCII letters and digits: where it ends, and whether a capital is in it.
///
/// Eight bytes are looked at in one go, each in its own part of a number: most words end within the
/// first eight, and no processor guesses where.
#[inline]
pub fn plain_run(bytes: &[u8], mut at: usize) -> (usize, bool) {
    let mut capitals = 0;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let eight = u64::from_le_bytes(*chunk);
        let (letters, plain) = plain(eight);
        let others = !plain & HIGH;
        let before_others = (others & others.wrapping_neg()).wrapping_sub(1);
        // A letter is a capital where the bit is not set that tells "a" from "A".
        capitals |= letters & !(eight << 2) & before_others;
        if others != 0 {
            return (at + others.trailing_zeros() as usize / 8, capitals != 0);
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    (at + length, capitals != 0 || rest[..length].iter().any(u8::is_ascii_uppercase))
}

/// The highest bit of each of eight bytes.
const HIGH: u64 = 0x80 * EACH;
const EACH: u64 = 0x0101_0101_0101_0101;

/// The highest bits of those of eight bytes that are ASCII letters, and of those that are letters or
/// digits.
#[inline]
fn plain(eight: u64) -> (u64, u64) {
    let low = eight & !HIGH;
    let letter = low | (0x20 * EACH);
    // Adding can carry into the highest bit of a byte, never beyond it.
    let at_least = |bytes: u64, least: u8| bytes + (0x80 - u64::from(least)) * EACH;
    let letters = at_least(letter, b'a') & !at_least(letter, b'z' + 1);
    let digits = at_least(low, b'0') & !at_least(low, b'9' + 1);
    let ascii = !eight & HIGH;
    (letters & ascii, (letters | digits) & ascii)
}

impl From<(u32, u32)> for Span {
    fn from((start, end): (u32, u32)) -> Self {
        Span { start, end }
    }
}

impl From<Span> for (u32, u32) {
    fn from(span: Span) -> Self {
        (span.start, span.end)
    }
}

#[cfg(test)]
mod tests {
    use super::plain_run;

    #[test]
    fn a_run_ends_where_the_first_other_byte_is() {
        for byte in 0..=255u8 {
            for before in 0..20 {
                let mut bytes = vec![b'q'; before];
                bytes.push(byte);
                bytes.extend(*b"z9 And more of it");
                let expected = before + if byte.is_ascii_alphanumeric() { 3 } else { 0 };
                let found = plain_run(&bytes, 0);
                assert_eq!(found, (expected, byte.is_ascii_uppercase()), "{byte} behind {before}");
            }
        }
        assert_eq!(plain_run(b"abC", 1), (3, true));
        assert_eq!((plain_run(b"abc", 3), plain_run(b"", 0)), ((3, false), (0, false)));
    }
}
