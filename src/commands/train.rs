//! `whosaid train`: makes the weights in data/models again.

use std::path::PathBuf;

use super::Outcome;
use crate::train::{cast, entities, indirect, quotes};

/// Which model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// The entity recogniser.
    Entities,
    /// Quotes and speakers.
    Quotes,
}

/// What to train from and where to write.
#[derive(Clone, Debug)]
pub struct Config {
    /// Which model.
    pub model: Model,
    /// Files or folders with marked articles.
    pub data: Vec<PathBuf>,
    /// Folder that the models are written to.
    pub out: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// When the data cannot be read or the model cannot be written.
pub fn run(config: &Config) -> anyhow::Result<Outcome> {
    match config.model {
        Model::Entities => entities::run(&config.data, &config.out)?,
        Model::Quotes => {
            quotes::run(&config.data, &config.out)?;
            indirect::run(&config.data, &config.out)?;
            cast::run(&config.data, &config.out)?;
        }
    }
    Ok(Outcome::Fine)
}
