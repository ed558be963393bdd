//! Speech inside speech: “My doctor said I would never walk again.” The outer speaker owns the
//! quote; whom it quotes and with which words is noted with it. Only the plainest form is looked
//! for, a subject with its verb of saying and the words behind it: it decides nothing else.

use std::ops::Range;

use super::scene::Scene;
use super::speakers;
use super::words::{Group, forms};
use crate::article::{Entity, InnerSpeech, Quote, QuoteKind};
use crate::lexicon::Forms;
use crate::segment::TokenKind;
use crate::text::Span;

/// Fewest words that are worth a note.
const FEWEST: usize = 2;

/// Notes the speech inside direct quotes with them.
pub fn note(scene: &Scene, entities: &[Entity], quotes: &mut [Quote]) {
    let mut found: Vec<(usize, Span, Span)> = Vec::new();
    for (number, quote) in quotes.iter().enumerate().filter(|(_, q)| q.kind == QuoteKind::Direct) {
        for &part in &quote.content {
            let known = |span: Span| quote.inner.iter().take(64).any(|i| i.content.overlaps(span));
            let noted = inside(scene, part);
            found.extend(noted.into_iter().filter(|n| !known(n.1)).map(|(s, c)| (number, s, c)));
        }
    }
    if found.is_empty() {
        return;
    }
    let sources: Vec<Span> = found.iter().map(|&(_, source, _)| source).collect();
    let speakers = speakers::resolve(scene, entities, &sources);
    for ((number, source, content), speaker) in found.into_iter().zip(speakers) {
        quotes[number].inner.push(InnerSpeech { content, source: Some(source), speaker });
    }
}

/// The clauses reported inside one part of a quote: source and content.
fn inside(scene: &Scene, part: Span) -> Vec<(Span, Span)> {
    let (from, to) = (scene.first_from(part.start()), scene.first_behind(part.end()));
    let mut found = Vec::new();
    let mut at = from + 1;
    while at < to {
        let clause = is_cue(scene, at).then(|| clause(scene, from, at, to)).flatten();
        at = match clause {
            Some((source, content)) => {
                found.push((source, scene.span_of(content.clone())));
                content.end
            }
            None => at + 1,
        };
    }
    found
}

/// A finite verb of saying.
fn is_cue(scene: &Scene, token: usize) -> bool {
    scene.classes[token].group == Group::CueSure
        && forms(scene.word(token)).any(Forms::PAST | Forms::THIRD)
}

/// The source before a verb and the words behind it, in the same sentence.
fn clause(scene: &Scene, from: usize, cue: usize, to: usize) -> Option<(Span, Range<usize>)> {
    let group = |t: usize| scene.classes[t].group;
    let source = subject(scene, from, cue)?;
    let mut start = cue + 1;
    // told me that: whom it was said to, and what opens the clause.
    while start < to
        && (start < cue + 4)
        && (matches!(group(start), Group::Comma | Group::Colon)
            || scene.word(start) == "that"
            || scene.tokens[start].kind == TokenKind::Quote
            || start == cue + 1
                && matches!(scene.word(start), "me" | "us" | "him" | "her" | "them"))
    {
        start += 1;
    }
    let end = (start..to).find(|&t| group(t) == Group::Stop).unwrap_or(to);
    let word = |t: &usize| scene.tokens[*t].kind == TokenKind::Word;
    let last =
        (start..end).rev().find(|t| word(t) || scene.tokens[*t].kind == TokenKind::Number)?;
    let words = (start..last + 1).filter(|t| word(t)).count();
    (words >= FEWEST).then_some((source, start..last + 1))
}

/// The subject right before a verb: a name, a pronoun, a noun with its article. Not I and we, who
/// are the outer speaker.
pub(super) fn subject(scene: &Scene, from: usize, cue: usize) -> Option<Span> {
    let group = |t: usize| scene.classes[t].group;
    let head = cue.checked_sub(1).filter(|&t| t >= from)?;
    if matches!(scene.word(head), "he" | "she" | "they" | "He" | "She" | "They") {
        return Some(scene.span_of(head..cue));
    }
    let named = |t: &usize| scene.classes[*t].is_name() || group(*t) == Group::Title;
    let names = (from..cue).rev().take_while(named).count();
    if names > 0 {
        return Some(scene.span_of(cue - names..cue));
    }
    let noun = |t: &usize| scene.classes[*t].is_noun();
    let nouns = (from.max(cue.saturating_sub(4))..cue).rev().take_while(noun).count();
    let opens = cue.checked_sub(nouns + 1).filter(|&t| t >= from)?;
    let led = matches!(group(opens), Group::Determiner | Group::Possessive);
    (nouns > 0 && led).then(|| scene.span_of(opens..cue))
}
