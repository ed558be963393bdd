//! Reads an article from its start and keeps what a pronoun needs to be understood: who was named
//! where, what the text is about, who spoke last. A small trained model weighs the evidence.

use std::ops::Range;
use std::sync::OnceLock;

use super::features::{Candidate, Context, Facts, features};
use super::{Nameless, Who};
use crate::annotate::cast::roles::starts_upper;
use crate::annotate::cast::words::fold;
use crate::annotate::scene::Scene;
use crate::article::{Entity, EntityKind, Gender, Part, SpeakerKind};
use crate::lexicon::Classes;
use crate::model::Linear;

/// So many persons named last can be meant by a pronoun.
const MOST_CANDIDATES: usize = 10;
/// So many persons named most often can be meant from anywhere in the article.
const MOST_PROMINENT: usize = 3;

/// The model that is built in.
pub fn model() -> &'static Linear {
    static MODEL: OnceLock<Linear> = OnceLock::new();
    let bytes = include_bytes!("../../../data/models/pronouns.bin");
    MODEL.get_or_init(|| Linear::load(bytes).expect("the built-in model is whole"))
}

/// How a mention stands in its sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Never named so far.
    #[default]
    Unseen,
    /// Inside quotation marks.
    Quoted,
    /// First name of its sentence, or right before a verb.
    Subject,
    /// "Lee's plan".
    Owner,
    /// "to Lee", "with Lee".
    Behind,
    /// "told Lee".
    Object,
    /// Any other place.
    Other,
}

/// What was seen of one person so far.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// How the last mention stands; a mention outside marks is not hidden by a later one inside.
    pub place: Place,
    /// Sentence of that mention.
    pub sentence: usize,
    /// Paragraph of that mention.
    pub paragraph: usize,
    /// Paragraph of the last pronoun that was taken for it.
    pub pronoun_paragraph: usize,
    /// Mentions so far.
    pub seen: usize,
    /// Quotes so far.
    pub spoken: usize,
    /// Named in the headline or the first paragraph.
    pub in_title: bool,
    /// Paragraph of the last mention inside marks.
    pub quoted_paragraph: Option<usize>,
    token: usize,
}

/// Who spoke last, and where.
struct Last {
    who: Who,
    token: usize,
    paragraph: usize,
}

/// The reader's memory.
pub struct Tracker<'a> {
    scene: &'a Scene<'a>,
    entities: &'a [Entity],
    model: &'a Linear,
    states: Vec<State>,
    /// Persons, the last named at the end.
    recent: Vec<usize>,
    /// Persons by how often they are named in the whole article, most first.
    prominent: Vec<usize>,
    /// What the text is about, for she and for he.
    focus: [Option<usize>; 2],
    last: Option<Last>,
    /// The last body named outside marks, and how it stands.
    body: Option<(usize, usize)>,
    sentence_of: Vec<u32>,
    at: usize,
}

fn side(gender: Gender) -> usize {
    usize::from(gender == Gender::Male)
}

impl<'a> Tracker<'a> {
    /// Nothing read so far.
    pub fn new(scene: &'a Scene<'a>, entities: &'a [Entity], model: &'a Linear) -> Self {
        let mut prominent: Vec<usize> =
            (0..entities.len()).filter(|&e| entities[e].kind == EntityKind::Person).collect();
        prominent.sort_by_key(|&e| usize::MAX - entities[e].mentions.len());
        let mut sentence_of = vec![0; scene.tokens.len()];
        for (number, sentence) in (1..).zip(&scene.sentences) {
            sentence_of[sentence.clone()].fill(number);
        }
        Tracker {
            scene,
            entities,
            model,
            states: vec![State::default(); entities.len()],
            recent: Vec::new(),
            prominent,
            focus: [None; 2],
            last: None,
            body: None,
            sentence_of,
            at: 0,
        }
    }

    fn paragraph(&self, token: usize) -> usize {
        self.scene.paragraph_of(token)
    }

    fn quoted(&self, token: usize) -> bool {
        self.scene.quoted[token] != 0
    }

    /// Reads up to a token: pronouns outside marks keep alive whom they stand for.
    pub fn advance(&mut self, to: usize) {
        for token in self.at..to.max(self.at) {
            // Looking at the words themselves is what takes time.
            let short = matches!(self.scene.tokens[token].span.len(), 2..=3);
            if !short || self.quoted(token) {
                continue;
            }
            let gender = match self.scene.word(token) {
                "he" | "He" | "his" | "His" | "him" => Gender::Male,
                "she" | "She" | "her" | "Her" => Gender::Female,
                _ => continue,
            };
            if let Some(entity) = self.focus[side(gender)] {
                self.states[entity].pronoun_paragraph = self.paragraph(token);
            }
        }
        self.at = self.at.max(to);
    }

