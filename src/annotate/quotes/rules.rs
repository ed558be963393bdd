//! What needs no weighing: forms so plain that a rule names the speaker, in English and in a few
//! other languages whose reporting verbs we know. The ranker is asked about everything else.

use std::ops::Range;

use super::features::View;
use super::{Source, Turn};
use crate::annotate::candidates::{Candidate, Kind};
use crate::annotate::marks::Style;
use crate::annotate::scene::Scene;
use crate::annotate::words::Group;
use crate::article::Part;
use crate::text::Span;

/// A rule: who speaks in this stretch, and the token of the verb.
type Rule = fn(&View, usize) -> Option<(Source, Option<usize>)>;

/// Most precise first.
const RULES: &[(&str, f32, Rule)] = &[
    ("by-line-dash", 0.93, by_line_dash),
    ("headline-colon", 0.9, headline_colon),
    ("lead-in", 0.8, lead_in),
    ("foreign-cue", 0.85, foreign_cue),
    ("cjk-cue", 0.85, cjk_cue),
];

/// Reporting verbs that end a run of ideographs, longest first.
const CJK_CUES: &[&str] = &[
    "表示", "指出", "说道", "說道", "强调", "強調", "认为", "認為", "写道", "寫道", "问道", "問道",
    "回答", "补充", "補充", "宣布", "说", "說", "称", "稱", "问", "問", "道",
];

/// What the rules say about a stretch.
pub fn turn(view: &View, s: usize, last: Option<&Turn>) -> Option<Turn> {
    let found = RULES.iter().find_map(|&(rule, probability, find)| {
        let (source, cue) = find(view, s)?;
        Some(Turn { stretch: s, source: Some(source), cue, probability, rule })
    });
    found.or_else(|| continues(view.scene, s, last?))
}

/// A quotation right behind the sentence of a foreign one in the same paragraph goes on with it.
fn continues(scene: &Scene, s: usize, last: &Turn) -> Option<Turn> {
    let foreign = matches!(last.rule, "foreign-cue" | "cjk-cue" | "same-speaker-continues");
    let same = scene.stretches[s].paragraph == scene.stretches[last.stretch].paragraph;
    let before = before(scene, s)?;
    let ended = scene.classes[before].group == Group::Stop;
    (foreign && same && ended && last.stretch + 1 == s).then_some(Turn {
        stretch: s,
        source: last.source,
        cue: last.cue,
        probability: 0.8,
        rule: "same-speaker-continues",
    })
}

/// The paragraph of a stretch, in tokens.
fn paragraph(scene: &Scene, s: usize) -> Range<usize> {
    scene.paragraphs[scene.stretches[s].paragraph].tokens.clone()
}

/// The token before the opening mark, in the same paragraph.
fn before(scene: &Scene, s: usize) -> Option<usize> {
    let within = paragraph(scene, s);
    let outside = |t: &usize| scene.quoted[*t] != s as u32 + 1;
    (within.start..scene.inside[s].start).rev().find(outside)
}

/// The token behind the closing mark, in the same paragraph.
fn behind(scene: &Scene, s: usize) -> Option<usize> {
    (scene.inside[s].end..paragraph(scene, s).end).find(|&t| scene.quoted[t] != s as u32 + 1)
}

/// The first candidate that lies in some tokens, a name before anything else.
fn candidate_in<'a>(view: &View<'a>, tokens: Range<usize>) -> Option<&'a Candidate> {
    let from = view.candidates.partition_point(|c| (c.head as usize) < tokens.start);
    let inside = view.candidates[from..]
        .iter()
        .take_while(|c| (c.head as usize) < tokens.end)
        .filter(|c| c.first as usize >= tokens.start && c.kind != Kind::Pronoun);
    inside.clone().find(|c| c.kind == Kind::Name).or_else(|| inside.clone().next())
}

fn source(candidate: &Candidate) -> Source {
    Source { span: candidate.span, head: candidate.head as usize }
}

/// “…” — Jane Doe, mayor
fn by_line_dash(view: &View, s: usize) -> Option<(Source, Option<usize>)> {
    let scene = view.scene;
    let (within, dash) = (paragraph(scene, s), behind(scene, s)?);
    let rest = dash + 1..within.end;
    let plain = |t: usize| {
        scene.quoted[t] == 0 && !scene.classes[t].is_cue() && scene.classes[t].group != Group::Stop
    };
    let opens = before(scene, s).is_none() || scene.stretches[s].continues;
    let named = scene.classes.get(rest.start).is_some_and(|c| {
        c.is_name() || matches!(c.group, Group::Title | Group::Determiner | Group::Role)
    });
    let last = rest.end.checked_sub(1)?;
    if scene.classes[dash].group != Group::Dash
        || !opens
        || !named
        || !(1..=16).contains(&rest.len())
        || !(rest.start..last).all(plain)
    {
        return None;
    }
    candidate_in(view, rest).map(|c| (source(c), None))
}

