//! Who may be the source of a cue: the noun phrases and pronouns around it.

use std::ops::Range;

use smallvec::SmallVec;

use super::cues::Cue;
use super::features::{Features, bucket};
use super::grid::Grid;
use super::spans::{Content, Start};
use super::words::{ANY_VERB, NOUN, Part, Word, ascii, by_class};

const COMMA: u16 = ascii(b',');
/// Most candidates before and behind the cue.
const BEFORE: usize = 10;
const BEHIND: usize = 4;

/// What a candidate looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Kind {
    /// Nobody is named.
    None,
    /// "he", "some"
    Pronoun,
    /// "who", "which"
    Relative,
    /// "his" in "his claim"
    Owner,
    /// A phrase that ends in a name.
    Name,
    /// Any other noun phrase.
    Phrase,
}

/// A candidate: the tokens of a noun phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its tokens; empty for `Kind::None`.
    pub tokens: Range<usize>,
    /// What it looks like.
    pub kind: Kind,
    /// It stands in an earlier sentence.
    pub earlier: bool,
}

/// Candidates: few enough to stand on the stack.
pub type Sources = SmallVec<[Source; 20]>;

/// All candidates for a cue, in the order of the text, nobody first.
pub fn candidates(grid: &Grid, cue: &Cue) -> Sources {
    let window = cue.window();
    let mut found = Sources::new();
    found.push(Source { tokens: cue.token..cue.token, kind: Kind::None, earlier: false });
    if let Some(before) = cue.sentence.checked_sub(1) {
        let tokens = grid.sentences[before].tokens.clone();
        let near = tokens.start..tokens.end.min(tokens.start + 30);
        let subjects = phrases(grid, near).into_iter().filter(|s| !grid.quoted[s.tokens.start]);
        found.extend(subjects.take(2).map(|source| Source { earlier: true, ..source }));
    }
    let mut before = phrases(grid, window.start..cue.token);
    before.drain(..before.len().saturating_sub(BEFORE));
    found.extend(before);
    found.extend(
        phrases(grid, cue.token + 1..window.end.min(cue.token + 40)).into_iter().take(BEHIND),
    );
    found
}

/// The noun phrases and pronouns of a run of tokens.
fn phrases(grid: &Grid, tokens: Range<usize>) -> Sources {
    let mut found = Sources::new();
    let mut at = tokens.start;
    while at < tokens.end {
        let word = grid.words[at];
        let single = match word.part {
            Part::Pronoun => Some(Kind::Pronoun),
            Part::Question => Some(Kind::Relative),
            Part::Subordinator if is_relative(grid, at, &tokens) => Some(Kind::Relative),
            _ => None,
        };
        if let Some(kind) = single {
            found.push(Source { tokens: at..at + 1, kind, earlier: false });
            at += 1;
            continue;
        }
        if word.part == Part::Possessive {
            found.push(Source { tokens: at..at + 1, kind: Kind::Owner, earlier: false });
        }
        if begins(word) {
            at = phrase(grid, at, tokens.end, &mut found);
        } else {
            at += 1;
        }
    }
    found
}

/// "that" behind a noun and before a verb stands for the noun.
fn is_relative(grid: &Grid, at: usize, tokens: &Range<usize>) -> bool {
    let next = grid.at(tokens, at as isize + 1);
    matches!(next.part, Part::Verb | Part::Auxiliary)
        && grid.at(tokens, at as isize - 1).is_nominal()
}

fn begins(word: Word) -> bool {
    matches!(word.part, Part::Determiner | Part::Possessive) || word.is_nominal()
}

/// The phrase that begins at `at`, and the owners in it ("Clinton" in "Clinton's aides"); where it ends.
fn phrase(grid: &Grid, at: usize, limit: usize, found: &mut Sources) -> usize {
    let mut end = at + 1;
    while end < limit && continues(grid, at, end) {
        if grid.words[end].part == Part::Ending {
            found.push(noun_phrase(grid, at..end));
        }
        end += 1;
    }
    if grid.words[end - 1].part != Part::Ending {
        found.push(noun_phrase(grid, at..end));
    }
    end
}

fn noun_phrase(grid: &Grid, tokens: Range<usize>) -> Source {
    let kind =
        if grid.words[tokens.end - 1].part == Part::Name { Kind::Name } else { Kind::Phrase };
    Source { tokens, kind, earlier: false }
}

/// Whether the token at `end` still belongs to the phrase that began at `start`.
fn continues(grid: &Grid, start: usize, end: usize) -> bool {
    let (last, word) = (grid.words[end - 1], grid.words[end]);
    if grid.quoted[end] != grid.quoted[start] {
        return false;
    }
    match word.part {
        Part::Name | Part::Number | Part::Ending => {
            last.part != Part::Other || word.part != Part::Number
        }
        Part::Other | Part::Noun | Part::Adjective | Part::Role => true,
        Part::Determiner => last.part == Part::Determiner,
        Part::Time => last.part == Part::Determiner || last.part == Part::Ending,
        Part::Verb => {
            let modified = matches!(
                last.part,
                Part::Determiner | Part::Possessive | Part::Ending | Part::Adjective
            );
            modified
                || word.form & NOUN != 0
                    && word.form & ANY_VERB != 0
                    && end - start >= 2
                    && last.part == Part::Other
        }
        Part::Punctuation => word.class == ascii(b'-') || word.class == ascii(b'&'),
        _ => false,
    }
}

