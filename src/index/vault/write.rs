//! Filling a vault: with the documents of a new segment, or with the vaults of segments that are
//! merged.

use std::any::Any;
use std::io::{self, Write};
use std::ops::Range;

use tantivy::directory::{TerminatingWrite, WritePtr};
use tantivy::index::SegmentReader;
use tantivy::indexer::DocIdMapping;
use tantivy::schema::Schema;
use tantivy::schema::document::ErasedDocument;
use tantivy::{
    DocId, PluginMergeContext, PluginWriter, PluginWriterContext, Segment, SegmentPlugin,
};
use zstd::bulk::Compressor;

use super::super::codec::{Depth, STREAMS};
use super::super::doc::{Doc, Leaf};
use super::super::reader::numbers;
use super::super::schema::Fields;
use super::super::varint;
use super::read::{ARTICLE_ROWS, Kept, TEXT_ROWS, Vault, damaged};
use super::{
    ARTICLE_BLOCK, ARTICLE_BYTES, ARTICLE_LEVEL, BASE_BLOCK, Block, Content, EXTENSION,
    PACKED_STREAMS, TEXT_BLOCK, TEXT_BLOCKS, TEXT_END, TEXT_LEVEL, TEXT_SEARCH, component, list_of,
};

/// Makes vaults part of segments.
pub struct VaultPlugin(pub Fields);

impl SegmentPlugin for VaultPlugin {
    fn extensions(&self) -> &[&str] {
        &[EXTENSION]
    }

    fn create_writer(
        &self,
        context: &PluginWriterContext<'_>,
    ) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(VaultWriter { filling: Filling::new(context.segment)?, fields: self.0 }))
    }

    fn merge(&self, context: PluginMergeContext<'_>) -> tantivy::Result<()> {
        // Documents of one article must stay together: the engine stacks segments unless it is told
        // to sort, which it never is.
        let mut filling = Filling::new(context.target_segment)?;
        for segment in context.readers {
            filling.take_in(segment)?;
        }
        filling.close()?;
        Ok(())
    }
}

/// The vault of a segment that is filled with documents.
struct VaultWriter {
    filling: Filling,
    fields: Fields,
}