/// Smith: ‘No’
fn headline_colon(view: &View, s: usize) -> Option<(Source, Option<usize>)> {
    let scene = view.scene;
    let (within, colon) = (paragraph(scene, s), before(scene, s)?);
    let name = within.start..colon;
    let headline = scene.paragraphs[scene.stretches[s].paragraph].part == Part::Title
        || scene.stretches[s].style == Style::Single
        || behind(scene, s).is_none_or(|t| t + 1 >= within.end);
    let named = |t: usize| {
        let class = scene.classes[t];
        class.is_name() || matches!(class.group, Group::Title | Group::Role)
    };
    if scene.classes[colon].group != Group::Colon
        || !headline
        || !(1..=5).contains(&name.len())
        || !name.clone().all(named)
    {
        return None;
    }
    candidate_in(view, name).map(|c| (source(c), None))
}

/// From the desk of Jane Doe, with the quotation as the next paragraph.
fn lead_in(view: &View, s: usize) -> Option<(Source, Option<usize>)> {
    let scene = view.scene;
    let lead = scene.paragraphs[scene.stretches[s].paragraph.checked_sub(1)?].tokens.clone();
    if before(scene, s).is_some() || lead.len() > 30 {
        return None;
    }
    let desk = lead.clone().find(|&t| {
        scene.word(t).eq_ignore_ascii_case("desk")
            && t + 1 < lead.end
            && scene.word(t + 1).eq_ignore_ascii_case("of")
    })?;
    candidate_in(view, desk + 2..lead.end).map(|c| (source(c), None))
}

/// „…“, sagte Anna Krüger; Elena Ruiz aseguró: «…»
fn foreign_cue(view: &View, s: usize) -> Option<(Source, Option<usize>)> {
    let scene = view.scene;
    let within = paragraph(scene, s);
    let is_cue = |t: &usize| scene.classes[*t].is_foreign_cue();
    if let Some(next) = behind(scene, s)
        && let Some(cue) = (next..within.end.min(next + 4)).find(is_cue)
    {
        let end = end_of_phrase(scene, cue + 1, within.end);
        if let Some(candidate) = candidate_in(view, cue + 1..end) {
            return Some((source(candidate), Some(cue)));
        }
        return words_of(scene, cue + 1..end).map(|source| (source, Some(cue)));
    }
    let last = before(scene, s)?;
    let cue = (last.saturating_sub(2).max(within.start)..=last).rev().find(is_cue)?;
    let sentence = scene.sentences[scene.sentence_of(cue)].clone();
    let candidate = view
        .candidates
        .iter()
        .rev()
        .find(|c| (c.head as usize) < cue && c.first as usize >= sentence.start)?;
    Some((source(candidate), Some(cue)))
}

/// Where a phrase that starts at `from` ends at the latest.
fn end_of_phrase(scene: &Scene, from: usize, limit: usize) -> usize {
    let ends = |t: &usize| {
        scene.quoted[*t] != 0
            || matches!(scene.classes[*t].group, Group::Comma | Group::Stop | Group::Colon)
    };
    (from..limit).find(ends).unwrap_or(limit)
}

/// Some words as a source, when they are few.
fn words_of(scene: &Scene, tokens: Range<usize>) -> Option<Source> {
    let fits = (1..=6).contains(&tokens.len());
    let head = tokens.end.checked_sub(1)?;
    fits.then(|| Source { span: scene.span_of(tokens), head })
}

/// “……”李伟说。 and 李伟说：“……”
fn cjk_cue(view: &View, s: usize) -> Option<(Source, Option<usize>)> {
    let scene = view.scene;
    let near = behind(scene, s).into_iter().chain(before(scene, s).and_then(|t| {
        let sign = matches!(scene.classes[t].group, Group::Colon | Group::Comma);
        if sign { t.checked_sub(1) } else { Some(t) }
    }));
    for token in near {
        let span = scene.tokens[token].span;
        let word = span.of(scene.text);
        let name = CJK_CUES.iter().find_map(|cue| word.strip_suffix(cue));
        if let Some(name) = name.filter(|n| !n.is_empty()) {
            let span = Span::new(span.start(), span.start() + name.len());
            return Some((Source { span, head: token }, Some(token)));
        }
    }
    None
}

