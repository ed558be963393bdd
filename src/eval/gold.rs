//! Gold files: marked articles, one JSON object a line, offsets in code points. Reading those with
//! marked attributions into byte spans of their text (`train::gold` reads marked names); not for
//! scoring.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::article::Article;
use crate::read;
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
    /// direct, or mixed for the marked part of a reported clause
    pub kind: String,
    /// How many words it has.
    pub n_words: usize,
    /// Whether a closing mark was found.
    pub closed: bool,
    /// Whether it goes on with the quotation of the paragraph before.
    pub continues: bool,
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
    kind: String,
    n_words: usize,
    closed: bool,
    continues: bool,
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
            kind: t.kind,
            n_words: t.n_words,
            closed: t.closed,
            continues: t.continues,
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

/// The files at `paths`; of a folder all its .jsonl and .jsonl.gz files, by name.
///
/// # Errors
/// When a folder cannot be read.
pub fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let listing = path.read_dir().with_context(|| format!("cannot read {}", path.display()))?;
        let mut found: Vec<PathBuf> = listing.filter_map(|e| Some(e.ok()?.path())).collect();
        found.retain(|p| {
            p.to_str().is_some_and(|p| p.ends_with(".jsonl") || p.ends_with(".jsonl.gz"))
        });
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// The objects of a file, one a line; gzipped where its name says so.
///
/// # Errors
/// When it cannot be read or a line is not of the format.
pub fn records<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let zipped = path.extension().is_some_and(|e| e == "gz");
    let plain: Box<dyn Read> =
        if zipped { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut records = Vec::new();
    for (number, line) in BufReader::new(plain).lines().enumerate() {
        let place = || format!("{}: line {}", path.display(), number + 1);
        let line = line.with_context(place)?;
        if !line.trim().is_empty() {
            records.push(serde_json::from_str(&line).with_context(place)?);
        }
    }
    Ok(records)
}

/// The articles of a gold file.
///
/// # Errors
/// When it cannot be read or a line is not of the format.
pub fn read(path: &Path) -> anyhow::Result<Vec<Gold>> {
    let records: Vec<Record> = records(path)?;
    Ok(records.into_iter().map(Gold::from).collect())
}

/// The articles of gold files and folders, each also as a reader gives it.
///
/// # Errors
/// When something cannot be read or a line is not of the format.
pub fn articles(data: &[PathBuf]) -> anyhow::Result<Vec<(Gold, Article)>> {
    let mut articles = Vec::new();
    for path in files(data)? {
        for gold in read(&path)? {
            let article = read::article_of_text(&gold.id, &gold.text);
            articles.push((gold, article));
        }
    }
    Ok(articles)
}
