//! Entities, quotes and speakers of one article. Pure: no I/O, cannot fail.
//!
//! The order of steps, written once:
//!
//! 1. `Scene::new`: paragraphs (repeats inside the article left out), tokens, quotation marks
//!    paired into stretches, sentences;
//! 2. `entities`: which runs of tokens are names (`Mention`s);
//! 3. `cast`: which mentions are one person, organisation or place (`Entity`s: full name, role, gender);
//! 4. `quotes`: which stretches are speech and whose words name the speaker; `indirect`: reported clauses;
//!    `transcript`: labelled turns;
//! 5. `speakers`: who each source is;
//! 6. `assemble`: parts joined into utterances, kinds, echoes, confidence;
//! 7. `inner`: speech inside speech.

pub mod assemble;
pub mod candidates;
pub mod cast;
pub mod confidence;
mod echoes;
pub mod entities;
mod fingerprint;
pub(crate) mod glossary;
pub mod indirect;
mod inner;
pub mod marks;
pub mod quotes;
pub mod scene;
pub mod sentences;
mod single;
pub mod speakers;
mod transcript;
pub mod words;

pub use fingerprint::fingerprint;

use std::sync::LazyLock;

use crate::article::{Annotation, Article};
use crate::model::Linear;
use crate::text::Span;
use confidence::Lines;
use quotes::Ranker;
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

/// Annotates one article. Spans index `article.text`.
pub fn annotate(article: &Article) -> Annotation {
    annotate_by(article, &EMBEDDED)
}

/// Annotates one article with other models than those that the program carries.
pub fn annotate_by(article: &Article, models: &Models) -> Annotation {
    let scene = Scene::new(article);
    let entities = cast::build(&scene, &entities::find(&scene));
    let candidates = candidates::candidates(&scene);
    let turns = quotes::turns(&scene, &candidates, &models.ranker);
    let clauses = indirect::find(&scene, &models.clauses);
    let spoken = transcript::turns(&scene, &entities);
    let drafts = assemble::drafts(&scene, &turns, clauses, spoken);
    let sources: Vec<Span> = drafts.iter().flat_map(|draft| draft.sources()).collect();
    let mut speakers = speakers::resolve(&scene, &entities, &sources).into_iter();
    let said = drafts.into_iter().map(|draft| draft.said_by(&mut speakers));
    let judged = said.map(|quote| models.confidence.apply(quote));
    let quotes = judged
        .filter(|quote| quote.confidence >= indirect::THRESHOLD || quote.rule != indirect::RULE);
    let mut quotes = echoes::fold(&scene, quotes.collect());
    inner::note(&scene, &entities, &mut quotes);
    Annotation { entities, quotes }
}
