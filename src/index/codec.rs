//! The compact form in which an article and its annotation are stored: variable-length numbers
//! and strings in a fixed order. It knows no tantivy; the format version of the index covers it.

use crate::article::{
    Annotation, Entity, EntityKind, Gender, InnerSpeech, Mention, Metadata, Part, Quote, QuoteKind,
    Speaker, SpeakerKind,
};
use crate::text::Span;

/// Everything about an article but its text, which is its passages'.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blob {
    /// Label of its root.
    pub root: String,
    /// Article id.
    pub id: String,
    /// Its file as shown.
    pub path: String,
    /// Its file as recorded.
    pub file: String,
    /// Metadata.
    pub meta: Metadata,
    /// Hash of its text, so that a rebuilt text can be checked.
    pub text_hash: u64,
    /// What each paragraph is.
    pub parts: Vec<Part>,
    /// Bytes of each paragraph: where it stands is known without reading any.
    pub lengths: Vec<u64>,
    /// What was found.
    pub annotation: Annotation,
}

/// The stored bytes are not what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a stored article is damaged")]
pub struct Damaged;

type Read<T> = Result<T, Damaged>;

impl Blob {
    /// From bytes.
    pub fn decode(bytes: &[u8]) -> Read<Blob> {
        let mut from = Decoder { bytes, last: 0 };
        let mut blob = from.head()?;
        blob.annotation.entities = from.list(Decoder::entity)?;
        blob.annotation.quotes = from.list(Decoder::quote)?;
        if from.bytes.is_empty() { Ok(blob) } else { Err(Damaged) }
    }

    /// Where each paragraph stands in the text.
    pub fn paragraphs(&self) -> Vec<Span> {
        let mut start = 0usize;
        let span = |&length: &u64| {
            let end = start.saturating_add(length as usize).min(u32::MAX as usize);
            let span = Span::new(start, end);
            start = (end + 2).min(u32::MAX as usize);
            span
        };
        self.lengths.iter().map(span).collect()
    }

    /// All but the annotation.
    pub fn decode_head(bytes: &[u8]) -> Read<Blob> {
        Decoder { bytes, last: 0 }.head()
    }
}

/// As bytes: root, id, path and file first; the annotation last, so that `decode_head` can stop
/// before it.
pub fn encode(
    names: [&str; 4],
    meta: &Metadata,
    text_hash: u64,
    parts: &[Part],
    lengths: &[u64],
    annotation: &Annotation,
) -> Vec<u8> {
    let mut to = Encoder { bytes: Vec::with_capacity(1024), last: 0 };
    names.iter().for_each(|name| to.text(name));
    to.meta(meta);
    to.bytes.extend_from_slice(&text_hash.to_le_bytes());
    to.list(parts, |to, &part| to.number(part as u64));
    to.list(lengths, |to, &length| to.number(length));
    to.list(&annotation.entities, Encoder::entity);
    to.list(&annotation.quotes, Encoder::quote);
    to.bytes
}

struct Encoder {
    bytes: Vec<u8>,
    /// Where the last span began: spans are written as steps from it.
    last: i64,
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

