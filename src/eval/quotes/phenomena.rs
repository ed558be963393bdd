//! Required turns by what they show (order, cue, form of source …), and how often words and source
//! of each sort are right. A turn may be of several sorts.

use std::collections::BTreeMap;

use crate::eval::gold::{Attribution, Gold, Turn};
use crate::eval::kit;
use crate::text::Span;

/// Turns and right turns of each sort.
#[derive(Clone, Debug, Default)]
pub struct Shares(BTreeMap<String, (usize, usize)>);

impl Shares {
    /// Adds the required turns of an article, with what came right.
    pub fn add(&mut self, gold: &Gold, right: &[bool]) {
        let view = View::new(gold);
        let required = gold.turns.iter().filter(|turn| turn.required);
        for (turn, &right) in required.zip(right) {
            let Some(attribution) = gold.attributions.iter().find(|a| a.id == turn.attribution)
            else {
                continue;
            };
            for sort in view.sorts(turn, attribution) {
                let share = self.0.entry(sort).or_default();
                share.0 += 1;
                share.1 += usize::from(right);
            }
        }
    }

    /// Sort, turns, right turns; the most frequent first.
    pub fn rows(&self) -> Vec<(&str, usize, usize)> {
        let mut rows: Vec<_> =
            self.0.iter().map(|(s, &(n, right))| (s.as_str(), n, right)).collect();
        rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        rows
    }
}

/// Cue words that say no more than that somebody speaks.
const PLAIN: &[&str] =
    &["said", "says", "say", "told", "tells", "added", "adds", "asked", "wrote", "according"];

/// An article under the questions of this file.
struct View<'a> {
    gold: &'a Gold,
    text: &'a str,
    /// Code points before each byte: distances are counted in them.
    chars: Vec<u32>,
    /// Capitalised names outside quotations.
    rivals: Vec<Span>,
}

impl<'a> View<'a> {
    fn new(gold: &'a Gold) -> Self {
        let text = gold.text.as_str();
        let mut chars = Vec::with_capacity(text.len() + 1);
        let mut count = 0;
        for (at, _) in text.char_indices() {
            chars.resize(at, count);
            chars.push(count);
            count += 1;
        }
        chars.resize(text.len() + 1, count);
        View { gold, text, chars, rivals: rivals(text) }
    }

    fn distance(&self, a: usize, b: usize) -> u32 {
        self.chars[a].abs_diff(self.chars[b])
    }

    fn sorts(&self, turn: &Turn, attribution: &Attribution) -> Vec<String> {
        let mut sorts = vec!["all".to_owned(), format!("source: {}", turn.source_type)];
        let mut add = |name: &str, holds: bool| sorts.extend(holds.then(|| name.to_owned()));
        self.of_marks(turn, &mut add);
        self.of_cue(turn, attribution, &mut add);
        match attribution.source.first() {
            None => add("no source is marked", true),
            Some(&source) => {
                self.of_place(turn, attribution, source, &mut add);
                self.of_source(turn, attribution, source, &mut add);
            }
        }
        sorts
    }

    fn of_marks(&self, turn: &Turn, add: &mut impl FnMut(&str, bool)) {
        let before = &self.text[..turn.stretch.start()];
        let (doubled, curly) = (before.ends_with("''"), before.ends_with('“'));
        let mixed = turn.kind == "mixed";
        add("part of a reported clause", mixed);
        add("not part of a reported clause", !mixed);
        add("three words and fewer", turn.n_words <= 3);
        add("several paragraphs", !turn.closed || turn.continues);
        add("'' used as marks", doubled);
        add("curly marks", !doubled && curly);
        add("straight or mixed marks", !doubled && !curly);
        let inside = turn.stretch.of(self.text);
        add("nested quotation", inside.contains(['“', '”', '"']) || holds_single(inside));
        add("headline", self.text.find('\n').is_some_and(|line| turn.stretch.end() <= line));
    }

