//! `whosaid extract`: the annotation of articles without an index, one JSON object a line.

use std::io::{self, BufRead, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use serde::Deserialize;

use super::Outcome;
use crate::annotate::annotate;
use crate::article::{Article, OffsetMap, Part};
use crate::output::annotation::{Answer, Unit};
use crate::pipeline::{guarded, ordered};
use crate::read::{self, Format, RawRecord, ReadOptions};
use crate::report::{Problem, ProblemKind};

/// Bytes of input on their way through the workers.
const IN_FLIGHT: usize = 64 << 20;

/// What to extract from, and how to answer.
#[derive(Clone, Debug)]
pub struct Config {
    /// Files and folders; none: objects with id and text on standard input.
    pub files: Vec<PathBuf>,
    /// What offsets count.
    pub unit: Unit,
    /// Whether answers carry the text of the article.
    pub with_text: bool,
    /// Worker threads.
    pub threads: usize,
    /// How to read.
    pub reading: ReadOptions,
}

/// One article, not yet parsed.
enum Raw {
    /// A line of standard input and its number.
    Line(u64, Vec<u8>),
    /// A record of a file.
    Record(RawRecord),
}

/// Runs the command.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(config: &Config) -> anyhow::Result<Outcome> {
    let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut outcome = Outcome::Fine;
    let work = |raw: Result<Raw, Problem>| raw.and_then(|raw| answer(raw, config));
    let cost = |raw: &Result<Raw, Problem>| raw.as_ref().map_or(0, Raw::len);
    ordered(config.threads, IN_FLIGHT, raws(config), cost, work, |answer| {
        match answer {
            Ok(line) => out.write_all(&line).context("standard output")?,
            Err(problem) => {
                outcome = Outcome::Incomplete;
                super::complain(&problem);
            }
        }
        Ok(())
    })?;
    out.flush().context("standard output")?;
    Ok(outcome)
}

impl Raw {
    fn len(&self) -> usize {
        match self {
            Raw::Line(_, bytes) => bytes.len(),
            Raw::Record(record) => record.bytes.len(),
        }
    }
}

fn raws(config: &Config) -> Box<dyn Iterator<Item = Result<Raw, Problem>> + Send> {
    if config.files.is_empty() {
        return Box::new(lines(io::BufReader::new(io::stdin()), config.reading.max_file_size));
    }
    let reading = config.reading.clone();
    let sources: Vec<_> = read::walk(&config.files).collect();
    Box::new(sources.into_iter().flat_map(move |source| match source {
        Ok(source) => {
            Box::new(read::records(Arc::new(source), &reading).map(|r| r.map(Raw::Record)))
        }
        Err(problem) => {
            Box::new(std::iter::once(Err(problem))) as Box<dyn Iterator<Item = _> + Send>
        }
    }))
}

/// The lines of standard input that are not blank; one over the limit is skipped as a problem.
fn lines(mut input: impl BufRead, limit: u64) -> impl Iterator<Item = Result<Raw, Problem>> {
    let mut number = 0;
    std::iter::from_fn(move || {
        loop {
            number += 1;
            let mut line = Vec::new();
            match input.by_ref().take(limit).read_until(b'\n', &mut line) {
                Err(error) => {
                    let reason = format!("cannot read: {error}");
                    return Some(Err(problem(number, ProblemKind::Unreadable, reason)));
                }
                Ok(0) => return None,
                Ok(_) if line.len() as u64 == limit && line.last() != Some(&b'\n') => {
                    // An error here comes again with the next read.
                    input.skip_until(b'\n').ok();
                    let reason = format!("a line longer than {limit} bytes (--max-file-size)");
                    return Some(Err(problem(number, ProblemKind::TooLarge, reason)));
                }
                Ok(_) if line.trim_ascii().is_empty() => {}
                Ok(_) => return Some(Ok(Raw::Line(number, line))),
            }
        }
    })
}

fn problem(line: u64, kind: ProblemKind, reason: String) -> Problem {
    Problem { path: "standard input".into(), place: Some(format!("line {line}")), kind, reason }
}

/// What a line of standard input must hold; more is welcome and ignored.
#[derive(Deserialize)]
struct Request {
    id: Option<Id>,
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(serde_json::Number),
}

fn answer(raw: Raw, config: &Config) -> Result<Vec<u8>, Problem> {
    match raw {
        Raw::Line(number, bytes) => {
            let (id, text) = request(number, &bytes)?;
            drop(bytes);
            guarded(&id, || Ok(encode(&read::article_of_text(&id, &text), Some(&text), config)))
        }
        Raw::Record(record) => guarded(&record.source.name, || {
            let mut article = read::parse(&record, &config.reading)?;
            if record.format != Format::Text {
                drop_headline(&mut article);
            }
            Ok(encode(&article, None, config))
        }),
    }
}

/// Leaves the headline out of the text where the source gives it apart: "title" holds it, and
/// "text" is the body alone.
fn drop_headline(article: &mut Article) {
    if article.parts.first() == Some(&Part::Title) && article.meta.title.is_some() {
        let body = article.text.find("\n\n").map_or(article.text.len(), |end| end + 2);
        article.text.drain(..body);
        article.parts.remove(0);
        article.origin = OffsetMap::default();
    }
}

fn request(number: u64, bytes: &[u8]) -> Result<(String, String), Problem> {
    let request: Request = serde_json::from_slice(bytes)
        .map_err(|e| problem(number, ProblemKind::Malformed, format!("not a JSON object: {e}")))?;
    let id = match request.id {
        Some(Id::Text(id)) => id,
        Some(Id::Number(id)) => id.to_string(),
        None => number.to_string(),
    };
    let no_text = || problem(number, ProblemKind::NoText, "no \"text\" in the object".into());
    Ok((id, request.text.ok_or_else(no_text)?))
}

/// The answer to one article as a line. Offsets index `given`, or else the article's own text.
fn encode(article: &Article, given: Option<&str>, config: &Config) -> Vec<u8> {
    let annotation = annotate(article);
    let answer = Answer::new(article, &annotation, given, config.unit);
    answer.to_line(config.with_text)
}
