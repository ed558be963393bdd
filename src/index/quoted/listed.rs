//! One word, where it is known where quotes stand: its passages are gone through a block at a time, and a
//! list is made of the quotes that hold it.

use std::ops::Range;
use std::sync::Arc;

use tantivy::SegmentReader;

use super::super::layout::Layout;
use super::super::positions::{Positions, places};
use super::super::spots::{Spot, Spots};
use super::{Found, QuotedQuery};

/// So many passages of a list cost what it costs to look into one that other words leave.
const CHEAPER: u64 = 4;

/// A passage of the block in hand: its spots, and the first of them.
type PassageHere = (Range<usize>, Option<Spot>);

impl QuotedQuery {
    /// Whether a list of all quotes of a segment with the words takes less than to look into what other parts
    /// of a question leave.
    pub(super) fn wants_list(
        &self,
        segment: &SegmentReader,
        layout: &Arc<Layout>,
    ) -> tantivy::Result<bool> {
        if layout.spots().is_none() || self.in_passages.length() > 1 || self.chosen() {
            return Ok(false);
        }
        let inverted = segment.inverted_index(self.in_passages.field())?;
        Ok(!self.in_passages.is_common(&inverted, self.most.saturating_mul(CHEAPER))?)
    }

    /// The quotes with a word, or a word that begins so, in passages beside them; in no order.
    pub(super) fn listed(
        &self,
        segment: &SegmentReader,
        spots: &Spots,
    ) -> tantivy::Result<Vec<Found>> {
        let mut positions = Positions::open(segment, self.in_passages.field())?;
        let inverted = positions.inverted();
        let (mut found, mut here, mut ends) = (Vec::new(), Vec::<PassageHere>::new(), Vec::new());
        self.in_passages.each_term(0, &inverted, |term| {
            positions.each_block(term, |passages, many, gaps| {
                // Each step for all before the next: what one fetches does not wait for what the step before
                // it fetches.
                here.clear();
                here.extend(passages.iter().map(|&passage| (spots.of_passage(passage), None)));
                for (numbers, first) in &mut here {
                    *first = spots.among(numbers).first().copied();
                }
                let mut rest = gaps;
                for ((numbers, first), &many) in here.iter().zip(many) {
                    let (gaps, others) = rest.split_at(many as usize);
                    rest = others;
                    let Some(first) = first else { continue };
                    places(gaps, &mut ends);
                    let mut take = |spot: Spot| {
                        found.extend(Found::of(spot.quote, spot.words(), spot.times(&ends, 1)));
                    };
                    take(*first);
                    spots.among(numbers).iter().skip(1).copied().for_each(&mut take);
                }
            })
        })?;
        Ok(found)
    }
}
