//! What can be said of a word by itself: its key, its classes and its readings for the later steps,
//! looked up once and remembered by each thread. Nothing here looks at the words around.

use std::cell::RefCell;

use super::entities::words as names;
use super::indirect::words as reported;
use super::recall::Recall;
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
            reported: reported::look_up(text, kind),
        }
    }
}

/// How many words are remembered: the commonest ones fill a few of these lines all the time.
const LINES: usize = 1 << 14;

thread_local! {
    static RECALL: RefCell<Recall<Known>> = RefCell::new(Recall::new(LINES));
}

/// What is known of all tokens.
pub(crate) fn look_up(text: &str, tokens: &[Token]) -> Vec<Known> {
    RECALL.with_borrow_mut(|recall| {
        let known = |&Token { span, kind }: &Token| {
            recall.get(text, span, kind as u8, || Known::of(span.of(text), kind))
        };
        tokens.iter().map(known).collect()
    })
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
}
