//! HTML as a stream of tags and text, and the paragraphs of a fragment. No tree is built, so depth
//! costs nothing. Where a page's article is, is not decided here.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr2};

use super::clean::{Clean, is_blank};
use super::layout;
use crate::article::Part;

/// A piece of HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text between tags, entities in it.
    Text(Range<usize>),
    /// `<name …>`, `</name>`.
    Tag(Tag<'a>),
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Its name as written.
    pub name: &'a str,
    /// Whether it ends an element.
    pub closes: bool,
    /// What stands between the name and `>`.
    pub attributes: &'a str,
    /// Where it stands.
    pub range: Range<usize>,
}

impl<'a> Tag<'a> {
    /// Whether it has this name, in any case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Whether it has one of these names.
    pub fn is_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.is(name))
    }

    /// Whether it parts paragraphs.
    pub fn is_block(&self) -> bool {
        self.is_any(&BLOCKS)
    }

    /// The value of an attribute, entities resolved.
    pub fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        attributes(self.attributes)
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| unescape(value))
    }
}

/// Elements whose content is not HTML.
const RAW: [&str; 6] = ["script", "style", "textarea", "title", "noscript", "iframe"];

/// The pieces of a document. Comments and declarations are left out; the content of scripts and the
/// like is one text, whatever stands in it.
pub fn pieces(html: &str) -> Pieces<'_> {
    Pieces { html, at: 0, raw: None, last_end: html.rfind('>') }
}

/// The iterator behind [`pieces`].
pub struct Pieces<'a> {
    html: &'a str,
    at: usize,
    /// The name of the element whose raw content comes next.
    raw: Option<&'a str>,
    /// Where the last `>` stands: behind it there are no tags.
    last_end: Option<usize>,
}

/// Longer than the name of any element.
const MAX_NAME: usize = 40;

/// Longer than any value of an attribute with a `>` in it.
const MAX_VALUE: usize = 1 << 14;

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if let Some(name) = self.raw.take() {
            let end = self.raw_end(name);
            if end > self.at {
                return Some(self.text(end));
            }
        }
        loop {
            let rest = &self.html.as_bytes()[self.at..];
            let open = match memchr(b'<', rest) {
                _ if rest.is_empty() => return None,
                None => return Some(self.text(self.html.len())),
                Some(0) => self.at,
                Some(n) => return Some(self.text(self.at + n)),
            };
            if let Some(end) = self.comment_end(open) {
                self.at = end;
                continue;
            }
            let Some(tag) = self.tag(open) else {
                let more = memchr(b'<', &rest[1..]).map_or(self.html.len(), |n| open + 1 + n);
                return Some(self.text(more));
            };
            self.at = tag.range.end;
            if !tag.closes && tag.is_any(&RAW) {
                self.raw = Some(tag.name);
            }
            return Some(Piece::Tag(tag));
        }
    }
}

impl<'a> Pieces<'a> {
    fn text(&mut self, end: usize) -> Piece<'a> {
        let range = self.at..end;
        self.at = end;
        Piece::Text(range)
    }

    /// Where `</name` stands.
    fn raw_end(&self, name: &str) -> usize {
        let mut at = self.at;
        while let Some(n) = memchr(b'<', &self.html.as_bytes()[at..]) {
            let after = &self.html.as_bytes()[at + n + 1..];
            let named = after.strip_prefix(b"/").and_then(|after| after.get(..name.len()));
            if named.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes())) {
                return at + n;
            }
            at += n + 1;
        }
        self.html.len()
    }

    /// One past a comment, declaration or processing instruction that starts here.
    fn comment_end(&self, open: usize) -> Option<usize> {
        let rest = &self.html[open..];
        let end = match rest.as_bytes().get(1)? {
            b'!' if rest.starts_with("<!--") => rest[4..].find("-->").map_or(rest.len(), |n| n + 7),
            b'!' if rest.starts_with("<![CDATA[") => rest.find("]]>").map_or(rest.len(), |n| n + 3),
            b'!' | b'?' => rest.find('>').map_or(rest.len(), |n| n + 1),
            _ => return None,
        };
        Some(open + end)
    }

    fn tag(&self, open: usize) -> Option<Tag<'a>> {
        self.last_end.filter(|&last| last > open)?;
        let rest = &self.html[open + 1..];
        let closes = rest.starts_with('/');
        let start = usize::from(closes);
        let in_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':');
        let name =
            rest.as_bytes()[start..].iter().take(MAX_NAME).take_while(|b| in_name(b)).count();
        let (name_end, name) = (start + name, &rest[start..start + name]);
        let stops = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'>' | b'/');
        if !name.starts_with(|c: char| c.is_ascii_alphabetic())
            || !rest.as_bytes().get(name_end).is_some_and(stops)
        {
            return None;
        }
        let end = tag_end(rest, name_end)?;
        let range = open..open + 1 + end + 1;
        Some(Tag { name, closes, attributes: &rest[name_end..end], range })
    }
}

