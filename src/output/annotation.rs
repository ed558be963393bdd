//! An annotation as `whosaid extract` writes it: flat, with offsets for other programs.

use serde::Serialize;

use crate::annotate::marks::marked;
use crate::article::{Annotation, Article, EntityKind, InnerSpeech, Quote, QuoteKind, SpeakerKind};
use crate::index::thousandths;
use crate::text::Span;

use super::json;

/// What offsets count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of UTF-8.
    #[default]
    Bytes,
    /// Unicode code points.
    Chars,
}

/// One article's annotation, ready to be written.
#[derive(Debug, Serialize)]
pub struct Answer<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    entities: Vec<EntityOut<'a>>,
    quotes: Vec<QuoteOut<'a>>,
}

/// One mention of an entity.
#[derive(Debug, Serialize)]
struct EntityOut<'a> {
    start: usize,
    end: usize,
    label: EntityKind,
    text: &'a str,
    name: &'a str,
}

#[derive(Debug, Serialize)]
struct QuoteOut<'a> {
    text: String,
    content: Vec<[usize; 2]>,
    /// Of a mixed quote: what of the content stands between marks, and so was said in these words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    verbatim: Vec<[usize; 2]>,
    cue: Vec<[usize; 2]>,
    source: Option<[[usize; 2]; 1]>,
    speaker: Option<&'a str>,
    speaker_kind: Option<SpeakerKind>,
    role: Option<&'a str>,
    kind: QuoteKind,
    rule: &'a str,
    #[serde(serialize_with = "thousandths")]
    confidence: f32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inner: Vec<InnerOut<'a>>,
}

#[derive(Debug, Serialize)]
struct InnerOut<'a> {
    content: [[usize; 2]; 1],
    source: Option<[[usize; 2]; 1]>,
    speaker: Option<&'a str>,
}

impl<'a> Answer<'a> {
    /// `given`: the text that offsets index, which `Article::origin` leads back to; `None`: the
    /// article's own text.
    pub fn new(
        article: &'a Article,
        annotation: &'a Annotation,
        given: Option<&'a str>,
        unit: Unit,
    ) -> Self {
        let offsets = Offsets {
            article,
            mapped: given.is_some(),
            count: (unit == Unit::Chars).then(|| Counter::new(given.unwrap_or(&article.text))),
        };
        let mixed = annotation.quotes.iter().any(|quote| quote.kind == QuoteKind::Mixed);
        let marked = if mixed { marked(&article.text) } else { Vec::new() };
        let quote = |quote| self::quote(article, quote, &marked, &offsets);
        Answer {
            id: &article.id,
            title: article.meta.title.as_deref(),
            text: Some(given.unwrap_or(&article.text)),
            entities: entities(article, annotation, &offsets),
            quotes: annotation.quotes.iter().map(quote).collect(),
        }
    }

    /// One line of JSON, with its line end.
    pub fn to_line(mut self, with_text: bool) -> Vec<u8> {
        self.text = self.text.filter(|_| with_text);
        let mut line = Vec::new();
        json::write(&self, &mut line);
        line.push(b'\n');
        line
    }
}

fn entities<'a>(
    article: &'a Article,
    annotation: &'a Annotation,
    offsets: &Offsets,
) -> Vec<EntityOut<'a>> {
    let mut all: Vec<_> = annotation
        .entities
        .iter()
        .flat_map(|entity| entity.mentions.iter().map(move |mention| (entity, mention)))
        .map(|(entity, mention)| {
            let [start, end] = offsets.of(mention.span);
            let text = mention.span.of(&article.text);
            EntityOut { start, end, label: mention.kind, text, name: &entity.name }
        })
        .collect();
    all.sort_by_key(|e| (e.start, e.end));
    all
}

