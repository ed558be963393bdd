//! What can be said of a word by itself: its key, its classes and its readings for the later steps,
//! looked up once and remembered by each thread. Nothing here looks at the words around, and
//! what is remembered changes no answer, only how soon it comes.

use std::cell::RefCell;

use super::entities::words as names;
use super::indirect::words as reported;
use super::words::{self, Reading};
use crate::lexicon::{self, Classes, Key};
use crate::segment::{Token, TokenKind};

/// What is known of one token out of its context.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    /// The key of the word.
    pub(crate) key: Key,
    /// Its classes; none for a number or a mark.
    pub(crate) classes: Classes,
    /// How it is written.
    pub(crate) shape: names::Shape,
    /// Whether it begins with a capital.
    pub(crate) upper: bool,
    /// Where a name before a hyphen ends, in bytes; 0 if none does.
    pub(crate) hyphen: u8,
    /// Its class, as far as the word before does not decide.
    pub(crate) reading: Reading,
    /// What it is to a reported clause: where a capital means something, and where it does not.
    pub(crate) reported: [reported::Word; 2],
}

impl Known {
    /// Looks a token up.
    pub(crate) fn of(text: &str, kind: TokenKind) -> Known {
        let key = Key::of(text);
        let classes = match kind {
            TokenKind::Word => lexicon::get().classes_of(key),
            _ => Classes::default(),
        };
        Known {
            key,
            classes,
            shape: names::shape(kind, text),
            upper: text.starts_with(char::is_uppercase),
            hyphen: names::hyphen(kind, text).and_then(|at| u8::try_from(at).ok()).unwrap_or(0),
            reading: words::reading(text, kind, key),
            reported: [false, true].map(|plain| reported::look_up(text, kind, plain)),
        }
    }
}

/// Longest word that is remembered, in bytes.
const LONGEST: usize = 16;
/// How many words are remembered: the commonest ones fill a few of these lines all the time, and
/// together they stay in the processor's second cache.
const LINES: usize = 1 << 14;

/// One remembered word.
#[derive(Clone, Copy)]
struct Line {
    word: u128,
    length: u8,
    kind: TokenKind,
    known: Known,
}

thread_local! {
    static MEMORY: RefCell<Vec<Option<Line>>> = RefCell::new(vec![None; LINES]);
}

/// What is known of all tokens.
pub(crate) fn look_up(text: &str, tokens: &[Token]) -> Vec<Known> {
    MEMORY.with_borrow_mut(|memory| {
        tokens.iter().map(|token| remembered(memory, text, token)).collect()
    })
}

fn remembered(memory: &mut [Option<Line>], text: &str, token: &Token) -> Known {
    let (span, kind) = (token.span, token.kind);
    if span.len() > LONGEST {
        return Known::of(span.of(text), kind);
    }
    let (word, length) = (bytes(text.as_bytes(), span.start(), span.len()), span.len() as u8);
    match &mut memory[place(word)] {
        Some(line) if line.word == word && line.length == length && line.kind == kind => line.known,
        other => {
            let known = Known::of(span.of(text), kind);
            *other = Some(Line { word, length, kind, known });
            known
        }
    }
}

/// Up to sixteen bytes of a text as one number.
#[inline]
fn bytes(text: &[u8], start: usize, length: usize) -> u128 {
    match text[start..].first_chunk() {
        // The cheap way: read sixteen and forget those behind the word.
        Some(&chunk) if length < LONGEST => u128::from_le_bytes(chunk) & ((1 << (8 * length)) - 1),
        Some(&chunk) => u128::from_le_bytes(chunk),
        None => {
            let mut chunk = [0; LONGEST];
            chunk[..length].copy_from_slice(&text[start..start + length]);
            u128::from_le_bytes(chunk)
        }
    }
}

#[inline]
fn place(word: u128) -> usize {
    let folded = (word as u64) ^ ((word >> 64) as u64).rotate_left(29);
    let mixed = folded.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ mixed >> 31).wrapping_mul(0xff51_afd7_ed55_8ccd) as usize >> (64 - LINES.ilog2())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::tokenize;
    use crate::text::Span;

    /// What is remembered is what looking up anew gives, whatever was seen before.
    #[test]
    fn remembering_changes_nothing() {
        let text = "Kirby's plan: “The U.S.-led talks,” Zürich-based Lopez said, 3 said. \
            SAID said Said incomprehensibilities counter-revolutionary a";
        let mut tokens = Vec::new();
        tokenize(text, Span::new(0, text.len()), &mut tokens);
        for _ in 0..2 {
            for (token, known) in tokens.iter().zip(look_up(text, &tokens)) {
                let fresh = Known::of(token.span.of(text), token.kind);
                assert_eq!(format!("{known:?}"), format!("{fresh:?}"));
            }
        }
    }

    #[test]
    fn the_end_of_a_text_is_no_other_word() {
        assert_eq!(bytes(b"said", 0, 4), bytes(b"he said no, and nothing else", 3, 4));
        assert_eq!(bytes(b"0123456789abcdef", 0, 16), bytes(b"0123456789abcdefghi", 0, 16));
    }
}
