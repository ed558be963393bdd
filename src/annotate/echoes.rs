//! Pull quotes and headlines: words set apart that stand again, and more fully, inside a quote of
//! the body. Such a copy is no quote of its own but an echo of the fuller one.

use rustc_hash::FxHashMap;

use super::scene::Scene;
use crate::article::{Part, Quote};
use crate::lexicon::Key;
use crate::segment::{Token, TokenKind};
use crate::text::Span;

/// A copy must open with this many words of the fuller quote; shorter ones repeat by chance.
const GRAM: usize = 3;

/// Most places at which a fuller quote is looked for.
const PLACES: usize = 32;

/// Takes the copies out of the quotes and notes them with the fuller ones.
pub fn fold(scene: &Scene, mut quotes: Vec<Quote>) -> Vec<Quote> {
    let apart: Vec<usize> = (0..quotes.len()).filter(|&q| set_apart(scene, &quotes[q])).collect();
    if apart.is_empty() {
        return quotes;
    }
    let words: Vec<Vec<Key>> = quotes.iter().map(|q| words(scene, q)).collect();
    let openings = apart.iter().filter_map(|&copy| words[copy].get(..GRAM));
    let mut places: FxHashMap<&[Key], Vec<(usize, usize)>> =
        openings.map(|opening| (opening, Vec::new())).collect();
    // Most words open nothing that is looked for: one bit of 64 tells that sooner than the table.
    let bit = |opening: &[Key]| 1u64 << (opening[0].hash() >> 58);
    let bits = places.keys().fold(0, |bits, opening| bits | bit(opening));
    for (q, words) in words.iter().enumerate() {
        for (at, gram) in words.windows(GRAM).enumerate().filter(|(_, gram)| bits & bit(gram) != 0)
        {
            // A few places suffice: text that repeats itself endlessly has no fuller quote.
            if let Some(found) = places.get_mut(gram).filter(|found| found.len() < PLACES) {
                found.push((q, at));
            }
        }
    }
    let mut copies = vec![false; quotes.len()];
    for copy in apart {
        let Some(opening) = words[copy].get(..GRAM) else { continue };
        let places = places[opening].iter();
        let fuller = places.copied().find(|&(other, at)| {
            other != copy
                && !copies[other]
                && words[other].len() > words[copy].len()
                && words[other][at..].starts_with(&words[copy])
                && agree(&quotes[copy], &quotes[other])
        });
        if let Some((other, _)) = fuller {
            copies[copy] = true;
            let echoes = quotes[copy].content.clone();
            quotes[other].echoes.extend(echoes);
        }
    }
    let mut kept = copies.iter().map(|copy| !copy);
    quotes.retain(|_| kept.next().unwrap_or(true));
    quotes
}

/// Whether nothing says that the two have different speakers.
fn agree(a: &Quote, b: &Quote) -> bool {
    match (&a.speaker, &b.speaker) {
        (Some(a), Some(b)) => a.key == b.key || a.name == b.name,
        _ => true,
    }
}

/// Whether a quote is all that its paragraph holds, but for its source and verb; or is a headline.
fn set_apart(scene: &Scene, quote: &Quote) -> bool {
    let (Some(first), Some(last)) = (quote.content.first(), quote.content.last()) else {
        return false;
    };
    let at = scene.paragraphs.partition_point(|p| p.span.end() <= first.start());
    let Some(paragraph) = scene.paragraphs.get(at) else { return false };
    if paragraph.part == Part::Title {
        return true;
    }
    let known = |span: Span| {
        quote.content.iter().chain(&quote.cue).chain(&quote.source).any(|k| k.contains(span))
    };
    let others = scene.tokens[paragraph.tokens.clone()]
        .iter()
        .filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Number) && !known(t.span));
    paragraph.span.contains(*last) && others.take(8).count() < 8
}

/// The words of a quote.
fn words(scene: &Scene, quote: &Quote) -> Vec<Key> {
    let mut found = Vec::new();
    for part in &quote.content {
        let from = scene.first_from(part.start());
        let inside = scene.tokens[from..].iter().zip(scene.known.from(from));
        let inside = inside.take_while(|(token, _)| token.span.end() <= part.end());
        let spoken = |token: &Token| matches!(token.kind, TokenKind::Word | TokenKind::Number);
        found.extend(inside.filter(|(token, _)| spoken(token)).map(|(_, known)| known.key));
    }
    found
}
