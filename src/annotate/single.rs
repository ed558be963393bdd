//! Single quotation marks, told apart from apostrophes. Used where a text quotes the British way
//! and for headlines; a single mark inside a double quotation is never looked at.

use super::marks::{Stretch, Style, is_blank, may_hold_signs, next_sign, opens_after};
use crate::text::Span;

/// Words that open with an apostrophe, as they stand behind it.
const ELISIONS: &[&str] =
    &["em", "til", "tis", "twas", "cause", "bout", "round", "n", "s", "ll", "re", "ve", "cos"];

/// The low mark that German and its neighbours open with.
const LOW: char = '‚';

/// How many single and how many double marks of a paragraph look like opening ones, those inside a
/// quotation of the other kind left out.
pub(super) fn openers(text: &str, paragraph: Span) -> (usize, usize) {
    let area = paragraph.of(text);
    if !may_hold_signs(area) {
        return (0, 0);
    }
    let mut count = Openers::default();
    let mut end = 0;
    while let Some(at) = next_sign(area.as_bytes(), end) {
        let (before, c) = around(area, at);
        end = at + c.len_utf8();
        match c {
            // Two apostrophes or grave accents are one double mark.
            '\'' | '`' if area[end..].starts_with(c) => {
                end += 1;
                count.double(opens_after(before));
            }
            '‘' | '\'' if opens(area, at, c, before) => count.single(),
            '’' | '\'' if closes(area, at, c, before) == Some(Closing::Sure) => {
                count.close_single()
            }
            '“' | '«' | '»' | '「' | '„' => count.double(true),
            '”' => count.double(false),
            '"' => count.double(opens_after(before)),
            _ => {}
        }
    }
    (count.singles, count.doubles + count.waiting)
}

/// The character before a place, a blank at the start, and the one at it.
fn around(area: &str, at: usize) -> (char, char) {
    let (before, from) = area.split_at(at);
    (before.chars().next_back().unwrap_or(' '), from.chars().next().unwrap_or(' '))
}

/// Opening marks counted so far.
#[derive(Default)]
struct Openers {
    singles: usize,
    doubles: usize,
    /// Double ones inside a single quotation, which count unless that is closed.
    waiting: usize,
    in_single: bool,
    in_double: bool,
}

impl Openers {
    fn single(&mut self) {
        if !self.in_double {
            self.singles += 1;
            self.in_single = true;
        }
    }

    fn close_single(&mut self) {
        if self.in_single && !self.in_double {
            self.in_single = false;
            self.waiting = 0;
        }
    }

    fn double(&mut self, opens: bool) {
        self.in_double = opens;
        if opens && self.in_single {
            self.waiting += 1;
        } else if opens {
            self.doubles += 1;
        }
    }
}

/// Whether the single mark at `at` opens a quotation.
fn opens(area: &str, at: usize, mark: char, before: char) -> bool {
    let after = &area[at + mark.len_utf8()..];
    let Some(next) = after.chars().next() else { return false };
    if !(opens_after(before) || before == '"') || before == '\'' {
        return false;
    }
    if matches!(mark, '‘' | LOW) {
        return !is_blank(next);
    }
    if !(next.is_alphabetic() || "…[".contains(next)) {
        return false;
    }
    let end = after.find(|c: char| !c.is_alphanumeric()).unwrap_or(after.len());
    !ELISIONS.iter().any(|e| e.eq_ignore_ascii_case(&after[..end]))
}

/// How sure a closing mark is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Closing {
    /// After punctuation, or before it or the end.
    Sure,
    /// After a letter other than s, before a blank.
    Likely,
    /// After an s, before a blank: perhaps a possessive.
    Doubtful,
}

fn closes(area: &str, at: usize, mark: char, before: char) -> Option<Closing> {
    let after = area[at + mark.len_utf8()..].chars().next();
    if is_blank(before) || after.is_some_and(char::is_alphanumeric) {
        return None;
    }
    Some(match after {
        _ if ".,?!…".contains(before) => Closing::Sure,
        None => Closing::Sure,
        Some(c) if !is_blank(c) => Closing::Sure,
        _ if before == 's' => Closing::Doubtful,
        _ => Closing::Likely,
    })
}

/// An opening mark that waits for its closing one: ends of the mark, whether it is a low one, and
/// the best close so far.
struct Open {
    start: usize,
    end: usize,
    low: bool,
    close: Option<(usize, usize, Closing)>,
}

/// Pairs the single marks of the areas of one paragraph; says whether it ended inside a quotation
/// that opened it, the way a quotation over several paragraphs does.
pub(super) fn pair(
    text: &str,
    areas: &[Span],
    paragraph: usize,
    carried: bool,
    found: &mut Vec<Stretch>,
) -> bool {
    let mut left_open = false;
    for area in areas {
        let mut open: Option<Open> = None;
        let mut next = 0;
        while let Some(offset) = next_sign(area.of(text).as_bytes(), next) {
            let at = area.start() + offset;
            let (before, c) = around(area.of(text), offset);
            next = offset + c.len_utf8();
            if matches!(c, '‘' | '’' | '\'' | LOW) {
                if opens(area.of(text), offset, c, before) {
                    // Not inside one that is open and still waits: that is a nested one.
                    if open.as_ref().is_none_or(|o| o.close.is_some()) {
                        finish(text, open.take(), paragraph, carried, *area, found);
                        let end = at + c.len_utf8();
                        open = Some(Open { start: at, end, low: c == LOW, close: None });
                    }
                } else if let Some(o) = &mut open
                    && (c != '‘' || o.low)
                    && let Some(sure) = closes(area.of(text), offset, c, before)
                    && !o.close.is_some_and(|(_, _, was)| was != Closing::Doubtful)
                {
                    o.close = Some((at, at + c.len_utf8(), sure));
                }
            }
        }
        let opened = open.as_ref().map(|o| (o.start, o.end, o.close.is_none()));
        finish(text, open, paragraph, carried, *area, found);
        if let Some((start, end, true)) = opened
            && start == area.start()
            && text[start..].starts_with('‘')
        {
            left_open = true;
            found.push(Stretch {
                span: Span::new(end, area.end()),
                outer: Span::new(start, area.end()),
                paragraph,
                closed: false,
                continues: carried,
                style: Style::Single,
            });
        }
    }
    left_open
}

fn finish(
    text: &str,
    open: Option<Open>,
    paragraph: usize,
    carried: bool,
    area: Span,
    found: &mut Vec<Stretch>,
) {
    let Some(Open { start, end, close: Some((close, close_end, _)), .. }) = open else { return };
    let span = Span::new(end, close);
    if span.of(text).chars().filter(|c| c.is_alphanumeric()).nth(1).is_none() {
        return;
    }
    found.push(Stretch {
        span,
        outer: Span::new(start, close_end),
        paragraph,
        closed: true,
        continues: carried && start == area.start(),
        style: Style::Single,
    });
}
