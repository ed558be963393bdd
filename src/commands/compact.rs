//! `whosaid compact`: merges an index into one segment.

use std::path::PathBuf;

use anyhow::Context;

use super::{KEEPING, Outcome};
use crate::index::Writer;
use crate::output::summary::counted;

/// What to compact.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the index.
    pub index: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// When there is no index, or it cannot be written.
pub fn run(config: &Config) -> anyhow::Result<Outcome> {
    let extent = || -> anyhow::Result<(u64, u64)> {
        let index = super::open(&config.index)?;
        Ok((index.segment_count(), index.bytes()?))
    };
    let before = extent()?;
    let writer = Writer::open(&config.index, &super::writing(1, KEEPING))?;
    writer.compact().with_context(|| super::unfinished(&config.index))?;
    let after = extent()?;
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    anstream::eprintln!(
        "{}, {:.1} MB; were {}, {:.1} MB",
        counted(after.0, "segment"),
        megabytes(after.1),
        before.0,
        megabytes(before.1)
    );
    Ok(Outcome::Fine)
}
