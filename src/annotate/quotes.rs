//! Which stretches are speech, and whose words name the speaker: a ranker over the candidates
//! around each stretch, with "not speech" and "no source" among the answers.

pub mod features;
pub mod net;
mod rules;
pub mod strip;

use std::ops::Range;

use smallvec::SmallVec;

use super::candidates::candidates;
use super::first_few::first_few;
use super::scene::Scene;
use crate::model::{Linear, Sum, feature, softmax};
use crate::text::Span;
use features::{Features, View};
use net::{Net, Sums};
use strip::Strip;

/// Most candidates looked at for one stretch, on either side.
const MOST: usize = 36;
/// Most candidates that pass the gate.
const KEPT: usize = 5;

/// An answer to whose words a stretch holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Nobody's: a title, a nickname, a word held at arm's length.
    NotSpeech,
    /// Somebody's whom the text does not name.
    NoSource,
    /// The candidate's of this number.
    Source(usize),
}

/// The answers for one stretch and their features.
#[derive(Default)]
pub struct Question {
    /// Features that all candidates share.
    pub shared: Features,
    /// The answers.
    pub choices: Vec<Choice>,
    /// For a candidate its features together with the stretch, for the others their own, one
    /// answer after the other.
    pub features: Features,
    /// Where those of each answer end.
    pub ends: Vec<usize>,
}

/// The candidates that may be the source of a stretch: those of its paragraph, of the paragraphs
/// before it up to the second that says anything outside quotations, and of the one behind.
pub fn window(view: &View, s: usize) -> Range<usize> {
    let scene = view.scene;
    let here = scene.stretches[s].paragraph;
    let mut first = here;
    let mut spoken = 0;
    while first > 0 && spoken < 2 && here - first < 12 {
        first -= 1;
        let tokens = scene.paragraphs[first].tokens.clone();
        spoken += usize::from(scene.quoted[tokens].contains(&0));
    }
    let from = scene.paragraphs[first].tokens.start as u32;
    let next = (here + 1).min(scene.paragraphs.len() - 1);
    let to = scene.paragraphs[next].tokens.end as u32;
    let of = |token: u32| view.candidates.partition_point(|c| c.head < token);
    let middle = of(scene.inside[s].start as u32);
    of(from).max(middle.saturating_sub(MOST))..of(to).min(middle + MOST)
}

/// Candidates of a window, each with its rank by nearness to the stretch on its side.
pub fn ranked(
    view: &View,
    s: usize,
    window: Range<usize>,
) -> impl ExactSizeIterator<Item = (usize, usize)> {
    let middle = view.scene.inside[s].start as u32;
    let from = window.start;
    let split = view.candidates[window.clone()].partition_point(|c| c.head < middle);
    let rank = move |n: usize| if n < split { split - 1 - n } else { n - split };
    window.map(move |c| (c, rank(c - from)))
}

/// The candidates of the window that pass the gate, with their rank by nearness on their side.
pub fn gated(view: &View, gate: &Linear, s: usize) -> SmallVec<[(usize, usize); KEPT]> {
    let ranked = ranked(view, s, window(view, s));
    if ranked.len() <= KEPT {
        return ranked.collect();
    }
    let scored = ranked.map(|(c, rank)| {
        let mut sum = Sum::new(gate);
        view.for_gate(s, c, rank, &mut sum);
        (-sum.classes()[0], c, rank)
    });
    let mut kept = first_few::<_, KEPT>(scored, |a, b| a < b);
    kept.sort_unstable_by_key(|&(_, c, _)| c);
    kept.into_iter().map(|(_, c, rank)| (c, rank)).collect()
}

impl Question {
    /// Asks whose words a stretch holds; `kept` are the candidates worth asking for.
    pub fn ask(&mut self, view: &View, s: usize, kept: &[(usize, usize)]) {
        self.shared.clear();
        self.choices.clear();
        self.features.clear();
        self.ends.clear();
        view.of_stretch(s, &mut self.shared);
        for (n, choice) in [Choice::NotSpeech, Choice::NoSource].into_iter().enumerate() {
            self.features.extend(self.shared.iter().map(|&f| feature(200 + n as u32, f)));
            self.end(choice);
        }
        for &(c, rank) in kept {
            view.of_pair(s, c, rank, &mut self.features);
            self.end(Choice::Source(c));
        }
    }

    fn end(&mut self, choice: Choice) {
        self.choices.push(choice);
        self.ends.push(self.features.len());
    }

    /// The features of one answer, without the shared ones and a candidate's own.
    pub fn of(&self, answer: usize) -> &[u64] {
        let from = answer.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.features[from..self.ends[answer]]
    }
}

/// Name of the model in what explains an attribution.
pub const RANKER: &str = "source-ranker";
/// Name of the form that outweighs the doubt whether something is speech at all.
pub const PLAINEST: &str = "cue-next-to-quote";

/// The words that name a speaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// All of them.
    pub span: Span,
    /// Token of the head: two sources with one head are one.
    pub head: usize,
}

/// A stretch that holds somebody's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// The stretch.
    pub stretch: usize,
    /// The words that name the speaker.
    pub source: Option<Source>,
    /// Token of the verb that says so.
    pub cue: Option<usize>,
    /// How likely it is that both are right.
    pub probability: f32,
    /// What decided.
    pub rule: &'static str,
}

/// The two models of whose words a stretch holds.
pub struct Ranker {
    /// Lets only likely candidates through to the network.
    gate: Linear,
    net: Net,
}

