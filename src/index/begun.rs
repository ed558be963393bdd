//! Files that a run has articles of but has not read to their end. A commit in between tells of them:
//! otherwise nobody would know that what it has of them belongs to a file that may change or go.
//! While a run goes on it tells of them beside the documents, for a note that is taken back with the
//! next commit is a deleted document, and merging a segment that has one is dear. What a run that was
//! cut off has told of so becomes notes when the next one begins.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::reader::owner_key;
use super::types::FileRecord;

/// A size that no file has.
const UNKNOWN: u64 = u64::MAX;

impl FileRecord {
    /// A file that was not read to its end: whatever it is now, it is not as it was.
    pub fn begun(file: &Unread) -> FileRecord {
        FileRecord {
            root: file.root.clone(),
            name: file.name.clone(),
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

/// The name of such a file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Unread {
    /// Label of its root.
    pub root: String,
    /// Its name in the root.
    pub name: String,
}

/// The files under way, by root and name.
#[derive(Default)]
pub struct Begun(Mutex<BTreeMap<u64, Unread>>);

impl Begun {
    fn files(&self) -> MutexGuard<'_, BTreeMap<u64, Unread>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An article of the file is put.
    pub fn open(&self, root: &str, name: &str) {
        let unread = || Unread { root: root.to_owned(), name: name.to_owned() };
        self.files().entry(owner_key(root, name)).or_insert_with(unread);
    }

    /// The file was read to its end.
    pub fn close(&self, root: &str, name: &str) {
        self.files().remove(&owner_key(root, name));
    }

    /// Those that are open.
    pub fn all(&self) -> Vec<Unread> {
        self.files().values().cloned().collect()
    }
}