    /// A name was read.
    pub fn name(&mut self, tokens: &Range<usize>, entity: usize) {
        self.advance(tokens.start);
        let quoted = self.quoted(tokens.start);
        if self.entities[entity].kind != EntityKind::Person {
            if !quoted && self.entities[entity].kind == EntityKind::Organisation {
                self.name_body(tokens, entity);
            }
            return;
        }
        let (paragraph, sentence) =
            (self.paragraph(tokens.start), self.sentence_of[tokens.start] as usize);
        let place = if quoted { Place::Quoted } else { self.place(tokens, sentence) };
        let title =
            self.scene.is_first(paragraph) || self.scene.paragraphs[paragraph].part == Part::Title;
        let state = &mut self.states[entity];
        state.seen += 1;
        state.in_title |= title;
        if quoted {
            state.quoted_paragraph = Some(paragraph);
        }
        let hides = quoted
            && !matches!(state.place, Place::Unseen | Place::Quoted)
            && paragraph - state.paragraph < 3;
        if hides {
            return;
        }
        (state.place, state.sentence, state.paragraph, state.token) =
            (place, sentence, paragraph, tokens.start);
        self.recent.retain(|&e| e != entity);
        self.recent.push(entity);
        if self.recent.len() > 2 * MOST_CANDIDATES {
            self.recent.remove(0);
        }
        self.refocus(entity, place, sentence);
    }

    /// A subject becomes what the text is about; other mentions only where nothing else is.
    fn refocus(&mut self, entity: usize, place: Place, sentence: usize) {
        if place == Place::Quoted {
            return;
        }
        for gender in [Gender::Female, Gender::Male] {
            if self.entities[entity].gender.is_some_and(|g| g != gender) {
                continue;
            }
            let stale = self.focus[side(gender)]
                .is_none_or(|held| self.states[held].sentence + 3 < sentence);
            if place == Place::Subject || stale {
                self.focus[side(gender)] = Some(entity);
            }
        }
    }

    fn name_body(&mut self, tokens: &Range<usize>, entity: usize) {
        let sentence = self.sentence_of[tokens.start] as usize;
        let subject = self.place(tokens, sentence) == Place::Subject;
        let stale = self.body.is_none_or(|(_, held)| held + 1 < sentence);
        if subject || stale {
            self.body = Some((entity, sentence));
        }
    }

    fn place(&self, tokens: &Range<usize>, sentence: usize) -> Place {
        let scene = self.scene;
        let next = scene.tokens.get(tokens.end).map_or("", |_| scene.word(tokens.end));
        if matches!(next, "'s" | "’s" | "'" | "’") {
            return Place::Owner;
        }
        let mut at = tokens.start;
        let opens = |t: usize| t == 0 || self.sentence_of[t - 1] as usize != sentence;
        while !opens(at) && at + 8 > tokens.start && belongs_to_name(scene, at - 1) {
            at -= 1;
        }
        if opens(at) || self.quoted(at - 1) {
            return Place::Subject;
        }
        let before = scene.word(at - 1);
        let reports = |t: usize| scene.known[t].classes.any(Classes::CUE_VERB);
        if tokens.end < scene.tokens.len() && reports(tokens.end)
            || matches!(next, "is" | "was" | "has" | "had" | "will" | "would" | "who")
        {
            return Place::Subject;
        }
        if matches!(
            before,
            "of" | "to"
                | "with"
                | "for"
                | "by"
                | "about"
                | "against"
                | "from"
                | "on"
                | "between"
                | "like"
                | "at"
                | "over"
                | "than"
                | "in"
                | "under"
        ) {
            return Place::Behind;
        }
        if reports(at - 1) || before.ends_with("ed") || before.ends_with("ing") {
            return if self.inverted(at - 1) { Place::Subject } else { Place::Object };
        }
        Place::Other
    }

    /// "…,” said Lee": the verb stands right behind a closing mark.
    fn inverted(&self, verb: usize) -> bool {
        verb > 0 && self.quoted(verb - 1)
    }

    /// A source was understood.
    pub fn spoke(&mut self, who: &Who, tokens: &Range<usize>) {
        let (token, paragraph) = (tokens.start, self.paragraph(tokens.start));
        if let Who::Entity(entity) = *who
            && self.entities[entity].kind == EntityKind::Person
        {
            let sentence = self.sentence_of[token] as usize;
            self.states[entity].spoken += 1;
            self.states[entity].pronoun_paragraph = paragraph;
            self.refocus(entity, Place::Subject, sentence);
        }
        self.last = Some(Last { who: who.clone(), token, paragraph });
    }
}

/// Words that a role before a name may be made of.
fn belongs_to_name(scene: &Scene, token: usize) -> bool {
    if scene.is_title(token) || scene.is_person_noun(token) {
        return true;
    }
    let (word, folded) = (scene.word(token), fold(scene.word(token)));
    starts_upper(word)
        && !matches!(folded.as_str(), "he" | "she" | "but" | "and" | "when" | "as" | "if")
        || matches!(folded.as_str(), "the" | "a" | "an")
}

