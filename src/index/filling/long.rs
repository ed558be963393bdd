//! Words that are too long for a slot, one behind the other: a piece of memory for each would cost more than
//! most of them are long.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::super::varint;
use super::grown;

/// Words and their numbers.
#[derive(Default)]
pub struct LongWords {
    table: HashTable<Long>,
    /// The bytes of each behind how many they are.
    bytes: Vec<u8>,
}

#[derive(Clone, Copy)]
struct Long {
    /// Where it is; a segment is closed before it holds so much.
    start: u32,
    number: u32,
}

impl LongWords {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// The number of a word; one that is new gets this one.
    pub fn number_of(&mut self, word: &str, new: u32) -> u32 {
        let LongWords { table, bytes } = self;
        let hash = |word: &[u8]| FxBuildHasher.hash_one(word);
        let this = hash(word.as_bytes());
        if let Some(long) = table.find(this, |long| at(bytes, long.start) == word.as_bytes()) {
            return long.number;
        }
        let start = bytes.len() as u32;
        table.insert_unique(this, Long { start, number: new }, |long| hash(at(bytes, long.start)));
        grown(bytes, word.len() + 10);
        varint::push(bytes, word.len() as u64);
        bytes.extend_from_slice(word.as_bytes());
        new
    }

    /// All of them and their numbers.
    pub fn each(&self) -> impl Iterator<Item = (&str, u32)> {
        let word = |start| std::str::from_utf8(at(&self.bytes, start)).unwrap_or_default();
        self.table.iter().map(move |long| (word(long.start), long.number))
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.table.allocation_size() + self.bytes.capacity()
    }
}

/// The word that begins there.
fn at(bytes: &[u8], start: u32) -> &[u8] {
    let mut rest = &bytes[start as usize..];
    let length = varint::take(&mut rest).unwrap_or(0);
    &rest[..length as usize]
}
