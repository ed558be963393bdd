//! The file of a segment that tells in which of its names a word stands, so that whoever is asked for
//! by a surname is found without going through all names. Names are numbered as their dictionary
//! has them; a dictionary of few names has no list here, it is gone through as fast.
//!
//! A list is two runs of bytes: its words in order, each with the bytes it shares with the one
//! before, its other bytes, and how many bytes of the second run are its own; there, the numbers of
//! the names, each as its distance from the one before.

mod fill;

pub use fill::RosterPlugin;

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use tantivy::SegmentReader;
use tantivy::directory::OwnedBytes;
use tantivy::index::SegmentComponent;
use tantivy::schema::Field;

use super::names::{NameQuery, similar};
use super::varint;

/// Ends of the names of these files.
const EXTENSION: &str = "roster";
/// Names from which on a dictionary has a list.
pub const WORTH_A_LIST: usize = 1 << 16;
/// Lists in a file.
const LISTS: usize = 2;
/// Bytes at the end of a file: the lengths of the two runs of each list.
const TAIL: usize = LISTS * 2 * 4;

/// Whose names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Those that quotes are attributed to: the column `speaker`.
    Speakers,
    /// Those that articles name: the terms of `entities`. What quotes name is among them.
    Entities,
}

fn component() -> SegmentComponent {
    SegmentComponent::Custom(EXTENSION.into())
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a list of names is damaged")
}

/// The rosters of all segments of an open index. Who asks a second time for what a segment has no
/// list of is likely to go on asking: then one is made.
#[derive(Clone)]
pub struct Rosters {
    segments: Arc<[[Slot; LISTS]]>,
    entities: Field,
}

#[derive(Default)]
struct Slot {
    asked: AtomicBool,
    roster: OnceLock<Roster>,
}

impl Rosters {
    /// Of so many segments. `entities` is the field.
    pub fn new(segments: usize, entities: Field) -> Rosters {
        let segments = (0..segments).map(|_| <[Slot; LISTS]>::default()).collect();
        Rosters { segments, entities }
    }

    /// That of a segment, whose number is given, if there is one by now.
    pub fn get(
        &self,
        ord: u32,
        segment: &SegmentReader,
        names: Names,
    ) -> tantivy::Result<Option<&Roster>> {
        let slot = &self.segments[ord as usize][names as usize];
        if let Some(known) = slot.roster.get() {
            return Ok(Some(known));
        }
        let again = slot.asked.swap(true, Ordering::Relaxed);
        let fresh = match Roster::open(segment, names)? {
            None if again => Some(Roster::made(segment, names, self.entities)?),
            stored => stored,
        };
        Ok(fresh.map(|fresh| slot.roster.get_or_init(|| fresh)))
    }
}

impl std::fmt::Debug for Rosters {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{} rosters", self.segments.len())
    }
}

/// The words of the names of a dictionary.
pub struct Roster {
    words: OwnedBytes,
    lists: OwnedBytes,
}

impl Roster {
    /// That of a segment, where its names are worth one.
    ///
    /// # Errors
    /// When the file is missing or damaged.
    pub fn open(segment: &SegmentReader, names: Names) -> tantivy::Result<Option<Roster>> {
        let bytes = segment.open_read(component())?.read_bytes()?;
        let runs = bytes.len().checked_sub(TAIL).ok_or_else(damaged)?;
        let (runs, tail) = bytes.split(runs);
        let lengths: Vec<usize> =
            tail.as_chunks().0.iter().map(|length| u32::from_le_bytes(*length) as usize).collect();
        let number = names as usize * 2;
        let start: usize = lengths[..number].iter().sum();
        let (middle, end) =
            (start + lengths[number], start + lengths[number] + lengths[number + 1]);
        if end > runs.len() {
            return Err(damaged().into());
        }
        let roster = Roster { words: runs.slice(start..middle), lists: runs.slice(middle..end) };
        Ok((start < middle).then_some(roster))
    }

    /// That of a segment, however few names it has.
    fn made(segment: &SegmentReader, names: Names, entities: Field) -> tantivy::Result<Roster> {
        let (words, lists) = match names {
            Names::Speakers => fill::of_speakers(segment, 0)?,
            Names::Entities => fill::of_entities(segment, entities, 0)?,
        };
        Ok(Roster { words: OwnedBytes::new(words), lists: OwnedBytes::new(lists) })
    }

