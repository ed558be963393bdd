//! Runs of words that reach over what stands between two parts of a quote: `“Peace,” she said, “is
//! coming”` holds "peace is". No passage has them in a row, so they are put together here, for the
//! few quotes that stand in several places.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;
use tantivy::{DocId, SegmentReader};

use super::layout::{Layout, StandCursor};
use super::phrase::PhraseQuery;
use super::places::Place;

/// Where a word stands in passages, by their documents.
pub type Places = HashMap<DocId, Vec<u32>, FxBuildHasher>;

/// A quote in several places: the passages and the runs in them, in order.
pub struct Parted {
    quote: DocId,
    runs: Vec<(DocId, Place)>,
}

/// The quotes of a segment that hold the words of a phrase over a seam, and how often.
pub fn over_seams(
    phrase: &PhraseQuery,
    segment: &SegmentReader,
    layout: &Layout,
) -> tantivy::Result<Vec<(DocId, u32)>> {
    let mut quotes: Vec<&Parted> = match phrase.length() {
        0 | 1 => Vec::new(),
        _ => layout.parted().iter().collect(),
    };
    let inverted = segment.inverted_index(phrase.field())?;
    let mut words: Vec<Places> = vec![Places::default(); phrase.length()];
    // Rare words first: each leaves fewer quotes in which to look for the next.
    for word in phrase.rarest_first(&inverted)? {
        if quotes.is_empty() {
            return Ok(Vec::new());
        }
        let runs = quotes.iter().flat_map(|quote| &quote.runs);
        let mut passages: Vec<DocId> = runs.map(|(passage, _)| *passage).collect();
        passages.sort_unstable();
        passages.dedup();
        words[word] = phrase.places(word, &passages, &inverted)?;
        quotes.retain(|quote| quote.runs.iter().any(|run| words[word].contains_key(&run.0)));
    }
    let counted = quotes.iter().map(|quote| (quote.quote, quote.times(&words)));
    Ok(counted.filter(|(_, times)| *times > 0).collect())
}

/// Quotes in several places, which ascend, with what the layout knows of them.
pub fn parted(layout: &Layout, in_parts: &[DocId]) -> Vec<Parted> {
    let mut cursor = StandCursor::new(layout);
    let parted = |&quote: &DocId| Parted { quote, runs: cursor.at(quote).collect() };
    in_parts.iter().map(parted).collect()
}

impl Parted {
    /// How often the words stand in it in a row that is not all in one part.
    fn times(&self, words: &[Places]) -> u32 {
        let parts = self.runs.iter().enumerate().flat_map(|(part, &(passage, place))| {
            (place.start..place.start + place.length).map(move |at| (part, passage, at))
        });
        let slots: Vec<(usize, DocId, u32)> = parts.collect();
        let stands = |word: &Places, &(_, passage, at): &(usize, DocId, u32)| {
            word.get(&passage).is_some_and(|places| places.binary_search(&at).is_ok())
        };
        let runs = slots.windows(words.len()).filter(|window| {
            window[0].0 != window[words.len() - 1].0
                && words.iter().zip(*window).all(|(word, slot)| stands(word, slot))
        });
        runs.count() as u32
    }
}
