//! Reading a vault. Damage is an error, never a panic, and never asks for memory without end.

use std::io;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use tantivy::directory::{FileSlice, OwnedBytes};
use tantivy::{HasLen, SegmentReader};
use twox_hash::XxHash3_64;
use zstd::zstd_safe::DCtx;

use super::super::codec::{Depth, STREAMS};
use super::super::recent::Recent;
use super::super::spare::Spare;
use super::super::varint;
use super::{Block, Content, LISTED, PACKED_STREAMS, TEXT_END, component};

/// The column that every passage has a value in, and nothing else.
pub const TEXT_ROWS: &str = "pid";
/// The column that every article has a value in, and nothing else.
pub const ARTICLE_ROWS: &str = "quotes";

/// How much of a vault is held unpacked.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// Blocks of texts.
    pub texts: NonZeroUsize,
    /// Bases of texts.
    pub bases: NonZeroUsize,
    /// Blocks of articles.
    pub articles: NonZeroUsize,
}

impl Kept {
    /// One of each.
    pub const LEAST: Kept = {
        let one = NonZeroUsize::MIN;
        Kept { texts: one, bases: one, articles: one }
    };
}

/// The vault of a segment.
pub struct Vault {
    file: FileSlice,
    texts: Blocks<Texts>,
    /// Which of the blocks of texts are bases: the first is, if there are any.
    bases: Vec<usize>,
    /// Bases are kept apart: each is as large as many other blocks, and asked for as often.
    known_bases: Recent<usize, Texts>,
    articles: Blocks<Articles>,
}

/// The blocks of one kind, and those read last.
struct Blocks<T> {
    /// With where each begins in the file, and its first row.
    list: Vec<(Block, usize, u32)>,
    known: Recent<usize, T>,
}

/// A block of texts, and where each ends.
struct Texts {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

/// A block of articles: its streams, unpacked when they are first asked for, and where each article
/// ends in each.
struct Articles {
    packed: OwnedBytes,
    streams: Vec<Packed>,
    ends: Vec<[u32; STREAMS]>,
}

/// A stream of a block.
struct Packed {
    place: Range<usize>,
    bytes: usize,
    unpacked: OnceLock<Vec<u8>>,
}

/// The streams of an article.
pub struct Record {
    block: Arc<Articles>,
    row: usize,
}

impl Record {
    /// The streams that are needed; the others are empty.
    pub fn streams(&self, depth: Depth) -> io::Result<[&[u8]; STREAMS]> {
        let ends = &self.block.ends;
        let before = self.row.checked_sub(1).map(|before| &ends[before]);
        let mut streams = [&[][..]; STREAMS];
        for (number, stream) in streams.iter_mut().enumerate().filter(|(at, _)| depth.needs(*at)) {
            let start = before.map_or(0, |before| before[number] as usize);
            *stream = &self.block.stream(number)?[start..ends[self.row][number] as usize];
        }
        Ok(streams)
    }
}

impl Vault {
    /// Opens the vault of a segment.
    pub fn open(segment: &SegmentReader, kept: Kept) -> tantivy::Result<Vault> {
        let file = segment.open_read(component())?;
        let blocks = read_list(&file)?;
        let (mut texts, mut articles, mut at) = (Vec::new(), Vec::new(), 0usize);
        for block in blocks {
            let list = match block.content {
                Content::Texts | Content::Base => &mut texts,
                Content::Articles => &mut articles,
            };
            let first =
                list.last().map_or(0, |(last, _, row): &(Block, usize, u32)| row + last.rows);
            list.push((block, at, first));
            at += block.packed as usize;
        }
        let is_base = |&at: &usize| texts[at].0.content == Content::Base;
        let bases: Vec<usize> = (0..texts.len()).filter(is_base).collect();
        if !texts.is_empty() && bases.first() != Some(&0) {
            return Err(damaged("texts have no base").into());
        }
        let (texts, articles) =
            (Blocks::new(texts, kept.texts), Blocks::new(articles, kept.articles));
        Ok(Vault { file, texts, bases, known_bases: Recent::new(kept.bases), articles })
    }

