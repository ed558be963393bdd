//! Which words a cue reports: where its content may start, and where it may end.
//!
//! The start is chosen first, together with the side of the cue it lies on; then the end.

use std::ops::Range;

use smallvec::SmallVec;

use super::cues::Cue;
use super::features::{Features, bucket};
use super::grid::{Count, Grid, Next};
use super::words::{PARTICIPLE, PAST, Part, Word};

/// Most starts looked at on either side of a cue.
const STARTS: usize = 10;
/// Most ends looked at for one start.
const ENDS: usize = 16;

/// How a content stands to its cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Side {
    /// "Smith said it would rain."
    After,
    /// "It would rain, Smith said."
    Before,
    /// "It would, Smith said, rain."
    Around,
}

/// Where a content may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// First token.
    pub token: usize,
    /// On which side of the cue.
    pub side: Side,
}

/// A content in tokens; the hole is what an `Around` content leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// From the first token to past the last.
    pub tokens: Range<usize>,
    /// Cue and source with their commas.
    pub hole: Option<Range<usize>>,
}

impl Content {
    /// Whether it holds the token.
    pub fn contains(&self, token: usize) -> bool {
        self.tokens.contains(&token) && !self.hole.as_ref().is_some_and(|h| h.contains(&token))
    }

    /// Number of tokens.
    pub fn size(&self) -> usize {
        self.tokens.len() - self.hole.as_ref().map_or(0, |h| h.len())
    }

    /// How many tokens two contents share.
    pub fn shared(&self, other: &Content) -> usize {
        let both = |a: &Range<usize>, b: &Range<usize>| {
            a.end.min(b.end).saturating_sub(a.start.max(b.start))
        };
        if self.hole.is_none() && other.hole.is_none() {
            return both(&self.tokens, &other.tokens);
        }
        let parts = |c: &Content| match &c.hole {
            Some(hole) => [c.tokens.start..hole.start, hole.end..c.tokens.end],
            None => [c.tokens.clone(), 0..0],
        };
        let theirs = parts(other);
        parts(self).iter().map(|a| theirs.iter().map(|b| both(a, b)).sum::<usize>()).sum()
    }

    /// Whether they share half of all tokens of both, or more.
    pub fn is_like(&self, other: &Content) -> bool {
        let shared = self.shared(other);
        2 * shared >= (self.size() + other.size() - shared).max(1)
    }

    /// Shared tokens as a part of all tokens of both.
    pub fn jaccard(&self, other: &Content) -> f32 {
        let shared = self.shared(other);
        shared as f32 / (self.size() + other.size() - shared).max(1) as f32
    }
}

fn is_edge(word: Word) -> bool {
    matches!(word.part, Part::Punctuation | Part::Stop | Part::Mark)
}

/// Whether a phrase may begin with `word` behind `before`.
fn opens_phrase(before: Word, word: Word) -> bool {
    match word.part {
        Part::Determiner | Part::Possessive | Part::Pronoun | Part::Subordinator => true,
        Part::Question | Part::To | Part::Preposition => true,
        Part::Name => before.part != Part::Name,
        Part::Ending | Part::Punctuation | Part::Stop | Part::Mark => false,
        _ => {
            is_edge(before)
                || before.lemma != 0
                || matches!(
                    before.part,
                    Part::Preposition
                        | Part::Conjunction
                        | Part::Subordinator
                        | Part::Edge
                        | Part::Auxiliary
                )
        }
    }
}

/// Whether a phrase may end before `word`, behind `last`.
fn closes_phrase(last: Word, word: Word) -> bool {
    if is_edge(last) {
        return false;
    }
    is_edge(word)
        || matches!(
            word.part,
            Part::Edge
                | Part::Conjunction
                | Part::Subordinator
                | Part::Question
                | Part::Preposition
                | Part::Auxiliary
                | Part::To
                | Part::Time
        )
        || word.part == Part::Verb && word.form & (PAST | PARTICIPLE) != 0
        || word.part == Part::Action
        || last.part == Part::Pronoun
        || word.part == Part::Adverb
}

/// Where the content of a cue may start, nearest first on either side.
pub fn starts(grid: &Grid, cue: &Cue) -> SmallVec<[Start; 2 * STARTS]> {
    let within = &cue.window();
    let mut found = SmallVec::new();
    let opens = |&t: &usize| opens_phrase(grid.at(within, t as isize - 1), grid.words[t]);
    let direct = |&t: &usize| t == cue.token + 1 && !is_edge(grid.words[t]);
    let after = (cue.token + 1..within.end).filter(|t| direct(t) || opens(t)).take(STARTS);
    found.extend(after.map(|token| Start { token, side: Side::After }));
    let clause = |t: &usize| opens(t) && opens_clause(grid, within, *t);
    let mut before: SmallVec<[usize; 4 * STARTS]> =
        (within.start..cue.token).filter(clause).collect();
    if before.len() > STARTS {
        before.drain(STARTS / 2..before.len() - STARTS / 2);
    }
    let hole = hole(grid, within, cue);
    let around = |token: &&usize| hole.as_ref().is_some_and(|hole| **token < hole.start);
    found.extend(
        before.iter().filter(around).take(3).map(|&token| Start { token, side: Side::Around }),
    );
    found.extend(before.iter().map(|&token| Start { token, side: Side::Before }));
    found
}