impl Tracker<'_> {
    /// The person that he or she stands for at `token`.
    pub fn one(
        &mut self,
        token: usize,
        gender: Gender,
        watch: &mut dyn FnMut(&[Candidate]),
    ) -> Option<Who> {
        if let Some(nameless) = self.nameless(token, gender) {
            return Some(nameless);
        }
        let candidates = self.candidates(token, gender);
        watch(&candidates);
        candidates
            .iter()
            .map(|c| (c.score(self.model), c.entity))
            .reduce(|best, c| if c.0 > best.0 { c } else { best })
            .map(|(_, entity)| Who::Entity(entity))
    }

    /// The last speaker, if it was one without a name and nobody was named since.
    fn nameless(&self, token: usize, gender: Gender) -> Option<Who> {
        let last = self.last.as_ref()?;
        let Who::Nameless(Nameless { ref speaker, gender: told, single }) = last.who else {
            return None;
        };
        // "The Republican" may well be somebody named before.
        let single = single && (told.is_some() || !speaker.name.to_lowercase().starts_with("the "));
        let near = self.paragraph(token) <= last.paragraph + 1;
        let fits = told.is_none_or(|g| g == gender);
        let named_since = self.recent.last().is_some_and(|&e| {
            self.states[e].token > last.token && self.entities[e].gender.is_none_or(|g| g == gender)
        });
        (single && near && fits && !named_since).then(|| last.who.clone())
    }

    fn candidates(&self, token: usize, gender: Gender) -> Vec<Candidate> {
        let (sentence, paragraph) = (self.sentence_of[token] as usize, self.paragraph(token));
        let fits = |&&e: &&usize| self.entities[e].gender.is_none_or(|g| g == gender);
        let mut persons: Vec<usize> =
            self.recent.iter().rev().filter(fits).take(MOST_CANDIDATES).copied().collect();
        let seen = |&&e: &&usize| self.states[e].seen > 0;
        for &e in self
            .prominent
            .iter()
            .take(4 * MOST_CANDIDATES)
            .filter(fits)
            .filter(seen)
            .take(MOST_PROMINENT)
        {
            if !persons.contains(&e) {
                persons.push(e);
            }
        }
        let first = self.scene.paragraphs.get(paragraph).map_or(0, |p| p.tokens.start);
        let context = Context {
            sentence,
            paragraph,
            opens_paragraph: self.sentence_of[first] as usize == sentence,
            rivals: persons.len(),
        };
        let mut by_count = persons.clone();
        by_count.sort_by_key(|&e| (usize::MAX - self.entities[e].mentions.len(), e));
        let candidate = |(rank, &entity): (usize, &usize)| {
            let spoke =
                self.last.as_ref().filter(|l| matches!(l.who, Who::Entity(e) if e == entity));
            let state = &self.states[entity];
            let facts = Facts {
                state,
                rank,
                prominence: by_count.iter().position(|&e| e == entity).unwrap_or(9),
                spoke_last: spoke.map(|l| paragraph - l.paragraph.min(paragraph)),
                focus: self.focus[side(gender)] == Some(entity),
                full_name: self.entities[entity].name.contains(' '),
                gender_known: self.entities[entity].gender.is_some(),
                after_speaker: self.last.as_ref().is_some_and(|l| state.token >= l.token),
            };
            Candidate { entity, features: features(&context, &facts) }
        };
        persons.iter().enumerate().map(candidate).collect()
    }

    /// The body or document that "it" stands for.
    pub fn it(&self, token: usize) -> Option<Who> {
        let (sentence, paragraph) = (self.sentence_of[token] as usize, self.paragraph(token));
        if let Some(last) = &self.last
            && paragraph <= last.paragraph + 1
            && self.is_thing(&last.who)
            && self.body.is_none_or(|(_, held)| held <= self.sentence_of[last.token] as usize)
        {
            return Some(last.who.clone());
        }
        let near = |&(_, held): &(usize, usize)| sentence - held.min(sentence) <= 3;
        self.body.filter(near).map(|(entity, _)| Who::Entity(entity))
    }

    fn is_thing(&self, who: &Who) -> bool {
        match who {
            Who::Entity(e) => self.entities[*e].kind != EntityKind::Person,
            Who::Nameless(n) => {
                matches!(n.speaker.kind, SpeakerKind::Document | SpeakerKind::Organisation)
            }
        }
    }

    /// The group or body that "they" stands for: who spoke last, where that was several.
    pub fn they(&self, token: usize) -> Option<Who> {
        let last = self.last.as_ref()?;
        let near = self.paragraph(token) <= last.paragraph + 1;
        let several = match &last.who {
            Who::Entity(e) => self.entities[*e].kind == EntityKind::Organisation,
            Who::Nameless(n) => n.speaker.kind != SpeakerKind::Document && !n.single,
        };
        (near && several).then(|| last.who.clone())
    }
}
