//! Collects what could not be used: counted by kind, the first few kept for the screen, all of
//! them written to the file the user asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context;

use crate::output::json;
use crate::report::{Problem, ProblemKind};

/// How many are kept for the screen.
const KEPT: usize = 20;

/// The problems of a run.
#[derive(Default)]
pub struct Problems(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    counts: BTreeMap<ProblemKind, u64>,
    /// The first ones by path, so that what is shown does not depend on the threads.
    first: BTreeSet<(String, ProblemKind)>,
    file: Option<(PathBuf, BufWriter<File>)>,
    failed: Option<std::io::Error>,
}

impl Problems {
    /// `errors`: where all of them are written to, as JSON Lines.
    ///
    /// # Errors
    /// When that file cannot be made.
    pub fn new(errors: Option<&Path>) -> anyhow::Result<Self> {
        let create = |path: &Path| -> anyhow::Result<_> {
            let file =
                File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            Ok((path.to_owned(), BufWriter::new(file)))
        };
        let file = errors.map(create).transpose()?;
        Ok(Problems(Mutex::new(Inner { file, ..Inner::default() })))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes one.
    pub fn add(&self, problem: &Problem) {
        let mut inner = self.inner();
        *inner.counts.entry(problem.kind).or_default() += 1;
        inner.first.insert((problem.to_string(), problem.kind));
        if inner.first.len() > KEPT {
            inner.first.pop_last();
        }
        if let Some((_, file)) = &mut inner.file {
            let mut line = Vec::new();
            json::write(problem, &mut line);
            line.push(b'\n');
            if let Err(error) = file.write_all(&line) {
                inner.failed = Some(error);
                inner.file = None;
            }
        }
    }

    /// How many of each kind.
    pub fn counts(&self) -> BTreeMap<ProblemKind, u64> {
        self.inner().counts.clone()
    }

    /// The first ones in words, and how many more there are.
    pub fn first(&self) -> (Vec<String>, u64) {
        let inner = self.inner();
        let shown: Vec<_> = inner.first.iter().map(|(words, _)| words.clone()).collect();
        let all: u64 = inner.counts.values().sum();
        let more = all - shown.len() as u64;
        (shown, more)
    }

    /// Completes the file.
    ///
    /// # Errors
    /// When it could not be written.
    pub fn close(&self) -> anyhow::Result<()> {
        let mut inner = self.inner();
        if let Some(error) = inner.failed.take() {
            return Err(error).context("cannot write the file of --errors");
        }
        match &mut inner.file {
            Some((path, file)) => {
                file.flush().with_context(|| format!("cannot write {}", path.display()))
            }
            None => Ok(()),
        }
    }
}
