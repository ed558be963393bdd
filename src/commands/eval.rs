//! `whosaid eval`: scores the built-in models against marked articles.

use std::path::PathBuf;

use super::Outcome;
use super::train::Model;
use crate::eval;
use crate::output::escape;

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
        Model::Entities => entities(&config.gold),
        // `eval::quotes::run(&config.gold)` goes here.
        Model::Quotes => anyhow::bail!("this build cannot score quotes"),
    }
}

fn entities(gold: &[PathBuf]) -> anyhow::Result<Outcome> {
    for path in gold {
        anstream::print!(
            "{}\n{}\n",
            escape::line(&path.display().to_string()),
            eval::entities::run(path)?
        );
    }
    Ok(Outcome::Fine)
}
