//! The words of an article in sentences, ready for features: what the models of reported speech
//! look at. Sentences do not end inside a quotation, nor between a quoted question and its "he said".

use std::ops::Range;

use super::words::{Part, Word, ascii, look_up};
use crate::annotate::scene::{Paragraph, Scene};
use crate::article;
use crate::text::Span;

const COMMA: u16 = ascii(b',');
const BRACKET: u16 = ascii(b')');
const SQUARE_BRACKET: u16 = ascii(b']');

/// Words, sentences and what is quoted.
pub struct Grid {
    /// One a token of the scene.
    pub words: Vec<Word>,
    /// Whether the token lies inside a stretch of quoted text.
    pub quoted: Vec<bool>,
    /// In order, never across paragraphs.
    pub sentences: Vec<Sentence>,
}

/// One sentence.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// It is the headline.
    pub title: bool,
    /// It opens its paragraph.
    pub first: bool,
}

impl Grid {
    /// Looks up all words and cuts the sentences; `stretches` are the quoted parts, in order.
    pub fn new(scene: &Scene, stretches: &[Span]) -> Self {
        let mut grid = Grid {
            words: Vec::with_capacity(scene.tokens.len()),
            quoted: quoted(scene, stretches),
            sentences: Vec::new(),
        };
        for paragraph in &scene.paragraphs {
            grid.add(scene, paragraph);
        }
        grid
    }

    fn add(&mut self, scene: &Scene, paragraph: &Paragraph) {
        let title = paragraph.part == article::Part::Title;
        let headline = title || is_headline(scene, &paragraph.tokens);
        let mut opens = true;
        for token in paragraph.tokens.clone() {
            let word = look_up(scene.word(token), scene.tokens[token].kind, opens || headline);
            opens = match word.part {
                Part::Stop => true,
                Part::Mark | Part::Punctuation => opens || word.part == Part::Mark,
                _ => false,
            };
            self.words.push(word);
        }
        let mut start = paragraph.tokens.start;
        for token in paragraph.tokens.clone() {
            if self.ends_sentence(scene, token, paragraph.tokens.end) {
                self.sentence(start..token + 1, title, paragraph);
                start = token + 1;
            }
        }
        self.sentence(start..paragraph.tokens.end, title, paragraph);
    }

    fn sentence(&mut self, tokens: Range<usize>, title: bool, paragraph: &Paragraph) {
        if !tokens.is_empty() {
            let first = tokens.start == paragraph.tokens.start;
            self.sentences.push(Sentence { tokens, title, first });
        }
    }

    /// Whether `token` is the last of a sentence: a stop, or what closes behind it.
    fn ends_sentence(&self, scene: &Scene, token: usize, end: usize) -> bool {
        let next = token + 1;
        if next >= end || self.quoted[token] && self.quoted[next] {
            return false;
        }
        let closers = (0..3).take_while(|&n| token >= n && self.is_closer(token - n)).count();
        let stop = match token.checked_sub(closers) {
            Some(stop) if self.words[stop].part == Part::Stop => stop,
            _ => return false,
        };
        let goes_on = self.is_closer(next)
            || matches!(self.words[next].class, COMMA)
            || self.words[next].part == Part::Stop
            || scene.word(next).starts_with(char::is_lowercase);
        !(goes_on || closers > 0 && self.quoted[stop] && self.says_next(next, end))
    }

    fn is_closer(&self, token: usize) -> bool {
        let word = self.words[token];
        let closes = !self.quoted.get(token + 1).copied().unwrap_or(false);
        word.part == Part::Mark && closes || matches!(word.class, BRACKET | SQUARE_BRACKET)
    }

    /// Whether a short clause with a reporting verb comes next: "Smith asked."
    fn says_next(&self, from: usize, end: usize) -> bool {
        (from..end.min(from + 6))
            .take_while(|&t| {
                !matches!(self.words[t].part, Part::Stop | Part::Mark | Part::Punctuation)
            })
            .any(|t| self.words[t].says())
    }

    /// The word at `token`, or `Word::EDGE` outside `within`.
    pub fn at(&self, within: &Range<usize>, token: isize) -> Word {
        match usize::try_from(token) {
            Ok(token) if within.contains(&token) => self.words[token],
            _ => Word::EDGE,
        }
    }
}

/// Most longer words have a capital: headline style, where capitals tell nothing.
fn is_headline(scene: &Scene, tokens: &Range<usize>) -> bool {
    if tokens.len() > 40 {
        return false;
    }
    let long = tokens.clone().map(|t| scene.word(t)).filter(|word| word.len() > 3);
    let (mut all, mut capital) = (0, 0);
    for word in long.filter(|word| word.starts_with(char::is_alphabetic)) {
        all += 1;
        capital += usize::from(word.starts_with(char::is_uppercase));
    }
    all >= 4 && capital * 10 >= all * 8
}

fn quoted(scene: &Scene, stretches: &[Span]) -> Vec<bool> {
    let mut quoted = vec![false; scene.tokens.len()];
    let mut token = 0;
    for stretch in stretches {
        token += scene.tokens[token..].partition_point(|t| t.span.start() < stretch.start());
        while token < quoted.len() && scene.tokens[token].span.start() < stretch.end() {
            quoted[token] = true;
            token += 1;
        }
    }
    quoted
}
