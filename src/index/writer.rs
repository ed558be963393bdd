//! Writing the index: many workers, one commit a batch, every commit a whole index.
//!
//! Each worker fills a segment of its own, in its own thread: no queue between the workers and
//! the engine, so memory is what the segments hold and `threads` is what runs. When the segments
//! are full all of them are committed together: an article is never in the index without its
//! passages and quotes, and a passage that two articles share never without either.

mod merging;

use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, TryLockError};

use cpu_time::ThreadTime;
use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};
use tantivy::schema::Schema;
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{IndexBuilder, IndexSettings, IndexWriter};

use super::begun::Begun;
use super::doc::Doc;
use super::documents::{Documents, file_doc, passage_doc};
use super::error::IndexError;
use super::filling::Filling;
use super::folder::{Files, Folder};
use super::gone::Gone;
use super::known::Known;
use super::orphans::orphans;
use super::reader::{Index, Payload, owner_key, plugins};
use super::schema::{Fields, schema};
use super::types::{ArticleDocs, FileRecord, PutStats, Root};
use crate::dedup::PassageSet;

/// What the engine's own, idle worker is given: the least it takes.
const IDLE_BUDGET: usize = 15_000_000;
/// Segments that a finished run leaves at most, unless there are more than so many documents for each:
/// merging on would hold ever more memory.
const MOST_SEGMENTS: usize = 8;
const SEGMENT_DOCUMENTS: u64 = 1_000_000;
/// Names of files that are held together.
const NAMES_AT_ONCE: usize = 4096;
/// Size of a block of the engine's store, which has next to nothing to hold but counts documents
/// all the same: about a thousand of them, at a level that sees how regular that is.
const STORE_BLOCK: usize = 9_000;
const STORE_LEVEL: i32 = 12;

/// How to write.
#[derive(Clone, Debug)]
pub struct WriterOptions {
    /// Workers that will call `put` at a time.
    pub threads: usize,
    /// Bytes the writer may hold: segments under way and the paragraphs seen.
    pub memory: usize,
    /// Fingerprint of the models that annotate.
    pub model: String,
    /// Build everything anew; the old index answers until the new one is finished.
    pub rebuild: bool,
}

/// The one writer of an index.
pub struct Writer {
    index: tantivy::Index,
    fields: Fields,
    core: RwLock<Core>,
    slots: Vec<Mutex<Slot>>,
    seen: PassageSet,
    put: PassageSet,
    begun: Begun,
    slot_budget: usize,
    seen_budget: usize,
    next_slot: AtomicUsize,
    /// CPU time of the threads that closed segments, nanoseconds.
    closing: AtomicU64,
    /// Last, for its lock: by the time that is given up, nothing else of this writes any more.
    folder: Mutex<Folder>,
}

/// What only one may touch while others wait.
struct Core {
    engine: IndexWriter<Doc>,
    committed: Index,
    payload: Payload,
    /// Asked as well where paragraphs seen before are not all in `seen`.
    known: Option<Known>,
    /// An earlier run was cut off before it could drop passages that nobody carries.
    sweep_all: bool,
    /// What is to go with the next commit.
    removed: Mutex<Removed>,
}

/// What was taken out.
#[derive(Default)]
struct Removed {
    /// Documents, until they are committed.
    gone: Gone,
    /// The passages of articles that were removed in this run: nobody may carry them any more.
    passages: Vec<u64>,
}

/// A segment under way.
#[derive(Default)]
struct Slot(Option<Filling>);

impl Writer {
    /// Opens an index for writing, makes it where there is none, and keeps all others from
    /// writing until this is dropped.
    pub fn open(dir: &Path, options: &WriterOptions) -> Result<Writer, IndexError> {
        let mut folder = Folder::open(dir, &options.model, options.rebuild)?;
        if folder.is_published() {
            // What is too damaged to be read is not written on.
            Index::open(dir, &options.model)?;
        }
        let (schema, fields) = schema();
        let index = open_or_create(&folder, (schema, fields))?;
        if !folder.is_published() && !options.rebuild {
            folder.publish()?;
        }
        let engine = index.writer_with_options(
            IndexWriterOptions::builder()
                .num_worker_threads(1)
                .memory_budget_per_thread(IDLE_BUDGET)
                .num_merge_threads(merging::MERGES)
                .build(),
        )?;
        engine.set_merge_policy(Box::new(NoMergePolicy));
        // What a killed run wrote and never committed: its names may be wanted again.
        engine.garbage_collect_files().wait()?;
        let committed = Index::of(&index, dir)?;
        let threads = options.threads.max(1);
        let memory = options.memory.max(64 << 20);
        let seen_budget = memory / 10 * 3;
        let core = Core {
            engine,
            payload: committed.payload.clone(),
            sweep_all: committed.payload.sweep,
            known: (committed.searcher.num_docs() > 0).then(|| Known::new(seen_budget / 2)),
            committed,
            removed: Mutex::default(),
        };
        let writer = Writer {
            folder: Mutex::new(folder),
            index,
            fields,
            core: RwLock::new(core),
            slots: (0..threads).map(|_| Mutex::default()).collect(),
            seen: PassageSet::default(),
            put: PassageSet::default(),
            begun: Begun::default(),
            // A segment finds its long words by 32 bits: half of what these reach leaves room for an article.
            slot_budget: (memory / 10 * 7 / threads).clamp(16 << 20, 2 << 30),
            seen_budget,
            next_slot: AtomicUsize::new(0),
            closing: AtomicU64::new(0),
        };
        writer.take_over()?;
        Ok(writer)
    }

