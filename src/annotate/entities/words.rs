//! What the recogniser sees of each token: its key, its classes, its shape and its surroundings.

use std::ops::Range;

use crate::annotate::scene::Scene;
use crate::lexicon::{self, Classes, Key};
use crate::segment::{Token, TokenKind};

/// How a token is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Shape {
    Lower,
    /// "Kirby"
    Capital,
    /// "NATO"
    Caps,
    /// "J.", "X", "U.S."
    Initial,
    /// "McCain", "eBay", "al-Assad"
    Mixed,
    Number,
    /// "49ers", "20th"
    Ordinal,
    Quote,
    /// "'s"
    Possessive,
    /// Ends a sentence.
    Stop,
    Comma,
    Bracket,
    Dash,
    Other,
}

/// How a paragraph is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Tone {
    Plain,
    /// A capital on most of its longer words: a headline.
    Headline,
    /// Capitals throughout.
    Loud,
}

/// One token as the recogniser sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    pub(crate) key: Key,
    pub(crate) classes: Classes,
    pub(crate) shape: Shape,
    pub(crate) tone: Tone,
    /// First word of a sentence, as far as the mark before it tells.
    pub(crate) starts: bool,
    /// First or last token of its paragraph.
    pub(crate) opens: bool,
    pub(crate) closes: bool,
}

impl Word {
    /// Whether a name can begin or end with it.
    pub(crate) fn is_solid(&self) -> bool {
        matches!(self.shape, Shape::Capital | Shape::Caps | Shape::Initial | Shape::Mixed)
    }
}

/// One word a token of the scene.
pub(crate) fn words(scene: &Scene) -> Vec<Word> {
    let lexicon = lexicon::get();
    let mut words: Vec<Word> = Vec::with_capacity(scene.tokens.len());
    for paragraph in &scene.paragraphs {
        let Range { start, end } = paragraph.tokens;
        let mut starts = true;
        for (i, token) in scene.tokens[start..end].iter().enumerate() {
            let text = token.span.of(scene.text);
            let key = Key::of(text);
            let shape = shape(token, text);
            let classes = match token.kind {
                TokenKind::Word => lexicon.classes_of(key),
                _ => Classes::default(),
            };
            let (opens, closes) = (i == 0, start + i + 1 == end);
            words.push(Word { key, classes, shape, tone: Tone::Plain, starts, opens, closes });
            starts =
                shape == Shape::Stop || starts && matches!(shape, Shape::Quote | Shape::Bracket);
        }
        let tone = tone(&words[start..end]);
        words[start..end].iter_mut().for_each(|word| word.tone = tone);
    }
    words
}

fn shape(token: &Token, text: &str) -> Shape {
    match token.kind {
        TokenKind::Quote => Shape::Quote,
        TokenKind::Number if text.bytes().any(|b| b.is_ascii_alphabetic()) => Shape::Ordinal,
        TokenKind::Number => Shape::Number,
        TokenKind::Punctuation => mark_shape(text),
        TokenKind::Word => word_shape(text),
    }
}

fn mark_shape(text: &str) -> Shape {
    match text {
        "." | "!" | "?" | "…" | ":" | "•" => Shape::Stop,
        "," | ";" => Shape::Comma,
        "(" | ")" | "[" | "]" => Shape::Bracket,
        "-" | "–" | "—" => Shape::Dash,
        _ => Shape::Other,
    }
}

fn word_shape(text: &str) -> Shape {
    if text.starts_with(['\'', '’']) {
        return Shape::Possessive;
    }
    let (mut capitals, mut small, mut first) = (0, 0, false);
    for (i, c) in text.chars().enumerate() {
        let upper = if c.is_ascii() { c.is_ascii_uppercase() } else { c.is_uppercase() };
        capitals += usize::from(upper);
        small +=
            usize::from(!upper && (c.is_ascii_lowercase() || !c.is_ascii() && c.is_alphabetic()));
        first |= i == 0 && upper;
    }
    match (capitals, small, first) {
        (0, ..) => Shape::Lower,
        (1, 0, true) => Shape::Initial,
        (_, 0, _) if text.ends_with('.') => Shape::Initial,
        (_, 0, _) => Shape::Caps,
        (1, _, true) => Shape::Capital,
        _ => Shape::Mixed,
    }
}

fn tone(words: &[Word]) -> Tone {
    let (mut capital, mut caps, mut lower) = (0, 0, 0);
    for word in words.iter().filter(|w| !w.classes.any(Classes::FUNCTION)) {
        match word.shape {
            Shape::Capital | Shape::Mixed => capital += 1,
            Shape::Caps => caps += 1,
            Shape::Lower => lower += 1,
            _ => {}
        }
    }
    match capital + caps + lower {
        all if all >= 3 && caps * 4 >= all * 3 => Tone::Loud,
        all if all >= 4 && lower * 5 <= all => Tone::Headline,
        _ => Tone::Plain,
    }
}
