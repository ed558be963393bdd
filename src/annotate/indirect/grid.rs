//! The words of an article in sentences, ready for features: what the models of reported speech
//! look at.

use std::ops::{Index, Range};

use super::words::{Part, Word, kinds};
use crate::annotate::marks::{Stretch, Style};
use crate::annotate::scene::{Paragraph, Scene};
use crate::article;

/// Words, sentences and what is quoted.
#[derive(Default)]
pub struct Grid {
    /// One a token of the scene.
    pub words: Vec<Word>,
    /// Whether the token lies inside a stretch of quoted text.
    pub quoted: Vec<bool>,
    /// In order, never across paragraphs.
    pub sentences: Vec<Sentence>,
    /// For each token of the sentences that were counted what all before it hold, from wherever the
    /// count began; one more at the end.
    before: Vec<Held>,
    /// For each of these tokens what comes next; one more at the end.
    ahead: Vec<Ahead>,
}

/// How many tokens there are up to the next word of some kinds, none for a word that is one itself.
/// Sentences do not matter: who asks knows where to stop.
#[derive(Clone, Copy, Debug)]
pub struct Ahead([u8; 4]);

/// What is looked for ahead.
#[derive(Clone, Copy, Debug)]
pub enum Next {
    /// A verb of saying.
    Says,
    /// A reporting verb or an auxiliary.
    Verb,
    /// ","
    Comma,
    /// "that", "what", "to"
    Join,
}

/// What of the distances stays behind a word of each set of kinds: nothing of those it ends.
const LEFT: [[u8; 4]; 128] = {
    const ENDS: [u8; 4] = [kinds::SAYS, kinds::VERB | kinds::FINITE, kinds::COMMA, kinds::JOIN];
    let mut left = [[u8::MAX; 4]; 128];
    let mut set = 0;
    while set < left.len() {
        let mut next = 0;
        while next < ENDS.len() {
            if set as u8 & ENDS[next] != 0 {
                left[set][next] = 0;
            }
            next += 1;
        }
        set += 1;
    }
    left
};

impl Ahead {
    /// Nothing within reach.
    const NOTHING: Ahead = Ahead([u8::MAX; 4]);

    /// As seen from a word before it.
    fn behind(self, word: Word) -> Ahead {
        let left = LEFT[usize::from(word.kinds) % LEFT.len()];
        let mut ahead = self.0;
        ahead.iter_mut().zip(left).for_each(|(far, left)| *far = far.saturating_add(1) & left);
        Ahead(ahead)
    }
}

impl Index<Next> for Ahead {
    type Output = u8;
    fn index(&self, next: Next) -> &u8 {
        &self.0[next as usize]
    }
}

/// How many words of some kinds a run of tokens holds. Counts go round at 65,536, so that the
/// difference of two is right for every run that is looked at. Seven kinds; eight numbers are added
/// and subtracted in one go.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held([u16; 8]);

/// What is counted, by its number among the counts: the bit of `kinds`, or of no kind.
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
    /// "that", "what", "to"
    Joins,
    /// Words between quotation marks.
    Quoted,
}

/// What a word of each set of kinds counts for.
const HELD: [Held; 128] = {
    let mut held = [Held([0; 8]); 128];
    let mut set = 0;
    while set < held.len() {
        let mut kind = 0;
        while kind < Count::Quoted as usize {
            held[set].0[kind] = (set >> kind & 1) as u16;
            kind += 1;
        }
        set += 1;
    }
    held
};

impl Held {
    fn of(word: Word, quoted: bool) -> Held {
        let mut held = HELD[usize::from(word.kinds) % HELD.len()];
        held.0[Count::Quoted as usize] = u16::from(quoted);
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
    /// Looks up all words of an article, and counts all its sentences.
    pub fn new(scene: &Scene) -> Self {
        let mut grid = Grid::default();
        grid.fill(scene);
        (0..grid.sentences.len()).for_each(|sentence| grid.count(sentence));
        grid
    }

    /// Looks up all words of an article, in the room that the article before had, which is still at hand.
    /// Few of its sentences have to be counted.
    pub fn fill(&mut self, scene: &Scene) {
        self.words.clear();
        self.words.reserve(scene.tokens.len());
        self.quoted.clear();
        self.quoted.resize(scene.tokens.len(), false);
        self.sentences.clear();
        // Single marks bound too many other things: nicknames, titles, feet.
        let double = |(stretch, _): &(&Stretch, _)| stretch.style != Style::Single;
        for (_, inside) in scene.stretches.iter().zip(&scene.inside).filter(double) {
            self.quoted[inside.clone()].fill(true);
        }
        for paragraph in &scene.paragraphs {
            self.look_up(scene, paragraph);
        }
        self.before.resize(self.words.len() + 1, Held::default());
        self.ahead.resize(self.words.len() + 1, Ahead::NOTHING);
        let mut paragraphs = scene.paragraphs.iter().peekable();
        for tokens in scene.sentences.iter().filter(|tokens| !tokens.is_empty()).cloned() {
            while paragraphs.next_if(|p| p.tokens.end <= tokens.start).is_some() {}
            let paragraph = paragraphs.peek();
            let title = paragraph.is_some_and(|p| p.part == article::Part::Title);
            let first = paragraph.is_some_and(|p| p.tokens.start == tokens.start);
            self.sentences.push(Sentence { tokens, title, first });
        }
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

    /// Finds out what the words of a sentence hold and what comes next. Sentences are counted in their
    /// order, for a count goes on from what the last token of the one before has.
    pub fn count(&mut self, sentence: usize) {
        let tokens = self.sentences[sentence].tokens.clone();
        let words = self.words[tokens.clone()].iter().zip(&self.quoted[tokens.clone()]);
        let (first, behind) = self.before[tokens.start..=tokens.end].split_at_mut(1);
        let mut held = first[0];
        for ((word, &quoted), to) in words.zip(behind) {
            let one = Held::of(*word, quoted);
            held.0.iter_mut().zip(one.0).for_each(|(all, one)| *all = all.wrapping_add(one));
            *to = held;
        }
        let mut ahead = Ahead::NOTHING;
        self.ahead[tokens.end] = ahead;
        let words = self.words[tokens.clone()].iter();
        for (to, &word) in self.ahead[tokens].iter_mut().zip(words).rev() {
            ahead = ahead.behind(word);
            *to = ahead;
        }
    }

    /// What comes next from a token on, that token included.
    pub fn ahead(&self, token: usize) -> Ahead {
        self.ahead[token.min(self.words.len())]
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
