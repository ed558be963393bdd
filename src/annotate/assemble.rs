//! From judged stretches and reported clauses to utterances: parts joined, kinds told apart, words
//! repeated elsewhere noted with the fuller quote. It decides nothing about who speaks.

mod reports;

use std::ops::Range;

use smallvec::smallvec;

use super::indirect::{self, Reported};
use super::quotes::Turn;
use super::scene::Scene;
use super::transcript::{self, Spoken};
use super::words::Group;
use crate::article::{InnerSpeech, Quote, QuoteKind, Speaker};
use crate::text::{Span, Spans};

/// How often the name below a letter is its writer's, by hand.
const LETTER: f32 = 0.9;

/// An utterance before it is known who its source is.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// How it is given.
    pub kind: QuoteKind,
    /// Its words.
    pub content: Spans,
    /// The words that say that somebody speaks.
    pub cue: Option<Span>,
    /// The words that name the speaker.
    pub source: Option<Span>,
    /// The words that tell who that is: mostly the same, of a label "A:" the interviewee's name.
    pub who: Option<Span>,
    /// What decided.
    pub rule: &'static str,
    /// How likely the model that decided holds content and source to be right.
    pub confidence: f32,
    /// Clauses reported inside it.
    pub inner: Vec<Reported>,
}

/// Joins turns and clauses into utterances, in the order of the text; what stands inside a
/// transcript's turn is part of it.
pub fn drafts(
    scene: &Scene,
    turns: &[Turn],
    clauses: Vec<Reported>,
    spoken: Vec<Spoken>,
) -> Vec<Draft> {
    let mut joined: Vec<Draft> = Vec::new();
    let mut last: Option<&Turn> = None;
    let mut clauses = Clauses::new(clauses);
    let labelled = |turn: &&Turn| {
        let span = scene.stretches[turn.stretch].outer;
        let next = spoken.partition_point(|one| one.around.start() < span.end());
        next > 0 && spoken[next - 1].around.overlaps(span)
    };
    for turn in turns.iter().filter(|turn| !labelled(turn)) {
        let span = scene.stretches[turn.stretch].span;
        if let Some(before) = last
            && goes_on(scene, before, turn)
            && !clauses.part(scene, before, turn)
            && let Some(draft) = joined.last_mut()
        {
            extend(scene, draft, span);
            draft.confidence = draft.confidence.max(turn.probability);
        } else {
            joined.push(draft(scene, turn, &clauses));
        }
        last = Some(turn);
    }
    for letter in &mut joined {
        if let Some(name) = transcript::signer(scene, &letter.content) {
            (letter.source, letter.who) = (Some(name), Some(name));
            letter.rule = transcript::SIGNED;
            letter.confidence = letter.confidence.max(LETTER);
        }
    }
    joined.extend(spoken.into_iter().map(Draft::from));
    for draft in &mut joined {
        clauses.settle(scene.text, draft);
        clauses.forget_rest_of_byline(scene, draft);
    }
    for source in joined.iter().filter_map(|d| d.source) {
        clauses.forget(source);
    }
    joined.extend(clauses.rest(scene));
    joined.sort_by_key(|d| d.content.first().copied());
    for draft in &mut joined {
        draft.source = draft.source.map(|source| without_verb(scene.text, source));
        draft.who = draft.who.map(|who| without_verb(scene.text, who));
    }
    joined
}

/// Adds another part to an utterance, in order; one that its content covers already changes nothing.
fn extend(scene: &Scene, draft: &mut Draft, span: Span) {
    let Some(&last) = draft.content.last() else { return };
    if draft.content.iter().any(|part| part.contains(span)) {
        return;
    }
    if span.start() < last.end() {
        // The utterance began as a clause with parts on both sides of its by-line.
        let over = draft.content.iter().filter(|part| part.overlaps(span));
        let whole = over.fold(span, |whole, &part| whole.cover(part));
        draft.content.retain(|part| !part.overlaps(span));
        let at = draft.content.partition_point(|part| part.start() < whole.start());
        draft.content.insert(at, whole);
        return;
    }
    // Parts of one reported clause, with nothing but its own words between them, are one part.
    let between = Span::new(last.end(), span.start()).of(scene.text);
    if draft.kind == QuoteKind::Mixed && between.len() < 120 && !between.contains(['.', '\n', ','])
    {
        let whole = last.cover(span);
        draft.content.pop();
        draft.content.push(whole);
    } else {
        draft.content.push(span.trimmed(scene.text));
    }
}

