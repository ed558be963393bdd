//! Interviews without labels: questions that are paragraphs of their own, printed bold or as headings,
//! and behind each the answer of the one person that the article is about.
//!
//! Explainers ask as well ("What happens next?") and nobody answers but the reporter. So most answers
//! must say I or we, hardly one may name who is asked, and there are many questions, or the text says
//! that somebody was spoken to. Not for questions and answers behind labels, which are `labels`.

use std::ops::Range;

use smallvec::smallvec;

use super::names::{Names, Prominent};
use super::words::{ASKED, OWN, TALKED};
use super::{BETWEEN, Spoken, is_stage_direction, says_any};
use crate::annotate::cast::words::fold;
use crate::annotate::scene::Scene;
use crate::article::Part;
use crate::text::{Span, Spans};

/// Name of the rule that gives these quotes.
const RULE: &str = "interview-turn";
/// How often such a turn is right, by hand.
const CONFIDENCE: f32 = 0.85;
/// Words of a question at most.
const LONGEST: usize = 80;
/// Fewest questions of an interview.
const QUESTIONS: usize = 3;

/// A question and the paragraphs of its answer.
struct Asked {
    question: usize,
    answer: Vec<usize>,
}

/// The questions and answers of an article that is an interview, in order.
pub fn turns(scene: &Scene, names: &Names) -> Vec<Spoken> {
    let asked = asked(scene);
    let Some(first) = asked.first() else { return Vec::new() };
    let most = Prominent::new(scene, names).before(first.question);
    let Some(who) = most else { return Vec::new() };
    if !is_interview(scene, &asked, who) {
        return Vec::new();
    }
    let words = |p: &usize| scene.paragraphs[*p].span;
    let turn = |content: Spans, source: Option<Span>| Spoken {
        source,
        who: source,
        confidence: CONFIDENCE,
        ..Spoken::direct(content, None, RULE)
    };
    let both = |one: &Asked| {
        let answer = one.answer.iter().map(words).collect();
        [turn(smallvec![words(&one.question)], None), turn(answer, Some(who))]
    };
    asked.iter().flat_map(both).collect()
}

/// The questions that have an answer, with what may be it.
fn asked(scene: &Scene) -> Vec<Asked> {
    let questions: Vec<usize> =
        (0..scene.paragraphs.len()).filter(|&p| is_question(scene, p)).collect();
    if questions.len() < QUESTIONS {
        return Vec::new();
    }
    let mut found: Vec<Asked> = Vec::new();
    for (n, &question) in questions.iter().enumerate() {
        let next = questions.get(n + 1).copied();
        let answer = answer(scene, question, next);
        // A long stretch of text behind a question is an article that asks one.
        if !answer.is_empty() && answer.len() <= BETWEEN {
            found.push(Asked { question, answer });
        }
    }
    found
}

/// A paragraph that ends in a question, and is not somebody's marked words.
fn is_question(scene: &Scene, p: usize) -> bool {
    let paragraph = &scene.paragraphs[p];
    let tokens = paragraph.tokens.clone();
    let outside = |t: usize| scene.quoted[t] == 0;
    // Headlines of other articles stand between paragraphs, and some of them ask.
    let shouted = !paragraph.span.of(scene.text).contains(char::is_lowercase);
    paragraph.part == Part::Body
        && !shouted
        && (2..=LONGEST).contains(&tokens.len())
        && scene.word(tokens.end - 1) == "?"
        && outside(tokens.start)
        && outside(tokens.end - 1)
}

/// The paragraphs behind a question: up to the next one, behind the last as long as they say I.
fn answer(scene: &Scene, question: usize, next: Option<usize>) -> Vec<usize> {
    let fits = |p: &usize| {
        let paragraph = &scene.paragraphs[*p];
        paragraph.part == Part::Body && !is_stage_direction(scene, paragraph.tokens.clone())
    };
    let to = next.unwrap_or(scene.paragraphs.len());
    let goes_on = |p: &usize| {
        next.is_some() || *p == question + 1 || says_own(scene, scene.paragraphs[*p].tokens.clone())
    };
    (question + 1..to).take_while(goes_on).filter(fits).collect()
}

/// Whether somebody speaks of himself outside quotations.
fn says_own(scene: &Scene, tokens: Range<usize>) -> bool {
    tokens.into_iter().any(|t| scene.quoted[t] == 0 && says_any(scene, t..t + 1, OWN))
}

/// Whether questions and answers are those of a talk with this person.
fn is_interview(scene: &Scene, asked: &[Asked], who: Span) -> bool {
    let tokens = |p: usize| scene.paragraphs[p].tokens.clone();
    let before = 0..tokens(asked[0].question).start;
    let announced = says_any(scene, before, TALKED);
    let surname = who.of(scene.text).rsplit(' ').next().map(fold).unwrap_or_default();
    let answers = |holds: &dyn Fn(Range<usize>) -> bool| {
        asked.iter().filter(|one| one.answer.iter().any(|&p| holds(tokens(p)))).count()
    };
    let own = answers(&|tokens| says_own(scene, tokens));
    let named = answers(&|mut tokens| tokens.any(|t| fold(scene.word(t)) == surname));
    let addressed = asked.iter().filter(|one| says_any(scene, tokens(one.question), ASKED)).count();
    asked.len() >= QUESTIONS
        && 5 * own >= 3 * asked.len()
        && 5 * named <= asked.len()
        && (announced || 3 * addressed >= asked.len())
}
