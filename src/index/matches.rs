//! What has been found in a segment, in the form in which the engine goes through it.

use std::sync::Arc;

use tantivy::query::Scorer;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use super::among::{behind, mark, no_bits};

/// What stands for a document in a list of matches.
pub trait Found: Send + Sync + 'static {
    /// The document.
    fn doc(&self) -> DocId;
}

impl Found for DocId {
    fn doc(&self) -> DocId {
        *self
    }
}

impl Found for (DocId, Score) {
    fn doc(&self) -> DocId {
        self.0
    }
}

/// A list that ascends, and what tells the score of each of its items.
pub struct Matches<T, F> {
    list: Arc<Vec<T>>,
    at: usize,
    score: F,
}

impl<T: Found, F: Fn(&T) -> Score> Matches<T, F> {
    /// A list that ascends already.
    pub fn new(list: Arc<Vec<T>>, score: F) -> Self {
        Matches { list, at: 0, score }
    }
}

impl<T: Found, F: Fn(&T) -> Score + Send + 'static> DocSet for Matches<T, F> {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let rest = self.list.get(self.at..).unwrap_or_default();
        self.at = self.list.len() - behind(rest, |found| found.doc() < target).len();
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.list.get(self.at).map_or(TERMINATED, Found::doc)
    }

    fn size_hint(&self) -> u32 {
        self.list.len() as u32
    }
}

impl<T: Found, F: Fn(&T) -> Score + Send + 'static> Scorer for Matches<T, F> {
    fn score(&mut self) -> Score {
        self.list.get(self.at).map_or(0.0, &self.score)
    }
}

/// Documents that are marked by bits, none better than the other.
pub struct Marked {
    bits: Vec<u64>,
    score: Score,
    /// Number of the word of bits that is looked at, and what is left of it.
    at: usize,
    left: u64,
}

impl Marked {
    /// The documents whose bits are set.
    pub fn new(bits: Vec<u64>, score: Score) -> Self {
        let left = bits.first().copied().unwrap_or_default();
        let mut marked = Marked { bits, score, at: 0, left };
        marked.fill();
        marked
    }

    /// These documents of a segment.
    pub fn of(segment: &SegmentReader, docs: impl Iterator<Item = DocId>, score: Score) -> Self {
        let mut bits = no_bits(segment.max_doc());
        docs.for_each(|doc| mark(&mut bits, doc));
        Marked::new(bits, score)
    }

    /// Goes on to a word of bits with one set, or to the end.
    fn fill(&mut self) {
        while self.left == 0 && self.at < self.bits.len() {
            self.at += 1;
            self.left = self.bits.get(self.at).copied().unwrap_or_default();
        }
    }
}

impl DocSet for Marked {
    fn advance(&mut self) -> DocId {
        self.left &= self.left.wrapping_sub(1);
        self.fill();
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let word = target as usize / 64;
        if word > self.at {
            self.at = word.min(self.bits.len());
            self.left = self.bits.get(self.at).copied().unwrap_or_default();
        }
        if word == self.at {
            self.left &= u64::MAX << (target % 64);
        }
        self.fill();
        self.doc()
    }

    fn doc(&self) -> DocId {
        match self.at < self.bits.len() {
            true => self.at as DocId * 64 + self.left.trailing_zeros(),
            false => TERMINATED,
        }
    }

    fn size_hint(&self) -> u32 {
        self.bits.iter().map(|bits| bits.count_ones()).sum()
    }
}

impl Scorer for Marked {
    fn score(&mut self) -> Score {
        self.score
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tantivy::{DocSet, TERMINATED};

    use super::{Marked, Matches};

    #[test]
    fn both_go_through_the_same_documents() {
        let docs = [0, 1, 63, 64, 130, 255, 256, 400];
        let mut bits = vec![0u64; 8];
        docs.iter().for_each(|doc| bits[doc / 64] |= 1 << (doc % 64));
        let list: Arc<Vec<u32>> = Arc::new(docs.iter().map(|&doc| doc as u32).collect());
        let both = || (Marked::new(bits.clone(), 0.0), Matches::new(Arc::clone(&list), |_| 0.0));
        let (mut marked, mut matches) = both();
        for &doc in &docs {
            assert_eq!((marked.doc(), matches.doc()), (doc as u32, doc as u32));
            assert_eq!(marked.advance(), matches.advance());
        }
        assert_eq!((marked.doc(), matches.doc()), (TERMINATED, TERMINATED));
        for step in 1..600 {
            let (mut marked, mut matches) = both();
            for target in (0..700).step_by(step) {
                let found = matches.seek(target.max(matches.doc().min(target)));
                assert_eq!(marked.seek(target), found, "{target} by {step}");
            }
        }
    }
}
