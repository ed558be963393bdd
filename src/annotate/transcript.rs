//! Speech without quotation marks of its own: turns of interviews and transcripts, dialogue behind
//! dashes, posts, statements and letters printed as they are, headlines that end in "says Smith".
//! Each form has a file; here is what they share. Not for what stands between marks, which is `quotes`.

mod dialogue;
mod headline;
mod interview;
mod labels;
mod posts;
mod statements;
pub(super) mod words;

use std::ops::Range;

use super::cast::tokens_of;
use super::scene::Scene;
use super::words::Group;
use crate::article::{Entity, EntityKind, Part, QuoteKind};
use crate::segment::TokenKind;
use crate::text::Span;
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
    pub content: Vec<Span>,
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
    fn direct(content: Vec<Span>, source: Option<Span>, rule: &'static str) -> Spoken {
        let kind = QuoteKind::Direct;
        let around = content.iter().copied().chain(source).reduce(Span::cover);
        let around = around.unwrap_or(Span::new(0, 0));
        let confidence = TRANSCRIPT;
        Spoken { kind, content, around, source, who: source, cue: None, rule, confidence }
    }
}

/// All that is said without marks, in order; none of it overlaps.
pub fn turns(scene: &Scene, entities: &[Entity]) -> Vec<Spoken> {
    let mut found = labels::turns(scene, entities);
    if found.is_empty() {
        found = interview::turns(scene, entities);
    }
    if found.is_empty() {
        found = dialogue::turns(scene);
    }
    let others = [posts::posts, statements::statements, statements::letters, headline::headlines];
    for find in others {
        for one in find(scene, entities) {
            if found.iter().all(|other| !other.around.overlaps(one.around)) {
                found.push(one);
            }
        }
    }
    found.sort_by_key(|one| one.around.start());
    found
}

fn persons(entities: &[Entity]) -> impl Iterator<Item = &Entity> {
    entities.iter().filter(|e| e.kind == EntityKind::Person)
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

/// The one person named most before a paragraph: who is asked, whose statement it is.
fn interviewee(scene: &Scene, entities: &[Entity], before: usize) -> Option<Span> {
    let limit = scene.paragraphs[before].span.start();
    let body = |span: Span| {
        let p = scene.paragraph_of(tokens_of(scene, span).start);
        scene.paragraphs.get(p).is_some_and(|p| p.part != Part::Byline)
    };
    let named = |e: &Entity| {
        let spans = e.mentions.iter().map(|m| m.span);
        spans.filter(|&s| s.end() <= limit && body(s)).count()
    };
    let most = persons(entities).map(named).max().filter(|&n| n > 0)?;
    let all: Vec<&Entity> = persons(entities).filter(|&e| named(e) == most).collect();
    // Of two, the one whose office the article tells: the other asks.
    let mut told = all.iter().filter(|e| e.role.is_some());
    let only = match (&all[..], told.next(), told.next()) {
        ([only], ..) => only,
        (_, Some(only), None) => only,
        _ => return None,
    };
    only.mentions.iter().map(|m| m.span).find(|&s| body(s))
}
