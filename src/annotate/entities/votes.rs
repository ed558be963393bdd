//! The second pass: what the first pass found elsewhere in the article, as features.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::View;
use super::features::Sink;
use super::lattice::{KINDS, Piece};
use crate::lexicon::Key;

/// How often a word or a stretch came out as each kind, and as no name.
type Counts = [u16; KINDS + 1];

/// No name, where a kind is expected.
const NONE: usize = KINDS;

/// Where in a name a word stood.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    Only,
    First,
    Last,
    Inner,
}

/// The findings of the first pass.
pub(crate) struct Votes {
    places: FxHashMap<(Key, Place), Counts>,
    wholes: FxHashMap<Key, Counts>,
}

fn place(piece: &Range<usize>, at: usize) -> Place {
    match (at == piece.start, at + 1 == piece.end) {
        (true, true) => Place::Only,
        (true, false) => Place::First,
        (false, true) => Place::Last,
        (false, false) => Place::Inner,
    }
}

fn whole(view: &View, stretch: &Range<usize>) -> Key {
    let words = &view.words[stretch.clone()];
    words[1..].iter().fold(words[0].key, |key, word| key.then(word.key))
}

impl Votes {
    /// Counts the pieces of all runs.
    pub(crate) fn count(view: &View, found: &[Vec<Piece>]) -> Votes {
        let mut votes = Votes { places: FxHashMap::default(), wholes: FxHashMap::default() };
        for (run, pieces) in view.runs.iter().zip(found) {
            let mut at = run.start;
            for piece in pieces {
                votes.none(view, at..piece.tokens.start);
                let kind = usize::from(piece.kind);
                for i in piece.tokens.clone() {
                    votes
                        .places
                        .entry((view.words[i].key, place(&piece.tokens, i)))
                        .or_default()[kind] += 1;
                }
                votes.wholes.entry(whole(view, &piece.tokens)).or_default()[kind] += 1;
                at = piece.tokens.end;
            }
            votes.none(view, at..run.end);
        }
        votes
    }

    fn none(&mut self, view: &View, tokens: Range<usize>) {
        for i in tokens.filter(|&i| view.words[i].is_solid()) {
            self.places.entry((view.words[i].key, Place::Only)).or_default()[NONE] += 1;
            self.wholes.entry(view.words[i].key).or_default()[NONE] += 1;
        }
    }

    /// Features of a stretch; `first` is what the first pass found in its run, which does not count
    /// as elsewhere.
    pub(crate) fn features(
        &self,
        view: &View,
        first: &[Piece],
        stretch: &Range<usize>,
        sink: &mut impl Sink,
    ) {
        let own = first.iter().find(|piece| piece.tokens == *stretch);
        let mut wholes = self.wholes.get(&whole(view, stretch)).copied().unwrap_or_default();
        if let Some(own) = own {
            wholes[usize::from(own.kind)] = wholes[usize::from(own.kind)].saturating_sub(1);
        } else if stretch.len() == 1 && !first.iter().any(|p| p.tokens.contains(&stretch.start)) {
            wholes[NONE] = wholes[NONE].saturating_sub(1);
        }
        let several = u64::from(stretch.len() > 1);
        vote(sink, 80 + several as u32, &wholes);
        if stretch.len() == 1 {
            for (template, place) in [(82, Place::First), (83, Place::Last), (84, Place::Inner)] {
                vote(sink, template, &self.elsewhere(view, first, stretch.start, place));
            }
            return;
        }
        vote(sink, 85, &self.elsewhere(view, first, stretch.start, Place::First));
        vote(sink, 86, &self.elsewhere(view, first, stretch.end - 1, Place::Last));
        vote(sink, 87, &self.elsewhere(view, first, stretch.start, Place::Only));
        vote(sink, 88, &self.elsewhere(view, first, stretch.end - 1, Place::Only));
    }

    /// The counts of a word in a place of a name, the first pass's own finding at `at` taken off.
    fn elsewhere(&self, view: &View, first: &[Piece], at: usize, as_place: Place) -> Counts {
        let mut counts =
            self.places.get(&(view.words[at].key, as_place)).copied().unwrap_or_default();
        match first.iter().find(|piece| piece.tokens.contains(&at)) {
            Some(piece) if place(&piece.tokens, at) == as_place => {
                let own = &mut counts[usize::from(piece.kind)];
                *own = own.saturating_sub(1);
            }
            None if as_place == Place::Only => counts[NONE] = counts[NONE].saturating_sub(1),
            _ => {}
        }
        counts
    }
}

/// The kind with most votes, how many it has and how many speak against it.
fn vote(sink: &mut impl Sink, template: u32, counts: &Counts) {
    let all: u16 = counts.iter().sum();
    let Some((kind, &most)) = counts.iter().enumerate().max_by_key(|&(i, &c)| (c, NONE - i)) else {
        return;
    };
    if all == 0 {
        return;
    }
    let rest = all - most;
    let bucket = |count: u16| u64::from(count.min(3));
    sink.put(template, (kind as u64) << 8 | bucket(most) << 4 | bucket(rest));
    sink.put(template + 10, kind as u64);
}
