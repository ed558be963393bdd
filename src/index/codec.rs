//! The compact form in which an article and its annotation are stored: variable-length numbers
//! and strings in a fixed order. It knows no tantivy; the format version of the index covers it.
//!
//! What is said twice is written once: a speaker who is an entity by the number of the entity, a
//! role or rule by the place of its first use, a key that follows from the name not at all.

mod decode;
mod encode;

pub use encode::encode;

use self::decode::Decoder;
use crate::article::{
    Annotation, Entity, EntityKind, Metadata, Part, QuoteKind, Speaker, SpeakerKind,
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
    /// Which of the article's distinct passages each paragraph is, numbered as they first come.
    pub order: Vec<u32>,
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
        Decoder::new(bytes).whole()
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
        Decoder::new(bytes).head()
    }
}

/// What of an article stands before its annotation.
pub struct Head<'a> {
    /// Root, id, path and file.
    pub names: [&'a str; 4],
    /// Metadata.
    pub meta: &'a Metadata,
    /// Hash of its text.
    pub text_hash: u64,
    /// What each paragraph is.
    pub parts: &'a [Part],
    /// Bytes of each paragraph.
    pub lengths: &'a [u64],
    /// Which distinct passage each paragraph is.
    pub order: &'a [u32],
}

/// A confidence in thousandths.
pub fn thousandths(confidence: f32) -> u64 {
    (f64::from(confidence.clamp(0.0, 1.0)) * 1000.0).round() as u64
}

/// An entity as somebody who speaks.
fn speaker_of(entity: &Entity) -> Speaker {
    let kind = match entity.kind {
        EntityKind::Person => SpeakerKind::Person,
        EntityKind::Organisation => SpeakerKind::Organisation,
        EntityKind::Place => SpeakerKind::Place,
    };
    Speaker { key: entity.key.clone(), name: entity.name.clone(), role: entity.role.clone(), kind }
}

/// The key that most names have.
fn usual_key(kind: SpeakerKind, name: &str) -> String {
    let kind = match kind {
        SpeakerKind::Person => "person",
        SpeakerKind::Organisation => "organisation",
        SpeakerKind::Place => "place",
        SpeakerKind::Group => "group",
        SpeakerKind::Document => "document",
    };
    format!("{kind}:{}", name.to_lowercase())
}

const ENTITY_KINDS: [EntityKind; 3] =
    [EntityKind::Person, EntityKind::Organisation, EntityKind::Place];
const SPEAKER_KINDS: [SpeakerKind; 5] = [
    SpeakerKind::Person,
    SpeakerKind::Organisation,
    SpeakerKind::Place,
    SpeakerKind::Group,
    SpeakerKind::Document,
];
const QUOTE_KINDS: [QuoteKind; 3] = [QuoteKind::Direct, QuoteKind::Mixed, QuoteKind::Indirect];

/// Bits of the byte that a quote begins with, above its kind.
mod flag {
    pub const ONE_PART: u8 = 4;
    pub const ONE_CUE: u8 = 8;
    pub const SOURCE: u8 = 16;
    pub const SPEAKER: u8 = 32;
    /// Echoes, inner speech, or a number of cues that is not one.
    pub const MORE: u8 = 64;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Gender, InnerSpeech, Mention, Quote};

    fn sample() -> Blob {
        let speaker = Speaker {
            key: "person:ann lee".into(),
            name: "Ann Lee".into(),
            role: Some("mayor".into()),
            kind: SpeakerKind::Person,
        };
        let mention = Mention { span: Span::new(40, 47), kind: EntityKind::Place };
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
        let stranger = Speaker {
            key: "group:the residents".into(),
            name: "Residents".into(),
            role: None,
            kind: SpeakerKind::Group,
        };
        let known = Speaker { role: None, ..speaker.clone() };
        let plain = Quote {
            kind: QuoteKind::Indirect,
            content: vec![Span::new(10, 20)],
            cue: vec![Span::new(21, 25)],
            source: None,
            speaker: Some(known),
            rule: "cue".into(),
            confidence: 0.9,
            echoes: vec![],
            inner: vec![],
        };
        let two_cues = Quote {
            cue: vec![Span::new(1, 2), Span::new(5, 6)],
            speaker: Some(stranger.clone()),
            ..plain.clone()
        };
        let again = Quote {
            speaker: Some(Speaker { role: Some("locals".into()), ..stranger }),
            ..plain.clone()
        };
        let nobody = Quote { speaker: None, rule: "none".into(), ..plain.clone() };
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
            lengths: vec![3, 70_000, 3],
            order: vec![0, 1, 0],
            annotation: Annotation {
                entities: vec![entity],
                quotes: vec![quote, plain, two_cues, again, nobody],
            },
        }
    }

    fn encoded(blob: &Blob) -> Vec<u8> {
        let head = Head {
            names: [blob.root.as_str(), &blob.id, &blob.path, &blob.file],
            meta: &blob.meta,
            text_hash: blob.text_hash,
            parts: &blob.parts,
            lengths: &blob.lengths,
            order: &blob.order,
        };
        encode(&head, &blob.annotation)
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
