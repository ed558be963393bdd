//! Which runs of words name a person, an organisation or a place. Knows one article and the
//! trained weights; which mentions are the same entity is for `cast` to say.
//!
//! Only runs of capitalised words with their connectors are looked at (`runs`). Every stretch of a
//! run that could be a name is scored for every kind by a linear model (`features`), with what the
//! whole article says about its words (`memory`), and the best way of cutting the run into names
//! and other words is found by dynamic programming (`lattice`).
//!
//! A better model (token classification by a neural net, say) would stand in for `find`: tokens in,
//! mentions out.

pub(crate) mod features;
pub(crate) mod lattice;
pub(crate) mod memory;
pub(crate) mod runs;
pub(crate) mod words;

use std::cell::RefCell;
use std::sync::OnceLock;

use super::scene::Scene;
use crate::article::{EntityKind, Mention};
use crate::model::Model;
use crate::segment::Token;
use features::Code;
use lattice::{KINDS, Known, Lattice, Piece};
use memory::Memory;
use runs::Run;
use words::Word;

/// The kinds by their number in the rows of the model; the fourth, any other name, is dropped.
const KIND: [Option<EntityKind>; KINDS] =
    [Some(EntityKind::Person), Some(EntityKind::Organisation), Some(EntityKind::Place), None];

/// A row a feature: the check, and one weight a kind.
pub(crate) type Weights = Model<{ 1 + KINDS }>;

fn model() -> &'static Weights {
    static MODEL: OnceLock<Weights> = OnceLock::new();
    MODEL.get_or_init(|| {
        let bytes = include_bytes!("../../data/models/entities.bin");
        Model::load(bytes).expect("the embedded weights are a whole model file")
    })
}

/// The names of an article, in order, none overlapping another.
pub fn find(scene: &Scene) -> Vec<Mention> {
    thread_local! {
        static KNOWN: RefCell<Known> = RefCell::new(Known::new(LINES));
    }
    let (view, model) = (View::new(scene), model());
    let (mut lattice, mut pieces) = (Lattice::default(), Vec::with_capacity(view.runs.len()));
    KNOWN.with_borrow_mut(|known| {
        for run in &view.runs {
            lattice.cut(&view, run, model, known, &mut pieces);
        }
    });
    pieces.iter().filter_map(|piece| view.mention(piece)).collect()
}

/// Words whose share in the sums is remembered.
const LINES: usize = 1 << 12;

/// An article seen by the recogniser.
pub(crate) struct View<'a> {
    pub(crate) scene: &'a Scene<'a>,
    /// The tokens as the recogniser cuts them.
    pub(crate) tokens: Vec<Token>,
    /// One a token.
    pub(crate) words: Vec<Word>,
    /// One a token; only those of the runs and of the words next to them are worked out.
    pub(crate) codes: Vec<Code>,
    pub(crate) runs: Vec<Run>,
    pub(crate) memory: Memory,
}

impl<'a> View<'a> {
    pub(crate) fn new(scene: &'a Scene<'a>) -> Self {
        let (tokens, words, paragraphs) = words::cut(scene);
        let runs = runs::runs(&paragraphs, &words);
        let memory = Memory::new(&words, &runs);
        let codes = codes(&words, &runs);
        View { scene, tokens, words, codes, runs, memory }
    }

    fn mention(&self, piece: &Piece) -> Option<Mention> {
        let kind = KIND[usize::from(piece.kind)]?;
        let tokens = &self.tokens[piece.tokens.clone()];
        let span = tokens[0].span.cover(tokens[tokens.len() - 1].span);
        Some(Mention { span, kind })
    }
}

/// The codes of the words that features look at: two on either side of a run.
fn codes(words: &[Word], runs: &[Run]) -> Vec<Code> {
    let mut codes = vec![Code::default(); words.len()];
    let mut done = 0;
    for run in runs {
        let end = (run.end + 2).min(words.len());
        let start = done.max(run.start.saturating_sub(2));
        let near = codes[start..end].iter_mut().zip(&words[start..end]);
        near.for_each(|(code, word)| *code = Code::of(word));
        done = end;
    }
    codes
}
