//! Log-linear rankers over hashed features: collecting examples and fitting weights.
//!
//! One trainer serves every choice the annotator makes. A *group* is one choice among candidates,
//! each a set of binary features; the probability of a candidate is the softmax of the sums of
//! its weights. A yes/no decision is a group of two: the candidate, and one without features.
//! The loss is minus the log of the probability of all right candidates together, plus an L2
//! penalty; it is minimised by L-BFGS (Nocedal 1980), which needs no random numbers, so the same
//! examples give the same weights to the bit. Not for inference: `crate::model` does that.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use crate::model;

/// Steps remembered by L-BFGS.
const MEMORY: usize = 6;
/// The work is cut into this many pieces whatever the machine, so that sums are always formed in the same order.
const PIECES: usize = 2;

/// Weights by feature, sorted by feature.
pub type Weights = Vec<(u64, f32)>;

/// How to fit.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Weight of the penalty `l2 / 2 * |w|²`, in units of one group's loss.
    pub l2: f32,
    /// Features on fewer candidates than this are dropped.
    pub min_count: u32,
    /// Most L-BFGS steps.
    pub rounds: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { l2: 1.0, min_count: 3, rounds: 80 }
    }
}

/// Choices with the right answers: the training examples.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// Feature ids of all candidates, one after the other.
    features: Vec<u32>,
    /// Where each candidate's features end in `features`.
    candidate_ends: Vec<u32>,
    /// How much of the right answer each candidate is: 0 or 1 for plain choices.
    right: Vec<f32>,
    /// Where each group's candidates end in `candidate_ends`.
    group_ends: Vec<u32>,
    ids: HashMap<u64, u32, FxBuildHasher>,
    names: Vec<u64>,
    counts: Vec<u32>,
}

impl Groups {
    /// Adds a candidate to the group under way.
    ///
    /// `right` is its gain when it is chosen: 1 for a right answer, 0 for a wrong one, anything
    /// between for one that is partly right. Feature 0 stands for none and is left out.
    pub fn candidate(&mut self, features: &[u64], right: f32) {
        for &feature in features.iter().filter(|&&f| f != 0) {
            let next = self.names.len() as u32;
            let id = *self.ids.entry(feature).or_insert(next);
            if id == next {
                self.names.push(feature);
                self.counts.push(0);
            }
            self.counts[id as usize] += 1;
            self.features.push(id);
        }
        self.candidate_ends.push(self.features.len() as u32);
        self.right.push(right);
    }

    /// Ends the group under way; one without any right candidate is dropped, for it teaches nothing.
    pub fn end_group(&mut self) {
        let first = self.group_ends.last().map_or(0, |&end| end as usize);
        if self.right[first..].iter().all(|&r| r <= 0.0) {
            let kept = first.checked_sub(1).map_or(0, |last| self.candidate_ends[last] as usize);
            self.features.truncate(kept);
            self.candidate_ends.truncate(first);
            self.right.truncate(first);
        } else if self.right.len() > first {
            self.group_ends.push(self.right.len() as u32);
        }
    }

    /// Adds a yes/no decision as a group of its own.
    pub fn decision(&mut self, features: &[u64], yes: bool) {
        self.candidate(features, f32::from(yes));
        self.candidate(&[], f32::from(!yes));
        self.end_group();
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.group_ends.len()
    }

    /// Whether there is nothing to learn from.
    pub fn is_empty(&self) -> bool {
        self.group_ends.is_empty()
    }

    /// Fits the weights.
    pub fn fit(&self, settings: &Settings) -> Weights {
        let problem = Problem::new(self, settings);
        let weights = minimise(&problem, settings.rounds);
        let mut named: Weights = (0..self.names.len())
            .filter(|&id| problem.column[id] != u32::MAX)
            .map(|id| (self.names[id], weights[problem.column[id] as usize] as f32))
            .collect();
        named.sort_unstable_by_key(|&(feature, _)| feature);
        named
    }
}

/// The bytes of a one-class model file: weights rounded to 1/127 of the largest, zeros left out.
pub fn to_bytes(weights: &Weights) -> Vec<u8> {
    let largest = weights.iter().fold(0f32, |most, &(_, w)| most.max(w.abs()));
    let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
    let rows: Vec<(u64, Vec<i8>)> = weights
        .iter()
        .map(|&(feature, weight)| (feature, vec![(weight / scale).round() as i8]))
        .filter(|(_, row)| row[0] != 0)
        .collect();
    model::save(1, scale, 0, &rows)
}

