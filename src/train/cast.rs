//! Fits the weights that say whom "he" and "she" stand for, on articles in which the speakers of
//! such sources are named. The features name no word, so the weights hold none of the text.

use std::path::Path;

use anyhow::Context;

use super::linear::{Groups, Settings, Weights, to_bytes};
use crate::annotate::cast::names::Name;
use crate::annotate::scene::Scene;
use crate::annotate::speakers::Candidate;
use crate::annotate::{cast, entities, speakers};
use crate::article::{Article, Entity};
use crate::eval::gold::{self, Gold};
use crate::model::Linear;
use crate::text::Span;

/// Who spoke last depends on the weights, so they are fitted again on their own answers.
const ROUNDS: usize = 3;
const SETTINGS: Settings = Settings { l2: 16.0, min_count: 3, rounds: 80 };
/// The names were made by a machine: one that the weights of the round before find this much less
/// likely than another, in units of log odds, is taken for a slip and left out.
const SLIP: f32 = 2.0;

/// A source and the full name it stands for, where the gold file knows it.
struct Named {
    source: Span,
    name: Option<Name>,
}

/// Fits on marked articles and writes `pronouns.bin` into `out`.
///
/// # Errors
/// When the model cannot be written.
pub fn run(articles: &[(Gold, Article)], out: &Path) -> anyhow::Result<()> {
    let mut weights = Weights::new();
    for _ in 0..ROUNDS {
        let model = Linear::load(&to_bytes(&weights))?;
        let mut groups = Groups::default();
        for (gold, article) in articles {
            add(gold, article, &model, &mut groups);
        }
        weights = groups.fit(&SETTINGS);
    }
    let path = out.join("pronouns.bin");
    std::fs::write(&path, to_bytes(&weights)).with_context(|| path.display().to_string())
}

/// Adds the choices of one article, as they come up with these weights.
fn add(gold: &Gold, article: &Article, model: &Linear, groups: &mut Groups) {
    let scene = Scene::new(article);
    let entities = cast::build(&scene, &entities::find(&scene));
    let named = sources(gold, article, &scene);
    let sources: Vec<Span> = named.iter().map(|n| n.source).collect();
    speakers::watch(&scene, &entities, &sources, model, &mut |source, candidates| {
        let Some(name) = &named[source].name else { return };
        let right: Vec<bool> = candidates.iter().map(|c| is(&entities[c.entity], name)).collect();
        if is_slip(model, candidates, &right) {
            return;
        }
        for (candidate, &right) in candidates.iter().zip(&right) {
            groups.candidate(&candidate.features, f32::from(right));
        }
        groups.end_group();
    });
}

/// Whether the weights find the name very unlikely.
fn is_slip(model: &Linear, candidates: &[Candidate], right: &[bool]) -> bool {
    let best = |of: &mut dyn Iterator<Item = &Candidate>| {
        of.map(|c| c.score(model) as f32 * model.scale()).fold(f32::MIN, f32::max)
    };
    let named = best(&mut candidates.iter().zip(right).filter(|c| *c.1).map(|c| c.0));
    best(&mut candidates.iter()) - named > SLIP
}

/// Whether an entity bears this full name.
fn is(entity: &Entity, name: &Name) -> bool {
    let own = Name::parse(entity.name.split_whitespace());
    own.is_some_and(|own| own.is_full() && own.agrees(name))
}

/// All sources of an article, placed in its clean text.
fn sources(gold: &Gold, article: &Article, scene: &Scene) -> Vec<Named> {
    let place = |given: &Span| {
        let covers =
            |t: &&crate::segment::Token| article.origin.given_span(t.span).overlaps(*given);
        scene.tokens.iter().filter(covers).map(|t| t.span).reduce(Span::cover)
    };
    let named = |a: &gold::Attribution| {
        let turn = gold.turns.iter().find(|t| t.attribution == a.id && t.source_type == "pronoun");
        let name = turn.and_then(|t| t.silver_speaker.as_deref());
        let name = name.and_then(|n| Name::parse(n.split_whitespace())).filter(Name::is_full);
        Some(Named { source: place(a.source.first()?)?, name })
    };
    gold.attributions.iter().filter_map(named).collect()
}
