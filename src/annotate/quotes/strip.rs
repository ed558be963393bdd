//! The article as the source ranker sees it: one strip of words with every quotation folded into a
//! single item, and the candidates placed on it with what stands around each of them.

use crate::annotate::candidates::Candidate;
use crate::annotate::scene::Scene;
use crate::annotate::words::{Class, Group};

/// The class of a folded quotation.
pub const QUOTATION: Class = Class { fine: 760, group: Group::Mark };
/// The class of the gap between paragraphs.
pub const BREAK: Class = Class { fine: 761, group: Group::None };
/// How far a candidate looks for its verb.
const REACH: usize = 24;

/// Where the reporting verb of a candidate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Verb {
    /// Its class; none if there is no such verb.
    pub class: Class,
    /// Its place on the strip.
    pub item: u32,
    /// Items between the candidate and the verb.
    pub gap: u8,
    /// How many names stand between.
    pub names: u8,
    /// What had to be stepped over: bit 0 an apposition, 1 brackets, 2 a clause, 3 a preposition.
    pub over: u8,
}

/// A candidate on the strip.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    /// Item of its first word.
    pub first: u32,
    /// Item of its head.
    pub head: u32,
    /// The first verb behind it that may report.
    pub behind: Verb,
    /// The first verb behind it that surely reports.
    pub sure: Verb,
    /// The verb before it.
    pub before: Verb,
}

/// The strip.
#[derive(Default)]
pub struct Strip {
    /// Class of each item.
    pub items: Vec<Class>,
    /// First token of each item.
    pub tokens: Vec<u32>,
    /// Item of each token.
    pub of_token: Vec<u32>,
    /// Item of each stretch.
    pub of_stretch: Vec<u32>,
    /// The candidates, in the order they were given.
    pub placed: Vec<Placed>,
    /// For each item, how many sentences began up to it.
    pub sentence: Vec<u32>,
    /// For each item, how many paragraphs began up to it.
    pub paragraph: Vec<u32>,
}

impl Strip {
    /// Folds the quotations of a scene and places its candidates.
    pub fn new(scene: &Scene, candidates: &[Candidate]) -> Self {
        let mut strip = Strip::default();
        strip.fill(scene, candidates);
        strip
    }

    /// The same in the room that the article before had, which is still at hand.
    pub fn fill(&mut self, scene: &Scene, candidates: &[Candidate]) {
        self.items.clear();
        self.of_stretch.clear();
        self.placed.clear();
        let room = scene.tokens.len() + scene.paragraphs.len();
        for numbers in
            [&mut self.tokens, &mut self.of_token, &mut self.sentence, &mut self.paragraph]
        {
            numbers.clear();
            numbers.reserve(room);
        }
        self.fold(scene);
        for candidate in candidates {
            let first = self.of_token[candidate.first as usize];
            let head = self.of_token[candidate.head as usize];
            let (behind, sure) = self.verbs_behind(head);
            let before = self.verb_before(first);
            self.placed.push(Placed { first, head, behind, sure, before });
        }
    }

    fn fold(&mut self, scene: &Scene) {
        let mut sentences = scene.sentences.iter().peekable();
        let mut count = 0;
        for (number, paragraph) in scene.paragraphs.iter().enumerate() {
            self.push(BREAK, paragraph.tokens.start, count, number);
            let mut last = 0;
            for token in paragraph.tokens.clone() {
                while sentences.next_if(|s| s.start <= token).is_some() {
                    count += 1;
                }
                let stretch = scene.quoted[token];
                if stretch == 0 {
                    self.push(scene.classes[token], token, count, number);
                } else if stretch != last {
                    self.push(QUOTATION, token, count, number);
                    // Stretches without any token of their own cannot be: each holds a word.
                    self.of_stretch.push(self.items.len() as u32 - 1);
                }
                last = stretch;
                self.of_token.push(self.items.len() as u32 - 1);
            }
        }
    }

    fn push(&mut self, class: Class, token: usize, sentence: u32, paragraph: usize) {
        self.items.push(class);
        self.tokens.push(token as u32);
        self.sentence.push(sentence);
        self.paragraph.push(paragraph as u32);
    }

