//! Many files read at once: more readers than cores, because a cold disk answers the better the
//! more it is asked. What the readers hold ahead of the workers is bounded in bytes.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::{RawRecord, ReadOptions, Source, records};
use crate::report::Problem;

/// How much a batch holds before it is handed over.
const BATCH_BYTES: usize = 512 << 10;
const BATCH_RECORDS: usize = 256;

/// Some records of one file, in the order of the file.
#[derive(Debug)]
pub struct Batch {
    /// The file.
    pub source: Arc<Source>,
    /// Its records, and what could not be read.
    pub items: Vec<Result<RawRecord, Problem>>,
    /// Set in the last batch of the file.
    pub end: Option<End>,
}

impl Batch {
    /// Bytes of its records.
    pub fn bytes(&self) -> usize {
        self.items.iter().flatten().map(|record| record.bytes.len()).sum()
    }
}

/// What is known of a file once it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Hash of its bytes on disk; `None` where it could not be read to its end.
    pub content_hash: Option<u128>,
}

/// Reads `sources` with `readers` threads, at most about `ahead` bytes ahead of the caller.
///
/// Batches of different files come in no fixed order; those of one file come in order, though
/// others may lie between. The last one of every file has `end` set, also where nothing could be
/// read. Dropping the feed stops the readers.
pub fn feed(
    sources: impl Iterator<Item = Source> + Send + 'static,
    options: &ReadOptions,
    readers: usize,
    ahead: usize,
) -> Feed {
    let shared = Arc::new(Shared {
        sources: Mutex::new(Box::new(sources)),
        queue: Mutex::new(Queue { readers: readers.max(1), ..Queue::default() }),
        changed: Condvar::new(),
        ahead,
    });
    let threads = (0..readers.max(1)).map(|_| {
        let (shared, options) = (shared.clone(), options.clone());
        std::thread::spawn(move || {
            let _leave = Leave(&shared);
            while let Some(source) = shared.next_source() {
                if !read_source(&shared, Arc::new(source), &options) {
                    break;
                }
            }
        })
    });
    let threads = threads.collect();
    Feed { shared, threads }
}

/// The iterator behind [`feed`]. It may be shared by workers behind a lock or `par_bridge`.
pub struct Feed {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

impl Feed {
    /// The next batch if it is read already.
    pub fn next_if_ready(&mut self) -> Option<Batch> {
        self.shared.take(self.shared.queue())
    }
}

impl Iterator for Feed {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        self.shared.pop()
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.shared.queue().stopped = true;
        self.shared.changed.notify_all();
        self.threads.drain(..).for_each(|thread| drop(thread.join()));
    }
}

/// Reads one file. Whether to go on with the next.
fn read_source(shared: &Shared, source: Arc<Source>, options: &ReadOptions) -> bool {
    let mut records = records(source.clone(), options);
    let (mut items, mut bytes) = (Vec::new(), 0);
    for item in records.by_ref() {
        bytes += item.as_ref().map_or(0, |record| record.bytes.len());
        items.push(item);
        if bytes >= BATCH_BYTES || items.len() >= BATCH_RECORDS {
            let items = std::mem::take(&mut items);
            if !shared.push(Batch { source: source.clone(), items, end: None }, bytes) {
                return false;
            }
            bytes = 0;
        }
    }
    let end = Some(End { content_hash: records.content_hash() });
    shared.push(Batch { source, items, end }, bytes)
}

struct Shared {
    sources: Mutex<Box<dyn Iterator<Item = Source> + Send>>,
    queue: Mutex<Queue>,
    changed: Condvar,
    ahead: usize,
}

#[derive(Default)]
struct Queue {
    batches: VecDeque<(Batch, usize)>,
    bytes: usize,
    readers: usize,
    stopped: bool,
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_source(&self) -> Option<Source> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner).next()
    }

    /// Waits for room. `false`: nobody wants it any more.
    fn push(&self, batch: Batch, bytes: usize) -> bool {
        let bytes = bytes + 1024;
        let full = |queue: &mut Queue| {
            !queue.stopped && queue.bytes > 0 && queue.bytes + bytes > self.ahead
        };
        let waited = self.changed.wait_while(self.queue(), full);
        let mut queue = waited.unwrap_or_else(PoisonError::into_inner);
        if queue.stopped {
            return false;
        }
        queue.bytes += bytes;
        queue.batches.push_back((batch, bytes));
        drop(queue);
        self.changed.notify_all();
        true
    }

    fn pop(&self) -> Option<Batch> {
        let empty = |queue: &mut Queue| queue.batches.is_empty() && queue.readers > 0;
        let waited = self.changed.wait_while(self.queue(), empty);
        self.take(waited.unwrap_or_else(PoisonError::into_inner))
    }

    fn take(&self, mut queue: MutexGuard<'_, Queue>) -> Option<Batch> {
        let (batch, bytes) = queue.batches.pop_front()?;
        queue.bytes -= bytes;
        drop(queue);
        self.changed.notify_all();
        Some(batch)
    }
}

/// Tells the queue that a reader has gone, however it went.
struct Leave<'a>(&'a Shared);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.queue().readers -= 1;
        self.0.changed.notify_all();
    }
}