impl Ranker {
    /// Reads the two model files.
    ///
    /// # Errors
    /// When the bytes are no model files.
    pub fn load(gate: &[u8], net: &[u8]) -> anyhow::Result<Ranker> {
        Ok(Ranker { gate: Linear::load(gate)?, net: Net::load(net)? })
    }

    /// The one that the program carries.
    pub(super) fn embedded() -> Ranker {
        let gate = include_bytes!("../../data/models/quotes_gate.bin");
        let net = include_bytes!("../../data/models/quotes.bin");
        Ranker::load(gate, net).expect("the embedded models are whole")
    }
}

/// Speech is what is likelier speech than this; a little under a half pays in F1.
const SPEECH_AT: f32 = 0.45;

/// Number of the answer that nobody is named.
const NO_SOURCE: usize = 1;
/// A likely source as sure as this is given rather than none; the second where it is surely speech.
const NAMED: f32 = 0.25;
const SURELY_NAMED: f32 = 0.02;

/// Where the ranker is less sure than this, the sentence before a quotation that stands alone tells
/// more; how often it is right then, by hand; and the name of that rule.
const DOUBTFUL: f32 = 0.8;
const LED: f32 = 0.7;
const LEAD: &str = "lead-in-subject";

/// The stretches that are speech, with their sources. `strip` is room for the words of the article.
pub fn turns(scene: &Scene, ranker: &Ranker, strip: &mut Strip) -> Vec<Turn> {
    if scene.stretches.is_empty() {
        return Vec::new();
    }
    let candidates = &candidates(scene);
    strip.fill(scene, candidates);
    let view = View::new(scene, strip, candidates);
    let mut judge = Judge {
        ranker,
        own: vec![None; candidates.len()],
        question: Question::default(),
        scratch: Features::new(),
        view,
    };
    let mut turns: Vec<Turn> = Vec::new();
    for s in 0..scene.stretches.len() {
        if rules::is_nickname(&judge.view, s) {
            continue;
        }
        let turn = rules::turn(&judge.view, s, turns.last())
            .or_else(|| judge.turn(s))
            .or_else(|| rules::follows_on(&judge.view, s, turns.last()));
        turns.extend(turn);
    }
    turns
}

/// The network at work on one article; what candidates add by themselves is kept.
struct Judge<'a> {
    ranker: &'a Ranker,
    view: View<'a>,
    own: Vec<Option<Sums>>,
    question: Question,
    scratch: Features,
}

impl Judge<'_> {
    fn turn(&mut self, s: usize) -> Option<Turn> {
        let kept = gated(&self.view, &self.ranker.gate, s);
        self.question.ask(&self.view, s, &kept);
        let chances = self.chances();
        let speech = 1.0 - chances[0];
        let best = (1..chances.len()).max_by(|&a, &b| chances[a].total_cmp(&chances[b]))?;
        let view = &self.view;
        let surely = rules::is_surely_speech(view, s);
        let named = (2..chances.len()).max_by(|&a, &b| chances[a].total_cmp(&chances[b]));
        let worth = if surely { SURELY_NAMED } else { NAMED.max(0.3 * chances[best]) };
        let mut ruled_out = if surely { chances[0] } else { 0.0 };
        let best = match named {
            Some(named) if best == NO_SOURCE && chances[named] >= worth => {
                ruled_out += chances[NO_SOURCE];
                named
            }
            _ => best,
        };
        let chance = chances[best] / (1.0 - ruled_out).max(1e-6);
        let chosen = match self.question.choices[best] {
            Choice::Source(c) => Some(c),
            _ => None,
        };
        let doubtful = chance < DOUBTFUL && (speech >= SPEECH_AT || surely);
        if let Some(subject) = rules::lead::subject_before(view, s).filter(|_| doubtful) {
            let source = Some(rules::fuller(view, subject));
            return Some(Turn { stretch: s, source, cue: None, probability: LED, rule: LEAD });
        }
        let strip = view.strip;
        let cue = chosen.and_then(|c| strip.cue_of(&strip.placed[c], strip.of_stretch[s]));
        let plain = |c: usize| rules::cue_next_to_quote(view, s, &view.candidates[c], cue);
        let (rule, probability) = match chosen {
            _ if speech >= SPEECH_AT || surely => (RANKER, chance),
            Some(c) if plain(c) => (PLAINEST, chances[best] / speech.max(1e-6)),
            _ => return None,
        };
        let source = chosen.map(|c| rules::fuller(view, c));
        Some(Turn { stretch: s, source, cue, probability: probability.min(1.0), rule })
    }

    /// The probability of every answer.
    fn chances(&mut self) -> Vec<f32> {
        let net = &self.ranker.net;
        let mut shared = net::ZERO;
        net.add(&self.question.shared, &mut shared);
        let mut scores = Vec::with_capacity(self.question.choices.len());
        for n in 0..self.question.choices.len() {
            let mut sums = match self.question.choices[n] {
                Choice::Source(c) => {
                    let mut sums = *self.own_sums(c);
                    sums.iter_mut().zip(&shared).for_each(|(sum, s)| *sum = sum.wrapping_add(*s));
                    sums
                }
                _ => net::ZERO,
            };
            net.add(self.question.of(n), &mut sums);
            scores.push(net.score(&sums));
        }
        softmax(&mut scores);
        scores
    }

    fn own_sums(&mut self, c: usize) -> &Sums {
        let (net, view, scratch) = (&self.ranker.net, &self.view, &mut self.scratch);
        self.own[c].get_or_insert_with(|| {
            scratch.clear();
            view.of_candidate(c, scratch);
            let mut sums = net::ZERO;
            net.add(scratch, &mut sums);
            sums
        })
    }
}
