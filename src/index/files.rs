//! What the index knows of the files it was built from: enough to see what is new, changed or gone,
//! in few bytes a file, because an archive can have millions. Names stay in the index until they
//! are asked for.

use std::collections::HashMap;

use tantivy::columnar::StrColumn;
use twox_hash::XxHash3_64;

use super::error::IndexError;
use super::reader::{At, Index, NAME_END, TextColumn, numbers, owner_key, signed};
use super::schema::Kind;
use super::types::FileRecord;

/// A file in one commit of an index; it means nothing in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileAt(At);

/// A file that is known, as it was when it was read.
#[derive(Clone, Copy, Debug)]
pub struct KnownFile {
    /// Where the index has it.
    pub at: FileAt,
    /// Some of it could not be used.
    pub troubled: bool,
    state: u64,
}

impl KnownFile {
    /// Whether it had this size and time, and was read with these options (as in `FileRecord`).
    pub fn is(&self, size: u64, modified: i64, options: u64) -> bool {
        self.state == state(size, modified, options)
    }
}

/// One number for all that tells whether a file has changed.
fn state(size: u64, modified: i64, options: u64) -> u64 {
    let mut bytes = [0; 24];
    bytes[..8].copy_from_slice(&size.to_le_bytes());
    bytes[8..16].copy_from_slice(&modified.to_le_bytes());
    bytes[16..].copy_from_slice(&options.to_le_bytes());
    XxHash3_64::oneshot(&bytes)
}

/// The files known of a root, by the hashes of their names: 32 bytes each.
#[derive(Debug)]
pub struct KnownFiles {
    root: String,
    /// By hash of the name.
    files: Vec<(u64, KnownFile)>,
    /// A bit a file: it was met.
    met: Vec<u64>,
}

impl KnownFiles {
    /// No files.
    pub fn none(root: &str) -> Self {
        KnownFiles { root: root.to_owned(), files: Vec::new(), met: Vec::new() }
    }

    /// The file of a name, which from now on counts as met.
    pub fn meet(&mut self, name: &str) -> Option<KnownFile> {
        let key = owner_key(&self.root, name);
        let found = self.files.binary_search_by_key(&key, |&(key, _)| key).ok()?;
        self.met[found / 64] |= 1 << (found % 64);
        Some(self.files[found].1)
    }

    /// The files that were not met.
    pub fn unmet(&self) -> Vec<FileAt> {
        let met = |i: usize| self.met[i / 64] >> (i % 64) & 1 == 1;
        let unmet = self.files.iter().enumerate().filter(|&(i, _)| !met(i));
        let mut unmet: Vec<FileAt> = unmet.map(|(_, (_, file))| file.at).collect();
        unmet.sort_unstable();
        unmet
    }
}

impl Index {
    /// The files of a root.
    pub fn files(&self, root: &str) -> Result<KnownFiles, IndexError> {
        let mut files = Vec::new();
        for (ord, segment) in self.segments() {
            let (size, troubled) = (numbers(segment, "size")?, numbers(segment, "problems")?);
            let modified = signed(segment, "modified")?;
            let notes = self.of_kind(segment, Kind::File)?;
            files.reserve_exact(notes.len());
            self.each_name(segment, notes, |doc, full| {
                if full.split_once(NAME_END).is_none_or(|(label, _)| label != root) {
                    return;
                }
                let mut size = size.values_for_doc(doc);
                let (bytes, options) = (size.next().unwrap_or(0), size.next().unwrap_or(0));
                let state = state(bytes, modified.first(doc).unwrap_or(0), options);
                let troubled = troubled.first(doc).is_some();
                let file = KnownFile { at: FileAt((ord, doc)), troubled, state };
                files.push((XxHash3_64::oneshot(full.as_bytes()), file));
            })?;
        }
        files.sort_unstable_by_key(|&(key, _)| key);
        let met = vec![0; files.len().div_ceil(64)];
        Ok(KnownFiles { root: root.to_owned(), files, met })
    }

    /// Whether the run under way, or one that was cut off, has articles of a file of which nothing
    /// is noted yet.
    pub fn is_unread(&self, root: &str, name: &str) -> bool {
        self.payload.unread.iter().any(|file| file.root == root && file.name == name)
    }

    /// How many files it has articles of and no note.
    pub(super) fn unnoted(&self) -> Result<u64, IndexError> {
        let mut unnoted = 0;
        for file in &self.payload.unread {
            let noted = self.notes_of(owner_key(&file.root, &file.name))?;
            unnoted += u64::from(noted.is_empty());
        }
        Ok(unnoted)
    }

