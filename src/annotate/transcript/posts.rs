//! Posts of social networks printed without marks: "The trains are late. — Nora Fields (@nora) March 3,
//! 2025", the by-line behind the words or in the next paragraph, and "@nora: The trains are late."
//! Not for posts between marks with a by-line, which are quotes like any.

use std::cell::LazyCell;

use rustc_hash::FxHashMap;
use smallvec::smallvec;

use super::Spoken;
use super::names::Names;
use crate::annotate::cast::tokens_of;
use crate::annotate::scene::Scene;
use crate::article::Part;
use crate::text::Span;

/// Names of the rules that give these quotes.
const BY_LINE: &str = "post-by-line";
const HANDLE: &str = "post-handle";
/// How often they are right, by hand.
const CONFIDENCE: f32 = 0.93;
/// Bytes of the name before a handle, and of the date behind it, at most.
const LONGEST: usize = 60;

/// The names that stand with handles, "Nora Fields (@nora)": whose each is where it comes first.
type Owners<'a> = FxHashMap<&'a str, Option<Span>>;

/// The posts of an article, in order.
pub fn posts(scene: &Scene, _: &Names) -> Vec<Spoken> {
    let owners = LazyCell::new(|| owners(scene));
    let owner = |handle: &str| owners.get(handle).copied().flatten();
    (0..scene.paragraphs.len()).filter_map(|p| post(scene, p, &owner)).collect()
}

fn post(scene: &Scene, p: usize, owner: &dyn Fn(&str) -> Option<Span>) -> Option<Spoken> {
    let paragraph = &scene.paragraphs[p];
    if paragraph.part != Part::Body
        || memchr::memchr(b'@', paragraph.span.of(scene.text).as_bytes()).is_none()
    {
        return None;
    }
    let found = by_line(scene, p).or_else(|| behind_handle(scene, p, owner))?;
    Some(Spoken { confidence: CONFIDENCE, ..found })
}

/// Words, a dash, a name, a handle in brackets, a date: nothing else in the paragraph.
fn by_line(scene: &Scene, p: usize) -> Option<Spoken> {
    let span = scene.paragraphs[p].span;
    let line = span.of(scene.text);
    let open = line.rfind("(@")?;
    let close = open + line[open..].find(')')?;
    let (name, dated) = (line[..open].trim_end(), line[close + 1..].trim());
    let dash = name.rfind(['—', '–', '-', '―']).filter(|&at| {
        line[..at].is_empty() || line[..at].ends_with(|c: char| c.is_whitespace() || is_mark(c))
    })?;
    let bare = name[dash..].trim_start_matches(['—', '–', '-', '―', ' ']);
    let date =
        dated.is_empty() || dated.contains(|c: char| c.is_ascii_digit()) && !dated.contains(". ");
    if !is_handle(&line[open + 2..close]) || !is_name(bare) || dated.len() > LONGEST || !date {
        return None;
    }
    let from = span.start() + name.len() - bare.len();
    let source = Span::new(from, span.start() + name.len());
    let words = Span::new(span.start(), span.start() + dash).trimmed(scene.text);
    let words = if words.is_empty() { before(scene, p)? } else { words };
    let words = without_links(scene.text, words)?;
    let content = smallvec![between_marks(scene, words)];
    Some(Spoken::direct(content, Some(source), BY_LINE))
}

/// The paragraph before one, if it can be the words of a post.
fn before(scene: &Scene, p: usize) -> Option<Span> {
    let paragraph = &scene.paragraphs[p.checked_sub(1)?];
    let line = paragraph.span.of(scene.text);
    let is_words = paragraph.part == Part::Body && !line.ends_with(':') && !line.contains("(@");
    is_words.then_some(paragraph.span)
}

