//! The first few of many, without putting all in order.

use smallvec::SmallVec;

/// The first few in an order; of equal ones those that were given first, as a stable sort has them.
pub(super) fn first_few<T, const MOST: usize>(
    all: impl IntoIterator<Item = T>,
    before: impl Fn(&T, &T) -> bool,
) -> SmallVec<[T; MOST]> {
    let mut few = SmallVec::new();
    for one in all {
        if few.len() == MOST {
            if !few.last().is_some_and(|last| before(&one, last)) {
                continue;
            }
            few.pop();
        }
        let at = few.iter().rposition(|other| !before(&one, other)).map_or(0, |at| at + 1);
        few.insert(at, one);
    }
    few
}

#[cfg(test)]
mod tests {
    use super::first_few;

    #[test]
    fn as_sorting_does() {
        let mut state = 7_u64;
        for length in 0..40 {
            let mut next = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                state >> 61
            };
            let all: Vec<(u64, usize)> = (0..length).map(|n| (next(), n)).collect();
            let mut sorted = all.clone();
            sorted.sort_by_key(|&(key, _)| key);
            sorted.truncate(5);
            assert_eq!(first_few::<_, 5>(all, |a, b| a.0 < b.0).into_vec(), sorted);
        }
    }
}
