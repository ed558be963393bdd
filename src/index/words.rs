//! How text is cut into words for searching: the one definition that the index, the query
//! language, highlights and quote ids share. Not the tokens of the annotators.
//!
//! A word is a run of letters and digits, lower-cased, accents taken off. An apostrophe parts two
//! words ("Kirby's" is `kirby` `s`), except in English contractions ("won’t" is `won't`), so that
//! an exact phrase means what it says. Scripts without spaces give one word a character.

use unicode_normalization::UnicodeNormalization;

use crate::text::{Span, plain_run};

/// Longest word in bytes that can be searched for; longer runs are no words.
pub const MAX_WORD: usize = 200;

/// Most words are no longer than this, in bytes.
const SHORT: usize = 16;

/// Ends of English words that stay with the word before the apostrophe.
const CLITICS: [&[u8]; 6] = [b"t", b"re", b"ll", b"ve", b"d", b"m"];

/// A word of few bytes, as numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Short {
    /// The first eight bytes, the first of them lowest; zeros behind the word.
    pub first: u64,
    /// The others likewise.
    pub rest: u32,
}

impl Short {
    /// Most bytes of such a word.
    pub const BYTES: usize = 12;
    /// Letters differ from their capitals in this bit, which digits have too.
    const LOWER: u8 = 0x20;

    /// A word, if it is short.
    pub fn of(word: &str) -> Option<Short> {
        let mut bytes = [0; Short::BYTES];
        bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
        Some(Short::from(bytes))
    }

    /// The first bytes of a text that begins with a word of so many letters and digits, none of them
    /// beyond ASCII.
    #[inline]
    fn cut(text: [u8; Short::BYTES], length: usize) -> Short {
        let Short { first, rest } = Short::from(text);
        // Shifted in two steps: by all bits at once is no shift.
        let beyond_first = 8usize.saturating_sub(length) as u32 * 4;
        let beyond_rest = 12usize.saturating_sub(length.max(8)) as u32 * 4;
        let lower = u64::from_le_bytes([Short::LOWER; 8]);
        Short {
            first: (first | lower) & (u64::MAX >> beyond_first >> beyond_first),
            rest: (rest | lower as u32) & (u32::MAX >> beyond_rest >> beyond_rest),
        }
    }

    /// Its bytes, and zeros behind them.
    pub fn bytes(self) -> [u8; Short::BYTES] {
        let mut bytes = [0; Short::BYTES];
        bytes[..8].copy_from_slice(&self.first.to_le_bytes());
        bytes[8..].copy_from_slice(&self.rest.to_le_bytes());
        bytes
    }

    /// A number whose upper bits differ wherever the words do, mostly (multiplicative hashing, Knuth, The
    /// Art of Computer Programming 3, 6.4).
    #[inline]
    pub fn hash(self) -> u64 {
        (self.first ^ u64::from(self.rest).wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .wrapping_mul(0xff51_afd7_ed55_8ccd)
    }
}

impl From<[u8; Short::BYTES]> for Short {
    #[inline]
    fn from(bytes: [u8; Short::BYTES]) -> Short {
        let [a, b, c, d, e, f, g, h, rest @ ..] = bytes;
        let first = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        Short { first, rest: u32::from_le_bytes(rest) }
    }
}

/// A word of a text.
#[derive(Debug, PartialEq, Eq)]
pub enum Word<'b> {
    /// One of few bytes.
    Short(Short),
    /// Another, or one that could be short.
    Spelled(&'b str),
}

/// Finds words one after the other, reusing one buffer.
pub struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    /// The words of `text`.
    pub fn new(text: &'a str) -> Self {
        Words { text, at: 0 }
    }

    /// Writes the next word into `word` and returns where it stands.
    #[inline]
    pub fn next_into(&mut self, word: &mut String) -> Option<Span> {
        word.clear();
        self.append_to(word)
    }

    /// Writes the next word behind what there is and returns where it stands.
    // Inlined so that the place stays in registers: read back from memory at once, it is waited for.
    #[inline]
    pub fn append_to(&mut self, found: &mut String) -> Option<Span> {
        let from = found.len();
        loop {
            let start = self.skip_to_word()?;
            let end = self.read(start, found);
            self.at = end;
            if (from + 1..=from + MAX_WORD).contains(&found.len()) {
                return Some(Span::new(start, end));
            }
            found.truncate(from);
        }
    }

