//! Candidate sources: the phrases that may name whoever speaks. Recall comes first; choosing among
//! them is for the rankers.
//!
//! A candidate is found by its head, the last word of a name or the noun of a noun phrase; its span
//! runs from the start of the phrase to the head.

use std::ops::Range;

use super::scene::Scene;
use super::words::{self, Class, Group};
use crate::text::Span;

/// What a candidate looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// he, it, others, who
    Pronoun,
    /// A capitalised name.
    Name,
    /// A noun for people or an institution: the businessman, officials.
    Role,
    /// A noun for a text: the report.
    Document,
    /// Another noun, next to a reporting verb.
    Noun,
}

/// A phrase that may name the source of some words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// From the start of the phrase to the end of its head.
    pub span: Span,
    /// First token of the phrase.
    pub first: u32,
    /// Token of the head.
    pub head: u32,
    /// What it looks like.
    pub kind: Kind,
}

/// All candidates outside quotations, by the place of their heads.
pub fn candidates(scene: &Scene) -> Vec<Candidate> {
    let mut found = Vec::with_capacity(scene.tokens.len() / 8);
    for paragraph in &scene.paragraphs {
        let mut at = paragraph.tokens.start;
        while at < paragraph.tokens.end {
            if scene.quoted[at] != 0 {
                at += 1;
                continue;
            }
            let end = phrase_end(scene, at, paragraph.tokens.end);
            if end > at {
                in_phrase(scene, at..end, paragraph.tokens.clone(), &mut found);
            } else if stands_alone(scene, at, paragraph.tokens.end) {
                push(scene, at, at, Kind::Pronoun, &mut found);
            }
            at = end.max(at + 1);
        }
    }
    found
}

fn push(scene: &Scene, first: usize, head: usize, kind: Kind, found: &mut Vec<Candidate>) {
    let span = scene.span_of(first..head + 1);
    found.push(Candidate { span, first: first as u32, head: head as u32, kind });
}

/// Whether a word names somebody without a noun: he, who, some (said).
fn stands_alone(scene: &Scene, at: usize, limit: usize) -> bool {
    let class = scene.classes[at];
    match class.group {
        Group::Pronoun => scene.word(at) != "there" && scene.word(at) != "There",
        Group::Relative => scene.word(at).eq_ignore_ascii_case("who"),
        Group::Determiner | Group::Number => {
            !matches!(scene.word(at), "the" | "The" | "a" | "A" | "an" | "An" | "every" | "no")
                && at + 1 < limit
                && (scene.classes[at + 1].is_cue()
                    || matches!(scene.classes[at + 1].group, Group::Auxiliary | Group::Preposition))
        }
        _ => false,
    }
}

/// Where the noun phrase that starts at `start` ends; `start` if none does.
fn phrase_end(scene: &Scene, start: usize, limit: usize) -> usize {
    let mut at = start;
    let mut filled = false;
    while at < limit && scene.quoted[at] == 0 {
        let class = scene.classes[at];
        let takes = match class.group {
            Group::Given | Group::Capital | Group::Acronym | Group::Role | Group::Document => true,
            Group::Title => true,
            Group::Lower | Group::Plural => true,
            Group::Determiner | Group::Possessive => !filled,
            Group::Number => !filled || at > start,
            Group::Genitive => filled,
            Group::Past | Group::Gerund | Group::Manner => {
                !filled && at > start || leads(scene, at, limit)
            }
            Group::Adverb => at > start && !filled,
            Group::CueSure | Group::CueLikely | Group::CueMaybe => {
                !filled && at > start && leads(scene, at, limit)
            }
            Group::Conjunction => filled && scene.word(at) == "&",
            _ => false,
        };
        if !takes {
            break;
        }
        filled |= !matches!(
            class.group,
            Group::Determiner
                | Group::Possessive
                | Group::Number
                | Group::Adverb
                | Group::Past
                | Group::Gerund
                | Group::Manner
        );
        at += 1;
    }
    if filled { at } else { start }
}

