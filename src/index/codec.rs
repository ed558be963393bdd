//! The compact form in which an article and its annotation are stored: variable-length numbers
//! and strings, cut into streams of values of one kind, which pack far better each by itself than
//! mixed. It knows no tantivy; the format version of the index covers it.
//!
//! What is told elsewhere is not stored again: a name that is printed in the text is the number of
//! the mention that prints it, a speaker who is an entity the number of the entity, a key that
//! follows from the name nothing at all; and who said a quote, and how sure that is, are columns of
//! the index ([`Said`]).

mod decode;
mod encode;

pub use encode::encode;

use self::decode::Decoder;
use super::names::key_start;
use crate::article::{Annotation, EntityKind, Metadata, Part, QuoteKind, SpeakerKind};
use crate::text::Span;

/// How many streams there are.
pub const STREAMS: usize = Stream::More as usize + 1;

/// The streams of an article, by `Stream`.
pub type Streams = [Vec<u8>; STREAMS];

/// A kind of values. Those of the head come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    /// Root, id, path and file.
    Names,
    Title,
    Url,
    /// The other metadata.
    Meta,
    Parts,
    Lengths,
    Order,
    /// How many entities, mentions and quotes.
    Counts,
    /// A byte an entity: see `encode`.
    Entity,
    /// The mention that prints the name, or none.
    Printed,
    /// Names that no mention prints, and keys that do not follow from the name.
    Strings,
    /// Roles and parties of entities.
    Roles,
    /// From the start of one mention to the next, in the order of the text.
    MentionStep,
    MentionLength,
    /// Which entity is mentioned.
    Mentioned,
    QuoteFlags,
    QuoteStep,
    QuoteLength,
    CueStep,
    CueLength,
    SourceStep,
    SourceLength,
    Speaker,
    SpeakerRole,
    Rule,
    /// What few quotes have: several parts or cues, echoes, inner speech.
    More,
}

/// How much of an article is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// For `Blob::decode_head`.
    Head,
    /// For `Blob::decode_quotes`.
    Quotes,
    /// For `Blob::decode`.
    All,
}

impl Depth {
    /// Whether a stream is needed; the others may be left empty.
    pub fn needs(self, stream: usize) -> bool {
        let only_entities = [
            Stream::Printed,
            Stream::Strings,
            Stream::MentionStep,
            Stream::MentionLength,
            Stream::Mentioned,
        ];
        match self {
            Depth::Head => stream <= Stream::Counts as usize,
            Depth::Quotes => only_entities.iter().all(|&other| other as usize != stream),
            Depth::All => true,
        }
    }
}

/// What the columns of the index say of a quote.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// Key and name of the speaker.
    pub by: Option<(String, String)>,
    /// Thousandths.
    pub confidence: u64,
}

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
    /// Head, entities and quotes. `text` is the text of the article, `said` tells of each quote what
    /// its columns say.
    pub fn decode(
        streams: [&[u8]; STREAMS],
        text: &str,
        said: impl FnMut(usize) -> Said,
    ) -> Read<Blob> {
        Decoder::new(streams).whole(text, said)
    }

    /// Head, and the quotes of these numbers, which ascend. What `said` does not tell stays empty.
    pub fn decode_quotes(
        streams: [&[u8]; STREAMS],
        wanted: &[usize],
        said: impl FnMut(usize) -> Said,
    ) -> Read<Blob> {
        Decoder::new(streams).with_quotes(wanted, said)
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
    pub fn decode_head(streams: [&[u8]; STREAMS]) -> Read<Blob> {
        Decoder::new(streams).head()
    }
}

