//! Entities, quotes and speakers of one article. Pure: no I/O, cannot fail.
//!
//! The order of steps, written once:
//!
//! 1. `Scene::new`: paragraphs (repeats inside the article left out), tokens, quotation marks
//!    paired into stretches, sentences;
//! 2. `entities`: which runs of tokens are names (`Mention`s);
//! 3. `cast`: which mentions are one person, organisation or place (`Entity`s: full name, role, gender);
//! 4. `quotes`: which stretches are speech and whose words name the speaker; `indirect`: reported clauses;
//!    `transcript`: what is said without marks in interviews, posts, statements and headlines;
//! 5. `speakers`: who each source is;
//! 6. `assemble`: parts joined into utterances, kinds, echoes, confidence;
//! 7. `inner`: speech inside speech.

pub mod assemble;
pub mod candidates;
pub mod cast;
pub mod confidence;
mod cores;
mod echoes;
pub mod entities;
mod fingerprint;
pub(crate) mod glossary;
pub mod indirect;
mod inner;
pub mod marks;
pub mod quotes;
mod recall;
pub mod scene;
pub mod sentences;
mod single;
pub mod speakers;
mod transcript;
pub mod words;

pub use cores::{Cores, OneCore};
pub use fingerprint::fingerprint;

use std::sync::LazyLock;

use crate::article::{Annotation, Article, Entity, Quote};
use crate::model::Linear;
use crate::text::Span;
use confidence::Lines;
use indirect::Reported;
use quotes::{Ranker, Turn};
use scene::Scene;

/// The models that find quotes and judge how sure they are.
pub struct Models {
    /// Whose words stand between marks.
    pub ranker: Ranker,
    /// Reported clauses.
    pub clauses: Linear,
    /// What the confidence of both is worth.
    pub confidence: Lines,
}

static EMBEDDED: LazyLock<Models> = LazyLock::new(|| Models {
    ranker: Ranker::embedded(),
    clauses: indirect::embedded(),
    confidence: Lines::embedded(),
});

/// Bytes of text that are taken through the steps together.
pub const TOGETHER: usize = 96 << 10;

/// Bytes of an article whose steps are done side by side.
const LONG: usize = 1 << 20;

/// Reported clauses of nobody less sure than this are not given: most are no reports at all.
const UNNAMED: f32 = 0.5;

/// Annotates one article. Spans index `article.text`.
pub fn annotate(article: &Article) -> Annotation {
    annotate_by(article, &EMBEDDED)
}

/// Annotates one article with other models than those that the program carries.
pub fn annotate_by(article: &Article, models: &Models) -> Annotation {
    together(&[article], models, &OneCore).remove(0)
}

/// Annotates articles, each by itself; soonest when they are many. One annotation an article, in order.
/// The parts of a very long one may be done side by side.
pub fn annotate_all(articles: &[&Article], cores: &impl Cores) -> Vec<Annotation> {
    let mut done = Vec::with_capacity(articles.len());
    while let rest @ [first, others @ ..] = &articles[done.len()..] {
        let mut held = first.text.len();
        let fits = |article: &&&Article| {
            held += article.text.len();
            held <= TOGETHER
        };
        let group = &rest[..1 + others.iter().take_while(fits).count()];
        done.extend(together(group, &EMBEDDED, cores));
    }
    done
}

/// Takes articles through the steps, all of them through one before the next: the weights and lists of
/// a step are larger than what a processor keeps at hand, and so are fetched once for many articles.
fn together(articles: &[&Article], models: &Models, cores: &impl Cores) -> Vec<Annotation> {
    let scenes: Vec<Scene> = articles.iter().map(|article| Scene::new(article)).collect();
    let entities = || -> Vec<_> {
        let mentions: Vec<_> = scenes.iter().map(|scene| entities::find(scene, cores)).collect();
        scenes.iter().zip(&mentions).map(|(scene, found)| cast::build(scene, found)).collect()
    };
    let turns =
        || -> Vec<_> { scenes.iter().map(|scene| quotes::turns(scene, &models.ranker)).collect() };
    let clauses = || -> Vec<_> {
        scenes.iter().map(|scene| indirect::find(scene, &models.clauses, cores)).collect()
    };
    // None needs another; but what is given to another core has to be worth it.
    let long = articles.iter().any(|one| one.text.len() >= LONG);
    let (entities, (turns, clauses)) = match long {
        true => cores.both(entities, || cores.both(turns, clauses)),
        false => (entities(), (turns(), clauses())),
    };
    let found = entities.into_iter().zip(turns.iter().zip(clauses));
    let said = scenes.iter().zip(found).map(|(scene, (entities, (turns, clauses)))| {
        let quotes = said(scene, &entities, turns, clauses, &models.confidence);
        Annotation { entities, quotes }
    });
    said.collect()
}

/// Whether a reported clause is sure enough to be given.
fn is_worth_telling(quote: &Quote) -> bool {
    let named = quote.source.is_some();
    quote.confidence >= if named { indirect::THRESHOLD } else { UNNAMED }
}

/// The quotes of an article, when its turns and reported clauses are known.
fn said(
    scene: &Scene,
    entities: &[Entity],
    turns: &[Turn],
    clauses: Vec<Reported>,
    confidence: &Lines,
) -> Vec<Quote> {
    let spoken = transcript::turns(scene, entities);
    let drafts = assemble::drafts(scene, turns, clauses, spoken);
    let sources: Vec<Span> = drafts.iter().flat_map(|draft| draft.sources()).collect();
    let mut speakers = speakers::resolve(scene, entities, &sources).into_iter();
    let said = drafts.into_iter().map(|draft| draft.said_by(&mut speakers));
    let judged = said.map(|quote| confidence.apply(quote));
    let quotes = judged.filter(|quote| quote.rule != indirect::RULE || is_worth_telling(quote));
    let mut quotes = echoes::fold(scene, quotes.collect());
    inner::note(scene, entities, &mut quotes);
    quotes
}
