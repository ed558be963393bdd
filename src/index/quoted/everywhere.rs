//! Words that stand nearly everywhere: a bit for each word of each passage tells whether they end there,
//! and a quote counts the bits that it covers. What a search costs hangs little on how often they stand.
//! Bits are set for some articles at a time, whose passages are beside them: for more, memory would be
//! fetched all the time, from the system and by the processor.

use std::ops::Range;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, SegmentReader};

use super::super::layout::Layout;
use super::super::phrase::PhraseQuery;
use super::super::places::{Place, REACH};
use super::super::positions::Positions;
use super::super::spare::Spare;
use super::batch::Batch;
use super::endings::Endings;
use super::marking::{BITS, Marking, Room, bits_of, empty, firsts};
use super::ones::add_ones;
use super::{Found, narrow};

/// Documents whose bits can be told apart, however long they are.
pub(super) const MOST: DocId = u32::MAX / (REACH + 1).div_ceil(u8::BITS) - 1;

/// Articles of a part of a segment: their bits lie in fast memory, and nobody waits long for another's
/// last part.
const PART: usize = 1 << 12;

/// Some phrases of one field that are looked for in a segment, part by part.
pub(super) struct Sought<'a> {
    phrases: Vec<&'a PhraseQuery>,
    pub(super) layout: Arc<Layout>,
    lengths: FieldNormReader,
    positions: Positions,
    /// Of each phrase and each of its whole words, how often it stands before each part.
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
            for (word, before) in before.iter_mut().enumerate().take(phrase.terms().len()) {
                phrase.each_term(word, &sought.positions.inverted(), |term| {
                    *before = sought.positions.before(term, firsts())?;
                    Ok(())
                })?;
            }
            Ok(before)
        };
        sought.before = sought.phrases.iter().map(before).collect::<tantivy::Result<Vec<_>>>()?;
        Ok(sought)
    }

    /// How many parts there are.
    pub(super) fn parts(&self) -> usize {
        self.layout.count().div_ceil(PART)
    }

    /// Numbers of the articles of a part.
    pub(super) fn articles(&self, part: usize) -> Range<usize> {
        part * PART..((part + 1) * PART).min(self.layout.count())
    }

    fn documents(&self, part: usize) -> Range<DocId> {
        self.layout.documents_of(self.articles(part))
    }

    /// Whether `Ends` of a phrase, whose number is given, tell of it over seams. One word has no seams; of more
    /// than two it has to be looked for.
    pub(super) fn knows_seams(&self, nth: usize) -> bool {
        self.phrases[nth].length() == 2
    }

    /// Of each phrase whose last word is but a beginning, the words that begin so: for `ends` of all parts,
    /// which must ascend.
    pub(super) fn endings(&self) -> tantivy::Result<Vec<Option<Endings>>> {
        let parts: Vec<_> = (0..self.parts()).map(|part| self.documents(part)).collect();
        let endings = |phrase: &&PhraseQuery| {
            let begun = (!phrase.is_whole()).then_some(phrase);
            begun.map(|phrase| Endings::of(phrase, &parts, &self.positions)).transpose()
        };
        self.phrases.iter().map(endings).collect()
    }

    /// Whether all words of all phrases are whole: these have no `endings`.
    pub(super) fn are_whole(&self) -> bool {
        self.phrases.iter().all(|phrase| phrase.is_whole())
    }

    /// Goes through all places of the words in a part.
    pub(super) fn ends(
        &self,
        part: usize,
        endings: &mut [Option<Endings>],
        mut room: Room,
    ) -> tantivy::Result<Ends<'_>> {
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
                let behind = (phrase.length() - 1 - word) as u64;
                let mut marking = Marking::new((documents.start, first), marked, behind);
                let begun = endings.get_mut(nth).and_then(Option::as_mut).filter(|_| behind == 0);
                if let Some(endings) = begun {
                    endings.mark(part, documents.end, &mut marking);
                    return Ok(());
                }
                // A word that is nowhere stands nowhere before.
                let before = self.before[nth][word].get(part).copied().unwrap_or_default();
                let some = (documents.clone(), before);
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
        // Memory that grows is paid for twice; what is not used costs nothing.
        let mut found = Vec::with_capacity(self.layout.quotes() + 1);
        let (mut batch, mut times) = (Batch::default(), Vec::new());
        let mut endings = self.endings()?;
        for part in 0..self.parts() {
            let ends = self.ends(part, &mut endings, rooms.take())?;
            let mut articles = self.articles(part);
            while batch.take(&mut articles, &ends) {
                batch.count(&ends, 0, &mut times);
                let docs = batch.articles().iter().flat_map(|here| here.quotes.docs.clone());
                for ((quote, &times), &length) in docs.zip(&times).zip(&batch.lengths) {
                    // Whether it has any cannot be guessed.
                    let more = found.len() + usize::from(times > 0);
                    found.push(Found { quote, times: narrow(times), length });
                    found.truncate(more);
                }
            }
            rooms.put(ends.into_room());
        }
        Ok(found)
    }
}

/// Where the words of some phrases end in the passages of a part.
pub(super) struct Ends<'a> {
    pub(super) sought: &'a Sought<'a>,
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

    /// Adds how often a phrase, whose number is given, lies in some runs to the counts of which these tell the
    /// numbers. Runs must not be empty, and those with the same number follow each other.
    pub(super) fn count(&self, nth: usize, runs: &[(u32, Range<u64>)], counts: &mut [u32]) {
        let words = self.sought.phrases[nth].length();
        add_ones(&self.room.bits[nth], words as u64 - 1, runs, counts);
        if self.sought.knows_seams(nth) {
            for ((one, before), (other, behind)) in runs.iter().zip(runs.iter().skip(1)) {
                counts[*one as usize] +=
                    u32::from(one == other && self.is_over(nth, before, behind));
            }
        }
    }

    /// Whether a phrase of which that is known lies over the seam between two runs.
    fn is_over(&self, nth: usize, before: &Range<u64>, behind: &Range<u64>) -> bool {
        let is_set = |bits: &[u8], bit: u64| {
            bits.get((bit / BITS) as usize).is_some_and(|byte| byte >> (bit % BITS) & 1 == 1)
        };
        let [one, two] = &self.room.of_words[nth];
        // The first word tells where the second would be.
        is_set(one, before.end) && is_set(two, behind.start)
    }
}
