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

/// A quote of a segment that answers a search: in twelve bytes, since there may be millions.
#[derive(Clone, Copy)]
struct Match {
    id: [u32; 2],
    doc: DocId,
}

impl Match {
    fn new(id: u64, doc: DocId) -> Match {
        Match { id: [(id >> 32) as u32, id as u32], doc }
    }

    fn id(&self) -> u64 {
        u64::from(self.id[0]) << 32 | u64::from(self.id[1])
    }
}

/// Number of the heap on which an identity is.
fn heap_of(id: u64) -> usize {
    (id >> (u64::BITS - HEAP_BITS)) as usize
}

/// Some matches, one heap behind the other.
struct Heaped {
    matches: Vec<Match>,
    /// Behind the last of each heap.
    ends: [u16; HEAPS],
}

impl Heaped {
    /// Puts some on heaps, in the order in which they came.
    fn new(some: &[Match]) -> Heaped {
        let mut ends = [0; HEAPS];
        some.iter().for_each(|found| ends[heap_of(found.id())] += 1);
        let mut before = 0;
        for end in &mut ends {
            before += std::mem::replace(end, before);
        }
        let mut matches = vec![Match::new(0, 0); some.len()];
        for &found in some {
            let end = &mut ends[heap_of(found.id())];
            matches[usize::from(*end)] = found;
            *end += 1;
        }
        Heaped { matches, ends }
    }

    fn range(&self, heap: usize) -> Range<usize> {
        let start = heap.checked_sub(1).map_or(0, |before| self.ends[before]);
        start.into()..self.ends[heap].into()
    }

    fn heap(&self, heap: usize) -> &[Match] {
        &self.matches[self.range(heap)]
    }
}

/// The matches of a segment, or of a part of one.
pub struct Heaps {
    heaped: Vec<Heaped>,
    /// Those on no heap yet.
    rest: Vec<Match>,
    best: Best<Group>,
}

impl Heaps {
    /// None yet; the first `most` groups may be shown, or all.
    pub fn new(most: Option<usize>, compare: Compare<Group>) -> Heaps {
        Heaps { heaped: Vec::new(), rest: Vec::new(), best: best(most, compare) }
    }

    /// Adds the match in a document.
    pub fn push(&mut self, doc: DocId, found: Group) {
        self.best.push(found);
        self.rest.push(Match::new(found.id, doc));
        if self.rest.len() == TOGETHER {
            self.heap();
        }
    }

    fn heap(&mut self) {
        self.heaped.push(Heaped::new(&self.rest));
        self.rest.clear();
    }

    /// Once there are all.
    pub fn close(mut self) -> Heaps {
        if !self.rest.is_empty() {
            self.heap();
        }
        Heaps { rest: Vec::new(), ..self }
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
        let all: usize = self.heaped.iter().map(|(_, heaped)| heaped.matches.len()).sum();
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
            for (_, heaped) in &mut self.heaped {
                for heap in 0..HEAPS {
                    let heap = heaped.range(heap);
                    heaped.matches[heap].sort_unstable_by_key(|found| (found.id(), found.doc));
                }
            }
        }
        let mut places = Vec::new();
        for (ord, heaped) in &self.heaped {
            let mut heap = heaped.heap(heap_of(group.id));
            if self.read >= LOOKED_FOR {
                heap = &heap[heap.partition_point(|found| found.id() < group.id)..];
                heap = &heap[..heap.partition_point(|found| found.id() == group.id)];
            }
            let same = heap.iter().filter(|found| found.id() == group.id);
            places.extend(same.map(|found| (*ord, found.doc)));
        }
        places
    }
}

/// How many identities there are among matches on one heap, counted with slots that are left as they are.
/// Identities are hashes already, and there are millions: a slot is told by some of their bits.
fn distinct<'a>(heap: impl Iterator<Item = &'a [Match]> + Clone, slots: &mut Vec<u64>) -> usize {
    const FREE: u64 = 0;
    let count: usize = heap.clone().map(<[Match]>::len).sum();
    slots.clear();
    slots.resize((count + count / 2).next_power_of_two(), FREE);
    let (mut free, mut distinct) = (false, 0);
    for id in heap.flatten().map(Match::id) {
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
