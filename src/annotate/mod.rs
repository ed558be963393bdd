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
//!
//! A very long article is taken through them in `windows`.

pub mod assemble;
pub mod candidates;
pub mod cast;
pub mod confidence;
mod cores;
mod echoes;
pub mod entities;
mod fingerprint;
mod first_few;
pub(crate) mod glossary;
pub mod indirect;
mod inner;
pub mod marks;
pub mod quotes;
mod recall;
mod ruler;
pub mod scene;
pub mod sentences;
mod single;
pub mod speakers;
mod transcript;
mod windows;
pub mod words;

pub use cores::Cores;
use cores::{OneCore, each};
pub use fingerprint::fingerprint;

use std::cell::Cell;
use std::sync::LazyLock;

use crate::article::{Annotation, Article, Entity, Quote};
use crate::model::Linear;
use crate::text::Span;
use confidence::Lines;
use entities::Cut;
use indirect::{Grid, Reported};
use quotes::strip::Strip;
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

/// Bytes of text that are taken through the steps together: the more, the seldomer the weights of a step
/// are fetched anew, and the more of what the steps before left has to be.
pub const TOGETHER: usize = 176 << 10;

/// Reported clauses of nobody less sure than this are not given: most are no reports at all.
const UNNAMED: f32 = 0.5;

/// Annotates one article. Spans index `article.text`.
pub fn annotate(article: &Article) -> Annotation {
    annotate_by(article, &EMBEDDED)
}

/// Annotates one article with other models than those that the program carries.
pub fn annotate_by(article: &Article, models: &Models) -> Annotation {
    alone(article, models, &OneCore)
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
        match &rest[..1 + others.iter().take_while(fits).count()] {
            [only] => done.push(alone(only, &EMBEDDED, cores)),
            group => {
                let scenes = group.iter().map(|article| Scene::new(article)).collect();
                done.extend(together(scenes, &EMBEDDED));
            }
        }
    }
    done
}

/// Annotates one article, window by window where it is very long.
fn alone(article: &Article, models: &Models, cores: &impl Cores) -> Annotation {
    if article.text.len() <= windows::LONGEST {
        return together(vec![Scene::new(article)], models).remove(0);
    }
    let paragraphs: Vec<_> = windows::paragraphs(&article.text).collect();
    let window = |window: &&[_]| together(vec![Scene::of(article, window.iter().copied())], models);
    windows::joined(each(
        cores,
        &windows::windows(&article.text, &paragraphs, windows::LONGEST),
        &window,
    ))
}

/// Room for what the steps need of an article and forget. Articles take it one after the other: new room
/// would have to be fetched for each.
#[derive(Default)]
struct Room {
    cut: Cut,
    strip: Strip,
    grid: Grid,
}

thread_local! {
    /// Not that of very long articles.
    static ROOM: Cell<Room> = Cell::default();
}

/// Takes articles through the steps, all of them through one before the next: the weights and lists of
/// a step are larger than what a processor keeps at hand, and so are fetched once for many articles.
fn together(scenes: Vec<Scene>, models: &Models) -> Vec<Annotation> {
    let mut room = ROOM.take();
    let Room { cut, strip, grid } = &mut room;
    let mentions: Vec<_> = scenes.iter().map(|scene| entities::find_in(scene, cut)).collect();
    let cast = |(scene, found): (_, &Vec<_>)| cast::build(scene, found);
    let entities: Vec<_> = scenes.iter().zip(&mentions).map(cast).collect();
    let turns = |scene| quotes::turns(scene, &models.ranker, strip);
    let turns: Vec<_> = scenes.iter().map(turns).collect();
    let clauses = |scene| indirect::find(scene, &models.clauses, grid);
    let clauses: Vec<_> = scenes.iter().map(clauses).collect();
    let found = entities.into_iter().zip(turns.iter().zip(clauses));
    let said = scenes.iter().zip(found).map(|(scene, (entities, (turns, clauses)))| {
        let quotes = said(scene, &entities, turns, clauses, &models.confidence);
        Annotation { entities, quotes }
    });
    let annotations = said.collect();
    if scenes.iter().all(|scene| scene.span().len() <= TOGETHER) {
        ROOM.set(room);
    }
    annotations
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
