//! The records of files in their order, by the batch: what the commands go through that read files
//! and keep no index.

use std::path::PathBuf;
use std::sync::Arc;

use crate::annotate::TOGETHER;
use crate::read::{self, RawRecord, ReadOptions};
use crate::report::Problem;

/// Bytes of input on their way through the workers.
pub const IN_FLIGHT: usize = 64 << 20;
/// Bytes and items that a worker takes at once, if as many are at hand.
const BATCH_BYTES: usize = TOGETHER;
const BATCH_ITEMS: usize = 64;

/// What is worked on together, and what could not be read.
pub type Batch<T> = Vec<Result<T, Problem>>;

/// The records of files and folders, one file after the other.
pub fn records(
    files: &[PathBuf],
    reading: &ReadOptions,
) -> impl Iterator<Item = Result<RawRecord, Problem>> + Send + use<> {
    let (sources, reading): (Vec<_>, _) = (read::walk(files).collect(), reading.clone());
    sources.into_iter().flat_map(move |source| match source {
        Ok(source) => Box::new(read::records(Arc::new(source), &reading)),
        Err(problem) => {
            Box::new(std::iter::once(Err(problem))) as Box<dyn Iterator<Item = _> + Send>
        }
    })
}

/// Items by the batch; a batch ends early where the next item is not at hand.
pub fn batches<T, I: Iterator<Item = Result<T, Problem>>>(
    mut items: I,
    bytes_of: impl Fn(&T) -> usize,
    at_hand: impl Fn(&I) -> bool,
) -> impl Iterator<Item = Batch<T>> {
    std::iter::from_fn(move || {
        let (mut batch, mut bytes) = (Batch::new(), 0);
        while bytes < BATCH_BYTES
            && batch.len() < BATCH_ITEMS
            && (batch.is_empty() || at_hand(&items))
        {
            let Some(item) = items.next() else { break };
            bytes += item.as_ref().map_or(0, &bytes_of);
            batch.push(item);
        }
        (!batch.is_empty()).then_some(batch)
    })
}
