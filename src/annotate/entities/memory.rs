//! What the whole article says about each capitalised word: the contexts in which it stands
//! somewhere. "Lake" beside a lower-case "lake", or "Jonathan" after "Goodluck" in another
//! paragraph, is known everywhere in the article.

use rustc_hash::FxHashMap;

use super::runs::Run;
use super::words::{Shape, Tone, Word, each_of};
use crate::annotate::scene::Scene;
use crate::lexicon::{Classes, Key};

/// Contexts, one bit each.
pub(crate) mod traits {
    pub(crate) const LOWER: u32 = 1;
    pub(crate) const MIDDLE: u32 = 1 << 1;
    pub(crate) const AFTER_GIVEN: u32 = 1 << 2;
    pub(crate) const AFTER_TITLE: u32 = 1 << 3;
    pub(crate) const BEFORE_HEAD: u32 = 1 << 4;
    pub(crate) const AFTER_IN: u32 = 1 << 5;
    pub(crate) const SPEAKS: u32 = 1 << 6;
    pub(crate) const LONGER_FIRST: u32 = 1 << 7;
    pub(crate) const LONGER_LAST: u32 = 1 << 8;
    pub(crate) const LONGER_INNER: u32 = 1 << 9;
    pub(crate) const ALONE: u32 = 1 << 10;
    pub(crate) const BRACKETS: u32 = 1 << 11;
    pub(crate) const AGE: u32 = 1 << 12;
    pub(crate) const AFTER_THE: u32 = 1 << 13;
    pub(crate) const AFTER_ROLE: u32 = 1 << 14;
    pub(crate) const ACRONYM: u32 = 1 << 15;
    pub(crate) const ACRONYM_OF_HEAD: u32 = 1 << 16;
    pub(crate) const REPEATED: u32 = 1 << 17;
    pub(crate) const COUNT: u32 = 18;
}
use traits::*;

/// The traits of words and of runs of capitalised words.
#[derive(Default)]
pub(crate) struct Memory(FxHashMap<Key, u32>);

impl Memory {
    /// Notes what stands in runs, in the order of the text.
    pub(crate) fn note_runs(&mut self, words: &[Word], runs: &[Run]) {
        self.0.reserve(runs.len());
        for run in runs {
            let mut at = run.start;
            while at < run.end {
                let end = (at..run.end).find(|&i| !words[i].is_solid()).unwrap_or(run.end);
                if end > at {
                    self.sequence(words, at, end);
                }
                at = end.max(at + 1);
            }
            self.acronym(words, run);
        }
    }

    /// Notes which of the words in all runs stand in lower case somewhere in an article.
    pub(crate) fn note_lower(&mut self, scene: &Scene) {
        for token in scene.known.firsts() {
            each_of(scene, token, |known, _| {
                if known.shape == Shape::Lower
                    && let Some(traits) = self.0.get_mut(&known.key)
                {
                    *traits |= LOWER;
                }
            });
        }
    }

    /// The traits of a key; of a word that stands in a run there always are some.
    pub(crate) fn of(&self, key: Key) -> u32 {
        self.0.get(&key).copied().unwrap_or(0)
    }

    fn note(&mut self, key: Key, traits: u32) {
        let known = self.0.entry(key).or_default();
        *known |= traits | if *known == 0 { 0 } else { REPEATED };
    }

    /// Notes the words `from..to`, all capitalised, and them together.
    fn sequence(&mut self, words: &[Word], from: usize, to: usize) {
        if words[from].tone == Tone::Loud {
            return (from..to).for_each(|i| self.note(words[i].key, 0));
        }
        let (before, after) = (before(words, from), after(words, to));
        let head =
            (from..to).rfind(|&i| words[i].classes.any(Classes::ORG_HEAD | Classes::ORG_SUFFIX));
        for i in from..to {
            let word = &words[i];
            let mut traits = if word.starts { 0 } else { MIDDLE };
            if to - from == 1 {
                traits |= before | after | ALONE;
            } else if i == from {
                traits |= before | LONGER_FIRST;
            } else {
                traits |= previous(&words[i - 1]);
                traits |= if i + 1 == to { after | LONGER_LAST } else { LONGER_INNER };
            }
            if head.is_some_and(|head| i < head) {
                traits |= BEFORE_HEAD;
            }
            self.note(word.key, traits);
        }
    }

    /// "Congressional Budget Office (CBO)": what stands in brackets behind the words it is made of.
    fn acronym(&mut self, words: &[Word], run: &Run) {
        let at = run.end + 1;
        if words.get(run.end).is_none_or(|w| w.shape != Shape::Bracket) {
            return;
        }
        if words.get(at).is_none_or(|w| w.shape != Shape::Caps) {
            return;
        }
        let head =
            run.clone().any(|i| words[i].classes.any(Classes::ORG_HEAD | Classes::ORG_SUFFIX));
        self.note(words[at].key, ACRONYM | if head { ACRONYM_OF_HEAD } else { 0 });
    }
}

fn previous(word: &Word) -> u32 {
    let mut traits = 0;
    if word.classes.any(Classes::GIVEN | Classes::GIVEN_WORLD) || word.shape == Shape::Initial {
        traits |= AFTER_GIVEN;
    }
    if word.classes.any(Classes::TITLE) {
        traits |= AFTER_TITLE;
    }
    traits
}

/// What the word before a sequence says of its first word.
fn before(words: &[Word], from: usize) -> u32 {
    if words[from].opens {
        return 0;
    }
    let word = &words[from - 1];
    match word.shape {
        Shape::Bracket => BRACKETS,
        Shape::Lower => lower_before(word),
        _ => previous(word),
    }
}

fn lower_before(word: &Word) -> u32 {
    use std::sync::LazyLock;
    static IN: LazyLock<[Key; 5]> =
        LazyLock::new(|| ["in", "at", "from", "near", "to"].map(Key::of));
    static THE: LazyLock<Key> = LazyLock::new(|| Key::of("the"));
    if word.key == *THE {
        AFTER_THE
    } else if IN.contains(&word.key) {
        AFTER_IN
    } else if word.classes.any(Classes::ROLE) {
        AFTER_ROLE
    } else if word.classes.any(Classes::CUE_VERB) {
        SPEAKS
    } else {
        0
    }
}

/// What the words behind a sequence say of its last word.
fn after(words: &[Word], to: usize) -> u32 {
    if words[to - 1].closes {
        return 0;
    }
    let word = &words[to];
    match word.shape {
        Shape::Lower if word.classes.any(Classes::CUE_VERB) => SPEAKS,
        Shape::Comma if words.get(to + 1).is_some_and(|w| w.shape == Shape::Number) => AGE,
        _ => 0,
    }
}

const _: () = assert!(COUNT <= 32);