    fn of_cue(&self, turn: &Turn, attribution: &Attribution, add: &mut impl FnMut(&str, bool)) {
        let cue = &attribution.cue;
        let words: Vec<String> =
            kit::word_set(self.text, cue).iter().map(|w| w.of(self.text).to_lowercase()).collect();
        let text: Vec<&str> = cue.iter().map(|c| c.of(self.text)).collect();
        let text = text.join(" ");
        let plain = words.iter().any(|w| PLAIN.contains(&w.as_str()));
        let has = |word: &str| words.iter().any(|w| w == word);
        add("no cue word", words.is_empty());
        add("cue other than say, tell, add, ask, write", !words.is_empty() && !plain);
        let posted = has_word_start(&text, "tweet") || text.contains("Twitter");
        add("tweet or statement", has("tweeted") || posted || has_word_end(&text, "statement"));
        let participle = words.iter().any(|w| w.ends_with("ing")) && !plain;
        add("participle cue", has("saying") || participle);
        add("introduced by a colon", text.trim_end().ends_with(':') || self.behind_colon(turn));
    }

    /// Whether nothing but white space and marks parts a turn from a colon, within four characters.
    fn behind_colon(&self, turn: &Turn) -> bool {
        let before = &self.text[..turn.stretch.start()];
        let from = before.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
        before[from..].trim_end_matches(['"', '“', '\'']).trim_end().ends_with(':')
    }

    /// Where the source stands, seen from the turn.
    fn of_place(
        &self,
        turn: &Turn,
        attribution: &Attribution,
        source: Span,
        add: &mut impl FnMut(&str, bool),
    ) {
        let stretch = turn.stretch;
        let paragraph = self.paragraph(stretch);
        let elsewhere = source.end() <= paragraph.start() || source.start() >= paragraph.end();
        let behind = !elsewhere && source.start() >= stretch.end();
        add("source in another paragraph", elsewhere);
        add("quote before its source", behind);
        let cue_first = attribution.cue.first().is_some_and(|c| c.start() < source.start());
        add("inverted", behind && cue_first);
        if elsewhere || behind {
            return;
        }
        add("source before its quote", true);
        let parts = self.gold.turns.iter().filter(|t| t.attribution == turn.attribution);
        let (several, mut parts) = (parts.clone().count() > 1, parts);
        let between = self.text.get(source.end()..stretch.start()).unwrap_or("");
        let follows = several && holds_sentence_end(between);
        add("follow-on sentence", follows);
        let parted = several && parts.any(|t| t.stretch.end() <= source.start());
        let lead = self.text.get(paragraph.start()..source.start()).unwrap_or("");
        add("split by the cue", !follows && parted && !lead.trim().is_empty());
    }

    fn of_source(
        &self,
        turn: &Turn,
        attribution: &Attribution,
        source: Span,
        add: &mut impl FnMut(&str, bool),
    ) {
        let text: Vec<&str> = attribution.source.iter().map(|s| s.of(self.text)).collect();
        let text = text.join(" ");
        let words = |text: &str| kit::words(text, Span::new(0, text.len())).len();
        add("party in the source", names_party(&text));
        add("long source, 6 words and more", words(&text) >= 6);
        let stretch = turn.stretch;
        let between = if source.end() <= stretch.start() {
            source.end()..stretch.start()
        } else {
            stretch.end()..source.start()
        };
        let middle = self.text.get(between).unwrap_or("");
        add("12 words and more between", words(middle) >= 12);
        add("a rival name nearer than the source", self.has_rival(turn, source));
    }

    fn has_rival(&self, turn: &Turn, source: Span) -> bool {
        let stretch = turn.stretch;
        let paragraph = self.paragraph(stretch);
        let apart = |span: Span| {
            let behind = self.distance(span.start(), stretch.end());
            behind.min(self.distance(stretch.start(), span.end()))
        };
        self.rivals.iter().any(|&rival| {
            let inside = |span: Span| (span.start()..span.end()).contains(&rival.start());
            apart(rival) < apart(source) && inside(paragraph) && !inside(source)
        })
    }

