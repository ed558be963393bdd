//! The labelled turns of interviews and transcripts: "SLOAN: …", "Q: …". Not for a label with a marked
//! quotation behind it, which is a quote like any.
//!
//! "Note: …", "Delegates: …" and "Clinton: 1,769" are labelled as well and nobody speaks. So an
//! article is a transcript only where labels name persons or offices, come again or answer each
//! other, and enough of what follows them is talk: it says I, we or you, or asks.

use std::cell::LazyCell;
use std::ops::Range;

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::names::{Names, Prominent};
use super::words::{HEADINGS, OFFICES};
use super::{BETWEEN, Spoken, is_stage_direction, is_talk};
use crate::annotate::cast::words::fold;
use crate::annotate::scene::Scene;
use crate::annotate::words::Group;
use crate::article::{Entity, Part};
use crate::lexicon::{self, Classes};
use crate::segment::TokenKind;
use crate::text::{Span, Spans};

/// Name of the rule that gives these quotes.
const RULE: &str = "labelled-turn";
/// Words of a label at most.
const LONGEST: usize = 8;

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
    key: CompactString,
    /// The words that say who that is.
    who: Span,
    /// It ends in a question.
    asks: bool,
    /// The words behind it are talk.
    talk: bool,
}

/// The turns of an article that is a transcript, in order.
pub fn turns(scene: &Scene, names: &Names) -> Vec<Spoken> {
    let surname = |person: &Entity| Some(fold(person.name.rsplit(' ').next()?));
    let surnames = LazyCell::new(|| names.persons().filter_map(surname).collect());
    let reader = Reader { scene, surnames };
    let mut labels: Vec<Label> =
        (0..scene.paragraphs.len()).filter_map(|p| reader.label(p)).collect();
    if labels.is_empty() {
        return Vec::new();
    }
    spell_out(scene, names, &mut labels);
    let labels = accepted(&labels);
    let several = labels.iter().any(|l| l.key != labels[0].key);
    let answers =
        labels.first().and_then(|first| Prominent::new(scene, names).before(first.paragraph));
    let turn = |(n, label): (usize, &&Label)| {
        let content = reader.content(label, labels.get(n + 1).copied(), several);
        let who = match label.kind {
            Kind::Question => None,
            Kind::Answer => answers,
            Kind::Speaker | Kind::Other => Some(label.who),
        };
        Spoken { who, ..Spoken::direct(content, Some(scene.span_of(label.tokens.clone())), RULE) }
    };
    labels.iter().enumerate().map(turn).filter(|turn| !turn.content.is_empty()).collect()
}

/// Labels of nothing but initials, "PL:", stand for the label or the person spelt out before.
fn spell_out(scene: &Scene, names: &Names, labels: &mut [Label]) {
    let mut persons: FxHashMap<String, &Entity> = FxHashMap::default();
    for person in names.persons() {
        persons.entry(initials(&person.name)).or_insert(person);
    }
    let mut spelt: FxHashMap<String, usize> = FxHashMap::default();
    for n in 0..labels.len() {
        let short = labels[n].who.of(scene.text).replace('.', "");
        let is_short = (2..=4).contains(&short.len()) && short.chars().all(char::is_uppercase);
        if is_short && labels[n].tokens.len() == 1 {
            let start = scene.paragraphs[labels[n].paragraph].span.start();
            let mentions = persons.get(&short).map_or(&[][..], |person| &person.mentions);
            if let Some(&spelt) = spelt.get(&short) {
                let Label { kind, who, ref key, .. } = labels[spelt];
                let key = key.clone();
                (labels[n].kind, labels[n].who, labels[n].key) = (kind, who, key);
            } else if let Some(mention) = mentions.first().filter(|m| m.span.end() <= start) {
                (labels[n].kind, labels[n].who) = (Kind::Speaker, mention.span);
            }
        }
        spelt.entry(initials(labels[n].who.of(scene.text))).or_insert(n);
    }
}

/// The first letters of the capitalised words.
fn initials(words: &str) -> String {
    let letters = words.split([' ', '-']).filter_map(|word| word.chars().next());
    letters.filter(|c| c.is_uppercase()).collect()
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
    // Whoever asks again and again is talked to, if only with half a sentence.
    let asked = labels.iter().filter(|l| l.kind == Kind::Other && l.asks).count() >= 2;
    let named = speakers.len() >= 2
        && if several { 5 * talk >= 2 * speakers.len() } else { asked || talk == speakers.len() };
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
struct Reader<'a, F> {
    scene: &'a Scene<'a>,
    /// Of the persons of the article; few of them have any label that asks for them.
    surnames: LazyCell<FxHashSet<CompactString>, F>,
}

impl<F: FnOnce() -> FxHashSet<CompactString>> Reader<'_, F> {
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
        let talk = is_talk(scene, text..within.end);
        // "Sloan: ministers must go" is a headline.
        let stopped = scene.classes[within.end - 1].group == Group::Stop;
        if paragraph.part == Part::Title && !(talk && stopped) {
            return None;
        }
        let who = scene.span_of(tokens.clone());
        let asks = scene.word(within.end - 1) == "?";
        Some(Label { paragraph: p, tokens, text, kind, key, who, asks, talk })
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
        // "Morning Ledger:" is the name of a paper.
        let paper = |t: usize| {
            scene.classes[t].group == Group::Calendar
                && scene.is_upper(t)
                && t + 1 < limit
                && names(t + 1)
        };
        if !(start < limit && (names(start) || paper(start))) {
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
        let words: Vec<CompactString> =
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

    /// The words of a turn: behind its label, and the paragraphs up to the next one that go on.
    fn content(&self, label: &Label, next: Option<&Label>, several: bool) -> Spans {
        let scene = self.scene;
        let marked = scene.stretch_of(label.tokens.start);
        let first = &scene.paragraphs[label.paragraph].tokens;
        let end = marked.map_or(first.end, |s| scene.inside[s].end);
        let mut content: Spans = self.words(label.text..end).into_iter().collect();
        let to = match next {
            Some(next) => next.paragraph,
            None if marked.is_some() => scene.paragraphs.len(),
            None => label.paragraph + 1,
        };
        for paragraph in scene.paragraphs[label.paragraph + 1..to].iter().take(BETWEEN) {
            let within = paragraph.tokens.clone();
            if paragraph.part != Part::Body || is_stage_direction(scene, within.clone()) {
                continue;
            }
            let stretch = scene.stretch_of(within.start);
            let goes_on = match (marked, stretch) {
                (Some(_), Some(s)) => scene.stretches[s].continues,
                (None, None) => several && is_talk(scene, within.clone()),
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
}