    /// Whether nothing of it was read yet.
    pub fn is_untouched(&self) -> bool {
        self.articles.known.is_empty() && self.texts.known.is_empty()
    }

    /// The text of a passage.
    pub fn text(&self, row: u32) -> io::Result<String> {
        let (number, row) = self.texts.find(row)?;
        let block = match self.bases.binary_search(&number) {
            Ok(_) => self.base(number)?,
            Err(behind) => self.texts.get(number, |range, block| {
                let base = self.base(self.bases[behind - 1])?;
                Texts::unpack(&self.bytes(range)?, block, &base.bytes)
            })?,
        };
        let start = row.checked_sub(1).map_or(0, |before| block.ends[before] as usize);
        let text = &block.bytes[start..block.ends[row] as usize - 1];
        std::str::from_utf8(text).map(str::to_owned).map_err(|_| damaged("a text is damaged"))
    }

    /// A block of texts on which others lean.
    fn base(&self, number: usize) -> io::Result<Arc<Texts>> {
        self.known_bases.get_or(number, || {
            Texts::unpack(&self.packed_texts(number)?, self.texts.list[number].0, &[])
        })
    }

    /// What blocks of texts behind a base lean on.
    pub(super) fn base_bytes(&self, number: usize) -> io::Result<Vec<u8>> {
        Ok(self.base(number)?.bytes.clone())
    }

    /// The streams of an article.
    pub fn article(&self, row: u32) -> io::Result<Record> {
        let (number, row) = self.articles.find(row)?;
        let read = |range, block| Articles::new(self.bytes(range)?, block);
        let block = self.articles.get(number, read)?;
        Ok(Record { block, row })
    }

    /// The blocks of texts and their rows.
    pub(super) fn texts(&self) -> impl Iterator<Item = (Block, Range<u32>)> + '_ {
        self.texts.all()
    }

    /// The blocks of articles and their rows.
    pub(super) fn articles(&self) -> impl Iterator<Item = (Block, Range<u32>)> + '_ {
        self.articles.all()
    }

    /// A block of texts as it stands in the file.
    pub(super) fn packed_texts(&self, number: usize) -> io::Result<OwnedBytes> {
        self.bytes(self.texts.place(number))
    }

    /// A block of articles as it stands in the file.
    pub(super) fn packed_articles(&self, number: usize) -> io::Result<OwnedBytes> {
        self.bytes(self.articles.place(number))
    }

    fn bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        self.file.slice(range).read_bytes()
    }
}

impl<T> Blocks<T> {
    fn new(list: Vec<(Block, usize, u32)>, kept: NonZeroUsize) -> Self {
        Blocks { list, known: Recent::new(kept) }
    }

    fn all(&self) -> impl Iterator<Item = (Block, Range<u32>)> + '_ {
        self.list.iter().map(|&(block, _, first)| (block, first..first + block.rows))
    }

    /// Where a block stands in the file.
    fn place(&self, number: usize) -> Range<usize> {
        let (block, at, _) = self.list[number];
        at..at + block.packed as usize
    }

    /// The block of a row, and the row in it.
    fn find(&self, row: u32) -> io::Result<(usize, usize)> {
        let number = self.list.partition_point(|&(_, _, first)| first <= row);
        let found = number.checked_sub(1).and_then(|number| {
            let (block, _, first) = self.list[number];
            (row - first < block.rows).then_some((number, (row - first) as usize))
        });
        found.ok_or_else(|| damaged("contents are missing"))
    }

    /// A block, as it is known or else as it is read.
    fn get(
        &self,
        number: usize,
        read: impl FnOnce(Range<usize>, Block) -> io::Result<T>,
    ) -> io::Result<Arc<T>> {
        self.known.get_or(number, || read(self.place(number), self.list[number].0))
    }
}

impl Texts {
    fn unpack(packed: &[u8], block: Block, base: &[u8]) -> io::Result<Texts> {
        let bytes = unpack(packed, block.bytes as usize, base)?;
        let found = memchr::memchr_iter(TEXT_END, &bytes);
        let ends: Vec<u32> = found.map(|at| at as u32 + 1).collect();
        match ends.len() == block.rows as usize {
            true => Ok(Texts { bytes, ends }),
            false => Err(damaged("a block of texts is damaged")),
        }
    }
}

