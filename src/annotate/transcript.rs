//! Speech without quotation marks of its own: the labelled turns of interviews and transcripts
//! ("SLOAN: …", "Q: …"), and dialogue behind dashes. Not for a label with a marked quotation behind it, which is a quote like any.
//!
//! "Note: …", "Delegates: …" and "Clinton: 1,769" are labelled as well and nobody speaks. So an
//! article is a transcript only where labels name persons or offices, come again or answer each
//! other, and enough of what follows them is talk: it says I, we or you, or asks.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::cast::{tokens_of, words::fold};
use super::scene::Scene;
use super::words::Group;
use crate::article::{Entity, EntityKind, Part};
use crate::lexicon::{self, Classes};
use crate::segment::TokenKind;
use crate::text::Span;

/// Names of the rules that give these quotes.
const LABELLED: &str = "labelled-turn";
const DIALOGUE: &str = "dialogue-dash";
/// Words of a label at most.
const LONGEST: usize = 8;
/// Paragraphs without a label that may stand between two turns.
const BETWEEN: usize = 8;
/// Labels that name no speaker, in lower case.
const HEADINGS: &[&str] = &[
    "note",
    "update",
    "updates",
    "photo",
    "photos",
    "correction",
    "watch",
    "related",
    "read",
    "source",
    "sources",
    "location",
    "date",
    "time",
    "tags",
    "caption",
    "video",
    "image",
    "credit",
    "contact",
    "email",
    "phone",
    "tel",
    "where",
    "when",
    "what",
    "who",
    "why",
    "how",
    "cost",
    "price",
    "tickets",
    "info",
    "details",
    "summary",
    "verdict",
    "analysis",
    "opinion",
    "exclusive",
    "breaking",
    "live",
    "fact",
    "facts",
    "claim",
    "ruling",
    "line",
    "name",
    "age",
    "score",
    "result",
    "results",
    "pros",
    "cons",
    "winners",
    "losers",
    "more",
    "also",
    "tip",
    "warning",
    "transcript",
    "story",
    "report",
    "poll",
    "watched",
    "reminder",
    "replay",
    "here",
    "background",
    "re",
    "subject",
    "to",
    "from",
    "cc",
];
/// Labels of speakers without a name, in lower case; the role nouns of the lexicon come on top.
const OFFICES: &[&str] = &[
    "interviewer",
    "moderator",
    "host",
    "anchor",
    "presenter",
    "questioner",
    "audience",
    "caller",
    "narrator",
    "operator",
    "dispatcher",
    "announcer",
    "voice",
    "crowd",
    "unidentified",
    "male",
    "female",
    "all",
    "court",
    "witness",
    "student",
    "man",
    "woman",
    "child",
    "voter",
];
/// What people who talk to each other say, in lower case; contractions by their first part.
const TALK: &[&str] = &[
    "i", "me", "my", "we", "us", "our", "you", "your", "well", "yes", "no", "yeah", "okay",
    "thanks",
];

/// One turn of a transcript.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoken {
    /// Its words, one span a paragraph.
    pub content: Vec<Span>,
    /// The label.
    pub source: Span,
    /// The words that say who the label stands for; none where the text does not tell.
    pub who: Option<Span>,
    /// The verb that says that somebody speaks.
    pub cue: Option<Span>,
    /// What decided.
    pub rule: &'static str,
}

impl Spoken {
    /// From its label to its last word.
    pub fn span(&self) -> Span {
        self.content.last().map_or(self.source, |&last| self.source.cover(last))
    }
}

/// What a label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Q
    Question,
    /// A
    Answer,
    /// A person by name, or an office.
    Speaker,
    /// Perhaps a person whom no list knows, perhaps a heading.
    Other,
}

/// A labelled paragraph.
struct Label {
    paragraph: usize,
    tokens: Range<usize>,
    /// First token behind the colon.
    text: usize,
    kind: Kind,
    key: String,
    /// The words behind it are talk.
    talk: bool,
}

/// The turns of an article that is a transcript or a dialogue, in order.
pub fn turns(scene: &Scene, entities: &[Entity]) -> Vec<Spoken> {
    let mut found = labelled(scene, entities);
    if found.is_empty() {
        found = dialogue(scene);
    }
    found
}

