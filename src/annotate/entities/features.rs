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
use crate::model::feature;

/// Takes features one by one.
pub(crate) trait Sink {
    fn add(&mut self, feature: u64);

    /// Adds the feature of a template with a value.
    fn put(&mut self, template: u32, value: u64) {
        self.add(feature(template, value));
    }
}

/// Stands for the edge of a paragraph.
const EDGE: u64 = 0x0ed9_e000;

fn join(a: u64, b: u64) -> u64 {
    (a.rotate_left(21) ^ b).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn key(word: Option<&Word>) -> u64 {
    word.map_or(EDGE, |w| w.key.hash())
}

/// The classes and the shape of a word; closed-class words and marks stay themselves.
fn class(word: Option<&Word>) -> u64 {
    const OPEN: u32 = !(Classes::BEGINS.bits() | Classes::WORD.bits() | Classes::COMMON.bits());
    let Some(word) = word else { return EDGE };
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

fn before<'a>(view: &'a View, at: usize) -> Option<&'a Word> {
    (!view.words[at].opens).then(|| &view.words[at - 1])
}

fn after<'a>(view: &'a View, at: usize) -> Option<&'a Word> {
    (!view.words[at].closes).then(|| &view.words[at + 1])
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
    match role {
        Role::Inside => inside(view, at, sink),
        Role::Begin if view.words[at].is_solid() => begin(view, at, sink),
        Role::Begin => {}
        Role::End => end(view, at, sink),
    }
}

/// Features of a token anywhere in a name.
fn inside(view: &View, at: usize, sink: &mut impl Sink) {
    let word = &view.words[at];
    let (key0, place) = (word.key.hash(), place(word));
    let shape = word.shape as u64;
    sink.put(1, key0);
    sink.put(2, join(shape, place));
    if !word.is_solid() {
        return;
    }
    let (previous, next) = (before(view, at), after(view, at));
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
    sink.put(7, class(Some(word)));
    sink.put(
        8,
        join(
            class(Some(word)),
            join(place, u64::from(word.classes.bits() & (Classes::COMMON | Classes::WORD).bits())),
        ),
    );
    sink.put(9, join(class(previous), class(Some(word))));
    sink.put(10, join(class(Some(word)), class(next)));
    sink.put(11, key(previous));
    sink.put(12, key(next));
    let two_back = previous.and_then(|_| before(view, at - 1));
    let two_on = next.and_then(|_| after(view, at + 1));
    sink.put(13, key(two_back));
    sink.put(14, key(two_on));
    let about = view.memory.of(word.key);
    let mut bits = about;
    while bits != 0 {
        sink.put(15, u64::from(bits.trailing_zeros()));
        bits &= bits - 1;
    }
    sink.put(16, u64::from(about));
    sink.put(17, join(u64::from(about & traits::LOWER), join(place, shape)));
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
            class(Some(word)),
        ),
    );
}

/// Features of the first token of a name and the words before it.
fn begin(view: &View, at: usize, sink: &mut impl Sink) {
    let word = &view.words[at];
    let previous = before(view, at);
    let two_back = previous.and_then(|_| before(view, at - 1));
    sink.put(20, key(previous));
    sink.put(21, class(previous));
    sink.put(22, join(key(two_back), key(previous)));
    sink.put(23, join(class(two_back), class(previous)));
    sink.put(24, join(class(previous), class(Some(word))));
    sink.put(25, word.key.hash());
    sink.put(26, join(word.shape as u64, previous.map_or(EDGE, |w| w.shape as u64)));
    sink.put(27, join(key(previous), word.shape as u64));
    sink.put(28, class(Some(word)));
}

/// Features of the last token of a name and the words behind it.
fn end(view: &View, at: usize, sink: &mut impl Sink) {
    let word = &view.words[at];
    let next = after(view, at);
    let two_on = next.and_then(|_| after(view, at + 1));
    sink.put(30, key(next));
    sink.put(31, class(next));
    sink.put(32, join(key(next), key(two_on)));
    sink.put(33, join(class(next), class(two_on)));
    sink.put(34, join(class(Some(word)), class(next)));
    sink.put(35, word.key.hash());
    sink.put(36, join(word.shape as u64, next.map_or(EDGE, |w| w.shape as u64)));
    sink.put(37, join(key(next), word.shape as u64));
    sink.put(38, class(Some(word)));
}

/// Features of a stretch as a whole.
pub(crate) fn whole(view: &View, run: &Run, stretch: &Range<usize>, sink: &mut impl Sink) {
    let words = &view.words[stretch.clone()];
    let first = &words[0];
    let length = words.len().min(6) as u64;
    let (previous, next) = (before(view, stretch.start), after(view, stretch.end - 1));
    let context = join(class(previous), class(next));
    let fills = u64::from(stretch.start == run.start) << 1 | u64::from(stretch.end == run.end);
    sink.put(40, join(length, join(fills, first.tone as u64)));
    sink.put(41, join(length, context));
    sink.put(42, join(key(previous), key(next)));
    let shapes = words.iter().take(6).fold(length, |sum, w| join(sum, shape_in(w)));
    sink.put(43, shapes);
    sink.put(44, join(shapes, first.tone as u64));
    let classes = words.iter().take(5).fold(length, |sum, w| join(sum, class(Some(w))));
    sink.put(45, classes);
    let kinds = words.iter().take(6).fold(length, |sum, w| join(sum, kind_in(w)));
    sink.put(46, kinds);
    sink.put(47, join(kinds, class(previous)));
    sink.put(48, join(kinds, class(next)));
    if words.len() > 1 {
        several(view, words, length, sink);
    } else {
        sink.put(60, join(first.shape as u64, context));
        sink.put(61, join(first.key.hash(), class(previous)));
        sink.put(62, join(first.key.hash(), class(next)));
    }
}

/// Features of a stretch of more than one word.
fn several(view: &View, words: &[Word], length: u64, sink: &mut impl Sink) {
    let (first, last) = (&words[0], &words[words.len() - 1]);
    let whole = words[1..].iter().fold(words[0].key, |key, word| key.then(word.key));
    sink.put(50, whole.hash());
    let lexicon = lexicon::get();
    let classes = lexicon.classes_of(whole);
    if !classes.is_empty() {
        sink.put(51, u64::from(classes.bits() & !Classes::BEGINS.bits()));
    }
    let bare = last.key.hash();
    sink.put(52, bare);
    sink.put(53, first.key.hash());
    sink.put(54, join(class(Some(first)), class(Some(last))));
    sink.put(55, join(length, class(Some(last))));
    sink.put(56, join(length, class(Some(first))));
    let about = view.memory.of(whole);
    sink.put(57, join(u64::from(about), 1));
    let inner = words
        .iter()
        .filter(|w| w.shape == Shape::Lower || w.shape == Shape::Other)
        .fold(7, |sum, w| join(sum, w.key.hash()));
    sink.put(58, inner);
    sink.put(59, join(inner, join(class(Some(first)), class(Some(last)))));
}

fn shape_in(word: &Word) -> u64 {
    match word.shape {
        Shape::Lower | Shape::Possessive | Shape::Other | Shape::Dash | Shape::Quote => {
            word.key.hash()
        }
        shape => shape as u64,
    }
}

/// The most telling class of a word.
fn kind_in(word: &Word) -> u64 {
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