    /// The next word, in `room` unless it is a short one of plain letters and digits, as most are.
    #[inline]
    pub fn next_word<'b>(&mut self, room: &'b mut String) -> Option<Word<'b>> {
        let start = self.skip_to_word()?;
        let bytes = self.text.as_bytes();
        if let Some(&near) = bytes[start..].first_chunk() {
            let (end, _) = plain_run(bytes, start);
            if (1..=Short::BYTES).contains(&(end - start)) && ends_plainly(bytes, end) {
                self.at = end;
                return Some(Word::Short(Short::cut(near, end - start)));
            }
        }
        self.at = start;
        self.next_into(room)?;
        Some(Word::Spelled(room))
    }

    /// The start of the next word.
    fn skip_to_word(&self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        loop {
            match class(*bytes.get(at)?) {
                Class::Plain => return Some(at),
                Class::Between | Class::Apostrophe => {
                    at += 1;
                    continue;
                }
                Class::Other => {}
            }
            let c = self.text[at..].chars().next()?;
            if is_word_char(c) {
                return Some(at);
            }
            at += c.len_utf8();
        }
    }

    /// Reads the word that starts at `start`; returns its end.
    fn read(&self, start: usize, word: &mut String) -> usize {
        self.read_plain(start, word).unwrap_or_else(|| self.read_closely(start, word))
    }

    /// Reads a word of plain letters and digits, as most are; returns its end, or `None` where a
    /// closer look is needed.
    fn read_plain(&self, start: usize, word: &mut String) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let (end, capitals) = plain_run(bytes, start);
        if !ends_plainly(bytes, end) {
            return None;
        }
        let from = word.len();
        match self.text.get(start..start + SHORT) {
            // The cheap way: copy always as much and take off what stands behind the word.
            Some(near) if end - start <= SHORT => {
                word.push_str(near);
                word.truncate(from + end - start);
            }
            _ => word.push_str(&self.text[start..end]),
        }
        if capitals {
            word[from..].make_ascii_lowercase();
        }
        Some(end)
    }

    /// Reads a word character by character.
    fn read_closely(&self, start: usize, word: &mut String) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = start;
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii_alphanumeric() {
                let run = bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
                let from = word.len();
                word.push_str(&self.text[at..at + run]);
                word[from..].make_ascii_lowercase();
                at += run;
            } else if byte == b'\'' {
                match self.contraction(at + 1, word) {
                    Some(end) => at = end,
                    None => break,
                }
            } else if byte < 0x80 {
                break;
            } else {
                let Some(c) = self.text[at..].chars().next() else { break };
                let after = at + c.len_utf8();
                if c == '’' {
                    match self.contraction(after, word) {
                        Some(end) => at = end,
                        None => break,
                    }
                } else if stands_alone(c) {
                    if at == start {
                        push_folded(c, word);
                        at = after;
                    }
                    break;
                } else if is_word_char(c) || is_joiner(c) {
                    push_folded(c, word);
                    at = after;
                } else {
                    break;
                }
            }
        }
        at
    }

    /// Takes in what follows an apostrophe where it belongs to the word; returns its end.
    fn contraction(&self, after: usize, word: &mut String) -> Option<usize> {
        let rest = &self.text.as_bytes()[after..];
        let length = rest.iter().take(3).take_while(|b| b.is_ascii_alphabetic()).count();
        let mut tail = [0u8; 3];
        for (to, from) in tail.iter_mut().zip(&rest[..length]) {
            *to = from.to_ascii_lowercase();
        }
        let tail = &tail[..length];
        let open_ended = self.text[after + length..].chars().next().is_some_and(is_word_char);
        if open_ended || !CLITICS.contains(&tail) {
            return None;
        }
        word.push('\'');
        word.extend(tail.iter().map(|&b| b as char));
        Some(after + length)
    }
}

/// What a byte is to words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// A digit or an ASCII letter.
    Plain,
    /// What may stand inside a word.
    Apostrophe,
    /// Another ASCII character.
    Between,
    /// Part of a character that is not ASCII.
    Other,
}

/// Whether a run of plain letters and digits that ends here is a whole word.
fn ends_plainly(bytes: &[u8], end: usize) -> bool {
    let class = bytes.get(end).map_or(Class::Between, |&byte| class(byte));
    !matches!(class, Class::Apostrophe | Class::Other)
}

fn class(byte: u8) -> Class {
    CLASSES[usize::from(byte)]
}

const CLASSES: [Class; 256] = {
    let (mut classes, mut byte) = ([Class::Between; 256], 0);
    while byte < 256 {
        if byte >= 0x80 {
            classes[byte] = Class::Other;
        } else if (byte as u8).is_ascii_alphanumeric() {
            classes[byte] = Class::Plain;
        } else if byte as u8 == b'\'' {
            classes[byte] = Class::Apostrophe;
        }
        byte += 1;
    }
    classes
};

