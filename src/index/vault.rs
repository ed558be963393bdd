//! The file of a segment that holds what is only read back: the texts of its passages and the
//! streams of its articles. The engine's own store would mix the two and spend some bytes on every
//! document that has neither, and most have not.
//!
//! Texts are packed many in a block, and so are articles, each stream of a block by itself. They are
//! numbered as their documents follow each other, so no document has to say where its contents are:
//! a passage is the row of its identity among the identities of the segment, an article likewise.
//! Behind the blocks stands the list of them.
//!
//! The first texts fill a large block, the base, which is what zstd calls a dictionary for those that
//! follow it: these are small, so that one text is unpacked soon, and packed as well as large ones.

mod read;
mod write;

pub use read::{Kept, Record, Vault};
pub use write::VaultPlugin;

use tantivy::index::SegmentComponent;
use twox_hash::XxHash3_64;
use zstd::zstd_safe::CParameter;

use super::codec::STREAMS;

/// Ends of the names of these files.
const EXTENSION: &str = "vault";
/// Bytes of texts in a base, unpacked once: a larger one makes the blocks behind it smaller.
const BASE_BLOCK: usize = 1 << 19;
/// Bytes of texts in a block behind a base: each text asked for unpacks one.
const TEXT_BLOCK: usize = 1 << 17;
/// Blocks of texts that are packed one after the other: a base and its table are larger than what a
/// processor keeps at hand, and so are fetched once for all of them.
const TEXT_BLOCKS: usize = 8;
/// Articles in a block.
const ARTICLE_BLOCK: usize = 256;
/// Bytes of articles that fill a block however few they are.
const ARTICLE_BYTES: usize = 1 << 20;
/// How hard zstd tries to make blocks of texts small: they are a third of an index.
const TEXT_LEVEL: i32 = 5;
/// How texts are looked for in their base, where that differs from the level: matches of six bytes
/// and more, of which news has many, fewer places for each, and a table, copied for every block, of
/// half the size. An index takes 2 % less time and 0.2 % more bytes.
const TEXT_SEARCH: [CParameter; 3] =
    [CParameter::MinMatch(6), CParameter::SearchLog(2), CParameter::HashLog(18)];
/// How hard it tries with articles, whose streams hold next to no runs to be found.
const ARTICLE_LEVEL: i32 = 3;
/// What stands behind each text: a byte that is in no text.
const TEXT_END: u8 = 0xff;
/// Streams of a block of articles: their own, and before them how long each is in each article.
const PACKED_STREAMS: usize = STREAMS + 1;

fn component() -> SegmentComponent {
    SegmentComponent::Custom(EXTENSION.into())
}

/// What a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    /// Texts packed with the base before them at hand.
    Texts = 0,
    Articles = 1,
    /// Texts packed by themselves.
    Base = 2,
}

/// A block, as the list of blocks tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Block {
    content: Content,
    /// Texts or articles in it.
    rows: u32,
    /// Bytes in the file.
    packed: u32,
    /// Bytes unpacked.
    bytes: u32,
}

/// Bytes of a block in the list.
const LISTED: usize = 13;

impl Block {
    fn write(self, to: &mut Vec<u8>) {
        to.push(self.content as u8);
        [self.rows, self.packed, self.bytes].iter().for_each(|n| to.extend(n.to_le_bytes()));
    }

    fn read(from: &[u8]) -> Option<Block> {
        let number = |at: usize| Some(u32::from_le_bytes(from.get(at..at + 4)?.try_into().ok()?));
        let content = match from.first()? {
            0 => Content::Texts,
            1 => Content::Articles,
            2 => Content::Base,
            _ => return None,
        };
        Some(Block { content, rows: number(1)?, packed: number(5)?, bytes: number(9)? })
    }
}

/// The list of blocks as bytes: the blocks, how many they are, and a hash of all that. Lengths that
/// memory is taken for are never read from anything that damage could have changed.
fn list_of(blocks: &[Block]) -> Vec<u8> {
    let mut list = Vec::with_capacity(blocks.len() * LISTED + 12);
    blocks.iter().for_each(|block| block.write(&mut list));
    list.extend((blocks.len() as u32).to_le_bytes());
    let hash = XxHash3_64::oneshot(&list);
    list.extend(hash.to_le_bytes());
    list
}
