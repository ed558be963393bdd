//! Who is who inside one article: mentions of one person, organisation or place become one entity
//! with its fullest name, role, gender and a key that is stable across articles. It does not find
//! names (that is `entities`) and does not say who speaks (that is `speakers`).

mod complete;
pub mod names;
mod others;
mod people;
mod persons;
mod recut;
pub mod roles;
pub mod words;

use crate::annotate::scene::Scene;
use crate::article::{Entity, EntityKind, Gender, Mention};
use crate::text::Span;

use people::{Found, People, Sighting};
use recut::Draft;
use words::{fold, given_gender};

/// The entities of an article, in order of first mention.
pub fn build(scene: &Scene, mentions: &[Mention]) -> Vec<Entity> {
    let mut drafts = recut::drafts(scene, mentions);
    let mut people = People::default();
    let upper = complete::upper(scene);
    complete::names(scene, &upper, &mut drafts);
    join_full_names(scene, &mut drafts, &mut people);
    complete::surnames(scene, &upper, &mut drafts, &people);
    join_bare_names(scene, &mut drafts, &mut people);
    let mut entities = persons::entities(scene, &drafts, people);
    entities.extend(others::entities(scene, &drafts));
    entities.sort_by_key(|e| (e.mentions[0].span, e.kind));
    entities
}

/// The tokens a span covers, at least in part.
pub fn tokens_of(scene: &Scene, span: Span) -> std::ops::Range<usize> {
    let start = scene.first_behind(span.start());
    let covered = scene.tokens[start..].iter().take_while(|t| t.span.start() < span.end());
    start..start + covered.count()
}

/// The tokens of the paragraph around a token.
pub fn paragraph_of(scene: &Scene, token: usize) -> std::ops::Range<usize> {
    let at = scene.paragraphs.partition_point(|p| p.tokens.end <= token);
    scene.paragraphs.get(at).map_or(token..token, |p| p.tokens.clone())
}

fn sighting<'a>(scene: &Scene, draft: &'a Draft) -> Option<Sighting<'a>> {
    let name = draft.name.as_ref()?;
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
        return if possessive { scene.title_gender(at - 1) } else { None };
    }
    if at == floor {
        return None;
    }
    scene.title_gender(at - 1)
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

/// Second walk: surnames and given names find their person.
fn join_bare_names(scene: &Scene, drafts: &mut [Draft], people: &mut People) {
    for draft in drafts.iter_mut().filter(|d| d.kind == EntityKind::Person) {
        if let Some(id) = draft.owner {
            people.see(id, draft.tokens.start);
        } else if let Some(sighting) = sighting(scene, draft) {
            let found = match people.find_bare(&sighting) {
                Found::Nobody => people.find_misspelt(&sighting),
                found => found,
            };
            draft.owner = Some(match found {
                Found::Person(id) => people.join(id, &sighting),
                Found::OtherGender | Found::Nobody => people.add_bare(&sighting),
            });
        }
    }
}
