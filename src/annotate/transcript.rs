//! Speech without quotation marks of its own: turns of interviews and transcripts, dialogue behind
//! dashes, posts, statements and letters printed as they are, headlines that end in "says Smith".
//! Each form has a file; here is what they share. Not for what stands between marks, which is `quotes`.

mod dialogue;
mod headline;
mod interview;
mod labels;
mod names;
mod posts;
mod statements;
pub(super) mod words;

use std::collections::BTreeMap;
use std::ops::Range;

use super::scene::Scene;
use super::words::Group;
use crate::article::{Entity, QuoteKind};
use crate::segment::TokenKind;
use crate::text::{Span, Spans};
use names::Names;
pub use statements::{SIGNED, signer};
use words::TALK;

/// How often a turn of a transcript is right, by hand.
const TRANSCRIPT: f32 = 0.9;
/// Paragraphs of a turn behind its first at most.
const BETWEEN: usize = 8;

/// What somebody says without marks around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoken {
    /// Whether all of it are the speaker's own words.
    pub kind: QuoteKind,
    /// Its words, one span a paragraph.
    pub content: Spans,
    /// All that it takes up: what is quoted in there is a part of it.
    pub around: Span,
    /// The words that name the speaker: mostly a label.
    pub source: Option<Span>,
    /// The words that say who that is; none where the text does not tell.
    pub who: Option<Span>,
    /// The verb that says that somebody speaks.
    pub cue: Option<Span>,
    /// What decided.
    pub rule: &'static str,
    /// How likely it is right.
    pub confidence: f32,
}

impl Spoken {
    /// A speaker's own words, with the label beside them.
    fn direct(content: Spans, source: Option<Span>, rule: &'static str) -> Spoken {
        let kind = QuoteKind::Direct;
        let around = content.iter().copied().chain(source).reduce(Span::cover);
        let around = around.unwrap_or(Span::new(0, 0));
        let confidence = TRANSCRIPT;
        Spoken { kind, content, around, source, who: source, cue: None, rule, confidence }
    }
}

/// All that is said without marks, in order; none of it overlaps.
pub fn turns(scene: &Scene, entities: &[Entity]) -> Vec<Spoken> {
    let names = Names::new(entities);
    let mut found = labels::turns(scene, &names);
    if found.is_empty() {
        found = interview::turns(scene, &names);
    }
    if found.is_empty() {
        found = dialogue::turns(scene);
    }
    let at = |one: Spoken| (one.around.start(), one);
    let mut kept: BTreeMap<usize, Spoken> = found.into_iter().map(at).collect();
    let others = [posts::posts, statements::statements, statements::letters, headline::headlines];
    for one in others.into_iter().flat_map(|find| find(scene, &names)) {
        // Of those kept, which do not overlap, the last that begins before its end comes nearest.
        let near = kept.range(..one.around.end()).next_back();
        if near.is_none_or(|(_, other)| !other.around.overlaps(one.around)) {
            kept.insert(one.around.start(), one);
        }
    }
    kept.into_values().collect()
}

/// Whether somebody talks to somebody here.
fn is_talk(scene: &Scene, tokens: Range<usize>) -> bool {
    let asks = tokens.clone().next_back().is_some_and(|t| scene.word(t) == "?");
    asks || says_any(scene, tokens, TALK)
}

/// Whether one of some words stands outside quotations; contractions count by their first part.
fn says_any(scene: &Scene, mut tokens: Range<usize>, words: &[&str]) -> bool {
    tokens.any(|t| {
        let word = scene.word(t);
        let stem = word.split(['\'', '’']).next().unwrap_or(word);
        words.iter().any(|one| one.eq_ignore_ascii_case(stem))
    })
}

/// (CROSSTALK.), [laughs]
fn is_stage_direction(scene: &Scene, tokens: Range<usize>) -> bool {
    let mut words = tokens.filter(|&t| scene.tokens[t].kind != TokenKind::Quote);
    words.next().is_some_and(|t| scene.classes[t].group == Group::Open)
}
