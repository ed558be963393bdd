//! Writing the stored form of an article.

use super::{Head, flag, speaker_of, thousandths, usual_key};
use crate::article::{Annotation, Entity, Mention, Metadata, Quote, Speaker, SpeakerKind};
use crate::text::Span;

/// As bytes: the head first, so that `decode_head` can stop before the annotation. Confidences
/// are kept to the thousandth, as they are shown.
pub fn encode(head: &Head, annotation: &Annotation) -> Vec<u8> {
    let speakers = annotation.entities.iter().map(speaker_of).collect();
    let mut to =
        Encoder { bytes: Vec::with_capacity(1024), last: 0, speakers, strings: Vec::new() };
    head.names.iter().for_each(|name| to.text(name));
    to.meta(head.meta);
    to.bytes.extend_from_slice(&head.text_hash.to_le_bytes());
    to.list(head.parts, |to, &part| to.number(part as u64));
    to.list(head.lengths, |to, &length| to.number(length));
    let mut next = 0;
    to.list(head.order, |to, &number| {
        to.number(u64::from(next - number));
        next = next.max(number + 1);
    });
    to.list(&annotation.entities, Encoder::entity);
    to.list(&annotation.quotes, Encoder::quote);
    to.bytes
}

struct Encoder {
    bytes: Vec<u8>,
    /// Where the last span began: spans are written as steps from it.
    last: i64,
    /// Entities, and the speakers that are none, as they came.
    speakers: Vec<Speaker>,
    /// Roles and rules, as they came.
    strings: Vec<String>,
}

impl Encoder {
    fn number(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.bytes.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.number(items.len() as u64);
        items.iter().for_each(|item| write(self, item));
    }

    fn option<T>(&mut self, item: Option<T>, write: impl Fn(&mut Self, T)) {
        self.bytes.push(u8::from(item.is_some()));
        item.into_iter().for_each(|item| write(self, item));
    }

    fn step(&mut self, start: usize) {
        let step = start as i64 - self.last;
        self.number(((step << 1) ^ (step >> 63)) as u64);
        self.last = start as i64;
    }

    fn span(&mut self, span: Span) {
        self.step(span.start());
        self.number(span.len() as u64);
    }

    fn spans(&mut self, spans: &[Span]) {
        self.list(spans, |to, &span| to.span(span));
    }

    /// A text that may have come before.
    fn known_text(&mut self, text: &str) {
        match self.strings.iter().position(|known| known == text) {
            Some(at) => self.number(at as u64 + 1),
            None => {
                self.number(0);
                self.text(text);
                self.strings.push(text.to_owned());
            }
        }
    }

    fn meta(&mut self, meta: &Metadata) {
        self.option(meta.title.as_deref(), Self::text);
        self.list(&meta.authors, |to, author| to.text(author));
        self.option(meta.outlet.as_deref(), Self::text);
        self.option(meta.date, |to, date| to.text(&date.to_string()));
        self.option(meta.url.as_deref(), Self::text);
        self.option(meta.language.as_deref(), Self::text);
    }

    /// Kind, name, and the key where it is not the usual one.
    fn identity(&mut self, kind: SpeakerKind, name: &str, key: &str) {
        let usual = usual_key(kind, name) == key;
        self.number((kind as u64) << 1 | u64::from(!usual));
        self.text(name);
        if !usual {
            self.text(key);
        }
    }

    fn entity(&mut self, entity: &Entity) {
        let Speaker { kind, .. } = speaker_of(entity);
        self.identity(kind, &entity.name, &entity.key);
        self.option(entity.role.as_deref(), Self::text);
        self.option(entity.party.as_deref(), Self::text);
        self.number(entity.gender.map_or(0, |gender| gender as u64 + 1));
        self.last = 0;
        self.list(&entity.mentions, |to, mention| {
            let Mention { span, kind } = *mention;
            to.step(span.start());
            to.number((span.len() as u64) << 1 | u64::from(kind != entity.kind));
            if kind != entity.kind {
                to.number(kind as u64);
            }
        });
    }

    fn speaker(&mut self, speaker: &Speaker) {
        let same = |known: &Speaker| {
            (known.kind, &known.key, &known.name) == (speaker.kind, &speaker.key, &speaker.name)
        };
        let known_role = match self.speakers.iter().position(same) {
            Some(at) => {
                self.number(at as u64 + 1);
                self.speakers[at].role.clone()
            }
            None => {
                self.number(0);
                self.identity(speaker.kind, &speaker.name, &speaker.key);
                self.speakers.push(Speaker { role: None, ..speaker.clone() });
                None
            }
        };
        match &speaker.role {
            role if *role == known_role => self.bytes.push(0),
            None => self.bytes.push(1),
            Some(role) => {
                self.bytes.push(2);
                self.known_text(role);
            }
        }
    }

    fn quote(&mut self, quote: &Quote) {
        let more = !quote.echoes.is_empty() || !quote.inner.is_empty() || quote.cue.len() > 1;
        let flags = [
            (quote.content.len() == 1, flag::ONE_PART),
            (quote.cue.len() == 1, flag::ONE_CUE),
            (quote.source.is_some(), flag::SOURCE),
            (quote.speaker.is_some(), flag::SPEAKER),
            (more, flag::MORE),
        ];
        let set = flags.iter().filter(|(on, _)| *on).map(|(_, bit)| bit).sum::<u8>();
        self.bytes.push(quote.kind as u8 | set);
        match quote.content.as_slice() {
            [only] => self.span(*only),
            many => self.spans(many),
        }
        if let [only] = quote.cue.as_slice() {
            self.span(*only);
        }
        quote.source.into_iter().for_each(|source| self.span(source));
        quote.speaker.iter().for_each(|speaker| self.speaker(speaker));
        self.known_text(&quote.rule);
        self.number(thousandths(quote.confidence));
        if more {
            self.spans(if quote.cue.len() == 1 { &[] } else { &quote.cue });
            self.spans(&quote.echoes);
            self.list(&quote.inner, |to, inner| {
                to.span(inner.content);
                to.option(inner.source, Self::span);
                to.option(inner.speaker.as_ref(), Self::speaker);
            });
        }
    }
}
