//! The engine's store of a segment under way. It counts all documents and holds next to nothing of
//! most: blocks without any contents are all alike, so one is packed and copied from then on.

use std::path::Path;

use tantivy::directory::{FileSlice, RamDirectory, WritePtr};
use tantivy::schema::Schema;
use tantivy::store::{StoreReader, StoreWriter};
use tantivy::{Directory, IndexSettings};

use super::super::doc::Doc;

/// Bytes that the engine counts for a document without contents: its place in the block, and one that
/// says how many contents it has.
const EMPTY: usize = 9;

/// A store under way.
pub struct Store {
    to: StoreWriter,
    schema: Schema,
    /// By the number of the field: whether it is stored.
    stored: Vec<bool>,
    /// Documents without contents that are not written yet.
    waiting: usize,
    /// A store that is one block of documents without contents, and how many there are.
    block: (FileSlice, usize),
}

impl Store {
    /// Begins a store.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn new(to: WritePtr, settings: &IndexSettings, schema: Schema) -> tantivy::Result<Store> {
        let documents = settings.docstore_blocksize / EMPTY + 1;
        let (memory, path) = (RamDirectory::create(), Path::new("block"));
        let mut block = writer(memory.open_write(path)?, settings)?;
        for _ in 0..documents {
            block.store(&Doc::default(), &schema)?;
        }
        block.close()?;
        Ok(Store {
            to: writer(to, settings)?,
            stored: schema.fields().map(|(_, entry)| entry.is_stored()).collect(),
            schema,
            waiting: 0,
            block: (memory.open_read(path)?, documents),
        })
    }

    /// Adds a document.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add(&mut self, doc: &Doc) -> tantivy::Result<()> {
        if doc.0.iter().any(|(field, _)| self.stored[field.field_id() as usize]) {
            self.write_waiting()?;
            self.to.store(doc, &self.schema)?;
            return Ok(());
        }
        self.waiting += 1;
        let (block, documents) = &self.block;
        if self.waiting == *documents {
            self.to.stack(StoreReader::open(block.clone(), 0)?)?;
            self.waiting = 0;
        }
        Ok(())
    }

    fn write_waiting(&mut self) -> tantivy::Result<()> {
        for _ in 0..std::mem::take(&mut self.waiting) {
            self.to.store(&Doc::default(), &self.schema)?;
        }
        Ok(())
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.to.mem_usage()
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn close(mut self) -> tantivy::Result<()> {
        self.write_waiting()?;
        Ok(self.to.close()?)
    }
}

fn writer(to: WritePtr, settings: &IndexSettings) -> tantivy::Result<StoreWriter> {
    Ok(StoreWriter::new(
        to,
        settings.docstore_compression,
        settings.docstore_blocksize,
        settings.docstore_compress_dedicated_thread,
    )?)
}
