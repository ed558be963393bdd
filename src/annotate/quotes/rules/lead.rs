//! Paragraphs that lead in to a quotation of its own paragraph without a verb of saying.

use super::{Source, before, behind, candidate_in, source};
use crate::annotate::candidates::{Candidate, Kind};
use crate::annotate::quotes::features::View;
use crate::annotate::transcript::words::TEXTS;
use crate::annotate::words::Group;
use crate::article::Part;

/// From the desk of Jane Doe; A message from Jane Doe, head of school: the quotation is the next
/// paragraph.
pub fn lead_in(view: &View, s: usize) -> Option<(Source, Option<usize>)> {
    let scene = view.scene;
    let lead = scene.paragraphs[scene.stretches[s].paragraph.checked_sub(1)?].tokens.clone();
    if before(scene, s).is_some() || behind(scene, s).is_some() || lead.len() > 30 {
        return None;
    }
    let word = |t: usize| scene.word(t);
    let desk = |t: usize| word(t).eq_ignore_ascii_case("desk") && word(t + 1) == "of";
    let message = |t: usize| {
        t <= lead.start + 2
            && ["message", "letter", "statement", "note", "word"]
                .iter()
                .any(|m| m.eq_ignore_ascii_case(word(t)))
            && matches!(word(t + 1), "from" | "by")
    };
    let plain = |t: usize| !scene.classes[t].is_cue() && scene.quoted[t] == 0;
    let end = lead.end.saturating_sub(2);
    let from = (lead.start..end).find(|&t| desk(t) || message(t))?;
    let named = candidate_in(view, from + 2..lead.end)?;
    (from + 2..lead.end).all(plain).then(|| (source(named), None))
}

/// The club's full statement: and the quotation is the next paragraph. A lead-in with a verb is the
/// ranker's.
pub fn text_in_full(view: &View, s: usize) -> Option<(Source, Option<usize>)> {
    let scene = view.scene;
    let lead = scene.paragraphs[scene.stretches[s].paragraph.checked_sub(1)?].tokens.clone();
    let colon = lead.end.checked_sub(1)?;
    let group = |t: usize| scene.classes[t].group;
    if group(colon) != Group::Colon || before(scene, s).is_some() {
        return None;
    }
    let from = scene.sentences.get(scene.sentence_of(colon))?.start.max(lead.start);
    let nominal = |t: usize| scene.classes[t].is_nominal();
    let is_text = |t: usize| TEXTS.iter().any(|text| text.eq_ignore_ascii_case(scene.word(t)));
    let text = (from..colon).rev().find(|&t| is_text(t))?;
    let plain = |t: usize| matches!(group(t), Group::Preposition | Group::Lower);
    if !(from..text).all(nominal) || !(text + 1..colon).all(plain) {
        return None;
    }
    let of = |token: usize| view.candidates.partition_point(|c| (c.head as usize) < token);
    let mut near = view.candidates[of(from)..of(text)].iter().rev();
    let owns = |c: &&Candidate| group(c.head as usize + 1) == Group::Genitive;
    let owner = near.find(|c| c.kind == Kind::Name && owns(c));
    let at = view.candidates.binary_search_by_key(&(text as u32), |c| c.head).ok();
    owner.or(at.map(|at| &view.candidates[at])).map(|c| (source(c), None))
}

/// What the last sentence before a paragraph of nothing but a quotation is about: "Jane Doe was quick
/// to answer." It says who speaks where nothing else does.
pub fn subject_before(view: &View, s: usize) -> Option<usize> {
    let scene = view.scene;
    let stretch = &scene.stretches[s];
    let lead = &scene.paragraphs[stretch.paragraph.checked_sub(1)?];
    let alone = before(scene, s).is_none() && behind(scene, s).is_none() && !stretch.continues;
    let group = |t: usize| scene.classes.get(t).map_or(Group::None, |class| class.group);
    let last = lead.tokens.end.checked_sub(1)?;
    let ended = scene.quoted[last] == 0 && matches!(group(last), Group::Stop | Group::Colon);
    if !alone || !ended || lead.part != Part::Body || scene.inside[s].len() < 4 {
        return None;
    }
    let from = scene.sentences.get(scene.sentence_of(last))?.start.max(lead.tokens.start);
    let opens = |t: usize| t == from || group(t - 1) == Group::Comma;
    let finite = |t: usize| {
        let adverb = matches!(group(t), Group::Adverb | Group::Manner);
        let verb = scene.classes[if adverb { t + 1 } else { t }];
        verb.is_cue() || matches!(verb.group, Group::Past | Group::Auxiliary)
    };
    let first = view.candidates.partition_point(|c| (c.first as usize) < from);
    let near = view.candidates[first..].iter().take_while(|c| (c.head as usize) < last);
    let subject = |c: &Candidate| {
        let (first, head) = (c.first as usize, c.head as usize);
        let person = match c.kind {
            Kind::Pronoun => matches!(scene.word(head), "He" | "She" | "he" | "she"),
            kind => matches!(kind, Kind::Name | Kind::Role),
        };
        person && opens(first) && finite(head + 1)
    };
    near.clone().position(subject).map(|n| first + n)
}