/// The examples with rare features taken out: a smooth convex function of the weights.
struct Problem<'a> {
    groups: &'a Groups,
    /// Weight index of each feature id; `u32::MAX` for dropped ones.
    column: Vec<u32>,
    size: usize,
    l2: f64,
}

impl<'a> Problem<'a> {
    fn new(groups: &'a Groups, settings: &Settings) -> Self {
        let mut size = 0;
        let column = groups
            .counts
            .iter()
            .map(|&count| {
                if count < settings.min_count {
                    return u32::MAX;
                }
                size += 1;
                size as u32 - 1
            })
            .collect();
        Problem { groups, column, size, l2: f64::from(settings.l2) }
    }

    /// The loss at `weights`, and its gradient.
    fn loss(&self, weights: &[f64]) -> (f64, Vec<f64>) {
        let count = self.groups.len();
        let pieces: Vec<(f64, Vec<f64>)> = std::thread::scope(|scope| {
            let handles: Vec<_> = (0..PIECES)
                .map(|i| (count * i / PIECES, count * (i + 1) / PIECES))
                .map(|(from, to)| scope.spawn(move || self.part(weights, from, to)))
                .collect();
            handles.into_iter().map(|h| h.join().expect("no panic in a sum")).collect()
        });
        let mut loss = self.l2 / 2.0 * dot(weights, weights);
        let mut gradient: Vec<f64> = weights.iter().map(|w| self.l2 * w).collect();
        for (part, slope) in pieces {
            loss += part;
            gradient.iter_mut().zip(slope).for_each(|(g, s)| *g += s);
        }
        (loss, gradient)
    }

    fn part(&self, weights: &[f64], from: usize, to: usize) -> (f64, Vec<f64>) {
        let (mut loss, mut gradient) = (0.0, vec![0.0; self.size]);
        let mut scores = Vec::new();
        for group in from..to {
            let first = group.checked_sub(1).map_or(0, |g| self.groups.group_ends[g] as usize);
            let candidates = first..self.groups.group_ends[group] as usize;
            scores.clear();
            scores.extend(
                candidates
                    .clone()
                    .map(|c| self.columns(c).map(|column| weights[column]).sum::<f64>()),
            );
            let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            scores.iter_mut().for_each(|s| *s = (*s - most).exp());
            let all: f64 = scores.iter().sum();
            let right: f64 = candidates.clone().zip(&scores).map(|(c, s)| s * self.right(c)).sum();
            loss += (all / right).ln();
            for (candidate, score) in candidates.zip(&scores) {
                let slope = score / all - score * self.right(candidate) / right;
                if slope.abs() > 1e-12 {
                    self.columns(candidate).for_each(|column| gradient[column] += slope);
                }
            }
        }
        (loss, gradient)
    }

    fn right(&self, candidate: usize) -> f64 {
        f64::from(self.groups.right[candidate])
    }

