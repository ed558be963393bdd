//! `whosaid eval`: scores the built-in models against marked articles.

use std::path::PathBuf;

use super::Outcome;
use super::train::Model;

/// What to score against.
#[derive(Clone, Debug)]
pub struct Config {
    /// Which model.
    pub model: Model,
    /// Files with marked articles.
    pub gold: Vec<PathBuf>,
}

/// Runs the command; the figures go to standard output.
///
/// # Errors
/// When the gold cannot be read.
pub fn run(config: &Config) -> anyhow::Result<Outcome> {
    match config.model {
        // `eval::entities::run(&config.gold)` goes here.
        Model::Entities => anyhow::bail!("this build cannot score entities"),
        // `eval::quotes::run(&config.gold)` goes here.
        Model::Quotes => anyhow::bail!("this build cannot score quotes"),
    }
}
