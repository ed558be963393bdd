//! What a stated confidence is worth: from what a model believes to how often it is right.
//!
//! One straight line in log-odds for each of a few families of answers. `whosaid train quotes` fits
//! them (`train::confidence`) on articles that the models had not seen: a model is too sure of what
//! it was fitted on. The rules of plain forms state their own figures.
//! Not for choosing: all choices are made before.

use std::fmt::Write;

use super::indirect;
use super::quotes::{PLAINEST, RANKER};
use crate::article::Quote;

/// Answers that are right or wrong for like reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Quotations whose source the ranker chose.
    Ranked,
    /// Reported clauses whose source is not named. Those with a source state their own figure,
    /// which `indirect` has set right.
    NamelessClause,
}

impl Family {
    /// All of them, in the order of their lines.
    pub const ALL: [Family; 2] = [Family::Ranked, Family::NamelessClause];

    /// The family of an answer; none for one whose figure stands.
    pub fn of(rule: &str, has_source: bool) -> Option<Family> {
        match rule {
            RANKER | PLAINEST => Some(Family::Ranked),
            indirect::RULE if !has_source => Some(Family::NamelessClause),
            _ => None,
        }
    }

    /// Its name in the file.
    fn name(self) -> &'static str {
        match self {
            Family::Ranked => "ranked",
            Family::NamelessClause => "nameless-clause",
        }
    }
}

/// Log-odds of the truth: `slope` times those of the model, and `shift`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// How much of the model's sureness is earned.
    pub slope: f32,
    /// How far it is off at even odds.
    pub shift: f32,
}

impl Line {
    /// Leaves a figure as it is.
    pub const PLAIN: Line = Line { slope: 1.0, shift: 0.0 };

    fn at(self, probability: f32) -> f32 {
        1.0 / (1.0 + (-(self.slope * log_odds(probability) + self.shift)).exp())
    }
}

/// Beyond these a model's figure says no more: an answer that won although it is less likely than the
/// first is too rare for its worth to be known.
const SURE: (f32, f32) = (0.32, 0.9995);

/// The log-odds of a probability, as the lines take them.
pub fn log_odds(probability: f32) -> f32 {
    let p = probability.clamp(SURE.0, SURE.1);
    (p / (1.0 - p)).ln()
}

/// The lines of all families.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lines([Line; Family::ALL.len()]);

impl Lines {
    /// Lines in the order of `Family::ALL`.
    pub fn new(lines: [Line; Family::ALL.len()]) -> Lines {
        Lines(lines)
    }

    /// Those that the program carries.
    pub(super) fn embedded() -> Lines {
        let text = include_str!("../../data/models/confidence.txt");
        Lines::parse(text).expect("the embedded file has a line for every family")
    }

    /// Reads the file: a family, its slope and its shift a line. `None`: one is missing.
    pub fn parse(text: &str) -> Option<Lines> {
        let line = |family: Family| {
            let of = |line: &str| {
                let mut words = line.split_whitespace();
                (words.next() == Some(family.name())).then_some(())?;
                Some(Line {
                    slope: words.next()?.parse().ok()?,
                    shift: words.next()?.parse().ok()?,
                })
            };
            text.lines().find_map(of)
        };
        let [ranked, nameless] = Family::ALL.map(line);
        Some(Lines([ranked?, nameless?]))
    }

    /// The text of the file.
    pub fn to_text(self) -> String {
        let mut text = String::from(
            "# What stated confidences are worth (src/annotate/confidence.rs): family, slope, shift.\n\
             # Made by `whosaid train quotes`, beside the models it is fitted for.\n",
        );
        for (family, line) in Family::ALL.iter().zip(self.0) {
            writeln!(text, "{} {:.3} {:.3}", family.name(), line.slope, line.shift)
                .expect("writing to a string");
        }
        text
    }

    /// The quote with the confidence that it deserves.
    pub(super) fn apply(&self, mut quote: Quote) -> Quote {
        let family = Family::of(&quote.rule, quote.source.is_some());
        let line = family.map_or(Line::PLAIN, |family| self.0[family as usize]);
        if line != Line::PLAIN {
            quote.confidence = line.at(quote.confidence);
        }
        quote
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_surer_stays_the_surer() {
        let lines = Lines::embedded();
        for line in lines.0 {
            let all: Vec<f32> = (0..=100u8).map(|n| line.at(f32::from(n) / 100.0)).collect();
            assert!(all.is_sorted(), "{line:?}");
            assert!(all.iter().all(|p| (0.0..=1.0).contains(p)), "{line:?}");
        }
        assert!(lines.0[Family::Ranked as usize].at(1.0) < 0.99);
    }

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let line = |slope, shift| Line { slope, shift };
        let lines = Lines::new([line(0.5, -0.25), line(1.125, 0.5)]);
        assert_eq!(Lines::parse(&lines.to_text()), Some(lines));
        assert_eq!(Lines::parse("ranked 1 0"), None);
    }
}
