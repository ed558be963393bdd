//! Near copies of paragraphs: a small sketch of the word triples of a text, made when it is
//! asked for and never stored, so that indexing pays nothing for it.

use std::collections::HashSet;

use twox_hash::XxHash3_64;

/// Hashes in a sketch; two of them make a band.
const HASHES: usize = 16;
/// Paragraphs with fewer words are too short to be near copies of anything.
const FEWEST_WORDS: usize = 12;

/// The least hash of all word triples under each of several orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u32; HASHES]);

impl Fingerprint {
    /// The sketch of a paragraph, given as its words; `None` for short ones.
    pub fn new(words: &[String]) -> Option<Self> {
        if words.len() < FEWEST_WORDS {
            return None;
        }
        let mut least = [u32::MAX; HASHES];
        for shingle in shingles(words) {
            let mut hash = shingle;
            for slot in &mut least {
                hash = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29) ^ shingle;
                *slot = (*slot).min((hash >> 32) as u32);
            }
        }
        Some(Fingerprint(least))
    }

    /// Keys by which two near copies are likely to meet: they share at least one.
    pub fn bands(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.chunks_exact(2).enumerate().map(|(band, pair)| {
            let joined = u64::from(pair[0]) << 32 | u64::from(pair[1]);
            joined.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (band as u64) << 60
        })
    }
}

/// Hashes of all runs of three words.
fn shingles(words: &[String]) -> impl Iterator<Item = u64> + '_ {
    words.windows(3).map(|three| {
        three
            .iter()
            .fold(0u64, |hash, word| hash.rotate_left(21) ^ XxHash3_64::oneshot(word.as_bytes()))
    })
}

/// Share of common word triples in all of either text, 0 to 1.
pub fn similarity(a: &[String], b: &[String]) -> f32 {
    let (a, b): (HashSet<u64>, HashSet<u64>) = (shingles(a).collect(), shingles(b).collect());
    let common = a.intersection(&b).count();
    let all = a.len() + b.len() - common;
    if all == 0 { 0.0 } else { common as f32 / all as f32 }
}

#[cfg(test)]
mod tests {
    use super::{Fingerprint, similarity};

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn near_copies_meet_and_strangers_do_not() {
        let text = "the council voted on tuesday night to close the old harbour bridge for \
                    repairs that will last until the end of next summer officials said after a \
                    long and heated meeting at the town hall";
        let (one, two) = (words(text), words(&text.replace("tuesday", "monday")));
        let three = words(
            "shares of the airline fell nine percent in early trading after the company warned \
             that fuel costs would weigh on its profit for the rest of this year",
        );
        let meet = |a: &[String], b: &[String]| {
            let (a, b) = (Fingerprint::new(a).unwrap(), Fingerprint::new(b).unwrap());
            a.bands().any(|band| b.bands().any(|other| other == band))
        };
        assert!(meet(&one, &two) && similarity(&one, &two) > 0.8);
        assert!(!meet(&one, &three) && similarity(&one, &three) < 0.1);
        assert!(Fingerprint::new(&words("too short to tell")).is_none());
    }
}
