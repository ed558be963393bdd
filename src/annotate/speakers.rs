//! Who a source is: the words that name a speaker become a `Speaker`. It says nothing about which
//! words are the source of a quote (that is `quotes`), and never guesses: what the article does not
//! tell stays `None`.

mod features;
mod named;
mod nominal;
mod phrase;
mod pronouns;

use std::ops::Range;

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use crate::annotate::cast::tokens_of;
use crate::annotate::cast::words::{fold, is_person_noun};
use crate::annotate::scene::Scene;
use crate::article::{Entity, EntityKind, Gender, Speaker, SpeakerKind};
use crate::lexicon::{self, Classes, Key};
use crate::model::Linear;
use crate::text::Span;

pub use features::Candidate;
use nominal::Descriptions;
use phrase::Phrase;
use pronouns::Tracker;

/// The speaker of every source. Sources may come in any order; the answers keep it.
pub fn resolve(scene: &Scene, entities: &[Entity], sources: &[Span]) -> Vec<Option<Speaker>> {
    let mut found = Resolver::new(scene, entities).run(sources, pronouns::model(), &mut |_, _| {});
    for (speaker, &source) in found.iter_mut().zip(sources) {
        if ends_inside_a_token(scene, source) {
            *speaker = Some(by_own_words(scene, source));
        }
    }
    found
}

/// Whether a source is only the beginning of a token: a name that no space parts from its verb. An
/// apostrophe does, as in "they've".
fn ends_inside_a_token(scene: &Scene, source: Span) -> bool {
    let last = tokens_of(scene, source).next_back();
    last.is_some_and(|t| {
        let rest = &scene.text[source.end()..scene.tokens[t].span.end().max(source.end())];
        !rest.is_empty() && !rest.starts_with(['\'', '’'])
    })
}

/// A person called by the words of the source.
fn by_own_words(scene: &Scene, source: Span) -> Speaker {
    let name = source.of(scene.text).to_owned();
    Speaker { key: format!("person:{name}"), name, role: None, kind: SpeakerKind::Person }
}

/// Like `resolve` with another model, and shows the candidates of every he or she to `watch`: for
/// training.
pub fn watch(
    scene: &Scene,
    entities: &[Entity],
    sources: &[Span],
    model: &Linear,
    watch: &mut dyn FnMut(usize, &[Candidate]),
) -> Vec<Option<Speaker>> {
    Resolver::new(scene, entities).run(sources, model, watch)
}

/// What a source turned out to be.
#[derive(Clone, Debug)]
enum Who {
    /// A named entity.
    Entity(usize),
    /// Somebody or something without a name of its own.
    Nameless(Nameless),
}

/// A speaker that the article describes but does not name.
#[derive(Clone, Debug)]
struct Nameless {
    speaker: Speaker,
    /// The gender its words tell.
    gender: Option<Gender>,
    /// It is one human being.
    single: bool,
}

/// One named mention in the order of the text.
struct Named {
    tokens: Range<usize>,
    entity: usize,
}

/// The state of one article's resolution.
struct Resolver<'a> {
    scene: &'a Scene<'a>,
    entities: &'a [Entity],
    /// All mentions, in order.
    named: Vec<Named>,
    /// Persons by folded surname, for sources the recogniser missed.
    by_surname: FxHashMap<CompactString, Vec<usize>>,
    descriptions: Option<Descriptions>,
}

impl<'a> Resolver<'a> {
    fn new(scene: &'a Scene<'a>, entities: &'a [Entity]) -> Self {
        let mut mentions: Vec<(Span, usize)> = Vec::new();
        let mut by_surname: FxHashMap<CompactString, Vec<usize>> = FxHashMap::default();
        for (number, entity) in entities.iter().enumerate() {
            mentions.extend(entity.mentions.iter().map(|mention| (mention.span, number)));
            if entity.kind == EntityKind::Person {
                let last = entity.name.rsplit(' ').next().unwrap_or(&entity.name);
                by_surname.entry(fold(last)).or_default().push(number);
            }
        }
        // Their tokens are asked for in the order of the text: the next ones are close by.
        mentions.sort_by_key(|(span, _)| span.start());
        let named = |(span, entity)| Named { tokens: tokens_of(scene, span), entity };
        let named = mentions.into_iter().map(named).collect();
        Resolver { scene, entities, named, by_surname, descriptions: None }
    }

