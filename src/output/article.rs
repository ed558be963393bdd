//! A whole article with its quotes and speakers marked (`whosaid show`).

use std::fmt::Write;
use std::io;
use std::ops::Range;

use anstyle::AnsiColor;
use serde::{Serialize, Serializer};

use super::annotation::{Answer, Unit, words};
use super::hits::{day, kind};
use super::screen::{DIM, HEAD, Look, SPEAKER, Screen};
use crate::article::{Article, Metadata, Part, Quote};
use crate::index::{Place, Shared, StoredArticle};
use crate::segment::paragraphs;
use crate::text::Span;

/// The words of a quote.
const QUOTED: Look = Look { style: AnsiColor::Cyan.on_default(), plain: ("{", "}") };
/// The words that name its speaker.
const SOURCE: Look = Look { style: AnsiColor::Green.on_default().underline(), plain: ("_", "_") };

/// Other places that are named beside a shared paragraph.
const PLACES: usize = 5;

/// An article, and where its paragraphs stand.
pub struct View<'a> {
    /// The article.
    pub stored: &'a StoredArticle,
    /// By paragraph: all places, this one among them.
    pub shared: Shared,
}

/// The other places of a paragraph, for programs: of one that stood before in its article only that
/// first place, which has the others. A list each would grow with the square of the copies.
struct Elsewhere<'a> {
    all: &'a [Place],
    /// The one that is no other.
    article: &'a str,
    paragraph: usize,
}

impl<'a> Elsewhere<'a> {
    fn places(&self) -> impl Iterator<Item = &'a Place> {
        self.all.iter().filter(|p| p.paragraph != self.paragraph || p.article != self.article)
    }

    /// The first few, and how many more there are; none of none.
    fn in_words(&self) -> Option<String> {
        let name = |place: &Place| {
            if place.article == self.article {
                format!("again in paragraph {}", place.paragraph)
            } else {
                format!("also in {} (paragraph {})", place.article, place.paragraph)
            }
        };
        let named: Vec<String> = self.places().take(PLACES).map(name).collect();
        let more = self.all.len().saturating_sub(1 + PLACES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!named.is_empty()).then(|| named.join(", ") + &more)
    }
}

impl Serialize for Elsewhere<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let first = self.all.partition_point(|place| place.article.as_str() < self.article);
        match self.all.get(first) {
            Some(first) if first.article == self.article && first.paragraph < self.paragraph => {
                serializer.collect_seq([first])
            }
            _ => serializer.collect_seq(self.places()),
        }
    }
}

#[derive(Serialize)]
struct Json<'a> {
    #[serde(flatten)]
    answer: Answer<'a>,
    path: &'a str,
    #[serde(flatten)]
    meta: &'a Metadata,
    paragraphs: Vec<JsonParagraph<'a>>,
}

#[derive(Serialize)]
struct JsonParagraph<'a> {
    start: usize,
    end: usize,
    part: Part,
    elsewhere: Elsewhere<'a>,
}