/// What of an article stands before its annotation.
pub struct Head<'a> {
    /// Root, id, path and file.
    pub names: [&'a str; 4],
    /// Metadata.
    pub meta: &'a Metadata,
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

/// The key that most names have.
fn usual_key(kind: SpeakerKind, name: &str) -> String {
    [key_start(kind), &name.to_lowercase()].concat()
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
    use smallvec::smallvec;

    use crate::article::{Entity, Gender, InnerSpeech, Mention, Quote, Speaker};

    fn sample() -> Blob {
        let speaker = Speaker {
            key: "person:ann lee".into(),
            name: "Ann Lee".into(),
            role: Some("mayor".into()),
            kind: SpeakerKind::Person,
        };
        let mention = Mention { span: Span::new(43, 50), kind: EntityKind::Place };
        let entity = Entity {
            key: "person:ann lee".into(),
            name: "Ann Lee".into(),
            kind: EntityKind::Person,
            role: None,
            party: Some("D-Wis.".into()),
            gender: Some(Gender::Male),
            mentions: vec![Mention { span: Span::new(8, 15), ..mention }, mention],
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
            content: smallvec![Span::new(10, 20)],
            cue: smallvec![Span::new(21, 25)],
            source: None,
            speaker: Some(known),
            rule: "cue".into(),
            confidence: 0.9,
            echoes: smallvec![],
            inner: vec![],
        };
        let two_cues = Quote {
            cue: smallvec![Span::new(1, 2), Span::new(5, 6)],
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
            content: smallvec![Span::new(300, 4000), Span::new(2, 3)],
            cue: smallvec![],
            source: Some(Span::new(5, 5)),
            speaker: Some(speaker.clone()),
            rule: "cue".into(),
            confidence: 0.875,
            echoes: smallvec![Span::new(9, 12)],
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
            parts: vec![Part::Title, Part::Credit],
            lengths: vec![3, 70_000, 3],
            order: vec![0, 1, 0],
            annotation: Annotation {
                entities: vec![entity],
                quotes: vec![quote, plain, two_cues, again, nobody],
            },
        }
    }

    const TEXT: &str =
        "Here is A Place, and the mayor said to us: Ann Lee was not asked, said Ann Lee.";

    fn encoded(blob: &Blob) -> Streams {
        let head = Head {
            names: [blob.root.as_str(), &blob.id, &blob.path, &blob.file],
            meta: &blob.meta,
            parts: &blob.parts,
            lengths: &blob.lengths,
            order: &blob.order,
        };
        encode(&head, &blob.annotation, TEXT)
    }

    fn borrowed(streams: &Streams) -> [&[u8]; STREAMS] {
        std::array::from_fn(|stream| streams[stream].as_slice())
    }

    /// The columns of the sample.
    fn said(nth: usize) -> Said {
        let quotes = sample().annotation.quotes;
        let by = quotes[nth].speaker.clone().map(|speaker| (speaker.key, speaker.name));
        Said { by, confidence: thousandths(quotes[nth].confidence) }
    }

    #[test]
    fn comes_back_as_it_went_in() {
        let streams = encoded(&sample());
        assert_eq!(Blob::decode(borrowed(&streams), TEXT, said), Ok(sample()));
        let needed = |depth: Depth| -> [&[u8]; STREAMS] {
            let all = borrowed(&streams);
            std::array::from_fn(|at| if depth.needs(at) { all[at] } else { &[] })
        };
        let head = Blob::decode_head(needed(Depth::Head)).unwrap();
        assert_eq!(head, Blob { annotation: Annotation::default(), ..sample() });
        let mut quotes = sample();
        quotes.annotation.entities.clear();
        let decode = |wanted: &[usize]| Blob::decode_quotes(needed(Depth::Quotes), wanted, said);
        let all = quotes.annotation.quotes.len();
        for wanted in (0..all).map(|nth| vec![nth]).chain([vec![0, all - 1], (0..all).collect()]) {
            let mut those = quotes.clone();
            those.annotation.quotes =
                wanted.iter().map(|&nth| quotes.annotation.quotes[nth].clone()).collect();
            assert_eq!(decode(&wanted), Ok(those));
        }
        assert!([&[all][..], &[1, 0], &[1, 1]].iter().all(|odd| decode(odd).is_err()));
    }

    #[test]
    fn damage_is_an_error_or_another_article_and_never_a_panic() {
        let whole = encoded(&sample());
        let said = |nth: usize| if nth < 5 { said(nth) } else { Said::default() };
        for stream in 0..STREAMS {
            for cut in 0..whole[stream].len() {
                let mut streams = whole.clone();
                streams[stream].truncate(cut);
                assert_eq!(Blob::decode(borrowed(&streams), TEXT, said), Err(Damaged));
            }
            for at in 0..whole[stream].len() {
                for flip in [1, 0x80, 0xff] {
                    let mut streams = whole.clone();
                    streams[stream][at] ^= flip;
                    let _ = Blob::decode(borrowed(&streams), TEXT, said);
                }
            }
        }
    }
}
