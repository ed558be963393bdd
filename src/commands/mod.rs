//! One file a subcommand: its configuration and what it does, as a thin layer over the library.

pub mod compact;
pub mod duplicates;
pub mod eval;
pub mod extract;
pub mod forget;
pub mod index;
pub mod names;
pub mod query;
pub mod show;
pub mod stats;
pub mod train;
pub mod verify;

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, anyhow};

use crate::annotate::fingerprint;
use crate::index::{Index, IndexError, WriterOptions};
use crate::output::escape;
use crate::output::results::Format;
use crate::pipeline::caught;
use crate::report::Problem;

/// What a panic means, most likely.
const BROKEN: &str = "failed inside; perhaps the index is damaged: `whosaid verify` checks it, \
                      `whosaid index --rebuild` makes it anew. If it is not, please report this";

/// Memory of commands that write little.
const KEEPING: usize = 128 << 20;

/// One command with its configuration.
#[derive(Clone, Debug)]
pub enum Command {
    /// `whosaid index`
    Index(index::Config),
    /// `whosaid query`
    Query(query::Config),
    /// `whosaid show`
    Show(show::Config),
    /// `whosaid speakers` and `whosaid entities`
    Names(names::Config),
    /// `whosaid duplicates`
    Duplicates(duplicates::Config),
    /// `whosaid stats`
    Stats(stats::Config),
    /// `whosaid extract`
    Extract(extract::Config),
    /// `whosaid compact`
    Compact(compact::Config),
    /// `whosaid forget`
    Forget(forget::Config),
    /// `whosaid verify`
    Verify(verify::Config),
    /// `whosaid train`
    Train(train::Config),
    /// `whosaid eval`
    Eval(eval::Config),
}

impl Command {
    /// Runs it.
    ///
    /// # Errors
    /// When it cannot do its job at all; input that had to be skipped is an [`Outcome`].
    pub fn run(self) -> anyhow::Result<Outcome> {
        if !self.only_reads() {
            keep_to_small_pages();
        }
        caught(|| self.dispatch()).unwrap_or_else(|said| Err(anyhow!("{BROKEN} ({said})")))
    }

    /// Whether it answers from an index and is done.
    fn only_reads(&self) -> bool {
        use Command::{Duplicates, Names, Query, Show, Stats, Verify};
        matches!(self, Query(_) | Show(_) | Names(_) | Duplicates(_) | Stats(_) | Verify(_))
    }

    fn dispatch(self) -> anyhow::Result<Outcome> {
        match self {
            Command::Index(config) => index::run(&config),
            Command::Query(config) => query::run(&config),
            Command::Show(config) => show::run(&config),
            Command::Names(config) => names::run(&config),
            Command::Duplicates(config) => duplicates::run(&config),
            Command::Stats(config) => stats::run(&config),
            Command::Extract(config) => extract::run(&config),
            Command::Compact(config) => compact::run(&config),
            Command::Forget(config) => forget::run(&config),
            Command::Verify(config) => verify::run(&config),
            Command::Train(config) => train::run(&config),
            Command::Eval(config) => eval::run(&config),
        }
    }
}

/// Has the system give memory in its smallest pages, where it gives huge ones to everybody: what works
/// through a corpus is no faster with these, and holds a tenth more or a fifth, for all that it asks for is
/// rounded up to 2 MB.
fn keep_to_small_pages() {
    #[cfg(target_os = "linux")]
    // Where the system refuses, more memory is held and the same done.
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

/// How a command ended, for the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All well: 0.
    Fine,
    /// Nothing was found: 1.
    Nothing,
    /// Done, but some input could not be used: 2.
    Incomplete,
}

/// Whether the reader of our output has gone away (`whosaid … | head`): no reason to complain.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|e| e.io_error_kind() == Some(io::ErrorKind::BrokenPipe))
    })
}

/// Prints one problem on standard error.
fn complain(problem: &Problem) {
    anstream::eprintln!("whosaid: {}", escape::line(&problem.to_string()));
}

/// Opens an index for reading.
fn open(dir: &Path) -> Result<Index, IndexError> {
    Index::open(dir, &fingerprint())
}

/// How to open a writer that adds nothing.
fn writing(threads: usize, memory: usize) -> WriterOptions {
    WriterOptions { threads, memory, model: fingerprint(), rebuild: false }
}

/// What it means that an index could not be written to the end.
fn unfinished(dir: &Path) -> String {
    format!("{} could not be written; it answers as of its last commit", dir.display())
}

/// The answer to `--count`.
fn print_count(total: usize, format: Format) -> anyhow::Result<Outcome> {
    let text = match format {
        Format::Table => total.to_string(),
        Format::Csv => format!("count\n{total}"),
        Format::Json | Format::Jsonl => format!("{{\"count\":{total}}}"),
    };
    writeln!(io::stdout(), "{text}").context("standard output")?;
    Ok(if total == 0 { Outcome::Nothing } else { Outcome::Fine })
}