    /// Notes the files that a run which was cut off had not read to their end.
    fn take_over(&self) -> Result<(), IndexError> {
        let mut core = self.core.write().unwrap_or_else(PoisonError::into_inner);
        if core.payload.unread.is_empty() {
            return Ok(());
        }
        self.note_unread(&mut core)?;
        self.commit_core(&mut core)
    }

    /// Makes notes of the files that were only told of beside the documents.
    fn note_unread(&self, core: &mut Core) -> Result<(), IndexError> {
        let unread = std::mem::take(&mut core.payload.unread);
        unread.iter().try_for_each(|file| self.note(core, &FileRecord::begun(file)))
    }

    /// The index as it was last committed.
    pub fn read<T>(&self, ask: impl FnOnce(&Index) -> T) -> T {
        ask(&self.core.read().unwrap_or_else(PoisonError::into_inner).committed)
    }

    /// The folders the index is built from.
    pub fn roots(&self) -> Vec<Root> {
        self.core.read().unwrap_or_else(PoisonError::into_inner).payload.roots.clone()
    }

    /// Adds a folder, or tells where it is now. Takes effect with the next commit.
    pub fn set_root(&self, root: Root) {
        let mut core = self.core.write().unwrap_or_else(PoisonError::into_inner);
        core.payload.roots.retain(|known| known.label != root.label);
        core.payload.roots.push(root);
        core.payload.roots.sort();
    }

    /// Takes a folder out, with all its files and articles.
    pub fn forget_root(&self, label: &str) -> Result<(), IndexError> {
        let files = self.read(|index| index.files(label))?.unmet();
        for some in files.chunks(NAMES_AT_ONCE) {
            for name in self.read(|index| index.file_names(some))? {
                self.remove_file(label, &name)?;
            }
        }
        let mut core = self.core.write().unwrap_or_else(PoisonError::into_inner);
        core.payload.roots.retain(|known| known.label != label);
        Ok(())
    }

    /// Indexes an article, in place of what was committed under its id before. An id may be put
    /// once in a run.
    pub fn put(&self, docs: ArticleDocs) -> Result<PutStats, IndexError> {
        let (root, file, id) = (docs.root.clone(), docs.file.clone(), docs.article.id.clone());
        let documents = Documents::new(docs, &self.fields);
        if !self.put.insert(documents.owner) {
            return Err(IndexError::Misuse(format!("two articles have the id {id}")));
        }
        let (stats, full) = {
            let core = self.core.read().unwrap_or_else(PoisonError::into_inner);
            self.begun.open(&root, &file);
            core.take_out(documents.owner)?;
            let (stats, full) = self.add(&core, documents)?;
            (stats, full || self.remembers_too_much(&core))
        };
        if full {
            self.commit_full()?;
        }
        Ok(stats)
    }

    /// Adds the documents of an article to a segment; whether that is full.
    fn add(&self, core: &Core, mut documents: Documents) -> Result<(PutStats, bool), IndexError> {
        let mut new = Vec::with_capacity(documents.passages.len());
        for &(id, _) in &documents.passages {
            new.push(self.seen.insert(id) && !core.knows(id)?);
        }
        let (paragraphs, quotes) = (documents.paragraphs() as u64, documents.quotes.len());
        let brought = new.iter().filter(|new| **new).count() as u64;
        let unknown = documents.quotes.iter().filter(|quote| quote.speaker.is_none()).count();
        let stats = PutStats {
            paragraphs,
            repeats: paragraphs - brought,
            quotes: quotes as u64,
            unknown: unknown as u64,
        };
        // One after the other into one segment: `layout` counts on it.
        let mut slot = self.slot();
        slot.add(&documents.article(&new, &self.fields), self)?;
        for number in 0..quotes {
            slot.add(&documents.quote(number, &new, &self.fields), self)?;
        }
        for (&(id, span), _) in documents.passages.iter().zip(&new).filter(|(_, new)| **new) {
            slot.add(&passage_doc(id, span, documents.text(), &self.fields), self)?;
        }
        Ok((stats, slot.bytes() >= self.slot_budget))
    }

