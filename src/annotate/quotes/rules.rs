//! What needs no weighing: forms so plain that a rule names the speaker, in English and in a few
//! other languages whose reporting verbs we know. The ranker is asked about everything else.

mod foreign;
pub mod lead;

use std::ops::Range;

use super::features::View;
use super::{Source, Turn};
use crate::annotate::candidates::{Candidate, Kind};
use crate::annotate::marks::Style;
use crate::annotate::scene::{Paragraph, Scene};
use crate::annotate::transcript::words::HEADINGS;
use crate::annotate::words::{Group, forms};
use crate::article::Part;
use crate::lexicon::Forms;
use crate::segment::TokenKind;

/// A rule: who speaks in this stretch, and the token of the verb.
type Rule = fn(&View, usize) -> Option<(Source, Option<usize>)>;

/// Most precise first.
const RULES: &[(&str, f32, Rule)] = &[
    ("by-line-dash", 0.93, by_line_dash),
    ("cjk-cue", 0.85, foreign::cjk_cue),
    ("cjk-cue", 0.85, foreign::japanese_cue),
    ("headline-colon", 0.9, headline_colon),
    ("headline-colon", 0.85, headline_colon_behind),
    ("lead-in", 0.8, lead::lead_in),
    ("lead-in", 0.8, lead::text_in_full),
    ("quoted-as-saying", 0.9, quoted_as_saying),
    ("foreign-cue", 0.85, foreign::foreign_cue),
    ("foreign-cue", 0.8, foreign::foreign_according),
];

/// What the rules say about a stretch.
pub fn turn(view: &View, s: usize, last: Option<&Turn>) -> Option<Turn> {
    let found = RULES.iter().find_map(|&(rule, probability, find)| {
        let (source, cue) = find(view, s)?;
        Some(Turn { stretch: s, source: Some(source), cue, probability, rule })
    });
    found.or_else(|| runs_on(view.scene, s, last?)).or_else(|| continues(view.scene, s, last?))
}

/// A paragraph that is nothing but the continuation of a quotation that the paragraph before left
/// open: its speaker goes on.
fn runs_on(scene: &Scene, s: usize, last: &Turn) -> Option<Turn> {
    let stretch = &scene.stretches[s];
    let open = last.stretch + 1 == s && !scene.stretches[last.stretch].closed;
    let alone = before(scene, s).is_none() && behind(scene, s).is_none();
    (open && alone && stretch.continues).then(|| Turn {
        stretch: s,
        probability: 0.95 * last.probability,
        rule: "same-speaker-continues",
        ..last.clone()
    })
}

