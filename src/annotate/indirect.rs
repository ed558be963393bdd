//! Reported clauses: what somebody said without quotation marks, or with some of the words marked.
//!
//! Three choices, each made by a trained log-linear model over closed-class words, our own lexicon
//! of reporting words, shapes, punctuation and positions: which words are cues (`cues`), which
//! words they report (`spans`), and whose they are (`sources`). A cue that does not look like one
//! ends the work at once, so most of the text costs next to nothing. Not for what stands wholly
//! inside quotation marks, and not for who a source is.

mod cues;
mod cuts;
mod decode;
mod features;
mod grid;
mod lexicon;
mod sources;
mod spans;
pub(crate) mod words;

use std::ops::Range;

use smallvec::smallvec;

use super::scene::Scene;
use crate::model::Linear;
use crate::segment::TokenKind;
use crate::text::{Span, Spans};

pub use cues::Cue;
pub use decode::{Found, THRESHOLD, read};
pub use grid::Grid;
pub use sources::{Kind, Source};
pub use spans::{Content, Side, Start};

/// What the trainer needs of the three choices.
pub mod choices {
    pub use super::cues::{candidates as cues, features as cue_features};
    pub use super::sources::{candidates as sources, features as source_features};
    pub use super::spans::{contents, end_features, start_features, starts};
    pub use super::words::Part;
}

/// Name of the rule that gives these quotes.
pub const RULE: &str = "reported-clause";

/// One reported clause.
#[derive(Clone, Debug, PartialEq)]
pub struct Reported {
    /// Its words, one span per part.
    pub content: Spans,
    /// The word that says that somebody speaks.
    pub cue: Span,
    /// The words that name the speaker.
    pub source: Option<Span>,
    /// How likely content and source are right.
    pub probability: f32,
    /// How likely the source is right if the rest is.
    pub source_probability: f32,
}

/// The model that the program carries.
pub(super) fn embedded() -> Linear {
    Linear::load(include_bytes!("../../data/models/indirect.bin")).expect("the embedded model")
}

/// The reported clauses of an article, in the order of the text. `grid` is room for its words.
pub fn find(scene: &Scene, model: &Linear, grid: &mut Grid) -> Vec<Reported> {
    grid.fill(scene);
    read(grid, model).into_iter().map(|found| reported(scene, &found)).collect()
}

/// A found clause in bytes.
pub fn reported(scene: &Scene, found: &Found) -> Reported {
    let tokens = found.content.tokens.clone();
    let content = match &found.content.hole {
        Some(hole) => smallvec![
            with_marks(scene, tokens.start..hole.start),
            with_marks(scene, hole.end..tokens.end),
        ],
        None => smallvec![with_marks(scene, tokens)],
    };
    Reported {
        content,
        cue: scene.tokens[found.cue.token].span,
        source: (!found.source.is_empty()).then(|| scene.span_of(found.source.clone())),
        probability: found.probability,
        source_probability: found.source_probability,
    }
}

/// The words of a part, with the mark of a quotation that opens or closes it and the punctuation
/// before that mark: the models cut contents at words.
fn with_marks(scene: &Scene, tokens: Range<usize>) -> Span {
    let span = scene.span_of(tokens.clone());
    let (mut start, mut end) = (span.start(), span.end());
    let stretch = |token: usize| {
        scene.stretch_of(token).map(|s| (scene.stretches[s].outer, scene.inside[s].clone()))
    };
    if let Some((outer, inside)) = stretch(tokens.start)
        && inside.start == tokens.start
        && inside.end < tokens.end
    {
        start = outer.start();
    }
    if let Some((outer, inside)) = stretch(tokens.end - 1)
        && inside.start > tokens.start
        && (tokens.end..inside.end).all(|t| scene.tokens[t].kind == TokenKind::Punctuation)
    {
        end = outer.end();
    }
    Span::new(start, end)
}
