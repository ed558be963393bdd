//! Words that stand nearly everywhere: a bit for each word of each passage tells whether they end there,
//! and a quote counts the bits that it covers. What a search costs hangs little on how often they stand.
//! Bits are set for some articles at a time, whose passages are beside them: for more, memory would be
//! fetched all the time, from the system and by the processor.

use std::ops::Range;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, SegmentReader};

use super::super::layout::{Layout, Stands};
use super::super::phrase::PhraseQuery;
use super::super::places::{Place, REACH};
use super::super::positions::Positions;
use super::super::spare::Spare;
use super::marking::{BITS, Marking, Room, bits_of, empty, firsts};
use super::{Found, narrow};

/// Documents whose bits can be told apart, however long they are.
pub(super) const MOST: DocId = u32::MAX / (REACH + 1).div_ceil(u8::BITS) - 1;

/// Articles of a part of a segment: their bits lie in fast memory, and nobody waits long for another's
/// last part.
const PART: usize = 1 << 11;

/// Some phrases of one field that are looked for in a segment, part by part.
pub(super) struct Sought<'a> {
    phrases: Vec<&'a PhraseQuery>,
    layout: Arc<Layout>,
    lengths: FieldNormReader,
    positions: Positions,
    /// Of each phrase and each of its words, how often it stands before each part.
    before: Vec<Vec<Vec<u64>>>,
}

impl<'a> Sought<'a> {
    /// In a segment of at most `MOST` documents.
    pub(super) fn new(
        phrases: Vec<&'a PhraseQuery>,
        segment: &SegmentReader,
        layout: &Arc<Layout>,
    ) -> tantivy::Result<Sought<'a>> {
        let field = phrases[0].field();
        let mut sought = Sought {
            phrases,
            layout: Arc::clone(layout),
            lengths: segment.get_fieldnorms_reader(field)?,
            positions: Positions::open(segment, field)?,
            before: Vec::new(),
        };
        let firsts = || (0..sought.parts()).map(|part| sought.documents(part).start);
        let before = |phrase: &&PhraseQuery| -> tantivy::Result<Vec<Vec<u64>>> {
            let mut before = vec![Vec::new(); phrase.length()];
            for (word, before) in before.iter_mut().enumerate() {
                phrase.each_term(word, &sought.positions.inverted(), |term| {
                    *before = sought.positions.before(term, firsts())?;
                    Ok(())
                })?;
            }
            Ok(before)
        };
        if sought.in_parts() {
            sought.before =
                sought.phrases.iter().map(before).collect::<tantivy::Result<Vec<_>>>()?;
        }
        Ok(sought)
    }

    /// Words that begin alike are too many to come to each for every part.
    fn in_parts(&self) -> bool {
        self.phrases.iter().all(|phrase| phrase.is_whole())
    }

    /// How many parts there are.
    pub(super) fn parts(&self) -> usize {
        let all = self.layout.count();
        if self.in_parts() { all.div_ceil(PART) } else { 1 }
    }

    /// Numbers of the articles of a part.
    pub(super) fn articles(&self, part: usize) -> Range<usize> {
        let all = self.layout.count();
        if self.in_parts() { part * PART..((part + 1) * PART).min(all) } else { 0..all }
    }

    fn documents(&self, part: usize) -> Range<DocId> {
        self.layout.documents_of(self.articles(part))
    }

    /// Whether `Ends` of a phrase, whose number is given, tell of it over seams. One word has no seams; of more
    /// than two it has to be looked for.
    pub(super) fn knows_seams(&self, nth: usize) -> bool {
        self.phrases[nth].length() == 2
    }

    /// Goes through all places of the words in a part.
    pub(super) fn ends(&self, part: usize, mut room: Room) -> tantivy::Result<Ends<'_>> {
        let documents = self.documents(part);
        let Room { first, bits, of_words } = &mut room;
        bits.resize_with(self.phrases.len().max(bits.len()), Vec::new);
        of_words.resize_with(bits.len(), Default::default);
        firsts(&self.lengths, documents.clone(), first);
        let mut positions = self.positions.clone();
        let inverted = positions.inverted();
        let rooms = bits.iter_mut().zip(of_words);
        for (nth, (phrase, (bits, [one, other]))) in self.phrases.iter().zip(rooms).enumerate() {
            let mut mark = |marked: &mut Vec<u8>, word: usize| {
                let before = self.before.get(nth).and_then(|words| words[word].get(part));
                let some = (documents.clone(), before.copied().unwrap_or(0));
                let behind = (phrase.length() - 1 - word) as u64;
                let mut marking = Marking::new((documents.start, first), marked, behind);
                phrase.each_term(word, &inverted, |term| {
                    let mark =
                        |passages: &_, many: &_, gaps: &_| marking.mark(passages, many, gaps);
                    positions.each_block_of(term, some.clone(), mark)
                })
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
        Ok(Ends { sought: self, start: documents.start, room })
    }

    /// The quotes of the segment that hold the words of the first phrase in passages beside them, in order.
    pub(super) fn quotes(&self, rooms: &Spare<Room>) -> tantivy::Result<Vec<Found>> {
        let layout = &self.layout;
        // Memory that grows is paid for twice; what is not used costs nothing.
        let mut found = Vec::with_capacity(layout.quotes() + 1);
        let mut stands = Stands::default();
        for part in 0..self.parts() {
            let ends = self.ends(part, rooms.take())?;
            for nth in self.articles(part) {
                stands.each(layout, nth, |quote, words, passage, place| {
                    let times = narrow(ends.times(0, &ends.run(passage, place)));
                    let one = Found { quote, times, length: narrow(words) };
                    if found.last_mut().is_some_and(|last: &mut Found| last.takes(&one)) {
                        return;
                    }
                    // Whether it has any cannot be guessed.
                    let more = found.len() + usize::from(times > 0);
                    found.push(one);
                    found.truncate(more);
                });
            }
            rooms.put(ends.into_room());
        }
        Ok(found)
    }
}

