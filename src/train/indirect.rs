//! Fits the models of reported clauses (`annotate::indirect`) on gold attributions.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::Path;

use anyhow::Context;

use super::linear::{Groups, Settings, Weights, to_bytes};
use crate::annotate::indirect::choices::{self, Part};
use crate::annotate::indirect::{Content, Cue, Grid, Kind, Source, Start};
use crate::annotate::scene::Scene;
use crate::article::Article;
use crate::eval::gold::{Attribution, Gold};
use crate::model::{Sink, feature};
use crate::segment::TokenKind;
use crate::text::Span;

/// Contents that share less than this with the gold one are no answer to learn from.
const REACHED: f32 = 0.6;

/// One article ready for training.
pub struct Lesson {
    /// Its words.
    pub grid: Grid,
    /// What gold says about each cue token.
    answers: HashMap<usize, Answer>,
    /// Tokens inside gold cues that are not the answer, and regions left out: neither right nor wrong.
    open: HashSet<usize>,
}

/// What gold says about a cue.
struct Answer {
    content: Content,
    /// Head tokens of the source; empty where nobody is named.
    heads: Vec<usize>,
    /// The source is named.
    named: bool,
}

/// The examples of the four choices.
#[derive(Default)]
pub struct Examples {
    cues: Groups,
    starts: Groups,
    ends: Groups,
    sources: Groups,
}

/// Fits on marked articles and writes `indirect.bin` into `out`.
///
/// # Errors
/// When the model cannot be written.
pub fn run(articles: &[(Gold, Article)], out: &Path) -> anyhow::Result<()> {
    let path = out.join("indirect.bin");
    std::fs::write(&path, model(articles)).with_context(|| path.display().to_string())
}

/// Fits on marked articles; gives the bytes of the model file.
pub fn model(articles: &[(Gold, Article)]) -> Vec<u8> {
    let lessons: Vec<Lesson> =
        articles.iter().map(|(gold, article)| lesson(gold, article)).collect();
    to_bytes(&fit(lessons.iter()))
}

/// Fits the four models; their features never meet, so they share one table.
pub fn fit<'a>(lessons: impl Iterator<Item = &'a Lesson>) -> Weights {
    let mut examples = Examples::default();
    let mut features = Gathered::default();
    for lesson in lessons {
        lesson.add_to(&mut examples, &mut features);
    }
    let settings = Settings { l2: 3.0, min_count: 10, rounds: 60 };
    let models = [examples.cues, examples.starts, examples.ends, examples.sources];
    let mut all: Weights = models.iter().flat_map(|groups| groups.fit(&settings)).collect();
    all.sort_unstable_by_key(|&(feature, _)| feature);
    all
}

/// Cuts an article up and finds its gold in it.
pub fn lesson(gold: &Gold, article: &Article) -> Lesson {
    let scene = Scene::new(article);
    let grid = Grid::new(&scene);
    let aligned = Aligned::new(&scene, article);
    let cues: HashSet<usize> = choices::cues(&grid).iter().map(|cue| cue.token).collect();
    let (mut answers, mut open) = (HashMap::new(), HashSet::new());
    for attribution in gold.attributions.iter().filter(|a| a.kind != "direct") {
        let inside: Vec<usize> =
            attribution.cue.iter().flat_map(|&part| aligned.tokens(part)).collect();
        open.extend(inside.iter().copied());
        let candidates = || inside.iter().copied().filter(|t| cues.contains(t));
        let verb = candidates().rfind(|&t| grid.words[t].part == Part::Verb);
        let (Some(cue), Some(content)) =
            (verb.or(candidates().next_back()), aligned.content(attribution))
        else {
            continue;
        };
        let heads = aligned.heads(&grid, attribution);
        let named = !attribution.source.is_empty();
        answers.entry(cue).or_insert(Answer { content, heads, named });
    }
    open.extend(gold.ignore.iter().flat_map(|&part| aligned.tokens(part)));
    Lesson { grid, answers, open }
}

/// Gold spans as tokens of the scene.
struct Aligned<'a> {
    scene: &'a Scene<'a>,
    /// Where each token stands in the given text.
    given: Vec<Span>,
}

impl<'a> Aligned<'a> {
    fn new(scene: &'a Scene<'a>, article: &Article) -> Self {
        let given = scene.tokens.iter().map(|t| article.origin.given_span(t.span)).collect();
        Aligned { scene, given }
    }

    fn tokens(&self, part: Span) -> Range<usize> {
        let from = self.given.partition_point(|t| t.end() <= part.start());
        from..self.given.partition_point(|t| t.start() < part.end()).max(from)
    }

    /// The tokens of a part without punctuation at its ends.
    fn trimmed(&self, part: Span) -> Option<Range<usize>> {
        let mut tokens = self.tokens(part);
        let is_word =
            |t: usize| matches!(self.scene.tokens[t].kind, TokenKind::Word | TokenKind::Number);
        while !tokens.is_empty() && !is_word(tokens.start) {
            tokens.start += 1;
        }
        while !tokens.is_empty() && !is_word(tokens.end - 1) {
            tokens.end -= 1;
        }
        (!tokens.is_empty()).then_some(tokens)
    }