    fn run(
        mut self,
        sources: &[Span],
        model: &Linear,
        watch: &mut dyn FnMut(usize, &[Candidate]),
    ) -> Vec<Option<Speaker>> {
        let mut order: Vec<usize> = (0..sources.len()).collect();
        order.sort_by_key(|&i| sources[i]);
        let mut tracker = Tracker::new(self.scene, self.entities, model);
        let mut next = 0;
        let mut answers: Vec<Option<Speaker>> = vec![None; sources.len()];
        let mut before: Option<usize> = None;
        for &i in &order {
            // The same words as the source of two quotes are one speaker.
            if let Some(same) = before.replace(i).filter(|&b| sources[b] == sources[i]) {
                answers[i] = answers[same].clone();
                continue;
            }
            let tokens = tokens_of(self.scene, sources[i]);
            if let Some(part) = nominal::part_of_word(self.scene, &tokens, sources[i]) {
                answers[i] = Some(part);
                continue;
            }
            let phrase = Phrase::read(self.scene, with_role(self.scene, tokens));
            while next < self.named.len() && self.named[next].tokens.start < phrase.tokens.start {
                tracker.name(&self.named[next].tokens, self.named[next].entity);
                next += 1;
            }
            tracker.advance(phrase.tokens.start);
            let who = self.who(&phrase, &mut tracker, &mut |c| watch(i, c));
            if let Some(who) = &who {
                tracker.spoke(who, &phrase.tokens);
            }
            answers[i] = who.map(|who| self.speaker(who));
        }
        answers
    }

    /// The fullest name; a body keeps its article, as in "The Bank of Norland".
    fn printed(&self, entity: &Entity) -> String {
        let text = self.scene.text;
        let full =
            entity.mentions.iter().take(64).map(|m| m.span).find(|s| s.of(text) == entity.name);
        let article = full.map(|span| &text[..span.start()]).and_then(|before| {
            ["The ", "the "].into_iter().find(|article| before.ends_with(article))
        });
        match article {
            Some(article) if entity.kind == EntityKind::Organisation => {
                format!("{article}{}", entity.name)
            }
            _ => entity.name.clone(),
        }
    }

    /// The speaker as it is told to others.
    fn speaker(&self, who: Who) -> Speaker {
        let number = match who {
            Who::Entity(number) => number,
            Who::Nameless(nameless) => return nameless.speaker,
        };
        let entity = &self.entities[number];
        let kind = match entity.kind {
            EntityKind::Person => SpeakerKind::Person,
            EntityKind::Organisation => SpeakerKind::Organisation,
            EntityKind::Place if is_seat(&entity.name) => SpeakerKind::Organisation,
            EntityKind::Place => SpeakerKind::Place,
        };
        Speaker {
            key: entity.key.clone(),
            name: self.printed(entity),
            role: entity.role.clone(),
            kind,
        }
    }
}

/// The words before a colon whole, where the source stops before their noun: "Ferry chief: …" is
/// nobody of the name of Ferry.
fn with_role(scene: &Scene, tokens: Range<usize>) -> Range<usize> {
    let end = tokens.end;
    let is_role = |t: usize| is_person_noun(scene.word(t)) && scene.word(t + 1) == ":";
    if !tokens.is_empty() && end + 1 < scene.tokens.len() && is_role(end) {
        return tokens.start..end + 1;
    }
    tokens
}

/// Whether a place is the seat of a body that goes by its name: when the White House speaks, an
/// office does.
fn is_seat(place: &str) -> bool {
    let keys: Vec<Key> = place.split(' ').map(Key::of).collect();
    let length = keys.len();
    let longest = lexicon::get().longest(keys);
    longest.is_some_and(|(words, classes)| words == length && classes.any(Classes::ORGANISATION))
}
