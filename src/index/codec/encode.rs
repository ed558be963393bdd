//! Writing the stored form of an article.

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::super::names::{key_start, speaker_kind};
use super::super::varint;
use super::{Head, STREAMS, Stream, Streams, flag, usual_key};
use crate::article::{Annotation, Entity, Mention, Metadata, Quote, Speaker, SpeakerKind};
use crate::text::Span;

/// Mentions looked at for one that prints the name; it is nearly always the first.
const MENTIONS_TRIED: usize = 64;

/// An article as streams. `text` is its text: what is printed there is not written again.
pub fn encode(head: &Head, annotation: &Annotation, text: &str) -> Streams {
    let room = annotation.entities.len();
    let mut known = FxHashMap::with_capacity_and_hasher(room, FxBuildHasher);
    for (number, entity) in annotation.entities.iter().enumerate() {
        known.entry((speaker_kind(entity.kind), &*entity.key, &*entity.name)).or_insert(number);
    }
    let mut to = Encoder {
        streams: std::array::from_fn::<_, STREAMS, _>(|_| Vec::with_capacity(32)),
        last: 0,
        entities: &annotation.entities,
        known,
        strings: FxHashMap::default(),
    };
    to.head(head);
    to.number(Stream::Counts, annotation.entities.len());
    annotation.entities.iter().for_each(|entity| to.entity(entity, text));
    to.mentions(&annotation.entities);
    to.number(Stream::Counts, annotation.quotes.len());
    annotation.quotes.iter().for_each(|quote| to.quote(quote));
    to.streams
}

struct Encoder<'a> {
    streams: Streams,
    /// Where the last span of a quote began: spans are written as steps from it.
    last: i64,
    entities: &'a [Entity],
    /// Numbers of entities by what they are as speakers.
    known: FxHashMap<(SpeakerKind, &'a str, &'a str), usize>,
    /// Numbers of roles and rules, as they came.
    strings: FxHashMap<&'a str, usize>,
}

impl<'a> Encoder<'a> {
    fn byte(&mut self, stream: Stream, byte: u8) {
        self.streams[stream as usize].push(byte);
    }

    fn number(&mut self, stream: Stream, n: usize) {
        varint::push(&mut self.streams[stream as usize], n as u64);
    }

    /// A number that may be below zero, small ones of both signs alike.
    fn signed(&mut self, stream: Stream, n: i64) {
        self.number(stream, ((n << 1) ^ (n >> 63)) as usize);
    }

    fn text(&mut self, stream: Stream, text: &str) {
        self.number(stream, text.len());
        self.streams[stream as usize].extend_from_slice(text.as_bytes());
    }

    fn option(&mut self, stream: Stream, text: Option<&str>) {
        self.byte(stream, u8::from(text.is_some()));
        text.into_iter().for_each(|text| self.text(stream, text));
    }

    fn head(&mut self, head: &Head) {
        head.names.iter().for_each(|name| self.text(Stream::Names, name));
        self.meta(head.meta);
        self.number(Stream::Counts, head.parts.len());
        head.parts.iter().for_each(|&part| self.byte(Stream::Parts, part as u8));
        self.number(Stream::Counts, head.lengths.len());
        head.lengths.iter().for_each(|&length| self.number(Stream::Lengths, length as usize));
        let mut next = 0;
        for &number in head.order {
            self.number(Stream::Order, (next - number) as usize);
            next = next.max(number + 1);
        }
    }

    fn meta(&mut self, meta: &Metadata) {
        self.option(Stream::Title, meta.title.as_deref());
        self.number(Stream::Meta, meta.authors.len());
        meta.authors.iter().for_each(|author| self.text(Stream::Meta, author));
        self.option(Stream::Meta, meta.outlet.as_deref());
        self.option(Stream::Meta, meta.date.map(|date| date.to_string()).as_deref());
        self.option(Stream::Url, meta.url.as_deref());
        self.option(Stream::Meta, meta.language.as_deref());
    }

    /// A key, unless it follows from the name; whether it does not.
    fn unusual_key(&mut self, kind: SpeakerKind, name: &str, key: &str) -> bool {
        let unusual = !is_usual(kind, name, key);
        if unusual {
            self.text(Stream::Strings, key);
        }
        unusual
    }

    /// Its kind, and whether it has an unusual key, a role, a party, are one byte with its gender.
    fn entity(&mut self, entity: &'a Entity, text: &str) {
        let Entity { key, name, kind, role, party, gender, mentions, .. } = entity;
        let prints = |mention: &Mention| {
            text.get(mention.span.start()..mention.span.end()) == Some(name.as_str())
        };
        match mentions.iter().take(MENTIONS_TRIED).position(prints) {
            Some(mention) => self.number(Stream::Printed, mention + 1),
            None => {
                self.number(Stream::Printed, 0);
                self.text(Stream::Strings, name);
            }
        }
        let unusual = self.unusual_key(speaker_kind(*kind), name, key);
        let flags = [unusual, role.is_some(), party.is_some()];
        let flags = flags.iter().fold(0, |bits, &flag| bits << 1 | u8::from(flag));
        let gender = gender.map_or(0, |gender| gender as u8 + 1);
        self.byte(Stream::Entity, (flags << 2 | *kind as u8) << 2 | gender);
        role.iter().chain(party).for_each(|words| self.text(Stream::Roles, words));
    }

