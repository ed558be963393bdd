//! What is known of a word or a stretch of words as a name, as features of the linear model.
//!
//! Four groups: `inside` of a token anywhere in a name, `begin` and `end` of a token at its ends
//! with the words around, `whole` of the stretch. The number in front of each value is the
//! template; training and inference run the same code.

use std::ops::Range;

use super::View;
use super::memory::traits;
use super::runs::Run;
use super::words::{Shape, Tone, Word};
use crate::lexicon::{self, Classes};
use crate::model::Sink;

/// Stands for the edge of a paragraph.
const EDGE: u64 = 0x0ed9_e000;

fn join(a: u64, b: u64) -> u64 {
    (a.rotate_left(21) ^ b).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn key(view: &View, at: Option<usize>) -> u64 {
    at.map_or(EDGE, |at| view.words[at].key.hash())
}

/// What a word is to the features, worked out once.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Code {
    /// Its classes and its shape; closed-class words and marks stay themselves.
    class: u64,
    /// Its most telling class and its shape.
    kind: u64,
    /// Its shape; what is no name of its own stays itself.
    shape: u64,
}

impl Code {
    pub(crate) fn of(word: &Word) -> Code {
        Code { class: class_of(word), kind: kind_of(word), shape: shape_of(word) }
    }
}

fn class_of(word: &Word) -> u64 {
    const OPEN: u32 = !(Classes::BEGINS.bits() | Classes::WORD.bits() | Classes::COMMON.bits());
    match word.shape {
        Shape::Quote
        | Shape::Stop
        | Shape::Comma
        | Shape::Bracket
        | Shape::Dash
        | Shape::Other
        | Shape::Possessive => word.key.hash(),
        Shape::Lower if word.classes.any(Classes::FUNCTION) => word.key.hash(),
        shape => u64::from(word.classes.bits() & OPEN) << 5 | shape as u64,
    }
}

/// The token before one, in its paragraph.
fn before(view: &View, at: usize) -> Option<usize> {
    (!view.words[at].opens).then(|| at - 1)
}

/// The token behind one, in its paragraph.
fn after(view: &View, at: usize) -> Option<usize> {
    (!view.words[at].closes).then(|| at + 1)
}

fn class(view: &View, at: Option<usize>) -> u64 {
    at.map_or(EDGE, |at| view.codes[at].class)
}

fn shape(view: &View, at: Option<usize>) -> u64 {
    at.map_or(EDGE, |at| view.words[at].shape as u64)
}

/// The last or first bytes of a token in lower case.
fn bytes(view: &View, at: usize, last: bool, count: usize) -> u64 {
    let text = view.tokens[at].span.of(view.scene.text).as_bytes();
    let part = match last {
        true => &text[text.len().saturating_sub(count)..],
        false => &text[..count.min(text.len())],
    };
    part.iter().fold(count as u64, |sum, &b| sum << 8 | u64::from(b.to_ascii_lowercase()))
}

/// How the place is written: the value of a capital differs.
fn place(word: &Word) -> u64 {
    u64::from(word.starts) << 2 | word.tone as u64
}

/// What a token can be to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Inside,
    Begin,
    End,
}

/// The roles in the order in which training keeps them.
pub(crate) const ROLES: [Role; 3] = [Role::Inside, Role::Begin, Role::End];

/// Features of a token in a role.
pub(crate) fn token(view: &View, role: Role, at: usize, sink: &mut impl Sink) {
    by_itself(view, role, at, sink);
    in_place(view, role, at, sink);
}

/// Features of a token in a role that its text tells, and whether its paragraph is loud.
pub(crate) fn by_itself(view: &View, role: Role, at: usize, sink: &mut impl Sink) {
    let (word, own) = (&view.words[at], view.codes[at].class);
    match role {
        Role::Inside => inside_by_itself(view, at, sink),
        Role::Begin if word.is_solid() => sink.put(28, own),
        Role::Begin => {}
        Role::End => {
            sink.put(35, word.key.hash());
            sink.put(38, own);
        }
    }
}

fn inside_by_itself(view: &View, at: usize, sink: &mut impl Sink) {
    let word = &view.words[at];
    sink.put(1, word.key.hash());
    if !word.is_solid() {
        return;
    }
    for count in [3, 4] {
        sink.put(3, bytes(view, at, true, count));
        sink.put(4, bytes(view, at, false, count));
    }
    sink.put(5, bytes(view, at, true, 2));
    let mut bits = word.classes.bits() & !Classes::BEGINS.bits();
    while bits != 0 {
        sink.put(6, join(u64::from(bits.trailing_zeros()), u64::from(word.tone == Tone::Loud)));
        bits &= bits - 1;
    }
    sink.put(7, view.codes[at].class);
}

/// Features of a token in a role that the words around it and the rest of the article tell.
pub(crate) fn in_place(view: &View, role: Role, at: usize, sink: &mut impl Sink) {
    match role {
        Role::End => end(view, at, sink),
        _ if !view.words[at].is_solid() => {}
        Role::Inside => inside(view, at, sink),
        Role::Begin => begin(view, at, sink),
    }
}

