//! Where the terms of a field stand: taken down as they come, sorted by counting when the segment is
//! written (distribution counting, Knuth, The Art of Computer Programming 3, 5.2).
//!
//! A text is a row of numbers, two bytes each but for those of words that came late, and so are rare.
//! They are gone through a few times: once to count, then for as many terms at a time as there is
//! room for, whose places fall into order by themselves.

use std::io;
use std::slice::Iter;

use tantivy::DocId;
use tantivy::postings::FieldSerializer;

use super::push;
use super::vocabulary::Spelled;

/// Set in the first half of a number that needs two.
const LONG: u16 = 1 << 15;
/// Half-numbers from which on a list goes on elsewhere, so that it never moves as it grows.
const CHUNK: usize = 1 << 19;
/// The places of one part of the terms in so many are sorted at a time; more, where they are few.
const PARTS: usize = 6;
const LEAST_ROOM: usize = 1 << 18;
/// The terms of documents, one after the other; each with a place, if `PLACED`, or else in the place
/// behind the one before.
#[derive(Default)]
pub struct Listed<const PLACED: bool> {
    chunks: Vec<Chunk>,
    total: usize,
}

#[derive(Default)]
struct Chunk {
    halves: Vec<u16>,
    /// Documents, and how many terms each has.
    documents: Vec<(DocId, u32)>,
}

/// The list of one document.
pub struct Open<'a, const PLACED: bool> {
    chunk: &'a mut Chunk,
    total: &'a mut usize,
    document: DocId,
    count: u32,
}

impl<const PLACED: bool> Open<'_, PLACED> {
    #[inline]
    fn put(&mut self, number: u32) {
        if number < u32::from(LONG) {
            self.chunk.halves.push(number as u16);
        } else {
            self.chunk.halves.extend([(number >> 16) as u16 | LONG, number as u16]);
        }
    }
}

impl Open<'_, false> {
    /// Adds a term behind the others.
    #[inline]
    pub fn push(&mut self, term: u32) {
        self.put(term);
        self.count += 1;
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        self.count
    }
}

impl Open<'_, true> {
    /// Adds a term. Of the same term, no place may come before a lower one.
    pub fn push(&mut self, term: u32, place: u32) {
        self.put(term);
        self.put(place);
        self.count += 1;
    }
}

impl<const PLACED: bool> Drop for Open<'_, PLACED> {
    fn drop(&mut self) {
        push(&mut self.chunk.documents, (self.document, self.count));
        *self.total += self.count as usize;
    }
}

/// A document and a place in it, as they are sorted.
#[derive(Clone, Copy, Default)]
struct Place {
    document: DocId,
    place: u32,
}

