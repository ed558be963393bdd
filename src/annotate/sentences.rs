//! Sentences as ranges of tokens. A sentence inside a quotation does not end the one around it,
//! and “A?” Smith said stays together.

use std::ops::Range;

use super::scene::Scene;
use super::words::{Class, Group};

/// The sentences of all paragraphs.
pub fn sentences(scene: &Scene) -> Vec<Range<usize>> {
    let mut found = Vec::with_capacity(scene.tokens.len() / 20);
    for paragraph in &scene.paragraphs {
        let mut start = paragraph.tokens.start;
        let mut at = start;
        while at < paragraph.tokens.end {
            at = match end_at(scene, at, paragraph.tokens.end) {
                Some(end) => {
                    found.push(start..end);
                    start = end;
                    end
                }
                None => at + 1,
            };
        }
        if start < paragraph.tokens.end {
            found.push(start..paragraph.tokens.end);
        }
    }
    found
}

/// Where the sentence ends if the token at `at` ends it.
fn end_at(scene: &Scene, at: usize, limit: usize) -> Option<usize> {
    let stretch = scene.quoted[at];
    if stretch != 0 {
        return end_behind_quotation(scene, at, limit);
    }
    let class = scene.classes[at];
    if class.group == Group::Stop {
        let closing = |t: &usize| {
            scene.quoted[*t] == 0
                && matches!(scene.classes[*t].group, Group::Close | Group::Stop | Group::Mark)
        };
        let end = at + 1 + (at + 1..limit).take_while(closing).count();
        let more = end < limit && goes_on(scene, end);
        return (!more).then_some(end);
    }
    // "in the U.S. He said": the stop belongs to the word and still ends the sentence.
    let next = at + 1;
    let ends = scene.word(at).ends_with('.')
        && next < limit
        && class.group != Group::Title
        && scene.is_upper(next)
        && opens_sentence(scene.classes[next]);
    ends.then_some(next)
}

/// Whether a lower-case word follows, so that the stop was none.
fn goes_on(scene: &Scene, next: usize) -> bool {
    scene.quoted[next] == 0 && scene.word(next).chars().next().is_some_and(char::is_lowercase)
}

/// Whether a capitalised word of this class rather starts a sentence than names something.
fn opens_sentence(class: Class) -> bool {
    matches!(
        class.group,
        Group::Determiner
            | Group::Possessive
            | Group::Pronoun
            | Group::Preposition
            | Group::Conjunction
            | Group::Subordinator
            | Group::Adverb
            | Group::Relative
    )
}

/// A quotation whose last words end a sentence ends the outer one too, unless the outer goes on.
fn end_behind_quotation(scene: &Scene, at: usize, limit: usize) -> Option<usize> {
    let next = at + 1;
    if next < limit && scene.quoted[next] == scene.quoted[at] {
        return None;
    }
    let stretch = scene.stretch_of(at)?;
    let last = scene.inside[stretch].clone().next_back()?;
    if next >= limit {
        return Some(next);
    }
    let stopped = scene.classes[last].group == Group::Stop;
    if !stopped {
        return None;
    }
    if scene.quoted[next] != 0 {
        return Some(next);
    }
    if !scene.is_upper(next) || reports(scene, next, limit) {
        return None;
    }
    Some(next)
}

/// Whether a name or pronoun and a verb of speech follow: “A?” Smith said.
fn reports(scene: &Scene, from: usize, limit: usize) -> bool {
    let ahead = from..limit.min(from + 8);
    for at in ahead {
        let group = scene.classes[at].group;
        match group {
            Group::CueSure => {
                let behind = scene.classes.get(at + 1).filter(|_| at + 1 < limit);
                let ends = behind.is_none_or(|c| {
                    matches!(
                        c.group,
                        Group::Stop | Group::Comma | Group::Preposition | Group::Adverb
                    )
                });
                return ends;
            }
            Group::Pronoun
            | Group::Determiner
            | Group::Title
            | Group::Role
            | Group::Given
            | Group::Capital
            | Group::Acronym => {}
            _ => return false,
        }
    }
    false
}
