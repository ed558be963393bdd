//! From the three models to reported clauses: gate by the cue, choose content and source, settle
//! which of two clauses that claim the same words stays.

use std::collections::BTreeMap;
use std::ops::Range;

use smallvec::SmallVec;

use super::cues::{self, Cue};
use super::cuts;
use super::features::logistic;
use super::grid::Grid;
use super::sources::{self, Source};
use super::spans::{self, Content, Start};
use super::words::by_class;
use crate::annotate::first_few::first_few;
use crate::model::{Linear, Scorer, softmax};

/// Cues less likely than this are not looked into.
const GATE: f32 = 0.3;
/// Starts whose ends are looked at.
const STARTS: usize = 3;
/// Contents less likely than this change no choice.
const TAIL: f32 = 0.003;
/// Clauses less likely than this are not given: where the F1 of content and source is best.
pub const THRESHOLD: f32 = 0.32;
/// A report within what another reports is taken for the quote when it is at least this likely.
const INNER: f32 = 0.5;
/// The three choices hang together, so that their product is too low; this power of it is right
/// on average on articles left out of the fitting.
const TOGETHER: f32 = 0.85;

/// One reported clause in tokens.
#[derive(Clone, Debug)]
pub struct Found {
    /// The cue.
    pub cue: Cue,
    /// What it reports.
    pub content: Content,
    /// Tokens of the source; empty when nobody is named.
    pub source: Range<usize>,
    /// How likely the source is right if the rest is.
    pub source_probability: f32,
    /// How likely content and source are right.
    pub probability: f32,
}

/// The reported clauses of an article, in the order of their cues.
pub fn read(grid: &mut Grid, model: &Linear) -> Vec<Found> {
    // All cues through one choice before the next: each has code enough to fill a processor's
    // cache for it.
    let cues = cues::candidates(grid).into_iter();
    let gated: Vec<Gated> = cues.filter_map(|cue| gate(grid, model, cue)).collect();
    for cues in gated.chunk_by(|a, b| a.cue.sentence == b.cue.sentence) {
        grid.count(cues[0].cue.sentence);
    }
    let grid = &*grid;
    let started: Vec<Started> =
        gated.into_iter().filter_map(|one| start(grid, model, one)).collect();
    let chosen: Vec<Chosen> =
        started.into_iter().filter_map(|one| choose(grid, model, one)).collect();
    settle(chosen.into_iter().filter_map(|one| attribute(grid, model, one)).collect())
}

/// A likely cue.
struct Gated {
    cue: Cue,
    likely: f32,
}

/// A few starts with their probabilities.
type Likely = SmallVec<[(Start, f32); STARTS]>;
/// Scores of candidates, seldom of more than these.
type Scores = SmallVec<[f32; 24]>;

/// A likely cue, and where its content may start.
struct Started {
    cue: Cue,
    likely: f32,
    starts: Likely,
}

/// A cue with its content.
struct Chosen {
    cue: Cue,
    start: Start,
    content: Content,
    /// How likely cue and content are right.
    likely: f32,
}

/// A cue that is worth looking into.
fn gate(grid: &Grid, model: &Linear, cue: Cue) -> Option<Gated> {
    let likely = logistic(Scorer::new(model).score(|sum| cues::features(grid, &cue, sum)));
    (likely > GATE).then_some(Gated { cue, likely })
}

/// Where the content of a cue may start.
fn start(grid: &Grid, model: &Linear, one: Gated) -> Option<Started> {
    let Gated { cue, likely } = one;
    let starts = likeliest_starts(grid, model, &cue);
    // No content is likelier than all starts together: for many a cue that settles it.
    let most: f32 = starts.iter().map(|(_, likely)| likely).sum();
    ((likely * most).powf(TOGETHER) >= THRESHOLD).then_some(Started { cue, likely, starts })
}

/// The content of a cue.
fn choose(grid: &Grid, model: &Linear, one: Started) -> Option<Chosen> {
    let Started { cue, likely, starts } = one;
    let ranked = contents(grid, model, &cue, &starts);
    let (start, content, matching) = best(&ranked)?;
    let content = cuts::bounded(grid, &cue, content)?;
    let likely = likely * matching;
    (likely.powf(TOGETHER) >= THRESHOLD).then_some(Chosen { cue, start, content, likely })
}

