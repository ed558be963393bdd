//! Which reported clauses tell what somebody said: forms that the models of clauses mistake for reports
//! more often than not are left out. Not for how sure a report is.

use std::ops::Range;

use crate::annotate::cast::tokens_of;
use crate::annotate::indirect::Reported;
use crate::annotate::inner;
use crate::annotate::scene::Scene;
use crate::annotate::transcript::words::{HEADINGS, TEXTS};
use crate::annotate::words::Group;
use crate::article::Part;
use crate::lexicon::{self, Classes};
use crate::segment::TokenKind;
use crate::text::Span;

/// Fewest words behind a colon that are a report; fewer are a list, a label's value.
const BEHIND_COLON: usize = 6;
/// Words before the dash of a dateline at most.
const DATELINE: usize = 16;
/// Verbs that somebody is spoken to by: a name behind them is nobody's words.
const ADDRESSING: &[&str] = &[
    "ask", "asks", "asked", "asking", "call", "calls", "called", "calling", "tell", "tells",
    "told", "telling",
];

/// Whether a clause that no quotation took is a report. `marked`: some of its words stand between marks.
pub fn tells(scene: &Scene, clause: &Reported, marked: bool) -> bool {
    let part = paragraph_part(scene, clause.cue);
    let around = matches!(part, Some(Part::Credit | Part::Byline | Part::Dateline));
    let nobody = clause.source.is_some_and(|source| is_nobody(scene, source));
    !around && !nobody && (marked || !is_no_report(scene, clause))
}

/// The source of a clause; where that is the place of a dateline, "HARBOUR TOWN, March 3 — Acme today
/// announced", the subject of its verb.
pub fn source(scene: &Scene, clause: &Reported) -> Option<Span> {
    let given = clause.source?;
    let (tokens, cue) = (tokens_of(scene, given), tokens_of(scene, clause.cue).start);
    let start = scene.paragraphs.get(scene.paragraph_of(tokens.start))?.tokens.start;
    let shouted = given.of(scene.text).chars().all(|c| !c.is_lowercase());
    let dash = (start..cue.min(start + DATELINE)).rfind(|&t| scene.classes[t].group == Group::Dash);
    let Some(dash) = dash.filter(|&dash| tokens.start == start && tokens.end <= dash && shouted)
    else {
        return Some(given);
    };
    let late = |t: &usize| {
        matches!(
            scene.classes[*t].group,
            Group::Adverb | Group::Manner | Group::Auxiliary | Group::Calendar
        ) || scene.word(*t) == "on"
    };
    let verb = cue - (dash + 1..cue).rev().take_while(late).count();
    inner::subject(scene, dash + 1, verb)
}

fn paragraph_part(scene: &Scene, span: Span) -> Option<Part> {
    let at = scene.paragraphs.partition_point(|p| p.span.end() <= span.start());
    scene.paragraphs.get(at).map(|p| p.part)
}

/// Contents that are right less than a third of the time, by what they and the cue look like.
fn is_no_report(scene: &Scene, clause: &Reported) -> bool {
    let [content] = clause.content[..] else { return false };
    let tokens = tokens_of(scene, content);
    let cue = clause.cue.of(scene.text);
    let words = tokens.clone().filter(|&t| scene.tokens[t].kind == TokenKind::Word).count();
    let heading = |source: Span| is_heading(scene, source);
    let listed = cue == ":" && (words < BEHIND_COLON || clause.source.is_some_and(heading));
    let addressed = ADDRESSING.iter().any(|verb| verb.eq_ignore_ascii_case(cue));
    let dated = |t: usize| matches!(scene.classes[t].group, Group::Calendar | Group::Preposition);
    let first = tokens.clone().next().is_some_and(|t| is_named(scene, t));
    let named =
        first && tokens.clone().all(|t| is_named(scene, t) || is_sign(scene, t) || dated(t));
    let nameless = clause.source.is_none();
    listed
        || (addressed || nameless) && named
        || is_apposition(scene, tokens.clone())
        || is_text(scene, tokens)
}

