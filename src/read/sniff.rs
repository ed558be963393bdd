//! What a file is, judged by its first bytes and by its name. Reads nothing itself.

use super::Format;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// One article.
    One(Format),
    /// JSON objects, one a line.
    Lines,
    /// JSON objects one after the other, or in an array that starts before byte `at`, `depth`
    /// brackets deep.
    Values {
        /// Where the first object may start.
        at: usize,
        /// How deep the array lies: 0 where there is none, 1 for an array that is the file.
        depth: usize,
    },
    /// Nothing at all.
    Empty,
    /// Nothing that could be read, and what it is.
    Other(&'static str),
}

/// Tells what a file is. `whole`: `head` is all there is.
pub fn sniff(name: &str, head: &[u8], whole: bool) -> Contents {
    let extension = extension(name);
    let Some(first) = head.iter().position(|b| !b.is_ascii_whitespace()) else {
        return if whole { Contents::Empty } else { Contents::Other("nothing but white space") };
    };
    if let Some(what) = other(&extension, head) {
        return Contents::Other(what);
    }
    let start = &head[first..];
    match extension.as_str() {
        "jsonl" | "ndjson" | "jsonlines" | "ldjson" => return lines_or_values(head, first),
        "json" | "geojson" => return json(head, first),
        _ if looks_like_json(start) => return json(head, first),
        "html" | "htm" | "xhtml" | "shtml" => return Contents::One(Format::Html),
        _ if looks_like_html(start) => return Contents::One(Format::Html),
        "xml" | "rss" | "atom" => return Contents::Other("XML, which is not read"),
        "md" | "markdown" | "mdown" | "mkd" => return Contents::One(Format::Markdown),
        _ => {}
    }
    match has_front_matter(start) {
        true => Contents::One(Format::Markdown),
        false => Contents::One(Format::Text),
    }
}

/// The extension in lower case, that of the packed file where the name says it is packed.
fn extension(name: &str) -> String {
    let lower = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    let bare = [".gz", ".zst", ".zstd"].iter().find_map(|packed| lower.strip_suffix(packed));
    bare.unwrap_or(&lower).rsplit_once('.').map_or(String::new(), |(_, ext)| ext.to_string())
}

/// Files that are certainly no articles.
fn other(extension: &str, head: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"%PDF-", "a PDF file, not text"),
        (b"\x89PNG", "an image (PNG), not text"),
        (b"\xFF\xD8\xFF", "an image (JPEG), not text"),
        (b"GIF8", "an image (GIF), not text"),
        (b"PK\x03\x04", "a zip archive or office document: unpack or export it first"),
        (b"PK\x05\x06", "an empty zip archive"),
        (b"\x1F\x8B", "compressed with gzip twice"),
        (b"\x28\xB5\x2F\xFD", "compressed with zstd twice"),
        (b"BZh", "compressed with bzip2: unpack it first"),
        (b"\xFD7zXZ\0", "compressed with xz: unpack it first"),
        (b"\x04\x22\x4D\x18", "compressed with lz4: unpack it first"),
        (b"7z\xBC\xAF\x27\x1C", "a 7z archive: unpack it first"),
        (b"Rar!", "a RAR archive: unpack it first"),
        (b"\xD0\xCF\x11\xE0", "an old office document: export it as text first"),
        (b"{\\rtf", "an RTF document: export it as text first"),
        (b"\x7FELF", "a program, not text"),
        (b"MZ\x90\0", "a program, not text"),
        (b"SQLite format 3\0", "a database, not text"),
        (b"PAR1", "a Parquet table: export it as JSON Lines first"),
        (b"ID3", "a sound file, not text"),
        (b"OggS", "a sound or video file, not text"),
        (b"\xFF\xFE\0\0", "UTF-32, which is not read"),
    ];
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(what);
    }
    match extension {
        "css" => Some("a style sheet, not an article"),
        "js" | "mjs" => Some("a script, not an article"),
        "csv" | "tsv" => Some("a table, which is not read: convert it to JSON Lines"),
        "svg" => Some("an image (SVG), not text"),
        _ if head.get(257..262) == Some(b"ustar") => Some("a tar archive: unpack it first"),
        _ if head.get(4..8) == Some(b"ftyp") => Some("a video file, not text"),
        _ if head.starts_with(b"RIFF") && head.contains(&0) => {
            Some("an image, sound or video file, not text")
        }
        _ if is_binary(head) => Some("not text: it is full of control characters"),
        _ => None,
    }
}

