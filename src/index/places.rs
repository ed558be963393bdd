//! Where the words of a quote stand among those of a passage. Most quotes are a run of words of one
//! passage: they need no words of their own in the index, only their place in it.

use std::ops::Range;

use super::words::Words;
use crate::text::Span;

/// Bits for the number of words.
pub const LENGTH_BITS: u32 = 8;
/// Bits for the number of the first word.
pub const START_BITS: u32 = 9;
/// Words of a passage behind which there is none of such a run.
pub const REACH: u32 = (1 << START_BITS) + (1 << LENGTH_BITS);
/// Bits below the number of the passage.
const PASSAGE_SHIFT: u32 = LENGTH_BITS + START_BITS;

/// A run of words of a passage of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of the passage among the distinct ones of its article.
    pub passage: u32,
    /// Number of the first word.
    pub start: u32,
    /// Words.
    pub length: u32,
}

impl Place {
    /// The run of these words, if it has not too many of them.
    pub fn new(passage: u32, words: &Range<usize>) -> Option<Place> {
        let (start, length) = (words.start, words.len());
        let fits = start < 1 << START_BITS && length < 1 << LENGTH_BITS;
        fits.then_some(Place { passage, start: start as u32, length: length as u32 })
    }

    /// As one number, the passage in its upper bits; none is as low as what `Stand` has instead.
    pub fn pack(self) -> u64 {
        let Place { passage, start, length } = self;
        (u64::from(passage) + 1) << PASSAGE_SHIFT
            | u64::from(start) << LENGTH_BITS
            | u64::from(length)
    }

    /// From a number; `None` where it is no place.
    pub fn unpack(packed: u64) -> Option<Place> {
        let passage = (packed >> PASSAGE_SHIFT).checked_sub(1)? as u32;
        let start = (packed >> LENGTH_BITS) as u32 & ((1 << START_BITS) - 1);
        Some(Place { passage, start, length: packed as u32 & ((1 << LENGTH_BITS) - 1) })
    }
}

/// Set where a quote has several places, in a value that is none.
const SEVERAL: u64 = 1 << (PASSAGE_SHIFT - 1);

/// Where the words of a quote are indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// They are a run of words of a passage beside it.
    Run(Place),
    /// They are several such runs; so many words together.
    Runs(u32),
    /// With the quote; so many words.
    Apart(u32),
}

impl Stand {
    /// As one number.
    pub fn pack(self) -> u64 {
        match self {
            Stand::Run(place) => place.pack(),
            Stand::Runs(words) => SEVERAL | u64::from(words).min(SEVERAL - 1),
            Stand::Apart(words) => u64::from(words).min(SEVERAL - 1),
        }
    }

    /// From a number.
    pub fn unpack(packed: u64) -> Stand {
        match Place::unpack(packed) {
            Some(place) => Stand::Run(place),
            None if packed & SEVERAL != 0 => Stand::Runs((packed & (SEVERAL - 1)) as u32),
            None => Stand::Apart(packed as u32),
        }
    }
}

/// Bits for `QuoteKind`.
const KIND_BITS: u32 = 2;
/// Bits for thousandths.
const SURE_BITS: u32 = 10;

/// What the index has of every quote, in one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where its words are.
    pub stand: Stand,
    /// How sure it is, in thousandths.
    pub confidence: u64,
    /// Its `QuoteKind`.
    pub kind: u64,
}

impl Row {
    /// As one number.
    pub fn pack(self) -> u64 {
        (self.stand.pack() << SURE_BITS | self.confidence) << KIND_BITS | self.kind
    }

    /// From a number.
    pub fn unpack(packed: u64) -> Row {
        Row {
            stand: Stand::unpack(packed >> (SURE_BITS + KIND_BITS)),
            confidence: packed >> KIND_BITS & ((1 << SURE_BITS) - 1),
            kind: packed & ((1 << KIND_BITS) - 1),
        }
    }
}

/// A paragraph cut into words once, for all the quotes in it.
pub struct Cut {
    /// The words, a space behind each.
    normal: String,
    /// Where each word stands in the paragraph, and where it begins in `normal`.
    words: Vec<(Span, u32)>,
}

impl Cut {
    /// Cuts a paragraph.
    pub fn new(text: &str) -> Cut {
        let mut cut = Cut {
            normal: String::with_capacity(text.len() + 16),
            words: Vec::with_capacity(text.len() / 5 + 8),
        };
        let mut finder = Words::new(text);
        loop {
            let begins = cut.normal.len() as u32;
            let Some(at) = finder.append_to(&mut cut.normal) else { return cut };
            cut.words.push((at, begins));
            cut.normal.push(' ');
        }
    }

    /// The words in a range of bytes; `None` where it cuts through a word.
    pub fn within(&self, bytes: Range<usize>) -> Option<Range<usize>> {
        let before = |offset: usize| self.words.partition_point(|(at, _)| at.start() < offset);
        let (first, last) = (before(bytes.start), before(bytes.end));
        let cuts = |next: usize, offset: usize| {
            next.checked_sub(1).is_some_and(|word| self.words[word].0.end() > offset)
        };
        (!cuts(first, bytes.start) && !cuts(last, bytes.end)).then_some(first..last)
    }

    /// The words of a range, a space behind each.
    pub fn normal(&self, words: &Range<usize>) -> &str {
        let at =
            |word: usize| self.words.get(word).map_or(self.normal.len(), |word| word.1 as usize);
        &self.normal[at(words.start)..at(words.end)]
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }
}

#[cfg(test)]
mod tests {
    use super::{Cut, Place, Row, Stand};

    #[test]
    fn numbers_come_back() {
        for (passage, words) in [(0, 0..0), (3, 511..511 + 255), (70_000, 1..2)] {
            let place = Place::new(passage, &words).unwrap();
            assert_eq!(Place::unpack(place.pack()), Some(place));
        }
        assert_eq!(Place::new(0, &(512..513)), None);
        assert_eq!(Place::new(0, &(0..256)), None);
        for words in [0, 1, 65_535] {
            for stand in [Stand::Runs(words), Stand::Apart(words)] {
                assert_eq!(Stand::unpack(stand.pack()), stand);
                let row = Row { stand, confidence: 1000, kind: 2 };
                assert_eq!(Row::unpack(row.pack()), row);
            }
        }
        assert_eq!(Stand::unpack(Stand::Apart(u32::MAX).pack()), Stand::Apart(65_535));
    }

    #[test]
    fn a_range_that_cuts_a_word_has_no_words() {
        let text = "“We won’t go,” O’Brien said.";
        let cut = Cut::new(text);
        let within = |part: &str| {
            let start = text.find(part).unwrap();
            cut.within(start..start + part.len()).map(|words| cut.normal(&words).to_owned())
        };
        assert_eq!(within("We won’t go,").as_deref(), Some("we won't go "));
        assert_eq!(within("Brien said").as_deref(), Some("brien said "));
        assert_eq!(within("t go"), None);
        assert_eq!(within("We won"), None);
        assert_eq!(within(".").as_deref(), Some(""));
        assert_eq!(cut.len(), 6);
    }
}
