//! Markdown as an article: front matter read, marks taken off the text, the way back kept.

use std::ops::Range;

use memchr::memchr_iter;

use super::clean::{Clean, Cleaned};
use super::{dates, furniture, markup, meta};
use crate::article::{Metadata, Part};

/// Headers stand among the first lines.
const TOP: usize = 12;

/// The clean form of a Markdown text, and what its front matter says.
pub fn read(text: &str) -> (Cleaned, Metadata) {
    let (mut meta, start) = front_matter(text);
    let mut reader = Reader::new(text);
    let mut lines = lines(text, start).enumerate().peekable();
    let mut titled = meta.title.is_some();
    if let Some(title) = meta.title.as_deref().filter(|title| !opens_with(&text[start..], title)) {
        reader.clean.paragraph(Part::Title);
        reader.clean.insert(title, start);
        reader.clean.paragraph(Part::Body);
    }
    while let Some((i, line)) = lines.next() {
        let below =
            lines.peek().map_or(Underline::None, |(_, next)| underline(&text[next.clone()]));
        let Some((level, words)) =
            heading(&text[line.clone()], below).filter(|_| !reader.in_code())
        else {
            reader.line(line, i < TOP);
            continue;
        };
        let words = line.start + words.start..line.start + words.end;
        let is_title = level == 1 && !titled;
        if is_title {
            meta.title = plain(&text[words.clone()]);
            titled = true;
        }
        reader.heading(words, if is_title { Part::Title } else { Part::Body });
        if !text[line].trim_start().starts_with('#') {
            lines.next();
        }
    }
    let mut cleaned = reader.clean.finish();
    furniture::settle(&mut cleaned, &mut meta);
    (cleaned, meta)
}

/// Whether the body opens with a headline, its own or the same.
fn opens_with(body: &str, title: &str) -> bool {
    let first = body.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    first.starts_with("# ") || plain(first).is_some_and(|line| furniture::same_words(&line, title))
}

/// The words of a line of Markdown.
fn plain(line: &str) -> Option<String> {
    let mut reader = Reader::new(line);
    reader.inline(0..line.len());
    meta::line(&reader.clean.finish().text)
}

