//! Where the quotes of a segment stand among the words of its passages: a search walks along them
//! beside the places of a word, and works out no more than the article it has come to.

use std::ops::Range;
use std::sync::Arc;

use tantivy::{DocId, TERMINATED};

use super::among::{Among, behind};
use super::layout::{Layout, Quotes, Stands};
use super::places::{LENGTH_BITS, Place, START_BITS};
use super::ranks::Ranks;

/// A run of words of a passage that belongs to a quote: in eight bytes, since what a search costs is
/// to fetch them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Document of the quote.
    pub quote: DocId,
    /// From the top: words of the whole quote, number of the first word in the passage, words.
    packed: u32,
}

impl Spot {
    /// Most words of a quote that are told apart.
    const MOST_WORDS: u32 = u32::MAX >> (START_BITS + LENGTH_BITS);

    fn new(quote: DocId, place: Place, words: u32) -> Spot {
        let words = words.min(Spot::MOST_WORDS);
        let packed = (words << START_BITS | place.start) << LENGTH_BITS | place.length;
        Spot { quote, packed }
    }

    /// Words of the whole quote.
    pub fn words(self) -> u32 {
        self.packed >> (START_BITS + LENGTH_BITS)
    }

    /// How many runs of so many words lie in it, of those that end at these places of its passage.
    pub fn times(self, ends: &[u32], words: u32) -> u32 {
        let start = self.packed >> LENGTH_BITS & ((1 << START_BITS) - 1);
        let length = self.packed & ((1 << LENGTH_BITS) - 1);
        let (first, behind) = (start + words - 1, start + length);
        ends.iter().map(|&end| u32::from(first <= end && end < behind)).sum()
    }
}

/// The spots of a segment, worked out once for all searches.
pub struct Spots {
    /// In the order of their passages.
    all: Vec<Spot>,
    /// The passages with spots.
    passages: Ranks,
    /// Where the spots of each passage that has any begin, and behind them how many spots there are.
    first: Vec<u32>,
}

impl Spots {
    /// Looks into all articles.
    pub fn of(layout: &Arc<Layout>) -> Spots {
        let (mut cursor, articles) = (SpotCursor::unaided(layout), layout.count());
        let mut all = Vec::with_capacity(layout.quotes());
        let (mut passages, mut first) = (Vec::new(), Vec::new());
        for nth in 0..articles {
            let quotes = cursor.come_to(nth);
            // A damaged index may have them anywhere.
            let own = quotes.docs.end..layout.end_of_nth(nth);
            let found = cursor.worked_out.iter().filter(|(passage, _)| own.contains(passage));
            let mut last = None;
            for &(passage, spot) in found {
                if last.replace(passage) != Some(passage) {
                    passages.push(passage);
                    first.push(all.len() as u32);
                }
                all.push(spot);
            }
        }
        first.push(all.len() as u32);
        Spots { passages: Ranks::of(layout.documents(), passages), all, first }
    }

    /// The passages with spots.
    pub fn passages(&self) -> &Ranks {
        &self.passages
    }

    /// Which are those of a passage.
    pub fn of_passage(&self, passage: DocId) -> Range<usize> {
        let at = |place: usize| self.first[place] as usize..self.first[place + 1] as usize;
        self.passages.place(passage).map_or(0..0, at)
    }

    /// Those of some numbers.
    pub fn among(&self, numbers: &Range<usize>) -> &[Spot] {
        self.all.get(numbers.clone()).unwrap_or_default()
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
    /// Those in the passage that was found last.
    here: Range<usize>,
    stands: Stands,
}

impl SpotCursor {
    /// Before the first.
    pub fn new(layout: &Arc<Layout>) -> Self {
        SpotCursor { known: layout.spots(), ..SpotCursor::unaided(layout) }
    }

    /// One that works everything out.
    fn unaided(layout: &Arc<Layout>) -> Self {
        SpotCursor {
            layout: Arc::clone(layout),
            known: None,
            next: 0,
            worked_out: Vec::new(),
            here: 0..0,
            stands: Stands::default(),
        }
    }

    /// Those in the passage that was found last.
    pub fn here(&self) -> impl Iterator<Item = Spot> {
        self.here.clone().map(|at| match &self.known {
            Some(known) => known.all[at],
            None => self.worked_out[at].1,
        })
    }

    /// All spots, where they are known.
    pub fn known(&self) -> Option<&Arc<Spots>> {
        self.known.as_ref()
    }

    /// Comes to the spots of an article, whose number is given, and gives its quotes.
    pub fn come_to(&mut self, nth: usize) -> Quotes {
        let quotes = self.layout.quotes_of_nth(nth);
        self.next = nth + 1;
        self.here = 0..0;
        if self.known.is_none() {
            self.work_out(nth);
        }
        quotes
    }

    fn work_out(&mut self, nth: usize) {
        let SpotCursor { layout, worked_out: spots, stands, .. } = self;
        spots.clear();
        stands.each(layout, nth, |quote, words, passage, place| {
            spots.push((passage, Spot::new(quote, place, words)));
        });
        if !spots.is_sorted_by_key(|(passage, _)| passage) {
            spots.sort_by_key(|&(passage, _)| passage);
        }
    }

    /// The passages of the article come to last with spots that are `wanted`, or any, from the one on
    /// that was found last. Not where all spots are known.
    pub fn within<W: Fn(&Spot) -> bool>(&mut self, wanted: Option<W>) -> Within<'_, W> {
        Within { spots: self, wanted }
    }

    /// The first passage from this one on, in the article come to last.
    fn seek_within(&mut self, least: DocId) -> Option<DocId> {
        let rest = behind(&self.worked_out[self.here.start..], |(passage, _)| *passage < least);
        let passage = rest.first().map(|&(passage, _)| passage);
        let of_it = rest.iter().take_while(|(other, _)| Some(*other) == passage).count();
        let start = self.worked_out.len() - rest.len();
        self.here = start..start + of_it;
        passage
    }
}

impl Among for SpotCursor {
    fn seek(&mut self, least: DocId) -> DocId {
        if let Some(known) = &self.known {
            let passage = (&known.passages).seek(least);
            self.here = known.of_passage(passage);
            return passage;
        }
        loop {
            if let Some(passage) = self.seek_within(least) {
                return passage;
            }
            // The last article before it, or the next one if that was come to already.
            let nth = self.layout.nth_from(self.next, least.saturating_add(1));
            if nth >= self.layout.count() {
                return TERMINATED;
            }
            self.come_to(nth);
        }
    }
}

/// The passages of one article with spots that are wanted.
pub struct Within<'a, W> {
    spots: &'a mut SpotCursor,
    wanted: Option<W>,
}

impl<W: Fn(&Spot) -> bool> Within<'_, W> {
    /// Those in the passage that was found last.
    pub fn here(&self) -> impl Iterator<Item = Spot> {
        self.spots.here().filter(|spot| self.wanted.as_ref().is_none_or(|wanted| wanted(spot)))
    }
}

impl<W: Fn(&Spot) -> bool> Among for Within<'_, W> {
    fn seek(&mut self, mut least: DocId) -> DocId {
        while let Some(passage) = self.spots.seek_within(least) {
            if self.wanted.is_none() || self.here().next().is_some() {
                return passage;
            }
            least = passage + 1;
        }
        TERMINATED
    }
}
