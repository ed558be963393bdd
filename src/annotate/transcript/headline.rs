//! Headlines that end in who says so: "Gulls are out of control, warns expert". Not for those of which
//! all that is said stands between marks, nor for a label before the words.

use smallvec::smallvec;

use super::Spoken;
use super::names::Names;
use crate::annotate::scene::Scene;
use crate::annotate::words::{Group, forms};
use crate::article::{Part, QuoteKind};
use crate::lexicon::Forms;
use crate::text::Span;

/// Name of the rule that gives these quotes.
const RULE: &str = "headline-says";
/// How often it is right, by hand.
const CONFIDENCE: f32 = 0.85;
/// Words of a speaker at most.
const LONGEST: usize = 6;

/// What the headlines of an article report.
pub fn headlines(scene: &Scene, _: &Names) -> Vec<Spoken> {
    let top = if scene.begins { scene.paragraphs.len().min(3) } else { 0 };
    (0..top).filter_map(|p| headline(scene, p)).collect()
}

fn headline(scene: &Scene, p: usize) -> Option<Spoken> {
    let paragraph = &scene.paragraphs[p];
    let tokens = paragraph.tokens.clone();
    let group = |t: usize| scene.classes[t].group;
    let says = |t: usize| {
        group(t) == Group::CueSure && forms(scene.word(t)).any(Forms::THIRD) && scene.quoted[t] == 0
    };
    let comma = tokens.clone().rev().take(LONGEST + 2).find(|&t| group(t) == Group::Comma)?;
    let cue = comma + 1;
    let source = cue + 1..tokens.end;
    let nominal = |t: usize| {
        let class = scene.classes[t];
        scene.quoted[t] == 0 && (class.is_nominal() || class.group == Group::Title)
    };
    let said = tokens.start..comma;
    let marked = said.clone().next().and_then(|t| scene.stretch_of(t));
    let whole = marked.is_some_and(|s| scene.inside[s].end + 1 >= comma);
    let is_form = paragraph.part == Part::Title && said.len() >= 3 && !source.is_empty();
    if !is_form || whole || !says(cue) || !source.clone().all(nominal) {
        return None;
    }
    let kind = match said.clone().any(|t| scene.quoted[t] != 0) {
        true => QuoteKind::Mixed,
        false => QuoteKind::Indirect,
    };
    let span: Span = scene.span_of(said);
    let found = Spoken::direct(smallvec![span], Some(scene.span_of(source)), RULE);
    Some(Spoken { kind, cue: Some(scene.tokens[cue].span), confidence: CONFIDENCE, ..found })
}
