//! Who is who inside one article: mentions of one person, organisation or place become one entity
//! with its fullest name, role, gender and a key that is stable across articles. It does not find
//! names (that is `entities`) and does not say who speaks (that is `speakers`).

pub mod names;
mod others;
mod people;
mod persons;
mod recut;
pub mod roles;
pub mod words;

use rustc_hash::FxHashSet;

use crate::annotate::scene::Scene;
use crate::article::{Entity, EntityKind, Gender, Mention};
use crate::segment::TokenKind;
use crate::text::Span;

use names::Name;
use people::{Found, People, Sighting};
use recut::Draft;
use words::{fold, given_gender, is_title, title_gender};

/// The entities of an article, in order of first mention.
pub fn build(scene: &Scene, mentions: &[Mention]) -> Vec<Entity> {
    let mut drafts = recut::drafts(scene, mentions);
    let mut people = People::default();
    join_full_names(scene, &mut drafts, &mut people);
    add_missed_surnames(scene, &mut drafts, &people);
    join_bare_names(scene, &mut drafts, &mut people);
    let mut entities = persons::entities(scene, &drafts, people);
    entities.extend(others::entities(scene, &drafts));
    entities.sort_by_key(|e| (e.mentions[0].span, e.kind));
    entities
}

/// The tokens a span covers, at least in part.
pub fn tokens_of(scene: &Scene, span: Span) -> std::ops::Range<usize> {
    let start = scene.tokens.partition_point(|t| t.span.end() <= span.start());
    let end = scene.tokens.partition_point(|t| t.span.start() < span.end());
    start..end.max(start)
}

/// The tokens of the paragraph around a token.
pub fn paragraph_of(scene: &Scene, token: usize) -> std::ops::Range<usize> {
    let at = scene.paragraphs.partition_point(|p| p.tokens.end <= token);
    scene.paragraphs.get(at).map_or(token..token, |p| p.tokens.clone())
}

fn sighting(scene: &Scene, draft: &Draft) -> Option<Sighting> {
    let name = draft.name.clone()?;
    let (token, gender) = (draft.tokens.start, told_gender(scene, draft));
    Some(Sighting { name, span: draft.span(scene), token, gender })
}

/// What the words before a name say of its gender: "Mrs.", "his wife", "actress".
fn told_gender(scene: &Scene, draft: &Draft) -> Option<Gender> {
    let floor = paragraph_of(scene, draft.tokens.start).start;
    let mut at = draft.tokens.start;
    if at > floor && scene.word(at - 1) == "," {
        at -= 1;
        // "her husband, Bill": the comma only where a possessive opens the phrase.
        let possessive =
            at >= floor + 2 && matches!(fold(scene.word(at - 2)).as_str(), "his" | "her");
        return title_gender(&fold(scene.word(at - 1))).filter(|_| possessive && at > floor);
    }
    if at == floor {
        return None;
    }
    title_gender(&fold(scene.word(at - 1)))
}

/// First walk: every full name finds or founds its person.
fn join_full_names(scene: &Scene, drafts: &mut [Draft], people: &mut People) {
    for draft in drafts.iter_mut().filter(|d| d.kind == EntityKind::Person) {
        if let Some(sighting) = sighting(scene, draft).filter(|s| s.name.is_full()) {
            draft.owner = Some(people.add_full(&sighting));
        }
    }
    for person in &mut people.persons {
        person.votes.add(person.fullest().name.given().and_then(given_gender), 2.0);
    }
    people.rewind();
}

/// Surnames of the article's persons that the recogniser left out or took for something else.
fn add_missed_surnames(scene: &Scene, drafts: &mut Vec<Draft>, people: &People) {
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
    let lower = lower_case_words(scene);
    let mut covered = drafts.iter().map(|d| d.tokens.clone()).peekable();
    let mut found = Vec::new();
    for token in 0..scene.tokens.len() {
        while covered.next_if(|range| range.end <= token).is_some() {}
        let inside = covered.peek().is_some_and(|range| range.start <= token);
        if inside || !roles::starts_upper(scene.word(token)) {
            continue;
        }
        let word = fold(scene.word(token));
        if people.is_surname(&word) && !lower.contains(word.as_str()) && stands_alone(scene, token)
        {
            found.push(Draft::new(scene, token..token + 1, EntityKind::Person));
        }
    }
    if !found.is_empty() {
        drafts.extend(found);
        drafts.sort_by_key(|d| d.tokens.start);
    }
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
            found.kind == TokenKind::Word
                && roles::starts_upper(scene.word(t))
                && !is_title(&fold(scene.word(t)))
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
    let lower = |&t: &usize| scene.word(t).starts_with(|c: char| c.is_lowercase());
    (0..scene.tokens.len()).filter(lower).map(|t| scene.word(t)).collect()
}

/// Second walk: surnames and given names find their person.
fn join_bare_names(scene: &Scene, drafts: &mut [Draft], people: &mut People) {
    for draft in drafts.iter_mut().filter(|d| d.kind == EntityKind::Person) {
        if let Some(id) = draft.owner {
            people.see(id, draft.tokens.start);
        } else if let Some(sighting) = sighting(scene, draft) {
            draft.owner = Some(match people.find_bare(&sighting) {
                Found::Person(id) => people.join(id, &sighting),
                Found::OtherGender | Found::Nobody => people.add_bare(&sighting),
            });
        }
    }
}
