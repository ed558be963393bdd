//! Organisations and places: equal names, acronyms and short forms become one entity each.

use compact_str::{CompactString, CompactStringExt};
use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use super::recut::Draft;
use super::roles::starts_upper;
use super::words::{fold, noun};
use crate::annotate::scene::Scene;
use crate::article::{Entity, EntityKind, Mention};
use crate::lexicon::{self, SpeakerNoun};
use crate::segment::TokenKind;
use crate::text::Span;

/// The words of a name: seldom more than these.
type Words = SmallVec<[CompactString; 4]>;

/// All mentions with the same words.
struct Group {
    kind: EntityKind,
    /// Folded, without article, stops and legal form.
    words: Words,
    mentions: Vec<Mention>,
    /// Some mention stands behind "the".
    definite: bool,
    /// First token behind the first mention.
    behind: usize,
    /// Number of the group it is a short form of.
    long: Option<usize>,
}

/// One entity an organisation or place.
pub fn entities(scene: &Scene, drafts: &[Draft]) -> Vec<Entity> {
    let mut groups = groups(scene, drafts);
    link(scene, &mut groups);
    let mut order: Vec<usize> = (0..groups.len()).collect();
    // Longest names first, so that a short form's target is settled before it is asked for.
    order.sort_by_key(|&i| usize::MAX - groups[i].words.len());
    let mut owner: Vec<usize> = (0..groups.len()).collect();
    for &i in &order {
        if let Some(long) = groups[i].long {
            owner[i] = owner[long];
        }
    }
    let mut merged: Vec<SmallVec<[usize; 2]>> = vec![SmallVec::new(); groups.len()];
    for &i in &order {
        merged[owner[i]].push(i);
    }
    merged.retain(|members| !members.is_empty());
    merged.into_iter().map(|members| entity(scene, &mut groups, &members)).collect()
}

fn groups(scene: &Scene, drafts: &[Draft]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut known: FxHashMap<(EntityKind, CompactString), usize> =
        FxHashMap::with_capacity_and_hasher(drafts.len() / 2, FxBuildHasher);
    for draft in drafts.iter().filter(|d| d.kind != EntityKind::Person) {
        let words = words(scene, draft);
        let full = words.iter().join_compact(" ");
        let canonical = lexicon::get().long_name(&full).map_or(full, CompactString::from);
        let number = *known.entry((draft.kind, canonical)).or_insert_with(|| {
            let (kind, behind) = (draft.kind, draft.tokens.end);
            groups.push(Group {
                kind,
                words,
                mentions: Vec::new(),
                definite: false,
                behind,
                long: None,
            });
            groups.len() - 1
        });
        let group = &mut groups[number];
        group.mentions.push(Mention { span: draft.span(scene), kind: draft.kind });
        group.definite |=
            draft.tokens.start > 0 && matches!(scene.word(draft.tokens.start - 1), "the" | "The");
    }
    groups
}

/// The words that count: article, stops, legal form left out, unless nothing else is there.
fn words(scene: &Scene, draft: &Draft) -> Words {
    const LEGAL: &[&str] =
        &["inc", "corp", "co", "ltd", "llc", "plc", "ag", "gmbh", "sa", "nv", "llp", "lp"];
    let is_word = |t: &usize| scene.tokens[*t].kind != TokenKind::Punctuation;
    let mut words: Words =
        draft.tokens.clone().filter(is_word).map(|t| without_stops(fold(scene.word(t)))).collect();
    if words.len() > 1 && words[0] == "the" {
        words.remove(0);
    }
    if words.len() > 1 && LEGAL.contains(&words[words.len() - 1].as_str()) {
        words.pop();
    }
    words
}

