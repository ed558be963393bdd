//! Which words may say that somebody speaks, and what they look like in their sentence.

use std::ops::Range;

use super::features::{Features, bucket};
use super::grid::{Grid, Sentence};
use super::words::{ANY_VERB, NOUN, PARTICLE, Part, Word, ascii};

const COLON: u16 = ascii(b':');
const COMMA: u16 = ascii(b',');

/// A word that may be a cue, and what its sentence shows around it.
#[derive(Clone, Copy, Debug)]
pub struct Cue {
    /// The token.
    pub token: usize,
    /// Index of its sentence.
    pub sentence: usize,
    /// Lemma in the lexicon; 0 for a colon and for other words before "that".
    pub lemma: u16,
    /// Readings that the neighbours leave.
    pub form: u16,
    /// The word before it that is no adverb or auxiliary.
    pub left: usize,
    /// Which auxiliaries stand between, by kind.
    pub auxiliaries: u16,
    /// The word behind it that is no adverb.
    pub right: usize,
    /// First token of the part of its sentence that is looked at, and past the last.
    within: (usize, usize),
}

/// How far from a cue its content and source are looked for, in tokens: bounds the work on a
/// sentence without end.
pub const REACH: usize = 140;

impl Cue {
    /// The part of its sentence that is looked at.
    pub fn window(&self) -> Range<usize> {
        self.within.0..self.within.1
    }
}

/// All words that may be cues outside quotations, in order.
pub fn candidates(grid: &Grid) -> Vec<Cue> {
    let mut found = Vec::with_capacity(grid.words.len() / 16);
    for (number, sentence) in grid.sentences.iter().enumerate() {
        for token in sentence.tokens.clone() {
            if !grid.quoted[token] && may_report(grid, sentence, token) {
                found.push(describe(grid, sentence, number, token));
            }
        }
    }
    found
}

fn may_report(grid: &Grid, sentence: &Sentence, token: usize) -> bool {
    let word = grid.words[token];
    if word.lemma != 0 {
        return true;
    }
    let next = grid.at(&sentence.tokens, token as isize + 1);
    match word.part {
        Part::Other => next.part == Part::Subordinator,
        Part::Punctuation => {
            word.class == COLON && token > sentence.tokens.start && next.part != Part::Edge
        }
        _ => false,
    }
}

fn describe(grid: &Grid, sentence: &Sentence, number: usize, token: usize) -> Cue {
    let within = &sentence.tokens;
    let (mut left, mut auxiliaries) = (token as isize - 1, 0);
    while matches!(grid.at(within, left).part, Part::Adverb | Part::Auxiliary | Part::To) {
        auxiliaries |= auxiliary(grid.at(within, left));
        left -= 1;
    }
    let mut right = token + 1;
    while grid.at(within, right as isize).part == Part::Adverb {
        right += 1;
    }
    let word = grid.words[token];
    let form = reading(word, grid.at(within, token as isize - 1).part, auxiliaries);
    Cue {
        token,
        sentence: number,
        lemma: word.lemma,
        form,
        left: (left + 1) as usize,
        auxiliaries,
        right,
        within: (within.start.max(token.saturating_sub(REACH)), within.end.min(token + REACH)),
    }
}

/// A bit for each kind of word that stands before a verb.
fn auxiliary(word: Word) -> u16 {
    match word.part {
        Part::To => 64,
        Part::Adverb if word.groups == 0 => 128,
        _ => u16::from(word.groups),
    }
}

/// The readings that fit behind a word of that part.
fn reading(word: Word, before: Part, auxiliaries: u16) -> u16 {
    let verb = word.form & ANY_VERB;
    let form = match before {
        Part::Determiner
        | Part::Possessive
        | Part::Ending
        | Part::Adjective
        | Part::Preposition
            if word.form & NOUN != 0 =>
        {
            word.form & (NOUN | PARTICLE)
        }
        Part::To | Part::Auxiliary | Part::Pronoun if verb != 0 => verb,
        _ => word.form,
    };
    u16::from(form) | u16::from(auxiliaries & 64 != 0) << 8
}

/// The features of one cue.
pub fn features(grid: &Grid, cue: &Cue, out: &mut impl Features) {
    let sentence = &grid.sentences[cue.sentence];
    let within = &sentence.tokens;
    let (lemma, form) = (cue.lemma, cue.form);
    let word = grid.words[cue.token];
    let left = grid.at(within, cue.left as isize - 1);
    let right = grid.at(within, cue.right as isize);
    out.add(1, [lemma]);
    out.add(2, [lemma, form]);
    out.add(10, [lemma, cue.auxiliaries]);
    out.add(11, [form, cue.auxiliaries, left.part as u16]);
    out.add(12, [lemma, right.part as u16]);
    out.add(14, [u16::from(word.groups), right.class]);
    out.add(15, [u16::from(word.groups), left.class, form]);
    let first = grid.words[sentence.tokens.start].class;
    out.add(36, [form, first]);
    place(grid, cue, out);
    quotation(grid, cue, out);
    company(grid, cue, out);
}

/// Where in its sentence the cue stands, and behind which punctuation.
fn place(grid: &Grid, cue: &Cue, out: &mut impl Features) {
    let sentence = &grid.sentences[cue.sentence];
    let title = u16::from(sentence.title);
    let (mark, distance) = punctuation_before(grid, cue);
    out.add(20, [cue.form, bucket(cue.token - sentence.tokens.start), title]);
    out.add(22, [cue.lemma, title]);
    out.add(23, [cue.form, mark, distance]);
}

/// The last punctuation before a cue, and how far it is.
fn punctuation_before(grid: &Grid, cue: &Cue) -> (u16, u16) {
    let within = &grid.sentences[cue.sentence].tokens;
    for distance in 1..25 {
        let word = grid.at(within, cue.token as isize - distance);
        if matches!(word.part, Part::Punctuation | Part::Stop | Part::Mark | Part::Edge) {
            return (word.class, bucket(distance as usize));
        }
    }
    (1023, 0)
}

/// How the cue stands to quotation marks.
fn quotation(grid: &Grid, cue: &Cue, out: &mut impl Features) {
    let within = &grid.sentences[cue.sentence].tokens;
    let behind = |t: &usize| grid.quoted[*t];
    let before = (within.start..cue.token).rev().take(15).position(|t| behind(&t));
    let after = (cue.token + 1..within.end).take(15).position(|t| behind(&t));
    let opens = grid.quoted[within.start] || grid.quoted.get(within.start + 1) == Some(&true);
    let distance = |found: Option<usize>| found.map_or(15, bucket);
    out.add(31, [cue.lemma, distance(before).min(6), distance(after).min(6)]);
    out.add(32, [cue.form, u16::from(opens), distance(before)]);
}

/// The reporting word before this one in the sentence, and what parts the two.
fn company(grid: &Grid, cue: &Cue, out: &mut impl Features) {
    let within = &grid.sentences[cue.sentence].tokens;
    let reports = |&t: &usize| grid.words[t].says() && !grid.quoted[t];
    let Some(before) = (within.start..cue.token).rev().take(30).find(reports) else { return };
    let between = &grid.words[before..cue.token];
    let has = |is: fn(&Word) -> bool| u16::from(between.iter().any(is));
    let that = has(|word| word.part == Part::Subordinator);
    let comma = has(|word| word.class == COMMA);
    let joined = has(|word| word.part == Part::Conjunction);
    out.add(43, [grid.words[before].lemma, that | comma << 1 | joined << 2]);
}