impl Articles {
    fn new(packed: OwnedBytes, block: Block) -> io::Result<Articles> {
        let wrong = || damaged("a block of articles is damaged");
        let (lengths, _) = packed.split_at_checked(PACKED_STREAMS * 8).ok_or_else(wrong)?;
        let number = |at: usize| {
            let bytes = lengths[at * 4..at * 4 + 4].try_into().unwrap_or_default();
            u32::from_le_bytes(bytes) as usize
        };
        let all: usize = (0..PACKED_STREAMS).map(|stream| number(stream * 2 + 1)).sum();
        if all != block.bytes as usize {
            return Err(wrong());
        }
        let (mut streams, mut at) = (Vec::with_capacity(PACKED_STREAMS), lengths.len());
        for stream in 0..PACKED_STREAMS {
            let place = at..at + number(stream * 2);
            at = place.end;
            let bytes = number(stream * 2 + 1);
            streams.push(Packed { place, bytes, unpacked: OnceLock::new() });
        }
        if at != packed.len() {
            return Err(wrong());
        }
        let told = streams.remove(0);
        let told = unpack(&packed[told.place], told.bytes, &[])?;
        let ends = ends(&told, &streams, block.rows as usize).ok_or_else(wrong)?;
        Ok(Articles { packed, streams, ends })
    }

    fn stream(&self, number: usize) -> io::Result<&[u8]> {
        let Packed { place, bytes, unpacked } = &self.streams[number];
        if let Some(known) = unpacked.get() {
            return Ok(known);
        }
        let fresh = unpack(&self.packed[place.clone()], *bytes, &[])?;
        Ok(unpacked.get_or_init(|| fresh))
    }
}

/// Where each article ends in each stream.
fn ends(mut told: &[u8], streams: &[Packed], rows: usize) -> Option<Vec<[u32; STREAMS]>> {
    let (mut ends, mut end) = (Vec::new(), [0u32; STREAMS]);
    for _ in 0..rows {
        for (end, stream) in end.iter_mut().zip(streams) {
            *end = end.checked_add(u32::try_from(varint::take(&mut told)?).ok()?)?;
            if *end as usize > stream.bytes {
                return None;
            }
        }
        ends.push(end);
    }
    Some(ends)
}

/// The list of blocks at the end of the file.
fn read_list(file: &FileSlice) -> io::Result<Vec<Block>> {
    let wrong = || damaged("the list of blocks is damaged");
    let length = file.len();
    let start = length.checked_sub(12).ok_or_else(wrong)?;
    let end = file.slice(start..length).read_bytes()?;
    let (count, hash) = end.split_at(4);
    let count = u32::from_le_bytes(count.try_into().unwrap_or_default()) as usize;
    let start = count.checked_mul(LISTED).and_then(|bytes| start.checked_sub(bytes));
    let start = start.ok_or_else(wrong)?;
    let list = file.slice(start..length - 8).read_bytes()?;
    if XxHash3_64::oneshot(&list).to_le_bytes() != *hash {
        return Err(wrong());
    }
    let blocks: Option<Vec<Block>> =
        list[..count * LISTED].chunks_exact(LISTED).map(Block::read).collect();
    let blocks = blocks.ok_or_else(wrong)?;
    let told: usize = blocks.iter().map(|block| block.packed as usize).sum();
    if told == start { Ok(blocks) } else { Err(wrong()) }
}

/// What unpacks, while nobody does: to make one takes longer than to unpack most blocks with it, and threads
/// live no longer than a question.
static ZSTD: Spare<DCtx<'static>> = Spare::new();

/// Unpacks a block that leans on a base, which may be empty.
fn unpack(packed: &[u8], length: usize, base: &[u8]) -> io::Result<Vec<u8>> {
    let mut zstd = ZSTD.take();
    let mut bytes = Vec::with_capacity(length);
    let unpacked = zstd.decompress_using_dict(&mut bytes, packed, base);
    ZSTD.put(zstd);
    match unpacked {
        Ok(unpacked) if unpacked == length => Ok(bytes),
        _ => Err(damaged("a block is damaged")),
    }
}

pub(super) fn damaged(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}