fn lines(text: &str, start: usize) -> impl Iterator<Item = Range<usize>> {
    let ends = memchr_iter(b'\n', &text.as_bytes()[start..]).map(move |i| start + i);
    let mut from = start;
    ends.chain(std::iter::once(text.len())).map(move |end| {
        let line = from.min(end)..end;
        from = end + 1;
        line
    })
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Underline {
    #[default]
    None,
    Equals,
    Dashes,
}

fn underline(line: &str) -> Underline {
    let bare = line.trim();
    match () {
        () if bare.len() >= 2 && bare.bytes().all(|b| b == b'=') => Underline::Equals,
        () if bare.len() >= 2 && bare.bytes().all(|b| b == b'-') => Underline::Dashes,
        () => Underline::None,
    }
}

/// Level and words of a heading.
fn heading(line: &str, below: Underline) -> Option<(usize, Range<usize>)> {
    let bare = line.trim_start();
    let indent = line.len() - bare.len();
    let marks = bare.bytes().take_while(|&b| b == b'#').count();
    if (1..=6).contains(&marks) && bare[marks..].starts_with([' ', '\t']) {
        let end = line.trim_end().trim_end_matches('#').len();
        return Some((marks, (indent + marks).min(end)..end));
    }
    if bare.trim().is_empty() || block_mark(bare) > 0 {
        return None;
    }
    match below {
        Underline::None => None,
        Underline::Equals => Some((1, 0..line.len())),
        Underline::Dashes => Some((2, 0..line.len())),
    }
}

/// Length of a quote or list mark at the start of a line.
fn block_mark(line: &str) -> usize {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let bytes = line.as_bytes();
    match bytes.first() {
        Some(b'>') => 1,
        Some(b'-' | b'*' | b'+') if matches!(bytes.get(1), Some(b' ' | b'\t')) => 2,
        _ if (1..=3).contains(&digits)
            && matches!(bytes.get(digits), Some(b'.' | b')'))
            && bytes.get(digits + 1) == Some(&b' ') =>
        {
            digits + 2
        }
        _ => 0,
    }
}

struct Reader<'a> {
    text: &'a str,
    clean: Clean<'a>,
    /// Whether a paragraph goes on.
    open: bool,
    /// The mark that ends a code block.
    fence: Option<&'static str>,
    /// Emphasis that has begun: its marks.
    emphasis: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let clean = Clean::new(text);
        Reader { text, clean, open: false, fence: None, emphasis: Vec::new() }
    }

    fn in_code(&self) -> bool {
        self.fence.is_some()
    }

    fn heading(&mut self, words: Range<usize>, part: Part) {
        self.begin(part);
        self.inline(words);
        self.open = false;
    }

    fn begin(&mut self, part: Part) {
        self.emphasis.clear();
        self.clean.paragraph(part);
    }

    fn line(&mut self, line: Range<usize>, near_top: bool) {
        let bare = self.text[line.clone()].trim();
        if let Some(fence) = self.fence {
            self.fence = Some(fence).filter(|fence| !bare.starts_with(fence));
            return;
        }
        self.fence = ["```", "~~~"].into_iter().find(|fence| bare.starts_with(fence));
        if self.in_code() || bare.is_empty() || is_rule(bare) || is_definition(bare) {
            self.open = false;
            return;
        }
        let Some(start) = self.skip_block_marks(line.clone()) else {
            self.open = false;
            return;
        };
        let given = &self.text[start..line.end];
        let alone = near_top && plain(given).is_some_and(|line| furniture::is_header(&line));
        match self.open && !alone {
            true => self.clean.space(start.saturating_sub(1)),
            false => self.begin(Part::Body),
        }
        self.inline(start..line.end);
        // Two spaces or a backslash at the end part lines: of verse, of an address.
        self.open = !(alone || given.ends_with("  ") || given.ends_with('\\'));
    }

    /// Where the words of a line start. A list mark begins a paragraph, a quote mark does not.
    fn skip_block_marks(&mut self, line: Range<usize>) -> Option<usize> {
        let skip_space = |at: usize| line.end - self.text[at..line.end].trim_start().len();
        let mut start = skip_space(line.start);
        loop {
            let mark = block_mark(&self.text[start..line.end]);
            if mark == 0 {
                return (start < line.end).then_some(start);
            }
            self.open &= self.text[start..].starts_with('>');
            start = skip_space(start + mark);
        }
    }

    /// Copies words without emphasis, links, images and tags.
    fn inline(&mut self, range: Range<usize>) {
        let text = self.text;
        let (mut from, mut at) = (range.start, range.start);
        while at < range.end {
            let rest = &text[at..range.end];
            let Some((length, keep)) = self.mark(at, rest) else {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            };
            self.clean.copy(from..at);
            match keep {
                Keep::Nothing => {}
                Keep::AsItIs(inner) => self.clean.copy(at + inner.start..at + inner.end),
                Keep::Words(inner) => self.inline(at + inner.start..at + inner.end),
                Keep::Entity(c) => self.clean.put(at..at + length, c),
            }
            at += length;
            from = at;
        }
        self.clean.copy(from..range.end);
    }

    /// A mark at the start of `rest`: its length, and what of it to keep.
    fn mark(&mut self, at: usize, rest: &'a str) -> Option<(usize, Keep)> {
        match rest.as_bytes()[0] {
            b'\\' => {
                let escaped = rest[1..].starts_with(|c: char| c.is_ascii_punctuation());
                let last = rest.len() == 1;
                (escaped || last).then(|| (rest.len().min(2), Keep::AsItIs(1..rest.len().min(2))))
            }
            b'`' => code(rest),
            b'!' if rest.starts_with("![") => link(&rest[1..]).map(|(n, _)| (n + 1, Keep::Nothing)),
            b'[' => link(rest),
            b'<' => tag(rest),
            b'&' => markup::entity(rest).map(|(c, length)| (length, Keep::Entity(c))),
            b'*' | b'_' | b'~' => self.emphasis(at, rest),
            _ => None,
        }
    }

    /// Marks of emphasis, opening or closing.
    fn emphasis(&mut self, at: usize, rest: &'a str) -> Option<(usize, Keep)> {
        let mark = rest.as_bytes()[0];
        let length = rest.bytes().take_while(|&b| b == mark).count();
        let run = &rest[..length];
        let before = self.text[..at].chars().next_back().unwrap_or(' ');
        let after = rest[length..].chars().next().unwrap_or(' ');
        let inside_word = before.is_alphanumeric() && after.is_alphanumeric();
        if length > 3 || (mark == b'~' && length != 2) || (mark == b'_' && inside_word) {
            return None;
        }
        if self.emphasis.last() == Some(&run) && !before.is_whitespace() {
            self.emphasis.pop();
            return Some((length, Keep::Nothing));
        }
        let opens = !after.is_whitespace() && self.closes_later(at + length, run);
        opens.then(|| {
            self.emphasis.push(run);
            (length, Keep::Nothing)
        })
    }

    /// Whether the same marks stand again in the paragraph, not far away.
    fn closes_later(&self, from: usize, run: &str) -> bool {
        let rest = &self.text.as_bytes()[from..];
        let rest = &rest[..rest.len().min(1000)];
        let end = memchr::memmem::find(rest, b"\n\n").unwrap_or(rest.len());
        memchr::memmem::find(&rest[..end], run.as_bytes()).is_some_and(|n| n > 0)
    }
}

/// What to keep of a mark.
enum Keep {
    Nothing,
    AsItIs(Range<usize>),
    Words(Range<usize>),
    Entity(char),
}

