//! Speakers without a name: "the mayor", "residents", "a police statement". Where the article
//! names exactly one person or body that the description fits, it is that one.

use std::ops::Range;

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::phrase::Phrase;
use super::{Nameless, Resolver, Who};
use crate::annotate::cast::roles;
use crate::annotate::cast::words::{fold, given_gender, noun};
use crate::annotate::cast::{paragraph_of, tokens_of};
use crate::annotate::scene::Scene;
use crate::annotate::words::Group;
use crate::article::{Entity, EntityKind, Part, Speaker, SpeakerKind};
use crate::lexicon::{self, Classes, SpeakerNoun};
use crate::segment::TokenKind;
use crate::text::Span;

/// How many bearers of a role are compared.
const MOST_FITS: usize = 32;

/// Role nouns of the article's persons and head words of its bodies.
pub struct Descriptions {
    /// Role noun -> (person, all words of that role and the party).
    persons: FxHashMap<CompactString, Vec<(usize, Vec<CompactString>)>>,
    /// Any word of an organisation's name -> organisations.
    bodies: FxHashMap<CompactString, Vec<usize>>,
}

impl Descriptions {
    /// Gathers them.
    pub fn of(scene: &Scene, entities: &[Entity]) -> Descriptions {
        let mut all = Descriptions { persons: FxHashMap::default(), bodies: FxHashMap::default() };
        for (number, entity) in entities.iter().enumerate() {
            match entity.kind {
                EntityKind::Person => all.add_roles(scene, number, entity),
                EntityKind::Organisation => {
                    for word in entity.name.split(' ').map(fold).filter(|w| noun(w).is_some()) {
                        all.bodies.entry(word).or_default().push(number);
                    }
                }
                EntityKind::Place => {}
            }
        }
        all
    }

    fn add_roles(&mut self, scene: &Scene, number: usize, entity: &Entity) {
        let party = entity.party.as_deref().map(party_words).unwrap_or_default();
        for &role in &entity.roles {
            let tokens = tokens_of(scene, role);
            let mut words: Vec<CompactString> =
                tokens.clone().map(|t| spelt_out(fold(scene.word(t)))).collect();
            let head = roles::head(scene, tokens.start, tokens.end).unwrap_or(tokens.end - 1);
            let head = spelt_out(fold(scene.word(head)));
            words.extend(party.iter().map(|&w| w.into()));
            self.persons.entry(head).or_default().push((number, words));
        }
        for word in party {
            self.persons.entry(word.into()).or_default().push((number, vec![word.into()]));
        }
    }
}

/// "D-Wis." -> "democrat", "democratic".
fn party_words(party: &str) -> Vec<&'static str> {
    match party.split(['-', '–', '.']).next().unwrap_or("") {
        "D" | "Dem" | "Democrat" => vec!["democrat", "democratic"],
        "R" | "Rep" | "Republican" | "GOP" => vec!["republican"],
        _ => Vec::new(),
    }
}

fn spelt_out(word: CompactString) -> CompactString {
    let long = match word.as_str() {
        "sen" => "senator",
        "rep" | "congressman" | "congresswoman" => "representative",
        "gov" => "governor",
        "gen" => "general",
        "col" => "colonel",
        "prof" => "professor",
        "dr" => "doctor",
        "rev" => "reverend",
        "det" => "detective",
        "sgt" => "sergeant",
        "lt" => "lieutenant",
        "capt" => "captain",
        "spokesman" | "spokeswoman" => "spokesperson",
        "chairman" | "chairwoman" => "chair",
        "policeman" | "policewoman" => "officer",
        _ => return word,
    };
    long.into()
}

