//! Builds the clean form of a text, paragraph by paragraph, and keeps the way back.
//!
//! Words are copied as they stand. What changes: white space and control characters become one
//! space, invisible format characters go, and the Windows-1252 marks that somebody has taken for
//! Latin-1 (U+0080 to U+009F) become what was meant.

use std::ops::Range;

use encoding_rs::WINDOWS_1252;

use crate::article::{OffsetMap, Part};

/// A clean text in the making.
pub struct Clean<'a> {
    given: &'a str,
    text: String,
    parts: Vec<Part>,
    map: Vec<(u32, u32)>,
    /// A paragraph to be begun with the next word.
    next: Option<Part>,
    /// White space to be put before the next word, and where it stands in the given text.
    space: Option<usize>,
    /// One past the last given byte that was copied.
    copied: usize,
}

/// A finished clean text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Its paragraphs, joined by `\n\n`.
    pub text: String,
    /// What each is.
    pub parts: Vec<Part>,
    /// The way back.
    pub origin: OffsetMap,
}

impl<'a> Clean<'a> {
    /// Nothing yet of `given`.
    pub fn new(given: &'a str) -> Self {
        Clean {
            given,
            // A title and blank lines come on top: to grow for them is to copy it all.
            text: String::with_capacity(given.len() + given.len() / 64 + 256),
            parts: Vec::new(),
            map: Vec::new(),
            next: Some(Part::Body),
            space: None,
            copied: 0,
        }
    }

    /// What is copied from now on is another paragraph. One without words leaves no trace.
    pub fn paragraph(&mut self, part: Part) {
        self.next = Some(part);
        self.space = None;
    }

    /// White space stands between what was copied last and what comes next.
    pub fn space(&mut self, at: usize) {
        self.space.get_or_insert(at);
    }

    /// Copies a piece of the given text.
    pub fn copy(&mut self, range: Range<usize>) {
        let given = self.given;
        let bytes = &given.as_bytes()[..range.end];
        let (mut run, mut at) = (range.start, range.start);
        while at < bytes.len() {
            let width = match CLASS[bytes[at] as usize] {
                PLAIN => {
                    at += 1;
                    continue;
                }
                BLANK if at > run && bytes[at] == b' ' && is_plain(bytes.get(at + 1)) => {
                    at += 2;
                    continue;
                }
                BLANK => 1,
                _ => match given[at..].chars().next() {
                    Some(c) if is_odd(c) => c.len_utf8(),
                    Some(c) => {
                        at += c.len_utf8();
                        continue;
                    }
                    None => break,
                },
            };
            self.run(run..at);
            self.odd(at..at + width);
            at += width;
            run = at;
        }
        self.run(run..bytes.len());
    }

    /// Copies one character that is written as `range`, as an entity is.
    pub fn put(&mut self, range: Range<usize>, c: char) {
        match latin1_mark(c) {
            Some(meant) => self.replace(range, meant),
            None if is_format(c) => {}
            None if is_odd(c) => self.space(range.start),
            None => self.replace(range, c),
        }
    }

    /// Puts words in that stand elsewhere; they map to the place `at`. They must be clean.
    pub fn insert(&mut self, words: &str, at: usize) {
        self.begin(at);
        self.map.push((self.text.len() as u32, at as u32));
        self.text.push_str(words);
        self.map.push((self.text.len() as u32, at as u32));
        self.copied = at;
    }

    /// The finished text.
    pub fn finish(self) -> Cleaned {
        Cleaned { text: self.text, parts: self.parts, origin: OffsetMap(self.map) }
    }

    /// Words without anything odd in them.
    fn run(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.begin(range.start);
        self.mark(range.start);
        self.text.push_str(&self.given[range.clone()]);
        self.copied = range.end;
    }

    /// A character that is not copied as it is.
    fn odd(&mut self, range: Range<usize>) {
        let given = &self.given[range.clone()];
        let Some(c) = given.chars().next() else { return };
        self.put(range, c);
    }

    /// Every byte of `meant` maps into `range`, its last one to the last of `range`.
    fn replace(&mut self, range: Range<usize>, meant: char) {
        self.begin(range.start);
        let mut buffer = [0; 4];
        let meant = meant.encode_utf8(&mut buffer);
        for i in 0..meant.len() {
            let clean = (self.text.len() + i) as u32;
            self.push_mark(clean, (range.start + i).min(range.end - 1) as u32);
        }
        self.text.push_str(meant);
        self.copied = range.end;
    }

    /// Before the next word: the blank line or the space that parts it from the last one.
    fn begin(&mut self, at: usize) {
        let space = self.space.take();
        if let Some(part) = self.next.take() {
            self.parts.push(part);
            if !self.text.is_empty() {
                self.mark(self.copied.min(at));
                self.text.push_str("\n\n");
            }
        } else if let Some(space) = space {
            self.mark(space);
            self.text.push(' ');
        }
    }

    /// From the end of the clean text on, it is what stands at `given`.
    fn mark(&mut self, given: usize) {
        self.push_mark(self.text.len() as u32, given as u32);
    }

    fn push_mark(&mut self, clean: u32, given: u32) {
        let follows = match self.map.last() {
            Some(&(c, g)) => g + (clean - c) == given,
            None => clean == given,
        };
        if !follows {
            self.map.push((clean, given));
        }
    }
}

const PLAIN: u8 = 0;
const BLANK: u8 = 1;
const LEAD: u8 = 2;

/// What a byte may be the beginning of.
const CLASS: [u8; 256] = {
    let mut class = [PLAIN; 256];
    let mut i = 0;
    while i <= 0x20 {
        class[i] = BLANK;
        i += 1;
    }
    class[0x7F] = BLANK;
    class[0xC2] = LEAD;
    class[0xE1] = LEAD;
    class[0xE2] = LEAD;
    class[0xE3] = LEAD;
    class[0xEF] = LEAD;
    class
};

fn is_plain(byte: Option<&u8>) -> bool {
    byte.is_some_and(|&b| CLASS[b as usize] == PLAIN)
}

fn is_odd(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_format(c)
}

/// Whether a character is nothing one could see or that parts words: soft hyphens, byte order marks,
/// zero-width spaces, marks of direction. Joiners stay, scripts and emoji need them.
pub fn is_format(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}')
        || matches!(c, '\u{2066}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}')
}

/// The mark that was meant by a C1 control character, if one was.
fn latin1_mark(c: char) -> Option<char> {
    let byte = u8::try_from(u32::from(c)).ok().filter(|b| (0x80..0xA0).contains(b))?;
    let meant = WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next()?;
    (!meant.is_control()).then_some(meant)
}

/// Whether there is nothing to be seen in a piece of text.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| is_odd(c) && latin1_mark(c).is_none())
}

/// The paragraphs of a clean text.
pub fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    let ends =
        memchr::memmem::find_iter(text.as_bytes(), "\n\n").chain(std::iter::once(text.len()));
    let mut start = 0;
    ends.map(move |end| {
        let paragraph = &text[start..end];
        start = end + 2;
        paragraph
    })
}
