//! Where plain syntax bounds a content whatever the models say: another speaker's clause behind it,
//! a report of the report, "was quoted by … as saying" before it. Not for choosing contents.

use std::ops::Range;
use std::sync::LazyLock;

use super::cues::Cue;
use super::grid::Grid;
use super::spans::Content;
use super::words::{ING, PAST, PRESENT, Part, Word, ascii, class_of};

const COMMA: u16 = ascii(b',');
/// Most tokens from a conjunction to the verb of the clause it opens.
const SUBJECT: usize = 14;
/// Most tokens from "quoted" to "as saying".
const RELAY: usize = 14;

/// Words that may set one speaker's clause against another's.
static JOINING: LazyLock<[u16; 4]> =
    LazyLock::new(|| ["and", "but", "while", "whereas"].map(class_of));

/// The content within its bounds; nothing if none of it is left.
pub fn bounded(grid: &Grid, cue: &Cue, mut content: Content) -> Option<Content> {
    if content.hole.is_none() && content.tokens.start > cue.token {
        if let Some(saying) = relay(grid, cue) {
            content.tokens.start = content.tokens.start.max(saying.end);
        }
        if content.tokens.is_empty() {
            return None;
        }
        content.tokens.end = without_rival(grid, &content.tokens);
    }
    content.tokens.end = without_report(grid, cue, &content);
    grid.words[content.tokens.clone()].iter().any(means).then_some(content)
}

/// Whether a word says anything by itself: "to" alone is no report, nor is the "it" of "denied it".
fn means(word: &Word) -> bool {
    !matches!(
        word.part,
        Part::Edge
            | Part::To
            | Part::Preposition
            | Part::Determiner
            | Part::Possessive
            | Part::Pronoun
            | Part::Question
            | Part::Conjunction
            | Part::Subordinator
            | Part::Auxiliary
            | Part::Ending
            | Part::Stop
            | Part::Punctuation
            | Part::Mark
    )
}

/// "as saying" behind a cue: what is between them says who relays the words.
pub fn relay(grid: &Grid, cue: &Cue) -> Option<Range<usize>> {
    let within = cue.window();
    let open = |t: &usize| !grid.quoted[*t] && grid.words[*t].part != Part::Stop;
    let says = |word: Word| word.says() && word.form & ING != 0;
    let behind = class_of("as");
    (cue.token + 1..within.end.saturating_sub(1))
        .take(RELAY)
        .take_while(open)
        .find(|&t| grid.words[t].class == behind && says(grid.words[t + 1]))
        .map(|t| t..t + 2)
}

/// Where a content ends when a clause with a subject and a verb of saying of its own is set beside
/// it: "…, while Jones called it …".
fn without_rival(grid: &Grid, content: &Range<usize>) -> usize {
    let rival = (content.start + 2..content.end.saturating_sub(2)).find(|&t| {
        let apart = grid.words[t - 1].class == COMMA || grid.words[t - 1].part == Part::Mark;
        !grid.quoted[t]
            && apart
            && JOINING.contains(&grid.words[t].class)
            && has_speaker(grid, t + 1..content.end)
    });
    let Some(rival) = rival else { return content.end };
    let edge =
        |t: &usize| matches!(grid.words[*t].part, Part::Punctuation | Part::Stop | Part::Mark);
    (content.start + 1..rival).rev().find(|t| !edge(t)).map_or(content.end, |last| last + 1)
}

/// Whether a clause opens with somebody named and a verb of saying.
fn has_speaker(grid: &Grid, clause: Range<usize>) -> bool {
    let mut named = false;
    for t in clause.take(SUBJECT) {
        let word = grid.words[t];
        if grid.quoted[t] {
            return false;
        }
        if named && word.says() && word.form & (PAST | PRESENT) != 0 {
            return true;
        }
        named |= matches!(word.part, Part::Name | Part::Role);
        let subject = word.is_nominal()
            || word.class == COMMA
            || matches!(
                word.part,
                Part::Determiner
                    | Part::Possessive
                    | Part::Preposition
                    | Part::Ending
                    | Part::Adverb
                    | Part::Time
            );
        if !subject {
            return false;
        }
    }
    false
}

/// Where a content ends when the report of another follows it: "…, the gazette reported" tells where
/// the news is from, it is no part of what was said.
fn without_report(grid: &Grid, cue: &Cue, content: &Content) -> usize {
    let end = content.tokens.end;
    let reports = grid.words[end - 1].says() && grid.words[end - 1].form & (PAST | PRESENT) != 0;
    let behind = grid.words.get(end).map_or(Part::Edge, |word| word.part);
    if !reports || !matches!(behind, Part::Edge | Part::Stop) || cue.token >= content.tokens.start {
        return end;
    }
    let cut = (content.tokens.start + 1..end - 2).rev().take(8).find(|&t| {
        !(grid.words[t + 1].is_nominal() || grid.words[t + 1].part == Part::Determiner)
            || grid.words[t].class == COMMA
    });
    cut.filter(|&t| grid.words[t].class == COMMA).unwrap_or(end)
}
