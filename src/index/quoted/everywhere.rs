//! Words that stand nearly everywhere: a bit for each word of each passage tells whether they end there,
//! and a quote counts the bits that it covers. What a search costs hangs little on how often they stand.

use std::ops::Range;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, SegmentReader};

use super::super::layout::{Layout, Stands};
use super::super::phrase::PhraseQuery;
use super::super::places::{Place, REACH};
use super::super::positions::Positions;
use super::{Found, narrow};

/// Bits of a byte.
const BITS: u64 = u8::BITS as u64;
/// Bytes behind the bits.
const SPARE: usize = size_of::<u64>() + 1;

/// Documents whose bits can be told apart, however long they are.
pub(super) const MOST: DocId = u32::MAX / (REACH + 1).div_ceil(u8::BITS) - 1;

/// Where the words of some phrases end in the passages of a segment.
pub(super) struct Ends {
    /// How many words each phrase has.
    words: Vec<u32>,
    room: Room,
}

/// What is worked with. Segments take it one after the other: new room would have to be fetched for each.
#[derive(Default)]
pub(super) struct Room {
    /// Where the bits of each document begin, in bytes, and behind them how many there are.
    first: Vec<u32>,
    /// Of each phrase, whether it ends here.
    bits: Vec<Vec<u8>>,
    /// The same as far as one word of several tells: the first, and the last.
    of_words: Vec<[Vec<u8>; 2]>,
}

impl Ends {
    /// Goes through all places of the words of some phrases of one field, in a segment of at most `MOST`
    /// documents.
    pub(super) fn of(
        phrases: &[&PhraseQuery],
        segment: &SegmentReader,
        mut room: Room,
    ) -> tantivy::Result<Ends> {
        let Room { first, bits, of_words } = &mut room;
        bits.resize_with(phrases.len().max(bits.len()), Vec::new);
        of_words.resize_with(bits.len(), Default::default);
        if let Some(phrase) = phrases.first() {
            let lengths = segment.get_fieldnorms_reader(phrase.field())?;
            firsts(&lengths, segment.max_doc(), first);
        }
        for (phrase, (bits, [one, other])) in phrases.iter().zip(bits.iter_mut().zip(of_words)) {
            let mut positions = Positions::open(segment, phrase.field())?;
            let mut mark = |marked: &mut Vec<u8>, word: usize| {
                let behind = (phrase.length() - 1 - word) as u64;
                Marking::new(first, marked, behind).mark_all(phrase, word, &mut positions)
            };
            if phrase.length() == 1 {
                mark(bits, 0)?;
                continue;
            }
            mark(one, 0)?;
            empty(bits, one.len());
            bits.extend_from_slice(one);
            for word in 1..phrase.length() {
                mark(other, word)?;
                bits.iter_mut().zip(&*other).for_each(|(all, one)| *all &= *one);
            }
        }
        let words = phrases.iter().map(|phrase| phrase.length() as u32).collect();
        Ok(Ends { words, room })
    }

    /// What it was worked out with.
    pub(super) fn into_room(self) -> Room {
        self.room
    }

    /// The bits of a run of words of a passage, as far as it has any.
    pub(super) fn run(&self, passage: DocId, place: Place) -> Range<u64> {
        let Range { start, end } = bits_of(&self.room.first, passage);
        let first = start + u64::from(place.start);
        first..end.min(first + u64::from(place.length))
    }

    /// How often a phrase, whose number is given, lies in a run.
    pub(super) fn times(&self, nth: usize, run: &Range<u64>) -> u32 {
        ones(&self.room.bits[nth], run.start + u64::from(self.words[nth] - 1)..run.end)
    }

    /// Whether `add_seams` tells of a phrase, whose number is given. One word has no seams; of more than two it
    /// has to be looked for.
    pub(super) fn knows_seams(&self, nth: usize) -> bool {
        self.words[nth] == 2
    }

    /// Adds to how often a quote holds each phrase whether it lies over the seam between two runs that are not
    /// empty, of those of which that is known.
    #[inline(never)]
    pub(super) fn add_seams(&self, before: &Range<u64>, behind: &Range<u64>, times: &mut [u32]) {
        let is_set = |bits: &[u8], bit: u64| {
            bits.get((bit / BITS) as usize).is_some_and(|byte| byte >> (bit % BITS) & 1 == 1)
        };
        for (nth, times) in times.iter_mut().enumerate().filter(|(nth, _)| self.knows_seams(*nth)) {
            let [one, two] = &self.room.of_words[nth];
            // The first word tells where the second would be.
            *times += u32::from(is_set(one, before.end) && is_set(two, behind.start));
        }
    }

    /// The quotes of a segment that hold the words of the first phrase in passages beside them, in order.
    pub(super) fn quotes(&self, layout: &Layout) -> Vec<Found> {
        // Memory that grows is paid for twice; what is not used costs nothing.
        let mut found = Vec::with_capacity(layout.quotes() + 1);
        let mut stands = Stands::default();
        for nth in 0..layout.count() {
            stands.each(layout, nth, |quote, words, passage, place| {
                let (times, length) =
                    (narrow(self.times(0, &self.run(passage, place))), narrow(words));
                let one = Found { quote, times, length };
                if found.last_mut().is_some_and(|last: &mut Found| last.takes(&one)) {
                    return;
                }
                // Whether it has any cannot be guessed.
                let more = found.len() + usize::from(times > 0);
                found.push(one);
                found.truncate(more);
            });
        }
        found
    }
}

