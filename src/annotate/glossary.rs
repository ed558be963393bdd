//! What can be said of a word by itself: its key, its classes and its readings for the later steps,
//! looked up once and remembered by each thread. Nothing here looks at the words around.

use std::cell::Cell;
use std::ops::Index;

use super::cast::words::Told;
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
    /// What it is before a name or as a head noun.
    pub(crate) told: Told,
    /// What it is to a reported clause: where a capital means something, and where it does not.
    pub(crate) reported: [reported::Word; 2],
}

impl Known {
    /// Looks a token up.
    pub(crate) fn of(text: &str, kind: TokenKind) -> Known {
        Known::with(Key::of(text), text, kind)
    }

    /// The same with its key.
    fn with(key: Key, text: &str, kind: TokenKind) -> Known {
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
            told: Told::of(text),
            reported: reported::look_up(text, kind),
        }
    }
}

/// What is known of the tokens of an article: an entry a word, of which most come more than once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Glossary {
    entries: Vec<Known>,
    /// The entry of each token.
    of_tokens: Vec<u32>,
}

impl Index<usize> for Glossary {
    type Output = Known;

    fn index(&self, token: usize) -> &Known {
        &self.entries[self.of_tokens[token] as usize]
    }
}

impl Glossary {
    /// What is known of each token from one on.
    pub(crate) fn from(&self, token: usize) -> impl Iterator<Item = &Known> {
        self.of_tokens[token..].iter().map(|&entry| &self.entries[entry as usize])
    }

    /// The first token of each entry: every word of the article is among them.
    pub(crate) fn firsts(&self) -> impl Iterator<Item = usize> {
        // Entries are numbered as they first come.
        let mut next = 0;
        let is_first = move |&(_, &entry): &(usize, &u32)| {
            let first = entry == next;
            next += u32::from(first);
            first
        };
        self.of_tokens.iter().enumerate().filter(is_first).map(|(token, _)| token)
    }

    /// The entry of a token: one word always has the same, or one of a few.
    pub(crate) fn entry(&self, token: usize) -> usize {
        self.of_tokens[token] as usize
    }

    /// How many entries there are.
    pub(crate) fn entries(&self) -> usize {
        self.entries.len()
    }
}

/// How many words are remembered: more than fit a processor's second cache, for lines are asked for
/// some at a time.
const LINES: usize = 1 << 15;
/// Entries for which there is room at once: few articles have more.
const ROOM: usize = 1 << 10;

/// A word that is remembered, and its entry in the article that had it last.
#[derive(Clone, Copy)]
struct Remembered {
    /// Where what is known of it stands.
    known: u32,
    article: u32,
    entry: u32,
}

/// What a thread remembers. What is known of a word is looked at once an article and stands apart, so
/// that the lines, which are looked at for each token, are small.
struct Memory {
    recall: Recall<Remembered>,
    known: Vec<Known>,
    /// How many words there are in `known`.
    held: u32,
    /// Number of the article in hand; lines begin with that of none.
    article: u32,
}

impl Memory {
    fn new() -> Memory {
        let nothing = Known::of("", TokenKind::Punctuation);
        let known = vec![nothing; LINES];
        Memory { recall: Recall::new(LINES), known, held: 0, article: 0 }
    }

    /// Begins another article.
    fn begin(&mut self) {
        self.article = self.article.checked_add(1).unwrap_or_else(|| {
            *self = Memory::new();
            1
        });
    }
}

thread_local! {
    static MEMORY: Cell<Option<Memory>> = const { Cell::new(None) };
}

/// Tokens whose lines are asked for together.
const FETCHED: usize = 64;

/// A word that is to be looked up anew.
struct New {
    entry: usize,
    token: Token,
    key: Key,
    /// Where it is remembered; nowhere if it is too long.
    place: Option<u32>,
}

/// What is known of all tokens.
pub(crate) fn look_up(text: &str, tokens: &[Token]) -> Glossary {
    // Given back once all is filled in that the lines tell of: not if something fails before.
    let mut memory = MEMORY.take().unwrap_or_else(Memory::new);
    memory.begin();
    let Memory { recall, known, held, article } = &mut memory;
    let mut of_tokens = Vec::with_capacity(tokens.len());
    // Where what is known of each entry stands. It is read for all of them at once, and so are new
    // words looked up, for what they are read from is waited for; what is forgotten for a new word
    // has to stay until then.
    let mut places: Vec<u32> = Vec::with_capacity(tokens.len().min(ROOM));
    let mut new: Vec<New> = Vec::new();
    let mut sought = Vec::with_capacity(FETCHED);
    for some in tokens.chunks(FETCHED) {
        recall.seek(text, some.iter().map(|token| token.span), &mut sought);
        for (&token, &word) in some.iter().zip(&sought) {
            let Token { span, kind } = token;
            let entry = places.len();
            let mut look = |place| {
                new.push(New { entry, token, key: Key::of(span.of(text)), place });
            };
            let fresh = |forgotten: Option<Remembered>| {
                let place = forgotten.map_or(*held, |line| line.known);
                *held += u32::from(forgotten.is_none());
                look(Some(place));
                Remembered { known: place, article: 0, entry: 0 }
            };
            of_tokens.push(match recall.line(word, kind as u8, fresh) {
                Ok(line) => {
                    if line.article != *article {
                        places.push(line.known);
                        (line.article, line.entry) = (*article, entry as u32);
                    }
                    line.entry
                }
                Err(_) => {
                    look(None);
                    places.push(0);
                    entry as u32
                }
            });
        }
    }
    let mut entries: Vec<Known> = places.iter().map(|&place| known[place as usize]).collect();
    lexicon::get().fetch(new.iter().map(|new| new.key));
    for New { entry, token, key, place } in new {
        let word = Known::with(key, token.span.of(text), token.kind);
        entries[entry] = word;
        if let Some(place) = place {
            known[place as usize] = word;
        }
    }
    MEMORY.set(Some(memory));
    Glossary { entries, of_tokens }
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
            let glossary = look_up(text, &tokens);
            for (token, known) in tokens.iter().zip(glossary.from(0)) {
                let fresh = Known::of(token.span.of(text), token.kind);
                assert_eq!(format!("{known:?}"), format!("{fresh:?}"));
            }
        }
    }
}
