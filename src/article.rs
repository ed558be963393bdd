//! What an article is made of: data only, no behaviour beyond accessors.
//!
//! Three kinds of document come out of one article: the article itself, its passages and its
//! quotes. Everything here is plain data that the stages of the pipeline hand to each other.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::text::{Span, Spans};

/// What the source says about an article, as far as it says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Headline.
    pub title: Option<String>,
    /// Authors as printed, one each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// Who published it: a name or a host name.
    pub outlet: Option<String>,
    /// When it was published, UTC where the source gives a zone; midnight where it gives a day only.
    pub date: Option<jiff::civil::DateTime>,
    /// Where it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// ISO 639-1 code, as the source gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// One article as the readers give it.
///
/// `text` is clean: paragraphs parted by one blank line (`\n\n`), no white space at either end of a
/// paragraph, runs of white space inside one collapsed to a single space. So the text is exactly
/// its paragraphs joined by `\n\n`, and can be rebuilt from its passages to the byte.
/// A headline that the source gives apart from the body is the first paragraph, unless the body
/// already opens with it.
#[derive(Clone, Debug, Default)]
pub struct Article {
    /// Identity: the path, with `#record` behind it inside a container file.
    pub id: String,
    /// The file it came from, relative to the folder that was given where there is one.
    pub path: String,
    /// What the source says about it.
    pub meta: Metadata,
    /// The clean text.
    pub text: String,
    /// What each paragraph of `text` is, in order.
    pub parts: Vec<Part>,
    /// The way back from byte offsets of `text` to those of the text that was given.
    pub origin: OffsetMap,
}

/// What a paragraph is for. Only `Body` and `Title` paragraphs are searched for quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Headline or sub-heading that stands for the title.
    Title,
    /// "By Sara Quinn", with or without outlet and date.
    Byline,
    /// A line that holds nothing but a place or a date.
    Dateline,
    /// Text of the article.
    #[default]
    Body,
    /// "Reporting by …", "Editing by …", copyright notes, captions' credits.
    Credit,
}

/// The way from byte offsets of a clean text back to byte offsets of the text that was given.
///
/// A list of `(clean, given)` pairs, ascending in both: from each pair on, text was copied byte for
/// byte, until the next pair. Text that was made up (the joining blank line, a headline taken
/// from another field) maps to the place where it was put in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap(pub Vec<(u32, u32)>);

impl OffsetMap {
    /// The given offset of byte `clean`.
    pub fn given(&self, clean: usize) -> usize {
        let at = self.0.partition_point(|&(c, _)| c as usize <= clean);
        match at.checked_sub(1).map(|i| self.0[i]) {
            Some((c, g)) => {
                let limit = self.0.get(at).map_or(usize::MAX, |&(_, next)| next as usize);
                (g as usize + (clean - c as usize)).min(limit)
            }
            None => clean,
        }
    }

    /// The given span of a clean one: its last byte is mapped, so trailing cuts do not widen it.
    pub fn given_span(&self, clean: Span) -> Span {
        if clean.is_empty() {
            let at = self.given(clean.start());
            return Span::new(at, at);
        }
        let (start, last) = (self.given(clean.start()), self.given(clean.end() - 1));
        Span::new(start, (last + 1).max(start))
    }
}

/// One unique paragraph, however many articles carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Hash of its text: its identity.
    pub id: u128,
    /// The paragraph.
    pub text: String,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntityKind {
    /// A human being.
    Person,
    /// A company, party, agency, team, outlet …
    Organisation,
    /// A country, town, region, building …
    Place,
}

/// Grammatical gender of the pronouns that fit a person, as far as the text tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// she, her
    Female,
    /// he, him
    Male,
}

/// A name where it stands in the text, titles and possessive endings left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// The name.
    pub span: Span,
    /// What it stands for here.
    pub kind: EntityKind,
}

/// One person, organisation or place of one article, with all its mentions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// Stable across articles: kind and normalised fullest name, as in `person:john kirby`.
    pub key: String,
    /// The fullest name in the article, without title.
    pub name: String,
    /// What it is.
    pub kind: EntityKind,
    /// The role as printed beside a mention: "White House national security spokesperson".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Party and state in brackets behind a mention, as printed: "D-Wis.".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// Which pronouns fit, as far as the text tells. Persons only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Where it is named, in the order of the text.
    pub mentions: Vec<Mention>,
    /// Every role printed beside a mention, in the order of the text. Known while the article is
    /// annotated, not stored.
    #[serde(skip)]
    pub roles: Vec<Span>,
}

/// How the words of a quote are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QuoteKind {
    /// Every word stands inside quotation marks.
    Direct,
    /// A reported clause with a marked part in it.
    Mixed,
    /// A reported clause without marks.
    Indirect,
}

/// What a speaker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SpeakerKind {
    /// A named human being.
    Person,
    /// A named organisation or office.
    Organisation,
    /// A place that stands for its government: "Moscow".
    Place,
    /// Somebody or some people without a name: "residents", "a spokesperson for the ministry".
    Group,
    /// A document or thing: "the report", "a police statement".
    Document,
}

/// Who a source is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// Stable across articles, as `Entity::key`; `group:…` and `document:…` for the nameless.
    pub key: String,
    /// Fullest name in the article without title, or the words of the source.
    pub name: String,
    /// Role as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// What the speaker is.
    pub kind: SpeakerKind,
}

/// One utterance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    /// How it is given.
    pub kind: QuoteKind,
    /// Its words: outer marks left out, one span per contiguous part, in order.
    pub content: Spans,
    /// The words that say that somebody speaks: "said", "according to". May be empty.
    pub cue: Spans,
    /// The words that name the speaker in the text: "White House spokesperson John Kirby", "he".
    pub source: Option<Span>,
    /// Who that is. `None`: honestly unknown.
    pub speaker: Option<Speaker>,
    /// Name of the rule or model that decided, kebab-case: "cue-next-to-quote".
    pub rule: Cow<'static, str>,
    /// Calibrated probability that content and source are right, 0 to 1.
    pub confidence: f32,
    /// Places where some of the same words stand again outside the quote: a pull quote, a headline.
    #[serde(default, skip_serializing_if = "Spans::is_empty")]
    pub echoes: Spans,
    /// Speech reported inside this one: words of the inner source and its speaker.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inner: Vec<InnerSpeech>,
}

/// Reported speech inside speech: recorded, owned by the outer speaker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InnerSpeech {
    /// The inner words.
    pub content: Span,
    /// The inner source.
    pub source: Option<Span>,
    /// Who that is.
    pub speaker: Option<Speaker>,
}

/// All that `annotate` finds in one article.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Annotation {
    /// Named persons, organisations and places, in order of first mention.
    pub entities: Vec<Entity>,
    /// Utterances in the order of the text.
    pub quotes: Vec<Quote>,
}
