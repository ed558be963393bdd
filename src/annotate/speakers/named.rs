//! Sources that hold a name: "Rep. Moore (D-Wis.)", "Maria Lopez, the mayor", "a spokesman for the
//! company, Ned Hall". Which of the names is the speaker, if any is.

use std::ops::Range;

use super::nominal::worded;
use super::phrase::{Phrase, Pronoun};
use super::pronouns::Tracker;
use super::{Candidate, Named, Nameless, Resolver, Who};
use crate::annotate::cast::paragraph_of;
use crate::annotate::cast::roles::starts_upper;
use crate::annotate::cast::words::fold;
use crate::article::{EntityKind, SpeakerKind};
use crate::segment::TokenKind;

/// Longest rest of a description behind its head's first words, in tokens.
const LONGEST_REST: usize = 9;

impl Resolver<'_> {
    /// Who a phrase is.
    pub(super) fn who(
        &mut self,
        phrase: &Phrase,
        tracker: &mut Tracker,
        watch: &mut dyn FnMut(&[Candidate]),
    ) -> Option<Who> {
        match phrase.pronoun {
            Some(Pronoun::One(gender)) => return tracker.one(phrase.tokens.start, gender, watch),
            Some(Pronoun::It) => return tracker.it(phrase.tokens.start),
            Some(Pronoun::They) => return tracker.they(phrase.tokens.start),
            Some(Pronoun::Relative) => return self.antecedent(phrase.tokens.start),
            Some(Pronoun::Other) => return None,
            None => {}
        }
        let head = phrase.head?;
        if let Some(several) = self.several(phrase, head) {
            return Some(several);
        }
        if let Some(entity) = self.entity_at(head).or_else(|| self.missed(phrase, head)) {
            return Some(Who::Entity(entity));
        }
        let person = self
            .apposition(phrase, head)
            .or_else(|| self.apposition_behind(phrase, head))
            .or_else(|| self.behind_office(phrase, head));
        if let Some(person) = person {
            return Some(Who::Entity(person));
        }
        Some(self.nominal(phrase, head))
    }

    fn mention_at(&self, token: usize) -> Option<&Named> {
        let at = self.named.partition_point(|n| n.tokens.end <= token);
        self.named.get(at).filter(|n| n.tokens.contains(&token))
    }

    fn entity_at(&self, token: usize) -> Option<usize> {
        self.mention_at(token).map(|n| n.entity)
    }

    /// "Lee and Kim": several speakers, a group by its words.
    fn several(&self, phrase: &Phrase, head: usize) -> Option<Who> {
        let and = (phrase.first.start + 1..head)
            .rev()
            .find(|&t| matches!(self.scene.word(t), "and" | "&" | "und" | "y"))?;
        let person = |t: usize| {
            self.entity_at(t).is_some_and(|e| self.entities[e].kind == EntityKind::Person)
        };
        let inside = self.mention_at(and).is_some();
        let both = person(and - 1) && (person(head) || self.scene.is_person_noun(head));
        (!inside && both).then(|| {
            let speaker = worded(self.scene, phrase.tokens.clone(), SpeakerKind::Group);
            Who::Nameless(Nameless { speaker, gender: None, single: false })
        })
    }

    /// A surname of the article that the recogniser left out.
    fn missed(&self, phrase: &Phrase, head: usize) -> Option<usize> {
        let word = self.scene.word(head);
        let titled = head == phrase.first.start || self.scene.is_title(head - 1);
        if !starts_upper(word) || !titled {
            return None;
        }
        match self.by_surname.get(&fold(word))?.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// "The mayor, Maria Lopez": the person named right behind the head's piece.
    fn apposition(&self, phrase: &Phrase, head: usize) -> Option<usize> {
        if !self.scene.is_person_noun(head) {
            return None;
        }
        let rest = phrase.rest();
        let at = rest.clone().find(|&t| !self.scene.is_title(t))?;
        let entity = self.entity_at(at).filter(|_| at < rest.end)?;
        (self.entities[entity].kind == EntityKind::Person).then_some(entity)
    }

    /// The same, where the source was cut before the comma: "The mayor [of Wells], Maria Lopez, said".
    fn apposition_behind(&self, phrase: &Phrase, head: usize) -> Option<usize> {
        let scene = self.scene;
        if !scene.is_person_noun(head) {
            return None;
        }
        let ceiling = paragraph_of(scene, head).end;
        let hangs = |word: &str| matches!(word, "of" | "for" | "at" | "in" | "from");
        let mut comma = phrase.tokens.end;
        if comma < ceiling && hangs(scene.word(comma)) {
            let plain = |t: &usize| scene.tokens[*t].kind == TokenKind::Word;
            comma += (comma..ceiling.min(comma + LONGEST_REST)).take_while(plain).count();
        }
        if comma >= ceiling || scene.word(comma) != "," {
            return None;
        }
        let at = (comma + 1..ceiling).find(|&t| !scene.is_title(t))?;
        let name = self.mention_at(at).filter(|n| n.tokens.start == at)?;
        let closed = name.tokens.end >= ceiling
            || matches!(scene.word(name.tokens.end), "," | "." | ";" | ":" | "(");
        let person = self.entities[name.entity].kind == EntityKind::Person;
        (person && closed).then_some(name.entity)
    }

    /// "Secretary of State Maria Lopez", "Speaker of the House Jo Lee": the name behind an office.
    fn behind_office(&self, phrase: &Phrase, head: usize) -> Option<usize> {
        let scene = self.scene;
        let named = self.mention_at(phrase.first.end - 1)?;
        let office = head + 1..named.tokens.start;
        let capitals = office.clone().skip(1).all(|t| scene.is_upper(t) || scene.word(t) == "the");
        let titled = office.len() >= 2
            && scene.word(head + 1) == "of"
            && capitals
            && scene.is_upper(head)
            && scene.is_upper(office.end - 1);
        let person = self.entities[named.entity].kind == EntityKind::Person;
        (titled && person).then_some(named.entity)
    }

    /// Whom "who" stands for: the name or noun phrase right before it.
    fn antecedent(&mut self, at: usize) -> Option<Who> {
        let floor = paragraph_of(self.scene, at).start;
        let mut end = at;
        while end > floor && matches!(self.scene.word(end - 1), "," | ")" | "—" | "–") {
            end -= 1;
        }
        let last = end.checked_sub(1).filter(|&t| t >= floor)?;
        if let Some(entity) = self.entity_at(last) {
            return Some(Who::Entity(entity));
        }
        let start = self.noun_phrase_start(floor..end)?;
        let phrase = Phrase::read(self.scene, start..end);
        // "Ann Lee, the mayor, who said": the name before the apposition.
        if start > floor + 1
            && self.scene.word(start - 1) == ","
            && let Some(entity) = self.entity_at(start - 2)
        {
            return Some(Who::Entity(entity));
        }
        let head = phrase.head?;
        match self.entity_at(head) {
            Some(entity) => Some(Who::Entity(entity)),
            None => Some(self.nominal(&phrase, head)),
        }
    }

    /// Where the noun phrase at the end of these tokens starts: at its article.
    fn noun_phrase_start(&self, tokens: Range<usize>) -> Option<usize> {
        let floor = tokens.start.max(tokens.end.saturating_sub(12));
        (floor..tokens.end)
            .rev()
            .take_while(|&t| !matches!(self.scene.word(t), "." | "," | ";"))
            .find(|&t| {
                matches!(
                    self.scene.word(t),
                    "a" | "an"
                        | "the"
                        | "A"
                        | "An"
                        | "The"
                        | "his"
                        | "her"
                        | "another"
                        | "one"
                        | "One"
                        | "some"
                        | "Some"
                        | "several"
                        | "many"
                )
            })
    }
}