/// Whether the next word is one that a modifier stands before.
fn leads(scene: &Scene, at: usize, limit: usize) -> bool {
    at + 1 < limit
        && scene.quoted[at + 1] == 0
        && matches!(scene.classes[at + 1].group, Group::Role | Group::Document)
}

/// The candidates of one noun phrase.
fn in_phrase(
    scene: &Scene,
    phrase: Range<usize>,
    paragraph: Range<usize>,
    found: &mut Vec<Candidate>,
) {
    for at in phrase.clone() {
        let class = scene.classes[at];
        let next = if at + 1 < phrase.end { scene.classes[at + 1] } else { Class::NONE };
        let ends_name = class.is_name() && !next.is_name() && !is_suffix(scene, at);
        let suffixed = class.is_name() && at + 1 < phrase.end && is_suffix(scene, at + 1);
        let kind = if ends_name || suffixed {
            Kind::Name
        } else if next.group == Group::None
            || !matches!(class.group, Group::Lower | Group::Plural | Group::Past)
        {
            match class.group {
                Group::Role | Group::Title if !next.is_name() && next.group != Group::Title => {
                    Kind::Role
                }
                Group::Document => Kind::Document,
                _ if at + 1 == phrase.end
                    && class.is_noun()
                    && beside_cue(scene, &phrase, &paragraph) =>
                {
                    Kind::Noun
                }
                _ => continue,
            }
        } else {
            continue;
        };
        push(scene, start_of(scene, &phrase, at), at, kind, found);
    }
}

/// Jr., III: part of the name before it.
fn is_suffix(scene: &Scene, at: usize) -> bool {
    matches!(scene.word(at), "Jr" | "Jr." | "Sr" | "Sr." | "II" | "III" | "IV")
}

/// Where the phrase of a head starts: behind leading adverbs and the like.
fn start_of(scene: &Scene, phrase: &Range<usize>, head: usize) -> usize {
    let skip = |t: &usize| {
        matches!(
            scene.classes[*t].group,
            Group::Adverb | Group::Manner | Group::Past | Group::Gerund
        )
    };
    let mut from = phrase.start + (phrase.start..head).take_while(skip).count();
    // A long tail of nouns is no name: keep what can be read as one phrase.
    if head - from > 12 {
        from = head - 12;
    }
    from
}

/// Whether a reporting verb stands right before or behind the phrase.
fn beside_cue(scene: &Scene, phrase: &Range<usize>, paragraph: &Range<usize>) -> bool {
    let skipped =
        |g: Group| matches!(g, Group::Adverb | Group::Manner | Group::Auxiliary | Group::Negation);
    let behind = (phrase.end..paragraph.end.min(phrase.end + 4))
        .map(|t| scene.classes[t])
        .find(|c| !skipped(c.group));
    let before =
        phrase.start.checked_sub(1).filter(|&t| t >= paragraph.start).map(|t| scene.classes[t]);
    let open = |c: &Class| {
        matches!(c.group, Group::Comma | Group::Relative | Group::Colon | Group::Preposition)
    };
    behind.is_some_and(|c| c.is_cue())
        || before.is_some_and(|c| c.group == Group::CueSure || c.fine == words::number_of("per"))
        || behind.is_some_and(|c| open(&c))
            && matches!(scene.classes[phrase.start].group, Group::Determiner | Group::Possessive)
            && near_stretch(scene, phrase, paragraph)
}

/// Whether a quotation opens or ends within a few words of the phrase.
fn near_stretch(scene: &Scene, phrase: &Range<usize>, paragraph: &Range<usize>) -> bool {
    let from = phrase.start.saturating_sub(3).max(paragraph.start);
    let to = (phrase.end + 12).min(paragraph.end);
    scene.quoted[from..to].iter().any(|&q| q != 0)
}
