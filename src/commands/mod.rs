//! One file a subcommand: its configuration and what it does, as a thin layer over the library.

pub mod eval;
pub mod extract;
pub mod train;

use std::io;

use crate::output::escape;
use crate::report::Problem;

/// One command with its configuration.
#[derive(Clone, Debug)]
pub enum Command {
    /// `whosaid extract`
    Extract(extract::Config),
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
        match self {
            Command::Extract(config) => extract::run(&config),
            Command::Train(config) => train::run(&config),
            Command::Eval(config) => eval::run(&config),
        }
    }
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
