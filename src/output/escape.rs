//! Makes text from strangers safe to print: nothing in an article or a file name may speak to
//! the terminal.

use std::borrow::Cow;
use std::fmt::Write;

/// One line: control characters, line ends and invisible direction marks become visible escapes.
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, is_unsafe)
}

/// As [`line()`], but line ends and tabs stand: for messages that span lines.
pub fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| is_unsafe(c) && c != '\n' && c != '\t')
}

/// Whether a terminal could take it as a command, or show the text around it in a wrong order.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// One cell of a CSV file: what a spreadsheet would take for a formula gets a `'` before it.
pub fn cell(text: &str) -> Cow<'_, str> {
    let safe = lines(text);
    match safe.trim_start().chars().next() {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') => {
            Cow::Owned(format!("'{safe}"))
        }
        _ => safe,
    }
}

fn escaped(text: &str, bad: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&bad) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            _ if !bad(c) => safe.push(c),
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            c => write!(safe, "\\u{{{:x}}}", c as u32).expect("a string takes all"),
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_visible() {
        assert_eq!(line("a\u{1b}[31mb\nc"), "a\\u{1b}[31mb\\nc");
        assert_eq!(lines("a\u{9b}\nb"), "a\\u{9b}\nb");
        assert_eq!(line("abc\u{202e}fdp"), "abc\\u{202e}fdp");
    }

    #[test]
    fn cells_cannot_start_formulas() {
        for hostile in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "＝1"] {
            assert!(cell(hostile).starts_with('\''), "{hostile}");
        }
        assert_eq!(cell("1 = 1"), "1 = 1");
    }

    #[test]
    fn harmless_text_is_not_copied() {
        assert!(matches!(line("Ölpreis – 5 %"), Cow::Borrowed(_)));
    }
}
