//! The folder an index lives in: which generation of it answers, and who may write.
//!
//! `current.json` names the generation, a sub-folder; replacing that one file is what makes a
//! rebuilt index answer, so there is no moment without a whole index. `writer.lock` is held by
//! the operating system for as long as the writing process lives, however it ends.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

use super::error::IndexError;
use super::schema::FORMAT;
use super::sealed;

const CURRENT: &str = "current.json";
const LOCK: &str = "writer.lock";

/// What answers at present.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Current {
    /// Format version.
    pub format: u32,
    /// Fingerprint of the models that annotated it.
    pub model: String,
    /// Name of the sub-folder.
    pub generation: String,
}

impl Current {
    /// Reads which generation answers; `None` where there is no index.
    pub fn read(dir: &Path) -> Result<Option<Current>, IndexError> {
        let path = dir.join(CURRENT);
        let damaged = |reason: String| IndexError::Damaged { dir: dir.to_owned(), reason };
        let bytes = match sealed::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                return Err(damaged(error.to_string()));
            }
            Err(error) => return Err(IndexError::Io { path, error }),
        };
        // The format number is read first: what stands around it may differ between formats.
        let value: serde_json::Value =
            serde_json::from_slice(&bytes).map_err(|e| damaged(format!("{CURRENT}: {e}")))?;
        let found = value.get("format").and_then(serde_json::Value::as_u64).unwrap_or(0) as u32;
        if found != FORMAT {
            return Err(IndexError::OtherFormat { dir: dir.to_owned(), found, needed: FORMAT });
        }
        let current: Current =
            serde_json::from_value(value).map_err(|e| damaged(format!("{CURRENT}: {e}")))?;
        let name = current.generation.strip_prefix('g').unwrap_or_default();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_digit()) {
            return Err(damaged(format!("{CURRENT}: no generation")));
        }
        Ok(Some(current))
    }

    /// What answers, if it can be read with these models.
    pub fn read_for(dir: &Path, model: &str) -> Result<Current, IndexError> {
        let current = Current::read(dir)?.ok_or_else(|| IndexError::Missing(dir.to_owned()))?;
        if current.model != model {
            return Err(IndexError::OtherModel(dir.to_owned()));
        }
        Ok(current)
    }

    /// Makes a generation the one that answers.
    fn publish(&self, dir: &Path) -> Result<(), IndexError> {
        let path = dir.join(CURRENT);
        let bytes = serde_json::to_vec(self).map_err(std::io::Error::from);
        let written = bytes.and_then(|bytes| sealed::replace(&path, &bytes));
        written.map_err(|error| IndexError::Io { path, error })?;
        // Where folders cannot be synced the rename alone has to do.
        let _ = File::open(dir).and_then(|dir| dir.sync_all());
        Ok(())
    }
}

/// The right to write, and the generation to write into.
#[derive(Debug)]
pub struct Folder {
    dir: PathBuf,
    current: Current,
    published: bool,
    _lock: WriterLock,
}

/// The right to write.
#[derive(Debug)]
struct WriterLock(File);

impl Drop for WriterLock {
    /// Gives the lock up by name. Closing the file alone would leave it with any child that another
    /// thread is just starting and that has not yet closed what it was born with.
    fn drop(&mut self) {
        // Where that fails, the file is closed all the same.
        let _ = self.0.unlock();
    }
}

impl Folder {
    /// Takes the writer's lock and chooses the generation: the one that answers, or a new one
    /// where there is none or everything is to be built anew.
    pub fn open(dir: &Path, model: &str, rebuild: bool) -> Result<Folder, IndexError> {
        let io = |path: &Path, error| IndexError::Io { path: path.to_owned(), error };
        fs::create_dir_all(dir).map_err(|e| io(dir, e))?;
        let lock = lock(dir)?;
        let (found, known) = match Current::read(dir) {
            // What answers cannot be told, so nothing is removed before the new one does.
            Err(_) if rebuild => (None, false),
            found => (found?, true),
        };
        let answers = |name: &str| found.as_ref().is_some_and(|c| c.generation == name);
        remove_generations(dir, |name| !known || answers(name));
        match found {
            Some(current) if !rebuild && current.model != model => {
                Err(IndexError::OtherModel(dir.to_owned()))
            }
            Some(current) if !rebuild => {
                Ok(Folder { dir: dir.to_owned(), current, published: true, _lock: lock })
            }
            _ => {
                let generation = next_generation(dir);
                let current = Current { format: FORMAT, model: model.to_owned(), generation };
                let path = dir.join(&current.generation);
                fs::create_dir_all(&path).map_err(|e| io(&path, e))?;
                Ok(Folder { dir: dir.to_owned(), current, published: false, _lock: lock })
            }
        }
    }