/// The features of one candidate for a cue with its content; the groups are those of both.
pub fn features(
    grid: &Grid,
    cue: &Cue,
    start: Start,
    content: &Content,
    all: &[Source],
    index: usize,
    out: &mut impl Features,
) {
    let source = &all[index];
    let window = cue.window();
    let kind = source.kind as u16;
    let lemma = cue.lemma;
    let side = start.side as u16;
    if source.kind == Kind::None {
        return nobody(grid, cue, start, all, out);
    }
    let place = place(cue, source, content);
    let within = if source.earlier { 0..grid.words.len() } else { window };
    let at = |t: usize, offset: isize| grid.at(&within, t as isize + offset);
    let (first, last) = (source.tokens.start, source.tokens.end - 1);
    let (before, after) = (at(first, -1), at(last, 1));
    let distance = gap(cue, source);
    let head = grid.words[last];
    let form = cue.form | place << 9;
    let rank = rank(cue, all, index);
    let beside = u16::from(source.tokens.end == cue.left) | u16::from(first == cue.token + 1) << 1;
    let opens = u16::from(first == within.start);
    out.group::<0, 4>([kind, place, opens, beside], |out| {
        out.add(300, [kind, place, side]);
        out.add(313, [form, cue.auxiliaries, place, kind]);
        out.add(319, [form, opens, kind]);
        out.add(320, [form, beside, kind, side]);
    });
    out.group::<1, 1>([beside], |out| out.add(321, [lemma, beside, side]));
    out.add(301, [form, kind, bucket(distance)]);
    out.add(305, [place, head.class, rank.min(3)]);
    out.add(306, [place, before.class, kind]);
    out.add(307, [place, after.class, kind]);
    out.add(308, [form, after.class]);
    out.add(314, [form, cue.auxiliaries, before.class]);
    out.add(324, [lemma, kind, head.class]);
    path(grid, cue, source, place, out);
}

/// Nobody is named: what the cue itself tells about that.
fn nobody(grid: &Grid, cue: &Cue, start: Start, all: &[Source], out: &mut impl Features) {
    let window = cue.window();
    let left = grid.at(&window, cue.left as isize - 1);
    let right = grid.at(&window, cue.right as isize);
    out.add(350, [cue.form, cue.auxiliaries]);
    out.add(351, [cue.lemma]);
    out.add(352, [cue.lemma, cue.form, start.side as u16]);
    out.add(353, [cue.form, left.class, start.side as u16]);
    out.add(354, [cue.form, right.class]);
    out.add(355, [cue.form, cue.auxiliaries, left.part as u16, start.side as u16]);
    let by = (cue.token..window.end).take(12).any(|t| grid.words[t].class == by_class());
    out.add(356, [cue.form, cue.auxiliaries, u16::from(by)]);
    out.add(357, [bucket(all.len()), start.side as u16]);
}

/// Where a candidate stands: before or behind the cue, in the content, in an earlier sentence.
fn place(cue: &Cue, source: &Source, content: &Content) -> u16 {
    let inside = content.contains(source.tokens.start) || content.contains(source.tokens.end - 1);
    match (source.earlier, inside, source.tokens.start > cue.token) {
        (true, ..) => 0,
        (_, true, false) => 1,
        (_, true, true) => 2,
        (_, false, false) => 3 + u16::from(source.tokens.start >= content.tokens.end),
        (_, false, true) => 5 + u16::from(source.tokens.start >= content.tokens.end),
    }
}

/// Tokens between candidate and cue; adverbs and auxiliaries at the cue do not count.
fn gap(cue: &Cue, source: &Source) -> usize {
    if source.tokens.start > cue.token {
        source.tokens.start - cue.token - 1
    } else {
        cue.left.saturating_sub(source.tokens.end)
    }
}

/// How many candidates stand nearer on the same side.
fn rank(cue: &Cue, all: &[Source], index: usize) -> u16 {
    let own = &all[index];
    let nearer = |other: &&Source| {
        other.kind != Kind::None
            && other.earlier == own.earlier
            && (other.tokens.start > cue.token) == (own.tokens.start > cue.token)
            && gap(cue, other) < gap(cue, own)
    };
    all.iter().filter(nearer).count().min(9) as u16
}

/// What stands between the candidate and the cue.
fn path(grid: &Grid, cue: &Cue, source: &Source, place: u16, out: &mut impl Features) {
    if source.earlier {
        return;
    }
    let between = match source.tokens.start > cue.token {
        true => cue.token + 1..source.tokens.start,
        false => source.tokens.end..cue.left.max(source.tokens.end),
    };
    let (mut commas, mut verbs, mut clauses, mut joins, mut marks) = (0, 0, 0, 0, 0);
    for t in between.clone() {
        match grid.words[t].part {
            Part::Punctuation if grid.words[t].class == COMMA => commas += 1,
            Part::Verb | Part::Auxiliary => verbs += 1,
            Part::Subordinator | Part::Question => clauses += 1,
            Part::Conjunction => joins += 1,
            Part::Mark => marks += 1,
            _ => {}
        }
    }
    let cap = |n: u16| n.min(2);
    let shape =
        cap(commas) | cap(verbs) << 2 | cap(clauses) << 4 | cap(joins) << 6 | cap(marks) << 8;
    let form = cue.form | place << 9;
    out.add(330, [form, shape]);
    out.add(331, [form, source.kind as u16, cap(commas), cap(verbs)]);
    if let (Some(from), Some(to)) = (between.clone().next(), between.last()) {
        out.add(334, [place, grid.words[from].class, grid.words[to].class]);
    }
}
