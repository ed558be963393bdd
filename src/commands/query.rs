//! `whosaid query`: searches quotes or text.

use std::io::Write;
use std::mem::ManuallyDrop;
use std::path::PathBuf;

use anyhow::Context;

use super::Outcome;
use crate::index::{Index, IndexError, SearchError, SearchOptions};
use crate::output::hits::{QuoteRow, TextRow, caret};
use crate::output::results::{Format, Results, Row};

/// What is searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// The words of quotes.
    #[default]
    Quotes,
    /// All paragraphs.
    Text,
}

/// What to search for, and how to show it.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the index.
    pub index: PathBuf,
    /// What is searched.
    pub scope: Scope,
    /// Words, filters, order, context.
    pub search: SearchOptions,
    /// Hits shown at most; `None`: all.
    pub limit: Option<usize>,
    /// Hits passed over.
    pub offset: usize,
    /// Only how many there are.
    pub count: bool,
    /// With what decided.
    pub explain: bool,
    /// How hits are written.
    pub format: Format,
}

/// Runs the command.
///
/// # Errors
/// When there is no index, or the query is not understood.
pub fn run(config: &Config) -> anyhow::Result<Outcome> {
    // The process ends when this is done: the system takes its memory back faster than we free it.
    let index = ManuallyDrop::new(super::open(&config.index)?);
    match config.scope {
        Scope::Quotes => quotes(&index, config),
        Scope::Text => text(&index, config),
    }
}

fn quotes(index: &Index, config: &Config) -> anyhow::Result<Outcome> {
    let hits = index.search_quotes(&config.search).map_err(|error| explain(error, config))?;
    let context = config.search.context > 0;
    show(config, hits.total(), hits, |hit| QuoteRow::new(hit, config.explain, context))
}

fn text(index: &Index, config: &Config) -> anyhow::Result<Outcome> {
    let hits = index.search_text(&config.search).map_err(|error| explain(error, config))?;
    show(config, hits.total(), hits, TextRow)
}

fn show<T, R: Row>(
    config: &Config,
    total: usize,
    hits: impl Iterator<Item = Result<T, IndexError>>,
    row: impl Fn(T) -> R,
) -> anyhow::Result<Outcome> {
    // Like the index.
    let mut hits = ManuallyDrop::new(hits);
    if config.count {
        return super::print_count(total, config.format);
    }
    let mut results = Results::stdout(config.format, config.offset);
    for hit in hits.by_ref().skip(config.offset).take(config.limit.unwrap_or(usize::MAX)) {
        results.push(&row(hit?))?;
    }
    let shown = results.finish::<R>()?;
    let more = total.saturating_sub(config.offset + shown);
    if config.format == Format::Table && total == 0 {
        anstream::eprintln!("no hits");
    }
    if config.format == Format::Table && more > 0 {
        let mut note = anstream::stderr().lock();
        let next = config.offset + shown;
        writeln!(note, "{shown} of {total} hits; more with --limit all or --offset {next}")
            .context("standard error")?;
    }
    Ok(if total == 0 { Outcome::Nothing } else { Outcome::Fine })
}

/// A query that is not understood is shown with a mark under the place.
fn explain(error: SearchError, config: &Config) -> anyhow::Error {
    match error {
        SearchError::Query(error) => {
            anyhow::anyhow!("{error}\n{}", caret(&config.search.words, error.column))
        }
        SearchError::Index(error) => error.into(),
    }
}
