//! Which folders an index was built from, read without opening it: an index of another format or
//! another model must be able to say what it takes to build it anew.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;

use super::error::IndexError;
use super::reader::Payload;
use super::types::Root;

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

fn json<T: for<'a> Deserialize<'a>>(dir: &Path, name: &str) -> Result<Option<T>, IndexError> {
    let path = dir.join(name);
    match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|e| damaged(dir, &e)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(IndexError::Io { path, error }),
    }
}

fn damaged(dir: &Path, error: &serde_json::Error) -> IndexError {
    IndexError::Damaged { dir: dir.to_owned(), reason: error.to_string() }
}
