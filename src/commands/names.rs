//! `whosaid speakers` and `whosaid entities`: names with their counts.

use std::path::PathBuf;

use super::Outcome;
use crate::article::EntityKind;
use crate::index::{Filters, NameCount, NameList};
use crate::output::lists::{EntityRow, SpeakerRow};
use crate::output::results::{Format, Results, Row};

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Who is quoted.
    Speakers,
    /// Who and what is mentioned; of one kind only, where that is given.
    Entities(Option<EntityKind>),
}

/// Which names to list, and how.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the index.
    pub index: PathBuf,
    /// Which list.
    pub list: List,
    /// Only names like this.
    pub name: Option<String>,
    /// Which quotes or articles count.
    pub filters: Filters,
    /// Names shown at most; `None`: all.
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
    let (filters, name) = (&config.filters, config.name.as_deref());
    let most = if config.count { Some(0) } else { config.limit };
    match config.list {
        List::Speakers => show(config, index.speakers(filters, name, most)?, SpeakerRow),
        List::Entities(kind) => show(config, index.entities(filters, name, kind, most)?, EntityRow),
    }
}

fn show<R: Row>(
    config: &Config,
    NameList { names, total }: NameList,
    row: impl Fn(NameCount) -> R,
) -> anyhow::Result<Outcome> {
    let total = total as usize;
    if config.count {
        return super::print_count(total, config.format);
    }
    let mut results = Results::stdout(config.format, 0);
    for name in names {
        results.push(&row(name))?;
    }
    let shown = results.finish::<R>()?;
    if config.format == Format::Table && total == 0 {
        anstream::eprintln!("no names");
    }
    if config.format == Format::Table && shown < total {
        anstream::eprintln!("{shown} of {total} names; all with --limit all");
    }
    Ok(if total == 0 { Outcome::Nothing } else { Outcome::Fine })
}
