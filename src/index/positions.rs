//! The positions of a word in all documents that hold it, read a block at a time. The engine looks them
//! up document by document, which costs several times as much for words that stand nearly everywhere.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use tantivy::directory::{CompositeFile, FileSlice};
use tantivy::index::SegmentComponent;
use tantivy::positions::PositionReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, InvertedIndexReader, SegmentReader, TERMINATED};

/// Positions read together: from the start of a stretch the engine counts its way to every block in it.
const TOGETHER: usize = 1 << 12;

/// Reads the positions of the words of a field in a segment.
#[derive(Clone)]
pub struct Positions {
    inverted: Arc<InvertedIndexReader>,
    file: FileSlice,
    /// Of the block in hand.
    read: Vec<u32>,
}

impl Positions {
    /// Opens what a segment has of a field.
    pub fn open(segment: &SegmentReader, field: Field) -> tantivy::Result<Positions> {
        let inverted = segment.inverted_index(field)?;
        let file = segment.open_read(SegmentComponent::Positions)?;
        // It is not there where no document has the field.
        let file = CompositeFile::open(&file)?.open_read(field);
        Ok(Positions { inverted, file: file.unwrap_or_else(FileSlice::empty), read: Vec::new() })
    }

    /// The dictionary of the field.
    pub fn inverted(&self) -> Arc<InvertedIndexReader> {
        Arc::clone(&self.inverted)
    }

    /// Calls `found` with every document that holds a word, deleted ones too, in order, and where in it.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn each(
        &mut self,
        word: &TermInfo,
        mut found: impl FnMut(DocId, &[u32]),
    ) -> io::Result<()> {
        let mut all = Vec::new();
        self.each_block(word, |documents, many, gaps| {
            let mut rest = gaps;
            for (&document, &many) in documents.iter().zip(many) {
                let (here, others) = rest.split_at(many as usize);
                places(here, &mut all);
                found(document, &all);
                rest = others;
            }
        })
    }

    /// Calls `found` with some documents after the others: these, how often each holds the word, and how
    /// far it is from one place in a document to the next, from its beginning on.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn each_block(
        &mut self,
        word: &TermInfo,
        found: impl FnMut(&[DocId], &[u32], &[u32]),
    ) -> io::Result<()> {
        self.each_block_of(word, (0..TERMINATED, 0), found)
    }

    /// The same of some documents, and of those beside them in the same blocks; `before` is how often the
    /// word stands in the blocks before these, as `before` tells.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn each_block_of(
        &mut self,
        word: &TermInfo,
        (documents, before): (Range<DocId>, u64),
        mut found: impl FnMut(&[DocId], &[u32], &[u32]),
    ) -> io::Result<()> {
        let mut block = self.inverted.read_block_postings_from_terminfo(word, POSITIONS)?;
        block.seek(documents.start);
        // The last block is sought in for whatever would be behind it.
        if block.docs().last().is_some_and(|&last| last < documents.start) {
            block.advance();
        }
        let mut reader =
            PositionReader::open(self.file.read_bytes_slice(word.positions_range.clone())?)?;
        let mut offset = before;
        while block.docs().first().is_some_and(|&first| first < documents.end) {
            let many = places_in(&block);
            self.read.resize(many, 0);
            for stretch in self.read.chunks_mut(TOGETHER) {
                reader.read(offset, stretch);
                offset += stretch.len() as u64;
            }
            found(block.docs(), block.freqs(), &self.read);
            block.advance();
        }
        Ok(())
    }

    /// How often a word stands before the blocks in which some documents are that ascend, of each of
    /// these: the engine knows, but does not tell.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn before(
        &self,
        word: &TermInfo,
        documents: impl Iterator<Item = DocId>,
    ) -> io::Result<Vec<u64>> {
        let with = IndexRecordOption::WithFreqs;
        let mut block = self.inverted.read_block_postings_from_terminfo(word, with)?;
        let mut before = 0;
        Ok(documents
            .map(|document| {
                while block.docs().last().is_some_and(|&last| last < document) {
                    before += places_in(&block) as u64;
                    block.advance();
                }
                before
            })
            .collect())
    }
}

/// Postings with all that is known of a word.
pub const POSITIONS: IndexRecordOption = IndexRecordOption::WithFreqsAndPositions;

/// How often the word stands in the documents of a block.
fn places_in(block: &BlockSegmentPostings) -> usize {
    block.freqs().iter().map(|&many| many as usize).sum()
}

/// The places in a document that stand so far apart, the first from its beginning.
pub fn places(gaps: &[u32], places: &mut Vec<u32>) {
    places.clear();
    places.extend(gaps.iter().scan(0, |place, gap| {
        *place += gap;
        Some(*place)
    }));
}
