//! Counting bits: how often quotes hold a phrase.

use std::ops::Range;

use fearless_simd::{Level, dispatch};

use super::marking::BITS;

/// Adds to each of some counts how many bits of a run are set, its first ones left out, so many; runs tell
/// which count is theirs. Seven bytes must stand behind that of the last bit.
pub(super) fn add_ones(bytes: &[u8], without: u64, runs: &[(u32, Range<u64>)], counts: &mut [u32]) {
    // Most processors count the bits of eight bytes at once, but not the oldest that programs are made for.
    dispatch!(Level::new(), _simd => add(bytes, without, runs, counts));
}

#[inline(always)]
fn add(bytes: &[u8], without: u64, runs: &[(u32, Range<u64>)], counts: &mut [u32]) {
    for (nth, run) in runs {
        counts[*nth as usize] += ones(bytes, run.start + without..run.end);
    }
}

/// How many of some bits are set.
#[inline(always)]
fn ones(bytes: &[u8], bits: Range<u64>) -> u32 {
    // From any bit on there are as many in eight bytes. Most runs are shorter.
    const REACHED: u64 = u64::BITS as u64 + 1 - BITS;
    let some = |at: u64, many: u64| {
        let eight = bytes.get((at / BITS) as usize..).and_then(<[u8]>::first_chunk);
        let from = u64::from_le_bytes(*eight.unwrap_or(&[0; 8])) >> (at % BITS);
        (from & ((1 << many) - 1)).count_ones()
    };
    let Range { start: mut at, end } = bits;
    let mut count = 0;
    while end.saturating_sub(at) > REACHED {
        count += some(at, REACHED);
        at += REACHED;
    }
    count + some(at, end.saturating_sub(at))
}

#[cfg(test)]
mod tests {
    use super::add_ones;

    #[test]
    fn ones_are_those_within() {
        let bytes: Vec<u8> =
            (0..40).map(|n| [0xff, 0x9a, 0, 0x81, 0xff][n * n % 5] ^ n as u8).collect();
        let is_set = |bit: u64| bytes[(bit / 8) as usize] >> (bit % 8) & 1 == 1;
        for start in 0..264 {
            let ends = || start..=264u64;
            let runs: Vec<_> = (0..).zip(ends()).map(|(nth, end)| (nth, start..end)).collect();
            let mut counts = vec![5; runs.len()];
            let without = start % 4;
            add_ones(&bytes, without, &runs, &mut counts);
            for (end, count) in ends().zip(counts) {
                let set = (start + without..end).filter(|&bit| is_set(bit)).count();
                assert_eq!(count, 5 + set as u32, "{start}..{end}");
            }
        }
    }
}
