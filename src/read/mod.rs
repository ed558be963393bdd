//! From a folder to articles: the only place where text is changed (encoding, line ends, white
//! space), and it keeps the way back to the offsets of what was given.
//!
//! A `Source` is a file; it streams `RawRecord`s (the whole file, or one JSON object of a container
//! file) on one thread; `parse` turns a record into an `Article` on any worker.

use std::path::{Path, PathBuf};

use crate::article::Article;
use crate::report::Problem;

/// How to read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// `--field text=FIELD` overrides: (our name, field name).
    pub fields: Vec<(String, String)>,
    /// Largest file or record taken, bytes after decompression of a single article.
    pub max_file_size: u64,
}

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions { fields: Vec::new(), max_file_size: 1 << 30 }
    }
}

/// One file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// Its name in ids: relative to the folder that was given, `/` as separator, lossless.
    pub name: String,
    /// Bytes on disk.
    pub size: u64,
    /// Last change, nanoseconds since 1970.
    pub modified: i128,
}

/// The files under `paths` in a stable order, and what could not be used.
pub fn walk(paths: &[PathBuf]) -> impl Iterator<Item = Result<Source, Problem>> {
    let _ = paths;
    std::iter::empty()
}

/// What a record is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text or Markdown.
    Text,
    /// A saved web page.
    Html,
    /// One JSON object.
    Json,
}

/// The bytes of one article, decompressed, not yet parsed.
#[derive(Clone, Debug)]
pub struct RawRecord {
    /// Where it comes from.
    pub source: std::sync::Arc<Source>,
    /// Number of the record in a container file, from 1; `None` where the file is one article.
    pub number: Option<u64>,
    /// What the bytes are.
    pub format: Format,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Streams the records of one file; problems are items, and the stream goes on where it can.
pub fn records(
    source: Source,
    options: &ReadOptions,
) -> Box<dyn Iterator<Item = Result<RawRecord, Problem>> + Send> {
    let _ = (source, options);
    Box::new(std::iter::empty())
}

/// Turns the bytes of a record into an article. Pure.
pub fn parse(record: &RawRecord, options: &ReadOptions) -> Result<Article, Problem> {
    let _ = (record, options);
    Err(Problem {
        path: record.source.name.clone(),
        place: None,
        kind: crate::report::ProblemKind::NoText,
        reason: String::new(),
    })
}

/// An article out of text that is given as it is (`whosaid extract`), `origin` leading back to it.
pub fn article_of_text(id: &str, text: &str) -> Article {
    let _ = (id, text);
    Article::default()
}

/// The name a path has in article ids.
pub fn display_name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