    /// The line around a stretch.
    fn paragraph(&self, stretch: Span) -> Span {
        let start = self.text[..stretch.start()].rfind('\n').map_or(0, |at| at + 1);
        let end = self.text[stretch.end()..].find('\n');
        Span::new(start, end.map_or(self.text.len(), |at| stretch.end() + at))
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a text holds words in single marks: one that opens a word, and one that closes another.
fn holds_single(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let word = |at: usize| chars.get(at).copied().is_some_and(is_word);
    let opens =
        |at: usize| matches!(chars[at], '‘' | '\'') && !(at > 0 && word(at - 1)) && word(at + 1);
    let closes = |at: usize| {
        let stop = usize::from(matches!(chars[at - 1], ',' | '.' | '?' | '!'));
        let behind_word = word(at - 1) || stop == 1 && at > 1 && word(at - 2);
        matches!(chars[at], '’' | '\'') && behind_word && !word(at + 1)
    };
    let Some(first) = (0..chars.len()).find(|&at| opens(at)) else { return false };
    (first + 2..chars.len()).any(closes)
}

/// Whether a sentence ends in a text: a stop, marks perhaps, and white space.
fn holds_sentence_end(text: &str) -> bool {
    text.match_indices(['.', '?', '!']).any(|(at, _)| {
        let behind = text[at + 1..].trim_start_matches(['"', '”', '\'']);
        behind.starts_with(char::is_whitespace)
    })
}

/// Whether a source names a party: "(D-Wis.)", "(Republican", "R-Utah".
fn names_party(text: &str) -> bool {
    let bracket =
        text.match_indices('(').any(|(at, _)| text[at + 1..].starts_with(['R', 'D', 'I']));
    bracket
        || text.as_bytes().windows(3).any(|w| {
            matches!(w[0], b'R' | b'D' | b'I') && w[1] == b'-' && w[2].is_ascii_uppercase()
        })
}

fn has_word_start(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| !text[..at].ends_with(is_word))
}

fn has_word_end(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| !text[at + word.len()..].starts_with(is_word))
}

/// Capitalised names inside sentences and outside quotations.
fn rivals(text: &str) -> Vec<Span> {
    let stretches = kit::double_quoted(text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].find(|c: char| c.is_ascii_uppercase()) {
        let start = at + next;
        let Some(end) = name_end(text, start) else {
            at = start + 1;
            continue;
        };
        let quoted = stretches.iter().any(|s| (s.span.start()..s.span.end()).contains(&start));
        if !quoted {
            found.push(Span::new(start, end));
        }
        at = end;
    }
    found
}

/// Where the name ends that starts here; none where a sentence or a line starts.
fn name_end(text: &str, start: usize) -> Option<usize> {
    let before = &text[..start];
    let opens =
        before.strip_suffix(' ').is_some_and(|before| before.ends_with(['.', '!', '?', '“', '"']));
    if opens || before.ends_with('\n') || before.ends_with(is_word) {
        return None;
    }
    let small =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_lowercase()).len();
    let mut end = start + 1 + small(&text[start + 1..]);
    if end == start + 1 {
        return None;
    }
    while let Some(next) =
        text[end..].strip_prefix(' ').filter(|t| t.starts_with(|c: char| c.is_ascii_uppercase()))
    {
        let rest = next[1..].trim_start_matches(|c| is_word(c) || c == '.');
        if rest.len() == next.len() - 1 {
            break;
        }
        end = text.len() - rest.len();
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_inside_sentences_are_rivals() {
        let text = "Ann Lee met Bo St. Cyr and “Cy Orr met Di.” In Rome, E. Fox ran. McGee too";
        let found: Vec<&str> = rivals(text).iter().map(|r| r.of(text)).collect();
        assert_eq!(found, ["Ann Lee", "Bo St. Cyr", "In Rome"]);
    }

    #[test]
    fn small_signs_are_told_apart() {
        assert!(holds_single("he said ‘no,’ and left"));
        assert!(!holds_single("it's the dogs' day"));
        assert!(holds_sentence_end("so.” He") && !holds_sentence_end("at 3.5 of"));
        assert!(names_party("Rep. Moore (D-Wis.)") && names_party("Lee, R-Utah"));
        assert!(!names_party("Lee (Utah)"));
    }
}