/// Text has next to no control characters. A few stray ones do not make it binary.
fn is_binary(head: &[u8]) -> bool {
    let control = |b: &&u8| matches!(**b, 0..=8 | 14..=26 | 28..=31);
    let sample = &head[..head.len().min(8192)];
    sample.iter().filter(control).count() * 20 > sample.len()
}

fn looks_like_json(start: &[u8]) -> bool {
    let next = start[1..].iter().find(|b| !b.is_ascii_whitespace());
    match start[0] {
        b'{' => matches!(next, Some(b'"' | b'}')),
        b'[' => matches!(next, Some(b'{')),
        _ => false,
    }
}

fn looks_like_html(start: &[u8]) -> bool {
    const OPENINGS: [&str; 14] = [
        "!doctype html",
        "html",
        "head",
        "body",
        "script",
        "meta",
        "title",
        "link",
        "style",
        "div",
        "article",
        "main",
        "p",
        "h1",
    ];
    let lower = String::from_utf8_lossy(&start[..start.len().min(2048)]).to_ascii_lowercase();
    let mut rest = lower.as_str();
    while let Some(after) = rest.strip_prefix("<!--").or_else(|| rest.strip_prefix("<?")) {
        let end = after.find('>').map_or(after.len(), |i| i + 1);
        rest = after[end..].trim_start();
    }
    let Some(tag) = rest.strip_prefix('<') else { return false };
    OPENINGS.iter().any(|opening| {
        tag.strip_prefix(opening)
            .is_some_and(|after| after.starts_with([' ', '>', '\n', '\r', '\t', '/']))
    }) || rest.contains("<html")
}

/// Whether text opens with `---` and a line `key: value`.
fn has_front_matter(start: &[u8]) -> bool {
    let Some(after) = start.strip_prefix(b"---") else { return false };
    let mut lines = after.split(|&b| b == b'\n');
    let ruled = lines.next().is_some_and(|rest| rest.trim_ascii().is_empty());
    let key = lines.next().and_then(|line| line.split(|&b| b == b':').next().map(|k| (k, line)));
    let is_name =
        |k: &[u8]| !k.is_empty() && k.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
    ruled && key.is_some_and(|(k, line)| k.len() < line.len() && is_name(k))
}

/// Where the name says one object a line: believed, unless an array or one object over several
/// lines stands there.
fn lines_or_values(head: &[u8], first: usize) -> Contents {
    let line = head[first..].split(|&b| b == b'\n').next().unwrap_or_default();
    match head[first] {
        b'[' if looks_like_json(&head[first..]) => Contents::Values { at: first + 1, depth: 1 },
        b'{' if line.trim_ascii() == b"{" => Contents::Values { at: first, depth: 0 },
        _ => Contents::Lines,
    }
}

/// One object, several, one a line, an array, or an object around an array of articles.
fn json(head: &[u8], first: usize) -> Contents {
    if head[first] == b'[' {
        return Contents::Values { at: first + 1, depth: 1 };
    }
    let line_end = head[first..].iter().position(|&b| b == b'\n').map(|i| first + i);
    if let Some(end) = line_end {
        let more = head[end..].iter().find(|b| !b.is_ascii_whitespace());
        if more == Some(&b'{') && head[first..end].trim_ascii_end().ends_with(b"}") {
            return Contents::Lines;
        }
    }
    match super::scan::list_inside(&head[first..]) {
        Some((at, depth)) => Contents::Values { at: first + at, depth },
        None => Contents::Values { at: first, depth: 0 },
    }
}
