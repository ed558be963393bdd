//! `whosaid verify`: checks an index against itself and against the files it was built from.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::Outcome;
use crate::annotate::fingerprint;
use crate::index::{Index, Root, verify};
use crate::output::escape;
use crate::output::summary::counted;
use crate::pipeline::{Lost, lost};
use crate::read;

/// Faults that are printed.
const SHOWN: usize = 50;

/// What to check.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the index.
    pub index: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// When there is no index, or it cannot be read at all.
pub fn run(config: &Config) -> anyhow::Result<Outcome> {
    let report = verify(&config.index, &fingerprint())?;
    let mut faults = report.faults;
    if !report.damaged {
        let index = super::open(&config.index)?;
        for root in index.roots() {
            faults.extend(against_files(&index, root, &config.index)?);
        }
    }
    print(&faults).context("standard output")?;
    let verdict = if faults.is_empty() { "all is well" } else { "not all is well" };
    anstream::eprintln!(
        "{}, {}, {} checked: {verdict}",
        counted(report.articles, "article"),
        counted(report.passages, "passage"),
        counted(report.quotes, "quote")
    );
    Ok(if faults.is_empty() { Outcome::Fine } else { Outcome::Incomplete })
}

fn print(faults: &[String]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for fault in faults.iter().take(SHOWN) {
        writeln!(out, "{}", escape::line(fault))?;
    }
    if faults.len() > SHOWN {
        writeln!(out, "… and {} more", faults.len() - SHOWN)?;
    }
    out.flush()
}

/// What is said of a file that a run has begun to read.
fn unread(path: &str) -> String {
    format!("{path}: not read to its end yet")
}

/// How the files of a root differ from what the index was built from.
fn against_files(index: &Index, root: &Root, own: &Path) -> anyhow::Result<Vec<String>> {
    let mut known = index.files(&root.label)?;
    let mut faults = Vec::new();
    if let Some(lost) = lost(root, own) {
        // One line, not one for each of its files; there may be none.
        let none = known.unmet().is_empty() && lost == Lost::Empty;
        let fault = format!("{}: {}", root.path, lost.words());
        return Ok(if none { Vec::new() } else { vec![fault] });
    }
    let folder = root.place();
    for source in read::walk(&[folder]).skipping(&[own.to_owned()]).flatten() {
        let path = read::display_name(&source.path);
        let file = known.meet(&source.name);
        if index.is_unread(&root.label, &source.name) {
            faults.push(unread(&path));
            continue;
        }
        let Some(file) = file else {
            faults.push(format!("{path}: new, not in the index yet"));
            continue;
        };
        let file = index.file(file.at)?;
        if file.is_begun() {
            faults.push(unread(&path));
            continue;
        }
        let read = file.hash;
        match read::content_hash(&source.path) {
            Ok(hash) if hash as u64 == read || read == 0 => {}
            Ok(_) => faults.push(format!("{path}: has changed since it was indexed")),
            Err(error) => faults.push(format!("{path}: {error}")),
        }
    }
    let gone = index.file_names(&known.unmet())?.into_iter();
    faults.extend(gone.map(|name| format!("{name}: gone since it was indexed")));
    faults.sort();
    Ok(faults)
}