/// Whether a turn belongs to the utterance of the turn before it: the same source, no verb of its
/// own, and nothing but the first one's by-line between them.
fn goes_on(scene: &Scene, before: &Turn, turn: &Turn) -> bool {
    let (Some(first), Some(second)) = (before.source, turn.source) else { return false };
    if first.head != second.head {
        return false;
    }
    let (a, b) = (&scene.stretches[before.stretch], &scene.stretches[turn.stretch]);
    if b.paragraph > a.paragraph + 1 {
        return false;
    }
    let from = scene.inside[before.stretch].end;
    let to = scene.inside[turn.stretch].start;
    let head = first.head;
    let own = |t: usize| {
        scene.quoted[t] == 0
            && scene.classes[t].group == Group::CueSure
            && before.cue != Some(t)
            && turn.cue == Some(t)
    };
    let mut between = from..to;
    if between.any(own) {
        return false;
    }
    // A source that stands behind both, in the later paragraph, is the later one's alone.
    a.paragraph == b.paragraph || head < from || !a.closed
}

/// The utterance that a turn begins.
fn draft(scene: &Scene, turn: &Turn, clauses: &Clauses) -> Draft {
    let span = scene.stretches[turn.stretch].span;
    let mut source = turn.source.map(|s| s.span);
    let cue = turn.cue.map(|t| scene.tokens[t].span);
    let own = |c: &&Reported| !introduced(scene, turn) && !holds_byline(scene, turn, c);
    let clause = clauses.around(span).filter(own);
    let content = match clause {
        Some(clause) => clause.content.clone(),
        None => smallvec![with_lead(scene, turn, span)],
    };
    let inside = span.trimmed(scene.text);
    let whole = content.iter().all(|&part| inside.contains(trimmed_marks(scene.text, part)));
    let (kind, content) =
        if whole { (QuoteKind::Direct, smallvec![inside]) } else { (QuoteKind::Mixed, content) };
    let mut confidence = turn.probability;
    // Both say whose words they are: the surer one is believed.
    if let Some(clause) = clause
        && kind == QuoteKind::Mixed
        && clause.source.is_some()
        && clause.source_probability > turn.probability
        && !overlap(source, clause.source)
    {
        source = clause.source;
        confidence = clause.source_probability;
    }
    Draft {
        kind,
        content,
        cue: cue.or(clause.map(|c| c.cue)),
        source,
        who: source,
        rule: turn.rule,
        confidence,
        inner: Vec::new(),
    }
}

/// Whether a quotation is a sentence of its own behind a comma or a colon: he said, “We won.” It is
/// no part of a reported clause, whatever ran up to it.
fn introduced(scene: &Scene, turn: &Turn) -> bool {
    let inside = scene.inside[turn.stretch].clone();
    let sign = inside.start.checked_sub(2).map(|t| scene.classes[t].group);
    let upper = scene.is_upper(inside.start);
    let led = matches!(sign, Some(Group::Comma | Group::Colon));
    upper && led && inside.len() >= 4 && turn.cue.is_some_and(|cue| cue < inside.start)
}

/// Whether a clause holds a quotation together with its by-line: of “…,” Smith said, according to the
/// minutes, the quotation is Smith's alone.
fn holds_byline(scene: &Scene, turn: &Turn, clause: &Reported) -> bool {
    let outer = scene.stretches[turn.stretch].outer;
    let (Some(source), Some(cue)) = (turn.source, turn.cue) else { return false };
    let byline = source.span.cover(scene.tokens[cue].span);
    let behind = byline.start() >= outer.end() && clause.cue.start() >= byline.end();
    behind && clause.content.iter().any(|part| part.contains(outer) && part.contains(byline))
}

/// Whether two sources are the same words or both nobody.
fn overlap(a: Option<Span>, b: Option<Span>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.overlaps(b),
        (a, b) => a == b,
    }
}

/// The words between the verb and a quotation that goes on with their clause: the reported clause
/// of which the quotation is the marked part.
fn with_lead(scene: &Scene, turn: &Turn, span: Span) -> Span {
    let inside = scene.inside[turn.stretch].clone();
    let (Some(cue), Some(mark)) = (turn.cue, inside.start.checked_sub(1)) else { return span };
    let lower = scene.word(inside.start).chars().next().is_some_and(char::is_lowercase);
    if !lower || cue >= mark || mark - cue > 25 {
        return span;
    }
    let lead = behind_saying(scene, cue + 1..mark);
    let plain = |t: usize| {
        scene.quoted[t] == 0
            && !matches!(scene.classes[t].group, Group::Stop | Group::Colon | Group::Semicolon)
    };
    let ends_in_comma =
        lead.clone().next_back().is_some_and(|t| scene.classes[t].group == Group::Comma);
    if lead.is_empty() || ends_in_comma || !lead.clone().all(plain) {
        return span;
    }
    Span::new(scene.tokens[lead.start].span.start(), span.end())
}

