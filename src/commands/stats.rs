//! `whosaid stats`: the figures of an index.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;

use super::Outcome;
use crate::output::{json, lists, screen::Screen};

/// Of which index, and how.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the index.
    pub index: PathBuf,
    /// As one JSON object instead of lines for people.
    pub json: bool,
}

/// Runs the command.
///
/// # Errors
/// When there is no index.
pub fn run(config: &Config) -> anyhow::Result<Outcome> {
    let index = super::open(&config.index)?;
    let stats = index.stats()?;
    let mut text = Vec::new();
    if config.json {
        json::write(&stats, &mut text);
        text.push(b'\n');
    } else {
        text = lists::stats(&stats, &Screen::stdout()).into_bytes();
    }
    anstream::stdout().write_all(&text).context("standard output")?;
    Ok(Outcome::Fine)
}