/// A quotation right behind the sentence of a foreign one in the same paragraph goes on with it.
fn continues(scene: &Scene, s: usize, last: &Turn) -> Option<Turn> {
    let foreign = matches!(last.rule, "foreign-cue" | "cjk-cue" | "same-speaker-continues");
    let same = scene.stretches[s].paragraph == scene.stretches[last.stretch].paragraph;
    let before = before(scene, s)?;
    let cue = |t: usize| scene.classes[t].is_foreign_cue() && last.cue != Some(t);
    let from = scene.inside[last.stretch].end;
    let ended = match scene.classes[before].group {
        Group::Stop => true,
        // „Niemand“, betonte sie, „wird entlassen.“
        Group::Comma | Group::Dash => !(from..before).any(cue),
        _ => false,
    };
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

/// X was quoted by Y as saying “…”: the words are X's, Y passes them on.
fn quoted_as_saying(view: &View, s: usize) -> Option<(Source, Option<usize>)> {
    const RELAYED: [&str; 4] = ["quoted", "cited", "reported", "heard"];
    let scene = view.scene;
    let last = before(scene, s)?;
    let floor = scene.sentences[scene.sentence_of(last)].start;
    let joins = |t: usize| {
        matches!(scene.classes[t].group, Group::Comma | Group::Colon) || scene.word(t) == "that"
    };
    let saying = (floor..=last).rev().find(|&t| !joins(t))?;
    let says = scene.classes[saying].group == Group::CueSure && scene.word(saying).ends_with("ing");
    if !says || saying <= floor || scene.word(saying - 1) != "as" {
        return None;
    }
    let open = |t: &usize| scene.quoted[*t] == 0;
    let relayed = (floor..saying - 1).rev().take(14).take_while(open);
    let relayed = relayed.into_iter().find(|&t| RELAYED.contains(&scene.word(t)))?;
    let passive = |t: &usize| {
        matches!(scene.classes[*t].group, Group::Auxiliary | Group::Adverb | Group::Manner)
    };
    let head = (floor..relayed).rev().find(|t| !passive(t)).filter(|&head| head + 1 < relayed)?;
    let at = view.candidates.binary_search_by_key(&(head as u32), |c| c.head).ok()?;
    Some((source(&view.candidates[at]), Some(saying)))
}

/// “…” — Jane Doe, mayor; the by-line may be the next paragraph, or stand in brackets.
fn by_line_dash(view: &View, s: usize) -> Option<(Source, Option<usize>)> {
    let scene = view.scene;
    let opens = before(scene, s).is_none() || scene.stretches[s].continues;
    let rest = by_line(scene, s).filter(|_| opens)?;
    let plain = |t: usize| {
        scene.quoted[t] == 0 && !scene.classes[t].is_cue() && scene.classes[t].group != Group::Stop
    };
    let named = scene.classes.get(rest.start).is_some_and(|c| {
        c.is_name() || matches!(c.group, Group::Title | Group::Determiner | Group::Role)
    });
    let last = rest.end.checked_sub(1)?;
    if !named || !(1..=16).contains(&rest.len()) || !(rest.start..last).all(plain) {
        return None;
    }
    candidate_in(view, rest).map(|c| (source(c), None))
}

/// The words of a by-line behind a quotation: after a dash, or between brackets that end the
/// paragraph and open with a title or a given name.
fn by_line(scene: &Scene, s: usize) -> Option<Range<usize>> {
    let within = paragraph(scene, s);
    let dashes = |from: usize, limit: usize| {
        let dash = |t: &usize| scene.classes[*t].group == Group::Dash || scene.word(*t) == "~";
        from + (from..limit.min(from + 3)).take_while(dash).count()
    };
    let Some(sign) = behind(scene, s) else {
        let next = next_paragraph(scene, scene.stretches[s].paragraph)?;
        let from = dashes(next.start, next.end);
        return (from > next.start).then_some(from..next.end);
    };
    let from = dashes(sign, within.end);
    if from > sign {
        return Some(from..within.end);
    }
    let group = |t: usize| scene.classes.get(t).map_or(Group::None, |c| c.group);
    let close = (sign..within.end).find(|&t| group(t) == Group::Close)?;
    let person = matches!(group(sign + 1), Group::Title | Group::Given);
    let ends = (close + 1..within.end).all(|t| group(t) == Group::Stop);
    (group(sign) == Group::Open && person && ends).then_some(sign + 1..close)
}

/// Paragraphs among which the first copy of a repeated one is looked for: the work stays linear.
const LOOKED_BACK: usize = 500;

/// The paragraph behind one. Where that repeats an earlier one, as by-lines do, it is the earlier one.
fn next_paragraph(scene: &Scene, p: usize) -> Option<Range<usize>> {
    let from = scene.paragraphs[p].span.end() + 2;
    let next = scene.paragraphs.get(p + 1);
    if let Some(next) = next.filter(|next| next.span.start() == from) {
        return Some(next.tokens.clone());
    }
    let rest = scene.text.get(from..)?;
    let line = &rest[..rest.find("\n\n").unwrap_or(rest.len())];
    let same = |earlier: &&Paragraph| earlier.span.of(scene.text) == line;
    let earlier = scene.paragraphs[p.saturating_sub(LOOKED_BACK)..p].iter();
    earlier.rev().find(same).map(|earlier| earlier.tokens.clone())
}

/// Smith: ‘No’
fn headline_colon(view: &View, s: usize) -> Option<(Source, Option<usize>)> {
    let scene = view.scene;
    let (within, colon) = (paragraph(scene, s), before(scene, s)?);
    let name = within.start..colon;
    let headline = scene.paragraphs[scene.stretches[s].paragraph].part == Part::Title
        || scene.stretches[s].style == Style::Single
        || behind(scene, s).is_none_or(|t| t + 1 >= within.end);
    if scene.classes[colon].group != Group::Colon || !headline {
        return None;
    }
    label(view, name).map(|source| (source, None))
}

/// ‘No’: Smith on the strike
fn headline_colon_behind(view: &View, s: usize) -> Option<(Source, Option<usize>)> {
    let scene = view.scene;
    let (within, colon) = (paragraph(scene, s), behind(scene, s)?);
    let group = |t: usize| scene.classes[t].group;
    let headline = opens_behind_heading(scene, s) && within.len() <= 30;
    let open = scene.classes.get(colon + 1).is_some_and(|c| c.is_name() || c.group == Group::Title);
    if !headline || !open || group(colon) != Group::Colon {
        return None;
    }
    let name = colon + 1..within.end;
    let end = name.clone().find(|&t| !is_named(scene, t)).unwrap_or(within.end);
    let ends = end == within.end || matches!(group(end), Group::Preposition | Group::Comma);
    label(view, colon + 1..end).filter(|_| ends).map(|source| (source, None))
}

/// Whether a word may stand in a label: of a name, or a role.
fn is_named(scene: &Scene, token: usize) -> bool {
    let class = scene.classes[token];
    class.is_name() || matches!(class.group, Group::Title | Group::Role)
}

/// The words of a label as a source: a name in them, all of them where they end in a role.
fn label(view: &View, words: Range<usize>) -> Option<Source> {
    let scene = view.scene;
    if !(1..=5).contains(&words.len()) || !words.clone().all(|t| is_named(scene, t)) {
        return None;
    }
    if names_nobody(scene, words.clone()) {
        return None;
    }
    let head = words.end - 1;
    if scene.classes[head].group == Group::Role {
        return Some(Source { span: scene.span_of(words), head });
    }
    // The name closes the label: "Union leader Jane Doe" is nobody of the name of Union.
    let at = view.candidates.binary_search_by_key(&(head as u32), |c| c.head);
    let last = at.ok().map(|at| &view.candidates[at]).filter(|c| c.kind == Kind::Name);
    last.or_else(|| candidate_in(view, words)).map(source)
}

/// Whether a label is none of a speaker: "READ MORE".
fn names_nobody(scene: &Scene, label: Range<usize>) -> bool {
    label.into_iter().all(|t| HEADINGS.contains(&scene.word(t).to_lowercase().as_str()))
}

/// Whether nothing stands before a stretch but a label that names nobody.
fn opens_behind_heading(scene: &Scene, s: usize) -> bool {
    let Some(colon) = before(scene, s) else { return true };
    let label = paragraph(scene, s).start..colon;
    scene.classes[colon].group == Group::Colon && label.len() <= 3 && names_nobody(scene, label)
}

/// Robert “Bobby” Scott, a vendor known as “Lucky”: the marks hold a nickname.
pub fn is_nickname(view: &View, s: usize) -> bool {
    let scene = view.scene;
    let inside = scene.inside[s].clone();
    let named = |t: usize| scene.classes[t].is_name();
    let words = inside.clone().filter(|&t| scene.classes[t].group != Group::Stop);
    if inside.len() > 4 || !words.clone().all(named) {
        return false;
    }
    let Some(before) = before(scene, s) else { return false };
    let called = match scene.word(before) {
        "nicknamed" | "name" | "nickname" | "alias" => true,
        "as" | "by" => {
            let from = before.saturating_sub(4).max(paragraph(scene, s).start);
            (from..before)
                .any(|t| matches!(scene.word(t), "known" | "name" | "goes" | "himself" | "herself"))
        }
        _ => false,
    };
    called || inside.len() <= 3 && named(before) && behind(scene, s).is_some_and(named)
}

/// Whether a stretch cannot be anything but speech: a closed sentence that opens its paragraph.
pub fn is_surely_speech(view: &View, s: usize) -> bool {
    let scene = view.scene;
    let inside = scene.inside[s].clone();
    let words = inside.clone().filter(|&t| scene.tokens[t].kind == TokenKind::Word);
    let capitals = words.clone().filter(|&t| scene.is_upper(t)).count();
    let ended = inside
        .clone()
        .next_back()
        .is_some_and(|t| matches!(scene.classes[t].group, Group::Stop | Group::Comma));
    let stretch = &scene.stretches[s];
    ended
        && stretch.closed
        && stretch.style != Style::Single
        && before(scene, s).is_none()
        && scene.is_upper(inside.start)
        && words.clone().count() >= 5
        && 2 * capitals <= words.count()
        && scene.paragraphs[stretch.paragraph].part == Part::Body
}

/// A sentence of its own behind the by-line of the quotation before it: “A,” said Smith. “B.”
pub fn follows_on(view: &View, s: usize, last: Option<&Turn>) -> Option<Turn> {
    let (scene, last) = (view.scene, last?);
    let same = scene.stretches[s].paragraph == scene.stretches[last.stretch].paragraph
        && scene.stretches[s].style == scene.stretches[last.stretch].style;
    let before = before(scene, s)?;
    let stop = |t: usize| scene.classes[t].group == Group::Stop;
    let inside = scene.inside[s].clone();
    let upper = scene.is_upper(inside.start);
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
    let upper = scene.is_upper(inside.start);
    let sure = scene.classes[cue].group == Group::CueSure;
    let near = (source.first as usize).max(cue) <= next + 4 && source.first as usize + 1 >= next;
    // Few words may be a title: the verb must stand right behind them.
    let long = inside.len() >= 4 || inside.len() >= 3 && cue == next;
    stopped && upper && sure && near && long
}

/// The source with what belongs to a nameless one: "a spokesperson for the ministry". A noun in
/// apposition to a name gives way to the name: "Jane Doe, a vet, said".
pub fn fuller(view: &View, c: usize) -> Source {
    let scene = view.scene;
    let candidate = whole(view, c);
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
    let mut head = candidate.head as usize;
    let paragraph = &scene.paragraphs[scene.paragraph_of(head)];
    if closes_with_noun(scene, head + 1, paragraph.tokens.end) {
        head += 1;
    }
    let end = with_prepositions(scene, head + 1, paragraph.tokens.end);
    let end = with_participle(scene, candidate, end, paragraph.tokens.clone()).unwrap_or(end);
    Source { span: candidate.span.cover(scene.span_of(head..end)), head }
}

/// The longest candidate of a noun phrase: "the accident report", not "the accident".
fn whole<'a>(view: &View<'a>, c: usize) -> &'a Candidate {
    let chosen = &view.candidates[c];
    let longer = view.candidates[c + 1..].iter().take_while(|o| o.first == chosen.first);
    match chosen.kind {
        Kind::Noun | Kind::Role => longer
            .filter(|o| matches!(o.kind, Kind::Document | Kind::Role))
            .last()
            .unwrap_or(chosen),
        _ => chosen,
    }
}