/// "the following statement": a text is named, not what it says.
fn is_text(scene: &Scene, tokens: Range<usize>) -> bool {
    let ends = tokens.clone().next_back().is_some_and(|t| {
        let document = scene.classes[t].group == Group::Document;
        document && TEXTS.contains(&scene.word(t))
    });
    let plain = |t: usize| {
        let class = scene.classes[t];
        let leads = matches!(class.group, Group::Determiner | Group::Gerund | Group::Adverb);
        class.is_noun() || leads || scene.word(t) == "following"
    };
    ends && tokens.len() <= 4 && tokens.into_iter().all(plain)
}

/// WATCH: …, Photo: …; but a poll or a report tells something.
fn is_heading(scene: &Scene, source: Span) -> bool {
    const TELLING: [&str; 5] = ["poll", "report", "source", "sources", "analysis"];
    tokens_of(scene, source).all(|t| {
        let word = scene.word(t).to_lowercase();
        HEADINGS.contains(&word.as_str()) && !TELLING.contains(&word.as_str())
    })
}

fn is_named(scene: &Scene, token: usize) -> bool {
    scene.classes[token].is_name() || scene.classes[token].group == Group::Title
}

fn is_sign(scene: &Scene, token: usize) -> bool {
    scene.tokens[token].kind == TokenKind::Punctuation
}

/// Somebody by office and name, "the lawyer, Jane Doe", and no more.
fn is_apposition(scene: &Scene, tokens: Range<usize>) -> bool {
    let group = |t: usize| scene.classes[t].group;
    let stopped = |t: &usize| is_sign(scene, *t);
    let end = tokens.end - tokens.clone().rev().take_while(stopped).count();
    let Some(comma) = (tokens.start..end).find(|&t| group(t) == Group::Comma) else { return false };
    let nominal = |t: usize| {
        let class = scene.classes[t];
        class.is_nominal() || matches!(class.group, Group::Preposition | Group::Title)
    };
    let office = (tokens.start..comma).any(|t| group(t) == Group::Role);
    office && (tokens.start..comma).all(nominal) && (comma + 1..end).all(|t| is_named(scene, t))
}

/// Whether a source is a word that can stand for nobody: half a phrase, or an adverb.
fn is_nobody(scene: &Scene, source: Span) -> bool {
    let word = source.of(scene.text);
    if word.contains(' ') {
        return false;
    }
    let at = scene.first_behind(source.start());
    let lower = word.to_lowercase();
    let group = scene.classes.get(at).map_or(Group::None, |class| class.group);
    let form = matches!(
        group,
        Group::Manner | Group::Adverb | Group::Negation | Group::Gerund | Group::Past
    );
    // The first word of a sentence is a name by its capital alone.
    let classes = lexicon::get().classes(&lower);
    let adverb = lower.ends_with("ly") && classes.any(Classes::COMMON | Classes::WORD);
    let name = classes.any(Classes::GIVEN | Classes::SURNAME | Classes::PLACE | Classes::COUNTRY);
    let digits = word.starts_with(|c: char| c.is_ascii_digit());
    NOBODY.contains(&lower.as_str()) || form || digits || adverb && !name
}

/// Beginnings of phrases, and words that join sentences.
const NOBODY: &[&str] = &[
    "the",
    "a",
    "an",
    "no",
    "every",
    "more",
    "less",
    "fewer",
    "much",
    "using",
    "there",
    "here",
    "when",
    "why",
    "where",
    "how",
    "what",
    "while",
    "yes",
    "however",
    "moreover",
    "likewise",
    "meanwhile",
    "furthermore",
    "therefore",
    "thus",
    "instead",
    "besides",
    "nonetheless",
    "nevertheless",
    "otherwise",
    "perhaps",
    "maybe",
    "indeed",
];