/// "@nora: words" and "Nora Fields (@nora): words".
fn behind_handle(scene: &Scene, p: usize, owner: &dyn Fn(&str) -> Option<Span>) -> Option<Spoken> {
    let span = scene.paragraphs[p].span;
    let line = span.of(scene.text);
    let label = &line[..line.find(": ")?];
    let at = label.find('@')?;
    let name = label[..at].trim_end_matches([' ', '(']);
    let handle = label[at + 1..].trim_end_matches(')');
    let bracketed = label[..at].ends_with('(') == label.ends_with(')');
    if !is_handle(handle) || !bracketed || label[..at].ends_with('(') == name.is_empty() {
        return None;
    }
    if !name.is_empty() && !is_name(name) {
        return None;
    }
    let length = if name.is_empty() { label.len() } else { name.len() };
    let source = Span::new(span.start(), span.start() + length);
    let words = Span::new(span.start() + label.len() + 1, span.end()).trimmed(scene.text);
    let content = smallvec![between_marks(scene, without_links(scene.text, words)?)];
    let who = if name.is_empty() { owner(handle).unwrap_or(source) } else { source };
    Some(Spoken { who: Some(who), ..Spoken::direct(content, Some(source), HANDLE) })
}

/// Looks for names with handles behind them.
fn owners<'a>(scene: &Scene<'a>) -> Owners<'a> {
    let (mut owners, text, whole) = (Owners::default(), scene.text, scene.span());
    for (at, open) in whole.of(text).match_indices(" (@") {
        let at = whole.start() + at;
        let rest = &text[at + open.len()..];
        let length = rest.bytes().take(LONGEST).take_while(|&b| is_handle_byte(b)).count();
        if rest[length..].starts_with(')') {
            owners.entry(&rest[..length]).or_insert_with(|| owner(text, at));
        }
    }
    owners
}

/// The capitalised words of its line that end at a place.
fn owner(text: &str, at: usize) -> Option<Span> {
    let in_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '\'' | '’' | '-');
    let (mut start, mut end) = (at, at);
    loop {
        let gap = text[..end].rfind([' ', '\n']);
        let first = gap.map_or(0, |gap| gap + 1);
        let word = &text[first..end];
        if !word.starts_with(char::is_uppercase) || !word.chars().all(in_name) {
            break;
        }
        start = first;
        match gap {
            Some(gap) if text[gap..].starts_with(' ') => end = gap,
            _ => break,
        }
    }
    (start < at).then(|| Span::new(start, at))
}

fn is_handle(handle: &str) -> bool {
    (1..=30).contains(&handle.len()) && handle.bytes().all(is_handle_byte)
}

fn is_handle_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')
}

fn is_name(name: &str) -> bool {
    (1..=LONGEST).contains(&name.len())
        && name.contains(char::is_alphabetic)
        && !name.contains(['"', '“', '”', '\n', ':', '?', '!'])
        && name.split(' ').count() <= 6
}

fn is_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '’' | '\'' | '»')
}

/// Words without the addresses behind them; none where there is nothing else.
fn without_links(text: &str, words: Span) -> Option<Span> {
    let mut end = words.end();
    loop {
        let rest = text[words.start()..end].trim_end();
        let last = rest.rfind(char::is_whitespace).map_or(0, |at| at + 1);
        let link =
            ["http", "pic.twitter.com/", "t.co/"].iter().any(|l| rest[last..].starts_with(l));
        if !link {
            end = words.start() + rest.len();
            break;
        }
        end = words.start() + last;
    }
    (end > words.start()).then(|| Span::new(words.start(), end))
}

/// What stands between marks where all of some words do.
fn between_marks(scene: &Scene, words: Span) -> Span {
    let tokens = tokens_of(scene, words);
    let stretch =
        tokens.clone().next().and_then(|t| scene.stretch_of(t)).map(|s| &scene.stretches[s]);
    match stretch {
        Some(stretch) if stretch.outer.end() + 1 >= words.end() => stretch.span.trimmed(scene.text),
        _ => words,
    }
}
