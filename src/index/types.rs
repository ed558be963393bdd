//! What goes into the index and what comes out of it: plain data, no behaviour.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::article::{Annotation, Article, Metadata, QuoteKind, SpeakerKind};
use crate::report::Problem;

/// A folder (or single file) that the index was built from.
///
/// Everything in the index belongs to a root by its label, never by its place on the disk, so an
/// archive can move: only `path` changes then.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Root {
    /// Stable name; articles of two roots never clash, whatever their ids.
    pub label: String,
    /// Where it was last seen, as `read::display_name` writes a path.
    pub path: String,
    /// How the JSON of its parts is read, where not by the usual field names; see [`Root::fields`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mappings: Vec<Mapping>,
}

/// Field names that were given for a root or a part of it (`--field`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mapping {
    /// The folder or file in the root; empty for the root itself.
    pub within: String,
    /// Our name and theirs; none for the usual ones.
    pub fields: Vec<(String, String)>,
}

/// One file as it was when it was last read: what decides whether it must be read again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Label of its root.
    pub root: String,
    /// `Source::name`.
    pub name: String,
    /// Bytes on disk.
    pub size: u64,
    /// Last change, nanoseconds since 1970.
    pub modified: i64,
    /// Hash of its bytes.
    pub hash: u64,
    /// What could not be used of it.
    pub problems: Vec<Problem>,
    /// Hash of the options it was read with, as far as they matter for it; 0 for the usual ones.
    pub options: u64,
}

/// One article with all that was found in it, ready to be indexed.
#[derive(Clone, Debug)]
pub struct ArticleDocs {
    /// Label of its root.
    pub root: String,
    /// Name of its file, as in `FileRecord::name`.
    pub file: String,
    /// Hash of the record it was read from: an unchanged record need not be annotated again.
    pub record: u64,
    /// The article.
    pub article: Article,
    /// What was found in it.
    pub annotation: Annotation,
}

/// What one `put` did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PutStats {
    /// Paragraphs in the article.
    pub paragraphs: u64,
    /// Paragraphs that were there already: earlier in the article, or in another one.
    pub repeats: u64,
    /// Quotes written.
    pub quotes: u64,
    /// Quotes without a speaker among them.
    pub unknown: u64,
}

/// Filters shared by every search.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// `--speaker`: surname, full name or key; typos are forgiven.
    pub speaker: Option<String>,
    /// `--mentions`: full name or key; all must be mentioned.
    pub mentions: Vec<String>,
    /// `--outlet`: any of them.
    pub outlet: Vec<String>,
    /// `--author`: any of them.
    pub author: Vec<String>,
    /// `--since`, inclusive.
    pub since: Option<jiff::civil::DateTime>,
    /// `--until`, inclusive (end of that day where it is a day).
    pub until: Option<jiff::civil::DateTime>,
    /// `--kind`: any of them.
    pub kind: Vec<QuoteKind>,
    /// `--unknown`: only quotes without a speaker.
    pub unknown: bool,
    /// `--min-confidence`.
    pub min_confidence: Option<f32>,
}

/// Order of hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Exact speakers before similar ones, then best score, then earliest.
    #[default]
    Relevance,
    /// Earliest first, undated last.
    Date,
}

/// What to search for and how to show it.
#[derive(Clone, Debug, Default)]
pub struct SearchOptions {
    /// The words, in the language of `index::parse_query`; empty for all that pass the filters.
    pub words: String,
    /// Which documents count.
    pub filters: Filters,
    /// Order of hits.
    pub sort: Sort,
    /// Paragraphs of context on either side of a hit.
    pub context: usize,
    /// So many hits will be taken at most, those passed over too; `None`: any number. Fewer cost
    /// less.
    pub most: Option<usize>,
}

/// Where one quote or passage stands.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Occurrence {
    /// Article id.
    pub article: String,
    /// File.
    pub path: String,
    /// What the article says about itself.
    #[serde(flatten)]
    pub meta: Metadata,
    /// First byte in the article's text.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// One hit of a search for quotes: one `quote_id`, all its occurrences.
#[derive(Clone, Debug, Serialize)]
pub struct QuoteHit {
    /// Hash of normalised words and speaker key.
    pub quote_id: String,
    /// The words, parts joined by " … " where something stands between them.
    pub quote: String,
    /// Fullest name, `None` for unknown.
    pub speaker: Option<String>,
    /// What the speaker is.
    pub speaker_kind: Option<SpeakerKind>,
    /// Role as printed.
    pub role: Option<String>,
    /// How the words are given.
    pub kind: QuoteKind,
    /// 0 to 1.
    #[serde(serialize_with = "thousandths")]
    pub confidence: f32,
    /// What decided.
    pub rule: String,
    /// In how many articles.
    pub articles: usize,
    /// Earliest first.
    pub occurrences: Vec<Occurrence>,
    /// The paragraph(s) it stands in, and as many around it as were asked for, in the earliest
    /// article, joined by blank lines.
    pub passage: String,
    /// Byte ranges of `quote` that matched.
    pub highlights: Vec<(usize, usize)>,
    /// Byte ranges of `passage` where the words of the quote stand.
    #[serde(skip)]
    pub in_passage: Vec<(usize, usize)>,
    /// The words that say that somebody speaks, for `--explain`.
    #[serde(skip)]
    pub cue: Vec<String>,
    /// The words that name the speaker in the text, for `--explain`.
    #[serde(skip)]
    pub source: Option<String>,
}