/// What follows "as saying" in a lead; all of it where there is none.
fn behind_saying(scene: &Scene, lead: Range<usize>) -> Range<usize> {
    let saying = |t: &usize| scene.word(*t) == "saying" && scene.word(t - 1) == "as";
    let from = lead.clone().skip(1).find(saying).map_or(lead.start, |t| t + 1);
    from..lead.end
}

/// Reported clauses that no quotation has taken yet.
struct Clauses {
    all: Vec<Option<Reported>>,
}

impl Clauses {
    fn new(mut clauses: Vec<Reported>) -> Self {
        clauses.sort_by_key(|c| c.content.first().map(|p| p.start()));
        Clauses { all: clauses.into_iter().map(Some).collect() }
    }

    /// The clause whose marked part a stretch is: it holds the stretch and words around it.
    fn around(&self, stretch: Span) -> Option<&Reported> {
        let near = self.near(stretch);
        self.all[near].iter().flatten().find(|c| c.content.iter().any(|p| p.contains(stretch)))
    }

    /// Whether a turn stands in a clause that begins behind the turn before it: another utterance.
    fn part(&self, scene: &Scene, before: &Turn, turn: &Turn) -> bool {
        let end = scene.stretches[before.stretch].span.end();
        let begins = |c: &Reported| c.content.first().is_some_and(|p| p.start() >= end);
        let stretch = &scene.stretches[turn.stretch];
        self.around(stretch.span)
            .is_some_and(|c| begins(c) && !c.content.iter().all(|&p| stretch.outer.contains(p)))
    }

    /// The clauses that may reach a span: they are in order, and none is long.
    fn near(&self, span: Span) -> Range<usize> {
        let start = |clause: &Option<Reported>| {
            clause.as_ref().and_then(|c| c.content.first()).map_or(0, |p| p.start())
        };
        let to = self.all.partition_point(|c| start(c) < span.end());
        to.saturating_sub(6)..to
    }

    /// Takes the clauses that an utterance overlaps: those inside it are speech within speech.
    fn settle(&mut self, text: &str, draft: &mut Draft) {
        for part in draft.content.clone() {
            for slot in self.near(part) {
                let Some(clause) = &self.all[slot] else { continue };
                if !clause.content.iter().any(|c| c.overlaps(part)) {
                    continue;
                }
                let mut whole = clause.content.iter().chain(&clause.source);
                let within = whole.all(|c| part.contains(*c));
                let mut clause = self.all[slot].take();
                if let Some(before) =
                    draft.source.and_then(|s| cut_before(text, clause.as_ref()?, s))
                {
                    self.all[slot] = Some(before);
                    clause = None;
                }
                if within && draft.kind == QuoteKind::Direct {
                    draft.inner.extend(clause);
                }
            }
        }
    }

    /// Drops a clause that is nothing but the source of a quote: "Smith was quoted as saying".
    fn forget(&mut self, source: Span) {
        for slot in self.near(source) {
            let inside = |c: &Reported| c.content.iter().all(|&part| source.contains(part));
            if self.all[slot].as_ref().is_some_and(inside) {
                self.all[slot] = None;
            }
        }
    }

    /// Drops a clause that is the rest of a quotation's by-line: where, when or of what it was said.
    fn forget_rest_of_byline(&mut self, scene: &Scene, draft: &Draft) {
        let (Some(cue), Some(&last)) = (draft.cue, draft.content.last()) else { return };
        let byline = draft.source.map_or(cue, |source| source.cover(cue));
        let parts = draft.content.iter().rev().find(|part| part.end() <= byline.start());
        let before = parts.unwrap_or(&last);
        // A quotation that ends in a full stop is not what the verb behind it is about.
        let gap = scene.text.get(before.end()..byline.start()).unwrap_or("-");
        let open = !before.of(scene.text).ends_with('.') && !gap.contains('.');
        if !open || gap.contains(char::is_alphanumeric) {
            return;
        }
        let spent = |c: &Reported| {
            let first = c.content.first().map_or(0, |part| part.start());
            let that = scene.text[first..].starts_with("that ");
            c.cue == cue && first >= cue.end() && !that
        };
        for slot in self.near(Span::new(byline.start(), byline.end() + REACH)) {
            if self.all[slot].as_ref().is_some_and(spent) {
                self.all[slot] = None;
            }
        }
    }

