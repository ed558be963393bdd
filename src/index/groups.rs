//! The same words of the same speaker as one hit. What decides the place of a hit is kept only of
//! those that may be shown; of all others there is the identity, by which they are counted, and the
//! document, thrown on heaps by bits of the identity: a few heaps, or many where there are many matches.

use rustc_hash::FxHashSet;
use tantivy::DocId;

use super::names::Fit;
use super::order::{Best, Compare, Ordered};
use super::reader::At;
use super::threads::{each_piece, threads};

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

/// Bits of an identity that choose one of a few heaps.
const FEW_BITS: u32 = 3;
/// Bits of an identity that choose one of many.
const HEAP_BITS: u32 = 7;
/// Matches of a segment from which on there are many heaps: to begin each of them takes as long as to
/// look through some hundred matches.
const WORTH_HEAPS: usize = 1 << 11;
/// Matches from which on heaps are counted by several threads.
const WORTH_THREADS: usize = 50_000;
/// Groups read back one by one before all matches are sorted: each is looked for in its heap.
const LOOKED_FOR: usize = 200;
/// Bytes of the first stretch of a heap; each is twice as long as the one before it, up to `LONGEST`.
/// Allocators round up to powers of two, or leave more free than that.
const FIRST: usize = 1 << 7;
/// Bytes of the longest.
const LONGEST: usize = 1 << 14;

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

/// Matches on one heap, in stretches. Nobody knows beforehand how many there will be, and a list
/// that grows takes twice the memory.
type Stretches = Vec<Vec<Match>>;

/// Matches by their identities, on a few heaps or on many.
struct Thrown {
    heaps: Vec<Stretches>,
    /// How many there are.
    count: usize,
}

impl Thrown {
    /// None, on a few heaps.
    fn new() -> Thrown {
        Thrown { heaps: vec![Stretches::new(); 1 << FEW_BITS], count: 0 }
    }

    /// Number of the heap on which an identity is.
    fn heap_of(&self, id: u64) -> usize {
        (id >> (u64::BITS - HEAP_BITS)) as usize & (self.heaps.len() - 1)
    }

    fn add(&mut self, found: Match) {
        self.throw(found);
        self.count += 1;
        if self.count == WORTH_HEAPS {
            self.spread();
        }
    }

    fn throw(&mut self, found: Match) {
        let number = self.heap_of(found.id());
        let heap = &mut self.heaps[number];
        match heap.last_mut() {
            Some(last) if last.len() < last.capacity() => last.push(found),
            _ => {
                let bytes = (FIRST << heap.len().min(8)).min(LONGEST);
                let mut next = Vec::with_capacity(bytes / size_of::<Match>());
                next.push(found);
                heap.push(next);
            }
        }
    }

    fn is_spread(&self) -> bool {
        self.heaps.len() > 1 << FEW_BITS
    }

    /// From a few heaps to many.
    fn spread(&mut self) {
        let few = std::mem::replace(&mut self.heaps, vec![Stretches::new(); 1 << HEAP_BITS]);
        few.into_iter().flatten().flatten().for_each(|found| self.throw(found));
    }
}

/// The matches of a segment.
pub struct Heaps {
    thrown: Thrown,
    best: Best<Group>,
}

impl Heaps {
    /// None yet; the first `most` groups may be shown, or all.
    pub fn new(most: Option<usize>, compare: Compare<Group>) -> Heaps {
        Heaps { thrown: Thrown::new(), best: best(most, compare) }
    }

    /// Adds the match in a document.
    pub fn push(&mut self, doc: DocId, found: Group) {
        self.best.push(found);
        self.thrown.add(Match::new(found.id, doc));
    }
}

fn best(most: Option<usize>, compare: Compare<Group>) -> Best<Group> {
    Best::distinct(most, compare, |group| group.id)
}

/// The matches of all segments.
pub struct Found {
    /// On as many heaps each.
    segments: Vec<Thrown>,
    /// Groups read back.
    read: usize,
}

impl Found {
    /// Of segments in order, with the groups that may be shown; `most` of them, or all.
    pub fn new(
        segments: Vec<Heaps>,
        most: Option<usize>,
        compare: Compare<Group>,
    ) -> (Found, Ordered<Group>) {
        let (mut all, mut best) = (Vec::new(), best(most, compare));
        for segment in segments {
            best.add(segment.best);
            all.push(segment.thrown);
        }
        if all.iter().any(Thrown::is_spread) {
            all.iter_mut().filter(|one| !one.is_spread()).for_each(Thrown::spread);
        }
        (Found { segments: all, read: 0 }, best.into_ordered().1)
    }

    /// How many groups there are.
    pub fn groups(&self) -> usize {
        let all: usize = self.segments.iter().map(|thrown| thrown.count).sum();
        let threads = threads(all >= WORTH_THREADS);
        let heaps = self.segments.first().map_or(0, |thrown| thrown.heaps.len());
        let share = heaps.div_ceil(threads);
        let counts = each_piece(threads, threads, |part| {
            let (mut ids, mut count) = (FxHashSet::default(), 0);
            for number in part * share..((part + 1) * share).min(heaps) {
                ids.clear();
                let heaps = self.segments.iter().flat_map(|thrown| &thrown.heaps[number]);
                ids.extend(heaps.flatten().map(Match::id));
                count += ids.len();
            }
            count
        });
        counts.into_iter().sum()
    }

    /// Where the quotes of a group stand, in the order of their documents.
    pub fn places(&mut self, group: Group) -> Vec<At> {
        self.read += 1;
        if self.read == LOOKED_FOR {
            for heap in self.segments.iter_mut().flat_map(|thrown| &mut thrown.heaps) {
                let mut all: Vec<Match> = heap.drain(..).flatten().collect();
                all.sort_unstable_by_key(|found| (found.id, found.doc));
                heap.push(all);
            }
        }
        let mut places = Vec::new();
        for (ord, thrown) in (0..).zip(&self.segments) {
            for stretch in &thrown.heaps[thrown.heap_of(group.id)] {
                let mut stretch = stretch.as_slice();
                if self.read >= LOOKED_FOR {
                    stretch = &stretch[stretch.partition_point(|found| found.id() < group.id)..];
                    stretch = &stretch[..stretch.partition_point(|found| found.id() == group.id)];
                }
                let same = stretch.iter().filter(|found| found.id() == group.id);
                places.extend(same.map(|found| (ord, found.doc)));
            }
        }
        places
    }
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
        for count in [0, 1, 100, 3000, 4095, 4096] {
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
                let (mut found, groups) = Found::new(segments.into(), most, compare);
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
