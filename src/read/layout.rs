//! Where the paragraphs of a plain text are: blank lines, single line ends where there are none, and
//! lines that were only wrapped joined again. Judges by lengths and line ends, changes nothing.

use std::ops::Range;

use memchr::{memchr_iter, memchr2, memmem};

use super::clean::{Clean, is_blank};
use super::furniture;
use crate::article::Part;

/// Copies the paragraphs of the given text.
pub fn copy_paragraphs(given: &str, range: Range<usize>, clean: &mut Clean) {
    copy_lines(given, range, clean, |line, clean| clean.copy(line));
}

/// Copies the paragraphs of the given text, each line by `copy`.
pub fn copy_lines(
    given: &str,
    range: Range<usize>,
    clean: &mut Clean,
    copy: impl Fn(Range<usize>, &mut Clean),
) {
    let lines = Lines::new(given, range);
    let mut open = None;
    for (i, line) in lines.lines.iter().enumerate() {
        if line.blank {
            open = None;
            continue;
        }
        match open {
            Some(before) if lines.is_wrapped(before, i) => {
                if !hyphen_between(given, &lines.lines[before].range, &line.range) {
                    clean.space(lines.lines[before].range.end);
                }
            }
            _ => clean.paragraph(Part::Body),
        }
        copy(line.range.clone(), clean);
        open = Some(i);
    }
}

/// A compound broken at its own hyphen: "well-" above "known".
fn hyphen_between(given: &str, above: &Range<usize>, below: &Range<usize>) -> bool {
    let above = given[above.clone()].trim_end();
    let hyphen = above.strip_suffix('-').is_some_and(|word| word.ends_with(char::is_alphabetic));
    hyphen && given[below.clone()].trim_start().starts_with(char::is_alphabetic)
}

struct Line {
    range: Range<usize>,
    blank: bool,
}

/// The lines of a text, and how they were broken.
struct Lines<'a> {
    given: &'a str,
    lines: Vec<Line>,
    /// Some paragraphs are parted by blank lines.
    parted: bool,
    /// The width at which lines were wrapped, if they were.
    width: Option<usize>,
}

/// Headers stand this near the top.
const TOP: usize = 12;

impl<'a> Lines<'a> {
    fn new(given: &'a str, range: Range<usize>) -> Self {
        let lines = split(given, range);
        let first = lines.iter().position(|line| !line.blank).unwrap_or(0);
        let last = lines.iter().rposition(|line| !line.blank).map_or(0, |i| i + 1);
        let parted = lines[first..last.max(first)].iter().any(|line| line.blank);
        let mut lines = Lines { given, lines, parted, width: None };
        lines.width = lines.find_width();
        lines
    }

    fn text(&self, i: usize) -> &'a str {
        self.given[self.lines[i].range.clone()].trim()
    }

    /// The width of hard-wrapped text: nearly every line is so long that the next word would not
    /// have had room.
    fn find_width(&self) -> Option<usize> {
        let pairs =
            || self.lines.windows(2).enumerate().filter(|(_, w)| !w[0].blank && !w[1].blank);
        let mut lengths: Vec<usize> = pairs().map(|(i, _)| length(self.text(i))).collect();
        if lengths.len() < 3 {
            return None;
        }
        lengths.sort_unstable();
        let width = lengths[(lengths.len() - 1) * 95 / 100];
        if !(25..=160).contains(&width) {
            return None;
        }
        let full = pairs().filter(|&(i, _)| !self.has_room(i, width)).count();
        let mid_sentence = pairs().filter(|&(i, _)| !ends_sentence(self.text(i))).count();
        let wanted = if self.parted { 60 } else { 70 };
        let is_wrapped = full * 100 >= lengths.len() * wanted && mid_sentence * 2 >= lengths.len();
        is_wrapped.then_some(width)
    }

    /// Whether the first word of the next line would have fitted into line `i`.
    fn has_room(&self, i: usize, width: usize) -> bool {
        let word = self.text(i + 1).split_whitespace().next().unwrap_or_default();
        length(self.text(i)) + 1 + length(word) <= width
    }

    /// Whether line `next` only goes on with line `i`.
    fn is_wrapped(&self, i: usize, next: usize) -> bool {
        let (above, below) = (self.text(i), self.text(next));
        if next < TOP && (furniture::is_header(above) || furniture::is_header(below)) {
            return false;
        }
        let goes_on = below.starts_with(char::is_lowercase) && !ends_sentence(above);
        match self.width {
            Some(width) => {
                let indented = self.indent(next) > self.indent(i) && !self.parted;
                let short = length(above) * 100 < width * 75 && self.has_room(i, width);
                goes_on || !(indented || short || !self.parted && self.ends_early(i, width))
            }
            None => goes_on && (self.parted || length(above) >= 40),
        }
    }

    /// Without blank lines: a line that ends its sentence and has room for more.
    fn ends_early(&self, i: usize, width: usize) -> bool {
        ends_sentence(self.text(i)) && self.has_room(i, width)
    }

    fn indent(&self, i: usize) -> usize {
        let line = &self.given[self.lines[i].range.clone()];
        line.len() - line.trim_start().len()
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// Whether a line ends as a sentence does.
fn ends_sentence(line: &str) -> bool {
    let closing = |c: char| matches!(c, '"' | '\'' | '”' | '’' | '»' | '«' | '“' | ')' | ']');
    let bare = line.trim_end_matches(closing);
    bare.ends_with(['.', '!', '?', ':', '…', '。', '！', '？', '؟', '।'])
}

/// Lines by any line end there is. A page or paragraph separator leaves a blank line.
fn split(given: &str, range: Range<usize>) -> Vec<Line> {
    let text = &given[range.clone()];
    let odd = memchr2(b'\r', b'\x0C', text.as_bytes()).is_some()
        || memmem::find(text.as_bytes(), b"\xE2\x80\xA8").is_some()
        || memmem::find(text.as_bytes(), b"\xE2\x80\xA9").is_some()
        || text.as_bytes().contains(&b'\x0B');
    let mut lines = Vec::new();
    let mut start = range.start;
    let mut end_line = |end: usize, next: usize| {
        lines.push(Line { range: start..end, blank: is_blank(&given[start..end]) });
        start = next;
    };
    if !odd {
        for i in memchr_iter(b'\n', text.as_bytes()) {
            end_line(range.start + i, range.start + i + 1);
        }
        end_line(range.end, range.end);
        return lines;
    }
    let mut chars = text.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let (here, width) = (range.start + i, c.len_utf8());
        match c {
            '\r' if chars.next_if(|&(_, next)| next == '\n').is_some() => {
                end_line(here, here + 2);
            }
            '\n' | '\r' | '\u{B}' | '\u{2028}' => end_line(here, here + width),
            '\u{C}' | '\u{2029}' => {
                end_line(here, here + width);
                end_line(here + width, here + width);
            }
            _ => {}
        }
    }
    end_line(range.end, range.end);
    lines
}