impl View<'_> {
    fn article(&self) -> &Article {
        &self.stored.article
    }

    fn elsewhere(&self, number: usize) -> Elsewhere<'_> {
        let (all, article) = (self.shared.places(number), &self.article().id);
        Elsewhere { all, article, paragraph: number + 1 }
    }

    /// One object on one line; offsets are bytes of its text.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn json(&self, mut to: impl io::Write) -> io::Result<()> {
        let article = self.article();
        let spans = paragraphs(&article.text).into_iter().enumerate();
        let paragraphs = spans.map(|(i, span)| JsonParagraph {
            start: span.start(),
            end: span.end(),
            part: article.parts.get(i).copied().unwrap_or_default(),
            elsewhere: self.elsewhere(i),
        });
        let object = Json {
            answer: Answer::new(article, &self.stored.annotation, None, Unit::Bytes),
            path: &article.path,
            meta: &article.meta,
            paragraphs: paragraphs.collect(),
        };
        super::json::write_to(&object, &mut to)?;
        io::Write::write_all(&mut to, b"\n")
    }

    /// For people.
    pub fn text(&self, screen: &Screen) -> String {
        let mut shown = self.head(screen);
        for (number, laid) in self.laid_out().into_iter().enumerate() {
            shown.push('\n');
            self.paragraph(number, laid, screen, &mut shown);
        }
        shown
    }

    /// The paragraphs with what belongs to each: the quotes are gone through once, not for each.
    fn laid_out(&self) -> Vec<Laid<'_>> {
        let (text, quotes) = (&self.article().text, &self.stored.annotation.quotes);
        let bare = |span| Laid { span, marks: Vec::new(), quotes: Vec::new() };
        let mut laid: Vec<Laid> = paragraphs(text).into_iter().map(bare).collect();
        let contents = quotes.iter().flat_map(|q| q.content.iter().map(|&span| (span, QUOTED)));
        let sources = quotes.iter().filter_map(|q| q.source).map(|span| (span, SOURCE));
        for (span, look) in contents.chain(sources) {
            if let Some(paragraph) = holding(&mut laid, span) {
                paragraph.marks.push((span, look));
            }
        }
        for quote in quotes {
            let first = quote.content.first();
            if let Some(paragraph) = first.and_then(|&first| holding(&mut laid, first)) {
                paragraph.quotes.push(quote);
            }
        }
        laid
    }

    fn head(&self, screen: &Screen) -> String {
        let Article { id, path, meta, .. } = self.article();
        let mut head = String::new();
        if let Some(title) = &meta.title {
            head.push_str(&screen.fold(title, 0, &[(0..title.len(), HEAD)]));
        }
        let authors = (!meta.authors.is_empty()).then(|| format!("by {}", meta.authors.join(", ")));
        let known = [meta.outlet.clone(), meta.date.map(day), authors, meta.url.clone()];
        let line = known.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        if !line.is_empty() {
            head.push_str(&screen.fold(&line, 0, &[]));
        }
        let file =
            if id.starts_with(path.as_str()) { id.clone() } else { format!("{id} ({path})") };
        head.push_str(&screen.fold(&file, 0, &[(0..file.len(), DIM)]));
        head
    }

    fn paragraph(&self, number: usize, laid: Laid, screen: &Screen, to: &mut String) {
        let text = laid.span.of(&self.article().text);
        to.push_str(&screen.fold(text, 0, &apart(laid.span, laid.marks)));
        for quote in laid.quotes {
            to.push_str(&self.note(quote, screen));
        }
        if let Some(places) = self.elsewhere(number).in_words() {
            let line = format!("= {places}");
            to.push_str(&screen.fold(&line, 4, &[(0..line.len(), DIM)]));
        }
    }

    /// Who said it, under the paragraph where the quote begins.
    fn note(&self, quote: &Quote, screen: &Screen) -> String {
        let mut line = String::from("— ");
        let at = line.len();
        let speaker = quote.speaker.as_ref();
        line.push_str(speaker.map_or("unknown speaker", |speaker| &speaker.name));
        let name = at..line.len();
        if let Some(role) = speaker.and_then(|speaker| speaker.role.as_ref()) {
            // Writing to a string cannot fail.
            let _ = write!(line, ", {role}");
        }
        let rest = line.len();
        let opening: String =
            words(&self.article().text, &quote.content).chars().take(24).collect();
        let _ = write!(
            line,
            " · {} · {:.0} % · {} · “{}…”",
            kind(quote.kind),
            100.0 * quote.confidence,
            quote.rule,
            opening.trim_end()
        );
        let look = if speaker.is_some() { SPEAKER } else { DIM };
        let end = line.len();
        screen.fold(&line, 4, &[(name, look), (rest..end, DIM)])
    }
}

/// A paragraph, the marks in it, and the quotes that begin in it.
struct Laid<'a> {
    span: Span,
    marks: Vec<(Span, Look)>,
    quotes: Vec<&'a Quote>,
}

/// The paragraph that holds the whole of a span.
fn holding<'l, 'a>(paragraphs: &'l mut [Laid<'a>], span: Span) -> Option<&'l mut Laid<'a>> {
    let at = paragraphs.partition_point(|paragraph| paragraph.span.end() < span.end());
    paragraphs.get_mut(at).filter(|paragraph| paragraph.span.contains(span))
}

/// The marks in a paragraph, ascending and apart.
fn apart(paragraph: Span, mut marks: Vec<(Span, Look)>) -> Vec<(Range<usize>, Look)> {
    marks.sort_by_key(|(span, _)| (span.start(), span.end()));
    let mut end = paragraph.start();
    marks.retain(|(span, _)| {
        let apart = span.start() >= end && !span.is_empty();
        end = if apart { span.end() } else { end };
        apart
    });
    let shift = paragraph.start();
    marks.into_iter().map(|(s, look)| (s.start() - shift..s.end() - shift, look)).collect()
}
