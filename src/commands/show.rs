//! `whosaid show`: a whole article with its quotes and speakers marked.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::Outcome;
use crate::index::{Found, Index, StoredArticle};
use crate::output::article::View;
use crate::output::{escape, screen::Screen};
use crate::pipeline::real;
use crate::read::display_name;

/// Candidates that are listed when a name is not unique.
const CANDIDATES: usize = 20;

/// Which article, and how.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the index.
    pub index: PathBuf,
    /// Its id, path, or the end of either.
    pub article: String,
    /// As one JSON object instead of text for people.
    pub json: bool,
}

/// Runs the command.
///
/// # Errors
/// When there is no index, or more than one article of that name.
pub fn run(config: &Config) -> anyhow::Result<Outcome> {
    let index = super::open(&config.index)?;
    let found = match index.article(&config.article)? {
        Found::None => of_file(&index, &config.article)?,
        found => found,
    };
    match found {
        Found::One(stored) => show(&index, &stored, config),
        Found::None => {
            let name = &config.article;
            anstream::eprintln!("whosaid: no article whose id or path is {name:?} or ends in it");
            Ok(Outcome::Nothing)
        }
        Found::Many(ids) => anyhow::bail!("{}", ambiguous(&config.article, &ids)),
    }
}

/// The article in a file that is called as it lies on the disk, or in a record of it.
fn of_file(index: &Index, typed: &str) -> anyhow::Result<Found> {
    let (file, record) = match typed.rfind('#') {
        Some(at) if !Path::new(typed).exists() => typed.split_at(at),
        _ => (typed, ""),
    };
    let file = real(Path::new(file));
    for root in index.roots() {
        let place = root.place();
        let Ok(within) = file.strip_prefix(&place) else { continue };
        // A file that was indexed by itself is called by its name.
        let itself = within.as_os_str().is_empty().then(|| place.file_name()).flatten();
        let name = display_name(itself.map_or(within, Path::new));
        return Ok(index.article(&format!("{}/{name}{record}", root.label))?);
    }
    Ok(Found::None)
}

fn show(index: &Index, stored: &StoredArticle, config: &Config) -> anyhow::Result<Outcome> {
    let view = View { stored, shared: index.shared_by(&stored.passages)? };
    let mut to = BufWriter::new(anstream::stdout());
    let written = match config.json {
        true => view.json(&mut to),
        false => to.write_all(view.text(&Screen::stdout()).as_bytes()),
    };
    written.and_then(|()| to.flush()).context("standard output")?;
    Ok(Outcome::Fine)
}

fn ambiguous(name: &str, ids: &[String]) -> String {
    let mut message = format!("{name:?} may be any of {} articles:", ids.len());
    for id in ids.iter().take(CANDIDATES) {
        message.push_str(&format!("\n  {}", escape::line(id)));
    }
    if ids.len() > CANDIDATES {
        message.push_str(&format!("\n  … and {} more", ids.len() - CANDIDATES));
    }
    message
}
