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
use std::ops::Range;
use std::sync::OnceLock;

use super::scene::{Paragraph, Scene};
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

/// Tokens that are looked at together. No feature looks beyond its paragraph but for what `memory`
/// tells, so that a long article is done part by part: what is kept of a token here is many times its
/// text.
const TOGETHER: usize = 1 << 17;

/// The names of an article, in order, none overlapping another.
pub fn find(scene: &Scene) -> Vec<Mention> {
    find_in(scene, &mut Cut::default())
}

/// The same with `cut` as room for its words.
pub(super) fn find_in(scene: &Scene, cut: &mut Cut) -> Vec<Mention> {
    find_by(scene, cut, TOGETHER)
}

fn find_by(scene: &Scene, cut: &mut Cut, tokens: usize) -> Vec<Mention> {
    match &parts(&scene.paragraphs, tokens)[..] {
        [] => Vec::new(),
        [_] => cut.show(scene, names),
        parts => {
            let memory = remembered(scene, cut, parts);
            let of_part = |part| {
                cut.fill(scene, part);
                names(&cut.view(scene, &memory))
            };
            parts.iter().flat_map(of_part).collect()
        }
    }
}

/// Cuts paragraphs into parts of so many tokens, or of one paragraph.
fn parts(paragraphs: &[Paragraph], tokens: usize) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut held = 0;
    for (number, paragraph) in paragraphs.iter().enumerate() {
        held += paragraph.tokens.len();
        match parts.last_mut() {
            Some(part) if held <= tokens => part.end = number + 1,
            _ => {
                held = paragraph.tokens.len();
                parts.push(number..number + 1);
            }
        }
    }
    parts
}

/// What an article says about its words, read part by part.
fn remembered(scene: &Scene, cut: &mut Cut, parts: &[Range<usize>]) -> Memory {
    let mut memory = Memory::default();
    for part in parts {
        cut.fill(scene, part);
        memory.note_runs(&cut.words, &cut.runs);
    }
    memory.note_lower(scene);
    memory
}

/// The names in what a view shows.
fn names(view: &View) -> Vec<Mention> {
    thread_local! {
        static KNOWN: RefCell<Known> = RefCell::new(Known::new(LINES));
    }
    let model = model();
    let (mut lattice, mut pieces) = (Lattice::default(), Vec::with_capacity(view.runs.len()));
    let mut sought = Vec::new();
    KNOWN.with_borrow_mut(|known| {
        for runs in view.runs.chunks(FETCHED) {
            let tokens = runs.iter().flat_map(|run| &view.tokens[run.clone()]);
            known.seek(view.scene.text, tokens.map(|token| token.span), &mut sought);
            let mut sought = sought.as_slice();
            for run in runs {
                let (own, others) = sought.split_at(run.len());
                lattice.cut(view, (run, own), model, known, &mut pieces);
                sought = others;
            }
        }
    });
    pieces.iter().filter_map(|piece| view.mention(piece)).collect()
}

/// Words whose share in the sums is remembered.
const LINES: usize = 1 << 14;
/// Runs whose words are asked for together.
const FETCHED: usize = 16;

/// Paragraphs of an article as the recogniser cuts them. One is filled for many articles, whose words
/// then stand where those of the article before are still at hand.
#[derive(Default)]
pub(crate) struct Cut {
    tokens: Vec<Token>,
    /// One a token.
    words: Vec<Word>,
    /// One a token; only those that features look at are worked out.
    codes: Vec<Code>,
    runs: Vec<Run>,
}

impl Cut {
    fn fill(&mut self, scene: &Scene, part: &Range<usize>) {
        let paragraphs = &scene.paragraphs[part.clone()];
        let paragraphs = words::cut(scene, paragraphs, &mut self.tokens, &mut self.words);
        self.runs = runs::runs(&paragraphs, &self.words);
    }

    /// What the words of an article say about each other, all of which it holds.
    fn memory(&self, scene: &Scene) -> Memory {
        let mut memory = Memory::default();
        memory.note_runs(&self.words, &self.runs);
        memory.note_lower(scene);
        memory
    }

    fn view<'a>(&'a mut self, scene: &'a Scene<'a>, memory: &'a Memory) -> View<'a> {
        self.work_out_codes();
        let Cut { tokens, words, codes, runs } = self;
        View { scene, tokens, words, codes, runs, memory }
    }

    /// Of the words of the runs and of two on either side of each.
    fn work_out_codes(&mut self) {
        let Cut { words, codes, runs, .. } = self;
        codes.resize(words.len(), Code::default());
        let mut done = 0;
        for run in runs.iter() {
            let end = (run.end + 2).min(words.len());
            let start = done.max(run.start.saturating_sub(2));
            let near = codes[start..end].iter_mut().zip(&words[start..end]);
            near.for_each(|(code, word)| *code = Code::of(word));
            done = end;
        }
    }

    /// Shows the whole of an article.
    pub(crate) fn show<T>(&mut self, scene: &Scene, look: impl FnOnce(&View) -> T) -> T {
        self.fill(scene, &(0..scene.paragraphs.len()));
        let memory = self.memory(scene);
        look(&self.view(scene, &memory))
    }
}

/// An article, or a part of one, seen by the recogniser.
pub(crate) struct View<'a> {
    pub(crate) scene: &'a Scene<'a>,
    /// The tokens as the recogniser cuts them.
    pub(crate) tokens: &'a [Token],
    /// One a token.
    pub(crate) words: &'a [Word],
    /// One a token; only those of the runs and of the words next to them are worked out.
    pub(crate) codes: &'a [Code],
    pub(crate) runs: &'a [Run],
    /// Of the whole article.
    pub(crate) memory: &'a Memory,
}

impl View<'_> {
    fn mention(&self, piece: &Piece) -> Option<Mention> {
        let kind = KIND[usize::from(piece.kind)]?;
        let tokens = &self.tokens[piece.tokens.clone()];
        let span = tokens[0].span.cover(tokens[tokens.len() - 1].span);
        Some(Mention { span, kind })
    }
}

#[cfg(test)]
mod tests {
    use super::{Cut, find_by};
    use crate::annotate::scene::Scene;
    use crate::article::{Article, Mention};

    #[test]
    fn parts_of_an_article_hold_the_names_that_the_whole_does() {
        // Each paragraph tells something that another needs: whose given name it is, that the lake is
        // no name, what the letters stand for.
        let text = "Jonathan and Merkel met in Abuja on Monday.\n\n\
            The Lake was quiet, said Goodluck Jonathan.\n\n\
            A lake in the north of Nigeria-based CBO territory.\n\n\
            The Congressional Budget Office (CBO) wrote to Angela Merkel, 59, in Berlin.\n\n\
            JONATHAN AND LAKE CHAD\n\n\
            Lake said nothing. Mr. Lake, of the Bank of England, left for Chad.";
        let article = Article { text: text.into(), ..Article::default() };
        let scene = Scene::new(&article);
        let whole = find_by(&scene, &mut Cut::default(), usize::MAX);
        let words = |found: &[Mention]| -> Vec<String> {
            found.iter().map(|one| one.span.of(text).to_owned()).collect()
        };
        assert!(words(&whole).contains(&"Goodluck Jonathan".into()), "{:?}", words(&whole));
        for tokens in [1, 9, 20, 40] {
            let parts = find_by(&scene, &mut Cut::default(), tokens);
            assert_eq!(parts, whole, "{tokens} tokens together");
        }
    }
}
