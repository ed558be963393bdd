//! Mentions as the cast needs them: titles the recogniser took into a name are cut off again,
//! given name, nickname and surname are put together. No linking yet.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::names::Name;
use super::words::{fold, given_gender, is_suffix};
use super::{paragraph_of, tokens_of};
use crate::annotate::scene::Scene;
use crate::annotate::words::Group;
use crate::article::{EntityKind, Mention};
use crate::segment::TokenKind;
use crate::text::Span;

/// A mention on its way to an entity.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// What it stands for.
    pub kind: EntityKind,
    /// The name taken apart, of persons.
    pub name: Option<Name>,
    /// Number of the person, once known.
    pub owner: Option<usize>,
}

impl Draft {
    /// A mention over these tokens.
    pub fn new(scene: &Scene, tokens: Range<usize>, kind: EntityKind) -> Draft {
        let name = (kind == EntityKind::Person).then(|| parse(scene, tokens.clone())).flatten();
        Draft { tokens, kind, name, owner: None }
    }

    /// Where it stands.
    pub fn span(&self, scene: &Scene) -> Span {
        let (first, last) = (self.tokens.start, self.tokens.end - 1);
        scene.tokens[first].span.cover(scene.tokens[last].span)
    }
}

/// The name in these tokens; a nickname in marks or brackets is left out.
fn parse(scene: &Scene, tokens: Range<usize>) -> Option<Name> {
    let mut depth = false;
    let words = tokens.filter(|&t| match scene.tokens[t].kind {
        TokenKind::Word | TokenKind::Number => !depth,
        TokenKind::Quote | TokenKind::Punctuation => {
            depth ^= scene.tokens[t].kind == TokenKind::Quote || matches!(scene.word(t), "(" | ")");
            false
        }
    });
    Name::parse(words.map(|t| scene.word(t)))
}

/// The drafts of all mentions, in the order of the text.
pub fn drafts(scene: &Scene, mentions: &[Mention]) -> Vec<Draft> {
    // With room for names that are found later on.
    let mut drafts: Vec<Draft> = Vec::with_capacity(mentions.len() + mentions.len() / 8 + 4);
    for mention in mentions {
        let mut tokens = tokens_of(scene, mention.span);
        // "Nobody", "Others" at the start of a sentence.
        let group = scene.classes.get(tokens.start).map(|c| c.group);
        if tokens.len() == 1 && matches!(group, Some(Group::Pronoun | Group::Determiner)) {
            continue;
        }
        if mention.kind == EntityKind::Person {
            tokens = without_title(scene, tokens);
            tokens.end = with_suffix(scene, tokens.clone());
            if let Some(start) =
                drafts.last().and_then(|d| given_before_nickname(scene, d, &tokens))
            {
                drafts.pop();
                tokens.start = start;
            }
        }
        if !tokens.is_empty() && drafts.last().is_none_or(|d| d.tokens.end <= tokens.start) {
            drafts.push(Draft::new(scene, tokens, mention.kind));
        }
    }
    trim_to_known(scene, &mut drafts);
    drafts
}

/// Cuts a name of three words and more down to what the article shows to be the name: "Crooked Ann
/// Lee" where "Ann Lee" stands elsewhere, "Ann Lee Asks Voters" where "Lee" does.
fn trim_to_known(scene: &Scene, drafts: &mut [Draft]) {
    let mut full: FxHashSet<(&str, &str)> = FxHashSet::default();
    let mut bare: FxHashSet<&str> = FxHashSet::default();
    for draft in drafts.iter().filter(|d| d.kind == EntityKind::Person) {
        match draft.tokens.len() {
            1 => drop(bare.insert(scene.word(draft.tokens.start))),
            2 => drop(
                full.insert((scene.word(draft.tokens.start), scene.word(draft.tokens.start + 1))),
            ),
            _ => {}
        }
    }
    for draft in drafts.iter_mut().filter(|d| d.kind == EntityKind::Person && d.tokens.len() > 2) {
        let Range { start, end } = draft.tokens;
        let known = |t: &usize| full.contains(&(scene.word(*t), scene.word(*t + 1)));
        let named =
            |t: &usize| bare.contains(scene.word(*t)) && !bare.contains(scene.word(end - 1));
        let tokens = if let Some(first) = (start..end - 1).find(known) {
            first..first + 2
        } else if end - start > 3
            && let Some(last) = (start + 1..end - 1).find(named)
        {
            start..last + 1
        } else {
            continue;
        };
        let follows = tokens.end < end && is_suffix(&fold(scene.word(tokens.end)));
        let end = tokens.end + usize::from(follows);
        *draft = Draft::new(scene, tokens.start..end, EntityKind::Person);
    }
}