    /// Where it is noted of a file, whose key is given, how it was: at most once.
    pub(super) fn notes_of(&self, key: u64) -> Result<Vec<At>, IndexError> {
        let mut notes = Vec::new();
        for together in self.holding(self.fields.file, key)?.chunk_by(|a, b| a.0 == b.0) {
            // The note about the file has a size, articles have none.
            let size = numbers(self.searcher.segment_reader(together[0].0), "size")?;
            notes.extend(together.iter().filter(|(_, doc)| size.first(*doc).is_some()));
        }
        Ok(notes)
    }

    /// All that is noted of a file.
    pub fn file(&self, FileAt((ord, doc)): FileAt) -> Result<FileRecord, IndexError> {
        let segment = self.searcher.segment_reader(ord);
        let mut names = TextColumn::open(segment, "name")?;
        let full = names.get(doc).and_then(|full| full.split_once(NAME_END));
        let (root, name) = full.ok_or_else(|| self.damaged("a file without a name".into()))?;
        let problems = match numbers(segment, "problems")?.first(doc) {
            Some(_) => serde_json::from_slice(&self.notes_at((ord, doc))?).unwrap_or_default(),
            None => Vec::new(),
        };
        let size = numbers(segment, "size")?;
        Ok(FileRecord {
            root: root.to_owned(),
            name: name.to_owned(),
            size: size.first(doc).unwrap_or(0),
            modified: signed(segment, "modified")?.first(doc).unwrap_or(0),
            hash: numbers(segment, "hash")?.first(doc).unwrap_or(0),
            problems,
            options: size.values_for_doc(doc).nth(1).unwrap_or(0),
        })
    }

    /// The names of some files in their root; best asked for in order.
    pub fn file_names(&self, files: &[FileAt]) -> Result<Vec<String>, IndexError> {
        let mut names = Vec::with_capacity(files.len());
        for together in files.chunk_by(|FileAt((a, _)), FileAt((b, _))| a == b) {
            let segment = self.searcher.segment_reader(together[0].0.0);
            let docs = together.iter().map(|FileAt((_, doc))| *doc).collect();
            self.each_name(segment, docs, |_, full| {
                names.extend(full.split_once(NAME_END).map(|(_, name)| name.to_owned()));
            })?;
        }
        Ok(names)
    }

    /// The articles of a file: id and hash of the record each was read from.
    pub fn records(&self, root: &str, file: &str) -> Result<HashMap<String, u64>, IndexError> {
        let mut records = HashMap::new();
        let its = self.holding(self.fields.file, owner_key(root, file))?;
        for together in its.chunk_by(|a, b| a.0 == b.0) {
            let segment = self.searcher.segment_reader(together[0].0);
            let (size, hash) = (numbers(segment, "size")?, numbers(segment, "hash")?);
            // As in `notes_of`: what has a size is no article.
            let articles = together.iter().map(|&(_, doc)| doc);
            let articles = articles.filter(|&doc| size.first(doc).is_none()).collect();
            self.each_name(segment, articles, |doc, full| {
                if let Some((_, id)) = full.split_once(NAME_END) {
                    records.insert(id.to_owned(), hash.first(doc).unwrap_or(0));
                }
            })?;
        }
        Ok(records)
    }

    /// The full names of documents.
    pub(super) fn names(
        &self,
        segment: &tantivy::SegmentReader,
        docs: Vec<u32>,
    ) -> Result<Vec<(u32, String)>, IndexError> {
        let mut named = Vec::with_capacity(docs.len());
        self.each_name(segment, docs, |doc, name| named.push((doc, name.to_owned())))?;
        Ok(named)
    }

    /// Shows the full names of documents one by one, in the order of the dictionary, which is the
    /// fast one.
    pub(super) fn each_name(
        &self,
        segment: &tantivy::SegmentReader,
        docs: Vec<u32>,
        mut shown: impl FnMut(u32, &str),
    ) -> Result<(), IndexError> {
        let Some(column) = segment.fast_fields().str("name")? else { return Ok(()) };
        let (ords, docs) = by_name(&column, docs);
        let mut docs = docs.into_iter();
        column.dictionary().sorted_ords_to_term_cb(&ords, |name| {
            if let Some(doc) = docs.next() {
                shown(doc, &String::from_utf8_lossy(name));
            }
        })?;
        Ok(())
    }
}

/// Documents in the order of their names, and the numbers of those.
fn by_name(column: &StrColumn, docs: Vec<u32>) -> (Vec<u64>, Vec<u32>) {
    let mut ords: Vec<(u64, u32)> =
        docs.into_iter().filter_map(|doc| Some((column.ords().first(doc)?, doc))).collect();
    ords.sort_unstable();
    ords.into_iter().unzip()
}
