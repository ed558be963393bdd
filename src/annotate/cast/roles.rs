//! The role printed beside a name: before it ("mayor Ann Lee"), behind it ("Ann Lee, the mayor of
//! Wells,"), and what stands in brackets ("(D-Wis.)"). Gives token ranges, decides nothing else.

use std::ops::Range;

use super::words::{fold, is_honorific, is_role_modifier};
use crate::annotate::scene::Scene;
use crate::lexicon::{self, Classes, SpeakerNoun};
use crate::segment::TokenKind;

/// Longest role before a name, in tokens.
const LONGEST_BEFORE: usize = 12;
/// Longest role behind a name, in tokens.
const LONGEST_AFTER: usize = 24;

/// The role that ends where the name starts. `floor`: first token of the paragraph.
pub fn before(scene: &Scene, name: usize, floor: usize) -> Option<Range<usize>> {
    let floor = floor.max(name.saturating_sub(LONGEST_BEFORE));
    let mut start = name;
    let mut seen_role = false;
    while start > floor {
        let at = start - 1;
        let word = scene.word(at);
        let folded = fold(word);
        let role = scene.is_title(at) && starts_upper(word) || scene.is_person_noun(at);
        if start == name && !role {
            return None;
        }
        let joins = role
            || starts_upper(word)
                && scene.tokens[at].kind == TokenKind::Word
                && !opens_sentence(scene, at, floor)
                && !is_shouted(word)
            || matches!(folded.as_str(), "s" | "of" | "for" | "and" | "-" | "&" | "the")
                && inside(scene, at, start, floor)
            || word.starts_with(['\'', '’']) && at > floor && scene.is_upper(at - 1)
            || !starts_upper(word) && (is_role_modifier(&folded) || is_body(scene, at));
        if !joins || is_cue_like(&folded) {
            break;
        }
        seen_role |= role;
        start = at;
    }
    while start < name && !may_open(scene, start) {
        start += 1;
    }
    let only_honorifics = (start..name).all(|t| is_honorific(&fold(scene.word(t))));
    (seen_role && start < name && !only_honorifics).then_some(start..name)
}

/// The role that a comma parts from the name behind it: "the mayor, Ann Lee, said".
pub fn before_comma(
    scene: &Scene,
    name: Range<usize>,
    floor: usize,
    ceiling: usize,
) -> Option<Range<usize>> {
    let comma = name.start.checked_sub(1).filter(|&t| t > floor && scene.word(t) == ",")?;
    let closed = name.end >= ceiling || matches!(scene.word(name.end), "," | "." | ";" | "(");
    if !closed {
        return None;
    }
    let floor = floor.max(comma.saturating_sub(LONGEST_BEFORE));
    let ends = |t: usize| {
        matches!(scene.tokens[t].kind, TokenKind::Quote | TokenKind::Number)
            || matches!(scene.word(t), "," | ";" | ":" | "." | "—" | "–" | "-" | "(" | ")" | "and")
            || is_cue_like(scene.word(t))
    };
    let is_article = |t: usize| matches!(scene.word(t), "the" | "The" | "a" | "A" | "an" | "An");
    let hangs = |t: usize| {
        t > floor && matches!(scene.word(t - 1), "of" | "for" | "at" | "in" | "from" | "on")
    };
    let phrase = (floor..comma).rev().take_while(|&t| !ends(t));
    let article = phrase.filter(|&t| is_article(t)).find(|&t| !hangs(t))?;
    head(scene, article + 1, comma).map(|_| article + 1..comma)
}

/// A plain word in capitals, as furniture of pages has it: "JUST WATCHED".
fn is_shouted(word: &str) -> bool {
    let plain = || {
        let classes = lexicon::get().classes(&fold(word));
        classes.any(Classes::COMMON | Classes::WORD) && !classes.any(Classes::ORGANISATION)
    };
    word.len() >= 4 && word.bytes().all(|b| b.is_ascii_uppercase()) && plain()
}