    /// Where the generation is written.
    pub fn path(&self) -> PathBuf {
        self.dir.join(&self.current.generation)
    }

    /// Whether the generation answers already.
    pub fn is_published(&self) -> bool {
        self.published
    }

    /// Makes the generation the one that answers, and removes all others.
    pub fn publish(&mut self) -> Result<(), IndexError> {
        if !self.published {
            self.current.publish(&self.dir)?;
            self.published = true;
        }
        remove_generations(&self.dir, |name| name == self.current.generation);
        Ok(())
    }
}

/// Takes the writer's lock, or says who holds it.
fn lock(dir: &Path) -> Result<WriterLock, IndexError> {
    let path = dir.join(LOCK);
    let io = |error| IndexError::Io { path: path.clone(), error };
    let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
    let mut file = open.map_err(io)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut by = String::new();
            let _ = file.read_to_string(&mut by);
            let by = if by.is_empty() { "another process".into() } else { format!("process {by}") };
            return Err(IndexError::Busy { dir: dir.to_owned(), by });
        }
        Err(TryLockError::Error(error)) => return Err(io(error)),
    }
    let mut lock = WriterLock(file);
    lock.0.set_len(0).and_then(|()| lock.0.rewind()).map_err(io)?;
    write!(lock.0, "{}", std::process::id()).map_err(io)?;
    Ok(lock)
}

/// Removes the generations that are not to be kept: what a killed rebuild left, or the old one.
fn remove_generations(dir: &Path, keep: impl Fn(&str) -> bool) {
    for (name, _) in generations(dir) {
        if !keep(&name) {
            // Left for the next time where it cannot be removed now.
            let _ = fs::remove_dir_all(dir.join(name));
        }
    }
}

/// Names and numbers of the generations in a folder.
fn generations(dir: &Path) -> Vec<(String, u64)> {
    let names = fs::read_dir(dir).into_iter().flatten().flatten();
    let numbered = names.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let number = name.strip_prefix('g')?.parse().ok()?;
        Some((name, number))
    });
    numbered.collect()
}

fn next_generation(dir: &Path) -> String {
    let last = generations(dir).into_iter().map(|(_, number)| number).max().unwrap_or(0);
    format!("g{}", last + 1)
}

/// No file of an index is shorter than the numbers at its end.
const LEAST_BYTES: usize = 8;

/// The files of a generation. The engine's own locks are taken where they can be had and done
/// without where not. Who may write is settled by ours already; the other one only guards against
/// files vanishing while an index is opened, which opening it again mends. So an index on a
/// read-only disk can be searched.
#[derive(Clone, Debug)]
pub struct Files(MmapDirectory, PathBuf);

impl Files {
    /// The files in a folder.
    pub fn open(generation: &Path) -> tantivy::Result<Files> {
        Ok(Files(MmapDirectory::open(generation)?, generation.to_owned()))
    }
}

impl Directory for Files {
    fn get_file_handle(
        &self,
        path: &Path,
    ) -> Result<std::sync::Arc<dyn FileHandle>, OpenReadError> {
        let file = self.0.get_file_handle(path)?;
        // The engine subtracts without asking when it looks for the end of such a stump.
        if file.len() < LEAST_BYTES {
            let error = std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "cut short");
            return Err(OpenReadError::wrap_io_error(error, path.to_owned()));
        }
        Ok(file)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.0.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.0.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        sealed::read(&self.1.join(path)).map_err(|error| match error.kind() {
            ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_owned()),
            _ => OpenReadError::wrap_io_error(error, path.to_owned()),
        })
    }

    /// The engine's own way makes files that only their owner can read.
    fn atomic_write(&self, path: &Path, data: &[u8]) -> std::io::Result<()> {
        sealed::replace(&self.1.join(path), data)
    }

    fn sync_directory(&self) -> std::io::Result<()> {
        self.0.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(self.0.acquire_lock(lock).unwrap_or_else(|_| DirectoryLock::from(Box::new(()))))
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.0.watch(callback)
    }
}
