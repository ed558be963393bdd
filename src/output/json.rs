//! JSON that is safe to print: what a terminal could take as a command is written as `\uXXXX`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::Formatter;

use super::escape;

/// Appends `value` to `bytes` on one line.
pub fn write<T: Serialize + ?Sized>(value: &T, bytes: &mut Vec<u8>) {
    write_to(value, bytes).expect("plain data is always valid JSON");
}

/// Writes `value` on one line to something that can fail.
pub fn write_to<T: Serialize + ?Sized>(value: &T, to: impl Write) -> io::Result<()> {
    Ok(value.serialize(&mut serde_json::Serializer::with_formatter(to, Safe))?)
}

struct Safe;

impl Formatter for Safe {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + Write,
    {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|&(_, c)| escape::is_unsafe(c)) {
            // All unsafe characters lie in the basic plane: one escape each.
            write!(writer, "{}\\u{:04x}", &rest[..at], c as u32)?;
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn reads_back_and_holds_no_control_characters() {
        let text = "a\u{1b}[2J \u{9b}2J \u{7f} \u{202e} “ok” \n";
        let mut bytes = Vec::new();
        super::write(text, &mut bytes);
        let json = String::from_utf8(bytes).unwrap();
        assert!(!json.contains(super::escape::is_unsafe), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