/// Finds the long form of every short one, by acronym, first word or last word.
fn link(scene: &Scene, groups: &mut [Group]) {
    let mut by_initials: FxHashMap<CompactString, Option<usize>> = FxHashMap::default();
    let mut by_first: FxHashMap<CompactString, Option<usize>> = FxHashMap::default();
    let mut by_last: FxHashMap<CompactString, Option<usize>> = FxHashMap::default();
    for (number, group) in groups.iter().enumerate() {
        if group.words.len() < 2 || group.kind != EntityKind::Organisation {
            continue;
        }
        for (map, key) in [
            (&mut by_initials, initials(scene, group)),
            (&mut by_first, group.words[0].clone()),
            (&mut by_last, group.words[group.words.len() - 1].clone()),
        ] {
            // A key that fits two names explains nothing.
            map.entry(key).and_modify(|found| *found = None).or_insert(Some(number));
        }
    }
    let printed: FxHashMap<CompactString, usize> =
        groups.iter().enumerate().filter_map(|(i, g)| Some((bracketed(scene, g)?, i))).collect();
    for (number, group) in groups.iter_mut().enumerate().filter(|(_, g)| g.words.len() == 1) {
        let word = group.words[0].as_str();
        let generic = noun(word) == Some(SpeakerNoun::Organisation);
        let org = group.kind == EntityKind::Organisation;
        let acronym = is_acronym(group.mentions[0].span.of(scene.text));
        let get = |map: &FxHashMap<CompactString, Option<usize>>| map.get(word).copied().flatten();
        let long = match acronym {
            true => printed.get(word).copied().or_else(|| get(&by_initials)),
            false if !org => None,
            false if generic => get(&by_last).filter(|_| group.definite),
            false => get(&by_first).or_else(|| get(&by_last).filter(|_| group.definite)),
        };
        group.long = long.filter(|&l| l != number);
    }
}

/// First letters of the capitalised words.
fn initials(scene: &Scene, group: &Group) -> CompactString {
    let name = group.mentions[0].span.of(scene.text);
    name.split([' ', '-'])
        .filter(|w| starts_upper(w) && *w != "The")
        .filter_map(|w| w.chars().next())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The acronym in brackets right behind the first mention.
fn bracketed(scene: &Scene, group: &Group) -> Option<CompactString> {
    let at = group.behind;
    let fits = at + 2 < scene.tokens.len()
        && scene.word(at) == "("
        && scene.word(at + 2) == ")"
        && is_acronym(scene.word(at + 1))
        && group.words.len() > 1;
    fits.then(|| without_stops(fold(scene.word(at + 1))))
}

fn without_stops(mut word: CompactString) -> CompactString {
    if word.contains('.') {
        word.retain(|c| c != '.');
    }
    word
}

fn is_acronym(word: &str) -> bool {
    let letters = word.chars().filter(|c| *c != '.');
    (2..=8).contains(&letters.clone().count())
        && letters.clone().all(|c| c.is_uppercase() || c == '&')
}

fn entity(scene: &Scene, groups: &mut [Group], members: &[usize]) -> Entity {
    let mut mentions = std::mem::take(&mut groups[members[0]].mentions);
    for &other in &members[1..] {
        mentions.append(&mut groups[other].mentions);
    }
    mentions.sort_by_key(|m| m.span);
    let longest = &groups[members[0]];
    let full = longest.words.iter().join_compact(" ");
    let canonical = lexicon::get().long_name(&full).unwrap_or(&full);
    let kind = match longest.kind {
        EntityKind::Organisation => "organisation:",
        _ => "place:",
    };
    Entity {
        key: [kind, canonical].concat(),
        name: fullest(scene, &mentions).of(scene.text).to_owned(),
        kind: longest.kind,
        role: None,
        party: None,
        gender: None,
        mentions,
        roles: Vec::new(),
    }
}

/// The longest way it is printed, the first of equals.
fn fullest(scene: &Scene, mentions: &[Mention]) -> Span {
    let length = |m: &&Mention| m.span.of(scene.text).chars().count();
    mentions.iter().rev().max_by_key(length).expect("an entity has a mention").span
}