/// Robert “Bobby” Scott: the marks hold a nickname.
pub fn is_nickname(view: &View, s: usize) -> bool {
    let scene = view.scene;
    let inside = scene.inside[s].clone();
    let (Some(before), Some(behind)) = (before(scene, s), behind(scene, s)) else { return false };
    let named = |t: usize| scene.classes[t].is_name();
    inside.len() <= 3 && named(before) && named(behind) && inside.clone().all(named)
}

/// A sentence of its own behind the by-line of the quotation before it: “A,” said Smith. “B.”
pub fn follows_on(view: &View, s: usize, last: Option<&Turn>) -> Option<Turn> {
    let (scene, last) = (view.scene, last?);
    let same = scene.stretches[s].paragraph == scene.stretches[last.stretch].paragraph
        && scene.stretches[s].style == scene.stretches[last.stretch].style;
    let before = before(scene, s)?;
    let stop = |t: usize| scene.classes[t].group == Group::Stop;
    let inside = scene.inside[s].clone();
    let upper = scene.word(inside.start).chars().next().is_some_and(char::is_uppercase);
    let whole = upper && inside.len() >= 3 && inside.clone().next_back().is_some_and(stop);
    let ended = stop(before) || scene.classes[before].group == Group::Number;
    (same && whole && ended && last.stretch + 1 == s && behind(scene, s).is_none()).then(|| Turn {
        stretch: s,
        probability: 0.6 * last.probability,
        rule: "same-speaker-continues",
        ..last.clone()
    })
}

/// Whether the plainest of all forms stands here: “…,” Smith said. It outweighs the ranker's
/// doubt whether the words are speech.
pub fn cue_next_to_quote(view: &View, s: usize, source: &Candidate, cue: Option<usize>) -> bool {
    let scene = view.scene;
    let (Some(next), Some(cue)) = (behind(scene, s), cue) else { return false };
    let inside = scene.inside[s].clone();
    let Some(last) = inside.clone().next_back() else { return false };
    let stopped = matches!(scene.classes[last].group, Group::Comma | Group::Stop)
        || scene.classes[next].group == Group::Comma;
    let upper = scene.word(inside.start).chars().next().is_some_and(char::is_uppercase);
    let sure = scene.classes[cue].group == Group::CueSure;
    let near = (source.first as usize).max(cue) <= next + 4 && source.first as usize + 1 >= next;
    stopped && upper && sure && near && inside.len() >= 4
}

/// The source with what belongs to a nameless one: "a spokesperson for the ministry". A noun in
/// apposition to a name gives way to the name: "Jane Doe, a vet, said".
pub fn fuller(view: &View, c: usize) -> Source {
    let scene = view.scene;
    let candidate = &view.candidates[c];
    let first = candidate.first as usize;
    if matches!(candidate.kind, Kind::Name | Kind::Pronoun) {
        return source(candidate);
    }
    if let Some(named) = view.candidates[..c].last()
        && named.kind == Kind::Name
        && named.head as usize + 2 == first
        && scene.classes[first - 1].group == Group::Comma
    {
        return source(named);
    }
    if let Some(named) = appositive(view, c) {
        return source(named);
    }
    let head = candidate.head as usize;
    let paragraph = &scene.paragraphs[scene.paragraph_of(head)];
    let end = with_prepositions(scene, head + 1, paragraph.tokens.end);
    Source { span: candidate.span.cover(scene.span_of(head..end)), head }
}

/// The name between commas right behind a noun: "her rival, Jane Doe, said".
fn appositive<'a>(view: &View<'a>, c: usize) -> Option<&'a Candidate> {
    let comma = |t: usize| view.scene.classes.get(t).is_some_and(|c| c.group == Group::Comma);
    let (head, named) = (view.candidates[c].head as usize, view.candidates.get(c + 1)?);
    let set_off = comma(head + 1) && comma(named.head as usize + 1);
    (named.kind == Kind::Name && named.first as usize == head + 2 && set_off).then_some(named)
}

/// Where the prepositional phrases behind a noun end: "for the Finance Ministry".
fn with_prepositions(scene: &Scene, from: usize, limit: usize) -> usize {
    let mut end = from;
    for _ in 0..3 {
        let opens = end < limit && matches!(scene.word(end), "of" | "for" | "from" | "at" | "with");
        let phrase = (end + 1..limit.min(end + 8))
            .take_while(|&t| {
                let class = scene.classes[t];
                scene.quoted[t] == 0
                    && (class.is_name()
                        || class.is_noun()
                        || matches!(
                            class.group,
                            Group::Determiner
                                | Group::Possessive
                                | Group::Title
                                | Group::Genitive
                                | Group::Number
                        ))
            })
            .last();
        match phrase.filter(|_| opens) {
            Some(last) => end = last + 1,
            None => break,
        }
    }
    end
}
