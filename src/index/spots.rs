//! Where the quotes of a segment stand among the words of its passages: a search walks along them
//! beside the places of a word, and works out no more than the article it has come to.

use std::ops::Range;
use std::sync::Arc;

use tantivy::{DocId, TERMINATED};

use super::among::{Among, Bits, behind, mark};
use super::layout::{Layout, Quotes};
use super::places::{Place, Row, Stand};

/// A run of words of a passage that belongs to a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Document of the quote.
    pub quote: DocId,
    /// Words of the whole quote.
    pub words: u16,
    /// Number of the first word in the passage.
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

/// The spots of a segment, worked out once for all searches.
pub struct Spots {
    /// With their passages, in the order of these.
    all: Vec<(DocId, Spot)>,
    /// Where those of each article begin, and behind them how many there are.
    first: Vec<usize>,
    /// The passages with spots, as bits.
    passages: Vec<u64>,
}

impl Spots {
    /// Looks into all articles.
    pub fn of(layout: &Arc<Layout>) -> Spots {
        let (mut cursor, articles) = (SpotCursor::unaided(layout), layout.articles().len());
        let (mut all, mut first) = (Vec::with_capacity(layout.quotes()), vec![0]);
        for nth in 0..articles {
            cursor.come_to(nth);
            all.append(&mut cursor.worked_out);
            first.push(all.len());
        }
        let mut passages = vec![0u64; layout.documents() as usize / 64 + 1];
        all.iter().for_each(|&(passage, _)| mark(&mut passages, passage));
        Spots { all, first, passages }
    }
}

/// Goes from passage to passage.
#[derive(Clone)]
pub struct SpotCursor {
    layout: Arc<Layout>,
    known: Option<Arc<Spots>>,
    /// Number of the first article that was not come to yet.
    next: usize,
    /// The spots of the article come to last, with their passages, in the order of these, where they
    /// are not known.
    worked_out: Vec<(DocId, Spot)>,
    /// Of the article come to last, those in the passage that was found last begin here, and end here.
    here: Range<usize>,
    rows: Vec<u64>,
    foreign: Vec<u32>,
    /// Where the layout had the last quote in several places.
    parts: usize,
}

impl SpotCursor {
    /// Before the first.
    pub fn new(layout: &Arc<Layout>) -> Self {
        SpotCursor { known: layout.spots(), ..SpotCursor::unaided(layout) }
    }

    /// One that works everything out.
    fn unaided(layout: &Arc<Layout>) -> Self {
        let (worked_out, rows, foreign) = (Vec::new(), Vec::new(), Vec::new());
        let layout = Arc::clone(layout);
        SpotCursor { layout, known: None, next: 0, worked_out, here: 0..0, rows, foreign, parts: 0 }
    }

    /// Those of the article come to last, in the passage that was found last and behind it.
    fn rest(&self) -> &[(DocId, Spot)] {
        let all = self.known.as_ref().map_or(&self.worked_out, |known| &known.all);
        &all[self.here.clone()]
    }

    /// Those in the passage that was found last.
    pub fn here(&self) -> impl Iterator<Item = &Spot> {
        let rest = self.rest();
        let passage = rest.first().map(|&(passage, _)| passage);
        rest.iter().take_while(move |spot| Some(spot.0) == passage).map(|(_, spot)| spot)
    }

    /// All passages with spots, as bits.
    pub fn passages(mut self) -> Vec<u64> {
        if let Some(known) = &self.known {
            return known.passages.clone();
        }
        let documents = self.layout.documents();
        let mut bits = vec![0u64; documents as usize / 64 + 1];
        let mut passage = self.seek(0);
        while passage < documents {
            mark(&mut bits, passage);
            passage = self.seek(passage + 1);
        }
        bits
    }

    /// The passages with spots, where they are known.
    pub fn known_passages(&self) -> Option<Bits<'_>> {
        self.known.as_ref().map(|known| Bits(&known.passages))
    }

    /// Comes to the spots of an article, whose number is given, and gives its quotes.
    pub fn come_to(&mut self, nth: usize) -> Quotes {
        let quotes = self.layout.quotes_of_nth(nth);
        self.next = nth + 1;
        match &self.known {
            Some(known) => self.here = known.first[nth]..known.first[nth + 1],
            None => {
                self.work_out(nth, &quotes);
                self.here = 0..self.worked_out.len();
            }
        }
        quotes
    }

    fn work_out(&mut self, nth: usize, quotes: &Quotes) {
        self.worked_out.clear();
        if quotes.docs.is_empty() {
            return;
        }
        let layout = &self.layout;
        layout.miss_spots();
        let own = quotes.docs.end;
        layout.rows(quotes.row, quotes.docs.len(), &mut self.rows);
        self.foreign.clear();
        self.foreign.extend(layout.foreign_of_nth(nth));
        let (spots, foreign) = (&mut self.worked_out, &self.foreign);
        let passage = |place: Place| {
            let before = foreign.iter().take_while(|&&number| number < place.passage).count();
            own.wrapping_add(place.passage).wrapping_sub(before as u32)
        };
        for (quote, &packed) in quotes.docs.clone().zip(&self.rows) {
            let mut add = |place: Place, words: u32| {
                let (start, length) = (place.start as u16, place.length as u16);
                let spot = Spot { quote, words: words as u16, start, length };
                spots.push((passage(place), spot));
            };
            match Row::unpack(packed).stand {
                Stand::Run(place) => add(place, place.length),
                Stand::Runs(words) => {
                    layout.parts_from(&mut self.parts, quote).for_each(|place| add(place, words));
                }
                Stand::Apart(_) => {}
            }
        }
        if !spots.is_sorted_by_key(|(passage, _)| passage) {
            spots.sort_by_key(|&(passage, _)| passage);
        }
    }

    /// The passages with spots of the article come to last, from the one on that was found last.
    pub fn within(&mut self) -> Within<'_> {
        Within(self)
    }

    /// The first passage from this one on, in the article come to last.
    fn seek_within(&mut self, least: DocId) -> Option<DocId> {
        let rest = behind(self.rest(), |(passage, _)| *passage < least).len();
        self.here.start = self.here.end - rest;
        self.rest().first().map(|&(passage, _)| passage)
    }
}

impl Among for SpotCursor {
    fn seek(&mut self, least: DocId) -> DocId {
        loop {
            if let Some(passage) = self.seek_within(least) {
                return passage;
            }
            // The last article before it, or the next one if that was come to already.
            let nth = self.layout.nth_from(self.next, least.saturating_add(1));
            if nth >= self.layout.articles().len() {
                return TERMINATED;
            }
            self.come_to(nth);
        }
    }
}

/// The passages with spots of one article.
pub struct Within<'a>(&'a mut SpotCursor);

impl Within<'_> {
    /// The spots in the passage that was found last.
    pub fn here(&self) -> impl Iterator<Item = &Spot> {
        self.0.here()
    }
}

impl Among for Within<'_> {
    fn seek(&mut self, least: DocId) -> DocId {
        self.0.seek_within(least).unwrap_or(TERMINATED)
    }
}
