//! Paragraphs and tokens as byte spans into one text. Sentences are cut later, by
//! `annotate`, because a sentence inside a quotation does not end the sentence around it.

mod tokens;

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use crate::text::Span;

pub use tokens::{Token, TokenKind, tokenize};

/// The spans of the paragraphs of a clean text (parted by `\n\n`; see `Article::text`).
pub fn paragraphs(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = 0;
    for end in memchr::memmem::find_iter(text.as_bytes(), b"\n\n").chain([text.len()]) {
        if start < end {
            spans.push(Span::new(start, end));
        }
        start = end + 2;
    }
    spans
}

/// The paragraphs of a clean text but for repeats of an earlier one, each with its number among all.
pub fn distinct_paragraphs(text: &str) -> impl Iterator<Item = (usize, Span)> {
    let all = paragraphs(text);
    let hasher = BuildHasherDefault::<ParagraphHasher>::default();
    let mut seen = HashSet::<&str, _>::with_capacity_and_hasher(all.len(), hasher);
    all.into_iter().enumerate().filter(move |(_, span)| seen.insert(span.of(text)))
}

/// XXH3 over the bytes of a paragraph: several times as fast as the usual hasher on texts of this length.
#[derive(Default)]
struct ParagraphHasher(u64);

impl Hasher for ParagraphHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 ^= twox_hash::XxHash3_64::oneshot(bytes);
    }

    /// What ends a text tells nothing: there is one text a hash.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0
    }
}
