//! Articles with names marked by people, as `shared/eval` keeps them: one JSON object a line,
//! offsets in code points. Read for training and for scoring.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;

use crate::text::Span;

/// One marked article.
#[derive(Clone, Debug)]
pub struct Marked {
    /// Its name in the set.
    pub id: String,
    /// Its text.
    pub text: String,
    /// The names with their labels (PER, ORG, LOC, MISC), in bytes.
    pub names: Vec<(Span, String)>,
}

#[derive(Deserialize)]
struct Line {
    doc_id: String,
    text: String,
    entities: Vec<Name>,
}

#[derive(Deserialize)]
struct Name {
    start: usize,
    end: usize,
    label: String,
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

/// The articles of one file.
///
/// # Errors
/// When the file cannot be read or a line is not what it should be.
pub fn read(path: &Path) -> anyhow::Result<Vec<Marked>> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let plain: Box<dyn Read> = match path.extension().is_some_and(|e| e == "gz") {
        true => Box::new(flate2::read::MultiGzDecoder::new(file)),
        false => Box::new(file),
    };
    let place = |number: usize| format!("{}: line {}", path.display(), number + 1);
    let mut articles = Vec::new();
    for (number, line) in BufReader::new(plain).lines().enumerate() {
        let line = line.with_context(|| place(number))?;
        if !line.trim().is_empty() {
            let line: Line = serde_json::from_str(&line).with_context(|| place(number))?;
            articles.push(marked(line).with_context(|| place(number))?);
        }
    }
    Ok(articles)
}

fn marked(line: Line) -> anyhow::Result<Marked> {
    let mut bytes: Vec<usize> = line.text.char_indices().map(|(at, _)| at).collect();
    bytes.push(line.text.len());
    let byte = |at: usize| bytes.get(at).copied().context("an offset past the end of the text");
    let mut names = Vec::with_capacity(line.entities.len());
    for name in line.entities {
        names.push((
            Span::new(byte(name.start)?, byte(name.end)?.max(byte(name.start)?)),
            name.label,
        ));
    }
    Ok(Marked { id: line.doc_id, text: line.text, names })
}
