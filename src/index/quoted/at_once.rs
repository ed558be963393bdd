//! All at once: words of which the last is but a beginning. Each of its endings goes through the
//! whole segment.

use std::sync::Arc;

use tantivy::{DocId, InvertedIndexReader, SegmentReader};

use super::super::among::{Among, Bits, Every};
use super::super::layout::Layout;
use super::super::places::Stand;
use super::super::seams::over_seams;
use super::super::spots::SpotCursor;
use super::{Found, QuotedQuery};

impl QuotedQuery {
    /// The quotes of a segment that hold the words, in order.
    pub(super) fn found(&self, ord: u32, segment: &SegmentReader) -> tantivy::Result<Vec<Found>> {
        let layout = self.layouts.get(ord, segment)?;
        let mut tally = Tally::new(layout.quotes());
        self.in_passages(segment, layout, &mut tally)?;
        self.with_quotes(segment, layout, &mut tally)?;
        for (quote, more) in over_seams(&self.in_passages, segment, layout)? {
            tally.add(quote, layout.words(layout.row(quote)), more);
        }
        Ok(tally.close(segment))
    }

    /// Counts the words in quotes that bring their own.
    fn with_quotes(
        &self,
        segment: &SegmentReader,
        layout: &Layout,
        tally: &mut Tally,
    ) -> tantivy::Result<()> {
        let inverted = segment.inverted_index(self.in_quotes.field())?;
        self.in_quotes.each_run(&inverted, &Every, |_, quote, ends| {
            if let Stand::Apart(words) = layout.stand(layout.row(quote)) {
                tally.add(quote, words, ends.len() as u32);
            }
        })
    }

    /// Counts the words in passages, for the quotes in which they lie.
    fn in_passages(
        &self,
        segment: &SegmentReader,
        layout: &Arc<Layout>,
        tally: &mut Tally,
    ) -> tantivy::Result<()> {
        let inverted = segment.inverted_index(self.in_passages.field())?;
        let (words, mut spots) = (self.in_passages.length() as u32, SpotCursor::new(layout));
        let mut count = |spots: &SpotCursor, ends: &[u32]| {
            for spot in spots.here() {
                tally.add(spot.quote, spot.words(), spot.times(ends, words));
            }
        };
        if !self.in_passages.is_bare() {
            return self.in_passages.each_run(&inverted, &spots, |spots, _, ends| {
                count(spots, ends);
            });
        }
        // The words with a beginning are many, and each of them goes through all passages: those
        // with quotes are told by a bit each, unless that takes longer than to look at all places.
        let mut later = Later::new(segment.max_doc());
        let push = |passage, ends: &[u32]| ends.iter().for_each(|&end| later.push(passage, end));
        self.each_place(&inverted, layout, &spots, push)?;
        later.each(|passage, ends| {
            if spots.seek(passage) == passage {
                count(&spots, ends);
            }
        });
        Ok(())
    }

    /// Calls `push` with the places of the words with a beginning, in passages with quotes at least.
    fn each_place(
        &self,
        inverted: &InvertedIndexReader,
        layout: &Layout,
        spots: &SpotCursor,
        mut push: impl FnMut(DocId, &[u32]),
    ) -> tantivy::Result<()> {
        match self.in_passages.is_rare(inverted, layout.articles().len())? {
            true => self.in_passages.each_run(inverted, &Every, |_, at, ends| push(at, ends)),
            false => {
                let quoted = spots.clone().passages();
                self.in_passages.each_run(inverted, &Bits(&quoted), |_, at, ends| push(at, ends))
            }
        }
    }
}

/// Places that are looked at later, in order: those of passages near each other together.
struct Later(Vec<Vec<u32>>);

impl Later {
    /// Nothing, of a segment with so many documents.
    fn new(documents: DocId) -> Later {
        Later(vec![Vec::new(); (documents >> u16::BITS) as usize + 1])
    }

    /// Adds a place. One too far behind to be in any quote is passed over.
    fn push(&mut self, passage: DocId, place: u32) {
        if let Ok(place) = u16::try_from(place) {
            let near = passage << u16::BITS | u32::from(place);
            self.0[(passage >> u16::BITS) as usize].push(near);
        }
    }

    /// Calls `visit` with all passages in order, and the places in them.
    fn each(self, mut visit: impl FnMut(DocId, &[u32])) {
        let mut places = Vec::new();
        for (far, mut list) in (0..).zip(self.0) {
            list.sort_unstable();
            for same in list.chunk_by(|a, b| a >> u16::BITS == b >> u16::BITS) {
                places.clear();
                places.extend(same.iter().map(|near| near & u32::from(u16::MAX)));
                visit(far << u16::BITS | same[0] >> u16::BITS, &places);
            }
        }
    }
}

/// Quotes that hold the words, as they are found: nearly all in order.
struct Tally {
    ordered: Vec<Found>,
    late: Vec<Found>,
}

impl Tally {
    /// None yet, of so many. Memory that grows is paid for twice; what is not used costs nothing.
    fn new(quotes: usize) -> Tally {
        Tally { ordered: Vec::with_capacity(quotes), late: Vec::new() }
    }

    fn add(&mut self, quote: DocId, length: u32, times: u32) {
        let Some(found) = Found::of(quote, length, times) else { return };
        match self.ordered.last_mut() {
            Some(last) if quote < last.quote => self.late.push(found),
            Some(last) if quote == last.quote => _ = last.takes(&found),
            _ => self.ordered.push(found),
        }
    }

    /// The live ones in order, each once.
    fn close(mut self, segment: &SegmentReader) -> Vec<Found> {
        self.late.sort_unstable_by_key(|found| found.quote);
        self.late.dedup_by(|next, kept| kept.takes(next));
        let ordered = &mut self.ordered;
        self.late.retain(|late| {
            match ordered.binary_search_by_key(&late.quote, |found| found.quote) {
                Ok(at) => !ordered[at].takes(late),
                Err(_) => true,
            }
        });
        let (mut left, mut late) = (ordered.len(), self.late.as_slice());
        ordered.extend_from_slice(late);
        // From the end on, each place takes the larger of the last ones left.
        for place in (0..ordered.len()).rev() {
            let Some((&last, before)) = late.split_last() else { break };
            match left.checked_sub(1).map(|at| ordered[at]).filter(|one| one.quote > last.quote) {
                Some(one) => (ordered[place], left) = (one, left - 1),
                None => (ordered[place], late) = (last, before),
            }
        }
        if segment.has_deletes() {
            ordered.retain(|found| !segment.is_deleted(found.quote));
        }
        self.ordered
    }
}
