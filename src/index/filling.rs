//! A segment that is filled with documents and then written out: what the engine's `SegmentWriter`
//! does, and the same files to the byte, with an inverted index of our own making.
//!
//! The engine looks a word up among all terms of the segment whenever it comes, and adds its place to
//! what it holds of the term: some reads that a processor has to wait for. Here a word only becomes a
//! number, one behind the other; where each number stands is worked out when all of them are there,
//! by counting (`postings`). Columns and store are the engine's, other files those of the plugins.

mod inverted;
mod long;
mod postings;
mod store;
mod vocabulary;

use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::index::SegmentComponent;
use tantivy::schema::Schema;
use tantivy::{DocId, PluginWriter, PluginWriterContext, Segment};

use self::inverted::Inverted;
use self::store::Store;
use super::doc::Doc;
use super::schema::Fields;

/// A segment under way.
pub struct Filling {
    segment: Segment,
    schema: Schema,
    documents: DocId,
    inverted: Inverted,
    columns: FastFieldsWriter,
    store: Store,
    plugins: Vec<Box<dyn PluginWriter>>,
}

impl Filling {
    /// Begins a segment.
    ///
    /// # Errors
    /// When its files cannot be made.
    pub fn new(segment: Segment, fields: &Fields) -> tantivy::Result<Filling> {
        let (schema, index) = (segment.schema(), segment.index());
        let context = PluginWriterContext { segment: &segment, memory_budget_in_bytes: 0 };
        let plugins = index.custom_plugins().iter().map(|plugin| plugin.create_writer(&context));
        let columns = FastFieldsWriter::from_schema_and_tokenizer_manager(
            &schema,
            index.fast_field_tokenizer().clone(),
        );
        let store = segment.open_write(SegmentComponent::Store)?;
        Ok(Filling {
            documents: 0,
            inverted: Inverted::new(&schema, fields),
            columns: columns?,
            store: Store::new(store, index.settings(), schema.clone())?,
            plugins: plugins.collect::<tantivy::Result<_>>()?,
            schema,
            segment,
        })
    }

    /// Adds a document behind those that are there.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn add(&mut self, doc: &Doc) -> tantivy::Result<()> {
        self.inverted.add(self.documents, doc);
        self.columns.add_document(doc)?;
        self.store.add(doc)?;
        for plugin in &mut self.plugins {
            plugin.add_document(self.documents, doc, &self.schema)?;
        }
        self.documents += 1;
        Ok(())
    }

    /// Bytes held, those needed to close it among them.
    pub fn bytes(&self) -> usize {
        // Columns are written and given up first.
        self.inverted.bytes()
            + self.columns.mem_usage().max(self.inverted.room())
            + self.store.bytes()
            + self.plugins.iter().map(|plugin| plugin.mem_usage()).sum::<usize>()
    }

    /// Writes the files of the segment, and says which it is.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn close(self) -> tantivy::Result<Segment> {
        let segment = self.segment.with_max_doc(self.documents);
        let mut to = segment.open_write(SegmentComponent::FastFields)?;
        let mut columns = self.columns;
        columns.serialize(&mut to, None)?;
        to.terminate()?;
        drop(columns);
        self.store.close()?;
        self.inverted.write(self.documents, &segment)?;
        self.plugins.into_iter().try_for_each(|plugin| plugin.serialize(&segment, None))?;
        Ok(segment)
    }
}

/// Makes room for some more in a list, which grows by a quarter, not to twice its size: what it holds is
/// counted.
fn grown<T>(list: &mut Vec<T>, more: usize) {
    const LEAST: usize = 1 << 8;
    if list.capacity() - list.len() < more {
        list.reserve_exact(more.max(list.len() / 4).max(LEAST));
    }
}

/// Adds to a list that grows so.
fn push<T>(list: &mut Vec<T>, one: T) {
    grown(list, 1);
    list.push(one);
}

#[cfg(test)]
mod tests;
