//! Persons: which names of an article are one human being's. Full names first, then surnames,
//! each looked up by hash, so the work is linear in the mentions.

use std::cmp::Reverse;
use std::collections::VecDeque;

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::names::{Name, skeleton};
use crate::article::Gender;
use crate::text::Span;

/// At most so many bearers of one surname are compared; beyond that an article is a list.
const MOST_RIVALS: usize = 16;
/// So many full names before a misspelt surname are compared with it.
const MOST_RECENT: usize = 6;
/// At most so many names of one person are kept apart.
const MOST_FORMS: usize = 64;

/// Evidence for a gender: positive for female.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Votes(pub f32);

impl Votes {
    /// Adds evidence of this weight.
    pub fn add(&mut self, gender: Option<Gender>, weight: f32) {
        match gender {
            Some(Gender::Female) => self.0 += weight,
            Some(Gender::Male) => self.0 -= weight,
            None => {}
        }
    }

    /// What the evidence says.
    pub fn gender(self) -> Option<Gender> {
        match self.0 {
            v if v > 0.4 => Some(Gender::Female),
            v if v < -0.4 => Some(Gender::Male),
            _ => None,
        }
    }
}

/// A name where it stands.
#[derive(Clone, Debug)]
pub struct Sighting<'a> {
    /// The name.
    pub name: &'a Name,
    /// Where it stands.
    pub span: Span,
    /// First token.
    pub token: usize,
    /// What an honorific or title before it says.
    pub gender: Option<Gender>,
}

/// One way in which a person is named.
#[derive(Clone, Debug)]
pub struct Form {
    /// The name.
    pub name: Name,
    /// How often it stands in the article.
    pub count: usize,
    /// Where it stands first.
    pub span: Span,
}

/// One person so far.
#[derive(Clone, Debug)]
pub struct Person {
    /// Distinct names.
    pub forms: Vec<Form>,
    /// Gender evidence.
    pub votes: Votes,
    /// How often a full name of this person stands in the article.
    full: usize,
    /// Token of the last sighting that was joined.
    last_seen: usize,
    /// Sightings joined so far.
    seen: usize,
}

/// Persons with one word in their names: nearly always one or two.
type Ids = SmallVec<[usize; 2]>;
/// Those that are compared.
type Rivals = SmallVec<[usize; MOST_RIVALS]>;

/// The persons of one article.
#[derive(Debug, Default)]
pub struct People {
    /// In order of first full name, then of first bare name.
    pub persons: Vec<Person>,
    by_last: FxHashMap<CompactString, Ids>,
    by_first: FxHashMap<CompactString, Ids>,
    by_skeleton: FxHashMap<CompactString, Ids>,
    /// Whose full names were read last.
    recent: VecDeque<usize>,
}

impl People {
    /// Joins a full name to its person, or makes a new one.
    pub fn add_full(&mut self, sighting: &Sighting) -> usize {
        let found = self.find_full(sighting.name);
        let id = found.unwrap_or_else(|| self.new_person(sighting.name));
        if found.is_some() {
            self.learn(id, sighting.name);
        }
        let person = &mut self.persons[id];
        person.full += 1;
        person.join(sighting);
        id
    }

    fn find_full(&self, name: &Name) -> Option<usize> {
        let agrees = |&&id: &&usize| {
            let person = &self.persons[id];
            person.forms.iter().take(4).all(|form| form.name.agrees(name))
        };
        let among = |list: Option<&Ids>| {
            list.and_then(|ids| ids.iter().rev().take(MOST_RIVALS).find(agrees)).copied()
        };
        among(self.by_last.get(name.last()))
            .or_else(|| among(self.by_skeleton.get(&skeleton(name))))
    }

    fn new_person(&mut self, name: &Name) -> usize {
        let id = self.persons.len();
        self.persons.push(Person {
            forms: Vec::new(),
            votes: Votes::default(),
            full: 0,
            last_seen: 0,
            seen: 0,
        });
        self.learn(id, name);
        id
    }

    /// Makes the person findable by the words of this name.
    fn learn(&mut self, id: usize, name: &Name) {
        let add = |map: &mut FxHashMap<CompactString, Ids>, key: &str| {
            let ids = map.entry(key.into()).or_default();
            if !ids.iter().rev().take(MOST_RIVALS).any(|&known| known == id) {
                ids.push(id);
            }
        };
        if self.persons[id].forms.iter().any(|form| form.name == *name) {
            return;
        }
        add(&mut self.by_last, name.last());
        if name.is_full() {
            add(&mut self.by_first, name.first());
            let skeleton = skeleton(name);
            add(&mut self.by_skeleton, &skeleton);
        }
    }

