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
        match self.in_passages.is_rare(inverted, layout.count())? {
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

    /// Calls `visit` with all passages in order, and the places in them, in any order.
    fn each(self, mut visit: impl FnMut(DocId, &[u32])) {
        let (mut behind, mut sorted) = (Vec::new(), Vec::new());
        for (far, list) in (0..).zip(self.0) {
            by_passage(list, &mut behind, &mut sorted, |near, places| {
                visit(far << u16::BITS | near, places);
            });
        }
    }
}

/// Places from which on they are sorted by counting: below, it takes longer to go through the counts.
const WORTH_COUNTING: usize = 1 << 13;

/// Calls `visit` with the passages of a list in order, and the places in each. What it works with is
/// lent.
fn by_passage(
    mut list: Vec<u32>,
    behind: &mut Vec<u32>,
    sorted: &mut Vec<u32>,
    mut visit: impl FnMut(DocId, &[u32]),
) {
    let passage = |near: u32| near >> u16::BITS;
    let place = |near: u32| near & u32::from(u16::MAX);
    sorted.clear();
    if list.len() < WORTH_COUNTING {
        list.sort_unstable();
        sorted.extend(list.iter().map(|&near| place(near)));
        let mut rest = sorted.as_slice();
        for same in list.chunk_by(|&a, &b| passage(a) == passage(b)) {
            let (here, others) = rest.split_at(same.len());
            visit(passage(same[0]), here);
            rest = others;
        }
        return;
    }
    // First how many places each passage has, then where they begin, then, as they come, where they end.
    behind.clear();
    behind.resize(1 << u16::BITS, 0);
    list.iter().for_each(|&near| behind[passage(near) as usize] += 1);
    let mut begin = 0;
    for count in behind.iter_mut() {
        (*count, begin) = (begin, begin + *count);
    }
    sorted.resize(list.len(), 0);
    for &near in &list {
        let end = &mut behind[passage(near) as usize];
        sorted[*end as usize] = place(near);
        *end += 1;
    }
    let mut begin = 0;
    for (passage, &end) in (0..).zip(behind.iter()) {
        if begin < end {
            visit(passage, &sorted[begin as usize..end as usize]);
        }
        begin = end;
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{WORTH_COUNTING, by_passage};

    #[test]
    fn places_come_by_passage_however_they_are_sorted() {
        let (mut behind, mut sorted) = (Vec::new(), Vec::new());
        let mut seed = 5u32;
        for size in [0, 1, 500, WORTH_COUNTING - 1, WORTH_COUNTING, 3 * WORTH_COUNTING] {
            let mut list = vec![u32::MAX, 0];
            list.resize_with(size, || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // Few passages have many places, most have none.
                seed >> 3 & seed & 0xffc3_003f
            });
            let mut expected: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            list.iter()
                .for_each(|near| expected.entry(near >> 16).or_default().push(near & 0xffff));
            expected.values_mut().for_each(|places| places.sort_unstable());
            let mut found = Vec::new();
            by_passage(list, &mut behind, &mut sorted, |passage, places| {
                let mut places = places.to_vec();
                places.sort_unstable();
                found.push((passage, places));
            });
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{size} places");
        }
    }
}
