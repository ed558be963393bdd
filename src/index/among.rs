//! Ascending lists that are gone through side by side: each is asked only for what the others have.

use tantivy::{DocId, TERMINATED};

/// Documents that are worth looking at.
pub trait Among {
    /// The first of them from this one on, `TERMINATED` where there is none. Documents must ascend.
    fn seek(&mut self, least: DocId) -> DocId;
}

/// All documents.
#[derive(Clone, Copy, Debug)]
pub struct Every;

impl Among for Every {
    fn seek(&mut self, least: DocId) -> DocId {
        least
    }
}

/// Documents in a list, which ascends.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a>(pub &'a [DocId]);

impl Among for Listed<'_> {
    fn seek(&mut self, least: DocId) -> DocId {
        self.0 = behind(self.0, |&document| document < least);
        self.0.first().copied().unwrap_or(TERMINATED)
    }
}

/// Documents as bits.
#[derive(Clone, Copy, Debug)]
pub struct Bits<'a>(pub &'a [u64]);

impl Bits<'_> {
    /// Whether a document is one of them.
    pub fn has(&self, doc: DocId) -> bool {
        self.0.get(doc as usize / 64).is_some_and(|bits| bits >> (doc % 64) & 1 == 1)
    }
}

impl Among for Bits<'_> {
    fn seek(&mut self, least: DocId) -> DocId {
        first_from(|word| self.0.get(word).copied(), least)
    }
}

/// The first document from this one on, of those that are marked in words of 64 documents each.
pub fn first_from(word: impl Fn(usize) -> Option<u64>, least: DocId) -> DocId {
    let mut at = least as usize / 64;
    let mut bits = word(at).map_or(0, |bits| bits & u64::MAX << (least % 64));
    while bits == 0 {
        at += 1;
        match word(at) {
            Some(next) => bits = next,
            None => return TERMINATED,
        }
    }
    at as DocId * 64 + bits.trailing_zeros()
}

/// None of so many documents, as bits.
pub fn no_bits(documents: DocId) -> Vec<u64> {
    vec![0; documents as usize / 64 + 1]
}

/// Sets the bit of a document, where there is one: a damaged index may have told any.
pub fn mark(bits: &mut [u64], doc: DocId) {
    if let Some(word) = bits.get_mut(doc as usize / 64) {
        *word |= 1 << (doc % 64);
    }
}

/// A list without its first items, those that are `before` what is wanted. Items near the front are
/// found fast, others in as many steps as their distance has bits.
pub fn behind<T>(list: &[T], before: impl Fn(&T) -> bool) -> &[T] {
    let (mut passed, mut step) = (0, 1);
    while list.get(passed + step - 1).is_some_and(&before) {
        passed += step;
        step *= 2;
    }
    let rest = &list[passed..];
    let near = &rest[..rest.len().min(step - 1)];
    &rest[near.partition_point(before)..]
}

#[cfg(test)]
mod tests {
    use super::behind;

    #[test]
    fn passes_over_what_comes_before() {
        for length in 0..40u32 {
            let list: Vec<u32> = (0..length).map(|n| n / 2 * 3).collect();
            for wanted in 0..65 {
                let expected = &list[list.partition_point(|&item| item < wanted)..];
                assert_eq!(behind(&list, |&item| item < wanted), expected, "{wanted} of {length}");
            }
        }
    }
}