    /// Numbers of the names that have all words of a query, typed so or with typos; ascending.
    ///
    /// # Errors
    /// When the list is damaged.
    pub fn alike(&self, query: &NameQuery) -> io::Result<Vec<u64>> {
        let mut found: Vec<Vec<u64>> = vec![Vec::new(); query.words().len()];
        let (mut word, mut rest, mut lists) = (Vec::new(), &self.words[..], &self.lists[..]);
        // Words of all other first letters are passed over, and those behind the last not read.
        let last = query.words().iter().filter_map(|typed| typed.as_bytes().first()).max();
        while !rest.is_empty() && word.first() <= last {
            let shared = take(&mut rest)? as usize;
            let length = take(&mut rest)? as usize;
            word.truncate(shared);
            word.extend_from_slice(cut(&mut rest, length)?);
            let length = take(&mut rest)? as usize;
            let list = cut(&mut lists, length)?;
            for (typed, found) in query.words().iter().zip(&mut found) {
                let begins = typed.as_bytes().first() == word.first();
                let word = if begins { std::str::from_utf8(&word).ok() } else { None };
                if word.is_some_and(|word| similar(typed, word)) {
                    read_list(list, found)?;
                }
            }
        }
        found.iter_mut().for_each(|numbers| numbers.sort_unstable());
        let mut found = found.into_iter();
        let mut all = found.next().unwrap_or_default();
        found.for_each(|more| all.retain(|number| more.binary_search(number).is_ok()));
        all.dedup();
        Ok(all)
    }
}

fn read_list(mut list: &[u8], numbers: &mut Vec<u64>) -> io::Result<()> {
    let mut number = 0u64;
    while !list.is_empty() {
        number = take(&mut list)?.checked_add(number).ok_or_else(damaged)?;
        numbers.push(number);
    }
    Ok(())
}

/// Takes a number from the beginning of bytes.
fn take(bytes: &mut &[u8]) -> io::Result<u64> {
    varint::take(bytes).ok_or_else(damaged)
}

fn cut<'a>(bytes: &mut &'a [u8], length: usize) -> io::Result<&'a [u8]> {
    let (cut, rest) = bytes.split_at_checked(length).ok_or_else(damaged)?;
    *bytes = rest;
    Ok(cut)
}

#[cfg(test)]
mod tests {
    use tantivy::directory::OwnedBytes;

    use super::fill::Filling;
    use super::{NameQuery, Roster};

    fn roster(names: &[&str]) -> Roster {
        let mut filling = Filling::default();
        (0..).zip(names).for_each(|(number, name)| filling.add(number, name.as_bytes()));
        let (words, lists) = filling.close();
        Roster { words: OwnedBytes::new(words), lists: OwnedBytes::new(lists) }
    }

    #[test]
    fn finds_what_may_fit() {
        let roster = roster(&[
            "group:residents",
            "organisation:trump organization",
            "person:donald trump",
            "person:john trumpf\u{1f}John Q. Trumpf",
            "person:john smith smith",
            "place:zürich",
        ]);
        let cases: [(&str, &[u64]); 10] = [
            ("trump", &[1, 2, 3]),
            ("Donald Trump", &[2]),
            ("trump donald", &[2]),
            ("trumpf john", &[3]),
            ("q", &[3]),
            ("smith", &[4]),
            ("smith smith", &[4]),
            ("zurich", &[5]),
            ("rump", &[]),
            ("…", &[]),
        ];
        for (typed, expected) in cases {
            assert_eq!(roster.alike(&NameQuery::new(typed)).unwrap(), expected, "{typed}");
        }
    }

    #[test]
    fn tells_of_damage() {
        let mut roster = roster(&["person:donald trump", "person:john smith"]);
        let query = NameQuery::new("smith");
        assert!(roster.alike(&query).is_ok());
        for length in 1..roster.words.len() {
            let cut = Roster { words: roster.words.slice(0..length), lists: roster.lists.clone() };
            // A cut between two words is nothing to be seen here: the engine's checksum tells of it.
            if let Ok(found) = cut.alike(&query) {
                assert!(found.is_empty() || found == [1]);
            }
        }
        roster.lists = OwnedBytes::new(vec![0xff; roster.lists.len()]);
        assert!(roster.alike(&query).is_err());
    }
}