/// The clause of a cue with its content: with its source.
fn attribute(grid: &Grid, model: &Linear, one: Chosen) -> Option<Found> {
    let Chosen { cue, start, content, likely } = one;
    let mut candidates = sources::candidates(grid, &cue);
    if let Some(saying) = cuts::relay(grid, &cue) {
        candidates.retain(|c| !relays(grid, cue.token..saying.start, c));
    }
    let mut scorer = Scorer::new(model);
    let mut scores: Scores = (0..candidates.len())
        .map(|index| {
            scorer.score(|sum| {
                sources::features(grid, &cue, start, &content, &candidates, index, sum);
            })
        })
        .collect();
    softmax(&mut scores);
    let top = (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b]))?;
    let source = candidates[top].tokens.clone();
    let certain: f32 = (0..scores.len())
        .filter(|&i| {
            candidates[i].tokens.end == source.end
                && candidates[i].tokens.is_empty() == source.is_empty()
        })
        .map(|i| scores[i])
        .sum();
    let probability = (likely * certain).powf(TOGETHER);
    Some(Found { cue, content, source, source_probability: certain, probability })
}

/// Whether a candidate between "quoted" and "as saying" stands behind "by": it passes words on.
fn relays(grid: &Grid, between: Range<usize>, candidate: &Source) -> bool {
    let Some(by) = between.clone().find(|&t| grid.words[t].class == by_class()) else {
        return false;
    };
    (by..between.end).contains(&candidate.tokens.start)
}

/// The few likeliest starts with their probabilities, the likeliest first.
fn likeliest_starts(grid: &Grid, model: &Linear, cue: &Cue) -> Likely {
    let starts = spans::starts(grid, cue);
    let mut scorer = Scorer::new(model);
    let mut scores: Scores = starts
        .iter()
        .enumerate()
        .map(|(rank, &start)| {
            scorer.score(|sum| spans::start_features(grid, cue, start, rank, sum))
        })
        .collect();
    softmax(&mut scores);
    let scored = starts.into_iter().zip(scores);
    let mut ranked = first_few::<_, STARTS>(scored, |a, b| a.1.total_cmp(&b.1).is_gt());
    ranked.retain(|&mut (_, likely)| likely > 0.08);
    ranked
}

/// The contents that these starts leave open, with their probabilities.
fn contents(
    grid: &Grid,
    model: &Linear,
    cue: &Cue,
    starts: &[(Start, f32)],
) -> SmallVec<[(Start, Content, f32); 16]> {
    let mut ranked = SmallVec::new();
    for &(start, likely) in starts {
        let contents = spans::contents(grid, cue, start);
        let mut scorer = Scorer::new(model);
        let mut ends: Scores = contents
            .iter()
            .enumerate()
            .map(|(rank, content)| {
                scorer.score(|sum| {
                    spans::end_features(grid, cue, start, content, rank, contents.len(), sum);
                })
            })
            .collect();
        softmax(&mut ends);
        let open = contents.into_iter().zip(ends).map(|(c, p)| (start, c, p * likely));
        ranked.extend(open.filter(|&(.., p)| p > TAIL));
    }
    ranked
}

/// The likeliest content, and how likely it shares half its words with the right one.
fn best(ranked: &[(Start, Content, f32)]) -> Option<(Start, Content, f32)> {
    let matching = |content: &Content| -> f32 {
        ranked.iter().filter(|(_, other, _)| content.is_like(other)).map(|(.., p)| p).sum()
    };
    let judged = ranked.iter().map(|one| (one, matching(&one.1)));
    let worth = |&((_, _, own), matching): &(&(Start, Content, f32), f32)| *own + matching;
    let ((start, content, _), matching) = judged.max_by(|a, b| worth(a).total_cmp(&worth(b)))?;
    Some((*start, content.clone(), matching))
}

/// The likelier of two clauses that claim the same words stays; what is reported inside a reported
/// clause belongs to the outer one.
fn settle(mut found: Vec<Found>) -> Vec<Found> {
    found.retain(|f| f.probability >= THRESHOLD);
    // In the order of the cues: what a clause before its cue holds stands right before it.
    let told = |(n, outer): (usize, &Found)| {
        let within = |inner: &&Found| inner.cue.token >= outer.content.tokens.start;
        found[..n].iter().rev().take_while(within).any(|inner| tells(outer, inner))
    };
    let relayed: Vec<bool> = found.iter().enumerate().map(told).collect();
    let mut relayed = relayed.into_iter();
    found.retain(|_| !relayed.next().unwrap_or(false));
    found.sort_by(|a, b| {
        b.probability.total_cmp(&a.probability).then(a.cue.token.cmp(&b.cue.token))
    });
    let mut kept: BTreeMap<usize, Found> = BTreeMap::new();
    for one in found {
        let at = one.cue.token;
        let near = kept.range(at.saturating_sub(2 * cues::REACH)..at + 2 * cues::REACH);
        if !near.into_iter().any(|(_, other)| rivals(&one, other)) {
            kept.insert(at, one);
        }
    }
    kept.into_values().collect()
}

