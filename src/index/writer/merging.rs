//! Which segments are merged at the end of a run, so that few are left: as little as that takes, side by side.

use std::cmp::Reverse;

use tantivy::index::SegmentMeta;
use tantivy::{Index, IndexWriter};

use super::super::doc::Doc;
use super::super::error::IndexError;

/// Merges under way at a time, and documents in each, unless two segments have more: their files are
/// mapped meanwhile, about 150 bytes a document.
pub const MERGES: usize = 2;
const MERGED_AT_ONCE: u64 = 2_000_000;
/// Segments merged in one go by `compact`, whose last merge holds all documents in any case.
const COMPACTED_AT_ONCE: usize = 8;

/// Merges the smallest segments, a few at a time, until no more than `most` are left.
///
/// # Errors
/// When the engine cannot read or write a segment.
pub fn merge_to(
    index: &Index,
    engine: &mut IndexWriter<Doc>,
    most: usize,
) -> Result<(), IndexError> {
    loop {
        let mut metas = index.searchable_segment_metas()?;
        metas.sort_by_key(|meta| (meta.num_docs(), meta.id()));
        let surplus = metas.len().saturating_sub(most);
        let dirty = most == 1 && metas.iter().any(SegmentMeta::has_deletes);
        if surplus == 0 && !dirty {
            return Ok(());
        }
        let documents: Vec<u64> = metas.iter().map(|meta| meta.num_docs().into()).collect();
        let groups = match most {
            1 => vec![(0..metas.len().min(COMPACTED_AT_ONCE)).collect()],
            _ => groups(&documents, surplus),
        };
        let id = |&number: &usize| metas[number].id();
        let merge = |group: &Vec<usize>| engine.merge(&group.iter().map(id).collect::<Vec<_>>());
        let merges: Vec<_> = groups.iter().map(merge).collect();
        merges.into_iter().try_for_each(|merge| merge.wait().map(drop))?;
    }
}

/// The numbers of the segments to be merged next, the smallest ones, so that up to `surplus` of all go.
/// `documents` are those of each, the smallest first.
fn groups(documents: &[u64], surplus: usize) -> Vec<Vec<usize>> {
    let alone = dealt(documents, surplus, 1);
    let side_by_side = dealt(documents, surplus, MERGES);
    // How many go, for how long the longest merge takes. Of one group fewer stay: it writes the least, and so
    // is taken unless several are a good deal sooner done.
    let gone =
        |groups: &[Vec<usize>]| groups.iter().map(|group| group.len() as u64 - 1).sum::<u64>();
    let longest = |groups: &[Vec<usize>]| {
        let held = |group: &Vec<usize>| group.iter().map(|&number| documents[number]).sum::<u64>();
        groups.iter().map(held).max().unwrap_or(0)
    };
    let sooner =
        4 * gone(&side_by_side) * longest(&alone) > 5 * gone(&alone) * longest(&side_by_side);
    if sooner { side_by_side } else { alone }
}

/// The smallest segments in so many groups of about as many documents, of which one segment each stays.
fn dealt(documents: &[u64], surplus: usize, many: usize) -> Vec<Vec<usize>> {
    let fits = documents.iter().scan(0, |held, documents| {
        *held += documents;
        (*held <= MERGED_AT_ONCE * many as u64).then_some(())
    });
    let wanted = fits.count().clamp(2, surplus + many).min(documents.len());
    let mut groups = vec![(0, Vec::new()); many];
    // The largest first, each to those that have the least.
    for number in (0..wanted).rev() {
        groups.sort_by_key(|&(held, _)| Reverse(held));
        if let Some((held, group)) = groups.last_mut() {
            *held += documents[number];
            group.push(number);
        }
    }
    let several = |(_, group): (u64, Vec<usize>)| Some(group).filter(|group| group.len() > 1);
    groups.into_iter().filter_map(several).collect()
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn groups_are_of_like_size_and_leave_enough() {
        assert_eq!(groups(&[300, 310, 700, 710, 720, 730, 800, 810], 4), [[5, 2, 1], [4, 3, 0]]);
        // Small ones are put to one large one, not to two.
        assert_eq!(groups(&[1, 2, 900_000, 900_000, 900_000], 2), [[2, 1, 0]]);
        assert_eq!(groups(&[5, 6], 1), [[1, 0]]);
        // Two that hold too many are merged nevertheless.
        assert_eq!(groups(&[3_000_000, 4_000_000, 5_000_000], 1), [[1, 0]]);
    }

    #[test]
    fn merging_ends_with_as_many_as_wanted() {
        for seed in 1..200u64 {
            let count = 2 + seed as usize % 40;
            let mut documents: Vec<u64> =
                (1..=count as u64).map(|n| n * n * seed * 7_919 % 1_500_000 + 1).collect();
            let all: u64 = documents.iter().sum();
            let most = (2 + seed as usize % 9).min(count);
            while documents.len() > most {
                documents.sort_unstable();
                let merged = groups(&documents, documents.len() - most);
                let held = |group: &Vec<usize>| group.iter().map(|&n| documents[n]).sum::<u64>();
                let fresh: Vec<u64> = merged.iter().map(held).collect();
                let gone: Vec<usize> = merged.concat();
                let before = documents.len();
                documents =
                    (0..before).filter(|n| !gone.contains(n)).map(|n| documents[n]).collect();
                documents.extend(fresh);
                assert!(documents.len() < before, "nothing was merged");
            }
            assert_eq!((documents.len(), documents.iter().sum::<u64>()), (most, all), "{seed}");
        }
    }
}
