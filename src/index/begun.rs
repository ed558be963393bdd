//! Files that a run has articles of but has not read to their end. A commit in between notes them so:
//! otherwise nobody would know that what it has of them belongs to a file that may change or go.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::reader::owner_key;
use super::types::FileRecord;

/// A size that no file has.
const UNKNOWN: u64 = u64::MAX;

impl FileRecord {
    /// A file that was not read to its end: whatever it is now, it is not as it was.
    pub fn begun(root: &str, name: &str) -> FileRecord {
        FileRecord {
            root: root.to_owned(),
            name: name.to_owned(),
            size: UNKNOWN,
            modified: 0,
            hash: 0,
            problems: Vec::new(),
            options: 0,
        }
    }

    /// Whether it was not read to its end.
    pub fn is_begun(&self) -> bool {
        self.size == UNKNOWN
    }
}

/// The files under way, by root and name.
#[derive(Default)]
pub struct Begun(Mutex<BTreeMap<u64, FileRecord>>);

impl Begun {
    fn files(&self) -> MutexGuard<'_, BTreeMap<u64, FileRecord>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An article of the file is put.
    pub fn open(&self, root: &str, name: &str) {
        let begun = || FileRecord::begun(root, name);
        self.files().entry(owner_key(root, name)).or_insert_with(begun);
    }

    /// The file was read to its end.
    pub fn close(&self, root: &str, name: &str) {
        self.files().remove(&owner_key(root, name));
    }

    /// Those that are open.
    pub fn all(&self) -> Vec<FileRecord> {
        self.files().values().cloned().collect()
    }
}
