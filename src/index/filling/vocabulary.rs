//! The different words of a segment under way, each with a number of its own.

use super::super::words::Short;
use super::long::LongWords;
use crate::fetch::fetch;

/// Words and their numbers, from 0 on as they first come.
#[derive(Default)]
pub struct Vocabulary {
    /// The short ones, in the first free slot from where their hash says; half of all or more are
    /// free. Nothing but a slot is read to find one.
    slots: Vec<Slot>,
    short: usize,
    long: LongWords,
}

/// A word that was found in a text.
#[derive(Clone, Copy)]
pub enum Found {
    /// A short one.
    Short(Short),
    /// The number of another.
    Number(u32),
}

/// A short word and its number, in sixteen bytes.
#[derive(Clone, Copy, Default)]
struct Slot {
    first: u64,
    rest: u32,
    /// One more than its number; 0: free.
    number: u32,
}

impl Slot {
    fn word(self) -> Short {
        Short { first: self.first, rest: self.rest }
    }
}

/// Slots there are at least.
const LEAST: usize = 1 << 12;

/// A word in its place among all of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spelled<'a> {
    /// Its first bytes, in their order.
    first: [u8; Short::BYTES],
    /// All of them where they are more.
    all: &'a str,
    number: u32,
}

impl Spelled<'_> {
    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        if self.all.is_empty() {
            let length = self.first.iter().position(|&byte| byte == 0);
            &self.first[..length.unwrap_or(Short::BYTES)]
        } else {
            self.all.as_bytes()
        }
    }

    /// Its number.
    pub fn number(&self) -> u32 {
        self.number
    }
}

impl Vocabulary {
    fn len(&self) -> u32 {
        (self.short + self.long.len()) as u32
    }

    /// Looks a long word up; of a short one there is nothing to be done yet.
    pub fn find(&mut self, word: &str) -> Found {
        if let Some(short) = Short::of(word) {
            return Found::Short(short);
        }
        let new = self.len();
        Found::Number(self.long.number_of(word, new))
    }

    /// Has what will be read for these words at hand.
    pub fn fetch(&self, words: &[Found]) {
        if self.slots.is_empty() {
            return;
        }
        let read = words.iter().map(|&word| match word {
            Found::Short(word) => self.slots[place(word, self.slots.len())].number,
            Found::Number(_) => 0,
        });
        fetch(read);
    }

    /// The number of a word.
    #[inline]
    pub fn number_of(&mut self, word: Found) -> u32 {
        let word = match word {
            Found::Short(word) => word,
            Found::Number(number) => return number,
        };
        if self.short * 2 >= self.slots.len() {
            self.grow();
        }
        let next = self.len() + 1;
        let slot = slot_of(&mut self.slots, word);
        if slot.number == 0 {
            *slot = Slot { first: word.first, rest: word.rest, number: next };
            self.short += 1;
        }
        slot.number - 1
    }

    #[cold]
    fn grow(&mut self) {
        let room = (self.slots.len() * 2).max(LEAST);
        let before = std::mem::replace(&mut self.slots, vec![Slot::default(); room]);
        for slot in before.into_iter().filter(|slot| slot.number != 0) {
            *slot_of(&mut self.slots, slot.word()) = slot;
        }
    }

    /// All words in the order of their bytes.
    pub fn sorted(&self) -> Vec<Spelled<'_>> {
        let short = self.slots.iter().filter(|slot| slot.number != 0);
        let short = short.map(|slot| Spelled {
            first: slot.word().bytes(),
            all: "",
            number: slot.number - 1,
        });
        let long = self.long.each().map(|(word, number)| {
            let mut first = [0; Short::BYTES];
            first.copy_from_slice(&word.as_bytes()[..Short::BYTES]);
            Spelled { first, all: word, number }
        });
        let mut sorted: Vec<Spelled> = short.chain(long).collect();
        sorted.sort_unstable();
        sorted
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>() + self.long.bytes()
    }

    /// Bytes needed to sort them.
    pub fn room(&self) -> usize {
        self.len() as usize * size_of::<Spelled>()
    }
}

/// Where a word is looked for first, among so many slots, a power of two.
#[inline]
fn place(word: Short, slots: usize) -> usize {
    (word.hash() >> (64 - slots.ilog2())) as usize
}

/// The slot of a word, or the free one where it is to be.
#[inline]
fn slot_of(slots: &mut [Slot], word: Short) -> &mut Slot {
    let mask = slots.len() - 1;
    let mut at = place(word, slots.len());
    loop {
        let slot = slots[at];
        if slot.word() == word || slot.number == 0 {
            return &mut slots[at];
        }
        at = (at + 1) & mask;
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Vocabulary};

    #[test]
    fn words_that_are_much_alike_stand_apart() {
        for differs in 0..10 {
            let mut vocabulary = Vocabulary::default();
            let mut homes = std::collections::BTreeSet::new();
            for n in 0..400u16 {
                let mut word = *b"0000000000";
                (word[differs], word[(differs + 1) % 10]) =
                    (b'a' + (n / 20) as u8, b'a' + (n % 20) as u8);
                let Found::Short(word) = vocabulary.find(std::str::from_utf8(&word).unwrap())
                else {
                    panic!("ten bytes are few")
                };
                vocabulary.number_of(Found::Short(word));
                homes.insert(super::place(word, 1 << 16));
            }
            assert!(homes.len() > 200, "byte {differs}: {} places", homes.len());
        }
    }

    #[test]
    fn every_word_has_one_number_and_its_place_in_the_order() {
        let mut vocabulary = Vocabulary::default();
        let word = |n: u32| match n % 4 {
            0 => format!("{n}"),
            1 => format!("w{n:011}"),
            2 => format!("w{n:011}x"),
            _ => format!("é{n}é{n}"),
        };
        for round in 0..2 {
            for n in 0..20_000 {
                let found = vocabulary.find(&word(n));
                assert_eq!(vocabulary.number_of(found), n, "{round}");
            }
        }
        let mut expected: Vec<(String, u32)> = (0..20_000).map(|n| (word(n), n)).collect();
        expected.sort();
        let sorted = vocabulary.sorted();
        assert_eq!(sorted.len(), expected.len());
        for (found, (word, number)) in sorted.iter().zip(&expected) {
            assert_eq!((found.bytes(), found.number()), (word.as_bytes(), *number));
        }
    }
}