    /// The person a bare name stands for, if a full name of the article explains it.
    pub fn find_bare(&self, sighting: &Sighting) -> Found {
        let name = sighting.name;
        if let Some(ids) = self.by_last.get(name.last()) {
            let full = ids.iter().rev().take(MOST_RIVALS).copied().filter(|&id| {
                let forms = &self.persons[id].forms;
                name.words.len() == 1
                    || forms.iter().any(|f| f.name == *name || f.name.ends_with(name))
            });
            return self.best(full.collect(), sighting);
        }
        if name.words.len() == 1
            && let Some(ids) = self.by_first.get(name.last())
        {
            return self.best(ids.iter().rev().take(MOST_RIVALS).copied().collect(), sighting);
        }
        Found::Nobody
    }

    /// Of several bearers the one whose gender fits, and who is most talked about or came last.
    fn best(&self, mut ids: Rivals, sighting: &Sighting) -> Found {
        if ids.is_empty() {
            return Found::Nobody;
        }
        ids.sort_unstable();
        if let Some(gender) = sighting.gender {
            ids.retain(|&mut id| self.persons[id].votes.gender().is_none_or(|g| g == gender));
            if ids.is_empty() {
                return Found::OtherGender;
            }
        }
        // "Reed" beside "Don Reed" and "Don Reed Jr." is the father; so is a name with given names
        // before one that stands for itself.
        let rank = |&id: &usize| {
            let person = &self.persons[id];
            let distance = sighting.token.saturating_sub(person.last_seen);
            let recency =
                if person.seen == 0 { 0.0 } else { (1.0 - distance as f32 / 150.0).max(0.0) };
            let junior = person.forms.iter().all(|form| form.name.suffix.as_deref() == Some("jr"));
            (1.0 + person.full as f32).ln() + recency + if junior { -2.0 } else { 0.0 }
        };
        let best = ids.iter().max_by(|a, b| rank(a).total_cmp(&rank(b)).then(b.cmp(a)));
        Found::Person(*best.expect("not empty"))
    }

    /// A surname that no full name explains, but that is a letter or two off one named shortly before.
    pub fn find_misspelt(&self, sighting: &Sighting) -> Found {
        let name = sighting.name.last();
        if sighting.name.words.len() > 1 || name.len() < 5 {
            return Found::Nobody;
        }
        let near = |&&id: &&usize| {
            let surname = self.persons[id].forms[0].name.last();
            surname != name
                && surname.chars().next() == name.chars().next()
                && surname.len().abs_diff(name.len()) <= 1
                && surname.len() >= 5
                && strsim::osa_distance(surname, name) == 1
        };
        self.recent.iter().rev().find(near).map_or(Found::Nobody, |&id| Found::Person(id))
    }

    /// Joins a bare name to a person.
    pub fn join(&mut self, id: usize, sighting: &Sighting) -> usize {
        self.persons[id].join(sighting);
        id
    }

    /// A person of whom the article gives no full name.
    pub fn add_bare(&mut self, sighting: &Sighting) -> usize {
        let id = self.new_person(sighting.name);
        self.persons[id].join(sighting);
        id
    }

    /// Forgets how far the text was read, for a second walk from the start.
    pub fn rewind(&mut self) {
        for person in &mut self.persons {
            person.seen = 0;
            person.last_seen = 0;
        }
    }

    /// Notes that the person stands here again.
    pub fn see(&mut self, id: usize, token: usize) {
        if self.recent.len() == MOST_RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(id);
        self.persons[id].seen += 1;
        self.persons[id].last_seen = token;
    }

    /// Whether this word is the surname of somebody whose full name the article gives.
    pub fn is_surname(&self, folded: &str) -> bool {
        self.by_last.get(folded).is_some_and(|ids| ids.iter().any(|&id| self.persons[id].full > 0))
    }
}

/// Whom a bare name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// This one.
    Person(usize),
    /// Bearers of the name there are, but "Mrs." fits none of them.
    OtherGender,
    /// No full name explains it.
    Nobody,
}

impl Person {
    fn join(&mut self, sighting: &Sighting) {
        let room = self.forms.len() < MOST_FORMS;
        match self.forms.iter_mut().find(|form| form.name == *sighting.name) {
            Some(form) => form.count += 1,
            None if room => {
                let (name, span) = (sighting.name.clone(), sighting.span);
                self.forms.push(Form { name, count: 1, span });
            }
            None => {}
        }
        self.votes.add(sighting.gender, 4.0);
        self.last_seen = sighting.token;
        self.seen += 1;
    }

    /// The fullest name: most words, then most often, then first in the text.
    pub fn fullest(&self) -> &Form {
        let rank = |form: &&Form| {
            let words = form.name.words.len() + usize::from(form.name.suffix.is_some());
            (form.name.is_full(), words, form.count, Reverse(form.span))
        };
        self.forms.iter().max_by_key(rank).expect("a person has a name")
    }

    /// The full name it is known by across articles: the most frequent one, then the shortest.
    pub fn usual(&self) -> &Name {
        let rank = |form: &&Form| {
            let name = &form.name;
            (
                name.is_full(),
                name.given().is_some(),
                form.count,
                Reverse((name.words.len(), form.span)),
            )
        };
        &self.forms.iter().max_by_key(rank).expect("a person has a name").name
    }
}