fn labelled(scene: &Scene, entities: &[Entity]) -> Vec<Spoken> {
    let persons = entities.iter().filter(|e| e.kind == EntityKind::Person);
    let surnames = persons.filter_map(|e| Some(fold(e.name.rsplit(' ').next()?))).collect();
    let reader = Reader { scene, entities, surnames };
    let labels: Vec<Label> = (0..scene.paragraphs.len()).filter_map(|p| reader.label(p)).collect();
    let labels = accepted(&labels);
    let several = labels.iter().any(|l| l.key != labels[0].key);
    let answers = labels.first().and_then(|first| reader.interviewee(first.paragraph));
    labels
        .iter()
        .enumerate()
        .map(|(n, label)| Spoken {
            content: reader.content(label, labels.get(n + 1).copied(), several),
            source: scene.span_of(label.tokens.clone()),
            who: match label.kind {
                Kind::Question => None,
                Kind::Answer => answers,
                Kind::Speaker | Kind::Other => Some(scene.span_of(label.tokens.clone())),
            },
            cue: None,
            rule: LABELLED,
        })
        .filter(|turn| !turn.content.is_empty())
        .collect()
}

/// Lines of dialogue behind a dash, as French, Spanish and Portuguese print them, with a verb and a
/// name: — Je ne sais pas, dit Marie Colin.
fn dialogue(scene: &Scene) -> Vec<Spoken> {
    scene.paragraphs.iter().filter_map(|p| line(scene, p.tokens.clone())).collect()
}

fn line(scene: &Scene, within: Range<usize>) -> Option<Spoken> {
    let group = |t: usize| scene.classes[t].group;
    let dash = |t: usize| group(t) == Group::Dash && scene.word(t) != "-";
    let first = within.clone().next().filter(|&t| dash(t))?;
    let is_cue = |t: &usize| scene.classes[*t].is_foreign_cue() && scene.quoted[*t] == 0;
    let cue = (first + 2..within.end).find(is_cue)?;
    let aside = dash(cue - 1) || group(cue - 1) == Group::Comma;
    let ends =
        |t: &usize| dash(*t) || matches!(group(*t), Group::Comma | Group::Stop | Group::Colon);
    let end = (cue + 1..within.end).find(ends).unwrap_or(within.end);
    let named = (cue + 1..end).any(|t| scene.classes[t].is_name());
    let last = if aside { cue - 1 } else { cue };
    if !(aside || group(cue - 1) == Group::Stop) || !named || end - cue > 7 || last < first + 2 {
        return None;
    }
    let source = scene.span_of(cue + 1..end);
    let mut content = vec![scene.span_of(first + 1..last)];
    if end < within.end && dash(end) {
        let word = |t: &usize| scene.tokens[*t].kind == TokenKind::Word;
        let rest = (end + 1..within.end).find(word);
        content.extend(rest.map(|from| scene.span_of(from..within.end)));
    }
    let cue = Some(scene.tokens[cue].span);
    Some(Spoken { content, source, who: Some(source), cue, rule: DIALOGUE })
}

/// The labels that belong to a transcript.
fn accepted(labels: &[Label]) -> Vec<&Label> {
    let count = |kind| labels.iter().filter(|l| l.kind == kind).count();
    let asks = labels.iter().position(|l| l.kind == Kind::Question);
    let answers = labels.iter().rposition(|l| l.kind == Kind::Answer);
    let interview = asks.zip(answers).is_some_and(|(q, a)| q < a);
    let mut seen: FxHashMap<&str, usize> = FxHashMap::default();
    for label in labels {
        *seen.entry(&label.key).or_default() += 1;
    }
    let speakers: Vec<&Label> = labels.iter().filter(|l| l.kind == Kind::Speaker).collect();
    let several = speakers.iter().any(|l| l.key != speakers[0].key);
    let talk = speakers.iter().filter(|l| l.talk).count();
    let named = speakers.len() >= 2
        && if several { 5 * talk >= 2 * speakers.len() } else { talk == speakers.len() };
    // A voice that no list knows counts when it comes again among others that are known.
    let again =
        |l: &Label| seen[l.key.as_str()] > 1 && (named || count(Kind::Speaker) > 0 && l.talk);
    labels
        .iter()
        .filter(|l| match l.kind {
            Kind::Question | Kind::Answer => interview,
            Kind::Speaker => named || interview && l.talk,
            Kind::Other => named && again(l),
        })
        .collect()
}

