//! The words of an article in sentences, ready for features: what the models of reported speech
//! look at.

use std::ops::Range;

use super::words::{Part, Word, look_up};
use crate::annotate::marks::{Stretch, Style};
use crate::annotate::scene::{Paragraph, Scene};
use crate::article;

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
    /// Looks up all words of an article.
    pub fn new(scene: &Scene) -> Self {
        let mut grid = Grid {
            words: Vec::with_capacity(scene.tokens.len()),
            quoted: vec![false; scene.tokens.len()],
            sentences: Vec::with_capacity(scene.sentences.len()),
        };
        // Single marks bound too many other things: nicknames, titles, feet.
        let double = |(stretch, _): &(&Stretch, _)| stretch.style != Style::Single;
        for (_, inside) in scene.stretches.iter().zip(&scene.inside).filter(double) {
            grid.quoted[inside.clone()].fill(true);
        }
        for paragraph in &scene.paragraphs {
            grid.look_up(scene, paragraph);
        }
        let mut paragraphs = scene.paragraphs.iter().peekable();
        for tokens in scene.sentences.iter().filter(|tokens| !tokens.is_empty()).cloned() {
            while paragraphs.next_if(|p| p.tokens.end <= tokens.start).is_some() {}
            let paragraph = paragraphs.peek();
            let title = paragraph.is_some_and(|p| p.part == article::Part::Title);
            let first = paragraph.is_some_and(|p| p.tokens.start == tokens.start);
            grid.sentences.push(Sentence { tokens, title, first });
        }
        grid
    }

    fn look_up(&mut self, scene: &Scene, paragraph: &Paragraph) {
        let title = paragraph.part == article::Part::Title;
        let headline = title || is_headline(scene, &paragraph.tokens);
        let mut opens = true;
        for token in paragraph.tokens.clone() {
            let word = look_up(scene.word(token), scene.tokens[token].kind, opens || headline);
            opens = match word.part {
                Part::Stop | Part::Mark => true,
                Part::Punctuation => opens,
                _ => false,
            };
            self.words.push(word);
        }
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