/// Where the words of some phrases end in the passages of a part.
pub(super) struct Ends<'a> {
    sought: &'a Sought<'a>,
    /// The first document.
    start: DocId,
    room: Room,
}

impl Ends<'_> {
    /// What it was worked out with.
    pub(super) fn into_room(self) -> Room {
        self.room
    }

    /// The bits of a run of words of a passage, as far as it has any.
    pub(super) fn run(&self, passage: DocId, place: Place) -> Range<u64> {
        let Range { start, end } = bits_of(&self.room.first, passage.wrapping_sub(self.start));
        let first = start + u64::from(place.start);
        first..end.min(first + u64::from(place.length))
    }

    /// How often a phrase, whose number is given, lies in a run.
    pub(super) fn times(&self, nth: usize, run: &Range<u64>) -> u32 {
        let before = self.sought.phrases[nth].length() as u64 - 1;
        ones(&self.room.bits[nth], run.start + before..run.end)
    }

    /// Adds to how often a quote holds each phrase whether it lies over the seam between two runs that are not
    /// empty, of those of which that is known.
    #[inline(never)]
    pub(super) fn add_seams(&self, before: &Range<u64>, behind: &Range<u64>, times: &mut [u32]) {
        let is_set = |bits: &[u8], bit: u64| {
            bits.get((bit / BITS) as usize).is_some_and(|byte| byte >> (bit % BITS) & 1 == 1)
        };
        for (nth, times) in
            times.iter_mut().enumerate().filter(|(nth, _)| self.sought.knows_seams(*nth))
        {
            let [one, two] = &self.room.of_words[nth];
            // The first word tells where the second would be.
            *times += u32::from(is_set(one, before.end) && is_set(two, behind.start));
        }
    }
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