/// The bits of a passage; none of one that a damaged index tells.
fn bits_of(first: &[u32], passage: DocId) -> Range<u64> {
    let bit = |byte: u32| u64::from(byte) * BITS;
    match first.get(passage as usize..) {
        Some(&[first, behind, ..]) => bit(first)..bit(behind),
        _ => 0..0,
    }
}

/// Sets the bits where words would end as far as one of them tells.
struct Marking<'a> {
    first: &'a [u32],
    /// With `SPARE` more: `ones` looks at all but the last, to which goes what is not wanted.
    bits: &'a mut [u8],
    /// How many words come behind it.
    behind: u64,
    /// The bits of the passages in hand.
    passages: Vec<Range<u64>>,
}

impl<'a> Marking<'a> {
    /// Begins with no bit set.
    fn new(first: &'a [u32], bits: &'a mut Vec<u8>, behind: u64) -> Marking<'a> {
        let bytes = first.last().map_or(0, |&bytes| bytes as usize);
        empty(bits, bytes + SPARE);
        bits.resize(bytes + SPARE, 0);
        Marking { first, bits, behind, passages: Vec::new() }
    }

    /// Marks all places of a word.
    fn mark_all(
        mut self,
        phrase: &PhraseQuery,
        word: usize,
        positions: &mut Positions,
    ) -> tantivy::Result<()> {
        let inverted = positions.inverted();
        phrase.each_term(word, &inverted, |term| {
            positions.each_block(term, |passages, many, gaps| self.mark(passages, many, gaps))
        })
    }

    /// Marks the places in some passages, each step for all of them before the next: what a step has to
    /// fetch does not wait for what the step before it fetches, so that much of it comes at once.
    fn mark(&mut self, passages: &[DocId], many: &[u32], gaps: &[u32]) {
        let Marking { first, behind, .. } = *self;
        let bits = &mut *self.bits;
        let unwanted = (bits.len() as u64 - 1) * BITS;
        let mut gaps = gaps.iter();
        self.passages.clear();
        self.passages.extend(passages.iter().map(|&passage| bits_of(first, passage)));
        for (&Range { start, end }, &many) in self.passages.iter().zip(many) {
            let mut bit = start;
            for &gap in gaps.by_ref().take(many as usize) {
                bit += u64::from(gap);
                let end = if bit + behind < end { bit + behind } else { unwanted };
                bits[(end / BITS) as usize] |= 1 << (end % BITS);
            }
        }
    }
}

/// Empties a list and makes room for so many. A list that grows copies what it held.
fn empty<T>(list: &mut Vec<T>, room: usize) {
    list.clear();
    if list.capacity() < room {
        *list = Vec::with_capacity(room);
    }
}

/// Where the bits of each document begin, in bytes: one more than it may have words, as far as quotes reach.
fn firsts(lengths: &FieldNormReader, documents: DocId, firsts: &mut Vec<u32>) {
    // The engine rounds lengths down.
    let most = |id: u8| match id.checked_add(1) {
        Some(next) => (FieldNormReader::id_to_fieldnorm(next) - 1).min(REACH),
        None => REACH,
    };
    let bits = |id: u8| if id > 0 { most(id) + 1 } else { 0 };
    let bytes: [u32; 256] = std::array::from_fn(|id| bits(id as u8).div_ceil(u8::BITS));
    let mut behind = 0;
    empty(firsts, documents as usize + 1);
    firsts.extend((0..documents).map(|doc| {
        let first = behind;
        behind += bytes[usize::from(lengths.fieldnorm_id(doc))];
        first
    }));
    firsts.push(behind);
}

/// How many of some bits are set. Seven bytes must stand behind that of the last.
fn ones(bytes: &[u8], bits: Range<u64>) -> u32 {
    // From any bit on there are as many in eight bytes. Most runs are shorter.
    const REACHED: u64 = u64::BITS as u64 + 1 - BITS;
    let some = |at: u64, many: u64| {
        let eight = bytes.get((at / BITS) as usize..).and_then(<[u8]>::first_chunk);
        let from = u64::from_le_bytes(*eight.unwrap_or(&[0; 8])) >> (at % BITS);
        (from & ((1 << many) - 1)).count_ones()
    };
    let Range { start: mut at, end } = bits;
    let mut count = 0;
    while end.saturating_sub(at) > REACHED {
        count += some(at, REACHED);
        at += REACHED;
    }
    count + some(at, end.saturating_sub(at))
}

#[cfg(test)]
mod tests {
    use super::ones;

    #[test]
    fn ones_are_those_within() {
        let bytes: Vec<u8> =
            (0..40).map(|n| [0xff, 0x9a, 0, 0x81, 0xff][n * n % 5] ^ n as u8).collect();
        let is_set = |bit: u64| bytes[(bit / 8) as usize] >> (bit % 8) & 1 == 1;
        for start in 0..264 {
            for end in start..=264 {
                let count = (start..end).filter(|&bit| is_set(bit)).count();
                assert_eq!(ones(&bytes, start..end), count as u32, "{start}..{end}");
            }
        }
    }
}
