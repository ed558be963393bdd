//! Arguments of the commands that ask an index.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use whosaid::article::{EntityKind, QuoteKind};
use whosaid::commands::duplicates::{Files, Of};
use whosaid::commands::{duplicates, names, query, show, stats};
use whosaid::index::{Filters, SearchOptions, Sort};
use whosaid::output::results::Format;

use super::shared::{IndexDir, Reading, Threads, date, limit, share};

/// Search quotes by words, speaker, outlet, date and more
///
/// WORDS: all of them must stand in the quote. "exact phrase", -without, this OR that, begin*, (groups).
/// Without words, all quotes that pass the filters are shown.
#[derive(Args)]
#[command(after_help = "\
Examples:
  whosaid query --speaker kirby peace
  whosaid query '\"just peace\" -war' --since 2023-04 --sort date
  whosaid query --mentions 'Bank of England' --kind direct --min-confidence 0.9
  whosaid query --unknown --count
  whosaid query --in text 'energ* OR fuel' --context 1
  whosaid query --speaker kirby --limit all --format jsonl | jq .quote
  whosaid query --explain -- -war peace")]
pub(super) struct Query {
    /// What to search for
    #[arg(value_name = "WORDS", allow_hyphen_values = false)]
    words: Vec<String>,
    #[command(flatten)]
    index: IndexDir,
    /// Who said it: surname, full name, or nearly so
    #[arg(long, value_name = "NAME")]
    speaker: Option<String>,
    #[command(flatten)]
    filters: ArticleFilters,
    /// Only quotes that name this person, organisation or place; may be repeated
    #[arg(long, value_name = "ENTITY")]
    mentions: Vec<String>,
    /// Only quotes of this kind; may be repeated
    #[arg(long, value_name = "KIND")]
    kind: Vec<Kind>,
    /// Only quotes of which no speaker was found
    #[arg(long, conflicts_with = "speaker")]
    unknown: bool,
    /// Only quotes that are right with at least this probability, 0 to 1
    #[arg(long, value_name = "SHARE", value_parser = share)]
    min_confidence: Option<f32>,
    /// What is searched
    #[arg(long = "in", value_name = "WHAT", default_value = "quotes")]
    scope: Scope,
    /// Order of the hits
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    sort: Order,
    /// Hits shown at most, or "all"
    #[arg(long, value_name = "N", default_value = "10", value_parser = limit)]
    limit: Limit,
    /// Hits passed over
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// Only say how many hits there are
    #[arg(long)]
    count: bool,
    /// Say which words and which rule or model decided
    #[arg(long)]
    explain: bool,
    /// Paragraphs shown on either side of a hit
    #[arg(long, value_name = "N", default_value_t = 0)]
    context: usize,
    /// How hits are written
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnyFormat,
}

/// A number, or all.
pub(super) type Limit = Option<usize>;

/// Filters on the article.
#[derive(Args)]
struct ArticleFilters {
    /// Only articles of this outlet; may be repeated
    #[arg(long, value_name = "OUTLET")]
    outlet: Vec<String>,
    /// Only articles of this author; may be repeated
    #[arg(long, value_name = "AUTHOR")]
    author: Vec<String>,
    /// Only articles of this day and after: 2023, 2023-04 or 2023-04-26
    #[arg(long, value_name = "DATE", value_parser = |typed: &str| date(typed, false))]
    since: Option<jiff::civil::DateTime>,
    /// Only articles up to the end of this day, month or year
    #[arg(long, value_name = "DATE", value_parser = |typed: &str| date(typed, true))]
    until: Option<jiff::civil::DateTime>,
}