/// Where the `>` of a tag stands, quotes respected. A quote that never ends is none.
fn tag_end(rest: &str, from: usize) -> Option<usize> {
    let bytes = rest.as_bytes();
    let first = from + memchr(b'>', &bytes[from..])?;
    if memchr2(b'"', b'\'', &bytes[from..first]).is_none() {
        return Some(first);
    }
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'>' => return Some(at),
            mark @ (b'"' | b'\'') if bytes[..at].trim_ascii_end().ends_with(b"=") => {
                // A longer one is a quote that somebody forgot to close.
                let value = &bytes[at + 1..bytes.len().min(at + MAX_VALUE)];
                match memchr(mark, value) {
                    Some(n) => at += n + 2,
                    None => return Some(first),
                }
            }
            _ => at += 1,
        }
    }
    Some(first)
}

/// The attributes of a tag: names and values as written.
pub fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let first = rest.chars().next()?.len_utf8();
        let end = rest[first..].find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '/');
        let end = end.map_or(rest.len(), |n| n + first);
        let name = &rest[..end];
        rest = rest[end..].trim_ascii_start();
        let Some(after) = rest.strip_prefix('=') else { return Some((name, "")) };
        let after = after.trim_ascii_start();
        let (value, left) = match after.chars().next() {
            Some(mark @ ('"' | '\'')) => {
                let value = &after[1..];
                let end = value.find(mark).unwrap_or(value.len());
                (&value[..end], value.get(end + 1..).unwrap_or_default())
            }
            _ => {
                after.split_at(after.find(|c: char| c.is_ascii_whitespace()).unwrap_or(after.len()))
            }
        };
        rest = left;
        Some((name, value))
    })
}

const BLOCKS: [&str; 36] = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "table",
    "tr",
    "td",
    "th",
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "main",
    "figure",
    "figcaption",
    "hr",
    "form",
    "address",
    "body",
    "caption",
    "details",
    "summary",
    "tbody",
];
const INLINE: [&str; 27] = [
    "a", "b", "i", "u", "s", "em", "strong", "span", "small", "sup", "sub", "br", "img", "font",
    "q", "cite", "code", "abbr", "mark", "time", "hi", "wbr", "del", "ins", "strike", "label",
    "picture",
];
const HIDDEN: [&str; 10] = [
    "script", "style", "template", "noscript", "iframe", "svg", "select", "button", "textarea",
    "head",
];