    fn list<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) {
        self.number(items.len() as u64);
        items.iter().for_each(|item| write(self, item));
    }

    fn option<T>(&mut self, item: Option<T>, write: impl Fn(&mut Self, T)) {
        self.bytes.push(u8::from(item.is_some()));
        item.into_iter().for_each(|item| write(self, item));
    }

    fn span(&mut self, span: Span) {
        let step = span.start() as i64 - self.last;
        self.number(((step << 1) ^ (step >> 63)) as u64);
        self.number(span.len() as u64);
        self.last = span.start() as i64;
    }

    fn meta(&mut self, meta: &Metadata) {
        self.option(meta.title.as_deref(), Self::text);
        self.list(&meta.authors, |to, author| to.text(author));
        self.option(meta.outlet.as_deref(), Self::text);
        self.option(meta.date, |to, date| to.text(&date.to_string()));
        self.option(meta.url.as_deref(), Self::text);
        self.option(meta.language.as_deref(), Self::text);
    }

    fn entity(&mut self, entity: &Entity) {
        self.text(&entity.key);
        self.text(&entity.name);
        self.number(entity.kind as u64);
        self.option(entity.role.as_deref(), Self::text);
        self.option(entity.party.as_deref(), Self::text);
        self.option(entity.gender, |to, gender| to.number(gender as u64));
        self.list(&entity.mentions, |to, mention| {
            to.span(mention.span);
            to.number(mention.kind as u64);
        });
    }

    fn speaker(&mut self, speaker: &Speaker) {
        self.text(&speaker.key);
        self.text(&speaker.name);
        self.option(speaker.role.as_deref(), Self::text);
        self.number(speaker.kind as u64);
    }

    fn quote(&mut self, quote: &Quote) {
        let span = |to: &mut Self, &span: &Span| to.span(span);
        self.number(quote.kind as u64);
        self.list(&quote.content, span);
        self.list(&quote.cue, span);
        self.option(quote.source, Self::span);
        self.option(quote.speaker.as_ref(), Self::speaker);
        self.text(&quote.rule);
        self.bytes.extend_from_slice(&quote.confidence.to_le_bytes());
        self.list(&quote.echoes, span);
        self.list(&quote.inner, |to, inner| {
            to.span(inner.content);
            to.option(inner.source, Self::span);
            to.option(inner.speaker.as_ref(), Self::speaker);
        });
    }
}

struct Decoder<'a> {
    bytes: &'a [u8],
    last: i64,
}

impl<'a> Decoder<'a> {
    fn take(&mut self, length: usize) -> Read<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or(Damaged)?;
        self.bytes = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Read<u64> {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err(Damaged)
    }

