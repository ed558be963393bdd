//! Bytes as text: UTF-8 where they are, else the encoding that the page names or that their
//! statistics suggest. Byte order marks and UTF-16 are gone before (`input`).

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// Text in whatever encoding it is.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) if nearly_all(error.valid_up_to(), bytes) => String::from_utf8_lossy(bytes),
        Err(_) => guessed(bytes).decode_without_bom_handling(bytes).0,
    }
}

/// A page, whose head may name the encoding.
pub fn decode_page(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    match named(&bytes[..bytes.len().min(4096)]) {
        Some(encoding) if encoding != encoding_rs::UTF_8 => {
            encoding.decode_without_bom_handling(bytes).0
        }
        _ => decode(bytes),
    }
}

/// Whether text is UTF-8 but for a cut character at its very end.
fn nearly_all(valid: usize, bytes: &[u8]) -> bool {
    bytes.len() - valid < 4 && !bytes[..valid].is_ascii()
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // The first megabyte tells as much as all of it; multi-byte text is cut anywhere.
    let sample = &bytes[..bytes.len().min(1 << 20)];
    detector.feed(sample, sample.len() == bytes.len());
    detector.guess(None, Utf8Detection::Allow)
}

/// The encoding named by `<meta charset=…>` or `content="text/html; charset=…"`.
fn named(head: &[u8]) -> Option<&'static Encoding> {
    let lower = head.to_ascii_lowercase();
    let at = memchr::memmem::find(&lower, b"charset=")? + b"charset=".len();
    let value = lower[at..].trim_ascii_start();
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    let end = value.iter().position(|b| !(b.is_ascii_alphanumeric() || b"-_:.".contains(b)));
    Encoding::for_label(&value[..end.unwrap_or(value.len())])
}