impl ArticleFilters {
    fn filters(self) -> Filters {
        Filters {
            outlet: self.outlet,
            author: self.author,
            since: self.since,
            until: self.until,
            ..Filters::default()
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// Every word inside quotation marks
    Direct,
    /// A reported clause with a marked part
    Mixed,
    /// A reported clause without marks
    Indirect,
}

#[derive(Clone, Copy, ValueEnum)]
enum Scope {
    /// The words of quotes
    Quotes,
    /// All paragraphs
    Text,
}

#[derive(Clone, Copy, ValueEnum)]
enum Order {
    /// Best first
    Relevance,
    /// Earliest first
    Date,
}

#[derive(Clone, Copy, ValueEnum)]
enum AnyFormat {
    /// For people
    Table,
    /// One array
    Json,
    /// One object a line
    Jsonl,
    /// Comma-separated values, safe for spreadsheets
    Csv,
}

impl From<AnyFormat> for Format {
    fn from(typed: AnyFormat) -> Self {
        match typed {
            AnyFormat::Table => Format::Table,
            AnyFormat::Json => Format::Json,
            AnyFormat::Jsonl => Format::Jsonl,
            AnyFormat::Csv => Format::Csv,
        }
    }
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum PlainFormat {
    /// For people
    Table,
    /// One object
    Json,
}

impl From<Query> for query::Config {
    fn from(args: Query) -> Self {
        let kind = |kind| match kind {
            Kind::Direct => QuoteKind::Direct,
            Kind::Mixed => QuoteKind::Mixed,
            Kind::Indirect => QuoteKind::Indirect,
        };
        let filters = Filters {
            speaker: args.speaker,
            mentions: args.mentions,
            kind: args.kind.into_iter().map(kind).collect(),
            unknown: args.unknown,
            min_confidence: args.min_confidence,
            ..args.filters.filters()
        };
        query::Config {
            index: args.index.dir,
            scope: match args.scope {
                Scope::Quotes => query::Scope::Quotes,
                Scope::Text => query::Scope::Text,
            },
            search: SearchOptions {
                words: args.words.join(" "),
                filters,
                sort: match args.sort {
                    Order::Relevance => Sort::Relevance,
                    Order::Date => Sort::Date,
                },
                context: args.context,
                most: match args.count {
                    true => Some(0),
                    false => args.limit.map(|limit| limit.saturating_add(args.offset)),
                },
            },
            limit: args.limit,
            offset: args.offset,
            count: args.count,
            explain: args.explain,
            format: args.format.into(),
        }
    }
}

/// Show a whole article with its quotes and speakers marked
#[derive(Args)]
#[command(after_help = "\
Examples:
  whosaid show npa/2025-03-03-kestrel-bridge.txt
  whosaid show kestrel-bridge.txt        the end of a name will do where it is unique
  whosaid show north/day.txt             with the name of its folder, where two have such an article
  whosaid show archive.jsonl#17          a record of a container file")]
pub(super) struct Show {
    /// Id of the article, the end of it, or the path of its file
    #[arg(value_name = "ARTICLE")]
    article: String,
    #[command(flatten)]
    index: IndexDir,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: PlainFormat,
}

impl From<Show> for show::Config {
    fn from(args: Show) -> Self {
        let json = args.format == PlainFormat::Json;
        show::Config { index: args.index.dir, article: args.article, json }
    }
}

/// List who is quoted, with counts
#[derive(Args)]
#[command(after_help = "\
Examples:
  whosaid speakers
  whosaid speakers kirby
  whosaid speakers --outlet 'The Beacon' --since 2025 --limit all --format csv")]
pub(super) struct Speakers {
    #[command(flatten)]
    names: Names,
}

/// List persons, organisations and places that are mentioned, with counts
#[derive(Args)]
#[command(after_help = "\
Examples:
  whosaid entities --kind organisation
  whosaid entities 'bank of' --since 2025-03 --until 2025-04
  whosaid entities --kind person --outlet 'The Beacon' --limit all")]
pub(super) struct Entities {
    #[command(flatten)]
    names: Names,
    /// Only entities of this kind
    #[arg(long, value_name = "KIND")]
    kind: Option<NameKind>,
}

#[derive(Clone, Copy, ValueEnum)]
enum NameKind {
    Person,
    Organisation,
    Place,
}

#[derive(Args)]
struct Names {
    /// Only names like this
    #[arg(value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    index: IndexDir,
    #[command(flatten)]
    filters: ArticleFilters,
    /// Names shown at most, or "all"
    #[arg(long, value_name = "N", default_value = "50", value_parser = limit)]
    limit: Limit,
    /// Only say how many names there are
    #[arg(long)]
    count: bool,
    /// How names are written
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnyFormat,
}

impl Names {
    fn config(self, list: names::List) -> names::Config {
        names::Config {
            index: self.index.dir,
            list,
            name: self.name,
            filters: self.filters.filters(),
            limit: self.limit,
            count: self.count,
            format: self.format.into(),
        }
    }
}

impl From<Speakers> for names::Config {
    fn from(args: Speakers) -> Self {
        args.names.config(names::List::Speakers)
    }
}

impl From<Entities> for names::Config {
    fn from(args: Entities) -> Self {
        let kind = args.kind.map(|kind| match kind {
            NameKind::Person => EntityKind::Person,
            NameKind::Organisation => EntityKind::Organisation,
            NameKind::Place => EntityKind::Place,
        });
        args.names.config(names::List::Entities(kind))
    }
}

/// List every removed copy of a paragraph with the copy that was kept
///
/// With files or folders, these are read as they are and no index is asked: every paragraph that
/// stands in them again, with the first one like it in the order of the files.
#[derive(Args)]
#[command(after_help = "\
Examples:
  whosaid duplicates
  whosaid duplicates --near --format json
  whosaid duplicates --count dump.jsonl.zst")]
pub(super) struct Duplicates {
    /// Files and folders to read, instead of an index
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    index: IndexDir,
    /// List near copies too; those are reported, never removed. Only of an index
    #[arg(long, conflicts_with = "paths")]
    near: bool,
    /// Copies shown at most, or "all"
    #[arg(long, value_name = "N", default_value = "all", value_parser = limit)]
    limit: Limit,
    /// Only say how many there are
    #[arg(long)]
    count: bool,
    /// How copies are written
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnyFormat,
    #[command(flatten)]
    threads: Threads,
    #[command(flatten)]
    reading: Reading,
}

impl From<Duplicates> for duplicates::Config {
    fn from(args: Duplicates) -> Self {
        let reading = args.reading.options();
        let files = Files { paths: args.paths, threads: args.threads.count(), reading };
        duplicates::Config {
            of: match files.paths.is_empty() {
                true => Of::Index { dir: args.index.dir, near: args.near },
                false => Of::Files(files),
            },
            limit: args.limit,
            count: args.count,
            format: args.format.into(),
        }
    }
}

/// Print the figures of an index
#[derive(Args)]
#[command(after_help = "Examples:\n  whosaid stats\n  whosaid stats --format json")]
pub(super) struct Stats {
    #[command(flatten)]
    index: IndexDir,
    /// How they are written
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: PlainFormat,
}

impl From<Stats> for stats::Config {
    fn from(args: Stats) -> Self {
        stats::Config { index: args.index.dir, json: args.format == PlainFormat::Json }
    }
}
