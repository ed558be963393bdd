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
    match detector.guess(None, Utf8Detection::Allow) {
        east if is_central_european(east) && has_pound_sign(sample) => encoding_rs::WINDOWS_1252,
        guess => guess,
    }
}

fn is_central_european(encoding: &Encoding) -> bool {
    encoding == encoding_rs::WINDOWS_1250 || encoding == encoding_rs::ISO_8859_2
}

/// Whether the byte that is £ in the West and Ł in the East always stands before a number: no
/// language writes Ł there, and the statistics know letters only.
fn has_pound_sign(bytes: &[u8]) -> bool {
    let mut places = memchr::memchr_iter(0xa3, bytes).peekable();
    places.peek().is_some() && places.all(|at| bytes.get(at + 1).is_some_and(u8::is_ascii_digit))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pound_sign_is_no_polish_letter() {
        let western =
            b"The caf\xe9 costs \x9312 or \xa340, \x94 he said. It\x92s \xa3400 at No\xebl.";
        assert!(decode(western).contains("£40") && decode(western).contains("café"));
        let polish = b"\xa3\xf3d\x9f i Krak\xf3w to du\xbfe miasta, \xbfe a\xbf strach. \xa3ukasz by\xb3 w domu.";
        assert!(decode(polish).starts_with("Łódź"));
    }
}
