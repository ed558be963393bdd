//! Direct speech: answers cut to the quotations of the text, against the marked turns.

use std::collections::BTreeMap;

use super::{Given, Tally, names, pair_up, source_right};
use crate::eval::gold::{Gold, Turn};
use crate::eval::kit::{self, ContentKind};
use crate::text::Span;

/// The figures of turns, in the order of the table.
pub const FIGURES: [&str; 6] = ["exact", "tokens", "matched", "e2e", "e2e*", "strict"];

/// How often the source is right, once the words are matched.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Matched turns whose source is marked.
    pub matched: usize,
    /// Their source is right.
    pub right: usize,
    /// Their source is right, or another name of the same person.
    pub by_name: usize,
    /// No source and no speaker was given.
    pub none: usize,
    /// Turns by the form of their marked source.
    pub by_type: BTreeMap<String, Row>,
}

/// Turns with one form of source.
#[derive(Clone, Copy, Debug, Default)]
pub struct Row {
    /// All of them.
    pub gold: usize,
    /// Their words were found.
    pub matched: usize,
    /// Found, and the source is right.
    pub right: usize,
    /// Found, and the source is right or another name of the same person.
    pub by_name: usize,
}

/// The part of an answer that lies in one quotation.
struct Piece<'a> {
    words: Vec<Span>,
    answer: &'a Given,
}

/// Adds the turns of one article; says of each required one whether words and source are right.
pub fn score(gold: &Gold, given: &[Given], tally: &mut Tally, sources: &mut Sources) -> Vec<bool> {
    let required: Vec<&Turn> = gold.turns.iter().filter(|t| t.required).collect();
    let wanted: Vec<Vec<Span>> = required.iter().map(|t| kit::words(&gold.text, t.span)).collect();
    let forgiven = forgiven(gold);
    let pieces = pieces(gold, given, &forgiven);
    let words: Vec<&[Span]> = pieces.iter().map(|p| p.words.as_slice()).collect();
    let pairs = pair_up(&words, &wanted);
    for name in FIGURES.iter().filter(|name| **name != "tokens") {
        let counts = tally.of(name);
        counts.given += pieces.len();
        counts.gold += required.len();
    }
    count_words(&words, &wanted, &forgiven, tally);
    let mut right = Vec::with_capacity(required.len());
    for (g, turn) in required.iter().enumerate() {
        let piece = pairs.get(&g).map(|&p| &pieces[p]);
        let exact = piece.is_some_and(|piece| piece.words == wanted[g]);
        right.push(add(gold, turn, piece.map(|p| p.answer), exact, tally, sources));
    }
    right
}

/// Adds one turn with its answer; says whether both words and source are right.
fn add(
    gold: &Gold,
    turn: &Turn,
    answer: Option<&Given>,
    exact: bool,
    tally: &mut Tally,
    sources: &mut Sources,
) -> bool {
    let row = sources.by_type.entry(turn.source_type.clone()).or_default();
    row.gold += 1;
    let nameable = matches!(turn.source_type.as_str(), "pronoun" | "surname");
    let name = turn.silver_speaker.as_deref().filter(|_| nameable);
    tally.of(&turn.source_type).gold += usize::from(name.is_some());
    let Some(answer) = answer else { return false };
    let right = source_right(&gold.text, answer.source, &turn.source);
    let named = !turn.source.is_empty();
    let by_name = right || named && same_by_name(&gold.text, answer, turn);
    let outcomes = [
        ("exact", exact),
        ("matched", true),
        ("e2e", right),
        ("e2e*", by_name),
        ("strict", exact && right),
    ];
    outcomes.iter().for_each(|&(name, value)| tally.of(name).hit(value));
    row.matched += 1;
    row.right += usize::from(right);
    row.by_name += usize::from(by_name);
    if named {
        sources.matched += 1;
        sources.right += usize::from(right);
        sources.by_name += usize::from(by_name);
        sources.none += usize::from(answer.source.is_none() && answer.speaker.is_none());
    }
    if let Some(name) = name {
        let full = answer.speaker.as_deref().filter(|s| names::is_full(s));
        let counts = tally.of(&turn.source_type);
        counts.given += usize::from(full.is_some());
        counts.hit(full.is_some_and(|full| names::same_person(full, name)));
    }
    right
}

/// Adds the figure of single words.
fn count_words(given: &[&[Span]], wanted: &[Vec<Span>], forgiven: &[Span], tally: &mut Tally) {
    let mut given = union(given.iter().copied());
    given.retain(|word| forgiven.binary_search(word).is_err());
    let wanted = union(wanted.iter().map(Vec::as_slice));
    let counts = tally.of("tokens");
    counts.given += given.len();
    counts.gold += wanted.len();
    let shared = kit::shared(&given, &wanted);
    counts.right_given += shared;
    counts.right_gold += shared;
}

/// The words of several sets, each once, in order.
pub fn union<'a>(sets: impl Iterator<Item = &'a [Span]>) -> Vec<Span> {
    let mut all: Vec<Span> = sets.flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The words that count neither way: in regions that nobody marked and in turns not required.
fn forgiven(gold: &Gold) -> Vec<Span> {
    let mut areas = gold.ignore.clone();
    areas.extend(gold.turns.iter().filter(|t| !t.required).map(|t| t.stretch));
    kit::word_set(&gold.text, &areas)
}

/// Answers cut to the quotations of the text, without those that count neither way.
fn pieces<'a>(gold: &Gold, given: &'a [Given], forgiven: &[Span]) -> Vec<Piece<'a>> {
    let text = &gold.text;
    let stretches = kit::double_quoted(text);
    let mut pieces: Vec<Piece> = Vec::new();
    for answer in given {
        let kind = kit::content_kind(text, &answer.content, &stretches);
        if matches!(kind, ContentKind::Indirect | ContentKind::Scare) {
            continue;
        }
        for part in kit::clip(&answer.content, &stretches) {
            let words = kit::words(text, kit::trim(text, part));
            let known = pieces.iter().any(|p| p.words == words);
            if !words.is_empty() && !known && 2 * kit::shared(&words, forgiven) <= words.len() {
                pieces.push(Piece { words, answer });
            }
        }
    }
    pieces
}

/// Whether an answer names the same person, though by other words.
fn same_by_name(text: &str, answer: &Given, turn: &Turn) -> bool {
    let upper = |s: &&str| s.starts_with(char::is_uppercase);
    let given_heads = answer.source.map(|s| kit::head_words(text, &[s])).unwrap_or_default();
    let given = answer
        .speaker
        .iter()
        .map(String::as_str)
        .chain(given_heads.iter().map(|h| h.of(text)).filter(upper));
    let heads = kit::head_words(text, &turn.source);
    let written = turn.source_type != "pronoun";
    let wanted: Vec<&str> = heads
        .iter()
        .map(|h| h.of(text))
        .filter(|h| written && upper(h))
        .chain(turn.silver_speaker.as_deref())
        .collect();
    given.into_iter().any(|g| wanted.iter().any(|w| names::same_person(g, w)))
}
