//! From a folder to articles: the only place where text is changed (encoding, line ends, white
//! space), and it keeps the way back to the offsets of what was given.
//!
//! [`walk`] names the files. [`records`] streams the records of one file (the whole file, or one
//! object of a container file) with bounded memory; [`feed`] does so for many files with many
//! reading threads. [`parse`] turns a record into an [`Article`] on any worker; it is pure, and
//! whatever a record holds, the answer is an article or a [`Problem`].

mod boilerplate;
mod clean;
mod dateline;
mod dates;
mod encoding;
mod feed;
mod fields;
mod flatten;
mod furniture;
mod html;
mod input;
mod json;
mod layout;
mod markdown;
mod markup;
mod mend;
mod meta;
mod page;
mod records;
mod scan;
mod sniff;
mod text;
mod walk;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::article::{Article, Metadata};
use crate::report::{Problem, ProblemKind};
use clean::Cleaned;

pub use feed::{Batch, End, Feed, feed};
pub use input::content_hash;
pub use records::{Records, records};
pub use walk::{Walk, display_name, id_name, named_path, walk};

/// How to read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// `--field text=FIELD` overrides: (our name, field name). Our names are `text`, `title`,
    /// `authors`, `outlet`, `date`, `url` and `language`.
    pub fields: Vec<(String, String)>,
    /// The largest article taken, in bytes after decompression: a file that is one article, or
    /// one record of a container file. A container file itself may be of any size.
    pub max_file_size: u64,
}

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions { fields: Vec::new(), max_file_size: 256 << 20 }
    }
}

/// One file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The folder or file that was given, as it was given.
    pub root: Arc<Path>,
    /// Where the file is: `root` itself or below it.
    pub path: PathBuf,
    /// Its name in ids: relative to `root` (the file's own name where `root` is the file), `/`
    /// as separator, reversible, without control characters. Moving the root does not change
    /// it; two roots may hold files of the same name.
    pub name: String,
    /// Bytes on disk.
    pub size: u64,
    /// Last change, nanoseconds since 1970.
    pub modified: i128,
}

impl Source {
    /// The id of its article of a number, as [`RawRecord::id`] has it.
    pub fn article_id(&self, number: Option<u64>) -> String {
        match number {
            Some(number) => format!("{}#{number}", self.name),
            None => self.name.clone(),
        }
    }
}

/// What a record is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text.
    Text,
    /// Markdown, with or without front matter.
    Markdown,
    /// A saved web page.
    Html,
    /// One JSON object.
    Json,
}

/// The bytes of one article, decompressed, not yet parsed.
#[derive(Clone, Debug)]
pub struct RawRecord {
    /// Where it comes from.
    pub source: Arc<Source>,
    /// Number of the record in a container file, from 1; `None` where the file is one article.
    pub number: Option<u64>,
    /// The line of the file it starts in, from 1.
    pub line: u64,
    /// What the bytes are.
    pub format: Format,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl RawRecord {
    /// The id of its article: the name of the file, with `#number` inside a container file.
    pub fn id(&self) -> String {
        self.source.article_id(self.number)
    }

    /// A problem with this record.
    pub fn problem(&self, kind: ProblemKind, reason: impl Into<String>) -> Problem {
        let path = display_name(&self.source.path);
        let place = self.number.map(|_| format!("line {}", self.line));
        Problem { path, place, kind, reason: reason.into() }
    }
}

/// Turns the bytes of a record into an article. Pure.
///
/// # Errors
/// When the record holds no article, or none that can be read.
pub fn parse(record: &RawRecord, options: &ReadOptions) -> Result<Article, Problem> {
    let mut article = match record.format {
        Format::Json => json::parse(record, options),
        Format::Html => html::parse(record),
        Format::Text => of_text(record, text::read),
        Format::Markdown => of_text(record, markdown::read),
    }?;
    article.meta.date = article.meta.date.or_else(|| dateline::date(&article));
    Ok(article)
}

/// An article out of text that is given as it is (`whosaid extract`), `origin` leading back to it.
pub fn article_of_text(id: &str, text: &str) -> Article {
    let (cleaned, meta) = text::read(text);
    let Cleaned { text, parts, origin } = cleaned;
    Article { id: id.to_string(), path: id.to_string(), meta, text, parts, origin }
}

fn of_text(
    record: &RawRecord,
    read: impl Fn(&str) -> (Cleaned, Metadata),
) -> Result<Article, Problem> {
    let (cleaned, meta) = read(&encoding::decode(&record.bytes));
    match cleaned.text.is_empty() {
        true => Err(record.problem(ProblemKind::NoText, "no text in it")),
        false => Ok(assemble(record, meta, cleaned)),
    }
}

fn assemble(record: &RawRecord, meta: Metadata, cleaned: Cleaned) -> Article {
    let Cleaned { text, parts, origin } = cleaned;
    let path = display_name(&record.source.path);
    Article { id: record.id(), path, meta, text, parts, origin }
}