/// Whether an element of this name may stand in an article.
pub fn is_element(name: &str) -> bool {
    [&BLOCKS[..], &INLINE, &HIDDEN].concat().iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a text is written in HTML: it has tags that no plain text would have.
pub fn is_markup(text: &str) -> bool {
    if memchr(b'<', text.as_bytes()).is_none() {
        return false;
    }
    pieces(text).any(|piece| match piece {
        Piece::Tag(tag) => {
            tag.is_any(&["p", "br", "div", "img"])
                || tag.closes && (tag.is_any(&BLOCKS) || tag.is_any(&INLINE))
        }
        Piece::Text(_) => false,
    })
}

/// Copies the paragraphs of a body with markup. Where it has no paragraphs of HTML, its line ends are
/// meant: many an editor of texts adds tags for italics or a list, and leaves the rest as it was typed.
pub fn copy_body(html: &str, clean: &mut Clean) {
    let tags = || {
        pieces(html).filter_map(|piece| match piece {
            Piece::Tag(tag) => Some(tag),
            Piece::Text(_) => None,
        })
    };
    if tags().any(|tag| tag.is("p") || tag.is_any(&HIDDEN)) {
        return copy_fragment(html, 0..html.len(), clean);
    }
    let parts = |tag: Tag| tag.is("br") || tag.is_block() || html[tag.range].contains('\n');
    if !tags().any(parts) {
        return layout::copy_lines(html, 0..html.len(), clean, |line, clean| {
            copy_pieces(html, line, clean);
        });
    }
    let (mut start, mut at) = (0, 0);
    for line in html.split_inclusive('\n') {
        let end = at + line.len();
        if is_blank(line) {
            copy_fragment(html, start..at, clean);
            start = end;
        }
        at = end;
    }
    copy_fragment(html, start..at, clean);
}

/// Copies the paragraphs of a piece of a fragment.
pub fn copy_fragment(html: &str, range: Range<usize>, clean: &mut Clean) {
    clean.paragraph(Part::Body);
    copy_pieces(html, range, clean);
}

/// Copies a piece of a fragment, which goes on with the paragraph under way. Unknown tags are taken
/// for text: `<OI>` is a ticker.
fn copy_pieces(html: &str, range: Range<usize>, clean: &mut Clean) {
    let (base, piece) = (range.start, &html[range]);
    let single_breaks_part =
        !pieces(piece).any(|piece| matches!(piece, Piece::Tag(tag) if tag.is("p")));
    let (mut hidden, mut breaks) = (None::<&str>, 0);
    let shift = |range: Range<usize>| base + range.start..base + range.end;
    for piece in pieces(piece) {
        match (piece, hidden) {
            (Piece::Tag(tag), Some(name)) if tag.closes && tag.is(name) => hidden = None,
            (_, Some(_)) => {}
            (Piece::Text(range), None) => {
                let range = shift(range);
                breaks = if is_blank(&html[range.clone()]) { breaks } else { 0 };
                copy_text(html, range, clean);
            }
            (Piece::Tag(tag), None) if tag.is("br") => {
                breaks += 1;
                match single_breaks_part || breaks > 1 {
                    true => clean.paragraph(Part::Body),
                    false => clean.space(base + tag.range.start),
                }
            }
            (Piece::Tag(tag), None) if tag.is_block() => clean.paragraph(Part::Body),
            (Piece::Tag(tag), None) if tag.is_any(&HIDDEN) => {
                hidden = HIDDEN.into_iter().find(|name| !tag.closes && tag.is(name));
            }
            (Piece::Tag(tag), None) if tag.is_any(&INLINE) => {}
            (Piece::Tag(tag), None) => clean.copy(shift(tag.range)),
        }
    }
}

/// Copies text, entities resolved.
fn copy_text(html: &str, range: Range<usize>, clean: &mut Clean) {
    let mut at = range.start;
    while let Some(n) = memchr(b'&', &html.as_bytes()[at..range.end]) {
        let amp = at + n;
        let Some((c, length)) = entity(&html[amp..range.end]) else {
            clean.copy(at..amp + 1);
            at = amp + 1;
            continue;
        };
        clean.copy(at..amp);
        clean.put(amp..amp + length, c);
        at = amp + length;
    }
    clean.copy(at..range.end);
}

/// Text with its entities resolved.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(amp) = memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..amp]);
        let (c, length) = entity(&rest[amp..]).unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[amp + length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Entities of the Latin-1 block, from U+00A0 on.
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg \
    macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 \
    iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute \
    Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute \
    THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave \
    iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml \
    yacute thorn yuml";

/// Other entities that are met in news.
const OTHERS: [(&str, char); 34] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("lsaquo", '‹'),
    ("rsaquo", '›'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("horbar", '―'),
    ("hellip", '…'),
    ("bull", '•'),
    ("euro", '€'),
    ("trade", '™'),
    ("OElig", 'Œ'),
    ("oelig", 'œ'),
    ("Scaron", 'Š'),
    ("scaron", 'š'),
    ("Yuml", 'Ÿ'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("zwnj", '\u{200C}'),
    ("zwj", '\u{200D}'),
    ("lrm", '\u{200E}'),
    ("rlm", '\u{200F}'),
    ("minus", '−'),
    ("prime", '′'),
];

/// The entity at the start of a text, and its length.
pub fn entity(text: &str) -> Option<(char, usize)> {
    let bytes = text.as_bytes();
    let end =
        bytes[1..].iter().take(10).position(|b| !(b.is_ascii_alphanumeric() || *b == b'#'))? + 1;
    let name = &text[1..end];
    let length = end + usize::from(bytes[end] == b';');
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return Some((char::from_u32(code).filter(|&c| c != '\0').unwrap_or('\u{FFFD}'), length));
    }
    (bytes[end] == b';').then_some(())?;
    let latin = LATIN.split_ascii_whitespace().position(|entity| entity == name);
    let latin = latin.and_then(|at| char::from_u32(0xA0 + at as u32));
    let other = || OTHERS.iter().find(|(entity, _)| *entity == name).map(|&(_, c)| c);
    Some((latin.or_else(other)?, length))
}