/// How far the end of a link or a piece of code may be.
const NEAR: usize = 2000;

/// The start of a text, cut at a char boundary.
fn near(text: &str) -> &str {
    let end = (0..=text.len().min(NEAR)).rev().find(|&i| text.is_char_boundary(i));
    &text[..end.unwrap_or(0)]
}

fn code(rest: &str) -> Option<(usize, Keep)> {
    let ticks = rest.bytes().take_while(|&b| b == b'`').count();
    let end = near(&rest[ticks..]).find(&rest[..ticks])?;
    Some((end + 2 * ticks, Keep::AsItIs(ticks..ticks + end)))
}

/// `[words](address)`, `[words][name]`, `[^note]`.
fn link(rest: &str) -> Option<(usize, Keep)> {
    let text = near(rest);
    let mut depth = 0;
    let close = text.bytes().position(|b| {
        depth += i32::from(b == b'[') - i32::from(b == b']');
        depth == 0
    })?;
    if text.starts_with("[^") {
        return Some((close + 1, Keep::Nothing));
    }
    let end = match text.as_bytes().get(close + 1)? {
        b'(' => text[close..].find(')')?,
        b'[' => text[close + 1..].find(']')? + 1,
        _ => return None,
    };
    Some((close + end + 1, Keep::Words(1..close)))
}

/// `<b>`, `<!-- … -->`, `<https://…>`.
fn tag(rest: &str) -> Option<(usize, Keep)> {
    let text = near(rest);
    if text.starts_with("<!--") {
        return text.find("-->").map(|end| (end + 3, Keep::Nothing));
    }
    let end = text.find('>')?;
    let inner = &text[1..end];
    if inner.contains("://") && !inner.contains(' ') {
        return Some((end + 1, Keep::AsItIs(1..end)));
    }
    let name = inner.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
    markup::is_element(name).then_some((end + 1, Keep::Nothing))
}

/// A rule between sections, or between head and body of a table.
fn is_rule(line: &str) -> bool {
    let marks = line.bytes().filter(|b| !b.is_ascii_whitespace());
    let same = |mark: u8| marks.clone().all(|b| b == mark);
    let in_table = line.starts_with('|') && marks.clone().all(|b| b"|-:".contains(&b));
    marks.clone().count() >= 3 && (in_table || same(b'-') || same(b'*') || same(b'_'))
}

/// `[name]: address`, the far end of a link.
fn is_definition(line: &str) -> bool {
    let address =
        line.strip_prefix('[').and_then(|rest| rest.split_once("]:")).map(|(_, to)| to.trim());
    address.is_some_and(|to| to.starts_with("http") || to.starts_with('/') || to.starts_with('<'))
}

/// The metadata between `---` and `---` at the top, and where the text goes on.
fn front_matter(text: &str) -> (Metadata, usize) {
    let mut meta = Metadata::default();
    let mut inside = lines(text, 0).skip_while(|line| text[line.clone()].trim().is_empty());
    if inside.next().is_none_or(|line| text[line].trim_end() != "---") {
        return (meta, 0);
    }
    let mut list = false;
    for line in inside {
        let next = line.end + 1;
        let line = text[line].trim_end();
        if matches!(line, "---" | "...") {
            return (meta, next.min(text.len()));
        }
        match line.split_once(':') {
            Some((key, value)) if !line.starts_with([' ', '-', '\t']) => {
                list = matches!(key.trim(), "author" | "authors") && value.trim().is_empty();
                set(&mut meta, key.trim(), value);
            }
            _ if list => {
                let item = line.trim_start().trim_start_matches("- ");
                let item = item.strip_prefix("name:").unwrap_or(item);
                meta.authors.extend(furniture::names(unquote(item)));
            }
            _ => {}
        }
    }
    // The rule was no front matter: it never ends.
    (Metadata::default(), 0)
}

fn set(meta: &mut Metadata, key: &str, value: &str) {
    let value = unquote(value);
    let line = || meta::line(value);
    match key.to_lowercase().as_str() {
        "title" | "headline" => meta.title = line(),
        "author" | "authors" | "byline" => {
            let items = value.trim_matches(['[', ']']).split(',');
            meta.authors = items.flat_map(|item| furniture::names(unquote(item))).collect();
        }
        "date" | "published" | "pubdate" | "publishdate" | "created" => {
            meta.date = dates::parse(value)
        }
        "outlet" | "source" | "publication" | "publisher" | "site" | "newspaper" => {
            meta.outlet = line()
        }
        "url" | "link" | "permalink" | "canonical" | "canonical_url" => meta.url = line(),
        "lang" | "language" => meta.language = meta::language(value),
        _ => {}
    }
}

fn unquote(value: &str) -> &str {
    let value = value.trim();
    let inner = |mark| value.strip_prefix(mark).and_then(|rest: &str| rest.strip_suffix(mark));
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}
