//! Words that begin alike, looked for in a segment part by part: they are too many to come to each for
//! every part.

use std::ops::Range;

use tantivy::DocId;
use tantivy::postings::TermInfo;

use super::super::phrase::PhraseQuery;
use super::super::positions::{Positions, Walk};
use super::marking::Marking;

/// Words that stand in so many documents of each part are gone on with from part to part.
const OFTEN: usize = 64;

/// All words with a beginning.
pub(super) struct Endings {
    often: Vec<Walk>,
    /// Where others stand, of each part.
    seldom: Vec<Vec<(DocId, u32)>>,
}

impl Endings {
    /// Those of the last word of a phrase, where parts have these documents, which ascend.
    pub(super) fn of(
        phrase: &PhraseQuery,
        parts: &[Range<DocId>],
        positions: &Positions,
    ) -> tantivy::Result<Endings> {
        let mut positions = positions.clone();
        let inverted = positions.inverted();
        let mut endings = Endings { often: Vec::new(), seldom: vec![Vec::new(); parts.len()] };
        phrase.each_term(phrase.length() - 1, &inverted, |term| {
            endings.add(term, parts, &mut positions)
        })?;
        Ok(endings)
    }

    fn add(
        &mut self,
        term: &TermInfo,
        parts: &[Range<DocId>],
        positions: &mut Positions,
    ) -> std::io::Result<()> {
        let Endings { often, seldom } = self;
        if term.doc_freq as usize >= OFTEN * parts.len() {
            often.push(positions.walk(term)?);
            return Ok(());
        }
        let mut part = 0;
        positions.each(term, |document, places| {
            while parts.get(part).is_some_and(|part| part.end <= document) {
                part += 1;
            }
            if let Some(seldom) = seldom.get_mut(part) {
                seldom.extend(places.iter().map(|&place| (document, place)));
            }
        })
    }

    /// Marks the places in a part, which ends before a document. Parts must ascend.
    pub(super) fn mark(&mut self, part: usize, end: DocId, marking: &mut Marking<'_>) {
        for walk in &mut self.often {
            walk.each_until(end, |passages, many, gaps| marking.mark(passages, many, gaps));
        }
        marking.mark_each(&std::mem::take(&mut self.seldom[part]));
    }
}