/// Whether what a clause before its cue reports is itself a report that `inner` takes apart:
/// "X told Y that …, the gazette reported" is X's.
fn tells(outer: &Found, inner: &Found) -> bool {
    let (whole, part) = (&outer.content.tokens, &inner.content.tokens);
    outer.content.hole.is_none()
        && whole.end <= outer.cue.token
        && whole.contains(&inner.cue.token)
        && part.start > inner.cue.token
        && part.end == whole.end
        && inner.source.start == whole.start
        && inner.probability >= INNER
}

fn rivals(one: &Found, kept: &Found) -> bool {
    one.content.jaccard(&kept.content) >= 0.4
        || kept.content.contains(one.cue.token)
        || one.content.contains(kept.cue.token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::scene::Scene;
    use crate::article::Article;

    /// What the same features add up to, one by one.
    fn plain(model: &Linear, give: impl FnOnce(&mut Vec<u64>)) -> f32 {
        let mut features = Vec::new();
        give(&mut features);
        model.sum(&features) as f32 * model.scale()
    }

    #[test]
    fn what_candidates_share_counts_for_each_of_them() {
        let text = "The mayor, who had met the council (and its lawyers) twice, said on Monday that \
            the bridge would open in May, and that \u{201c}nobody will be hurt\u{201d} by the work. It would \
            cost, the ministry said, more than officials had told reporters before; Ann Lee \
            denied it and argued that the plan, if it was one, had been announced by Bob Ray. \
            According to a report, prices rose. He asked whether she knew, and she replied that \
            the state had said so: it is late. Critics say he lied, but \u{201c}some\u{201d} people \
            believe, as he claims, that talks will go on and the deal they promised is near.";
        let model = super::super::embedded();
        let article = Article { text: text.into(), ..Article::default() };
        let grid = Grid::new(&Scene::new(&article));
        let mut compared = [0; 3];
        let cues = cues::candidates(&grid);
        assert!(cues.len() > 10);
        for cue in &cues {
            let score = Scorer::new(&model).score(|sum| cues::features(&grid, cue, sum));
            assert_eq!(score, plain(&model, |all| cues::features(&grid, cue, all)));
            let starts = spans::starts(&grid, cue);
            let mut scorer = Scorer::new(&model);
            for (rank, &start) in starts.iter().enumerate() {
                let score = scorer.score(|sum| spans::start_features(&grid, cue, start, rank, sum));
                let alone =
                    plain(&model, |all| spans::start_features(&grid, cue, start, rank, all));
                assert_eq!(score, alone, "{cue:?} {start:?}");
                compared[0] += 1;
            }
            for &start in &starts {
                let contents = spans::contents(&grid, cue, start);
                let count = contents.len();
                let mut scorer = Scorer::new(&model);
                for (rank, content) in contents.iter().enumerate() {
                    let score = scorer.score(|sum| {
                        spans::end_features(&grid, cue, start, content, rank, count, sum);
                    });
                    let alone = plain(&model, |all| {
                        spans::end_features(&grid, cue, start, content, rank, count, all);
                    });
                    assert_eq!(score, alone, "{cue:?} {start:?} {content:?}");
                    compared[1] += 1;
                }
                let Some(content) = contents.last() else { continue };
                let sources = sources::candidates(&grid, cue);
                let mut scorer = Scorer::new(&model);
                for index in 0..sources.len() {
                    let score = scorer.score(|sum| {
                        sources::features(&grid, cue, start, content, &sources, index, sum);
                    });
                    let alone = plain(&model, |all| {
                        sources::features(&grid, cue, start, content, &sources, index, all);
                    });
                    assert_eq!(score, alone, "{cue:?} {start:?} {:?}", sources[index]);
                    compared[2] += 1;
                }
            }
        }
        assert!(compared.iter().all(|&count| count > 200), "{compared:?}");
    }
}