fn quote<'a>(
    article: &Article,
    quote: &'a Quote,
    marked: &[Span],
    offsets: &Offsets,
) -> QuoteOut<'a> {
    let verbatim = match quote.kind {
        QuoteKind::Mixed => verbatim(&article.text, &quote.content, marked),
        QuoteKind::Direct | QuoteKind::Indirect => Vec::new(),
    };
    QuoteOut {
        text: words(&article.text, &quote.content),
        content: quote.content.iter().map(|&s| offsets.of(s)).collect(),
        verbatim: verbatim.into_iter().map(|s| offsets.of(s)).collect(),
        cue: quote.cue.iter().map(|&s| offsets.of(s)).collect(),
        source: quote.source.map(|s| [offsets.of(s)]),
        speaker: quote.speaker.as_ref().map(|s| s.name.as_str()),
        speaker_kind: quote.speaker.as_ref().map(|s| s.kind),
        role: quote.speaker.as_ref().and_then(|s| s.role.as_deref()),
        kind: quote.kind,
        rule: &quote.rule,
        confidence: quote.confidence,
        inner: quote.inner.iter().map(|i| inner(i, offsets)).collect(),
    }
}

fn inner<'a>(speech: &'a InnerSpeech, offsets: &Offsets) -> InnerOut<'a> {
    InnerOut {
        content: [offsets.of(speech.content)],
        source: speech.source.map(|s| [offsets.of(s)]),
        speaker: speech.speaker.as_ref().map(|s| s.name.as_str()),
    }
}

/// What of some content is marked, without white space at its ends; `marked` is in order.
fn verbatim(text: &str, content: &[Span], marked: &[Span]) -> Vec<Span> {
    let inside = |&part: &Span| {
        let first = marked.partition_point(|span| span.end() <= part.start());
        let near = marked[first..].iter().take_while(move |span| span.start() < part.end());
        near.map(move |span| Span::new(span.start().max(part.start()), span.end().min(part.end())))
    };
    let spans = content.iter().flat_map(inside).map(|span| span.trimmed(text));
    spans.filter(|span| !span.is_empty()).collect()
}

/// The words of a quote: its parts, with " … " where other words stand between them.
pub fn words(text: &str, content: &[Span]) -> String {
    let mut words = String::new();
    let mut last: Option<Span> = None;
    for &part in content {
        if let Some(last) = last {
            let between = &text[last.end()..part.start().max(last.end())];
            let gap = between.contains(char::is_alphanumeric);
            words.push_str(if gap { " … " } else { " " });
        }
        words.push_str(part.of(text));
        last = Some(part);
    }
    words
}

/// From spans of the clean text to the offsets that were asked for.
struct Offsets<'a> {
    article: &'a Article,
    mapped: bool,
    count: Option<Counter<'a>>,
}

impl Offsets<'_> {
    fn of(&self, span: Span) -> [usize; 2] {
        let span = if self.mapped { self.article.origin.given_span(span) } else { span };
        match &self.count {
            Some(counter) => [counter.chars(span.start()), counter.chars(span.end())],
            None => [span.start(), span.end()],
        }
    }
}

/// Counts code points before a byte in constant time: a count is kept at every `STRIDE` bytes.
struct Counter<'a> {
    text: &'a [u8],
    counts: Vec<usize>,
}

const STRIDE: usize = 256;

impl<'a> Counter<'a> {
    fn new(text: &'a str) -> Self {
        let text = text.as_bytes();
        let mut counts = vec![0];
        for chunk in text.chunks(STRIDE) {
            counts.push(counts[counts.len() - 1] + starts(chunk));
        }
        Counter { text, counts }
    }

    fn chars(&self, byte: usize) -> usize {
        let stride = byte / STRIDE;
        self.counts[stride] + starts(&self.text[stride * STRIDE..byte])
    }
}

/// How many characters start in these bytes.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&b| (b as i8) >= -0x40).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_are_counted_across_strides() {
        let text = "“Größe” 🦀 – ".repeat(200);
        let counter = Counter::new(&text);
        for (chars, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(counter.chars(byte), chars);
        }
        assert_eq!(counter.chars(text.len()), text.chars().count());
    }

    #[test]
    fn parts_of_a_quote_are_joined_by_what_stands_between() {
        let text = "“We go,” he said, “now.”\n\n“And here.”";
        let part = |words: &str| {
            let at = text.find(words).unwrap();
            Span::new(at, at + words.len())
        };
        let content = [part("We go,"), part("now."), part("And here.")];
        assert_eq!(words(text, &content), "We go, … now. And here.");
    }
}