/// Whether a noun that looks like a verb ends the phrase before it: "the accident report."
fn closes_with_noun(scene: &Scene, at: usize, limit: usize) -> bool {
    let verb = forms(scene.word(at.min(limit - 1)));
    let ends = at + 1 >= limit || matches!(scene.classes[at + 1].group, Group::Comma | Group::Stop);
    at < limit && scene.quoted[at] == 0 && ends && verb.any(Forms::BASE) && !verb.any(Forms::PAST)
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
                let part = matches!(class.group, Group::Title | Group::Number);
                scene.quoted[t] == 0 && (class.is_nominal() || part)
            })
            .last();
        match phrase.filter(|_| opens) {
            Some(last) => end = last + 1,
            None => break,
        }
    }
    end
}

/// Where the participle clause behind a noun ends, if one follows: "a poll released on Friday found",
/// "according to a source familiar with the talks".
fn with_participle(
    scene: &Scene,
    candidate: &Candidate,
    from: usize,
    within: Range<usize>,
) -> Option<usize> {
    let group = |t: usize| scene.classes[t].group;
    let first = candidate.first as usize;
    // Behind its verb the noun phrase runs to the comma; before it, up to the verb.
    let led = first > within.start
        && (scene.classes[first - 1].is_cue() || scene.word(first - 1) == "to");
    let participle = |t: usize| {
        matches!(group(t), Group::Past | Group::Gerund)
            || scene.classes[t].is_cue() && forms(scene.word(t)).any(Forms::PARTICIPLE)
            || matches!(scene.word(t), "close" | "familiar" | "led" | "held" | "sent" | "made")
    };
    let opens = from + 1 < within.end && scene.quoted[from] == 0 && participle(from);
    if !opens || candidate.kind == Kind::Noun {
        return None;
    }
    let ends = |t: &usize| match group(*t) {
        _ if scene.quoted[*t] != 0 || scene.classes[*t].is_cue() => true,
        Group::Conjunction | Group::Auxiliary => !led,
        Group::Comma | Group::Stop | Group::Semicolon | Group::Colon | Group::Dash => true,
        Group::Open | Group::Subordinator | Group::Pronoun | Group::Relative => true,
        _ => false,
    };
    let end = (from + 1..within.end.min(from + 16)).find(ends)?;
    let adverb = |t: &usize| matches!(group(*t), Group::Adverb | Group::Manner);
    let skipped = (from + 1..end).rev().take_while(adverb);
    let close = end - skipped.count();
    let verb =
        forms(scene.word(end)).any(Forms::PAST | Forms::THIRD) && scene.word(end - 1) != "to";
    let sign = matches!(group(end), Group::Comma | Group::Stop);
    (if led { sign } else { scene.classes[end].is_cue() && verb }).then_some(close)
}
