//! Pull quotes and headlines: words set apart that stand again, and more fully, inside a quote of
//! the body. Such a copy is no quote of its own but an echo of the fuller one.

use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

use super::scene::Scene;
use crate::article::{Part, Quote};
use crate::segment::TokenKind;
use crate::text::Span;

/// A copy must open with this many words of the fuller quote; shorter ones repeat by chance.
const GRAM: usize = 3;

/// Takes the copies out of the quotes and notes them with the fuller ones.
pub fn fold(scene: &Scene, mut quotes: Vec<Quote>) -> Vec<Quote> {
    if !quotes.iter().any(|q| set_apart(scene, q)) {
        return quotes;
    }
    let words: Vec<Vec<u64>> = quotes.iter().map(|q| words(scene, q)).collect();
    let mut starts: FxHashMap<&[u64], Vec<(usize, usize)>> = FxHashMap::default();
    for (q, words) in words.iter().enumerate() {
        for (at, gram) in words.windows(GRAM).enumerate() {
            starts.entry(gram).or_default().push((q, at));
        }
    }
    let mut copies = vec![false; quotes.len()];
    for copy in 0..quotes.len() {
        if words[copy].len() < GRAM || !set_apart(scene, &quotes[copy]) {
            continue;
        }
        // A few places suffice: text that repeats itself endlessly has no fuller quote.
        let places = starts.get(&words[copy][..GRAM]).into_iter().flatten().take(32);
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

/// The words of a quote, lower-cased and hashed.
fn words(scene: &Scene, quote: &Quote) -> Vec<u64> {
    let mut found = Vec::new();
    for part in &quote.content {
        let from = scene.tokens.partition_point(|t| t.span.start() < part.start());
        let inside = scene.tokens[from..].iter().take_while(|t| t.span.end() <= part.end());
        for token in inside.filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Number)) {
            let mut hasher = FxHasher::default();
            hasher.write(token.span.of(scene.text).to_lowercase().as_bytes());
            found.push(hasher.finish());
        }
    }
    found
}
