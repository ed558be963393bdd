//! `whosaid eval`: scores the built-in models against marked articles.

use std::path::{Path, PathBuf};

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
        Model::Quotes => quotes(&config.gold),
    }
}

fn entities(gold: &[PathBuf]) -> anyhow::Result<Outcome> {
    for path in gold {
        print(path, &eval::entities::run(path)?.to_string());
    }
    Ok(Outcome::Fine)
}

fn quotes(gold: &[PathBuf]) -> anyhow::Result<Outcome> {
    for path in gold {
        print(path, &eval::quotes::run(path)?.to_string());
    }
    Ok(Outcome::Fine)
}

fn print(path: &Path, figures: &str) {
    anstream::print!("{}\n{figures}\n", escape::line(&path.display().to_string()));
}
