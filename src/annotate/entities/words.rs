//! What the recogniser sees of each token: its key, its classes, its shape and its surroundings.

use std::ops::Range;

use crate::annotate::glossary::Known;
use crate::annotate::scene::{Paragraph, Scene};
use crate::lexicon::{self, Classes, Key};
use crate::segment::{Token, TokenKind};
use crate::text::Span;

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
    /// A word of which it is not told yet where it stands.
    fn of(&Known { key, classes, shape, .. }: &Known) -> Word {
        let tone = Tone::Plain;
        Word { key, classes, shape, tone, starts: false, opens: false, closes: false }
    }

    /// Whether a name can begin or end with it.
    pub(crate) fn is_solid(&self) -> bool {
        matches!(self.shape, Shape::Capital | Shape::Caps | Shape::Initial | Shape::Mixed)
    }
}

/// Whether a word before a name is a title and hardly ever a name itself: "Dr.", "President".
pub(crate) fn is_title(word: &str) -> bool {
    let classes = lexicon::get().classes(word);
    word.starts_with(char::is_uppercase)
        && classes.any(Classes::TITLE)
        && !classes.any(Classes::GIVEN | Classes::PLACE_WORD)
}

/// Sets down the tokens of some paragraphs as the recogniser cuts them, one word each, and tells where
/// each paragraph stands: "Paris-based" and "US-China" are names with something behind a hyphen.
pub(crate) fn cut(
    scene: &Scene,
    of: &[Paragraph],
    tokens: &mut Vec<Token>,
    words: &mut Vec<Word>,
) -> Vec<Range<usize>> {
    let all: usize = of.iter().map(|paragraph| paragraph.tokens.len()).sum();
    tokens.clear();
    tokens.reserve(all + 16);
    words.clear();
    words.reserve(all + 16);
    let mut paragraphs = Vec::with_capacity(of.len());
    for paragraph in of {
        let start = tokens.len();
        for at in paragraph.tokens.clone() {
            each_of(scene, at, |known, token| {
                tokens.push(token);
                words.push(Word::of(known));
            });
        }
        settle(&mut words[start..]);
        paragraphs.push(start..tokens.len());
    }
    paragraphs
}

/// Calls `found` with a token, or with what it is parted into, and what is known of that.
pub(crate) fn each_of(scene: &Scene, at: usize, mut found: impl FnMut(&Known, Token)) {
    let (token, known) = (scene.tokens[at], &scene.known[at]);
    if known.hyphen == 0 {
        return found(known, token);
    }
    for part in parted(token.span, usize::from(known.hyphen)) {
        found(&Known::of(part.span.of(scene.text), part.kind), part);
    }
}

/// What stands before a hyphen, the hyphen, and what stands behind it.
fn parted(span: Span, hyphen: usize) -> [Token; 3] {
    let at = span.start() + hyphen;
    [
        Token { span: Span::new(span.start(), at), kind: TokenKind::Word },
        Token { span: Span::new(at, at + 1), kind: TokenKind::Punctuation },
        Token { span: Span::new(at + 1, span.end()), kind: TokenKind::Word },
    ]
}

/// Tells the words of a paragraph where they stand in it, and how it is written.
fn settle(words: &mut [Word]) {
    let tone = tone(words);
    let mut starts = true;
    for word in words.iter_mut() {
        (word.starts, word.tone) = (starts, tone);
        starts = word.shape == Shape::Stop
            || starts && matches!(word.shape, Shape::Quote | Shape::Bracket);
    }
    if let Some(first) = words.first_mut() {
        first.opens = true;
    }
    if let Some(last) = words.last_mut() {
        last.closes = true;
    }
}

/// Where a word is to be parted: a name of its own stands before its last hyphen.
pub(crate) fn hyphen(kind: TokenKind, text: &str) -> Option<usize> {
    const SEPARATE: Classes = Classes::of(&[
        Classes::COUNTRY,
        Classes::NATIONALITY,
        Classes::PLACE_SHORT,
        Classes::CITY_LARGE,
        Classes::REGION,
    ]);
    if kind != TokenKind::Word || !text.starts_with(char::is_uppercase) {
        return None;
    }
    let at = text.rfind('-')?;
    let (head, tail) = (&text[..at], &text[at + 1..]);
    let lexicon = lexicon::get();
    let tail_is_word = tail.len() > 2
        && tail.starts_with(|c: char| c.is_ascii_lowercase())
        && lexicon.classes(tail).any(Classes::COMMON | Classes::WORD);
    let head_is_name = head.len() > 2
        && !head.ends_with('-')
        && (!lexicon.classes(head).any(Classes::COMMON | Classes::WORD)
            || lexicon.classes(head).any(SEPARATE));
    let pair = lexicon.classes(head).any(SEPARATE) && lexicon.classes(tail).any(SEPARATE);
    (tail_is_word && head_is_name || pair && tail.starts_with(char::is_uppercase)).then_some(at)
}

pub(crate) fn shape(kind: TokenKind, text: &str) -> Shape {
    match kind {
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

/// Which words of each shape are counted: those with a capital, in capitals, in lower case.
const COUNTED: [[u32; 4]; Shape::Other as usize + 1] = {
    let mut counted = [[0; 4]; Shape::Other as usize + 1];
    counted[Shape::Capital as usize][0] = 1;
    counted[Shape::Mixed as usize][0] = 1;
    counted[Shape::Caps as usize][1] = 1;
    counted[Shape::Lower as usize][2] = 1;
    counted
};

fn tone(words: &[Word]) -> Tone {
    let mut counts = [0; 4];
    for word in words {
        // Which they are cannot be guessed.
        let counted = u32::from(!word.classes.any(Classes::FUNCTION));
        let ones = &COUNTED[word.shape as usize];
        counts.iter_mut().zip(ones).for_each(|(count, one)| *count += one * counted);
    }
    let [capital, caps, lower, _] = counts;
    match capital + caps + lower {
        all if all >= 3 && caps * 4 >= all * 3 => Tone::Loud,
        all if all >= 4 && lower * 5 <= all => Tone::Headline,
        _ => Tone::Plain,
    }
}
