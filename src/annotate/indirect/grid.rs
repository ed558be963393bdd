//! The words of an article in sentences, ready for features: what the models of reported speech
//! look at.

use std::ops::{Index, Range};

use super::words::{Part, Word, ascii};
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
    /// For each token what all before it hold; one more at the end.
    before: Vec<Held>,
}

/// How many words of some kinds a run of tokens holds. Counts go round at 65,536, so that the
/// difference of two is right for every run that is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held([u16; 7]);

/// The kinds that are counted.
#[derive(Clone, Copy, Debug)]
pub enum Count {
    /// ","
    Commas,
    /// Reporting verbs.
    Verbs,
    /// Auxiliaries.
    Finite,
    /// "("
    Opening,
    /// ")"
    Closing,
    /// Words between quotation marks.
    Quoted,
    /// "that", "what", "to"
    Joins,
}

impl Held {
    fn of(word: Word, quoted: bool) -> Held {
        let mut held = Held::default();
        let mut hold = |count: Count, is: bool| held.0[count as usize] = u16::from(is);
        hold(Count::Commas, word.class == ascii(b','));
        hold(Count::Verbs, word.part == Part::Verb);
        hold(Count::Finite, word.part == Part::Auxiliary);
        hold(Count::Opening, word.class == ascii(b'('));
        hold(Count::Closing, word.class == ascii(b')'));
        hold(Count::Quoted, quoted);
        hold(Count::Joins, matches!(word.part, Part::Subordinator | Part::Question | Part::To));
        held
    }

    /// Takes off what another run holds that lies within this one.
    pub fn leave_out(&mut self, part: Held) {
        self.0.iter_mut().zip(part.0).for_each(|(all, part)| *all = all.wrapping_sub(part));
    }
}

impl Index<Count> for Held {
    type Output = u16;
    fn index(&self, count: Count) -> &u16 {
        &self.0[count as usize]
    }
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
            before: Vec::with_capacity(scene.tokens.len() + 1),
        };
        // Single marks bound too many other things: nicknames, titles, feet.
        let double = |(stretch, _): &(&Stretch, _)| stretch.style != Style::Single;
        for (_, inside) in scene.stretches.iter().zip(&scene.inside).filter(double) {
            grid.quoted[inside.clone()].fill(true);
        }
        for paragraph in &scene.paragraphs {
            grid.look_up(scene, paragraph);
        }
        grid.count();
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
            let word = scene.known[token].reported[usize::from(opens || headline)];
            opens = match word.part {
                Part::Stop | Part::Mark => true,
                Part::Punctuation => opens,
                _ => false,
            };
            self.words.push(word);
        }
    }

    fn count(&mut self) {
        let mut held = Held::default();
        self.before.push(held);
        for (word, &quoted) in self.words.iter().zip(&self.quoted) {
            let one = Held::of(*word, quoted);
            held.0.iter_mut().zip(one.0).for_each(|(all, one)| *all = all.wrapping_add(one));
            self.before.push(held);
        }
    }

    /// What the tokens hold.
    pub fn held(&self, tokens: Range<usize>) -> Held {
        let mut held = self.before[tokens.end.max(tokens.start)];
        held.leave_out(self.before[tokens.start]);
        held
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
