//! Small faults that common programs make in the JSON they write: `NaN` for no value, halves of
//! surrogate pairs. Mended only after the parser has refused.

/// The text with its faults mended, if it has any of the known ones.
pub fn mend(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let (mut at, mut in_string, mut changed) = (0, false, false);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (width, mended): (usize, Option<&[u8]>) = match rest[0] {
            b'"' => {
                in_string = !in_string;
                (1, None)
            }
            b'\\' if in_string => surrogate(rest),
            b'N' if !in_string && rest.starts_with(b"NaN") => (3, Some(b"null")),
            b'I' if !in_string && rest.starts_with(b"Infinity") => (8, Some(b"null")),
            b'-' if !in_string && rest.starts_with(b"-Infinity") => (9, Some(b"null")),
            _ => (1, None),
        };
        let width = width.min(rest.len());
        out.extend_from_slice(mended.unwrap_or(&rest[..width]));
        changed |= mended.is_some();
        at += width;
    }
    if changed { String::from_utf8(out).ok() } else { None }
}

/// An escape: its width, and what to write for it if it is half a pair.
fn surrogate(rest: &[u8]) -> (usize, Option<&'static [u8]>) {
    const UNKNOWN: &[u8] = b"\\ufffd";
    match escaped(rest) {
        Some(0xD800..=0xDBFF) => match rest.get(6..).and_then(escaped) {
            Some(0xDC00..=0xDFFF) => (12, None),
            _ => (6, Some(UNKNOWN)),
        },
        Some(0xDC00..=0xDFFF) => (6, Some(UNKNOWN)),
        Some(_) => (6, None),
        None => (2, None),
    }
}

/// The number behind `\u`.
fn escaped(rest: &[u8]) -> Option<u16> {
    let digits = rest.strip_prefix(b"\\u")?.get(..4)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}
