//! The positions of a word in all documents that hold it, read a block at a time. The engine looks them
//! up document by document, which costs several times as much for words that stand nearly everywhere.

use std::io;
use std::sync::Arc;

use tantivy::directory::{CompositeFile, FileSlice};
use tantivy::index::SegmentComponent;
use tantivy::positions::PositionReader;
use tantivy::postings::TermInfo;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, InvertedIndexReader, SegmentReader};

/// Positions read together: from the start of a stretch the engine counts its way to every block in it.
const TOGETHER: usize = 1 << 12;

/// Reads the positions of the words of a field in a segment.
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
        mut found: impl FnMut(&[DocId], &[u32], &[u32]),
    ) -> io::Result<()> {
        let with = IndexRecordOption::WithFreqsAndPositions;
        let mut block = self.inverted.read_block_postings_from_terminfo(word, with)?;
        let mut reader =
            PositionReader::open(self.file.read_bytes_slice(word.positions_range.clone())?)?;
        let mut offset = 0;
        while block.block_len() > 0 {
            let many: usize = block.freqs().iter().map(|&many| many as usize).sum();
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
}

/// The places in a document that stand so far apart, the first from its beginning.
pub fn places(gaps: &[u32], places: &mut Vec<u32>) {
    places.clear();
    places.extend(gaps.iter().scan(0, |place, gap| {
        *place += gap;
        Some(*place)
    }));
}
