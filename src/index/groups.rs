//! The same words of the same speaker as one hit. What decides the place of a hit is kept only of
//! those that may be shown; of all others there is the identity, by which they are counted, and the
//! document, on heaps by bits of the identity.

use std::ops::Range;

use tantivy::DocId;

use super::names::Fit;
use super::order::{Best, Compare, Ordered};
use super::reader::At;
use super::threads::each_piece;

/// All matches with one `quote_id`: what decides their place is that of the first of them.
#[derive(Clone, Copy)]
pub struct Group {
    /// The `quote_id`.
    pub id: u64,
    /// Seconds of its article.
    pub date: i64,
    /// In thousandths.
    pub score: i32,
    /// How well the speaker fits.
    pub fit: Fit,
}

/// Bits of an identity that choose a heap.
const HEAP_BITS: u32 = 7;
const HEAPS: usize = 1 << HEAP_BITS;
/// Matches put on heaps together: they and their heaps lie in fast memory.
const TOGETHER: usize = 1 << 13;
/// Matches from which on heaps are counted by several threads.
const WORTH_THREADS: usize = 50_000;
/// Parts in which heaps are counted.
const PARTS: usize = 8;
/// Groups read back one by one before all matches are sorted: each is looked for in its heap.
const LOOKED_FOR: usize = 200;

/// Number of the heap on which an identity is.
fn heap_of(id: u64) -> usize {
    (id >> (u64::BITS - HEAP_BITS)) as usize
}

/// Some matches, one heap behind the other: ten bytes each, since there may be millions.
struct Heaped {
    ids: Vec<u64>,
    /// How far their documents are behind `first`.
    docs: Vec<u16>,
    first: DocId,
    /// Behind the last of each heap.
    ends: [u16; HEAPS],
}

impl Heaped {
    /// Puts some on heaps, in the order in which they came.
    fn new(some: &Rest) -> Heaped {
        let mut ends = [0; HEAPS];
        some.ids.iter().for_each(|&id| ends[heap_of(id)] += 1);
        let mut before = 0;
        for end in &mut ends {
            before += std::mem::replace(end, before);
        }
        let (mut ids, mut docs) = (vec![0; some.ids.len()], vec![0; some.ids.len()]);
        for (&id, &doc) in some.ids.iter().zip(&some.docs) {
            let end = &mut ends[heap_of(id)];
            (ids[usize::from(*end)], docs[usize::from(*end)]) = (id, doc);
            *end += 1;
        }
        Heaped { ids, docs, first: some.first, ends }
    }

    fn range(&self, heap: usize) -> Range<usize> {
        let start = heap.checked_sub(1).map_or(0, |before| self.ends[before]);
        start.into()..self.ends[heap].into()
    }

    fn heap(&self, heap: usize) -> &[u64] {
        &self.ids[self.range(heap)]
    }

    /// Puts those of each heap in the order of their identities, and of their documents where these are
    /// the same.
    fn sort(&mut self) {
        for heap in 0..HEAPS {
            let range = self.range(heap);
            let (ids, docs) = (&mut self.ids[range.clone()], &mut self.docs[range]);
            let both = ids.iter().copied().zip(docs.iter().copied());
            let mut both: Vec<(u64, u16)> = both.collect();
            both.sort_unstable();
            for ((id, doc), one) in ids.iter_mut().zip(docs).zip(both) {
                (*id, *doc) = one;
            }
        }
    }

    /// The documents with an identity, once they are sorted or before.
    fn docs_of(&self, id: u64, sorted: bool) -> impl Iterator<Item = DocId> {
        let mut range = self.range(heap_of(id));
        if sorted {
            let behind = |wanted: fn(&u64, &u64) -> bool| {
                range.start + self.ids[range.clone()].partition_point(|other| wanted(other, &id))
            };
            range = behind(u64::lt)..behind(u64::le);
        }
        let both = self.ids[range.clone()].iter().zip(&self.docs[range]);
        both.filter(move |&(&other, _)| other == id).map(|(_, &doc)| self.first + DocId::from(doc))
    }
}

/// Matches on no heap yet.
#[derive(Default)]
struct Rest {
    ids: Vec<u64>,
    docs: Vec<u16>,
    /// The document of the first.
    first: DocId,
}

/// The matches of a segment, or of a part of one.
pub struct Heaps {
    heaped: Vec<Heaped>,
    rest: Rest,
    best: Best<Group>,
}

impl Heaps {
    /// None yet; the first `most` groups may be shown, or all.
    pub fn new(most: Option<usize>, compare: Compare<Group>) -> Heaps {
        Heaps { heaped: Vec::new(), rest: Rest::default(), best: best(most, compare) }
    }

    /// Adds the match in a document.
    pub fn push(&mut self, doc: DocId, found: Group) {
        self.best.push(found);
        let too_far = doc.wrapping_sub(self.rest.first) > u16::MAX.into();
        if too_far || self.rest.ids.len() == TOGETHER {
            self.heap();
            self.rest.first = doc;
        }
        self.rest.ids.push(found.id);
        self.rest.docs.push(doc.wrapping_sub(self.rest.first) as u16);
    }

    fn heap(&mut self) {
        if !self.rest.ids.is_empty() {
            self.heaped.push(Heaped::new(&self.rest));
        }
        self.rest.ids.clear();
        self.rest.docs.clear();
    }

    /// Once there are all.
    pub fn close(mut self) -> Heaps {
        self.heap();
        Heaps { rest: Rest::default(), ..self }
    }
}

