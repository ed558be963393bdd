//! All ways of cutting one run into names and other words, and the best of them.

use std::ops::Range;

use super::View;
use super::Weights;
use super::features::{self, ROLES, Role};
use super::runs::Run;
use super::words::{Shape, Tone, Word};
use crate::annotate::recall::{Recall, Sought};
use crate::model::Sum;

/// Kinds of names: person, organisation, place, other.
pub(crate) const KINDS: usize = 4;
/// Longest name, in tokens.
pub(crate) const LONGEST: usize = 9;

/// One score a kind.
pub(crate) type Sums = [i32; KINDS];

/// A name that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) tokens: Range<usize>,
    pub(crate) kind: u8,
}

/// The stretches of a run that could be a name, by their ends.
pub(crate) fn stretches<'a>(
    words: &'a [Word],
    run: &Run,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let Range { start, end } = *run;
    let can_end =
        |i: usize| words[i].is_solid() || matches!(words[i].shape, Shape::Number | Shape::Ordinal);
    (start..end).filter(move |&last| can_end(last)).flat_map(move |last| {
        let first = start.max((last + 1).saturating_sub(LONGEST));
        (first..=last).filter(|&from| words[from].is_solid()).map(move |from| from..last + 1)
    })
}

/// A stretch of a run with its scores.
type Scored = (Range<usize>, Sums);

/// Cuts runs up, one after the other: what it holds is of the run in hand.
#[derive(Default)]
pub(crate) struct Lattice {
    tokens: Vec<TokenSums>,
    stretches: Vec<Scored>,
    /// For each end: the best score up to it, and the stretch and kind of the name that ends there,
    /// if one does.
    best: Vec<(i32, Option<(usize, u8)>)>,
}

impl Lattice {
    /// Adds the names of the best cut of a run to `pieces`. `known` remembers words for this model alone;
    /// `sought` are those of the run.
    pub(crate) fn cut(
        &mut self,
        view: &View,
        (run, sought): (&Run, &[Sought]),
        model: &Weights,
        known: &mut Known,
        pieces: &mut Vec<Piece>,
    ) {
        self.score(view, (run, sought), model, known);
        self.choose(run);
        self.trace(run, pieces);
    }

    fn score(
        &mut self,
        view: &View,
        (run, sought): (&Run, &[Sought]),
        model: &Weights,
        known: &mut Known,
    ) {
        self.tokens.clear();
        let sums = |(at, &sought)| token_sums(view, (at, sought), model, known);
        self.tokens.extend(run.clone().zip(sought).map(sums));
        self.stretches.clear();
        for stretch in stretches(view.words, run) {
            let inner = &self.tokens[stretch.start - run.start..stretch.end - run.start];
            let mut sums = summed(model, |sum| features::whole(view, run, &stretch, sum));
            inner.iter().for_each(|token| add(&mut sums, &token[Role::Inside as usize]));
            add(&mut sums, &inner[0][Role::Begin as usize]);
            add(&mut sums, &inner[inner.len() - 1][Role::End as usize]);
            self.stretches.push((stretch, sums));
        }
    }

    fn choose(&mut self, run: &Run) {
        let best = &mut self.best;
        best.clear();
        best.push((0, None));
        let mut of_end = self.stretches.iter().enumerate().peekable();
        for end in 1..=run.len() {
            let mut here = (best[end - 1].0, None);
            while let Some((number, (stretch, sums))) =
                of_end.next_if(|(_, (stretch, _))| stretch.end - run.start == end)
            {
                let before = best[stretch.start - run.start].0;
                for (kind, own) in (0..).zip(sums) {
                    if before + own > here.0 {
                        here = (before + own, Some((number, kind)));
                    }
                }
            }
            best.push(here);
        }
    }

    fn trace(&self, run: &Run, pieces: &mut Vec<Piece>) {
        let (first, mut end) = (pieces.len(), run.len());
        while end > 0 {
            match self.best[end].1 {
                Some((number, kind)) => {
                    let tokens = self.stretches[number].0.clone();
                    end = tokens.start - run.start;
                    pieces.push(Piece { tokens, kind });
                }
                None => end -= 1,
            }
        }
        pieces[first..].reverse();
    }
}

/// What a token adds to a stretch in each role.
type TokenSums = [Sums; ROLES.len()];

/// What words add by themselves, whatever stands around them: a few weights each, so that the sums are
/// small numbers.
pub(crate) type Known = Recall<[[i16; KINDS]; ROLES.len()]>;

fn token_sums(
    view: &View,
    (at, sought): (usize, Sought),
    model: &Weights,
    known: &mut Known,
) -> TokenSums {
    let (token, loud) = (view.tokens[at], view.words[at].tone == Tone::Loud);
    let tag = token.kind as u8 | u8::from(loud) << 4;
    let own = known.get(sought, tag, || {
        let sums = |role| summed(model, |sum| features::by_itself(view, role, at, sum));
        ROLES.map(|role| sums(role).map(|sum| sum as i16))
    });
    let mut sums = own.map(|sums| sums.map(i32::from));
    for (sums, role) in sums.iter_mut().zip(ROLES) {
        add(sums, &summed(model, |sum| features::in_place(view, role, at, sum)));
    }
    sums
}

fn add(to: &mut Sums, from: &Sums) {
    to.iter_mut().zip(from).for_each(|(t, f)| *t += f);
}

/// What the features that `give` gives add up to.
fn summed(model: &Weights, give: impl FnOnce(&mut Sum<'_, { 1 + KINDS }>)) -> Sums {
    let mut sum = Sum::new(model);
    give(&mut sum);
    std::array::from_fn(|kind| sum.classes()[kind])
}
