//! `whosaid train`: makes the weights in data/models again.

use std::path::PathBuf;

use super::Outcome;
use crate::eval::gold;
use crate::train::{cast, confidence, entities, indirect, quotes};

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
            let articles = gold::articles(&config.data)?;
            quotes::run(&articles, &config.out)?;
            indirect::run(&articles, &config.out)?;
            cast::run(&articles, &config.out)?;
            confidence::run(&articles, &config.out)?;
        }
    }
    Ok(Outcome::Fine)
}