/// Features of a token anywhere in a name.
fn inside(view: &View, at: usize, sink: &mut impl Sink) {
    let word = &view.words[at];
    let (own, previous, next) = (view.codes[at].class, before(view, at), after(view, at));
    sink.put(
        8,
        join(
            own,
            join(
                place(word),
                u64::from(word.classes.bits() & (Classes::COMMON | Classes::WORD).bits()),
            ),
        ),
    );
    sink.put(9, join(class(view, previous), own));
    sink.put(10, join(own, class(view, next)));
    let about = view.memory.of(word.key);
    let mut bits = about;
    while bits != 0 {
        sink.put(15, u64::from(bits.trailing_zeros()));
        bits &= bits - 1;
    }
    sink.put(16, u64::from(about));
    sink.put(
        18,
        join(
            u64::from(
                about
                    & (traits::AFTER_GIVEN
                        | traits::SPEAKS
                        | traits::AFTER_IN
                        | traits::BEFORE_HEAD),
            ),
            own,
        ),
    );
}

/// Features of the first token of a name and the words before it.
fn begin(view: &View, at: usize, sink: &mut impl Sink) {
    let (word, previous) = (&view.words[at], before(view, at));
    let two_back = previous.and_then(|at| before(view, at));
    sink.put(21, class(view, previous));
    sink.put(23, join(class(view, two_back), class(view, previous)));
    sink.put(26, join(word.shape as u64, shape(view, previous)));
}

/// Features of the last token of a name and the words behind it.
fn end(view: &View, at: usize, sink: &mut impl Sink) {
    let (word, own) = (&view.words[at], view.codes[at].class);
    let next = after(view, at);
    let two_on = next.and_then(|at| after(view, at));
    sink.put(30, key(view, next));
    sink.put(31, class(view, next));
    sink.put(33, join(class(view, next), class(view, two_on)));
    sink.put(34, join(own, class(view, next)));
    sink.put(36, join(word.shape as u64, shape(view, next)));
}

/// Features of a stretch as a whole.
pub(crate) fn whole(view: &View, run: &Run, stretch: &Range<usize>, sink: &mut impl Sink) {
    let words = &view.words[stretch.clone()];
    let first = &words[0];
    let length = words.len().min(6) as u64;
    let (previous, next) = (before(view, stretch.start), after(view, stretch.end - 1));
    let context = join(class(view, previous), class(view, next));
    let fills = u64::from(stretch.start == run.start) << 1 | u64::from(stretch.end == run.end);
    sink.put(40, join(length, join(fills, first.tone as u64)));
    let codes = &view.codes[stretch.clone()];
    let shapes = codes.iter().take(6).fold(length, |sum, c| join(sum, c.shape));
    sink.put(43, shapes);
    let classes = codes.iter().take(5).fold(length, |sum, c| join(sum, c.class));
    sink.put(45, classes);
    let kinds = codes.iter().take(6).fold(length, |sum, c| join(sum, c.kind));
    sink.put(46, kinds);
    sink.put(47, join(kinds, class(view, previous)));
    sink.put(48, join(kinds, class(view, next)));
    if words.len() > 1 {
        several(words, codes, length, sink);
    } else {
        sink.put(60, join(first.shape as u64, context));
    }
}

/// Features of a stretch of more than one word.
fn several(words: &[Word], codes: &[Code], length: u64, sink: &mut impl Sink) {
    let classes = classes_of_all(words);
    if !classes.is_empty() {
        sink.put(51, u64::from(classes.bits() & !Classes::BEGINS.bits()));
    }
    let (one, other) = (codes[0].class, codes[codes.len() - 1].class);
    sink.put(54, join(one, other));
    sink.put(55, join(length, other));
    sink.put(56, join(length, one));
    let inner = words
        .iter()
        .filter(|w| w.shape == Shape::Lower || w.shape == Shape::Other)
        .fold(7, |sum, w| join(sum, w.key.hash()));
    sink.put(58, inner);
}

/// The classes of the entry that consists of these words.
fn classes_of_all(words: &[Word]) -> Classes {
    let lexicon = lexicon::get();
    let (mut key, mut classes) = (words[0].key, words[0].classes);
    for word in &words[1..] {
        if !classes.any(Classes::BEGINS) {
            return Classes::default();
        }
        key = key.then(word.key);
        classes = lexicon.classes_of(key);
    }
    classes
}

fn shape_of(word: &Word) -> u64 {
    match word.shape {
        Shape::Lower | Shape::Possessive | Shape::Other | Shape::Dash | Shape::Quote => {
            word.key.hash()
        }
        shape => shape as u64,
    }
}

fn kind_of(word: &Word) -> u64 {
    const ORDER: [Classes; 16] = [
        Classes::FUNCTION,
        Classes::CALENDAR,
        Classes::ORG_SUFFIX,
        Classes::TITLE,
        Classes::NATIONALITY,
        Classes::COUNTRY,
        Classes::GIVEN,
        Classes::ORG_HEAD,
        Classes::PLACE_WORD,
        Classes::CITY_LARGE,
        Classes::SURNAME,
        Classes::REGION,
        Classes::GIVEN_WORLD,
        Classes::SURNAME_WORLD,
        Classes::COMMON,
        Classes::WORD,
    ];
    let found = ORDER.iter().position(|&c| word.classes.any(c)).unwrap_or(ORDER.len()) as u64;
    found << 4 | word.shape as u64
}
