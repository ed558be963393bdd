//! The small rules that quotes are scored by: words, heads of sources, kinds of contents. They say
//! what counts as right; nothing here finds a quote.

use crate::annotate::marks::{self, Stretch};
use crate::text::Span;

/// The words of `text` inside `span`: letters and digits, joined by single inner . ' ’ -
pub fn words(text: &str, span: Span) -> Vec<Span> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut chars = span.of(text).char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if !is_word(c) {
            continue;
        }
        let mut end = start + c.len_utf8();
        while let Some(&(at, c)) = chars.peek() {
            let next = span.of(text)[at + c.len_utf8()..].chars().next();
            let joins = matches!(c, '.' | '\'' | '’' | '-') && next.is_some_and(is_word);
            if !is_word(c) && !joins {
                break;
            }
            end = at + c.len_utf8();
            chars.next();
        }
        found.push(Span::new(span.start() + start, span.start() + end));
    }
    found
}

/// The words of several spans, each once, in order.
pub fn word_set(text: &str, spans: &[Span]) -> Vec<Span> {
    let mut found: Vec<Span> = spans.iter().flat_map(|&s| words(text, s)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// How many words two sorted sets share.
pub fn shared(a: &[Span], b: &[Span]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, count) = (i + 1, j + 1, count + 1),
        }
    }
    count
}

/// Words after which a source's first noun phrase no longer holds its head.
const CUTS: &[&str] = &[
    "of", "for", "from", "in", "at", "with", "on", "who", "whom", "whose", "that", "which", "to",
    "by", "as", "during", "about", "against",
];

/// The head words of a source: of every comma- or and-separated piece, cut before its first
/// preposition or relative pronoun, the last word.
pub fn head_words(text: &str, spans: &[Span]) -> Vec<Span> {
    let mut heads = Vec::new();
    for &span in spans {
        for piece in pieces(text, span) {
            let stop = cut(text, piece);
            let mut inside = words(text, Span::new(piece.start(), stop));
            inside.retain(|w| !is_suffix(w.of(text)));
            if inside.is_empty() && stop < piece.end() {
                inside = words(text, piece);
            }
            if let Some(&last) = inside.last() {
                heads.push(without_genitive(text, last));
            }
        }
        if heads.is_empty() {
            heads.extend(words(text, span).last());
        }
    }
    heads.sort_unstable();
    heads.dedup();
    heads
}

fn is_suffix(word: &str) -> bool {
    let word = word.trim_matches('.').to_lowercase();
    matches!(word.as_str(), "jr" | "sr" | "ii" | "iii" | "iv")
}

fn without_genitive(text: &str, word: Span) -> Span {
    ["'s", "’s"]
        .iter()
        .find(|ending| word.of(text).ends_with(**ending))
        .map_or(word, |ending| Span::new(word.start(), word.end() - ending.len()))
}

/// Cuts a source at commas, semicolons, dashes, "and", "or", "as well as".
fn pieces(text: &str, span: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let (mut start, mut at) = (span.start(), span.start());
    while at < span.end() {
        let rest = &text[at..span.end()];
        let c = rest.chars().next().unwrap_or(' ');
        let length = match c {
            ',' | ';' | '—' | '–' => c.len_utf8(),
            _ if c.is_whitespace() => ["and", "or", "as well as"]
                .iter()
                .find_map(|word| {
                    let behind = rest[c.len_utf8()..].strip_prefix(word)?;
                    behind.starts_with(char::is_whitespace).then(|| c.len_utf8() + word.len())
                })
                .unwrap_or(0),
            _ => 0,
        };
        if length > 0 {
            found.push(Span::new(start, at));
            at += length;
            start = at;
        } else {
            at += c.len_utf8();
        }
    }
    found.push(Span::new(start, span.end()));
    found.retain(|p| !p.of(text).trim().is_empty());
    found
}