impl PluginWriter for VaultWriter {
    fn add_document(
        &mut self,
        _: DocId,
        doc: &dyn ErasedDocument,
        _: &Schema,
    ) -> tantivy::Result<()> {
        let Some(doc) = doc.as_any().downcast_ref::<Doc>() else { return Ok(()) };
        for (field, leaf) in &doc.0 {
            match leaf {
                Leaf::Part(text, part) if *field == self.fields.text => {
                    self.filling.add_text(text[part.clone()].as_bytes())?;
                }
                Leaf::Streams(streams) => {
                    self.filling.add_article(|stream| streams[stream].as_slice())?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn serialize(self: Box<Self>, _: &Segment, _: Option<&DocIdMapping>) -> tantivy::Result<()> {
        Ok(self.filling.close()?)
    }

    fn mem_usage(&self) -> usize {
        self.filling.texts.capacity()
            + self.filling.articles.iter().map(Vec::capacity).sum::<usize>()
            + self.filling.packers
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// A vault under way.
struct Filling {
    out: WritePtr,
    blocks: Vec<Block>,
    base_zstd: Compressor<'static>,
    /// With the base that was filled last at hand; none before one is full.
    text_zstd: Option<Compressor<'static>>,
    article_zstd: Compressor<'static>,
    texts: Vec<u8>,
    /// Of the block under way.
    text_rows: u32,
    /// Blocks of `texts` that are full: where each ends, and its rows.
    full: Vec<(usize, u32)>,
    articles: [Vec<u8>; PACKED_STREAMS],
    article_rows: u32,
    /// Bytes that what packs takes, as of the last block.
    packers: usize,
}

/// Packs texts that lean on a base.
fn leaning_on(base: &[u8]) -> io::Result<Compressor<'static>> {
    let mut zstd = Compressor::with_dictionary(TEXT_LEVEL, base)?;
    for parameter in TEXT_SEARCH {
        zstd.set_parameter(parameter)?;
    }
    Ok(zstd)
}

impl Filling {
    fn new(segment: &Segment) -> tantivy::Result<Filling> {
        Ok(Filling {
            out: segment.open_write(component())?,
            blocks: Vec::new(),
            base_zstd: Compressor::new(TEXT_LEVEL)?,
            text_zstd: None,
            article_zstd: Compressor::new(ARTICLE_LEVEL)?,
            texts: Vec::new(),
            text_rows: 0,
            full: Vec::new(),
            articles: std::array::from_fn(|_| Vec::new()),
            article_rows: 0,
            packers: 0,
        })
    }

    fn add_text(&mut self, text: &[u8]) -> io::Result<()> {
        self.texts.extend_from_slice(text);
        self.texts.push(TEXT_END);
        self.text_rows += 1;
        let (block, many) = match self.text_zstd {
            Some(_) => (TEXT_BLOCK, TEXT_BLOCKS),
            None => (BASE_BLOCK, 1),
        };
        if self.texts.len() - self.filled() >= block {
            self.end_block();
        }
        if self.full.len() >= many { self.close_texts() } else { Ok(()) }
    }

    /// Bytes of the texts that stand in full blocks.
    fn filled(&self) -> usize {
        self.full.last().map_or(0, |&(end, _)| end)
    }

    fn end_block(&mut self) {
        if self.text_rows > 0 {
            self.full.push((self.texts.len(), std::mem::take(&mut self.text_rows)));
        }
    }

    fn add_article<'a>(&mut self, stream: impl Fn(usize) -> &'a [u8]) -> io::Result<()> {
        let [lengths, streams @ ..] = &mut self.articles;
        for (number, to) in streams.iter_mut().enumerate() {
            let bytes = stream(number);
            varint::push(lengths, bytes.len() as u64);
            to.extend_from_slice(bytes);
        }
        self.article_rows += 1;
        let bytes: usize = self.articles.iter().map(Vec::len).sum();
        let full = self.article_rows as usize >= ARTICLE_BLOCK || bytes >= ARTICLE_BYTES;
        if full { self.close_articles() } else { Ok(()) }
    }

    fn close_texts(&mut self) -> io::Result<()> {
        self.end_block();
        let (texts, mut start) = (std::mem::take(&mut self.texts), 0);
        for (end, rows) in std::mem::take(&mut self.full) {
            self.pack(rows, &texts[start..end])?;
            start = end;
        }
        self.texts = texts;
        self.texts.clear();
        Ok(())
    }

    fn pack(&mut self, rows: u32, texts: &[u8]) -> io::Result<()> {
        let (content, packed) = match &mut self.text_zstd {
            Some(zstd) => (Content::Texts, zstd.compress(texts)?),
            None => (Content::Base, self.base_zstd.compress(texts)?),
        };
        if content == Content::Base && texts.len() >= BASE_BLOCK {
            self.text_zstd = Some(leaning_on(texts)?);
        }
        self.write(content, rows, texts.len(), &packed)
    }

    /// Lengths of the streams, packed and unpacked, then the streams.
    fn close_articles(&mut self) -> io::Result<()> {
        if self.article_rows == 0 {
            return Ok(());
        }
        let (mut block, mut behind, mut bytes) = (Vec::new(), Vec::new(), 0);
        for stream in &mut self.articles {
            let packed = self.article_zstd.compress(stream)?;
            for length in [packed.len(), stream.len()] {
                block.extend_from_slice(&in_u32(length)?.to_le_bytes());
            }
            bytes += stream.len();
            behind.extend_from_slice(&packed);
            stream.clear();
        }
        block.extend_from_slice(&behind);
        let rows = std::mem::take(&mut self.article_rows);
        self.write(Content::Articles, rows, bytes, &block)
    }

    fn write(
        &mut self,
        content: Content,
        rows: u32,
        bytes: usize,
        packed: &[u8],
    ) -> io::Result<()> {
        let (bytes, length) = (in_u32(bytes)?, in_u32(packed.len())?);
        self.blocks.push(Block { content, rows, packed: length, bytes });
        let packers = [&mut self.base_zstd, &mut self.article_zstd].into_iter();
        let packers = packers.chain(&mut self.text_zstd).map(|zstd| zstd.context_mut().sizeof());
        self.packers = packers.sum();
        self.out.write_all(packed)
    }

    /// Adds what is alive of a segment: whole blocks as they are where nothing is to be left out.
    fn take_in(&mut self, segment: &SegmentReader) -> tantivy::Result<()> {
        let vault = Vault::open(segment, Kept::LEAST)?;
        self.take_texts(segment, &vault)?;
        self.take_articles(segment, &vault)
    }

    fn take_texts(&mut self, segment: &SegmentReader, vault: &Vault) -> tantivy::Result<()> {
        let alive = Alive::of(segment, TEXT_ROWS)?;
        // The base of this vault that was written last, unless another was since.
        let mut base = None;
        for (number, (block, rows)) in vault.texts().enumerate() {
            let all = alive.has_all(rows.clone());
            if block.content == Content::Base {
                // Small bases, as small runs leave them, are put together.
                base = (all && block.bytes as usize >= BASE_BLOCK / 2).then_some(number);
            }
            match base {
                Some(base) if all => {
                    // What is under way stands before it, and leans on what stands before that.
                    self.close_texts()?;
                    if base == number {
                        self.text_zstd = None;
                    }
                    self.copy(block, &vault.packed_texts(number)?)?;
                }
                Some(base) => {
                    if self.text_zstd.is_none() {
                        self.text_zstd = Some(leaning_on(&vault.base_bytes(base)?)?);
                    }
                    self.add_texts(vault, alive.of_rows(rows))?;
                    self.close_texts()?;
                }
                None => self.add_texts(vault, alive.of_rows(rows))?,
            }
        }
        Ok(())
    }

    fn add_texts(&mut self, vault: &Vault, rows: impl Iterator<Item = u32>) -> io::Result<()> {
        for row in rows {
            self.add_text(vault.text(row)?.as_bytes())?;
        }
        Ok(())
    }

    fn take_articles(&mut self, segment: &SegmentReader, vault: &Vault) -> tantivy::Result<()> {
        let alive = Alive::of(segment, ARTICLE_ROWS)?;
        for (number, (block, rows)) in vault.articles().enumerate() {
            // As with texts: small blocks are put together.
            let whole = block.rows as usize >= ARTICLE_BLOCK / 2
                || block.bytes as usize >= ARTICLE_BYTES / 2;
            if whole && alive.has_all(rows.clone()) {
                self.close_articles()?;
                self.copy(block, &vault.packed_articles(number)?)?;
                continue;
            }
            for row in alive.of_rows(rows) {
                let record = vault.article(row)?;
                let streams = record.streams(Depth::All)?;
                self.add_article(|stream| streams[stream])?;
            }
        }
        Ok(())
    }

    fn copy(&mut self, block: Block, packed: &[u8]) -> io::Result<()> {
        self.write(block.content, block.rows, block.bytes as usize, packed)
    }

    fn close(mut self) -> io::Result<()> {
        self.close_texts()?;
        self.close_articles()?;
        self.out.write_all(&list_of(&self.blocks))?;
        self.out.terminate()
    }
}

/// Which of the documents with a value in a column are alive; `None`: all of them.
struct Alive(Option<Vec<bool>>);

impl Alive {
    fn of(segment: &SegmentReader, rows: &str) -> tantivy::Result<Alive> {
        let Some(alive) = segment.alive_bitset() else { return Ok(Alive(None)) };
        let column = numbers(segment, rows)?;
        let has = (0..segment.max_doc()).filter(|&doc| column.first(doc).is_some());
        Ok(Alive(Some(has.map(|doc| alive.is_alive(doc)).collect())))
    }

    fn has(&self, row: u32) -> bool {
        self.0.as_ref().is_none_or(|alive| alive.get(row as usize).copied().unwrap_or_default())
    }

    fn has_all(&self, rows: Range<u32>) -> bool {
        rows.into_iter().all(|row| self.has(row))
    }

    fn of_rows(&self, rows: Range<u32>) -> impl Iterator<Item = u32> {
        rows.filter(|&row| self.has(row))
    }
}

fn in_u32(length: usize) -> io::Result<u32> {
    u32::try_from(length).map_err(|_| damaged("a block is too large"))
}

const _: () = assert!(PACKED_STREAMS == STREAMS + 1);
