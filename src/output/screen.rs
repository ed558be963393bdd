//! Where text for people goes: how wide it is, whether it has colours, and how text with marked
//! parts is folded into it.

use std::io::{self, IsTerminal};
use std::ops::Range;

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::escape;

/// Lines get no longer than this, however wide the terminal: nobody reads 200 columns of prose.
const WIDEST: usize = 110;
/// Where the width is not known.
const USUAL: usize = 80;

/// The words that were searched for.
pub const MATCH: Look =
    Look { style: AnsiColor::Yellow.on_default().bold().underline(), plain: ("*", "*") };
/// Names of people who speak.
pub const SPEAKER: Look = Look { style: AnsiColor::Green.on_default().bold(), plain: ("", "") };
/// What is less important.
pub const DIM: Look = Look { style: Style::new().dimmed(), plain: ("", "") };
/// Headings.
pub const HEAD: Look = Look { style: Style::new().bold(), plain: ("", "") };

/// How a part of a text stands out: in colour, or by signs around it where there is none.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// With colours.
    pub style: Style,
    /// Without: before and after.
    pub plain: (&'static str, &'static str),
}

/// What standard output is.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// Columns to fill.
    pub width: usize,
    /// Whether colours are shown.
    pub colour: bool,
    /// Whether a person looks at it: then long cells are cut to fit.
    pub terminal: bool,
}

impl Screen {
    /// Standard output as it is.
    pub fn stdout() -> Self {
        let terminal = io::stdout().is_terminal();
        let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
        let asked = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let width = columns.or_else(|| asked().filter(|_| terminal)).unwrap_or(USUAL);
        let colour = anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
        Screen { width: width.max(20), colour, terminal }
    }

    /// `text`, escaped, in a look.
    pub fn paint(&self, text: &str, look: Look) -> String {
        let text = escape::line(text);
        if self.colour {
            format!("{}{text}{}", look.style.render(), look.style.render_reset())
        } else {
            format!("{}{text}{}", look.plain.0, look.plain.1)
        }
    }

    /// Folds prose into lines that start with `indent` blanks; `marks` are byte ranges of `text`,
    /// ascending and apart, each with its look. The text is escaped.
    pub fn fold(&self, text: &str, indent: usize, marks: &[(Range<usize>, Look)]) -> String {
        let (text, marks) = prepare(text, marks, !self.colour);
        let width = self.width.min(WIDEST).saturating_sub(indent).max(10);
        let mut folded = String::new();
        for line in fold_lines(&text, width) {
            folded.extend(std::iter::repeat_n(' ', indent));
            self.line(&text, line, &marks, &mut folded);
            folded.push('\n');
        }
        folded
    }

    fn line(
        &self,
        text: &str,
        line: Range<usize>,
        marks: &[(Range<usize>, Look)],
        to: &mut String,
    ) {
        let mut at = line.start;
        for (range, look) in marks {
            let (start, end) = (range.start.max(at), range.end.min(line.end));
            if start >= end {
                continue;
            }
            to.push_str(&text[at..start]);
            if self.colour {
                to.push_str(&look.style.render().to_string());
                to.push_str(&text[start..end]);
                to.push_str(&look.style.render_reset().to_string());
            } else {
                to.push_str(&text[start..end]);
            }
            at = end;
        }
        to.push_str(&text[at..line.end]);
    }
}

/// Escapes `text` (line ends stand) and moves the marks along; `signs` puts the plain signs in.
fn prepare(
    text: &str,
    marks: &[(Range<usize>, Look)],
    signs: bool,
) -> (String, Vec<(Range<usize>, Look)>) {
    let mut prepared = String::with_capacity(text.len() + 8);
    let mut moved = Vec::with_capacity(marks.len());
    let mut at = 0;
    for (range, look) in marks {
        let (open, close) = if signs { look.plain } else { ("", "") };
        prepared.push_str(&escape::lines(&text[at..range.start]));
        let start = prepared.len();
        prepared.push_str(open);
        prepared.push_str(&escape::lines(&text[range.clone()]));
        prepared.push_str(close);
        moved.push((start..prepared.len(), *look));
        at = range.end;
    }
    prepared.push_str(&escape::lines(&text[at..]));
    (prepared, moved)
}

/// Cuts text into lines of at most `width` columns, between words where that is possible.
fn fold_lines(text: &str, width: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let offset = paragraph.as_ptr() as usize - text.as_ptr() as usize;
        fold_paragraph(paragraph, offset, width, &mut lines);
    }
    lines
}

fn fold_paragraph(text: &str, offset: usize, width: usize, lines: &mut Vec<Range<usize>>) {
    let (mut start, mut columns) = (0, 0);
    // Where the line can be cut: end of the word before, start of the one after, columns there.
    let mut cut: Option<(usize, usize, usize)> = None;
    for (at, c) in text.char_indices() {
        if c == ' ' {
            cut = Some((at, at + 1, columns + 1));
        }
        columns += c.width().unwrap_or(0);
        if columns > width && c != ' ' && at > start {
            let (end, next, before) =
                cut.take().unwrap_or((at, at, columns - c.width().unwrap_or(0)));
            lines.push(offset + start..offset + end);
            start = next;
            columns -= before;
        }
    }
    lines.push(offset + start..offset + text.len());
}

/// Cuts `text` to `width` columns, with "…" for what is left out.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut columns = 1;
    for c in text.chars() {
        columns += c.width().unwrap_or(0);
        if columns > width {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(width: usize) -> Screen {
        Screen { width, colour: false, terminal: false }
    }

    #[test]
    fn prose_is_folded_between_words() {
        let text = "The quick brown fox jumps over the lazy dog";
        assert_eq!(
            screen(20).fold(text, 2, &[]),
            "  The quick brown\n  fox jumps over the\n  lazy dog\n"
        );
    }

    #[test]
    fn long_words_are_cut_and_wide_ones_measured() {
        assert_eq!(screen(20).fold(&"x".repeat(45), 0, &[]).lines().map(str::len).max(), Some(20));
        for line in screen(20).fold(&"漢字".repeat(30), 0, &[]).lines() {
            assert!(line.width() <= 20, "{line}");
        }
    }

    #[test]
    fn marks_survive_folding_and_escapes() {
        let text = "a\u{1b}b cat dog";
        let marked = screen(40).fold(text, 0, &[(4..7, MATCH)]);
        assert_eq!(marked, "a\\u{1b}b *cat* dog\n");
        let coloured = Screen { colour: true, ..screen(20) };
        let folded = coloured.fold("one two three four five six", 0, &[(4..22, MATCH)]);
        assert_eq!(
            anstream::adapter::strip_str(&folded).to_string(),
            "one two three four\nfive six\n"
        );
        assert_eq!(folded.matches("\u{1b}[0m").count(), 2, "each line closes its colours");
    }

    #[test]
    fn cells_are_cut_with_an_ellipsis() {
        assert_eq!(cut("Volodymyr Zelensky", 10), "Volodymyr…");
        assert_eq!(cut("short", 10), "short");
    }
}
