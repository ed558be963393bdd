//! Documents as bits, with how many there are before each: to find the place of one in a long list
//! takes one look-up, where halving the list misses what is at hand several times.

use tantivy::DocId;

use super::among::{Among, first_from, mark, no_bits};

/// 64 documents. Both numbers stand together since what a look-up costs is to fetch them.
#[derive(Clone, Copy)]
struct Word {
    bits: u64,
    /// How many are before them.
    before: u32,
}

/// Some documents of a segment.
pub struct Ranks {
    words: Vec<Word>,
}

impl Ranks {
    /// Marks some of so many documents; what a damaged index tells beyond them is left out.
    pub fn of(documents: DocId, marked: impl IntoIterator<Item = DocId>) -> Ranks {
        let mut bits = no_bits(documents);
        marked.into_iter().for_each(|doc| mark(&mut bits, doc));
        let mut before = 0;
        let mut words = Vec::with_capacity(bits.len());
        for bits in bits {
            words.push(Word { bits, before });
            before += bits.count_ones();
        }
        Ranks { words }
    }

    /// How many of them are before one of them; `None` for any other document.
    pub fn place(&self, doc: DocId) -> Option<usize> {
        let Word { bits, before } = *self.words.get(doc as usize / 64)?;
        let earlier = bits & ((1 << (doc % 64)) - 1);
        (bits >> (doc % 64) & 1 == 1).then(|| (before + earlier.count_ones()) as usize)
    }
}

/// They themselves, to be gone through.
impl Among for &Ranks {
    fn seek(&mut self, least: DocId) -> DocId {
        first_from(|word| self.words.get(word).map(|word| word.bits), least)
    }
}

#[cfg(test)]
mod tests {
    use tantivy::TERMINATED;

    use super::{Among, Ranks};

    #[test]
    fn every_document_has_its_place() {
        for documents in [0, 1, 63, 64, 65, 300] {
            let marked: Vec<u32> =
                (0..documents).filter(|doc| doc % 7 == 0 || doc % 64 > 60).collect();
            let ranks = Ranks::of(documents, marked.iter().copied().chain([documents + 500]));
            for doc in (0..documents + 200).chain([TERMINATED, u32::MAX]) {
                let before = marked.partition_point(|&other| other < doc);
                let place = marked.contains(&doc).then_some(before);
                assert_eq!(ranks.place(doc), place, "{doc} of {documents}");
                let next = marked.get(before).copied().unwrap_or(TERMINATED);
                assert_eq!((&ranks).seek(doc), next, "{doc} of {documents}");
            }
        }
    }
}
