//! What a stated confidence is worth: from what a model believes to how often it is right.
//!
//! Two straight lines in log-odds, fitted by logistic regression on a quarter of the training
//! articles, with models fitted on the other three quarters: a model is too sure of what it has
//! seen. Right means that the words match a marked attribution and the source is its source. The
//! rules of plain forms state their own figures. Not for choosing: all choices are made before.

use super::indirect;
use super::quotes::{PLAINEST, RANKER};

/// Log-odds of the truth: `slope` times those of the model, and `shift`.
struct Line {
    slope: f32,
    shift: f32,
}

/// Quotations whose source the ranker chose (1527 held out).
const RANKED: Line = Line { slope: 0.544, shift: -0.394 };
/// Reported clauses whose source is not named (169 held out). Those with a source need no line.
const NAMELESS_CLAUSE: Line = Line { slope: 1.043, shift: -0.614 };
/// Beyond these a model's figure says no more.
const SURE: (f32, f32) = (0.002, 0.9995);

/// How often an answer of this rule with this probability is right.
pub fn stated(rule: &str, has_source: bool, probability: f32) -> f32 {
    let line = match rule {
        RANKER | PLAINEST => RANKED,
        indirect::RULE if !has_source => NAMELESS_CLAUSE,
        _ => return probability,
    };
    let p = probability.clamp(SURE.0, SURE.1);
    let odds = line.slope * (p / (1.0 - p)).ln() + line.shift;
    1.0 / (1.0 + (-odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_surer_stays_the_surer() {
        for rule in [RANKER, PLAINEST, indirect::RULE, "by-line-dash"] {
            for has_source in [true, false] {
                let all: Vec<f32> =
                    (0..=100u8).map(|n| stated(rule, has_source, f32::from(n) / 100.0)).collect();
                assert!(all.is_sorted(), "{rule}");
                assert!(all.iter().all(|p| (0.0..=1.0).contains(p)), "{rule}");
            }
        }
        assert!(stated(RANKER, true, 1.0) < 0.98);
    }
}
