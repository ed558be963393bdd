//! Passages that no article carries any more.

use std::collections::HashSet;

use rustc_hash::FxBuildHasher;

use super::error::IndexError;
use super::gone::Gone;
use super::reader::Index;
use super::schema::Kind;

/// Passages looked at in one go when all of them are suspect: bounds the memory of a sweep.
const SWEEP_AT_ONCE: u64 = 4 << 20;

type Keys = HashSet<u64, FxBuildHasher>;

/// Finds the passages among `suspects` that no article carries; without suspects all are
/// looked at (an earlier run was cut off before it could).
pub fn orphans(index: &Index, suspects: Option<Vec<u64>>) -> Result<Gone, IndexError> {
    let mut gone = Gone::default();
    if let Some(suspects) = suspects {
        add_uncarried(index, suspects.into_iter().collect(), &mut gone)?;
        return Ok(gone);
    }
    let rounds = index.count_kind(Kind::Passage)?.div_ceil(SWEEP_AT_ONCE).max(1);
    for round in 0..rounds {
        let keys = passages(index, |pid| pid % rounds == round)?;
        add_uncarried(index, keys, &mut gone)?;
    }
    Ok(gone)
}

fn add_uncarried(index: &Index, mut suspects: Keys, gone: &mut Gone) -> Result<(), IndexError> {
    for (ord, segment) in index.segments() {
        let layout = index.layout(ord)?;
        for doc in index.of_kind(segment, Kind::Article)? {
            for pid in layout.distinct(doc) {
                suspects.remove(&pid);
            }
        }
    }
    if suspects.is_empty() {
        return Ok(());
    }
    for (ord, segment) in index.segments() {
        let layout = index.layout(ord)?;
        for doc in index.of_kind(segment, Kind::Passage)? {
            if suspects.contains(&layout.pid(doc)) {
                gone.add(index, (ord, doc));
            }
        }
    }
    Ok(())
}

fn passages(index: &Index, wanted: impl Fn(u64) -> bool) -> Result<Keys, IndexError> {
    let mut keys = Keys::default();
    for (ord, segment) in index.segments() {
        let layout = index.layout(ord)?;
        let found = index.of_kind(segment, Kind::Passage)?;
        keys.extend(found.into_iter().map(|doc| layout.pid(doc)).filter(|&pid| wanted(pid)));
    }
    Ok(keys)
}