/// Whether a character can begin a word.
fn is_word_char(c: char) -> bool {
    c.is_alphanumeric()
}

/// Characters inside a word that are not letters: combining marks and joiners.
fn is_joiner(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
        || matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}')
}

/// Characters of scripts that are written without spaces: each is a word.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Adds a character lower-cased and without accents.
pub fn push_folded(c: char, word: &mut String) {
    if c.is_ascii() {
        return word.push(c.to_ascii_lowercase());
    }
    for lower in c.to_lowercase() {
        for base in lower.nfkd() {
            match base {
                'ł' => word.push('l'),
                'ø' => word.push('o'),
                'đ' | 'ð' => word.push('d'),
                'ı' => word.push('i'),
                'ß' => word.push_str("ss"),
                'æ' => word.push_str("ae"),
                'œ' => word.push_str("oe"),
                'þ' => word.push_str("th"),
                _ if is_joiner(base) => {}
                _ => word.extend(base.to_lowercase()),
            }
        }
    }
}

/// The words of a text, owned.
pub fn words(text: &str) -> Vec<String> {
    let (mut finder, mut word, mut found) = (Words::new(text), String::new(), Vec::new());
    while finder.next_into(&mut word).is_some() {
        found.push(word.clone());
    }
    found
}

/// A text as its words with single spaces between: how names are compared.
pub fn folded(text: &str) -> String {
    words(text).join(" ")
}

/// Identity of a quote across articles: its words, a space behind each, and the key of who says
/// them, which is put behind the words.
pub fn quote_id_of(normal: &mut String, speaker_key: &str) -> u64 {
    normal.push('\n');
    normal.push_str(speaker_key);
    twox_hash::XxHash3_64::oneshot(normal.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{Short, Word, Words, quote_id_of, words};

    fn quote_id(quote: &str, speaker_key: Option<&str>) -> u64 {
        let (mut finder, mut word, mut normal) = (Words::new(quote), String::new(), String::new());
        while finder.next_into(&mut word).is_some() {
            normal.extend([word.as_str(), " "]);
        }
        quote_id_of(&mut normal, speaker_key.unwrap_or(""))
    }

    #[test]
    fn cuts_as_documented() {
        let cases: &[(&str, &[&str])] = &[
            ("Mr. Kirby's plan", &["mr", "kirby", "s", "plan"]),
            (
                "won’t WON'T we’re I'd O’Brien l'Europe",
                &["won't", "won't", "we're", "i'd", "o", "brien", "l", "europe"],
            ),
            ("'tis 'quoted' dogs'", &["tis", "quoted", "dogs"]),
            ("£4.3bn, 1,000", &["4", "3bn", "1", "000"]),
            (
                "Erdoğan cafe\u{301} Łódź Straße ﬁne",
                &["erdogan", "cafe", "lodz", "strasse", "fine"],
            ),
            ("third-party…", &["third", "party"]),
            ("東京tower", &["東", "京", "tower"]),
            ("… ! “”", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(&words(text), expected, "{text}");
        }
    }

    #[test]
    fn short_words_are_the_same_words() {
        let shapes = ["Zurich", "O'Brien", "ZÜRICH", "won’t", "A1b2", "東京", "\u{301}", "x"];
        for (number, shape) in shapes.iter().enumerate() {
            for length in 0..20 {
                let text =
                    format!("{} {shape}{}. {shape}", &"aBc ".repeat(number), "Qz9".repeat(length));
                let (mut finder, mut room, mut found) = (Words::new(&text), String::new(), vec![]);
                let mut short = 0;
                while let Some(word) = finder.next_word(&mut room) {
                    found.push(match word {
                        Word::Short(word) => {
                            short += 1;
                            let bytes = word.bytes();
                            let end =
                                bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
                            let spelled = std::str::from_utf8(&bytes[..end]).unwrap().to_owned();
                            assert_eq!(Short::of(&spelled), Some(word));
                            spelled
                        }
                        Word::Spelled(word) => word.to_owned(),
                    });
                }
                assert_eq!(found, words(&text), "{text}");
                assert!(short >= number.saturating_sub(4), "{short} in {text}");
            }
        }
        assert_eq!(Short::of("abcdefghijklm"), None);
    }

    #[test]
    fn quote_ids_ignore_marks_and_case_but_not_speakers() {
        let kirby = Some("person:john kirby");
        assert_eq!(quote_id("We won’t go.", kirby), quote_id("we won't go", kirby));
        assert_ne!(quote_id("We won’t go.", kirby), quote_id("We won’t go.", None));
        assert_ne!(quote_id("We will go.", kirby), quote_id("We won’t go.", kirby));
    }
}
