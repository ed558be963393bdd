//! Which stretches are speech, and whose words name the speaker: a ranker over the candidates
//! around each stretch, with "not speech" and "no source" among the answers.

pub mod features;
pub mod net;
pub mod strip;

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::candidates::Candidate;
use super::scene::Scene;
use crate::model::feature;
use features::{Features, View};
use net::Net;
use strip::Strip;

/// Most candidates looked at for one stretch, on either side.
const MOST: usize = 36;

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

/// The features of every answer for one stretch.
#[derive(Default)]
pub struct Question {
    /// Features that all candidates share.
    pub shared: Features,
    /// The answers.
    pub choices: Vec<Choice>,
    /// Features of all answers, one after the other.
    pub features: Features,
    /// Where those of each answer end.
    pub ends: Vec<usize>,
}

/// How often the head word of each candidate heads one.
pub fn head_counts(scene: &Scene, candidates: &[Candidate]) -> Vec<u16> {
    let mut counts: FxHashMap<&str, u16> = FxHashMap::default();
    for candidate in candidates {
        let count = counts.entry(scene.word(candidate.head as usize)).or_default();
        *count = count.saturating_add(1);
    }
    candidates.iter().map(|c| counts[scene.word(c.head as usize)]).collect()
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

impl Question {
    /// Asks whose words a stretch holds.
    pub fn ask(&mut self, view: &View, own: &[Features], s: usize) {
        self.shared.clear();
        self.choices.clear();
        self.features.clear();
        self.ends.clear();
        view.of_stretch(s, &mut self.shared);
        for (n, choice) in [Choice::NotSpeech, Choice::NoSource].into_iter().enumerate() {
            self.features.extend(self.shared.iter().map(|&f| feature(200 + n as u32, f)));
            self.end(choice);
        }
        let window = window(view, s);
        let middle = view.scene.inside[s].start as u32;
        let split = window.clone().take_while(|&c| view.candidates[c].head < middle).count();
        for (n, c) in window.enumerate() {
            let rank = if n < split { split - 1 - n } else { n - split };
            self.features.extend_from_slice(&own[c]);
            view.of_pair(s, c, rank, &mut self.features);
            self.end(Choice::Source(c));
        }
    }

    fn end(&mut self, choice: Choice) {
        self.choices.push(choice);
        self.ends.push(self.features.len());
    }

    /// The features of one answer, without the shared ones.
    pub fn of(&self, answer: usize) -> &[u64] {
        let from = answer.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.features[from..self.ends[answer]]
    }
}

/// The own features of every candidate.
pub fn own_features(view: &View) -> Vec<Features> {
    let of = |c| {
        let mut features = Features::new();
        view.of_candidate(c, &mut features);
        features
    };
    (0..view.candidates.len()).map(of).collect()
}

/// Name of the model in what explains an attribution.
pub const RANKER: &str = "source-ranker";

/// A stretch that holds somebody's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// The stretch.
    pub stretch: usize,
    /// The candidate that names the speaker.
    pub source: Option<usize>,
    /// Tokens of the verb that says so.
    pub cue: Option<usize>,
    /// How likely it is that both are right.
    pub probability: f32,
}

static NET: LazyLock<Net> = LazyLock::new(|| {
    Net::load(include_bytes!("../../data/models/quotes.bin")).expect("the embedded model is whole")
});

/// Speech is what is likelier speech than this; a little under a half pays in F1.
const SPEECH_AT: f32 = 0.45;

/// The stretches that are speech, with their sources.
pub fn turns(scene: &Scene, candidates: &[Candidate]) -> Vec<Turn> {
    if scene.stretches.is_empty() {
        return Vec::new();
    }
    let strip = Strip::new(scene, candidates);
    let counts = head_counts(scene, candidates);
    let view = View { scene, strip: &strip, candidates, counts: &counts };
    let own = own_features(&view);
    let mut question = Question::default();
    let judge = |s| {
        question.ask(&view, &own, s);
        let chances = NET.chances(&question);
        let speech = 1.0 - chances[0];
        let best = (1..chances.len()).max_by(|&a, &b| chances[a].total_cmp(&chances[b]))?;
        let source = match question.choices[best] {
            Choice::Source(c) => Some(c),
            _ => None,
        };
        let cue = source.and_then(|c| strip.cue_of(&strip.placed[c], strip.of_stretch[s]));
        (speech >= SPEECH_AT).then(|| Turn { stretch: s, source, cue, probability: chances[best] })
    };
    (0..scene.stretches.len()).filter_map(judge).collect()
}

impl Net {
    /// The probability of every answer.
    fn chances(&self, question: &Question) -> Vec<f32> {
        let mut shared = self.zero();
        self.add(&question.shared, &mut shared);
        let score = |(n, choice): (usize, &Choice)| {
            let mut sums = match choice {
                Choice::Source(_) => shared.clone(),
                _ => self.zero(),
            };
            self.add(question.of(n), &mut sums);
            self.score(&sums)
        };
        let mut scores: Vec<f32> = question.choices.iter().enumerate().map(score).collect();
        let most = scores.iter().copied().fold(f32::MIN, f32::max);
        scores.iter_mut().for_each(|s| *s = (*s - most).exp());
        let all: f32 = scores.iter().sum();
        scores.iter_mut().for_each(|s| *s /= all);
        scores
    }
}