/// Whether a content before its cue may start here: at a clause, not within one.
fn opens_clause(grid: &Grid, within: &Range<usize>, token: usize) -> bool {
    let before = grid.at(within, token as isize - 1);
    matches!(before.part, Part::Edge | Part::Conjunction | Part::Subordinator | Part::Adverb)
        || is_edge(before)
        || matches!(grid.words[token].part, Part::Question | Part::Subordinator)
}

/// The parenthesis the cue stands in: from the comma before its source to past the comma behind it.
fn hole(grid: &Grid, within: &Range<usize>, cue: &Cue) -> Option<Range<usize>> {
    let cut = |t: &usize| is_edge(grid.words[*t]);
    let left = (within.start..cue.token).rev().take(16).find(cut)?;
    let right = (cue.token + 1..within.end).take(16).find(cut)?;
    let goes_on = (right + 1..within.end).any(|t| !is_edge(grid.words[t]));
    (goes_on && left > within.start).then(|| left..right + 1)
}

/// The contents a start leaves open, in the order of their ends.
pub fn contents(grid: &Grid, cue: &Cue, start: Start) -> SmallVec<[Content; ENDS]> {
    let within = &cue.window();
    let hole = (start.side == Side::Around).then(|| hole(grid, within, cue)).flatten();
    let (from, to) = match (start.side, &hole) {
        (Side::Before, _) => (start.token + 1, cue.token + 1),
        (_, Some(hole)) => (hole.end + 1, within.end + 1),
        _ => (start.token + 1, within.end + 1),
    };
    let ends = |&end: &usize| {
        let last = grid.at(within, end as isize - 1);
        closes_phrase(last, grid.at(within, end as isize))
            || start.side == Side::Before && opens_phrase(last, grid.at(within, end as isize))
    };
    let mut found: SmallVec<[usize; 3 * ENDS]> = (from..to).filter(ends).collect();
    if found.len() > ENDS {
        found.drain(ENDS / 2..found.len() - ENDS / 2);
    }
    let content = |end| Content { tokens: start.token..end, hole: hole.clone() };
    found.into_iter().map(content).collect()
}

/// The features of a start; the groups are those of one cue.
pub fn start_features(grid: &Grid, cue: &Cue, start: Start, rank: usize, out: &mut impl Features) {
    let within = &cue.window();
    let at = |t: isize| grid.at(within, t);
    let t = start.token as isize;
    let side = start.side as u16;
    let (lemma, form) = (cue.lemma, cue.form | side << 10);
    let (word, before, next) = (at(t), at(t - 1), at(t + 1));
    let distance = bucket(start.token.abs_diff(cue.token));
    let behind = at(cue.token as isize + 1);
    let groups = u16::from(grid.words[cue.token].groups);
    out.group::<0, 1>([side], |out| {
        out.add(100, [side, lemma]);
        out.add(115, [side, lemma, behind.class]);
    });
    out.group::<1, 2>([side, distance], |out| {
        out.add(103, [side, lemma, distance]);
        out.add(111, [form, groups, distance]);
    });
    out.group::<2, 2>([side, distance.min(3)], |out| {
        out.add(108, [form, behind.class, distance.min(3)]);
        out.add(113, [form, cue.auxiliaries, distance.min(3)]);
    });
    out.add(101, [form, word.class]);
    out.add(102, [side, lemma, word.class]);
    out.add(104, [form, word.class, distance]);
    out.add(105, [side, before.class, word.class]);
    out.add(106, [side, lemma, before.class]);
    out.add(107, [form, before.class, distance]);
    out.add(109, [form, rank.min(15) as u16]);
    out.add(110, [form, groups, word.class]);
    out.add(112, [side, word.class, next.class]);
    out.add(114, [side, groups, before.part as u16, word.part as u16]);
    between(grid, cue, start, out);
}

/// A distance from the first of some tokens, where it is short and ends at one of them.
fn near(gap: u8, limit: usize, tokens: Range<usize>) -> Option<usize> {
    let gap = usize::from(gap);
    (gap < limit && tokens.start + gap < tokens.end).then_some(gap)
}

