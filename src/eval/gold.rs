//! Gold files for quotes: articles with marked attributions, one JSON object a line, offsets in
//! code points. Reading them into byte spans of their text; not for scoring.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::Context;
use flate2::read::GzDecoder;
use serde::Deserialize;

use crate::text::Span;

/// One marked article; spans index `text` in bytes.
#[derive(Clone, Debug)]
pub struct Gold {
    /// Its name.
    pub id: String,
    /// The text as it was given.
    pub text: String,
    /// All attributions.
    pub attributions: Vec<Attribution>,
    /// Double-quoted stretches that are attributed.
    pub turns: Vec<Turn>,
    /// Regions that nobody marked.
    pub ignore: Vec<Span>,
}

/// A marked attribution.
#[derive(Clone, Debug)]
pub struct Attribution {
    /// Its name in the article.
    pub id: String,
    /// direct, mixed, scare, indirect
    pub kind: String,
    /// Words that name the source; none for an unnamed one.
    pub source: Vec<Span>,
    /// Words that say that somebody speaks.
    pub cue: Vec<Span>,
    /// What is said.
    pub content: Vec<Span>,
    /// Form of the source: pronoun, surname …
    pub source_type: String,
}

/// A double-quoted stretch that is part of an attribution.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Its name in the article.
    pub id: String,
    /// The attribution it belongs to.
    pub attribution: String,
    /// The words that count.
    pub span: Span,
    /// All between the marks.
    pub stretch: Span,
    /// Whether it counts; others are forgiven either way.
    pub required: bool,
    /// Words that name the source.
    pub source: Vec<Span>,
    /// Form of the source: pronoun, surname …
    pub source_type: String,
    /// Full name of the speaker, made by rules.
    pub silver_speaker: Option<String>,
}

type Offsets = Vec<[usize; 2]>;

#[derive(Deserialize)]
struct Record {
    doc_id: String,
    text: String,
    attributions: Vec<RecordAttribution>,
    turns: Vec<RecordTurn>,
    ignore: Offsets,
}

#[derive(Deserialize)]
struct RecordAttribution {
    id: String,
    kind: String,
    source: Offsets,
    cue: Offsets,
    content: Offsets,
    source_type: String,
}

#[derive(Deserialize)]
struct RecordTurn {
    id: String,
    attribution: String,
    span: [usize; 2],
    stretch: [usize; 2],
    required: bool,
    source: Offsets,
    source_type: String,
    silver_speaker: Option<String>,
}

/// The byte offset of every code point of a text.
struct Bytes(Vec<u32>);

impl Bytes {
    fn new(text: &str) -> Self {
        let starts = text.char_indices().map(|(at, _)| at as u32);
        Bytes(starts.chain([text.len() as u32]).collect())
    }

    fn span(&self, [start, end]: [usize; 2]) -> Span {
        Span::new(self.0[start] as usize, self.0[end] as usize)
    }

    fn spans(&self, offsets: Offsets) -> Vec<Span> {
        offsets.into_iter().map(|o| self.span(o)).collect()
    }
}

impl From<Record> for Gold {
    fn from(record: Record) -> Self {
        let bytes = Bytes::new(&record.text);
        let attribution = |a: RecordAttribution| Attribution {
            id: a.id,
            kind: a.kind,
            source: bytes.spans(a.source),
            cue: bytes.spans(a.cue),
            content: bytes.spans(a.content),
            source_type: a.source_type,
        };
        let turn = |t: RecordTurn| Turn {
            id: t.id,
            attribution: t.attribution,
            span: bytes.span(t.span),
            stretch: bytes.span(t.stretch),
            required: t.required,
            source: bytes.spans(t.source),
            source_type: t.source_type,
            silver_speaker: t.silver_speaker,
        };
        Gold {
            attributions: record.attributions.into_iter().map(attribution).collect(),
            turns: record.turns.into_iter().map(turn).collect(),
            ignore: bytes.spans(record.ignore),
            id: record.doc_id,
            text: record.text,
        }
    }
}

/// Reads a gold file, plain or gzipped by its name.
///
/// # Errors
/// When it cannot be read or a line is not of the format.
pub fn read(path: &Path) -> anyhow::Result<Vec<Gold>> {
    let name = || path.display().to_string();
    let file = File::open(path).with_context(name)?;
    let zipped = path.extension().is_some_and(|e| e == "gz");
    let input: Box<dyn Read> = if zipped { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
    let mut articles = Vec::new();
    for (number, line) in BufReader::new(input).lines().enumerate() {
        let line = line.with_context(name)?;
        if line.trim().is_empty() {
            continue;
        }
        let record: Record = serde_json::from_str(&line)
            .with_context(|| format!("{}: line {}", path.display(), number + 1))?;
        articles.push(record.into());
    }
    Ok(articles)
}