    fn text(&mut self) -> Read<String> {
        let length = self.number()? as usize;
        let bytes = self.take(length)?;
        std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Damaged)
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let length = self.number()? as usize;
        // Every item takes a byte at least: no damage can ask for more memory than it has bytes.
        if length > self.bytes.len() {
            return Err(Damaged);
        }
        (0..length).map(|_| read(self)).collect()
    }

    fn option<T>(&mut self, read: impl Fn(&mut Self) -> Read<T>) -> Read<Option<T>> {
        match self.take(1)?[0] {
            0 => Ok(None),
            1 => read(self).map(Some),
            _ => Err(Damaged),
        }
    }

    /// One of a list of choices, by its place.
    fn choice<T: Copy>(&mut self, choices: &[T]) -> Read<T> {
        choices.get(self.number()? as usize).copied().ok_or(Damaged)
    }

    fn span(&mut self) -> Read<Span> {
        let step = self.number()?;
        let start = self.last.wrapping_add((step >> 1) as i64 ^ -((step & 1) as i64));
        let end = i64::try_from(self.number()?).ok().and_then(|length| start.checked_add(length));
        let end = end.filter(|&end| start >= 0 && end <= i64::from(u32::MAX)).ok_or(Damaged)?;
        self.last = start;
        Ok(Span::new(start as usize, end as usize))
    }

    fn fixed<const N: usize>(&mut self) -> Read<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| Damaged)
    }

    fn head(&mut self) -> Read<Blob> {
        Ok(Blob {
            root: self.text()?,
            id: self.text()?,
            path: self.text()?,
            file: self.text()?,
            meta: self.meta()?,
            text_hash: u64::from_le_bytes(self.fixed()?),
            parts: self.list(|from| {
                from.choice(&[Part::Title, Part::Byline, Part::Dateline, Part::Body, Part::Credit])
            })?,
            lengths: self.list(Self::number)?,
            annotation: Annotation::default(),
        })
    }

    fn meta(&mut self) -> Read<Metadata> {
        Ok(Metadata {
            title: self.option(Self::text)?,
            authors: self.list(Self::text)?,
            outlet: self.option(Self::text)?,
            date: self.option(|from| from.text()?.parse().map_err(|_| Damaged))?,
            url: self.option(Self::text)?,
            language: self.option(Self::text)?,
        })
    }

    fn entity_kind(&mut self) -> Read<EntityKind> {
        self.choice(&[EntityKind::Person, EntityKind::Organisation, EntityKind::Place])
    }

    fn entity(&mut self) -> Read<Entity> {
        Ok(Entity {
            key: self.text()?,
            name: self.text()?,
            kind: self.entity_kind()?,
            role: self.option(Self::text)?,
            party: self.option(Self::text)?,
            gender: self.option(|from| from.choice(&[Gender::Female, Gender::Male]))?,
            mentions: self
                .list(|from| Ok(Mention { span: from.span()?, kind: from.entity_kind()? }))?,
            roles: Vec::new(),
        })
    }

    fn speaker(&mut self) -> Read<Speaker> {
        use SpeakerKind::{Document, Group, Organisation, Person, Place};
        Ok(Speaker {
            key: self.text()?,
            name: self.text()?,
            role: self.option(Self::text)?,
            kind: self.choice(&[Person, Organisation, Place, Group, Document])?,
        })
    }

    fn quote(&mut self) -> Read<Quote> {
        Ok(Quote {
            kind: self.choice(&[QuoteKind::Direct, QuoteKind::Mixed, QuoteKind::Indirect])?,
            content: self.list(Self::span)?,
            cue: self.list(Self::span)?,
            source: self.option(Self::span)?,
            speaker: self.option(Self::speaker)?,
            rule: self.text()?,
            confidence: f32::from_le_bytes(self.fixed()?),
            echoes: self.list(Self::span)?,
            inner: self.list(|from| {
                Ok(InnerSpeech {
                    content: from.span()?,
                    source: from.option(Self::span)?,
                    speaker: from.option(Self::speaker)?,
                })
            })?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Blob {
        let speaker = Speaker {
            key: "person:ann lee".into(),
            name: "Ann Lee".into(),
            role: Some("mayor".into()),
            kind: SpeakerKind::Person,
        };
        let mention = Mention { span: Span::new(40, 47), kind: EntityKind::Person };
        let entity = Entity {
            key: "person:ann lee".into(),
            name: "Ann Lee".into(),
            kind: EntityKind::Person,
            role: None,
            party: Some("D-Wis.".into()),
            gender: Some(Gender::Male),
            mentions: vec![mention, Mention { span: Span::new(7, 9), ..mention }],
            roles: vec![],
        };
        let quote = Quote {
            kind: QuoteKind::Mixed,
            content: vec![Span::new(300, 4000), Span::new(2, 3)],
            cue: vec![],
            source: Some(Span::new(5, 5)),
            speaker: Some(speaker.clone()),
            rule: "cue".into(),
            confidence: 0.875,
            echoes: vec![Span::new(9, 12)],
            inner: vec![InnerSpeech {
                content: Span::new(1, 2),
                source: None,
                speaker: Some(speaker),
            }],
        };
        Blob {
            root: "news".into(),
            id: "a/b.txt#3".into(),
            path: "a/b.txt".into(),
            file: "a/b.txt".into(),
            meta: Metadata {
                title: Some("Ünïcode".into()),
                authors: vec!["A".into(), "B".into()],
                date: Some(jiff::civil::date(2024, 2, 29).at(12, 30, 0, 0)),
                ..Metadata::default()
            },
            text_hash: u64::MAX,
            parts: vec![Part::Title, Part::Credit],
            lengths: vec![3, 70_000],
            annotation: Annotation { entities: vec![entity], quotes: vec![quote] },
        }
    }

    fn encoded(blob: &Blob) -> Vec<u8> {
        let names = [blob.root.as_str(), &blob.id, &blob.path, &blob.file];
        encode(names, &blob.meta, blob.text_hash, &blob.parts, &blob.lengths, &blob.annotation)
    }

    #[test]
    fn comes_back_as_it_went_in() {
        let bytes = encoded(&sample());
        assert_eq!(Blob::decode(&bytes), Ok(sample()));
        let head = Blob::decode_head(&bytes).unwrap();
        assert_eq!(head, Blob { annotation: Annotation::default(), ..sample() });
    }

    #[test]
    fn damage_is_an_error_and_never_a_panic() {
        let bytes = encoded(&sample());
        for cut in 0..bytes.len() {
            assert_eq!(Blob::decode(&bytes[..cut]), Err(Damaged));
        }
        for at in 0..bytes.len() {
            for flip in [1, 0x80, 0xff] {
                let mut bytes = bytes.clone();
                bytes[at] ^= flip;
                let _ = Blob::decode(&bytes);
            }
        }
    }
}
