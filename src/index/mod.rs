//! The index on disk: the only module that names tantivy.

use serde::{Deserialize, Serialize};

use crate::article::{EntityKind, Metadata, QuoteKind, SpeakerKind};

/// Filters shared by every search.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// `--speaker`
    pub speaker: Option<String>,
    /// `--mentions`
    pub mentions: Vec<String>,
    /// `--outlet`
    pub outlet: Vec<String>,
    /// `--author`
    pub author: Vec<String>,
    /// `--since`, inclusive
    pub since: Option<jiff::civil::DateTime>,
    /// `--until`, inclusive (end of that day)
    pub until: Option<jiff::civil::DateTime>,
    /// `--kind`
    pub kind: Vec<QuoteKind>,
    /// `--unknown`: only quotes without a speaker
    pub unknown: bool,
    /// `--min-confidence`
    pub min_confidence: Option<f32>,
}

/// Order of hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best score first.
    #[default]
    Relevance,
    /// Earliest first.
    Date,
}

/// Where one quote stands.
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
    pub confidence: f32,
    /// What decided.
    pub rule: String,
    /// In how many articles.
    pub articles: usize,
    /// Earliest first.
    pub occurrences: Vec<Occurrence>,
    /// The paragraph(s) around it, in the earliest article.
    pub passage: String,
    /// Byte ranges of `quote` that matched.
    pub highlights: Vec<(usize, usize)>,
}

/// One line of `speakers` or `entities`.
#[derive(Clone, Debug, Serialize)]
pub struct NameCount {
    /// Stable key.
    pub key: String,
    /// Fullest name.
    pub name: String,
    /// What it is.
    pub kind: EntityKind,
    /// Articles.
    pub articles: u64,
    /// Quotes, or mentions.
    pub count: u64,
}