/// Cuts titles, parties and roles off the front, at least one word stays.
fn without_title(scene: &Scene, tokens: Range<usize>) -> Range<usize> {
    let mut start = tokens.start;
    for at in tokens.start..tokens.end.saturating_sub(1) {
        let title = scene.is_title(at);
        if !title && !scene.is_person_noun(at) {
            continue;
        }
        let word = fold(scene.word(at));
        let sure = scene.word(at).ends_with('.') && title && word.len() > 1;
        let leads = at == start && given_gender(&word).is_none();
        let middle = at > start && title && tokens.end - at > 2 && given_gender(&word).is_none();
        if (sure || leads || middle) && is_name_word(scene, at + 1) {
            start = at + 1;
        }
    }
    start = past_department(scene, start, tokens.end);
    start..tokens.end
}

fn is_name_word(scene: &Scene, at: usize) -> bool {
    scene.tokens[at].kind == TokenKind::Word && !is_suffix(&fold(scene.word(at)))
}

/// "State John Kerry" behind "Secretary of": the department belongs to the title.
fn past_department(scene: &Scene, start: usize, end: usize) -> usize {
    const DEPARTMENTS: &[&str] = &[
        "State",
        "Defense",
        "Defence",
        "Energy",
        "Education",
        "Labor",
        "Labour",
        "Commerce",
        "Agriculture",
        "Treasury",
        "Interior",
        "Transportation",
        "Transport",
        "Health",
        "Justice",
        "Security",
        "War",
        "Staff",
        "Staffs",
        "Finance",
    ];
    let titled = start >= 2 && scene.word(start - 1) == "of" && scene.is_title(start - 2);
    if titled && end - start > 1 && DEPARTMENTS.contains(&scene.word(start)) {
        start + 1
    } else {
        start
    }
}

/// The end of a name with its "Jr." or "III".
fn with_suffix(scene: &Scene, tokens: Range<usize>) -> usize {
    let paragraph = paragraph_of(scene, tokens.start);
    let comma = tokens.end < paragraph.end && scene.word(tokens.end) == ",";
    let at = tokens.end + usize::from(comma);
    let suffix =
        at < paragraph.end && matches!(scene.word(at), "Jr." | "Jr" | "Sr." | "Sr" | "II" | "III");
    if suffix && tokens.len() > 1 { at + 1 } else { tokens.end }
}

/// `Joseph “Joe” Smith`: where the name starts, if a nickname parts two mentions.
fn given_before_nickname(scene: &Scene, before: &Draft, tokens: &Range<usize>) -> Option<usize> {
    let (from, to) = (before.tokens.end, tokens.start);
    let short = before.kind == EntityKind::Person
        && before.tokens.len() <= 2
        && (3..=4).contains(&to.checked_sub(from)?);
    if !short || tokens.len() > 2 {
        return None;
    }
    let is_mark =
        |t: usize| scene.tokens[t].kind == TokenKind::Quote || matches!(scene.word(t), "(" | ")");
    let nickname =
        is_mark(from) && is_mark(to - 1) && (from + 1..to - 1).all(|t| scene.is_upper(t));
    nickname.then_some(before.tokens.start)
}