impl<const PLACED: bool> Listed<PLACED> {
    /// Begins the list of a document, which comes after those before.
    pub fn open(&mut self, document: DocId) -> Open<'_, PLACED> {
        let full = |chunk: &Chunk| chunk.halves.len() >= CHUNK;
        if self.chunks.last().is_none_or(full) {
            let room = if self.chunks.is_empty() { 0 } else { CHUNK + CHUNK / 16 };
            self.chunks.push(Chunk { halves: Vec::with_capacity(room), documents: Vec::new() });
        }
        let last = self.chunks.len() - 1;
        Open { chunk: &mut self.chunks[last], total: &mut self.total, document, count: 0 }
    }

    /// How many terms there are, each as often as it stands.
    pub fn total(&self) -> u64 {
        self.total as u64
    }

    /// Places that are sorted at a time.
    fn at_once(&self) -> usize {
        self.total.min(LEAST_ROOM.max(self.total / PARTS))
    }

    /// Bytes needed to sort it.
    pub fn room(&self) -> usize {
        self.at_once() * size_of::<Place>()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let chunks = self.chunks.iter().map(|chunk| {
            chunk.halves.capacity() * size_of::<u16>()
                + chunk.documents.capacity() * size_of::<(DocId, u32)>()
        });
        chunks.sum()
    }

    /// Hands on every term with its document and place.
    #[inline]
    fn each(&self, mut take: impl FnMut(u32, DocId, u32)) {
        for chunk in &self.chunks {
            let mut halves = chunk.halves.iter();
            for &(document, count) in &chunk.documents {
                for behind in 0..count {
                    let term = read(&mut halves);
                    let place = if PLACED { read(&mut halves) } else { behind };
                    take(term, document, place);
                }
            }
        }
    }

    /// Writes the terms that there are, of all `words` in their order.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write(self, words: &[Spelled<'_>], to: &mut FieldSerializer<'_>) -> io::Result<()> {
        let mut counts = vec![0u32; words.len()];
        self.each(|term, _, _| counts[term as usize] += 1);
        let count = |word: &Spelled<'_>| counts[word.number() as usize] as usize;
        let room = words.iter().map(count).max().unwrap_or(0).max(self.at_once());
        // Places of other terms go into the first, one over the other: whether a term is one of those
        // that are sorted now is nothing that a processor could guess.
        let mut ends = vec![0u32; words.len()];
        let mut sorted = vec![Place::default(); 1 + room];
        let (mut rest, mut gaps) = (words, Vec::new());
        while !rest.is_empty() {
            let fits = rest.iter().scan(0, |held, word| {
                *held += count(word);
                (*held <= room).then_some(())
            });
            let (now, later) = rest.split_at(fits.count());
            let mut start = 1;
            for word in now {
                ends[word.number() as usize] = start;
                start += count(word) as u32;
            }
            self.each(|term, document, place| {
                let end = &mut ends[term as usize];
                sorted[*end as usize] = Place { document, place };
                *end += u32::from(*end > 0);
            });
            let mut places = &sorted[1..];
            for word in now {
                let (own, behind) = places.split_at(count(word));
                places = behind;
                ends[word.number() as usize] = 0;
                write_term(word.bytes(), own, &mut gaps, to)?;
            }
            rest = later;
        }
        Ok(())
    }
}

#[inline]
fn read(halves: &mut Iter<'_, u16>) -> u32 {
    let mut next = || u32::from(halves.next().copied().unwrap_or_default());
    match next() {
        first if first < u32::from(LONG) => first,
        first => (first - u32::from(LONG)) << 16 | next(),
    }
}

/// Writes a term; nothing of one that stands nowhere. `gaps` is room.
fn write_term(
    term: &[u8],
    places: &[Place],
    gaps: &mut Vec<u32>,
    to: &mut FieldSerializer<'_>,
) -> io::Result<()> {
    if places.is_empty() {
        return Ok(());
    }
    let same = |a: &Place, b: &Place| a.document == b.document;
    to.new_term(term, places.chunk_by(same).count() as u32, true)?;
    for places in places.chunk_by(same) {
        gaps.clear();
        let mut before = 0;
        for one in places {
            gaps.push(one.place - before);
            before = one.place;
        }
        to.write_doc(places[0].document, gaps.len() as u32, gaps);
    }
    to.close_term()
}

/// The numbers of documents, which are terms without places.
#[derive(Default)]
pub struct Numbers {
    /// Those of at most 32 bits: buckets, of which there are most.
    small: Vec<(u32, DocId)>,
    others: Vec<(u64, DocId)>,
}

impl Numbers {
    /// Adds a number of a document.
    pub fn add(&mut self, number: u64, document: DocId) {
        match u32::try_from(number) {
            Ok(number) => push(&mut self.small, (number, document)),
            Err(_) => push(&mut self.others, (number, document)),
        }
    }

    /// How many there are.
    pub fn total(&self) -> u64 {
        (self.small.len() + self.others.len()) as u64
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.small.capacity() * size_of::<(u32, DocId)>()
            + self.others.capacity() * size_of::<(u64, DocId)>()
    }

    /// Writes the numbers.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write(self, to: &mut FieldSerializer<'_>) -> io::Result<()> {
        write_numbers(self.small, to)?;
        write_numbers(self.others, to)
    }
}

fn write_numbers<N: Copy + Ord + Into<u64>>(
    mut numbers: Vec<(N, DocId)>,
    to: &mut FieldSerializer<'_>,
) -> io::Result<()> {
    numbers.sort_unstable();
    numbers.dedup();
    for same in numbers.chunk_by(|a, b| a.0 == b.0) {
        let number: u64 = same[0].0.into();
        to.new_term_without_freq(&number.to_be_bytes())?;
        same.iter().for_each(|&(_, document)| to.write_doc(document, 0, &[]));
        to.close_term()?;
    }
    Ok(())
}
