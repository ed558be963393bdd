//! Names the recogniser cut short or left out, found by what else the article says: a surname
//! that stands elsewhere with a given name, a given name right before a surname.

use std::cell::LazyCell;
use std::ops::Range;

use compact_str::CompactString;
use rustc_hash::FxHashSet;

use super::names::Name;
use super::people::People;
use super::recut::Draft;
use super::words::{fold, given_gender};
use crate::annotate::scene::Scene;
use crate::article::EntityKind;
use crate::lexicon::Classes;
use crate::segment::TokenKind;

/// The tokens that begin with a capital.
pub fn upper(scene: &Scene) -> Vec<usize> {
    (0..)
        .zip(scene.known.from(0))
        .filter(|(_, known)| known.upper)
        .map(|(token, _)| token)
        .collect()
}

/// Puts given names before surnames: "Ann" before a mention "Lee", and "Ann Lee" where "Lee" is a
/// person elsewhere.
pub fn names(scene: &Scene, upper: &[usize], drafts: &mut Vec<Draft>) {
    let mut bare: FxHashSet<CompactString> = FxHashSet::default();
    let mut free = 0;
    for draft in drafts.iter_mut() {
        let start = draft.tokens.start;
        if draft.kind == EntityKind::Person && draft.tokens.len() == 1 {
            if start > free && is_forename(scene, start - 1) {
                *draft = Draft::new(scene, start - 1..start + 1, EntityKind::Person);
            } else {
                bare.insert(fold(scene.word(start)));
            }
        }
        free = draft.tokens.end;
    }
    if bare.is_empty() {
        return;
    }
    let found = uncovered(upper, drafts, |token, free| {
        if token == free || !may_be_forename(scene, token - 1) {
            return None;
        }
        let full = bare.contains(&fold(scene.word(token))) && is_forename(scene, token - 1);
        full.then(|| token - 1..token + 1)
    });
    insert(scene, drafts, found);
}

/// A capitalised word right before another word.
fn may_be_forename(scene: &Scene, token: usize) -> bool {
    let touches = scene.tokens[token].span.end() + 1 == scene.tokens[token + 1].span.start();
    touches && scene.is_upper(token) && scene.tokens[token].kind == TokenKind::Word
}

/// A capitalised word right before a surname that reads as a given name.
fn is_forename(scene: &Scene, token: usize) -> bool {
    let word = scene.word(token);
    if !may_be_forename(scene, token) {
        return false;
    }
    let classes = scene.known[token].classes;
    let other = Classes::FUNCTION
        | Classes::CALENDAR
        | Classes::NATIONALITY
        | Classes::PARTY
        | Classes::COMMON
        | Classes::COUNTRY
        | Classes::REGION
        | Classes::WORD
        | Classes::CUE_VERB
        | Classes::ORGANISATION;
    let known = given_gender(&fold(word)).is_some() || classes.any(Classes::GIVEN);
    !scene.is_title(token)
        && !scene.is_person_noun(token)
        && word.len() > 1
        && !word.ends_with('.')
        && (known && !classes.any(Classes::FUNCTION)
            || !classes.any(other) && !word.bytes().all(|b| b.is_ascii_uppercase()))
}

/// Token ranges that `find` makes of those of some tokens that are outside all drafts; it is told the token
/// and the first one that is free before it.
fn uncovered(
    some: &[usize],
    drafts: &[Draft],
    mut find: impl FnMut(usize, usize) -> Option<Range<usize>>,
) -> Vec<Range<usize>> {
    let mut covered = drafts.iter().map(|d| d.tokens.clone()).peekable();
    let (mut found, mut free) = (Vec::new(), 0);
    for &token in some {
        while let Some(range) = covered.next_if(|range| range.end <= token) {
            free = free.max(range.end);
        }
        let inside = covered.peek().is_some_and(|range| range.start <= token);
        if inside {
            continue;
        }
        if let Some(range) = find(token, free) {
            free = range.end;
            found.push(range);
        }
    }
    found
}

fn insert(scene: &Scene, drafts: &mut Vec<Draft>, found: Vec<Range<usize>>) {
    if !found.is_empty() {
        drafts
            .extend(found.into_iter().map(|tokens| Draft::new(scene, tokens, EntityKind::Person)));
        drafts.sort_by_key(|d| d.tokens.start);
    }
}

/// Surnames of the article's persons that the recogniser left out or took for something else.
pub fn surnames(scene: &Scene, upper: &[usize], drafts: &mut Vec<Draft>, people: &People) {
    if people.persons.is_empty() {
        return;
    }
    for draft in drafts.iter_mut().filter(|d| d.kind != EntityKind::Person && d.tokens.len() == 1) {
        let word = fold(scene.word(draft.tokens.start));
        let place = draft.kind == EntityKind::Place && stands_as_place(scene, draft.tokens.start);
        if people.is_surname(&word) && !place {
            draft.kind = EntityKind::Person;
            draft.name = Name::parse([word.as_str()].into_iter());
        }
    }
    let lower = LazyCell::new(|| lower_case_words(scene));
    // The same words come again and again: each is folded once.
    let mut surnames: Vec<Option<bool>> = vec![None; scene.known.entries()];
    let mut is_surname = |token: usize| {
        *surnames[scene.known.entry(token)].get_or_insert_with(|| {
            let word = fold(scene.word(token));
            people.is_surname(&word) && !lower.contains(word.as_str())
        })
    };
    let found = uncovered(upper, drafts, |token, _| {
        let missed = is_surname(token) && stands_alone(scene, token);
        missed.then(|| token..token + 1)
    });
    insert(scene, drafts, found);
}

fn stands_as_place(scene: &Scene, token: usize) -> bool {
    let before = token.checked_sub(1).map_or("", |t| scene.word(t));
    let after = scene.tokens.get(token + 1).map_or("", |_| scene.word(token + 1));
    matches!(before, "in" | "at" | "near" | "from" | "outside" | "to" | "In" | "At" | "Near")
        || after == "," && before == ","
}

/// No capitalised neighbour that would make it part of another name.
fn stands_alone(scene: &Scene, token: usize) -> bool {
    let name_like = |t: usize| {
        scene.tokens.get(t).is_some_and(|found| {
            let plain = Classes::FUNCTION | Classes::CALENDAR | Classes::COMMON;
            let classes = scene.known[t].classes;
            found.kind == TokenKind::Word
                && scene.is_upper(t)
                && !scene.is_title(t)
                && (!classes.any(plain) || classes.any(Classes::GIVEN | Classes::SURNAME))
        })
    };
    let touches =
        |a: usize, b: usize| scene.tokens[a].span.end() + 1 >= scene.tokens[b].span.start();
    let before = token > 0 && name_like(token - 1) && touches(token - 1, token);
    let after = name_like(token + 1) && touches(token, token + 1);
    !before && !after
}

/// Words that stand in lower case somewhere: their capitals at the start of a sentence tell nothing.
fn lower_case_words<'a>(scene: &Scene<'a>) -> FxHashSet<&'a str> {
    let words = scene.known.firsts().map(|token| scene.word(token));
    words.filter(|word| word.starts_with(char::is_lowercase)).collect()
}