/// One hit of a search for text: one passage, all the articles that carry it.
#[derive(Clone, Debug, Serialize)]
pub struct TextHit {
    /// The paragraph, and as many around it as were asked for, in the earliest article.
    pub passage: String,
    /// Byte ranges of `passage` that matched.
    pub highlights: Vec<(usize, usize)>,
    /// In how many articles.
    pub articles: usize,
    /// Earliest first; spans are those of the paragraph.
    pub occurrences: Vec<Occurrence>,
}

/// One line of `speakers` or `entities`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NameCount {
    /// Stable key.
    pub key: String,
    /// Fullest name, as most articles print it.
    pub name: String,
    /// What it is.
    pub kind: SpeakerKind,
    /// Articles.
    pub articles: u64,
    /// Quotes, or mentions.
    pub count: u64,
}

/// The first names of a list.
#[derive(Clone, Debug, Default)]
pub struct NameList {
    /// In order, as many as were asked for.
    pub names: Vec<NameCount>,
    /// How many there are.
    pub total: u64,
}

/// How a copy relates to the paragraph that was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CopyKind {
    /// The same text to the byte.
    Exact,
    /// Nearly the same text: reported, never removed.
    Near,
}

/// A paragraph of an article, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// Article id.
    pub article: String,
    /// Number of the paragraph, from 1.
    pub paragraph: usize,
}

/// Where the passages of an article stand: of one that it repeats, the places are held once.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    pub(super) passages: Vec<u64>,
    pub(super) places: FxHashMap<u64, Vec<Place>>,
}

impl Shared {
    /// All places of the passage of this number, in order.
    pub fn places(&self, number: usize) -> &[Place] {
        let places = self.passages.get(number).and_then(|pid| self.places.get(pid));
        places.map_or(&[], Vec::as_slice)
    }
}

/// One copy of a paragraph, and the one that was kept: the first by article id and place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Duplicate {
    /// Exact or near.
    pub kind: CopyKind,
    /// The copy.
    pub copy: Place,
    /// What was kept.
    pub kept: Place,
    /// Share of common word triples: 1 for exact copies.
    pub similarity: f32,
    /// The text of the copy.
    pub text: String,
}

/// Figures of the whole index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Files known.
    pub files: u64,
    /// Articles.
    pub articles: u64,
    /// Paragraphs of all articles, repeats counted.
    pub paragraphs: u64,
    /// Distinct paragraphs.
    pub passages: u64,
    /// Quotes.
    pub quotes: u64,
    /// Direct quotes.
    pub direct: u64,
    /// Mixed quotes.
    pub mixed: u64,
    /// Indirect quotes.
    pub indirect: u64,
    /// Quotes without a speaker.
    pub unknown: u64,
    /// Distinct speakers.
    pub speakers: u64,
    /// Distinct entities.
    pub entities: u64,
    /// Distinct outlets.
    pub outlets: u64,
    /// Date of the earliest article.
    pub first: Option<jiff::civil::DateTime>,
    /// Date of the latest.
    pub last: Option<jiff::civil::DateTime>,
    /// Segments on disk.
    pub segments: u64,
    /// Bytes on disk.
    pub bytes: u64,
}

/// An article as the index holds it.
#[derive(Clone, Debug)]
pub struct StoredArticle {
    /// Label of its root.
    pub root: String,
    /// Name of its file.
    pub file: String,
    /// The article, text rebuilt from its passages; `origin` is not kept.
    pub article: Article,
    /// What was found in it.
    pub annotation: Annotation,
    /// Its passages in order, one a paragraph.
    pub passages: Vec<u64>,
}

/// What `verify` found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// Articles checked.
    pub articles: u64,
    /// Passages checked.
    pub passages: u64,
    /// Quotes checked.
    pub quotes: u64,
    /// What is wrong, one line each. Empty: all is well.
    pub faults: Vec<String>,
    /// Files are not what was written, so that nothing else was checked.
    pub damaged: bool,
}

/// Writes a confidence with three digits: more would be noise.
pub(crate) fn thousandths<S: serde::Serializer>(value: &f32, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64((f64::from(*value) * 1000.0).round() / 1000.0)
}
