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
    /// What the last word was read with: to make another takes as long as to read a word that is rare.
    block: Option<BlockSegmentPostings>,
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
        let file = file.unwrap_or_else(FileSlice::empty);
        Ok(Positions { inverted, file, block: None, read: Vec::new() })
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
        let block = match &mut self.block {
            Some(block) => {
                self.inverted.reset_block_postings_from_terminfo(word, block)?;
                block
            }
            none => none.insert(self.inverted.read_block_postings_from_terminfo(word, POSITIONS)?),
        };
        block.seek(documents.start);
        // The last block is sought in for whatever would be behind it.
        if block.docs().last().is_some_and(|&last| last < documents.start) {
            block.advance();
        }
        let mut reader =
            PositionReader::open(self.file.read_bytes_slice(word.positions_range.clone())?)?;
        let mut offset = before;
        while block.docs().first().is_some_and(|&first| first < documents.end) {
            offset = read(&mut reader, offset, block, &mut self.read);
            found(block.docs(), block.freqs(), &self.read);
            block.advance();
        }
        Ok(())
    }

    /// Goes to a word, for `Walk::each_until`.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn walk(&self, word: &TermInfo) -> io::Result<Walk> {
        let block = self.inverted.read_block_postings_from_terminfo(word, POSITIONS)?;
        let positions = self.file.read_bytes_slice(word.positions_range.clone())?;
        let mut walk = Walk {
            block,
            reader: PositionReader::open(positions)?,
            offset: 0,
            read: Vec::new(),
            at: 0,
            place: 0,
        };
        walk.read_block();
        Ok(walk)
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

/// Goes through the positions of a word, some documents after the others.
pub struct Walk {
    block: BlockSegmentPostings,
    reader: PositionReader,
    /// How often the word stands before what is read next.
    offset: u64,
    /// Of the block in hand.
    read: Vec<u32>,
    /// Documents and places of the block that were passed.
    at: usize,
    place: usize,
}

impl Walk {
    /// Calls `found` with some documents after the others, from the first that was not passed yet to the
    /// last before this one, as `Positions::each_block` does.
    pub fn each_until(&mut self, end: DocId, mut found: impl FnMut(&[DocId], &[u32], &[u32])) {
        loop {
            let documents = self.block.docs().get(self.at..).unwrap_or_default();
            let some = documents.partition_point(|&document| document < end);
            if some > 0 {
                let many = &self.block.freqs()[self.at..][..some];
                let places: usize = many.iter().map(|&many| many as usize).sum();
                found(&documents[..some], many, &self.read[self.place..][..places]);
                (self.at, self.place) = (self.at + some, self.place + places);
            }
            if some < documents.len() || self.block.docs().is_empty() {
                return;
            }
            self.block.advance();
            self.read_block();
        }
    }

    fn read_block(&mut self) {
        // Behind the last block there are no documents, but the engine leaves how often it had the word.
        if self.block.docs().is_empty() {
            return;
        }
        self.offset = read(&mut self.reader, self.offset, &self.block, &mut self.read);
        (self.at, self.place) = (0, 0);
    }
}

/// Reads the places of a block, of which so many come before; gives how many come before the next.
fn read(
    reader: &mut PositionReader,
    mut before: u64,
    block: &BlockSegmentPostings,
    places: &mut Vec<u32>,
) -> u64 {
    places.resize(places_in(block), 0);
    for stretch in places.chunks_mut(TOGETHER) {
        reader.read(before, stretch);
        before += stretch.len() as u64;
    }
    before
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
