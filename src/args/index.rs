//! Arguments of the commands that write an index or check it.

use std::path::PathBuf;

use clap::Args;
use whosaid::commands::{compact, forget, index, verify};

use super::shared::{IndexDir, Reading, Threads, size};

/// Bring an index up to date with its folders
///
/// Reads plain text, Markdown, saved HTML pages, JSON and JSON Lines, each also as .gz or .zst; folders
/// are searched through. Only what is new or changed is read again, and what is gone is taken out.
/// Without a path all folders the index knows are looked at; a new index is made of data/articles.
/// The articles of a folder that is missing or empty as a whole, as when its drive is not mounted, stay
/// in the index until `whosaid forget` takes them out.
#[derive(Args)]
#[command(after_help = "\
Examples:
  whosaid index                          index data/articles, or bring the index up to date
  whosaid index ~/news                   add a folder, or bring it up to date
  whosaid index --field text=story dump.jsonl.zst
  whosaid index --dry-run ~/news         only say what would be done
  whosaid index --rebuild                build everything anew; the old index answers meanwhile

Ctrl-C waits for the articles in hand and keeps what is whole, a second one leaves at once; the next run
does the rest. What could not be used is counted and named, and makes the exit code 2.")]
pub(super) struct Index {
    /// Folders and files to index
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    index: IndexDir,
    #[command(flatten)]
    threads: Threads,
    /// Memory for queues, batches, deduplication and the engine; not counted are mapped files, some
    /// 100 bytes for each file found, and the one article a worker has in hand
    #[arg(long, value_name = "SIZE", default_value = "448MB", value_parser = memory)]
    memory: usize,
    /// Build the index anew from all its folders
    #[arg(long)]
    rebuild: bool,
    /// Read everything, write nothing, say what would be done
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    reading: Reading,
    /// Write every input that could not be used to this file, as JSON Lines
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Say where the CPU time goes, stage by stage
    #[arg(long)]
    timings: bool,
}

/// Less would leave hundreds of small segments.
const LEAST_MEMORY: u64 = 64_000_000;

fn memory(typed: &str) -> Result<usize, String> {
    match size(typed)? {
        bytes if bytes < LEAST_MEMORY => Err("at least 64MB is needed".into()),
        bytes => usize::try_from(bytes).map_err(|_| "more than this machine can address".into()),
    }
}

impl From<Index> for index::Config {
    fn from(args: Index) -> Self {
        index::Config {
            paths: args.paths,
            index: args.index.dir,
            threads: args.threads.count(),
            memory: args.memory,
            rebuild: args.rebuild,
            dry_run: args.dry_run,
            fields: args.reading.fields(),
            reading: args.reading.options(),
            errors: args.errors,
            timings: args.timings,
        }
    }
}

/// Merge an index into one segment, which makes queries a little faster
#[derive(Args)]
#[command(after_help = "Example:\n  whosaid compact")]
pub(super) struct Compact {
    #[command(flatten)]
    index: IndexDir,
}

impl From<Compact> for compact::Config {
    fn from(args: Compact) -> Self {
        compact::Config { index: args.index.dir }
    }
}

/// Take folders out of an index; the files stay where they are
#[derive(Args)]
#[command(after_help = "Example:\n  whosaid forget ~/news/2019")]
pub(super) struct Forget {
    /// Folders or files as they were given to `whosaid index`
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    index: IndexDir,
}

impl From<Forget> for forget::Config {
    fn from(args: Forget) -> Self {
        forget::Config { index: args.index.dir, paths: args.paths }
    }
}

/// Check an index: checksums, spans, and the files it was built from
#[derive(Args)]
#[command(after_help = "\
Example:
  whosaid verify && echo sound

Every difference is a line on standard output and makes the exit code 2.")]
pub(super) struct Verify {
    #[command(flatten)]
    index: IndexDir,
}

impl From<Verify> for verify::Config {
    fn from(args: Verify) -> Self {
        verify::Config { index: args.index.dir }
    }
}
