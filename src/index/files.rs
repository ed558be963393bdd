//! What the index knows of the files it was built from: enough to see what is new, changed or gone.

use std::collections::HashMap;

use super::error::IndexError;
use super::reader::{Index, NAME_END, TextColumn, numbers, owner_key, signed};
use super::schema::Kind;
use super::types::FileRecord;

impl Index {
    /// The files of a root by name. Problems are read only where there are any.
    pub fn files(&self, root: &str) -> Result<HashMap<String, FileRecord>, IndexError> {
        let mut files = HashMap::new();
        for (ord, segment) in self.segments() {
            let (size, hash) = (numbers(segment, "size")?, numbers(segment, "hash")?);
            let (modified, troubled) = (signed(segment, "modified")?, numbers(segment, "nth")?);
            let notes = self.of_kind(segment, Kind::File)?;
            for (doc, full) in self.names(segment, notes)? {
                let Some((label, name)) = full.split_once(NAME_END) else { continue };
                if label != root {
                    continue;
                }
                let problems = match troubled.first(doc) {
                    Some(_) => {
                        serde_json::from_slice(&self.blob_at((ord, doc))?).unwrap_or_default()
                    }
                    None => Vec::new(),
                };
                let record = FileRecord {
                    root: root.to_owned(),
                    name: name.to_owned(),
                    size: size.first(doc).unwrap_or(0),
                    modified: modified.first(doc).unwrap_or(0),
                    hash: hash.first(doc).unwrap_or(0),
                    problems,
                    options: size.values_for_doc(doc).nth(1).unwrap_or(0),
                };
                files.insert(record.name.clone(), record);
            }
        }
        Ok(files)
    }

    /// The articles of a file: id and hash of the record each was read from.
    pub fn records(&self, root: &str, file: &str) -> Result<HashMap<String, u64>, IndexError> {
        let mut records = HashMap::new();
        for (ord, doc) in self.holding(self.fields.file, owner_key(root, file))? {
            let segment = self.searcher.segment_reader(ord);
            // The note about the file has a size, articles have none.
            if numbers(segment, "size")?.first(doc).is_some() {
                continue;
            }
            let hash = numbers(segment, "hash")?.first(doc).unwrap_or(0);
            let mut names = TextColumn::open(segment, "name")?;
            let id = names.get(doc).and_then(|full| full.split_once(NAME_END));
            if let Some((_, id)) = id {
                records.insert(id.to_owned(), hash);
            }
        }
        Ok(records)
    }

    /// The full names of documents, read in the order of the dictionary, which is the fast one.
    pub(super) fn names(
        &self,
        segment: &tantivy::SegmentReader,
        docs: Vec<u32>,
    ) -> Result<Vec<(u32, String)>, IndexError> {
        let Some(column) = segment.fast_fields().str("name")? else { return Ok(Vec::new()) };
        let mut ords: Vec<(u64, u32)> =
            docs.into_iter().filter_map(|doc| Some((column.ords().first(doc)?, doc))).collect();
        ords.sort_unstable();
        let mut named = Vec::with_capacity(ords.len());
        let (ords, docs): (Vec<u64>, Vec<u32>) = ords.into_iter().unzip();
        let mut docs = docs.into_iter();
        column.dictionary().sorted_ords_to_term_cb(&ords, |name| {
            if let Some(doc) = docs.next() {
                named.push((doc, String::from_utf8_lossy(name).into_owned()));
            }
        })?;
        Ok(named)
    }
}