    /// The mentions of all entities in the order of the text. Entities are numbered as they are first
    /// mentioned, so that most numbers are small.
    fn mentions(&mut self, entities: &[Entity]) {
        let all = entities.iter().enumerate().flat_map(|(number, entity)| {
            entity.mentions.iter().map(move |mention| (mention.span, number, mention.kind))
        });
        let mut all: Vec<_> = all.collect();
        // Stable: those of one entity stay in their order.
        all.sort_by_key(|&(span, number, _)| (span, number));
        self.number(Stream::Counts, all.len());
        let (mut last, mut next) = (0, 0);
        for (span, number, kind) in all {
            self.number(Stream::MentionStep, span.start() - last);
            last = span.start();
            let other = kind != entities[number].kind;
            self.number(Stream::MentionLength, span.len() << 1 | usize::from(other));
            if other {
                self.byte(Stream::MentionLength, kind as u8);
            }
            self.signed(Stream::Mentioned, next - number as i64);
            next = next.max(number as i64 + 1);
        }
    }

    fn step(&mut self, stream: Stream, start: usize) {
        self.signed(stream, start as i64 - self.last);
        self.last = start as i64;
    }

    fn span(&mut self, step: Stream, length: Stream, span: Span) {
        self.step(step, span.start());
        self.number(length, span.len());
    }

    /// Spans of the rare kind.
    fn spans(&mut self, spans: &[Span]) {
        self.number(Stream::More, spans.len());
        spans.iter().for_each(|&span| self.span(Stream::More, Stream::More, span));
    }

    /// A text that may have come before.
    fn known_text(&mut self, stream: Stream, text: &'a str) {
        let next = self.strings.len() + 1;
        match self.strings.get(text) {
            Some(&number) => self.number(stream, number),
            None => {
                self.number(stream, 0);
                self.text(stream, text);
                self.strings.insert(text, next);
            }
        }
    }

    /// A speaker whose key and name are told by a column.
    fn speaker(&mut self, speaker: &'a Speaker) {
        let known = self.known.get(&(speaker.kind, &*speaker.key, &*speaker.name));
        let usual = match known.copied() {
            Some(number) => {
                self.number(Stream::Speaker, number + 1);
                &self.entities[number].role
            }
            None => {
                self.number(Stream::Speaker, 0);
                self.byte(Stream::Speaker, speaker.kind as u8);
                &None
            }
        };
        match &speaker.role {
            role if role == usual => self.byte(Stream::SpeakerRole, 0),
            None => self.byte(Stream::SpeakerRole, 1),
            Some(role) => {
                self.byte(Stream::SpeakerRole, 2);
                self.known_text(Stream::SpeakerRole, role);
            }
        }
    }

    fn inner_speaker(&mut self, speaker: &Speaker) {
        let Speaker { key, name, role, kind } = speaker;
        self.byte(Stream::More, *kind as u8);
        self.text(Stream::More, name);
        self.option(Stream::More, (!is_usual(*kind, name, key)).then_some(key));
        self.option(Stream::More, role.as_deref());
    }

    fn quote(&mut self, quote: &'a Quote) {
        let more = !quote.echoes.is_empty() || !quote.inner.is_empty() || quote.cue.len() > 1;
        let flags = [
            (quote.content.len() == 1, flag::ONE_PART),
            (quote.cue.len() == 1, flag::ONE_CUE),
            (quote.source.is_some(), flag::SOURCE),
            (quote.speaker.is_some(), flag::SPEAKER),
            (more, flag::MORE),
        ];
        let set = flags.iter().filter(|(on, _)| *on).map(|(_, bit)| bit).sum::<u8>();
        self.byte(Stream::QuoteFlags, quote.kind as u8 | set);
        match quote.content.as_slice() {
            [only] => self.span(Stream::QuoteStep, Stream::QuoteLength, *only),
            many => self.spans(many),
        }
        if let [only] = quote.cue.as_slice() {
            self.span(Stream::CueStep, Stream::CueLength, *only);
        }
        if let Some(source) = quote.source {
            self.span(Stream::SourceStep, Stream::SourceLength, source);
        }
        quote.speaker.iter().for_each(|speaker| self.speaker(speaker));
        self.known_text(Stream::Rule, &quote.rule);
        if more {
            self.rare(quote);
        }
    }

    fn rare(&mut self, quote: &Quote) {
        self.spans(if quote.cue.len() == 1 { &[] } else { &quote.cue });
        self.spans(&quote.echoes);
        self.number(Stream::More, quote.inner.len());
        for inner in &quote.inner {
            self.span(Stream::More, Stream::More, inner.content);
            self.byte(Stream::More, u8::from(inner.source.is_some()));
            inner.source.into_iter().for_each(|at| self.span(Stream::More, Stream::More, at));
            self.byte(Stream::More, u8::from(inner.speaker.is_some()));
            inner.speaker.iter().for_each(|speaker| self.inner_speaker(speaker));
        }
    }
}

/// Whether `usual_key` gives this key; without making it where both are plain.
fn is_usual(kind: SpeakerKind, name: &str, key: &str) -> bool {
    let Some(rest) = key.strip_prefix(key_start(kind)) else { return false };
    if name.is_ascii() {
        let lower = |b: u8| b.to_ascii_lowercase();
        return name.len() == rest.len() && name.bytes().map(lower).eq(rest.bytes());
    }
    usual_key(kind, name) == key
}
