//! Fits what a stated confidence is worth: models fitted on some of the articles answer for the
//! others, and a logistic regression from what they believed to whether they were right gives a
//! line for each family of answers. Not for the models themselves.

use std::path::Path;

use anyhow::Context;

use crate::annotate::confidence::{Family, Line, Lines, log_odds};
use crate::annotate::quotes::Ranker;
use crate::annotate::{Models, annotate_by};
use crate::article::Article;
use crate::eval::gold::Gold;
use crate::eval::quotes::{Given, judged};
use crate::model::Linear;

use super::{indirect, quotes};

/// The articles are dealt into so many parts; each is answered by models of the others.
const PARTS: usize = 4;
/// Newton's method needs no more.
const STEPS: usize = 50;
/// A family with fewer answers is left as the models state it.
const FEWEST: usize = 100;

/// Fits on marked articles and writes `confidence.txt` into `out`.
///
/// # Errors
/// When the file cannot be written.
pub fn run(articles: &[(Gold, Article)], out: &Path) -> anyhow::Result<()> {
    let mut stated = Vec::new();
    for part in 0..PARTS {
        answer(articles, part, &mut stated)?;
    }
    let line = |family: Family| {
        let own = stated.iter().filter(|s| s.family == family);
        fit(&own.map(|s| (f64::from(log_odds(s.probability)), s.right)).collect::<Vec<_>>())
    };
    let path = out.join("confidence.txt");
    let text = Lines::new(Family::ALL.map(line)).to_text();
    std::fs::write(&path, text).with_context(|| path.display().to_string())
}

/// What a model stated, and whether it was right.
struct Stated {
    family: Family,
    probability: f32,
    right: bool,
}

/// Lets models of the other parts answer for one part.
fn answer(
    articles: &[(Gold, Article)],
    part: usize,
    stated: &mut Vec<Stated>,
) -> anyhow::Result<()> {
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for (number, article) in articles.iter().enumerate() {
        let side = if number % PARTS == part { &mut own } else { &mut others };
        side.push(article.clone());
    }
    let (gate, net) = quotes::models(&others)?;
    let models = Models {
        ranker: Ranker::load(&gate, &net)?,
        clauses: Linear::load(&indirect::model(&others))?,
        confidence: Lines::new(Family::ALL.map(|_| Line::PLAIN)),
    };
    for (gold, article) in &own {
        let annotation = annotate_by(article, &models);
        let given: Vec<Given> =
            annotation.quotes.iter().map(|quote| Given::new(article, quote)).collect();
        let verdicts = judged(gold, &given);
        for (quote, right) in annotation.quotes.iter().zip(verdicts) {
            let family = Family::of(&quote.rule, quote.source.is_some());
            if let (Some(family), Some(right)) = (family, right) {
                stated.push(Stated { family, probability: quote.confidence, right });
            }
        }
    }
    Ok(())
}

/// The line from log-odds to outcomes that makes the outcomes likeliest.
fn fit(points: &[(f64, bool)]) -> Line {
    if points.len() < FEWEST {
        return Line::PLAIN;
    }
    let (mut slope, mut shift) = (0.5f64, 0.0f64);
    for _ in 0..STEPS {
        // A little weight on the diagonal keeps the matrix from being singular.
        let (mut down, mut curve) = ([0.0; 2], [1.0, 0.0, 1.0]);
        for &(x, right) in points {
            let p = 1.0 / (1.0 + (-(slope * x + shift)).exp());
            let (error, weight) = (f64::from(u8::from(right)) - p, p * (1.0 - p));
            down = [down[0] + error * x, down[1] + error];
            curve = [curve[0] + weight * x * x, curve[1] + weight * x, curve[2] + weight];
        }
        let whole = curve[0] * curve[2] - curve[1] * curve[1];
        slope += (curve[2] * down[0] - curve[1] * down[1]) / whole;
        shift += (curve[0] * down[1] - curve[1] * down[0]) / whole;
    }
    Line { slope: slope as f32, shift: shift as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_again() {
        // Right as often as slope 0.5 and shift -0.5 say, at every whole number of log-odds.
        let mut points = Vec::new();
        for x in -4..=4 {
            let share = 1.0 / (1.0 + (-(0.5 * f64::from(x) - 0.5)).exp());
            let right = (share * 1000.0).round() as usize;
            points.extend((0..1000).map(|n| (f64::from(x), n < right)));
        }
        let line = fit(&points);
        assert!((line.slope - 0.5).abs() < 0.01 && (line.shift + 0.5).abs() < 0.01, "{line:?}");
        assert_eq!(fit(&points[..50]), Line::PLAIN);
    }
}
