//! Which folders an index was built from and how they are read; also read without opening it: an index of another format or
//! another model must be able to say what it takes to build it anew.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::error::IndexError;
use super::folder::Current;
use super::reader::Payload;
use super::sealed;
use super::types::{Mapping, Root};
use crate::read::{display_name, named_path};

impl Root {
    /// A root under a label, at a place.
    pub fn new(label: &str, place: &Path) -> Root {
        Root { label: label.to_owned(), path: display_name(place), mappings: Vec::new() }
    }

    /// Where it was last seen.
    pub fn place(&self) -> PathBuf {
        named_path(&self.path)
    }

    /// The field names by which a file is read: those given for the innermost part around it.
    pub fn fields(&self, name: &str) -> &[(String, String)] {
        let around = self.mappings.iter().filter(|mapping| lies_in(name, &mapping.within));
        around.max_by_key(|mapping| mapping.within.len()).map_or(&[], |mapping| &mapping.fields)
    }

    /// Has all that lies in a part of it read by these field names from now on.
    pub fn map_fields(&mut self, within: &str, fields: &[(String, String)]) {
        self.mappings.retain(|mapping| !lies_in(&mapping.within, within));
        self.mappings.push(Mapping { within: within.to_owned(), fields: fields.to_vec() });
        self.mappings.retain(|mapping| !(mapping.within.is_empty() && mapping.fields.is_empty()));
        self.mappings.sort();
    }
}

/// Whether a name in a root belongs to a part of that root.
pub fn lies_in(name: &str, part: &str) -> bool {
    let below = |rest: &str| rest.is_empty() || rest.starts_with('/');
    part.is_empty() || name.strip_prefix(part).is_some_and(below)
}

#[derive(Deserialize)]
struct Generation {
    generation: String,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(default)]
    payload: Option<String>,
}

/// The folders an index was built from, whatever its format and model; none where there is no index.
///
/// # Errors
/// When the files of the index cannot be read or understood.
pub fn roots(dir: &Path) -> Result<Vec<Root>, IndexError> {
    let Some(current) = json::<Generation>(dir, "current.json")? else { return Ok(Vec::new()) };
    let meta = json::<Meta>(dir, &format!("{}/meta.json", current.generation))?;
    let Some(payload) = meta.and_then(|meta| meta.payload) else { return Ok(Vec::new()) };
    let payload: Payload = serde_json::from_str(&payload).map_err(|e| damaged(dir, &e))?;
    Ok(payload.roots)
}

/// Fingerprint of the models an index was made with; nothing where there is no index.
///
/// # Errors
/// When the index is of another format, or cannot be read.
pub fn model(dir: &Path) -> Result<Option<String>, IndexError> {
    Ok(Current::read(dir)?.map(|current| current.model))
}

fn json<T: for<'a> Deserialize<'a>>(dir: &Path, name: &str) -> Result<Option<T>, IndexError> {
    let path = dir.join(name);
    match sealed::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|e| damaged(dir, &e)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == ErrorKind::InvalidData => Err(damaged(dir, &error)),
        Err(error) => Err(IndexError::Io { path, error }),
    }
}

fn damaged(dir: &Path, error: &dyn std::error::Error) -> IndexError {
    IndexError::Damaged { dir: dir.to_owned(), reason: error.to_string() }
}
