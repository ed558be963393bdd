//! Quotation marks, paired into stretches: what stands between an opening and a closing mark.
//! Not for deciding whether a stretch is speech.
//!
//! Marks are paired inside one paragraph, so an odd one spoils at most its paragraph and the carry
//! into the next: a paragraph that ends inside a quotation lets the next one continue it. Work is
//! linear in the text, however many marks it holds.

use super::single;
use crate::segment::distinct_paragraphs;
use crate::text::Span;

/// Which marks enclose a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// “ ” „ ‟
    Curly,
    /// " '' and two backticks
    Straight,
    /// « » in either direction
    Guillemet,
    /// 「 」 『 』
    Corner,
    /// ‘ ’ or ', the British way or in headlines
    Single,
}

/// The text between two marks of one paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Between the marks.
    pub span: Span,
    /// With its marks.
    pub outer: Span,
    /// Index of its paragraph in the list that was given.
    pub paragraph: usize,
    /// Whether a closing mark was found; if not, it runs to the end of the paragraph.
    pub closed: bool,
    /// Whether it goes on with the unclosed stretch of the paragraph before.
    pub continues: bool,
    /// Its marks.
    pub style: Style,
}

/// One mark: where, of which style, and whether it opens.
#[derive(Clone, Copy)]
struct Mark {
    start: usize,
    end: usize,
    style: Style,
    opens: bool,
}

/// What stands between the marks of a text, in order. Of a paragraph that stands there twice, as in
/// annotation, only the first copy is looked at.
pub fn marked(text: &str) -> Vec<Span> {
    let distinct: Vec<Span> = distinct_paragraphs(text).map(|(_, span)| span).collect();
    stretches(text, &distinct).into_iter().map(|stretch| stretch.span).collect()
}

/// All stretches of the paragraphs, in order and without overlap.
pub fn stretches(text: &str, paragraphs: &[Span]) -> Vec<Stretch> {
    let british = paragraphs.iter().fold((0, 0), |(single, double), &p| {
        let (s, d) = single::openers(text, p);
        (single + s, double + d)
    });
    let british = british.0 > 2 * british.1;
    let mut found = Vec::new();
    let (mut open, mut open_single) = (false, false);
    for (index, &paragraph) in paragraphs.iter().enumerate() {
        let first = found.len();
        if british {
            let gaps = [paragraph];
            open_single = single::pair(text, &gaps, index, open_single, &mut found);
            let rest = gaps_between(paragraph, &found[first..]);
            for gap in rest {
                pair(text, gap, index, false, &mut found);
            }
        } else if !may_hold_signs(paragraph.of(text)) {
            open = false;
        } else {
            open = pair(text, paragraph, index, open, &mut found);
            let gaps = gaps_between(paragraph, &found[first..]);
            single::pair(text, &gaps, index, false, &mut found);
        }
        found[first..].sort_by_key(|s| s.span);
    }
    found
}

/// The double-quoted stretches alone, of “ ” „ " and '' marks.
pub fn double_stretches(text: &str, paragraphs: &[Span]) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut open = false;
    for (index, &paragraph) in paragraphs.iter().enumerate() {
        open = pair(text, paragraph, index, open, &mut found);
    }
    found.retain(|s| matches!(s.style, Style::Curly | Style::Straight));
    found
}

/// What of the paragraph lies outside the stretches already found in it.
fn gaps_between(paragraph: Span, found: &[Stretch]) -> Vec<Span> {
    let mut gaps = Vec::with_capacity(found.len() + 1);
    let mut at = paragraph.start();
    for stretch in found {
        if at < stretch.outer.start() {
            gaps.push(Span::new(at, stretch.outer.start()));
        }
        at = at.max(stretch.outer.end());
    }
    if at < paragraph.end() {
        gaps.push(Span::new(at, paragraph.end()));
    }
    gaps
}

/// An open quotation while a paragraph is scanned.
struct Open {
    mark: Mark,
    depth: usize,
    continues: bool,
}

/// Pairs the double marks of one paragraph; says whether it ended inside a quotation.
fn pair(text: &str, area: Span, paragraph: usize, carried: bool, found: &mut Vec<Stretch>) -> bool {
    let marks = marks(text, area);
    let surplus = surplus_of_closing(&marks);
    let mut open: Option<Open> = None;
    let mut push = |span: Span, outer: Span, closed, continues, style| {
        if span.of(text).chars().any(char::is_alphanumeric) {
            found.push(Stretch { span, outer, paragraph, closed, continues, style });
        }
    };
    for (n, &mark) in marks.iter().enumerate() {
        let fresh = |continues| Some(Open { mark, depth: 0, continues });
        match &mut open {
            None if mark.opens => {
                let before = Span::new(area.start(), mark.start).of(text);
                open = fresh(carried && !before.chars().any(char::is_alphanumeric));
            }
            None if carried && n == 0 => {
                let span = Span::new(area.start(), mark.start);
                push(span, Span::new(area.start(), mark.end), true, true, mark.style);
            }
            None => {
                let next = text[mark.end..area.end()].chars().next();
                if mark.style == Style::Straight && next.is_some_and(char::is_alphanumeric) {
                    open = fresh(false);
                }
            }
            Some(now) if mark.opens && !(low(text, now.mark) && mark.style == Style::Curly) => {
                if mark.style != now.mark.style || mark.style == Style::Curly && surplus[n] >= 2 {
                    now.depth += 1;
                } else {
                    open = fresh(false);
                }
            }
            Some(now)
                if now.depth > 0
                    && (mark.style != now.mark.style || mark.style != Style::Straight) =>
            {
                now.depth -= 1;
            }
            Some(now) => {
                let span = Span::new(now.mark.end, mark.start);
                let outer = Span::new(now.mark.start, mark.end);
                push(span, outer, true, now.continues, now.mark.style);
                open = None;
            }
        }
    }
    let Some(now) = open else { return false };
    let span = Span::new(now.mark.end, area.end());
    push(span, Span::new(now.mark.start, area.end()), false, now.continues, now.mark.style);
    true
}

