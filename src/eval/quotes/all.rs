//! All attributions, whole contents, by kind.

use super::turns::union;
use super::{Given, Tally, pair_up, source_right};
use crate::eval::gold::Gold;
use crate::eval::kit;
use crate::text::Span;

/// The kinds of the table; the last one is all of them.
pub const KINDS: [&str; 5] = ["direct", "mixed", "scare", "indirect", "any"];
/// The figures of each kind, in the order of the table.
pub const FIGURES: [&str; 4] = ["exact", "tokens", "matched", "e2e"];

/// An answer that counts.
struct Answer<'a> {
    /// Its number among all.
    number: usize,
    words: Vec<Span>,
    given: &'a Given,
    kind: &'static str,
}

/// Adds one article; says of each answer whether content and source are right, `None` where it
/// does not count.
pub fn score(gold: &Gold, given: &[Given], tally: &mut Tally) -> Vec<Option<bool>> {
    let wanted: Vec<Vec<Span>> =
        gold.attributions.iter().map(|a| kit::word_set(&gold.text, &a.content)).collect();
    let answers = answers(gold, given);
    count(gold, &answers, &wanted, tally);
    let mut verdicts = vec![None; given.len()];
    answers.iter().for_each(|a| verdicts[a.number] = Some(false));
    let words: Vec<&[Span]> = answers.iter().map(|a| a.words.as_slice()).collect();
    for (g, p) in pair_up(&words, &wanted) {
        let (answer, attribution) = (&answers[p], &gold.attributions[g]);
        let right = source_right(&gold.text, answer.given.source, &attribution.source);
        verdicts[answer.number] = Some(right);
        let exact = answer.words == wanted[g];
        for (name, value) in [("exact", exact), ("matched", true), ("e2e", right)] {
            tally.of(&figure(answer.kind, name)).right_given += usize::from(value);
            tally.of(&figure(&attribution.kind, name)).right_gold += usize::from(value);
            tally.of(&figure("any", name)).hit(value);
        }
    }
    verdicts
}

/// The name of a figure of a kind.
pub fn figure(kind: &str, name: &str) -> String {
    format!("{kind} {name}")
}

/// The answers without those in regions that nobody marked.
fn answers<'a>(gold: &Gold, given: &'a [Given]) -> Vec<Answer<'a>> {
    let text = &gold.text;
    let stretches = kit::double_quoted(text);
    let ignored = kit::word_set(text, &gold.ignore);
    let answer = |(number, given): (usize, &'a Given)| {
        let words = kit::word_set(text, &given.content);
        let counts = !words.is_empty() && 2 * kit::shared(&words, &ignored) <= words.len();
        let kind = kit::content_kind(text, &given.content, &stretches).name();
        counts.then_some(Answer { number, words, given, kind })
    };
    given.iter().enumerate().filter_map(answer).collect()
}

/// Counts what was given and wanted, and their single words.
fn count(gold: &Gold, answers: &[Answer], wanted: &[Vec<Span>], tally: &mut Tally) {
    let all_wanted = union(wanted.iter().map(Vec::as_slice));
    let all_given = union(answers.iter().map(|a| a.words.as_slice()));
    for (attribution, words) in gold.attributions.iter().zip(wanted) {
        let shared = kit::shared(words, &all_given);
        for kind in [attribution.kind.as_str(), "any"] {
            for name in ["exact", "matched", "e2e"] {
                tally.of(&figure(kind, name)).gold += 1;
            }
            let tokens = tally.of(&figure(kind, "tokens"));
            tokens.gold += words.len();
            tokens.right_gold += shared;
        }
    }
    for answer in answers {
        let shared = kit::shared(&answer.words, &all_wanted);
        for kind in [answer.kind, "any"] {
            for name in ["exact", "matched", "e2e"] {
                tally.of(&figure(kind, name)).given += 1;
            }
            let tokens = tally.of(&figure(kind, "tokens"));
            tokens.given += answer.words.len();
            tokens.right_given += shared;
        }
    }
}
