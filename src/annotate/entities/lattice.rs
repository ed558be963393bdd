//! All ways of cutting one run into names and other words, and the best of them.

use std::ops::Range;

use super::View;
use super::Weights;
use super::features::{self, ROLES, Role};
use super::runs::Run;
use super::words::{Shape, Tone, Word};
use crate::annotate::recall::Recall;
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

/// The scored stretches of one run.
pub(crate) struct Lattice {
    run: Run,
    stretches: Vec<(Range<usize>, Sums)>,
}

impl Lattice {
    /// `known` remembers words for this model alone.
    pub(crate) fn new(view: &View, run: &Run, model: &Weights, known: &mut Known) -> Lattice {
        let tokens: Vec<TokenSums> =
            run.clone().map(|at| token_sums(view, at, model, known)).collect();
        let mut stretches = Vec::with_capacity(run.len() * 2);
        for stretch in self::stretches(&view.words, run) {
            let inner = &tokens[stretch.start - run.start..stretch.end - run.start];
            let mut sums = summed(model, |sum| features::whole(view, run, &stretch, sum));
            inner.iter().for_each(|token| add(&mut sums, &token[Role::Inside as usize]));
            add(&mut sums, &inner[0][Role::Begin as usize]);
            add(&mut sums, &inner[inner.len() - 1][Role::End as usize]);
            stretches.push((stretch, sums));
        }
        Lattice { run: run.clone(), stretches }
    }

    /// The best cut.
    pub(crate) fn best(&self) -> Vec<Piece> {
        // For each end: the best score up to it, and the piece that ends there, if one does.
        let mut best: Vec<(i32, Option<Piece>)> = vec![(0, None); self.run.len() + 1];
        let mut at = 0;
        for end in 1..=self.run.len() {
            best[end] = (best[end - 1].0, None);
            while let Some((stretch, sums)) =
                self.stretches.get(at).filter(|s| s.0.end - self.run.start == end)
            {
                at += 1;
                let before = best[stretch.start - self.run.start].0;
                for (kind, own) in sums.iter().enumerate() {
                    let score = before + own;
                    if score > best[end].0 {
                        best[end] =
                            (score, Some(Piece { tokens: stretch.clone(), kind: kind as u8 }));
                    }
                }
            }
        }
        self.trace(best)
    }

    fn trace(&self, mut best: Vec<(i32, Option<Piece>)>) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut end = self.run.len();
        while end > 0 {
            match best[end].1.take() {
                Some(piece) => {
                    end = piece.tokens.start - self.run.start;
                    pieces.push(piece);
                }
                None => end -= 1,
            }
        }
        pieces.reverse();
        pieces
    }
}

/// What a token adds to a stretch in each role.
type TokenSums = [Sums; ROLES.len()];

/// What words add by themselves, whatever stands around them.
pub(crate) type Known = Recall<TokenSums>;

fn token_sums(view: &View, at: usize, model: &Weights, known: &mut Known) -> TokenSums {
    let (token, loud) = (view.tokens[at], view.words[at].tone == Tone::Loud);
    let tag = token.kind as u8 | u8::from(loud) << 4;
    let mut sums = known.get(view.scene.text, token.span, tag, || {
        ROLES.map(|role| summed(model, |sum| features::by_itself(view, role, at, sum)))
    });
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