/// Reads labels and what follows them.
struct Reader<'a> {
    scene: &'a Scene<'a>,
    entities: &'a [Entity],
    surnames: FxHashSet<String>,
}

impl Reader<'_> {
    /// The label that opens a paragraph, if one does and no marked quotation follows it.
    fn label(&self, p: usize) -> Option<Label> {
        let scene = self.scene;
        let paragraph = &scene.paragraphs[p];
        let within = paragraph.tokens.clone();
        if !matches!(paragraph.part, Part::Body | Part::Title) {
            return None;
        }
        let lead = |t: &usize| {
            scene.tokens[*t].kind == TokenKind::Quote || matches!(scene.word(*t), "*" | "_" | "#")
        };
        let start = within.start + within.clone().take_while(lead).count();
        let (kind, tokens, colon) =
            self.letter(start, within.end).or_else(|| self.name(start, within.end))?;
        let mut text = colon + 1;
        while text < within.end && matches!(scene.word(text), "*" | "_") {
            text += 1;
        }
        // A quotation of its own behind the colon: SLOAN: “…”.
        if text < within.end
            && scene.tokens[text].kind == TokenKind::Quote
            && scene.quoted[text] != scene.quoted[start]
        {
            return None;
        }
        let key = fold(scene.word(tokens.end - 1));
        let talk = self.is_talk(text..within.end);
        // "Sloan: ministers must go" is a headline.
        let stopped = scene.classes[within.end - 1].group == Group::Stop;
        if paragraph.part == Part::Title && !(talk && stopped) {
            return None;
        }
        Some(Label { paragraph: p, tokens, text, kind, key, talk })
    }

    /// Q: and A., Question: and Answer:
    fn letter(&self, start: usize, limit: usize) -> Option<(Kind, Range<usize>, usize)> {
        let kind = match (start < limit).then(|| self.scene.word(start))?.trim_end_matches('.') {
            "Q" | "Question" | "QUESTION" => Kind::Question,
            "A" | "Answer" | "ANSWER" => Kind::Answer,
            _ => return None,
        };
        let sign = |t: usize| t < limit && matches!(self.scene.word(t), ":" | ".");
        if self.scene.word(start).ends_with('.') {
            return Some((kind, start..start + 1, start));
        }
        sign(start + 1).then_some((kind, start..start + 1, start + 1))
    }

    /// SEN. ANN SLOAN (D-Wis.): and Reporter:
    fn name(&self, start: usize, limit: usize) -> Option<(Kind, Range<usize>, usize)> {
        let scene = self.scene;
        let part = |t: &usize| {
            let upper = scene.is_upper(*t);
            // DR. ANN SLOAN: in capitals the stop of a title is a token of its own.
            let stop = *t > start && scene.word(*t) == "." && scene.word(*t - 1).len() < 5;
            stop || upper && scene.tokens[*t].kind == TokenKind::Word
        };
        let names = |t: usize| {
            let class = scene.classes[t];
            class.is_name() || matches!(class.group, Group::Title | Group::Role)
        };
        if !(start < limit && names(start)) {
            return None;
        }
        let end = start + (start..limit.min(start + LONGEST)).take_while(part).count();
        let mut colon = end;
        if end > start && end < limit && scene.classes[end].group == Group::Open {
            let close = (end..limit.min(end + LONGEST))
                .find(|&t| scene.classes[t].group == Group::Close)?;
            colon = close + 1;
        }
        let behind = colon < limit && scene.classes[colon].group == Group::Colon;
        if end == start || !behind {
            return None;
        }
        let kind = self.kind(start..end)?;
        Some((kind, start..end, colon))
    }

    /// What the words of a label name; nothing for a heading.
    fn kind(&self, tokens: Range<usize>) -> Option<Kind> {
        let word = |t: &usize| self.scene.tokens[*t].kind == TokenKind::Word;
        let words: Vec<String> =
            tokens.clone().filter(word).map(|t| fold(self.scene.word(t))).collect();
        if words.iter().any(|w| HEADINGS.contains(&w.as_str())) {
            return None;
        }
        let lexicon = lexicon::get();
        let last = words.last()?;
        let office = OFFICES.contains(&last.as_str())
            || lexicon.classes(last).any(Classes::ROLE) && words.len() == 1;
        let person = self.surnames.contains(last);
        let classes = |word: &str| {
            let mut letters = word.chars();
            let capital: String =
                letters.next().map(|c| c.to_ascii_uppercase()).into_iter().collect();
            lexicon.classes(&(capital + letters.as_str()))
        };
        let place = Classes::PLACE | Classes::COUNTRY | Classes::REGION | Classes::CITY_LARGE;
        let first = classes(&words[0]);
        let full = words.len() > 1
            && first.any(Classes::GIVEN | Classes::TITLE)
            && !classes(last).any(Classes::ORG_HEAD | Classes::ORG_SUFFIX);
        let surname = words.len() == 1 && first.any(Classes::SURNAME) && !first.any(place);
        Some(if office || person || full || surname { Kind::Speaker } else { Kind::Other })
    }

    fn persons(&self) -> impl Iterator<Item = &Entity> {
        self.entities.iter().filter(|e| e.kind == EntityKind::Person)
    }

    /// Whether somebody talks to somebody here.
    fn is_talk(&self, tokens: Range<usize>) -> bool {
        let word = |t: usize| {
            let word = self.scene.word(t);
            let stem = word.split(['\'', '’']).next().unwrap_or(word);
            TALK.iter().any(|talk| talk.eq_ignore_ascii_case(stem))
        };
        let asks = tokens.clone().next_back().is_some_and(|t| self.scene.word(t) == "?");
        asks || tokens.clone().any(word)
    }

    /// The words of a turn: behind its label, and the paragraphs up to the next one that go on.
    fn content(&self, label: &Label, next: Option<&Label>, several: bool) -> Vec<Span> {
        let scene = self.scene;
        let marked = scene.stretch_of(label.tokens.start);
        let first = &scene.paragraphs[label.paragraph].tokens;
        let end = marked.map_or(first.end, |s| scene.inside[s].end);
        let mut content: Vec<Span> = self.words(label.text..end).into_iter().collect();
        let to = match next {
            Some(next) => next.paragraph,
            None if marked.is_some() => scene.paragraphs.len(),
            None => label.paragraph + 1,
        };
        for paragraph in scene.paragraphs[label.paragraph + 1..to].iter().take(BETWEEN) {
            let within = paragraph.tokens.clone();
            if paragraph.part != Part::Body || self.is_stage_direction(within.clone()) {
                continue;
            }
            let stretch = scene.stretch_of(within.start);
            let goes_on = match (marked, stretch) {
                (Some(_), Some(s)) => scene.stretches[s].continues,
                (None, None) => several && self.is_talk(within.clone()),
                _ => false,
            };
            if !goes_on {
                break;
            }
            content.extend(self.words(stretch.map_or(within, |s| scene.inside[s].clone())));
        }
        content
    }

    fn words(&self, tokens: Range<usize>) -> Option<Span> {
        (!tokens.is_empty()).then(|| self.scene.span_of(tokens))
    }

    /// (CROSSTALK.), [laughs]
    fn is_stage_direction(&self, tokens: Range<usize>) -> bool {
        let mut words = tokens.filter(|&t| self.scene.tokens[t].kind != TokenKind::Quote);
        words.next().is_some_and(|t| self.scene.classes[t].group == Group::Open)
    }

    /// Who is asked: the one person named most before the first label.
    fn interviewee(&self, before: usize) -> Option<Span> {
        let limit = self.scene.paragraphs[before].span.start();
        let body = |span: Span| {
            let p = self.scene.paragraph_of(tokens_of(self.scene, span).start);
            self.scene.paragraphs.get(p).is_some_and(|p| p.part != Part::Byline)
        };
        let named = |e: &Entity| {
            let spans = e.mentions.iter().map(|m| m.span);
            spans.filter(|&s| s.end() <= limit && body(s)).count()
        };
        let most = self.persons().map(named).max().filter(|&n| n > 0)?;
        let mut found = self.persons().filter(|&e| named(e) == most);
        match (found.next(), found.next()) {
            (Some(only), None) => only.mentions.iter().map(|m| m.span).find(|&s| body(s)),
            _ => None,
        }
    }
}
