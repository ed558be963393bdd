//! The same words of the same speaker as one hit: matches are thrown on heaps by identity, and each
//! heap is put together by itself. Only the groups that may be shown are kept.

use tantivy::DocId;

use super::names::Fit;
use super::order::{Best, Compare};
use super::reader::At;
use super::threads::{each_piece, threads};

/// A quote of a segment that answers a search.
#[derive(Clone, Copy)]
pub struct Match {
    /// The `quote_id`.
    pub id: u64,
    /// Seconds of its article.
    pub date: i64,
    /// Its document.
    pub doc: DocId,
    /// Twice the score in thousandths, one more where the speaker fits but nearly.
    rank: i32,
}

impl Match {
    /// A match of so many thousandths.
    pub fn new(id: u64, date: i64, doc: DocId, score: i64, fit: Fit) -> Match {
        let score = score.clamp(0, i64::from(i32::MAX / 2)) as i32;
        Match { id, date, doc, rank: score * 2 + i32::from(fit == Fit::Similar) }
    }

    fn fit(&self) -> Fit {
        if self.rank & 1 == 0 { Fit::Exact } else { Fit::Similar }
    }
}

/// All matches with one `quote_id`: what decides their place.
#[derive(Clone, Copy)]
pub struct Group {
    /// The `quote_id`.
    pub id: u64,
    /// The earliest.
    pub date: i64,
    /// The highest, in thousandths.
    pub score: i32,
    /// The best.
    pub fit: Fit,
}

impl Group {
    fn of(found: &Match) -> Group {
        Group { id: found.id, date: found.date, score: found.rank / 2, fit: found.fit() }
    }

    fn add(&mut self, other: Group) {
        self.date = self.date.min(other.date);
        self.score = self.score.max(other.score);
        self.fit = self.fit.min(other.fit);
    }
}

/// Bits of an identity that choose a heap.
const HEAP_BITS: u32 = 7;
/// Matches from which on heaps are put together by several threads.
const WORTH_THREADS: usize = 50_000;
/// Groups read back one by one before all matches are sorted: each is looked for in its heap.
const LOOKED_FOR: usize = 200;
/// Bytes of the first stretch of a heap; each is twice as long as the one before it, up to `LONGEST`.
/// Allocators round up to powers of two, or leave more free than that.
const FIRST: usize = 1 << 7;
/// Bytes of the longest.
const LONGEST: usize = 1 << 14;

/// Matches on one heap, in stretches. Nobody knows beforehand how many there will be, and a list
/// that grows takes twice the memory.
type Stretches = Vec<Vec<Match>>;

/// The matches of a segment by the first bits of their identities.
pub struct Heaps(Vec<Stretches>);

impl Default for Heaps {
    fn default() -> Self {
        Heaps(vec![Stretches::new(); 1 << HEAP_BITS])
    }
}

impl Heaps {
    /// Adds a match.
    pub fn push(&mut self, found: Match) {
        let heap = &mut self.0[heap_of(found.id)];
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

    fn len(&self) -> usize {
        self.0.iter().flatten().map(Vec::len).sum()
    }
}

fn heap_of(id: u64) -> usize {
    (id >> (u64::BITS - HEAP_BITS)) as usize
}

/// The matches of all segments.
pub struct Found {
    segments: Vec<Heaps>,
    /// Groups read back.
    read: usize,
}

impl Found {
    /// Of segments in order.
    pub fn new(segments: Vec<Heaps>) -> Found {
        Found { segments, read: 0 }
    }

    /// Puts matches with the same identity together: how many there are, and the first `most` of
    /// them in any order, or all.
    pub fn grouped(&self, most: Option<usize>, compare: Compare<Group>) -> Best<Group> {
        let all: usize = self.segments.iter().map(Heaps::len).sum();
        let threads = threads(all >= WORTH_THREADS);
        let share = (1usize << HEAP_BITS).div_ceil(threads);
        let parts = each_piece(threads, threads, |part| {
            let (mut best, mut heap) = (Best::new(most, compare), Heap::default());
            for number in part * share..((part + 1) * share).min(1 << HEAP_BITS) {
                heap.fill(self.segments.iter().flat_map(|heaps| &heaps.0[number]));
                heap.groups.drain(..).for_each(|group| best.push(group));
            }
            best
        });
        let mut best = Best::new(most, compare);
        parts.into_iter().for_each(|more| best.add(more));
        best
    }

    /// Where the quotes of a group stand, in the order of their documents.
    pub fn places(&mut self, group: Group) -> Vec<At> {
        self.read += 1;
        if self.read == LOOKED_FOR {
            for heap in self.segments.iter_mut().flat_map(|heaps| &mut heaps.0) {
                let mut all: Vec<Match> = heap.drain(..).flatten().collect();
                all.sort_unstable_by_key(|found| (found.id, found.doc));
                heap.push(all);
            }
        }
        let mut places = Vec::new();
        for (ord, heaps) in (0..).zip(&self.segments) {
            for stretch in &heaps.0[heap_of(group.id)] {
                let mut stretch = stretch.as_slice();
                if self.read >= LOOKED_FOR {
                    stretch = &stretch[stretch.partition_point(|found| found.id < group.id)..];
                    stretch = &stretch[..stretch.partition_point(|found| found.id == group.id)];
                }
                let same = stretch.iter().filter(|found| found.id == group.id);
                places.extend(same.map(|found| (ord, found.doc)));
            }
        }
        places
    }
}

/// The groups of one heap, found by their identities.
#[derive(Default)]
struct Heap {
    groups: Vec<Group>,
    /// Numbers of groups, plus one; nothing is 0. The last bits of an identity say where to look.
    slots: Vec<u32>,
}

impl Heap {
    fn fill<'a>(&mut self, parts: impl Iterator<Item = &'a Vec<Match>> + Clone) {
        let count: usize = parts.clone().map(Vec::len).sum();
        self.groups.clear();
        self.slots.clear();
        self.slots.resize((count * 2).next_power_of_two(), 0);
        parts.flatten().for_each(|found| self.add(Group::of(found)));
    }

    fn add(&mut self, group: Group) {
        let last = self.slots.len() - 1;
        let mut at = group.id as usize & last;
        loop {
            match self.slots[at] {
                0 => {
                    self.groups.push(group);
                    self.slots[at] = self.groups.len() as u32;
                    return;
                }
                number => {
                    let known = &mut self.groups[number as usize - 1];
                    if known.id == group.id {
                        return known.add(group);
                    }
                    at = (at + 1) & last;
                }
            }
        }
    }
}
