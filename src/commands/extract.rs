//! `whosaid extract`: the annotation of articles without an index, one JSON object a line.

use std::io::{self, BufRead, Read, Write};
use std::path::PathBuf;

use anyhow::Context;
use serde::Deserialize;

use super::Outcome;
use crate::annotate::TOGETHER;
use crate::article::{Article, OffsetMap, Part};
use crate::output::annotation::{Answer, Unit};
use crate::pipeline::{Batch, IN_FLIGHT, Workers, annotated, batches, guarded, ordered, records};
use crate::read::{self, Format, RawRecord, ReadOptions};
use crate::report::{Problem, ProblemKind};

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
    let work = |batch: Batch<Raw>| answers(batch, config);
    let cost = |batch: &Batch<Raw>| batch.iter().flatten().map(Raw::len).sum();
    ordered(config.threads, IN_FLIGHT, raws(config), cost, work, |answers| {
        for answer in answers {
            match answer {
                Ok(line) => out.write_all(&line).context("standard output")?,
                Err(problem) => {
                    outcome = Outcome::Incomplete;
                    super::complain(&problem);
                }
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

fn raws(config: &Config) -> Box<dyn Iterator<Item = Batch<Raw>> + Send> {
    if config.files.is_empty() {
        let input = io::BufReader::with_capacity(TOGETHER, io::stdin());
        let limit = config.reading.max_file_size;
        let lines = Lines { input, number: 0, limit, failed: false };
        // Who writes a line and waits for its answer gets it.
        return Box::new(batches(lines, Raw::len, |lines| lines.input.buffer().contains(&b'\n')));
    }
    let records = records(&config.files, &config.reading).map(|record| record.map(Raw::Record));
    Box::new(batches(records, Raw::len, |_| true))
}

/// The lines of an input that are not blank; one over the limit is skipped as a problem.
struct Lines<R> {
    input: io::BufReader<R>,
    number: u64,
    /// Bytes of the longest line.
    limit: u64,
    /// Reading has failed: it would fail for ever.
    failed: bool,
}

impl<R: Read> Iterator for Lines<R> {
    type Item = Result<Raw, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.failed {
            self.number += 1;
            let (number, limit) = (self.number, self.limit);
            let mut line = Vec::new();
            match self.input.by_ref().take(limit).read_until(b'\n', &mut line) {
                Err(error) => {
                    self.failed = true;
                    let reason = format!("cannot read: {error}");
                    return Some(Err(problem(number, ProblemKind::Unreadable, reason)));
                }
                Ok(0) => return None,
                Ok(_) if line.len() as u64 == limit && line.last() != Some(&b'\n') => {
                    // An error here comes again with the next read.
                    self.input.skip_until(b'\n').ok();
                    let reason = format!("a line longer than {limit} bytes (--max-file-size)");
                    return Some(Err(problem(number, ProblemKind::TooLarge, reason)));
                }
                Ok(_) if line.trim_ascii().is_empty() => {}
                Ok(_) => return Some(Ok(Raw::Line(number, line))),
            }
        }
        None
    }
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

/// An article, ready to be annotated.
struct Parsed {
    /// To report it by.
    name: String,
    article: Article,
    /// The text as it was given, where offsets index that.
    given: Option<String>,
}

/// One line, or what was wrong, for each article of a batch.
fn answers(batch: Batch<Raw>, config: &Config) -> Vec<Result<Vec<u8>, Problem>> {
    let parsed: Vec<_> =
        batch.into_iter().map(|raw| raw.and_then(|raw| parse(raw, config))).collect();
    let read: Vec<&Parsed> = parsed.iter().flatten().collect();
    let articles: Vec<&Article> = read.iter().map(|one| &one.article).collect();
    let name = |number: usize| read[number].name.clone();
    let mut annotations = annotated(&articles, name, &Workers { timings: None }).into_iter();
    let mut answer = |one: &Parsed| {
        let annotation = annotations.next().expect("one for every article")?;
        let given = one.given.as_deref();
        guarded(&one.name, || {
            let answer = Answer::new(&one.article, &annotation, given, config.unit);
            Ok(answer.to_line(config.with_text))
        })
    };
    parsed.iter().map(|one| one.as_ref().map_err(Problem::clone).and_then(&mut answer)).collect()
}

fn parse(raw: Raw, config: &Config) -> Result<Parsed, Problem> {
    match raw {
        Raw::Line(number, bytes) => {
            let (id, text) = request(number, &bytes)?;
            drop(bytes);
            guarded(&id, || {
                let article = read::article_of_text(&id, &text);
                Ok(Parsed { name: id.clone(), article, given: Some(text) })
            })
        }
        Raw::Record(record) => guarded(&record.source.name, || {
            let mut article = read::parse(&record, &config.reading)?;
            if record.format != Format::Text {
                drop_headline(&mut article);
            }
            Ok(Parsed { name: record.source.name.clone(), article, given: None })
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