    /// The class at `item + offset`, nothing outside.
    pub fn at(&self, item: u32, offset: i32) -> Class {
        let at = item as i64 + i64::from(offset);
        usize::try_from(at).ok().and_then(|at| self.items.get(at)).copied().unwrap_or(Class::NONE)
    }

    /// The token of the verb that most likely ties a candidate to the quotation at item `at`.
    pub fn cue_of(&self, placed: &Placed, at: u32) -> Option<usize> {
        let near = |verb: &Verb| verb.class != Class::NONE && verb.item.abs_diff(at) < 40;
        let verbs = [&placed.before, &placed.sure, &placed.behind];
        let tight = |verb: &&&Verb| near(verb) && verb.gap <= 1;
        let verb = verbs.iter().find(tight).or_else(|| verbs.iter().find(|v| near(v)))?;
        (self.paragraph[verb.item as usize].abs_diff(self.paragraph[at as usize]) <= 1)
            .then(|| self.tokens[verb.item as usize] as usize)
    }

    /// The sentence at `item + offset`, which no sentence has outside.
    pub fn at_sentence(&self, item: u32, offset: i32) -> u32 {
        let at = item as i64 + i64::from(offset);
        usize::try_from(at).ok().and_then(|at| self.sentence.get(at)).copied().unwrap_or(u32::MAX)
    }

    /// The reporting verbs behind a head: "Smith, the mayor of York, has said".
    fn verbs_behind(&self, head: u32) -> (Verb, Verb) {
        let mut verb = Verb::default();
        let mut first = Verb::default();
        let mut at = head as usize + 1;
        let end = self.items.len().min(at + REACH);
        while at < end {
            let class = self.items[at];
            match class.group {
                _ if class.is_cue() => {
                    verb.class = class;
                    verb.item = at as u32;
                    verb.gap = (at - head as usize - 1) as u8;
                    if first.class == Class::NONE {
                        first = verb;
                    }
                    if class.group == Group::CueSure {
                        return (first, verb);
                    }
                }
                Group::None | Group::Stop | Group::Semicolon | Group::Colon => break,
                Group::Mark if class == QUOTATION => break,
                Group::Open => {
                    verb.over |= 2;
                    at = self.skip_to(at, end, |g| g == Group::Close);
                }
                Group::Comma => verb.over |= 1,
                Group::Relative | Group::Subordinator => verb.over |= 4,
                Group::Preposition => verb.over |= 8,
                Group::Conjunction => verb.over |= 16,
                _ if class.is_name() => verb.names = verb.names.saturating_add(1),
                _ => {}
            }
            at += 1;
        }
        (first, Verb::default())
    }

    /// The reporting verb before a phrase: "said Smith", "according to Smith", "asked by Smith".
    fn verb_before(&self, first: u32) -> Verb {
        let mut verb = Verb::default();
        for gap in 0..4 {
            let Some(at) = (first as usize).checked_sub(gap + 1) else { break };
            let class = self.items[at];
            match class.group {
                _ if class.is_cue() => {
                    verb.class = class;
                    verb.item = at as u32;
                    verb.gap = gap as u8;
                    return verb;
                }
                Group::Preposition => verb.over |= 8,
                Group::Conjunction if class.fine == according() => {
                    verb.class = class;
                    verb.item = at as u32;
                    verb.gap = gap as u8;
                    return verb;
                }
                Group::Adverb | Group::Manner | Group::Determiner | Group::Pronoun => {}
                Group::Role | Group::Lower | Group::Past | Group::Capital | Group::Given => {
                    verb.names = verb.names.saturating_add(1);
                }
                _ => break,
            }
        }
        Verb::default()
    }

    fn skip_to(&self, from: usize, end: usize, stop: impl Fn(Group) -> bool) -> usize {
        (from..end).find(|&at| stop(self.items[at].group)).unwrap_or(from)
    }
}

/// The number of "according".
fn according() -> u16 {
    static NUMBER: std::sync::OnceLock<u16> = std::sync::OnceLock::new();
    *NUMBER.get_or_init(|| crate::annotate::words::number_of("according"))
}
