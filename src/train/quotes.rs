//! Fitting of the source ranker on marked articles.

use std::path::Path;

use anyhow::Context;

use super::linear::{self, Groups};
use super::net::{self, Answer, Example, Names, Settings};
use crate::annotate::candidates;
use crate::annotate::quotes::features::{Features, View};
use crate::annotate::quotes::strip::Strip;
use crate::annotate::quotes::{self, Choice, Question};
use crate::annotate::scene::Scene;
use crate::article::Article;
use crate::eval::gold::Gold;
use crate::eval::kit;
use crate::model::Linear;
use crate::text::Span;

/// One stretch as a training question, with what is needed to score an answer.
pub struct Asked {
    /// The question.
    pub example: Example,
    /// The answers.
    pub choices: Vec<Choice>,
    /// Whether it is a required turn; `None` for a stretch that is no turn at all.
    pub required: Option<bool>,
    /// Where it stands in the given text.
    pub stretch: Span,
    /// Where every candidate answer stands in the given text.
    pub places: Vec<Span>,
}

/// The questions of one marked article.
pub fn questions(
    gold: &Gold,
    article: &Article,
    gate: &Linear,
    names: &mut dyn FnMut(&[u64]) -> Vec<u32>,
) -> Vec<Asked> {
    let scene = Scene::new(article);
    let candidates = candidates::candidates(&scene);
    let strip = Strip::new(&scene, &candidates);
    let view = View::new(&scene, &strip, &candidates);
    let own: Vec<Features> = (0..candidates.len())
        .map(|c| {
            let mut features = Features::new();
            view.of_candidate(c, &mut features);
            features
        })
        .collect();
    let given = |span: Span| article.origin.given_span(span);
    let mut asked = Vec::new();
    let mut question = Question::default();
    for s in 0..scene.stretches.len() {
        let stretch = given(scene.stretches[s].span);
        let turn = gold.turns.iter().find(|t| t.stretch.overlaps(stretch));
        if gold.ignore.iter().any(|i| i.overlaps(stretch)) {
            continue;
        }
        question.ask(&view, s, &quotes::gated(&view, gate, s));
        let heads = turn.map(|t| kit::head_words(&gold.text, &t.source)).unwrap_or_default();
        let right = |choice: &Choice| match (turn, choice) {
            (None, choice) => *choice == Choice::NotSpeech,
            (Some(turn), Choice::NoSource) => turn.source.is_empty(),
            (Some(_), &Choice::Source(c)) => is_right(gold, given(candidates[c].span), &heads),
            (Some(_), Choice::NotSpeech) => false,
        };
        let answers = question
            .choices
            .iter()
            .enumerate()
            .map(|(n, choice)| Answer {
                features: match choice {
                    Choice::Source(c) => names(&[&own[*c], question.of(n)].concat()),
                    _ => names(question.of(n)),
                },
                shares: matches!(choice, Choice::Source(_)),
                right: right(choice),
            })
            .collect();
        let place = |choice: &Choice| match choice {
            Choice::Source(c) => given(candidates[*c].span),
            _ => Span::new(0, 0),
        };
        asked.push(Asked {
            example: Example { shared: names(&question.shared), answers, weight: 1.0 },
            places: question.choices.iter().map(place).collect(),
            choices: question.choices.clone(),
            required: turn.map(|t| t.required),
            stretch,
        });
    }
    asked
}

/// Whether a candidate shares a head word with the marked source, whose heads are given.
fn is_right(gold: &Gold, span: Span, heads: &[Span]) -> bool {
    heads.iter().any(|h| span.overlaps(*h))
        && kit::head_words(&gold.text, &[span]).iter().any(|h| heads.contains(h))
}

/// Adds the choices of one marked article that the gate learns from.
fn gate_choices(gold: &Gold, article: &Article, groups: &mut Groups) {
    let scene = Scene::new(article);
    let candidates = candidates::candidates(&scene);
    let strip = Strip::new(&scene, &candidates);
    let view = View::new(&scene, &strip, &candidates);
    let given = |span: Span| article.origin.given_span(span);
    let mut features = Features::new();
    for s in 0..scene.stretches.len() {
        let stretch = given(scene.stretches[s].span);
        let Some(turn) = gold.turns.iter().find(|t| t.stretch.overlaps(stretch)) else { continue };
        let heads = kit::head_words(&gold.text, &turn.source);
        let window = quotes::window(&view, s);
        for (c, rank) in quotes::ranked(&view, s, window) {
            features.clear();
            view.for_gate(s, c, rank, &mut features);
            let right = is_right(gold, given(candidates[c].span), &heads);
            groups.candidate(&features, f32::from(right));
        }
        groups.end_group();
    }
}

/// Fits the gate; gives the bytes of its model file.
pub fn fit_gate(articles: &[(Gold, Article)]) -> Vec<u8> {
    let mut groups = Groups::default();
    for (gold, article) in articles {
        gate_choices(gold, article, &mut groups);
    }
    linear::to_bytes(&groups.fit(&linear::Settings { min_count: 5, ..Default::default() }))
}

/// How the shipped model is fitted.
const SETTINGS: Settings = Settings {
    hidden: 10,
    epochs: 8,
    rate: 0.03,
    decay: 3e-4,
    dropout: 0.5,
    min_count: 8,
    seed: 1,
};
/// Networks fitted from different random starts and averaged.
const NETS: u64 = 3;

/// Fits gate and network on marked articles and writes `quotes_gate.bin` and `quotes.bin` into `out`.
///
/// # Errors
/// When the models cannot be written.
pub fn run(articles: &[(Gold, Article)], out: &Path) -> anyhow::Result<()> {
    let (gate, net) = models(articles)?;
    write(&out.join("quotes_gate.bin"), &gate)?;
    write(&out.join("quotes.bin"), &net)
}

/// Fits gate and network; gives the bytes of their model files.
///
/// # Errors
/// When the gate cannot be read again.
pub fn models(articles: &[(Gold, Article)]) -> anyhow::Result<(Vec<u8>, Vec<u8>)> {
    let gate = fit_gate(articles);
    let loaded = Linear::load(&gate)?;
    let mut names = Names::default();
    let mut examples = Vec::new();
    for (gold, article) in articles {
        let asked = questions(gold, article, &loaded, &mut |f| names.numbers(f));
        examples.extend(asked.into_iter().map(|a| a.example));
    }
    Ok((gate, fit(examples, &names, &SETTINGS, NETS)))
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| path.display().to_string())
}

/// Fits the networks and gives the bytes of the model file.
pub fn fit(examples: Vec<Example>, names: &Names, settings: &Settings, nets: u64) -> Vec<u8> {
    let (examples, kept) = net::without_rare(examples, names, settings.min_count);
    let seeds: Vec<u64> = (1..=nets).collect();
    let fitted: Vec<net::Net> = std::thread::scope(|scope| {
        let start = |&seed: &u64| {
            let examples = &examples;
            let count = kept.len();
            scope.spawn(move || net::fit(examples, count, &Settings { seed, ..*settings }))
        };
        // Two at a time: as many as the smallest machine has cores.
        let mut done = Vec::new();
        for pair in seeds.chunks(2) {
            let handles: Vec<_> = pair.iter().map(start).collect();
            done.extend(handles.into_iter().map(|h| h.join().expect("no panic in fitting")));
        }
        done
    });
    let (rows, adding) = net::side_by_side(&fitted);
    net::to_bytes(&kept, &rows, adding)
}
