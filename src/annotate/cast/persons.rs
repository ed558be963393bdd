//! Persons turned into entities: fullest name, key, roles, party, gender.

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::people::{People, Person};
use super::recut::Draft;
use super::{paragraph_of, roles};
use crate::annotate::scene::Scene;
use crate::article::{Entity, EntityKind, Gender, Mention};
use crate::text::Span;

/// So many roles of one person are kept.
const MOST_ROLES: usize = 12;
/// So many mentions of one person are asked for pronouns near by.
const MOST_ASKED: usize = 24;
/// How far behind a name a pronoun still tells its gender, in tokens.
const REACH: usize = 30;

/// One entity a person.
pub fn entities(scene: &Scene, drafts: &[Draft], people: People) -> Vec<Entity> {
    let mut persons = people.persons;
    let mut facts: Vec<Facts> = vec![Facts::default(); persons.len()];
    for (number, draft) in drafts.iter().enumerate() {
        if let Some(owner) = draft.owner {
            let next = drafts.get(number + 1).map_or(scene.tokens.len(), |d| d.tokens.start);
            facts[owner].note(scene, draft, next);
        }
    }
    for (person, facts) in persons.iter_mut().zip(&facts) {
        for role in &facts.roles {
            person.votes.add(role_gender(scene, *role), 2.0);
        }
        person.votes.0 += facts.pronouns.clamp(-1.0, 1.0);
    }
    let keys = keys(&persons);
    let whole =
        persons.into_iter().zip(facts).zip(keys).filter(|((_, f), _)| !f.mentions.is_empty());
    whole.map(|((person, facts), key)| entity(scene, &person, facts, key)).collect()
}

fn entity(scene: &Scene, person: &Person, facts: Facts, key: String) -> Entity {
    let printed = |span: Span| span.of(scene.text).to_owned();
    Entity {
        key,
        name: person.fullest().span.of(scene.text).to_owned(),
        kind: EntityKind::Person,
        role: facts.roles.first().copied().map(printed),
        party: facts.party.map(printed),
        gender: person.votes.gender(),
        mentions: facts.mentions,
        roles: facts.roles,
    }
}

/// Keys: middle initials are kept only where two persons of the article would share a key.
fn keys(persons: &[Person]) -> Vec<String> {
    let short: Vec<CompactString> = persons.iter().map(|p| p.usual().key()).collect();
    let mut count: FxHashMap<&str, usize> = FxHashMap::default();
    for key in &short {
        *count.entry(key).or_default() += 1;
    }
    let long = |(person, key): (&Person, &CompactString)| match count[key.as_str()] {
        1 => ["person:", key].concat(),
        _ if person.usual().words.len() > 1 => ["person:", &person.usual().long_key()].concat(),
        // "Mrs. Reed" beside a "Reed" who is a man.
        _ => match person.votes.gender() {
            Some(Gender::Female) => ["person:mrs ", key].concat(),
            _ => ["person:", key].concat(),
        },
    };
    persons.iter().zip(&short).map(long).collect()
}

/// What the mentions of one person show.
#[derive(Clone, Debug, Default)]
struct Facts {
    mentions: Vec<Mention>,
    roles: Vec<Span>,
    party: Option<Span>,
    pronouns: f32,
}

impl Facts {
    fn note(&mut self, scene: &Scene, draft: &Draft, next: usize) {
        let paragraph = paragraph_of(scene, draft.tokens.start);
        let span_of = |range: std::ops::Range<usize>| {
            scene.tokens[range.start].span.cover(scene.tokens[range.end - 1].span)
        };
        if self.roles.len() < MOST_ROLES {
            let apart = || {
                let name = draft.tokens.clone();
                roles::before_comma(scene, name, paragraph.start, paragraph.end)
            };
            let before = roles::before(scene, draft.tokens.start, paragraph.start).or_else(apart);
            let after = roles::after(scene, draft.tokens.end, paragraph.end);
            self.roles.extend(before.into_iter().chain(after).map(span_of));
        }
        if self.party.is_none() {
            self.party = roles::bracket(scene, draft.tokens.end, paragraph.end).map(span_of);
        }
        if self.mentions.len() < MOST_ASKED {
            let ceiling = paragraph.end.min(next).min(draft.tokens.end + REACH);
            self.pronouns += pronoun_vote(scene, draft.tokens.end, ceiling);
        }
        self.mentions.push(Mention { span: draft.span(scene), kind: EntityKind::Person });
    }
}

/// What the first pronoun outside marks says, before anybody else is named.
fn pronoun_vote(scene: &Scene, start: usize, ceiling: usize) -> f32 {
    for token in start..ceiling {
        if scene.quoted[token] != 0 {
            return 0.0;
        }
        match scene.word(token) {
            "he" | "He" | "his" | "himself" => return -0.25,
            "she" | "She" | "her" | "herself" => return 0.25,
            _ => {}
        }
    }
    0.0
}

/// The gender a role tells: "actress", "chairman of the board".
fn role_gender(scene: &Scene, role: Span) -> Option<Gender> {
    let tokens = super::tokens_of(scene, role);
    let head = roles::head(scene, tokens.start, tokens.end)?;
    scene.title_gender(head)
}