fn best(most: Option<usize>, compare: Compare<Group>) -> Best<Group> {
    Best::distinct(most, compare, |group| group.id)
}

/// The matches of all segments.
pub struct Found {
    /// With the numbers of their segments, whose order they are in.
    heaped: Vec<(u32, Heaped)>,
    /// Groups read back.
    read: usize,
}

impl Found {
    /// Of segments or parts of them, in order and with their numbers, once each is closed, and the groups
    /// that may be shown; `most` of them, or all.
    pub fn new(
        segments: Vec<(u32, Heaps)>,
        most: Option<usize>,
        compare: Compare<Group>,
    ) -> (Found, Ordered<Group>) {
        let (mut heaped, mut best) = (Vec::new(), best(most, compare));
        for (ord, segment) in segments {
            best.add(segment.best);
            heaped.extend(segment.heaped.into_iter().map(|heaped| (ord, heaped)));
        }
        (Found { heaped, read: 0 }, best.into_ordered().1)
    }

    /// How many groups there are.
    pub fn groups(&self) -> usize {
        let all: usize = self.heaped.iter().map(|(_, heaped)| heaped.ids.len()).sum();
        // Slots are made anew for each part: few of them.
        let counts = each_piece(all >= WORTH_THREADS, PARTS, |part| {
            let (mut slots, mut count) = (Vec::new(), 0);
            for number in (part..HEAPS).step_by(PARTS) {
                count += distinct(self.heaped.iter().map(|(_, one)| one.heap(number)), &mut slots);
            }
            count
        });
        counts.into_iter().sum()
    }

    /// Where the quotes of a group stand, in the order of their documents.
    pub fn places(&mut self, group: Group) -> Vec<At> {
        self.read += 1;
        if self.read == LOOKED_FOR {
            self.heaped.iter_mut().for_each(|(_, heaped)| heaped.sort());
        }
        let sorted = self.read >= LOOKED_FOR;
        let mut places = Vec::new();
        for (ord, heaped) in &self.heaped {
            places.extend(heaped.docs_of(group.id, sorted).map(|doc| (*ord, doc)));
        }
        places
    }
}

/// How many identities there are among matches on one heap, counted with slots that are left as they are.
/// Identities are hashes already, and there are millions: a slot is told by some of their bits.
fn distinct<'a>(heap: impl Iterator<Item = &'a [u64]> + Clone, slots: &mut Vec<u64>) -> usize {
    const FREE: u64 = 0;
    let count: usize = heap.clone().map(<[u64]>::len).sum();
    slots.clear();
    slots.resize((count + count / 2).next_power_of_two(), FREE);
    let (mut free, mut distinct) = (false, 0);
    for &id in heap.flatten() {
        let mut at = id as usize & (slots.len() - 1);
        while slots[at] != id && slots[at] != FREE {
            at = (at + 1) & (slots.len() - 1);
        }
        distinct += usize::from(slots[at] != id);
        slots[at] = id;
        free |= id == FREE;
    }
    distinct + usize::from(free)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Fit, Found, Group, Heaps};

    type Key = (Fit, i32, i64, u64);

    fn key(group: &Group) -> Key {
        (group.fit, -group.score, group.date, group.id)
    }

    /// So many matches, of which many have the same identity and no two the same date.
    fn matches(count: u64) -> impl Iterator<Item = Group> {
        let mut seed = 11u64;
        (0..count).map(move |n| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let number = (seed >> 33) % (count / 2 + 1);
            let fit = if seed >> 40 & 7 == 0 { Fit::Exact } else { Fit::Similar };
            let (id, date) =
                (number.wrapping_mul(0x9e37_79b9_7f4a_7c15), (seed >> 50 << 20 | n) as i64);
            Group { id, date, score: (seed >> 45 & 3) as i32, fit }
        })
    }

    #[test]
    fn the_first_groups_are_those_of_all_matches_in_order() {
        for count in [0, 1, 100, 3000, 16383, 16384, 40000] {
            let mut best: BTreeMap<u64, Key> = BTreeMap::new();
            for found in matches(count) {
                let known = best.entry(found.id).or_insert(key(&found));
                *known = (*known).min(key(&found));
            }
            let mut sorted: Vec<Key> = best.values().copied().collect();
            sorted.sort();
            for most in [Some(0), Some(1), Some(10), Some(500), None] {
                let compare = |a: &Group, b: &Group| key(a).cmp(&key(b));
                let mut segments = [Heaps::new(most, compare), Heaps::new(most, compare)];
                for (doc, found) in (0..).zip(matches(count)) {
                    segments[doc as usize % 2].push(doc, found);
                }
                let segments = (0..).zip(segments.map(Heaps::close)).collect();
                let (mut found, groups) = Found::new(segments, most, compare);
                assert_eq!(found.groups(), sorted.len());
                let groups: Vec<Group> = groups.collect();
                let wanted = sorted.iter().copied().take(most.unwrap_or(usize::MAX));
                assert!(groups.iter().map(key).eq(wanted), "{most:?} of {count}");
                for group in groups {
                    let mut places = found.places(group);
                    places.sort_unstable_by_key(|&(_, doc)| doc);
                    let docs = places.into_iter().map(|(_, doc)| doc);
                    let same = (0..).zip(matches(count)).filter(|(_, one)| one.id == group.id);
                    assert!(docs.eq(same.map(|(doc, _)| doc)));
                }
            }
        }
    }
}