/// What lies between cue and start, and what is passed over.
fn between(grid: &Grid, cue: &Cue, start: Start, out: &mut impl Features) {
    let within = &cue.window();
    let (from, to) = match start.side {
        Side::After => (cue.token + 1, start.token),
        _ => (start.token + 1, cue.token),
    };
    let side = start.side as u16;
    let held = grid.held(from..to);
    let commas = held[Count::Commas].min(3);
    let verbs = (held[Count::Verbs] + held[Count::Finite]).min(3);
    let word = grid.words[start.token].class;
    out.group::<3, 3>([side, verbs, commas], |out| out.add(119, [side, cue.form, verbs, commas]));
    out.add(120, [side, word, held[Count::Joins].min(2), commas]);
    let later = match start.side {
        Side::After => {
            let join = grid.ahead(start.token + 1)[Next::Join];
            near(join, 10, start.token + 1..within.end)
        }
        _ => None,
    };
    let later = later.map_or(0, |gap| grid.words[start.token + 1 + gap].class);
    out.group::<4, 2>([side, later], |out| out.add(122, [side, cue.lemma, later]));
    let opening = u16::from(start.token == within.start);
    out.group::<5, 2>([side, opening], |out| {
        let left = grid.at(within, cue.left as isize - 1).part as u16;
        let right = grid.at(within, cue.token as isize + 1).part as u16;
        out.add(128, [side, opening, left, right]);
    });
}

/// The features of an end behind a given start; the groups are those of one start.
pub fn end_features(
    grid: &Grid,
    cue: &Cue,
    start: Start,
    content: &Content,
    rank: usize,
    all: usize,
    out: &mut impl Features,
) {
    let within = &cue.window();
    let end = content.tokens.end;
    let at = |t: usize| grid.at(within, t as isize);
    let (last, word, next) = (at(end - 1), at(end), at(end + 1));
    let side = start.side as u16;
    let (lemma, form) = (cue.lemma, cue.form | side << 10);
    let length = bucket(content.tokens.len());
    let first = grid.words[start.token];
    out.add(200, [side, word.class]);
    out.add(201, [side, word.class, next.class]);
    out.group::<0, 1>([length], |out| {
        out.add(205, [form, length]);
        out.add(206, [side, lemma, length]);
        out.add(208, [side, first.class, length]);
    });
    out.add(210, [side, rank.min(8) as u16, (all - rank).min(8) as u16]);
    let outermost = u16::from(rank + 1 == all);
    out.group::<1, 1>([outermost], |out| out.add(211, [side, lemma, outermost]));
    out.add(217, [side, u16::from(rank == 0), first.class, last.part as u16]);
    inside(grid, cue, start, content, out);
    balance(grid, start, content, out);
}

/// What the content holds, and what is left of the sentence behind it.
fn inside(grid: &Grid, cue: &Cue, start: Start, content: &Content, out: &mut impl Features) {
    let within = &cue.window();
    let mut held = grid.held(content.tokens.clone());
    if let Some(hole) = &content.hole {
        held.leave_out(grid.held(hole.start..hole.end.min(content.tokens.end)));
    }
    let (commas, finite) = (held[Count::Commas], held[Count::Finite]);
    let end = content.tokens.end;
    let side = start.side as u16;
    let word = grid.at(within, end as isize).class;
    let first = grid.words[start.token].class;
    let finite = (finite + held[Count::Verbs].min(1)).min(2);
    out.add(220, [side, word, commas.min(3), finite]);
    let commas_kept = commas.min(2);
    out.group::<2, 2>([finite, commas_kept], |out| {
        out.add(222, [side, first, finite, commas_kept])
    });
    let ahead = grid.ahead(end);
    let says = near(ahead[Next::Says], 8, end..within.end);
    let verb = near(ahead[Next::Verb], 4, end..within.end);
    out.add(224, [side, word, says.map_or(9, bucket)]);
    out.add(225, [side, word, verb.map_or(9, bucket), finite]);
    let comma = near(grid.ahead(end + 1)[Next::Comma], 24, end + 1..within.end);
    out.add(226, [side, word, u16::from(comma.is_some()), commas.min(3)]);
    let same = (end..within.end)
        .take(3)
        .any(|t| grid.words[t].form != 0 && u16::from(grid.words[t].form) == cue.form);
    out.add(227, [cue.form, side, word, u16::from(same)]);
}

/// Brackets and quotation marks that the end would tear apart.
fn balance(grid: &Grid, start: Start, content: &Content, out: &mut impl Features) {
    let side = start.side as u16;
    let end = content.tokens.end;
    let held = grid.held(content.tokens.clone());
    let open = i32::from(held[Count::Opening]) - i32::from(held[Count::Closing]);
    let quoted = usize::from(held[Count::Quoted]);
    let torn = u16::from(grid.quoted[end - 1] && grid.quoted.get(end) == Some(&true));
    let open = (open.clamp(-1, 1) + 1) as u16;
    let wholly = u16::from(quoted == content.tokens.len());
    let marked = u16::from(quoted > 0);
    let quoted = bucket(quoted).min(5);
    out.group::<3, 4>([open, torn, wholly, quoted], |out| {
        out.add(230, [side, open]);
        out.add(231, [side, torn, wholly]);
        out.add(233, [side, quoted, u16::from(grid.quoted[start.token]), torn]);
    });
    out.add(232, [side, marked, torn, grid.words.get(end).map_or(0, |w| w.class)]);
}