/// "museum director", "union leader": a body's noun before the role's.
fn is_body(scene: &Scene, at: usize) -> bool {
    scene.noun(at) == Some(SpeakerNoun::Organisation)
}

/// Words that can open a role: no connectives, no endings.
fn may_open(scene: &Scene, at: usize) -> bool {
    let word = scene.word(at);
    scene.tokens[at].kind == TokenKind::Word
        && !word.starts_with(['\'', '’'])
        && !matches!(word, "of" | "for" | "and" | "the" | "&" | "-")
        && !is_honorific(&fold(word))
}

/// "chief of staff", "Secretary for the Interior": a connective between two words of one role.
fn inside(scene: &Scene, at: usize, start: usize, floor: usize) -> bool {
    if at == floor || start >= scene.tokens.len() {
        return false;
    }
    let (left, right) = (fold(scene.word(at - 1)), scene.word(start));
    let left_is_role = scene.is_title(at - 1) || scene.is_person_noun(at - 1);
    match scene.word(at) {
        "of" | "for" => left_is_role,
        "the" => matches!(left.as_str(), "of" | "for"),
        "and" | "&" => left_is_role && starts_upper(right) && scene.is_upper(at - 1),
        _ => false,
    }
}

/// A capital that may be due to the start of a sentence alone.
fn opens_sentence(scene: &Scene, at: usize, floor: usize) -> bool {
    let first = at == floor
        || matches!(scene.word(at - 1), "." | "!" | "?" | ":")
        || scene.tokens[at - 1].kind == TokenKind::Quote;
    first && is_function_word(&fold(scene.word(at)))
}

fn is_function_word(folded: &str) -> bool {
    const WORDS: &[&str] = &[
        "a",
        "after",
        "all",
        "also",
        "although",
        "an",
        "and",
        "as",
        "asked",
        "at",
        "because",
        "before",
        "both",
        "but",
        "by",
        "during",
        "even",
        "for",
        "former-",
        "from",
        "he",
        "her",
        "his",
        "how",
        "if",
        "in",
        "instead",
        "it",
        "its",
        "last",
        "later",
        "like",
        "meanwhile",
        "most",
        "no",
        "not",
        "now",
        "on",
        "once",
        "one",
        "only",
        "or",
        "other",
        "our",
        "she",
        "since",
        "so",
        "some",
        "still",
        "that",
        "the",
        "their",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "though",
        "thus",
        "to",
        "today",
        "two",
        "under",
        "until",
        "unlike",
        "was",
        "we",
        "what",
        "when",
        "where",
        "while",
        "who",
        "why",
        "with",
        "yet",
        "you",
    ];
    WORDS.contains(&folded)
}

/// Verbs of speech in lower case can stand between a quote and a role: "said spokesman X".
fn is_cue_like(folded: &str) -> bool {
    const VERBS: &[&str] = &[
        "said",
        "says",
        "say",
        "told",
        "tells",
        "asked",
        "asks",
        "added",
        "adds",
        "wrote",
        "writes",
        "tweeted",
        "replied",
        "insisted",
        "argued",
        "explained",
        "noted",
        "warned",
        "claimed",
        "recalled",
        "stated",
        "responded",
        "continued",
        "concluded",
        "declared",
        "announced",
        "quipped",
        "joked",
        "sagte",
        "meinte",
        "aseguró",
        "respondió",
        "dijo",
        "met",
        "beat",
    ];
    VERBS.contains(&folded)
}

/// What stands in brackets right behind a name, as a party does: "D-Wis.", "R".
pub fn bracket(scene: &Scene, after: usize, ceiling: usize) -> Option<Range<usize>> {
    if after + 2 > ceiling || scene.word(after) != "(" {
        return None;
    }
    let close = (after + 1..ceiling.min(after + 8)).find(|&t| scene.word(t) == ")")?;
    let first = scene.word(after + 1);
    let head = first.split(['-', '–', '.']).next().unwrap_or("");
    let party =
        matches!(head, "D" | "R" | "I" | "L" | "Dem" | "Rep" | "GOP" | "Republican" | "Democrat")
            || matches!(
                head,
                "Ind" | "Con" | "Lab" | "SNP" | "LD" | "CDU" | "CSU" | "SPD" | "FDP" | "AfD"
            );
    party.then_some(after + 1..close)
}

