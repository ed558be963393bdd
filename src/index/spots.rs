//! Where the quotes of a segment stand among the words of its passages, by passage: a search walks
//! along it beside the places of a word, and looks at no other passage.

use tantivy::{DocId, TERMINATED};

use super::among::Among;
use super::layout::Layout;
use super::places::{Place, Row, Stand};

/// A run of words of a passage that belongs to a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Number of the quote among those of the segment.
    pub row: u32,
    /// Number of the first word.
    start: u16,
    /// Words.
    length: u16,
}

impl Spot {
    /// How many runs of so many words lie in it, of those that end at these places of its passage.
    pub fn times(&self, ends: &[u32], words: u32) -> u32 {
        let first = u32::from(self.start) + words - 1;
        let behind = u32::from(self.start) + u32::from(self.length);
        ends.iter().map(|&end| u32::from(first <= end && end < behind)).sum()
    }
}

/// The spots of some articles of a segment, or of all.
#[derive(Default)]
pub struct Spots {
    /// Passages with spots as bits, and how many there are before each word of bits.
    bits: Vec<u64>,
    before: Vec<u32>,
    /// Where those of each such passage begin, and where the last ones end.
    starts: Vec<u32>,
    list: Vec<Spot>,
}

impl Spots {
    /// Around these articles, which ascend.
    pub fn around(
        layout: &Layout,
        documents: DocId,
        articles: impl Iterator<Item = DocId>,
    ) -> Spots {
        let words = documents as usize / 64 + 1;
        let mut spots = Spots { bits: vec![0; words], ..Spots::default() };
        let (mut here, mut rows, mut foreign) = (Vec::new(), Vec::new(), Vec::new());
        for article in articles {
            spots_of(layout, article, (&mut rows, &mut foreign), &mut here);
            here.drain(..).for_each(|(passage, spot)| spots.add(passage, spot));
        }
        spots.starts.push(spots.list.len() as u32);
        let count = |before: &mut u32, bits: &u64| {
            let here = *before;
            *before += bits.count_ones();
            Some(here)
        };
        spots.before = spots.bits.iter().scan(0, count).collect();
        spots
    }

    /// Adds a spot. Passages must ascend.
    fn add(&mut self, passage: DocId, spot: Spot) {
        let Some(bits) = self.bits.get_mut(passage as usize / 64) else { return };
        let bit = 1 << (passage % 64);
        if *bits & bit == 0 {
            *bits |= bit;
            self.starts.push(self.list.len() as u32);
        }
        self.list.push(spot);
    }

    /// Those in a passage.
    pub fn of(&self, passage: DocId) -> &[Spot] {
        let (word, bit) = (passage as usize / 64, 1 << (passage % 64));
        let Some(bits) = self.bits.get(word).filter(|&bits| bits & bit != 0) else { return &[] };
        let number = self.before[word] as usize + (bits & (bit - 1)).count_ones() as usize;
        &self.list[self.starts[number] as usize..self.starts[number + 1] as usize]
    }
}

/// The spots of an article with their passages, in the order of these. The first two lists are only
/// lent, to be filled again and again.
fn spots_of(
    layout: &Layout,
    article: DocId,
    (rows, foreign): (&mut Vec<u64>, &mut Vec<u32>),
    spots: &mut Vec<(DocId, Spot)>,
) {
    let quotes = layout.quotes_of(article);
    if quotes.is_empty() {
        return;
    }
    let (own, first) = (quotes.end, layout.row(quotes.start));
    layout.rows(first, quotes.len(), rows);
    foreign.clear();
    foreign.extend(layout.foreign(article));
    let passage = |place: Place| {
        let before = foreign.iter().take_while(|&&number| number < place.passage).count();
        own.wrapping_add(place.passage).wrapping_sub(before as u32)
    };
    for ((row, quote), &packed) in (first..).zip(quotes).zip(rows.iter()) {
        let mut add = |place: Place| {
            let (start, length) = (place.start as u16, place.length as u16);
            spots.push((passage(place), Spot { row, start, length }));
        };
        match Row::unpack(packed).stand {
            Stand::Run(place) => add(place),
            Stand::Runs(_) => layout.parts(quote).for_each(add),
            Stand::Apart(_) => {}
        }
    }
    if !spots.is_sorted_by_key(|(passage, _)| passage) {
        spots.sort_by_key(|&(passage, _)| passage);
    }
}

/// Goes from passage to passage.
#[derive(Clone, Copy)]
pub struct SpotCursor<'a> {
    spots: &'a Spots,
    passage: DocId,
}

impl<'a> SpotCursor<'a> {
    /// Before the first.
    pub fn new(spots: &'a Spots) -> Self {
        SpotCursor { spots, passage: 0 }
    }

    /// Those in the passage that was found last.
    pub fn here(&self) -> &'a [Spot] {
        self.spots.of(self.passage)
    }
}

impl Among for SpotCursor<'_> {
    fn seek(&mut self, least: DocId) -> DocId {
        let mut word = least as usize / 64;
        let mut bits = self.spots.bits.get(word).map_or(0, |bits| bits & u64::MAX << (least % 64));
        while bits == 0 {
            word += 1;
            match self.spots.bits.get(word) {
                Some(&next) => bits = next,
                None => return TERMINATED,
            }
        }
        self.passage = word as DocId * 64 + bits.trailing_zeros();
        self.passage
    }
}
