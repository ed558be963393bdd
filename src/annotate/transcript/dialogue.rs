//! Lines of dialogue behind a dash, as French, Spanish and Portuguese print them. Not for a by-line
//! behind a dash.

use std::ops::Range;

use smallvec::smallvec;

use super::Spoken;
use crate::annotate::scene::Scene;
use crate::annotate::words::Group;
use crate::segment::TokenKind;
use crate::text::Spans;

/// Name of the rule that gives these quotes.
const RULE: &str = "dialogue-dash";

/// Lines of dialogue with a verb and a name: — Je ne sais pas, dit Marie Colin.
pub fn turns(scene: &Scene) -> Vec<Spoken> {
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
    let mut content: Spans = smallvec![scene.span_of(first + 1..last)];
    if end < within.end && dash(end) {
        let word = |t: &usize| scene.tokens[*t].kind == TokenKind::Word;
        let rest = (end + 1..within.end).find(word);
        content.extend(rest.map(|from| scene.span_of(from..within.end)));
    }
    let cue = Some(scene.tokens[cue].span);
    Some(Spoken { cue, ..Spoken::direct(content, Some(source), RULE) })
}