/// Where a piece is cut: before its first bracket, preposition or relative pronoun.
fn cut(text: &str, piece: Span) -> usize {
    let inside = piece.of(text);
    let lead = inside.len() - inside.trim_start().len();
    for (at, c) in inside.char_indices().skip_while(|&(at, _)| at < lead) {
        if matches!(c, '(' | '[') {
            return piece.start() + at;
        }
        if !c.is_whitespace() {
            continue;
        }
        let rest = &inside[at + c.len_utf8()..];
        // The cutting word must be followed by a blank, which may stand behind the piece.
        let word = rest.split(char::is_whitespace).next().unwrap_or("");
        let followed = rest.len() > word.len();
        if followed && CUTS.contains(&word) {
            return piece.start() + at;
        }
    }
    piece.end()
}

/// Cuts white space, quotation marks and edge punctuation from both ends.
pub fn trim(text: &str, span: Span) -> Span {
    const EDGE: &str = " \t\n\r\u{a0}\u{200b}\"“”‟„'‘’‛`.,;:!?…-–—―()[]";
    let inside = span.of(text);
    let right = inside.trim_end_matches(|c| EDGE.contains(c)).len();
    let left = right - inside[..right].trim_start_matches(|c| EDGE.contains(c)).len();
    Span::new(span.start() + left, span.start() + right)
}

/// The double-quoted stretches of a text whose paragraphs are its lines.
pub fn double_quoted(text: &str) -> Vec<Stretch> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split(['\n', '\r', '\u{2028}', '\u{2029}']) {
        if !line.trim().is_empty() {
            lines.push(Span::new(start, start + line.trim_end().len()));
        }
        start += line.len();
        start += text[start..].chars().next().map_or(0, char::len_utf8);
    }
    marks::double_stretches(text, &lines)
}

/// The parts of `spans` inside each stretch.
pub fn clip(spans: &[Span], stretches: &[Stretch]) -> Vec<Span> {
    let inside = |stretch: &Stretch| {
        spans
            .iter()
            .filter(|s| s.overlaps(stretch.span))
            .map(|s| {
                let start = s.start().max(stretch.span.start());
                Span::new(start, s.end().min(stretch.span.end()))
            })
            .reduce(Span::cover)
    };
    stretches.iter().filter_map(inside).collect()
}

/// How a content is given, by its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentKind {
    /// All in double marks, or wrapped in single ones.
    Direct,
    /// Some in marks, more than three words.
    Mixed,
    /// Some in marks, at most three words.
    Scare,
    /// None in marks.
    Indirect,
}

impl ContentKind {
    /// Its name in gold files.
    pub fn name(self) -> &'static str {
        match self {
            ContentKind::Direct => "direct",
            ContentKind::Mixed => "mixed",
            ContentKind::Scare => "scare",
            ContentKind::Indirect => "indirect",
        }
    }
}

/// Judges a content by how many of its words stand in double marks.
pub fn content_kind(text: &str, content: &[Span], stretches: &[Stretch]) -> ContentKind {
    let (mut inside, mut outside) = (0, 0);
    for word in content.iter().flat_map(|&s| words(text, s)) {
        let at = stretches.partition_point(|s| s.span.end() < word.end());
        if stretches.get(at).is_some_and(|s| s.span.contains(word)) {
            inside += 1;
        } else {
            outside += 1;
        }
    }
    match (inside, outside) {
        (0, _) if in_single_quotes(text, content) => ContentKind::Direct,
        (0, _) => ContentKind::Indirect,
        (_, 0) => ContentKind::Direct,
        (1..=3, _) => ContentKind::Scare,
        _ => ContentKind::Mixed,
    }
}

fn in_single_quotes(text: &str, content: &[Span]) -> bool {
    let wrapped = |span: &Span| {
        let inside = span.of(text).trim_end_matches(['.', ',', ';', ':', '!', '?', ' ']);
        inside.chars().nth(3).is_some()
            && inside.starts_with(['\'', '‘'])
            && inside.ends_with(['\'', '’'])
    };
    !content.is_empty() && content.iter().all(wrapped)
}
