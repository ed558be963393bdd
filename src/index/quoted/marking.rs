//! Setting bits where words end in passages.

use std::ops::Range;

use tantivy::DocId;
use tantivy::fieldnorm::FieldNormReader;

use super::super::places::REACH;

/// Bits of a byte.
pub(super) const BITS: u64 = u8::BITS as u64;
/// Bytes behind the bits.
const SPARE: usize = size_of::<u64>() + 1;

/// What is worked with. Parts take it one after the other: new room would have to be fetched for each.
#[derive(Default)]
pub(super) struct Room {
    /// Where the bits of each document begin, in bytes, and behind them how many there are.
    pub(super) first: Vec<u32>,
    /// Of each phrase, whether it ends here.
    pub(super) bits: Vec<Vec<u8>>,
    /// The same as far as one word of several tells: the first, and the last.
    pub(super) of_words: Vec<[Vec<u8>; 2]>,
}

/// The bits of a passage; none of one that is not among the documents, of which its number is.
pub(super) fn bits_of(first: &[u32], passage: DocId) -> Range<u64> {
    let bit = |byte: u32| u64::from(byte) * BITS;
    match first.get(passage as usize..) {
        Some(&[first, behind, ..]) => bit(first)..bit(behind),
        _ => 0..0,
    }
}

/// Sets the bits where words would end as far as one of them tells.
pub(super) struct Marking<'a> {
    /// The first document, and where the bits of each begin.
    first: (DocId, &'a [u32]),
    /// With `SPARE` more: `ones` looks at all but the last, to which goes what is not wanted.
    bits: &'a mut [u8],
    /// How many words come behind it.
    behind: u64,
    /// The bits of the passages in hand.
    passages: Vec<Range<u64>>,
    /// Of each place in these, whether it is the first in its passage: one or nothing.
    firsts: Vec<u8>,
}

impl<'a> Marking<'a> {
    /// Begins with no bit set.
    pub(super) fn new(
        first: (DocId, &'a [u32]),
        bits: &'a mut Vec<u8>,
        behind: u64,
    ) -> Marking<'a> {
        let bytes = first.1.last().map_or(0, |&bytes| bytes as usize);
        empty(bits, bytes + SPARE);
        bits.resize(bytes + SPARE, 0);
        Marking { first, bits, behind, passages: Vec::new(), firsts: Vec::new() }
    }

    /// Marks the places in some passages, those of other documents left out: each step for all of them
    /// before the next: what a step has to fetch does not wait for what the step before it fetches, so
    /// that much of it comes at once. How many places a passage has cannot be guessed.
    pub(super) fn mark(&mut self, passages: &[DocId], many: &[u32], gaps: &[u32]) {
        let Marking { first: (start, first), behind, .. } = *self;
        let bits = &mut *self.bits;
        let bits_of = |&passage: &DocId| bits_of(first, passage.wrapping_sub(start));
        self.passages.clear();
        self.passages.extend(passages.iter().map(bits_of));
        self.firsts.clear();
        self.firsts.resize(gaps.len(), 0);
        let mut place = 0;
        for &many in many {
            if let Some(first) = self.firsts.get_mut(place) {
                *first = 1;
            }
            place += many as usize;
        }
        let (mut nth, mut place) = (usize::MAX, 0);
        for (&gap, &first) in gaps.iter().zip(&self.firsts) {
            nth = nth.wrapping_add(usize::from(first));
            place = (place & u64::from(first).wrapping_sub(1)) + u64::from(gap);
            let Some(passage) = self.passages.get(nth) else { break };
            set(bits, passage, place + behind);
        }
    }

    /// Marks places in passages, in whatever order.
    pub(super) fn mark_each(&mut self, places: &[(DocId, u32)]) {
        let Marking { first: (start, first), behind, .. } = *self;
        for &(passage, place) in places {
            let passage = bits_of(first, passage.wrapping_sub(start));
            set(self.bits, &passage, u64::from(place) + behind);
        }
    }
}

/// Sets the bit of a place in a passage, or one of the last byte if it is behind.
#[inline(always)]
fn set(bits: &mut [u8], passage: &Range<u64>, place: u64) {
    let (bit, unwanted) = (passage.start + place, (bits.len() as u64 - 1) * BITS);
    let bit = if bit < passage.end { bit } else { unwanted };
    bits[(bit / BITS) as usize] |= 1 << (bit % BITS);
}

/// Empties a list and makes room for so many and some more. A list that grows copies what it held.
pub(super) fn empty<T>(list: &mut Vec<T>, room: usize) {
    list.clear();
    if list.capacity() < room {
        *list = Vec::with_capacity(room.next_power_of_two());
    }
}

/// Where the bits of each of some documents begin, in bytes: one more than it may have words, as far as quotes
/// reach.
pub(super) fn firsts(lengths: &FieldNormReader, documents: Range<DocId>, firsts: &mut Vec<u32>) {
    // The engine rounds lengths down.
    let most = |id: u8| match id.checked_add(1) {
        Some(next) => (FieldNormReader::id_to_fieldnorm(next) - 1).min(REACH),
        None => REACH,
    };
    let bits = |id: u8| if id > 0 { most(id) + 1 } else { 0 };
    let bytes: [u32; 256] = std::array::from_fn(|id| bits(id as u8).div_ceil(u8::BITS));
    let mut behind = 0;
    empty(firsts, documents.len() + 1);
    firsts.extend(documents.map(|doc| {
        let first = behind;
        behind += bytes[usize::from(lengths.fieldnorm_id(doc))];
        first
    }));
    firsts.push(behind);
}
