//! `whosaid duplicates`: every removed copy of a paragraph, with the copy that was kept.

use std::path::PathBuf;

use super::Outcome;
use crate::index::Duplicate;
use crate::output::results::{Format, Results};

/// Which copies to list, and how.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the index.
    pub index: PathBuf,
    /// Near copies too.
    pub near: bool,
    /// Copies shown at most; `None`: all.
    pub limit: Option<usize>,
    /// Only how many there are.
    pub count: bool,
    /// How they are written.
    pub format: Format,
}

/// Runs the command.
///
/// # Errors
/// When there is no index.
pub fn run(config: &Config) -> anyhow::Result<Outcome> {
    let index = super::open(&config.index)?;
    let mut copies = index.duplicates(config.near)?;
    if config.count {
        let total = copies.collect::<Result<Vec<_>, _>>()?.len();
        return super::print_count(total, config.format);
    }
    let mut results = Results::stdout(config.format, 0);
    for copy in copies.by_ref().take(config.limit.unwrap_or(usize::MAX)) {
        results.push(&copy?)?;
    }
    let shown = results.finish::<Duplicate>()?;
    if config.format == Format::Table && config.limit.is_some() {
        let total = shown + copies.collect::<Result<Vec<_>, _>>()?.len();
        if shown < total {
            anstream::eprintln!("{shown} of {total} copies; all with --limit all");
        }
    }
    Ok(if shown == 0 { Outcome::Nothing } else { Outcome::Fine })
}
