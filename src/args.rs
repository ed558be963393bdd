//! The command line: what can be typed, its help, and the way into the commands' configurations.
//! Only this module and its parts know clap.

mod index;
mod query;
mod shared;
mod train;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use whosaid::commands::{self, Command};
use whosaid::output::annotation::Unit;

use shared::{Reading, Threads};

/// Parses the command line; help, version and mistakes end the process here.
pub fn parse() -> Command {
    let cli = Cli::parse();
    match cli.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    cli.command.into()
}

/// Who said what, where, and first when: quotes and their speakers out of a folder of news articles.
#[derive(Parser)]
#[command(name = "whosaid", version, max_term_width = 100, propagate_version = true)]
#[command(
    after_help = "Exit codes: 0 fine, 1 nothing found, 2 an error, or some input was skipped."
)]
struct Cli {
    /// When to use colours and marks; NO_COLOR is honoured too
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    color: Color,
    #[command(subcommand)]
    command: Typed,
}

#[derive(Clone, Copy, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
enum Typed {
    Index(index::Index),
    Query(query::Query),
    Show(query::Show),
    Speakers(query::Speakers),
    Entities(query::Entities),
    Duplicates(query::Duplicates),
    Stats(query::Stats),
    Extract(Extract),
    Compact(index::Compact),
    Forget(index::Forget),
    Verify(index::Verify),
    #[command(subcommand)]
    Train(train::Train),
    #[command(subcommand)]
    Eval(train::Eval),
}

impl From<Typed> for Command {
    fn from(typed: Typed) -> Self {
        match typed {
            Typed::Index(args) => Command::Index(args.into()),
            Typed::Query(args) => Command::Query(args.into()),
            Typed::Show(args) => Command::Show(args.into()),
            Typed::Speakers(args) => Command::Names(args.into()),
            Typed::Entities(args) => Command::Names(args.into()),
            Typed::Duplicates(args) => Command::Duplicates(args.into()),
            Typed::Stats(args) => Command::Stats(args.into()),
            Typed::Compact(args) => Command::Compact(args.into()),
            Typed::Forget(args) => Command::Forget(args.into()),
            Typed::Verify(args) => Command::Verify(args.into()),
            Typed::Extract(args) => Command::Extract(args.into()),
            Typed::Train(args) => Command::Train(args.into()),
            Typed::Eval(args) => Command::Eval(args.into()),
        }
    }
}

/// Print entities and quotes of articles as JSON Lines, without an index
///
/// Reads the files and folders given; without any, standard input with one object
/// {"id": …, "text": …} a line. Answers come in the order of the input.
#[derive(Args)]
#[command(after_help = "\
Examples:
  whosaid extract article.html
  whosaid extract --text data/articles | jq .quotes
  echo '{\"id\": 1, \"text\": \"\\\"No,\\\" said Ann Lee.\"}' | whosaid extract --offsets chars")]
struct Extract {
    /// Files and folders to read
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What offsets count; they index the text exactly as it was given
    #[arg(long, value_name = "UNIT", default_value = "bytes")]
    offsets: Offsets,
    /// Add the text of the article to each answer
    #[arg(long)]
    text: bool,
    #[command(flatten)]
    threads: Threads,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Clone, Copy, ValueEnum)]
enum Offsets {
    /// Bytes of UTF-8
    Bytes,
    /// Unicode code points
    Chars,
}

impl From<Extract> for commands::extract::Config {
    fn from(args: Extract) -> Self {
        commands::extract::Config {
            files: args.files,
            unit: match args.offsets {
                Offsets::Bytes => Unit::Bytes,
                Offsets::Chars => Unit::Chars,
            },
            with_text: args.text,
            threads: args.threads.count(),
            reading: args.reading.options(),
        }
    }
}
