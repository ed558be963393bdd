//! Parse, call one command, exit code. Nothing else.

mod args;

use std::process::ExitCode;

use whosaid::commands::{Outcome, is_broken_pipe};
use whosaid::output::escape;

/// Gives memory back to the system when a segment is written: the system's own allocator keeps it,
/// scattered, and a merge comes on top.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    whosaid::pipeline::silence_panics();
    match args::parse().run() {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        Ok(Outcome::Incomplete) => ExitCode::from(2),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("whosaid: {}", escape::lines(&format!("{error:#}")));
            ExitCode::from(2)
        }
    }
}