    fn columns(&self, candidate: usize) -> impl Iterator<Item = usize> + '_ {
        let ends = &self.groups.candidate_ends;
        let from = candidate.checked_sub(1).map_or(0, |c| ends[c] as usize);
        self.groups.features[from..ends[candidate] as usize]
            .iter()
            .map(|&id| self.column[id as usize])
            .filter(|&column| column != u32::MAX)
            .map(|column| column as usize)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// One remembered L-BFGS step: how far the weights moved, how the gradient changed.
struct Step {
    moved: Vec<f64>,
    changed: Vec<f64>,
    rho: f64,
}

fn minimise(problem: &Problem, rounds: usize) -> Vec<f64> {
    let mut weights = vec![0.0; problem.size];
    let (mut loss, mut gradient) = problem.loss(&weights);
    let mut steps: Vec<Step> = Vec::new();
    for _ in 0..rounds {
        let direction = descent(&gradient, &steps);
        let slope = dot(&direction, &gradient);
        let first = steps.is_empty().then(|| 1.0 / dot(&gradient, &gradient).sqrt().max(1e-9));
        let Some((next, next_loss, next_gradient)) =
            line_search(problem, &weights, &direction, loss, slope, first.unwrap_or(1.0))
        else {
            break;
        };
        let moved: Vec<f64> = next.iter().zip(&weights).map(|(a, b)| a - b).collect();
        let changed: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        let curvature = dot(&moved, &changed);
        if curvature > 1e-12 {
            if steps.len() == MEMORY {
                steps.remove(0);
            }
            steps.push(Step { moved, changed, rho: 1.0 / curvature });
        }
        let gained = loss - next_loss;
        (weights, loss, gradient) = (next, next_loss, next_gradient);
        if gained < 1e-5 * loss.abs() {
            break;
        }
    }
    weights
}

/// The two-loop recursion: the gradient turned by the remembered curvature.
fn descent(gradient: &[f64], steps: &[Step]) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|g| -g).collect();
    let mut factors = Vec::with_capacity(steps.len());
    for step in steps.iter().rev() {
        let factor = step.rho * dot(&step.moved, &direction);
        direction.iter_mut().zip(&step.changed).for_each(|(d, c)| *d -= factor * c);
        factors.push(factor);
    }
    if let Some(last) = steps.last() {
        let shrink = 1.0 / (last.rho * dot(&last.changed, &last.changed));
        direction.iter_mut().for_each(|d| *d *= shrink);
    }
    for (step, factor) in steps.iter().zip(factors.into_iter().rev()) {
        let back = factor - step.rho * dot(&step.changed, &direction);
        direction.iter_mut().zip(&step.moved).for_each(|(d, m)| *d += back * m);
    }
    direction
}

/// Halves the step until the loss falls as much as the slope promises (Armijo).
fn line_search(
    problem: &Problem,
    weights: &[f64],
    direction: &[f64],
    loss: f64,
    slope: f64,
    mut length: f64,
) -> Option<(Vec<f64>, f64, Vec<f64>)> {
    for _ in 0..30 {
        let next: Vec<f64> = weights.iter().zip(direction).map(|(w, d)| w + length * d).collect();
        let (next_loss, gradient) = problem.loss(&next);
        if next_loss <= loss + 1e-4 * length * slope {
            return Some((next, next_loss, gradient));
        }
        length /= 2.0;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Linear;

    fn settings() -> Settings {
        Settings { l2: 0.01, min_count: 1, rounds: 100 }
    }

    #[test]
    fn a_ranker_learns_which_feature_wins() {
        let mut groups = Groups::default();
        for noise in 10..40 {
            groups.candidate(&[1, noise], 1.0);
            groups.candidate(&[2, noise], 0.0);
            groups.candidate(&[2, 3], 0.0);
            groups.end_group();
        }
        let weights: HashMap<u64, f32> = groups.fit(&settings()).into_iter().collect();
        assert!(weights[&1] > weights[&2] + 3.0, "{weights:?}");
        assert!(weights[&20].abs() < 0.5, "noise stays small: {weights:?}");
    }

    #[test]
    fn a_decision_learns_the_share_of_yes() {
        let mut groups = Groups::default();
        for i in 0..100 {
            groups.decision(&[7], i % 4 == 0);
        }
        let weight = groups.fit(&Settings { l2: 1e-6, ..settings() })[0].1;
        let share = 1.0 / (1.0 + (-weight).exp());
        assert!((share - 0.25).abs() < 0.01, "{share}");
    }

    #[test]
    fn groups_without_a_right_answer_and_rare_features_are_left_out() {
        let mut groups = Groups::default();
        groups.candidate(&[5], 0.0);
        groups.end_group();
        assert!(groups.is_empty());
        groups.decision(&[1, 2], true);
        groups.decision(&[1], false);
        let weights = groups.fit(&Settings { min_count: 2, ..settings() });
        assert_eq!(weights.iter().map(|w| w.0).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn the_file_holds_the_weights() {
        // The model tells features apart by both halves of their hashes.
        let [a, b, c] = [3, 4, 9].map(|value| crate::model::feature(0, value));
        let mut weights = vec![(a, 2.0), (b, 0.0001), (c, -1.0)];
        weights.sort_by_key(|&(feature, _)| feature);
        let model = Linear::load(&to_bytes(&weights)).expect("our own bytes");
        let weight = |f| model.sum(&[f]) as f32 * model.scale();
        assert_eq!(weight(a), 2.0);
        assert!((weight(c) + 1.0).abs() < 0.02);
        assert_eq!(weight(b), 0.0);
        assert_eq!(model.sum(&[a, b, c]), model.sum(&[a]) + model.sum(&[c]));
    }
}
