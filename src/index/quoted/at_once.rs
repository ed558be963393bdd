//! All at once: words of which the last is but a beginning, each of whose endings goes through the whole
//! segment, and words that stand nearly everywhere.

use std::sync::Arc;

use tantivy::{DocId, SegmentReader};

use super::super::among::{Among, behind};
use super::super::filters::OfArticles;
use super::super::layout::{Layout, QuoteCursor};
use super::super::phrase::Run;
use super::super::places::Stand;
use super::super::seams::over_seams;
use super::super::spare::Spare;
use super::super::spots::{Spot, SpotCursor};
use super::everywhere::{MOST, Sought};
use super::marking::Room;
use super::{COMMON, Found, QuotedQuery};

/// Articles that pass are few where they are less than one in so many.
const FEW: usize = 32;
/// Words have to be so many times as common, for this, where it is known where quotes stand.
const KNOWN: u64 = 4;

impl QuotedQuery {
    /// The live quotes of a segment that hold the words, in order; `common` is whether these are.
    pub(super) fn found(
        &self,
        segment: &SegmentReader,
        layout: &Arc<Layout>,
        (common, rooms): (bool, &Spare<Room>),
    ) -> tantivy::Result<Vec<Found>> {
        let mut found = match common {
            true => Sought::new(vec![&self.in_passages], segment, layout)?.quotes(rooms)?,
            false => self.here_and_there(segment, layout)?,
        };
        merge(&mut found, self.elsewhere(segment, layout, true)?);
        if segment.has_deletes() {
            found.retain(|found| !segment.is_deleted(found.quote));
        }
        Ok(found)
    }

    /// Whether whole words are found sooner in all quotes of a segment than in those that are wanted: less
    /// often where it is known already where quotes stand.
    pub(super) fn wants_all(
        &self,
        segment: &SegmentReader,
        layout: &Arc<Layout>,
    ) -> tantivy::Result<bool> {
        let filters = &self.filters;
        let share = if layout.spots().is_some() { COMMON / KNOWN } else { COMMON };
        if self.narrow || !self.is_common(segment, layout, share)? {
            return Ok(false);
        }
        let mut articles = OfArticles::open(layout, filters)?;
        let passing = match filters.wants_articles() {
            true => (0..layout.count()).filter(|&nth| articles.pass_nth(layout, nth)).count(),
            false => layout.count(),
        };
        Ok(passing * FEW >= layout.count())
    }

    /// Whether each of the words stands in one of so many documents of a segment, few enough to look at all
    /// its quotes.
    pub(super) fn is_common(
        &self,
        segment: &SegmentReader,
        layout: &Layout,
        share: u64,
    ) -> tantivy::Result<bool> {
        let (all, inverted) =
            (layout.documents(), segment.inverted_index(self.in_passages.field())?);
        Ok(all <= MOST && self.in_passages.is_common(&inverted, u64::from(all) / share)?)
    }

    /// The quotes with words in passages beside them, where few passages have the words.
    fn here_and_there(
        &self,
        segment: &SegmentReader,
        layout: &Arc<Layout>,
    ) -> tantivy::Result<Vec<Found>> {
        if let (1, Some(spots)) = (self.in_passages.length(), layout.spots()) {
            return Ok(in_order(self.listed(segment, &spots)?));
        }
        let mut runs: Vec<Run> = Vec::new();
        self.in_passages.each_run(segment, |passage, ends| {
            runs.extend(ends.iter().map(|&end| (passage, end)));
        })?;
        runs.sort_unstable();
        let (words, mut spots) = (self.in_passages.length() as u32, SpotCursor::new(layout));
        let (mut found, mut ends) = (Vec::new(), Vec::new());
        for same in runs.chunk_by(|a, b| a.0 == b.0) {
            let passage = same[0].0;
            if spots.seek(passage) == passage {
                ends.clear();
                ends.extend(same.iter().map(|run| run.1));
                let times = |spot: Spot| spot.times(&ends, words);
                let quotes = spots.here();
                found.extend(quotes.filter_map(|s| Found::of(s.quote, s.words(), times(s))));
            }
        }
        Ok(in_order(found))
    }

    /// The quotes that bring their own words, and, where these are asked for, those with the words over a seam.
    pub(super) fn elsewhere(
        &self,
        segment: &SegmentReader,
        layout: &Arc<Layout>,
        seams: bool,
    ) -> tantivy::Result<Vec<Found>> {
        let mut own: Vec<(DocId, u32)> = Vec::new();
        self.in_quotes.each_count(segment, |quote, times| own.push((quote, times)))?;
        own.sort_unstable();
        let (mut quotes, mut found) = (QuoteCursor::new(layout), Vec::new());
        for (quote, times) in own {
            if let Stand::Apart(words) = layout.stand(quotes.at(quote).row) {
                found.extend(Found::of(quote, words, times));
            }
        }
        if seams {
            for (quote, times) in over_seams(&self.in_passages, segment, layout)? {
                found.extend(Found::of(quote, layout.words(layout.row(quote)), times));
            }
        }
        Ok(in_order(found))
    }
}

/// Quotes in order, each once.
fn in_order(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_unstable_by_key(|found| found.quote);
    found.dedup_by(|next, kept| kept.takes(next));
    found
}

/// Adds quotes in order to others in order.
fn merge(all: &mut Vec<Found>, mut others: Vec<Found>) {
    let mut rest = 0;
    others.retain(|other| {
        rest = all.len() - behind(&all[rest..], |found| found.quote < other.quote).len();
        !all.get_mut(rest).is_some_and(|same| same.takes(other))
    });
    let (mut left, mut others) = (all.len(), others.as_slice());
    all.extend_from_slice(others);
    // From the end on, each place takes the larger of the last ones left.
    for place in (0..all.len()).rev() {
        let Some((&last, before)) = others.split_last() else { break };
        match left.checked_sub(1).map(|at| all[at]).filter(|one| one.quote > last.quote) {
            Some(one) => (all[place], left) = (one, left - 1),
            None => (all[place], others) = (last, before),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Found, in_order, merge};

    /// So many quotes in order out of so many, each found as often as a number says.
    fn quotes(count: usize, all: u32, mut seed: u32) -> Vec<Found> {
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed >> 8
        };
        let one = |_| Found { quote: next() % all, times: 1 + next() as u16 % 9, length: 7 };
        in_order((0..count).map(one).collect())
    }

    #[test]
    fn a_merged_list_has_every_quote_once_with_all_its_times() {
        let listed = |list: &[Found]| list.iter().map(|one| (one.quote, one.times)).collect();
        for (few, many, seed) in
            [(0, 0, 1), (0, 9, 2), (9, 0, 3), (5, 90, 4), (60, 60, 5), (1, 700, 6)]
        {
            let (mut all, others) = (quotes(many, 200, seed), quotes(few, 200, seed + 50));
            let mut expected: BTreeMap<u32, u16> = BTreeMap::new();
            for one in all.iter().chain(&others) {
                *expected.entry(one.quote).or_default() += one.times;
            }
            merge(&mut all, others);
            let merged: Vec<(u32, u16)> = listed(&all);
            assert!(merged.into_iter().eq(expected), "{few} and {many}");
        }
    }
}
