//! Articles with names marked by people, as `shared/eval` keeps them: one JSON object a line,
//! offsets in code points. Read for training and for scoring.

use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

use crate::eval::gold::records;
use crate::text::Span;

/// One marked article.
#[derive(Clone, Debug)]
pub struct Marked {
    /// Its name in the set.
    pub id: String,
    /// Its text.
    pub text: String,
    /// The names with their labels (PER, ORG, LOC, MISC), in bytes.
    pub names: Vec<(Span, String)>,
}

#[derive(Deserialize)]
struct Line {
    doc_id: String,
    text: String,
    entities: Vec<Name>,
}

#[derive(Deserialize)]
struct Name {
    start: usize,
    end: usize,
    label: String,
}

/// The articles of one file.
///
/// # Errors
/// When the file cannot be read or a line is not what it should be.
pub fn read(path: &Path) -> anyhow::Result<Vec<Marked>> {
    let lines: Vec<Line> = records(path)?;
    let marked = |line: Line| {
        let place = format!("{}: {}", path.display(), line.doc_id);
        marked(line).context(place)
    };
    lines.into_iter().map(marked).collect()
}

fn marked(line: Line) -> anyhow::Result<Marked> {
    let mut bytes: Vec<usize> = line.text.char_indices().map(|(at, _)| at).collect();
    bytes.push(line.text.len());
    let byte = |at: usize| bytes.get(at).copied().context("an offset past the end of the text");
    let mut names = Vec::with_capacity(line.entities.len());
    for name in line.entities {
        names.push((
            Span::new(byte(name.start)?, byte(name.end)?.max(byte(name.start)?)),
            name.label,
        ));
    }
    Ok(Marked { id: line.doc_id, text: line.text, names })
}