    /// What is left: indirect speech.
    fn rest(self, scene: &Scene) -> impl Iterator<Item = Draft> {
        let told = |c: &Reported| reports::tells(scene, c, marked(scene, c));
        self.all.into_iter().flatten().filter(told).map(|clause| {
            let source = reports::source(scene, &clause);
            Draft {
                kind: if marked(scene, &clause) { QuoteKind::Mixed } else { QuoteKind::Indirect },
                content: clause.content,
                cue: Some(clause.cue),
                source,
                who: source,
                rule: indirect::RULE,
                confidence: clause.probability,
                inner: Vec::new(),
            }
        })
    }
}

/// How far behind a by-line its rest may begin.
const REACH: usize = 80;

/// A pronoun without the verb that is written with it: "they" of "they've".
fn without_verb(text: &str, source: Span) -> Span {
    let word = source.of(text);
    let Some(at) = word.find(['\'', '’']) else { return source };
    let (pronoun, verb) = word.split_at(at);
    let pronouns = ["i", "you", "he", "she", "it", "we", "they", "who", "that"];
    let verb = verb.trim_start_matches(['\'', '’']).to_lowercase();
    let is_verb = matches!(verb.as_str(), "re" | "ve" | "ll" | "d" | "m" | "s");
    if is_verb && pronouns.contains(&pronoun.to_lowercase().as_str()) {
        return Span::new(source.start(), source.start() + at);
    }
    source
}

/// What is left of a clause that runs on over the source of another's quote: the words before it.
fn cut_before(text: &str, clause: &Reported, source: Span) -> Option<Reported> {
    let last = clause.content.last()?;
    let foreign = last.contains(source) && clause.source.is_none_or(|own| !own.overlaps(source));
    let before = Span::new(last.start(), source.start().max(last.start()));
    let edge = |c: char| c.is_whitespace() || ",;:-–—―".contains(c);
    let words = before.of(text).trim_end_matches(edge);
    let kept = Span::new(before.start(), before.start() + words.len());
    let worth = words.len() < before.of(text).trim_end().len() && words.split(' ').count() >= 3;
    (foreign && worth && !clause.cue.overlaps(source)).then(|| {
        let mut cut = clause.clone();
        cut.content.pop();
        cut.content.push(kept);
        cut
    })
}

/// Whether a clause holds a quotation.
fn marked(scene: &Scene, clause: &Reported) -> bool {
    clause.content.iter().any(|part| {
        let at = scene.stretches.partition_point(|s| s.span.end() <= part.start());
        scene.stretches.get(at).is_some_and(|s| s.span.start() < part.end())
    })
}

/// A span without marks and white space at its ends.
fn trimmed_marks(text: &str, span: Span) -> Span {
    let edge = |c: char| c.is_whitespace() || "\"“”„‘’'«».,".contains(c);
    let inside = span.of(text);
    let start = span.start() + (inside.len() - inside.trim_start_matches(edge).len());
    let end = span.start() + inside.trim_end_matches(edge).len();
    Span::new(start, end.max(start))
}

impl From<Spoken> for Draft {
    fn from(turn: Spoken) -> Self {
        Draft {
            kind: turn.kind,
            content: turn.content,
            cue: turn.cue,
            source: turn.source,
            who: turn.who,
            rule: turn.rule,
            confidence: turn.confidence,
            inner: Vec::new(),
        }
    }
}

impl Draft {
    /// The words that name its speaker, then those of the clauses inside it, as far as there are any.
    pub fn sources(&self) -> impl Iterator<Item = Span> {
        self.who.into_iter().chain(self.inner.iter().filter_map(|clause| clause.source))
    }

    /// The quote, once it is known who its sources are: one answer each, in their order. Its
    /// confidence is still the model's own.
    pub fn said_by(self, speakers: &mut impl Iterator<Item = Option<Speaker>>) -> Quote {
        let mut speaker_of = |source: Option<Span>| source.and_then(|_| speakers.next().flatten());
        let speaker = speaker_of(self.who);
        let inner = |clause: Reported| {
            let speaker = speaker_of(clause.source);
            let content = clause.content.iter().copied().reduce(Span::cover)?;
            Some(InnerSpeech { content, source: clause.source, speaker })
        };
        Quote {
            kind: self.kind,
            content: self.content,
            cue: self.cue.into_iter().collect(),
            source: self.source,
            speaker,
            rule: self.rule.into(),
            confidence: self.confidence,
            echoes: Spans::new(),
            inner: self.inner.into_iter().filter_map(inner).collect(),
        }
    }
}