impl Resolver<'_> {
    /// Who a phrase without a name of its own is.
    pub(super) fn nominal(&mut self, phrase: &Phrase, head: usize) -> Who {
        let scene = self.scene;
        // "Nobody", "Others" at the start of a sentence are no names.
        let closed = matches!(scene.classes[head].group, Group::Pronoun | Group::Determiner);
        let capital = scene.is_upper(head) && !closed;
        let found =
            scene.noun(head).filter(|_| !capital || head == phrase.tokens.start || phrase.definite);
        if let Some(alias) = self.nickname(phrase, head) {
            return alias;
        }
        let bare_title = head == phrase.tokens.start && capital;
        if found == Some(SpeakerNoun::Person)
            && (phrase.definite || bare_title || self.in_headline(head))
            && let Some(person) = self.described(phrase, head)
        {
            return Who::Entity(person);
        }
        if found == Some(SpeakerNoun::Organisation)
            && phrase.definite
            && let Some(body) = self.body(phrase, head)
        {
            return Who::Entity(body);
        }
        let kind = match found {
            Some(SpeakerNoun::Document) => SpeakerKind::Document,
            Some(SpeakerNoun::Organisation) => SpeakerKind::Organisation,
            Some(SpeakerNoun::Person | SpeakerNoun::Group) => SpeakerKind::Group,
            None if capital => unknown_name(scene, phrase, head),
            None => SpeakerKind::Group,
        };
        let gender = scene.title_gender(head).filter(|_| found == Some(SpeakerNoun::Person));
        let single = found == Some(SpeakerNoun::Person) || kind == SpeakerKind::Person;
        let range = match kind {
            SpeakerKind::Person => without_roles(scene, phrase, head),
            _ => phrase.tokens.clone(),
        };
        let speaker = worded(scene, range, kind);
        Who::Nameless(Nameless { speaker, gender, single })
    }

    /// The one person of the article whom "the Texas senator" fits.
    fn described(&mut self, phrase: &Phrase, head: usize) -> Option<usize> {
        let scene = self.scene;
        let wanted = spelt_out(fold(scene.word(head)));
        let words: Vec<CompactString> = phrase
            .first
            .clone()
            .filter(|&t| t != head && scene.tokens[t].kind == TokenKind::Word)
            .map(|t| spelt_out(fold(scene.word(t))))
            .filter(|w| !is_empty_word(w))
            .collect();
        let all = self.descriptions.get_or_insert_with(|| Descriptions::of(scene, self.entities));
        let mut fits: Vec<usize> = all
            .persons
            .get(&wanted)?
            .iter()
            .take(MOST_FITS)
            .filter(|(_, role)| words.iter().all(|w| role.contains(w)))
            .map(|&(number, _)| number)
            .collect();
        fits.sort_unstable();
        fits.dedup();
        // A headline speaks of people whom only the text below it names.
        let before = |&&n: &&usize| {
            self.in_headline(head)
                || self.entities[n].mentions[0].span.start() < scene.tokens[head].span.start()
        };
        match fits.as_slice() {
            [only] => Some(*only).filter(|n| before(&n)),
            _ => None,
        }
    }

    fn in_headline(&self, token: usize) -> bool {
        self.scene.paragraphs[self.scene.paragraph_of(token)].part == Part::Title
    }

    /// The one organisation named before that "the commission" is short for; "the company" is the
    /// only one there is.
    fn body(&mut self, phrase: &Phrase, head: usize) -> Option<usize> {
        let scene = self.scene;
        if phrase.first.len() > 2 {
            return None;
        }
        let all = self.descriptions.get_or_insert_with(|| Descriptions::of(scene, self.entities));
        let start = scene.tokens[head].span.start();
        let before = |n: &usize| self.entities[*n].mentions[0].span.start() < start;
        let word = fold(scene.word(head));
        if let Some(bodies) = all.bodies.get(&word) {
            return if let [only] = bodies[..] { Some(only).filter(before) } else { None };
        }
        let bodies = |e: &Entity| e.kind == EntityKind::Organisation;
        let mut named =
            (0..self.entities.len()).take_while(before).filter(|&n| bodies(&self.entities[n]));
        let only = named.next().filter(|_| named.next().is_none());
        only.filter(|_| {
            matches!(word.as_str(), "company" | "firm" | "airline" | "carmaker" | "retailer")
        })
    }

    /// "a vendor who goes by the name “Lucky”": the name somebody is given behind the head.
    fn nickname(&self, phrase: &Phrase, head: usize) -> Option<Who> {
        let scene = self.scene;
        let ceiling = paragraph_of(scene, head).end.min(head + 12);
        let says = |t: usize| {
            matches!(
                scene.word(t),
                "name"
                    | "named"
                    | "nicknamed"
                    | "as"
                    | "called"
                    | "nickname"
                    | "alias"
                    | "himself"
                    | "herself"
            )
        };
        let quote = (phrase.first.start..ceiling.saturating_sub(2)).skip(1).find(|&t| {
            t > head
                && says(t - 1)
                && scene.tokens[t].kind == TokenKind::Quote
                && scene.is_upper(t + 1)
        })?;
        let close = (quote + 2..ceiling.min(quote + 5))
            .find(|&t| scene.tokens[t].kind != TokenKind::Word)?;
        let speaker = worded(scene, quote + 1..close, SpeakerKind::Person);
        Some(Who::Nameless(Nameless { speaker, gender: None, single: true }))
    }
}