/// Whether a mark is the low one that German and its neighbours open with.
fn low(text: &str, mark: Mark) -> bool {
    &text[mark.start..mark.end] == "„"
}

/// For each mark, how many more closing than opening marks of its style follow it.
fn surplus_of_closing(marks: &[Mark]) -> Vec<i32> {
    let mut after = [0i32; 5];
    let mut surplus = vec![0; marks.len()];
    for (n, mark) in marks.iter().enumerate().rev() {
        let count = &mut after[mark.style as usize];
        surplus[n] = *count;
        *count += if mark.opens { -1 } else { 1 };
    }
    surplus
}

/// The double marks of one stretch of text, marks inside `<…>` markup left out.
fn marks(text: &str, area: Span) -> Vec<Mark> {
    let bytes = &text.as_bytes()[..area.end()];
    let mut marks = Vec::new();
    let mut at = area.start();
    let mut reversed = None;
    let mut inside = false;
    while let Some(found) = next_sign(bytes, at) {
        at = found;
        let (length, style) = match bytes[at] {
            b'<' => {
                at += markup(&bytes[at..]);
                continue;
            }
            b'"' => (1, Style::Straight),
            b'\'' | b'`' => match run_of(&bytes[at..]) {
                length @ 2..=3 => (length, Style::Straight),
                length => {
                    at += length;
                    continue;
                }
            },
            0xC2 if matches!(bytes.get(at + 1), Some(0xAB | 0xBB)) => (2, Style::Guillemet),
            0xE2 if bytes[at + 1] == 0x80 && (0x9C..=0x9F).contains(&bytes[at + 2]) => {
                (3, Style::Curly)
            }
            0xE3 if bytes[at + 1] == 0x80 && (0x8C..=0x8F).contains(&bytes[at + 2]) => {
                (3, Style::Corner)
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let end = at + length;
        let before = text[area.start()..at].chars().next_back().unwrap_or(' ');
        let after = text[end..area.end()].chars().next().unwrap_or(' ');
        let free = !inside && leads(&text[area.start()..at]);
        let mark = mark_at(&text[at..end], at, style, before, after, free, &mut reversed);
        inside = if style == Style::Straight { mark.opens } else { inside };
        marks.push(mark);
        at = end;
    }
    marks
}

/// Decides whether a mark opens, by its shape and its neighbours.
fn mark_at(
    shape: &str,
    mut start: usize,
    style: Style,
    before: char,
    after: char,
    free: bool,
    reversed: &mut Option<bool>,
) -> Mark {
    let mut end = start + shape.len();
    let opens = match style {
        Style::Curly if shape != "”" => {
            let turned = !opens_after(before) && (is_blank(after) || ".,;:)".contains(after));
            !turned
        }
        Style::Curly => is_blank(before) && (after.is_alphanumeric() || after == '…'),
        Style::Guillemet => (shape == "»") == *reversed.get_or_insert(shape == "»"),
        Style::Corner => matches!(shape, "「" | "『"),
        _ if shape.starts_with('`') => true,
        _ => {
            // Between blanks, as in tokenised text, only what stands before it tells.
            let blank = is_blank(before) && is_blank(after);
            let opens = opens_after(before) && !is_blank(after) || blank && free;
            if shape == "'''" {
                // A single mark inside the double one.
                (start, end) = if opens { (start, end - 1) } else { (start + 1, end) };
            }
            opens
        }
    };
    Mark { start, end, style, opens }
}

/// Whether a quotation may follow these words of its paragraph: none, or a comma, colon or stop.
fn leads(before: &str) -> bool {
    before.trim_end().chars().next_back().is_none_or(|c| ",:.?!".contains(c))
}

/// Whether a straight mark after this character opens.
pub(super) fn opens_after(before: char) -> bool {
    is_blank(before) || "\u{200b}([{—–―-/‘'“:>".contains(before)
}

/// White space inside a paragraph.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// Length of `<…>` markup at the start of `bytes`, or 1.
fn markup(bytes: &[u8]) -> usize {
    let inside = &bytes[1..bytes.len().min(1502)];
    match memchr::memchr2(b'<', b'>', inside) {
        Some(at) if at > 0 && inside[at] == b'>' => at + 2,
        _ => 1,
    }
}

/// The next byte from `at` on that a mark or markup may begin with.
pub(super) fn next_sign(bytes: &[u8], at: usize) -> Option<usize> {
    const SIGNS: [bool; 256] = {
        let mut signs = [false; 256];
        let all = [b'<', b'"', b'\'', b'`', 0xC2, 0xE2, 0xE3];
        let mut n = 0;
        while n < all.len() {
            signs[all[n] as usize] = true;
            n += 1;
        }
        signs
    };
    let found = bytes[at.min(bytes.len())..].iter().position(|&byte| SIGNS[byte as usize])?;
    Some(at + found)
}

/// Whether a text may hold a byte that a mark begins with. Looks at all of it, many bytes at a time: where
/// there is none, as in most paragraphs, nothing else need be looked for.
pub(super) fn may_hold_signs(text: &str) -> bool {
    let sign = |byte: u8| byte >= 0x80 || matches!(byte, b'<' | b'"' | b'\'' | b'`');
    text.bytes().fold(false, |any, byte| any | sign(byte))
}

/// How often the first byte is repeated.
fn run_of(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|&&b| b == bytes[0]).count()
}