    /// A segment that nobody is using: there is one a worker.
    fn slot(&self) -> MutexGuard<'_, Slot> {
        let first = self.next_slot.fetch_add(1, Ordering::Relaxed);
        for step in 0..self.slots.len() {
            match self.slots[(first + step) % self.slots.len()].try_lock() {
                Ok(slot) => return slot,
                Err(TryLockError::Poisoned(poisoned)) => return poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        self.slots[first % self.slots.len()].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a file as read, in place of what was noted before. To be called after the last `put`
    /// of its articles: an index never says that it has more of a file than it has. A file that is
    /// never noted so is one that was not read to its end.
    pub fn put_file(&self, file: &FileRecord) -> Result<(), IndexError> {
        let core = self.core.read().unwrap_or_else(PoisonError::into_inner);
        self.begun.close(&file.root, &file.name);
        self.note(&core, file)
    }

    fn note(&self, core: &Core, file: &FileRecord) -> Result<(), IndexError> {
        core.forget_file(owner_key(&file.root, &file.name))?;
        self.slot().add(&file_doc(file, &self.fields), self)
    }

    /// Takes an article out.
    pub fn remove_article(&self, root: &str, id: &str) -> Result<(), IndexError> {
        let owner = owner_key(root, id);
        if self.put.contains(owner) {
            return Err(IndexError::Misuse(format!("{id} was put in this run")));
        }
        let core = self.core.read().unwrap_or_else(PoisonError::into_inner);
        core.take_out(owner)
    }

    /// Takes a file out, with all its articles.
    pub fn remove_file(&self, root: &str, name: &str) -> Result<(), IndexError> {
        for id in self.read(|index| index.records(root, name))?.keys() {
            self.remove_article(root, id)?;
        }
        let core = self.core.read().unwrap_or_else(PoisonError::into_inner);
        core.forget_file(owner_key(root, name))
    }

    /// Commits what was put and removed so far: from now on it is what readers see, and what a
    /// crash leaves.
    pub fn commit(&self) -> Result<(), IndexError> {
        let mut core = self.core.write().unwrap_or_else(PoisonError::into_inner);
        core.payload.unread = self.begun.all();
        self.note_unread(&mut core)?;
        self.commit_core(&mut core)
    }

    /// Commits, unless another worker has just done so.
    fn commit_full(&self) -> Result<(), IndexError> {
        let mut core = self.core.write().unwrap_or_else(PoisonError::into_inner);
        let held = |slot: &Mutex<Slot>| slot.lock().unwrap_or_else(PoisonError::into_inner).bytes();
        let full = self.slots.iter().any(|slot| held(slot) >= self.slot_budget);
        if full || self.remembers_too_much(&core) {
            core.payload.unread = self.begun.all();
            self.commit_core(&mut core)?;
        }
        Ok(())
    }

    fn commit_core(&self, core: &mut Core) -> Result<(), IndexError> {
        self.flush(core)?;
        let gone = std::mem::take(&mut core.removed().gone);
        if !gone.is_empty() {
            core.engine.delete_query(gone.into_query())?;
        }
        let suspects = !core.removed().passages.is_empty();
        core.payload.sweep |= suspects;
        core.commit()?;
        core.committed = Index::of(&self.index, &core.committed.dir)?;
        if self.remembers_too_much(core) {
            self.seen.clear();
            core.known = Some(Known::new(self.seen_budget / 2));
        }
        Ok(())
    }

    /// Whether what is remembered of paragraphs is past its budget.
    fn remembers_too_much(&self, core: &Core) -> bool {
        let filter = core.known.as_ref().map_or(0, Known::bytes);
        self.seen.bytes() + filter > self.seen_budget
    }

    /// Closes all segments under way, each in a thread of its own.
    fn flush(&self, core: &Core) -> Result<(), IndexError> {
        let filled: Vec<Filling> = self
            .slots
            .iter()
            .filter_map(|slot| slot.lock().unwrap_or_else(PoisonError::into_inner).0.take())
            .collect();
        let results = std::thread::scope(|scope| {
            let close = |filled| {
                scope.spawn(|| {
                    let closed = close_segment(filled, &core.engine);
                    let spent = ThreadTime::now().as_duration().as_nanos();
                    self.closing.fetch_add(spent as u64, Ordering::Relaxed);
                    closed
                })
            };
            let threads: Vec<_> = filled.into_iter().map(close).collect();
            threads.into_iter().map(|thread| thread.join()).collect::<Vec<_>>()
        });
        results.into_iter().try_for_each(|result| {
            result
                .unwrap_or_else(|_| Err(IndexError::Misuse("a segment could not be closed".into())))
        })
    }

    /// CPU time spent so far on closing segments, in threads of their own; nanoseconds.
    pub fn closing(&self) -> u64 {
        self.closing.load(Ordering::Relaxed)
    }

    /// Commits the rest, drops passages that no article carries any more, merges segments until
    /// they are few, and lets a rebuilt index answer.
    pub fn finish(self) -> Result<(), IndexError> {
        self.commit()?;
        let mut core = self.core.into_inner().unwrap_or_else(PoisonError::into_inner);
        if core.payload.sweep {
            let removed = std::mem::take(&mut core.removed().passages);
            let gone = orphans(&core.committed, (!core.sweep_all).then_some(removed))?;
            if !gone.is_empty() {
                core.engine.delete_query(gone.into_query())?;
            }
            core.payload.sweep = false;
            core.commit()?;
        }
        drop((self.seen, self.put, self.slots));
        let folder = self.folder.into_inner().unwrap_or_else(PoisonError::into_inner);
        let documents: u64 = self
            .index
            .searchable_segment_metas()?
            .iter()
            .map(|meta| u64::from(meta.num_docs()))
            .sum();
        let most = MOST_SEGMENTS.max((documents / SEGMENT_DOCUMENTS) as usize);
        core.close(&self.index, folder, most)
    }

    /// Merges everything into one segment.
    pub fn compact(self) -> Result<(), IndexError> {
        self.commit()?;
        let core = self.core.into_inner().unwrap_or_else(PoisonError::into_inner);
        let folder = self.folder.into_inner().unwrap_or_else(PoisonError::into_inner);
        core.close(&self.index, folder, 1)
    }
}

impl Core {
    fn removed(&self) -> MutexGuard<'_, Removed> {
        self.removed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the index had a passage before `seen` began.
    fn knows(&self, pid: u64) -> tantivy::Result<bool> {
        self.known.as_ref().map_or(Ok(false), |known| known.has(&self.committed, pid))
    }

    /// Takes out the committed documents of an article, and notes its passages.
    fn take_out(&self, owner: u64) -> Result<(), IndexError> {
        let Some((ord, article)) = self.committed.article_at(owner)? else { return Ok(()) };
        let layout = self.committed.layout(ord)?;
        let mut removed = self.removed();
        removed.passages.extend(layout.distinct(article));
        for doc in std::iter::once(article).chain(layout.quotes_of(article)) {
            removed.gone.add(&self.committed, (ord, doc));
        }
        Ok(())
    }

    /// Takes out what was noted of a file, which has no owner as its articles have.
    fn forget_file(&self, key: u64) -> Result<(), IndexError> {
        for note in self.committed.notes_of(key)? {
            self.removed().gone.add(&self.committed, note);
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), IndexError> {
        let mut commit = self.engine.prepare_commit()?;
        commit.set_payload(&serde_json::to_string(&self.payload).unwrap_or_default());
        commit.commit()?;
        Ok(())
    }

    /// Merges segments, a few at a time, until no more than `most` are left, waits for the engine
    /// to be done with the files, then lets them answer.
    fn close(
        self,
        index: &tantivy::Index,
        mut folder: Folder,
        most: usize,
    ) -> Result<(), IndexError> {
        let Core { mut engine, committed, .. } = self;
        // It maps the files that were there, which would stay in memory when others replace them.
        drop(committed);
        merging::merge_to(index, &mut engine, most)?;
        engine.garbage_collect_files().wait()?;
        engine.wait_merging_threads()?;
        folder.publish()
    }
}

impl Slot {
    fn add(&mut self, document: &Doc, writer: &Writer) -> Result<(), IndexError> {
        let filling = match &mut self.0 {
            Some(filling) => filling,
            none => none.insert(Filling::new(writer.index.new_segment(), &writer.fields)?),
        };
        Ok(filling.add(document)?)
    }

    fn bytes(&self) -> usize {
        self.0.as_ref().map_or(0, Filling::bytes)
    }
}

/// Writes a segment out and hands it to the engine.
fn close_segment(filled: Filling, engine: &IndexWriter<Doc>) -> Result<(), IndexError> {
    let meta = filled.close()?.meta().clone();
    meta.untrack_temp_docstore();
    engine.add_segment(meta)?;
    Ok(())
}

fn open_or_create(
    folder: &Folder,
    (schema, fields): (Schema, Fields),
) -> Result<tantivy::Index, IndexError> {
    let settings = IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor {
            compression_level: Some(STORE_LEVEL),
        }),
        docstore_blocksize: STORE_BLOCK,
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    };
    let files = Files::open(&folder.path())?;
    let builder = tantivy::Index::builder().schema(schema).settings(settings);
    let builder = plugins(fields).into_iter().fold(builder, IndexBuilder::register_plugin);
    Ok(builder.open_or_create(files)?)
}

#[cfg(test)]
mod tests;