    fn content(&self, attribution: &Attribution) -> Option<Content> {
        let mut parts: Vec<_> =
            attribution.content.iter().filter_map(|&p| self.trimmed(p)).collect();
        parts.sort_by_key(|part| part.start);
        let (first, last) = (parts.first()?.clone(), parts.last()?.clone());
        let cue = attribution.cue.first().map_or(0, |&part| self.tokens(part).start);
        let hole =
            parts.windows(2).map(|pair| pair[0].end..pair[1].start).find(|gap| gap.contains(&cue));
        Some(Content { tokens: first.start..last.end, hole })
    }

    /// The head words of the source, a noun phrase each.
    fn heads(&self, grid: &Grid, attribution: &Attribution) -> Vec<usize> {
        let mut heads = Vec::new();
        for &part in &attribution.source {
            let (mut head, mut cut) = (None, false);
            for token in self.tokens(part) {
                let word = self.scene.word(token);
                let kind = grid.words[token].part;
                if matches!(word, "," | ";" | "—" | "–" | "and" | "or") {
                    heads.extend(head.take());
                    cut = false;
                } else if head.is_some()
                    && matches!(
                        kind,
                        Part::Preposition | Part::Question | Part::Subordinator | Part::To
                    )
                    || matches!(word, "(" | "[")
                {
                    cut = true;
                } else if !cut
                    && !matches!(kind, Part::Ending | Part::Punctuation | Part::Mark | Part::Stop)
                {
                    head = Some(token);
                }
            }
            heads.extend(head);
        }
        heads
    }
}

/// The features of one candidate, in the order of their templates, in whatever order they are given:
/// the last digits of what is fitted depend on it.
#[derive(Default)]
struct Gathered {
    given: Vec<(u32, u64)>,
    ordered: Vec<u64>,
}

impl Sink for Gathered {
    fn put(&mut self, template: u32, value: u64) {
        self.given.push((template, feature(template, value)));
    }
}

impl Gathered {
    fn of(&mut self, give: impl FnOnce(&mut Gathered)) -> &[u64] {
        self.given.clear();
        give(self);
        self.given.sort_by_key(|&(template, _)| template);
        self.ordered.clear();
        self.ordered.extend(self.given.iter().map(|&(_, feature)| feature));
        &self.ordered
    }
}

impl Lesson {
    fn add_to(&self, examples: &mut Examples, features: &mut Gathered) {
        for cue in choices::cues(&self.grid) {
            let answer = self.answers.get(&cue.token);
            if answer.is_none() && self.open.contains(&cue.token) {
                continue;
            }
            let mut of_cue = Vec::new();
            choices::cue_features(&self.grid, &cue, &mut of_cue);
            examples.cues.decision(&of_cue, answer.is_some());
            if let Some(answer) = answer {
                self.add_content(&cue, answer, examples, features);
            }
        }
    }

    fn add_content(
        &self,
        cue: &Cue,
        answer: &Answer,
        examples: &mut Examples,
        features: &mut Gathered,
    ) {
        let grid = &self.grid;
        let starts = choices::starts(grid, cue);
        let reach = |start: &Start| {
            let contents = choices::contents(grid, cue, *start);
            contents.iter().map(|c| c.jaccard(&answer.content)).fold(0.0, f32::max)
        };
        let reached: Vec<f32> = starts.iter().map(reach).collect();
        let most = reached.iter().copied().fold(0.0, f32::max);
        if most < REACHED {
            return;
        }
        for (rank, (&start, &share)) in starts.iter().zip(&reached).enumerate() {
            let all = features.of(|to| choices::start_features(grid, cue, start, rank, to));
            examples.starts.candidate(all, f32::from(share >= most));
        }
        examples.starts.end_group();
        let right = starts[reached.iter().position(|&r| r >= most).expect("the most is there")];
        let contents = choices::contents(grid, cue, right);
        for (rank, content) in contents.iter().enumerate() {
            let all = features.of(|to| {
                choices::end_features(grid, cue, right, content, rank, contents.len(), to);
            });
            let share = content.jaccard(&answer.content);
            examples.ends.candidate(all, f32::from(share >= most));
        }
        examples.ends.end_group();
        self.add_sources(cue, right, answer, examples, features);
    }

    fn add_sources(
        &self,
        cue: &Cue,
        start: Start,
        answer: &Answer,
        examples: &mut Examples,
        features: &mut Gathered,
    ) {
        let candidates = choices::sources(&self.grid, cue);
        for index in 0..candidates.len() {
            let (grid, content) = (&self.grid, &answer.content);
            let all = features.of(|to| {
                choices::source_features(grid, cue, start, content, &candidates, index, to);
            });
            examples.sources.candidate(all, answer.gain(&candidates[index]));
        }
        examples.sources.end_group();
    }
}

impl Answer {
    /// 1 for the first head of the source, less for its further parts ("Smith, the mayor").
    fn gain(&self, source: &Source) -> f32 {
        match self.heads.iter().position(|&head| head + 1 == source.tokens.end) {
            _ if source.kind == Kind::None => f32::from(!self.named),
            Some(0) => 1.0,
            Some(_) => 0.4,
            None => 0.0,
        }
    }
}
