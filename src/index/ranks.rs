//! Documents as bits, with how many there are before each: to find the place of one in a long list
//! takes two look-ups, where halving the list misses what is at hand several times.

use tantivy::DocId;

use super::among::{Bits, mark, no_bits};

/// Some documents of a segment.
pub struct Ranks {
    bits: Vec<u64>,
    /// For every 64 documents, how many are before them; behind it, how many there are.
    before: Vec<u32>,
}

impl Ranks {
    /// Marks some of so many documents; what a damaged index tells beyond them is left out.
    pub fn of(documents: DocId, marked: impl IntoIterator<Item = DocId>) -> Ranks {
        let mut bits = no_bits(documents);
        marked.into_iter().for_each(|doc| mark(&mut bits, doc));
        let mut before = Vec::with_capacity(bits.len() + 1);
        let mut all = 0;
        for word in &bits {
            before.push(all);
            all += word.count_ones();
        }
        before.push(all);
        Ranks { bits, before }
    }

    /// How many of them are before a document.
    pub fn before(&self, doc: DocId) -> usize {
        let word = (doc as usize / 64).min(self.bits.len());
        let earlier = self.bits.get(word).map_or(0, |bits| bits & ((1 << (doc % 64)) - 1));
        (self.before[word] + earlier.count_ones()) as usize
    }

    /// They themselves, to be gone through.
    pub fn among(&self) -> Bits<'_> {
        Bits(&self.bits)
    }
}

#[cfg(test)]
mod tests {
    use tantivy::TERMINATED;

    use super::Ranks;

    #[test]
    fn every_document_has_its_place() {
        for documents in [0, 1, 63, 64, 65, 300] {
            let marked: Vec<u32> =
                (0..documents).filter(|doc| doc % 7 == 0 || doc % 64 > 60).collect();
            let ranks = Ranks::of(documents, marked.iter().copied().chain([documents + 500]));
            for doc in (0..documents + 200).chain([TERMINATED, u32::MAX]) {
                let before = marked.partition_point(|&other| other < doc);
                assert_eq!(ranks.before(doc), before, "{doc} of {documents}");
            }
        }
    }
}