/// Words of a description that say nothing about who it is.
fn is_empty_word(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "this"
            | "that"
            | "his"
            | "her"
            | "their"
            | "its"
            | "a"
            | "an"
            | "of"
            | "for"
            | "s"
            | "own"
            | "also"
            | "then"
            | "now"
            | "old"
            | "young"
            | "famously"
            | "embattled"
            | "late"
            | "longtime"
            | "veteran"
            | "current"
            | "candidate"
    ) || word.starts_with(|c: char| c.is_ascii_digit())
        || word.ends_with("-old")
}

/// A capitalised head that no recogniser knew: a person by the looks, else an organisation.
fn unknown_name(scene: &Scene, phrase: &Phrase, head: usize) -> SpeakerKind {
    let word = scene.word(head);
    let classes = lexicon::get().classes(word);
    let given = head > phrase.tokens.start && given_gender(&fold(scene.word(head - 1))).is_some();
    let person = given
        || word.contains(wide)
        || classes.any(Classes::SURNAME | Classes::SURNAME_RARE | Classes::GIVEN)
            && !phrase.definite
            && !classes
                .any(Classes::ORG_HEAD | Classes::ORGANISATION | Classes::PLACE | Classes::COUNTRY);
    if person { SpeakerKind::Person } else { SpeakerKind::Organisation }
}

/// Letters of the scripts of East Asia.
fn wide(c: char) -> bool {
    ('\u{3040}'..='\u{9fff}').contains(&c) || ('\u{ac00}'..='\u{d7af}').contains(&c)
}

/// Scripts without spaces: a source that is part of one run of characters is a name.
pub(super) fn part_of_word(scene: &Scene, tokens: &Range<usize>, source: Span) -> Option<Speaker> {
    let token = scene.tokens.get(tokens.start).filter(|_| tokens.len() == 1)?;
    let name = source.of(scene.text);
    let part = token.span != source && token.span.contains(source) && name.chars().all(wide);
    let (key, name) = (format!("person:{name}"), name.to_owned());
    part.then_some(Speaker { key, name, role: None, kind: SpeakerKind::Person })
}

/// The words of a name at the end of a phrase, without the roles before it.
fn without_roles(scene: &Scene, phrase: &Phrase, head: usize) -> Range<usize> {
    let part_of_name =
        |t: &usize| scene.is_upper(*t) && !scene.is_title(*t) && scene.noun(*t).is_none();
    let words = (phrase.first.start..head).rev().take_while(part_of_name).count();
    head - words..head + 1
}

/// A speaker named by its words.
pub(super) fn worded(scene: &Scene, tokens: Range<usize>, kind: SpeakerKind) -> Speaker {
    let start = scene.tokens[tokens.start].span;
    let span = start.cover(scene.tokens[(tokens.end - 1).max(tokens.start)].span);
    let prefix = match kind {
        SpeakerKind::Person => "person",
        SpeakerKind::Organisation => "organisation",
        SpeakerKind::Place => "place",
        SpeakerKind::Group => "group",
        SpeakerKind::Document => "document",
    };
    let words: Vec<CompactString> = tokens.map(|t| fold(scene.word(t))).collect();
    let skip = usize::from(words.len() > 1 && matches!(words[0].as_str(), "the" | "a" | "an"));
    Speaker {
        key: format!("{prefix}:{}", words[skip..].join(" ")),
        name: span.of(scene.text).to_owned(),
        role: None,
        kind,
    }
}
