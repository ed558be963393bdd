//! Keeps track of files whose records are spread over workers: when the last record of a file is
//! done, the file is done.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crate::read::{Batch, End};
use crate::report::{Problem, ProblemKind};

/// A file that is being read.
#[derive(Default)]
pub struct Open {
    /// Articles the index has of it that were not met again yet, with the hash of the record each
    /// was read from.
    pub known: HashMap<String, u64>,
    /// What could not be used of it.
    pub problems: Vec<Problem>,
    /// Not all of it could be read.
    pub unreadable: bool,
    /// `known` was filled.
    loaded: bool,
    /// Bytes of it that the progress has counted.
    counted: u64,
    /// Batches under way.
    under_way: usize,
    /// Set when its last batch was taken.
    end: Option<End>,
}

/// Problems of one file that are noted with it.
const NOTED: usize = 1000;

impl Open {
    /// Fills `known` when it is first needed.
    pub fn load<E>(
        &mut self,
        records: impl FnOnce() -> Result<HashMap<String, u64>, E>,
    ) -> Result<(), E> {
        if !self.loaded {
            self.known = records()?;
            self.loaded = true;
        }
        Ok(())
    }

    /// Notes a problem, so that the next run tells of it without reading the file again.
    pub fn note(&mut self, problem: Problem) {
        self.unreadable |= problem.kind == ProblemKind::Unreadable;
        if self.problems.len() < NOTED {
            self.problems.push(problem);
        }
    }

    /// Bytes on disk that `bytes` more of its records stand for: never more than the file has in
    /// all, and all of it at its end.
    pub fn count(&mut self, bytes: u64, size: u64, ends: bool) -> u64 {
        let left = size.saturating_sub(self.counted);
        let more = if ends { left } else { bytes.min(left) };
        self.counted += more;
        more
    }
}

/// All files that are being read, by place.
#[derive(Default)]
pub struct OpenFiles(Mutex<HashMap<PathBuf, Arc<Mutex<Open>>>>);

impl OpenFiles {
    /// Notes a batch as taken; to be called in the order in which batches come.
    pub fn take(&self, batch: &Batch) -> Arc<Mutex<Open>> {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let file = files.entry(batch.source.path.clone()).or_default().clone();
        let mut open = file.lock().unwrap_or_else(PoisonError::into_inner);
        open.under_way += 1;
        open.end = open.end.or(batch.end);
        drop(open);
        file
    }

    /// Notes a batch as done. The file, when that was its last one.
    pub fn done(&self, batch: &Batch, file: &Mutex<Open>) -> Option<(Open, End)> {
        let mut open = file.lock().unwrap_or_else(PoisonError::into_inner);
        open.under_way -= 1;
        let end = open.end.filter(|_| open.under_way == 0)?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&batch.source.path);
        Some((std::mem::take(&mut *open), end))
    }
}
