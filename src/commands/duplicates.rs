//! `whosaid duplicates`: every removed copy of a paragraph, with the copy that was kept; of an index,
//! or of files as they are.

use std::path::PathBuf;

use super::Outcome;
use crate::index::Duplicate;
use crate::output::results::{Format, Results};
use crate::pipeline::copies;
use crate::read::ReadOptions;

/// Which copies to list, and how.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where they are looked for.
    pub of: Of,
    /// Copies shown at most; `None`: all.
    pub limit: Option<usize>,
    /// Only how many there are.
    pub count: bool,
    /// How they are written.
    pub format: Format,
}

/// Where copies are looked for.
#[derive(Clone, Debug)]
pub enum Of {
    /// In an index.
    Index {
        /// Its folder.
        dir: PathBuf,
        /// Near copies too.
        near: bool,
    },
    /// In files.
    Files(Files),
}

/// Files that are read for their copies.
#[derive(Clone, Debug)]
pub struct Files {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// Worker threads.
    pub threads: usize,
    /// How to read.
    pub reading: ReadOptions,
}

/// Runs the command.
///
/// # Errors
/// When there is no index, or standard output cannot be written.
pub fn run(config: &Config) -> anyhow::Result<Outcome> {
    let mut list = List::new(config);
    let mut outcome = Outcome::Fine;
    match &config.of {
        Of::Index { dir, near } => {
            let index = super::open(dir)?;
            let mut copies = index.duplicates(*near)?;
            while !list.is_full() {
                let Some(copy) = copies.next() else { break };
                list.add(&copy?)?;
            }
            list.pass(copies.left());
        }
        Of::Files(Files { paths, threads, reading }) => {
            copies(paths, reading, *threads, |copy| match copy {
                Ok(copy) => list.add(&copy),
                Err(problem) => {
                    outcome = Outcome::Incomplete;
                    super::complain(&problem);
                    Ok(())
                }
            })?;
        }
    }
    let ended = list.end()?;
    Ok(if outcome == Outcome::Incomplete { outcome } else { ended })
}

/// Copies on their way to standard output.
struct List<'a> {
    config: &'a Config,
    results: Results<Box<dyn std::io::Write>>,
    total: usize,
}

impl<'a> List<'a> {
    fn new(config: &'a Config) -> Self {
        List { config, results: Results::stdout(config.format, 0), total: 0 }
    }

    /// Writes a copy, or only counts it.
    fn add(&mut self, copy: &Duplicate) -> anyhow::Result<()> {
        self.total += 1;
        if self.total > self.most() { Ok(()) } else { self.results.push(copy) }
    }

    /// How many are written.
    fn most(&self) -> usize {
        if self.config.count { 0 } else { self.config.limit.unwrap_or(usize::MAX) }
    }

    /// Whether no more copies are written.
    fn is_full(&self) -> bool {
        self.total >= self.most()
    }

    /// Counts copies that need not be looked at.
    fn pass(&mut self, copies: usize) {
        self.total += copies;
    }

    fn end(self) -> anyhow::Result<Outcome> {
        let (Config { count, format, .. }, total) = (self.config, self.total);
        if *count {
            drop(self.results);
            return super::print_count(total, *format);
        }
        let shown = self.results.finish::<Duplicate>()?;
        if *format == Format::Table && shown < total {
            anstream::eprintln!("{shown} of {total} copies; all with --limit all");
        }
        Ok(if shown == 0 { Outcome::Nothing } else { Outcome::Fine })
    }
}