/// The role between a comma behind the name and the next comma, dash or end of sentence.
pub fn after(scene: &Scene, name_end: usize, ceiling: usize) -> Option<Range<usize>> {
    let mut at = name_end;
    if let Some(party) = bracket(scene, at, ceiling) {
        at = party.end + 1;
    }
    if at >= ceiling || !matches!(scene.word(at), "," | "(" | "—" | "–") {
        return None;
    }
    at += 1;
    // "Jane Hill, 34, a nurse,"
    if at + 1 < ceiling && scene.tokens[at].kind == TokenKind::Number {
        if scene.word(at + 1) != "," {
            return None;
        }
        at += 2;
    }
    let mut end = end_of_role(scene, at, ceiling);
    // "… with Howard Baker, the source said": who says so is somebody else.
    let byline = end < ceiling && is_cue_like(scene.word(end));
    // "a filmmaker fresh from an adaptation of “War & Peace”"
    let hangs = |word: &str| {
        matches!(word, "of" | "for" | "at" | "in" | "from" | "with" | "on" | "by" | "the" | "a")
    };
    while at < end && hangs(scene.word(end - 1)) {
        end -= 1;
    }
    (at < end && !byline && is_role(scene, at, end)).then_some(at..end)
}

fn end_of_role(scene: &Scene, start: usize, ceiling: usize) -> usize {
    let limit = ceiling.min(start + LONGEST_AFTER);
    let stops = |t: &usize| {
        let word = scene.word(*t);
        matches!(
            word,
            "," | ";"
                | ":"
                | ")"
                | "—"
                | "–"
                | "."
                | "?"
                | "!"
                | "who"
                | "whose"
                | "which"
                | "when"
        ) || scene.tokens[*t].kind == TokenKind::Quote
            || is_cue_like(word)
    };
    (start..limit).find(stops).unwrap_or(limit)
}

/// Whether the phrase is a noun phrase for one human being: its head is a noun for a person.
fn is_role(scene: &Scene, start: usize, end: usize) -> bool {
    let first = fold(scene.word(start));
    let determined = matches!(
        first.as_str(),
        "a" | "an"
            | "the"
            | "his"
            | "her"
            | "its"
            | "their"
            | "one"
            | "another"
            | "then"
            | "former"
            | "now"
    );
    match head(scene, start, end) {
        Some(head) => {
            determined
                || scene.is_upper(start)
                || scene.is_person_noun(head)
                || is_role_modifier(&first) && head > start
        }
        // "Owen Marsh, a vet, said": an unknown noun behind an article, and nothing else.
        None => {
            determined
                && end - start <= 3
                && !scene.is_upper(end - 1)
                && matches!(first.as_str(), "a" | "an")
        }
    }
}

/// The token of the head noun: the last noun for a person before the first preposition.
pub fn head(scene: &Scene, start: usize, end: usize) -> Option<usize> {
    let stop = (start..end)
        .skip(1)
        .find(|&t| {
            matches!(
                scene.word(t),
                "of" | "at"
                    | "for"
                    | "in"
                    | "from"
                    | "with"
                    | "on"
                    | "who"
                    | "that"
                    | "to"
                    | "and"
                    | "behind"
                    | "by"
                    | "near"
            ) && fold(scene.word(t - 1)) != "one"
        })
        .unwrap_or(end);
    (start..stop).rev().find(|&t| scene.is_person_noun(t) || t > start && scene.is_title(t))
}

/// Whether the first letter is a capital.
pub fn starts_upper(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}
