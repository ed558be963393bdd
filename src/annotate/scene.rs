//! One article cut up for annotation: what every later step looks at.

use std::ops::Range;

use super::glossary::{self, Glossary};
use super::marks::{self, Stretch};
use super::ruler::Ruler;
use super::sentences;
use super::windows;
use super::words::{self, Class};
use crate::article::{Article, Gender, Part};
use crate::lexicon::SpeakerNoun;
use crate::segment::{Token, tokenize};
use crate::text::Span;

/// Bytes of text for each token, about: so much room is made at once.
const TOKEN: usize = 5;

/// One distinct paragraph. A repeat inside the article is left out: its first copy speaks for it.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// Where it stands.
    pub span: Span,
    /// Its tokens, as indices into `Scene::tokens`.
    pub tokens: Range<usize>,
    /// What it is for.
    pub part: Part,
}

/// The cut-up article, or a window of a very long one.
#[derive(Clone, Debug)]
pub struct Scene<'a> {
    /// The whole text; all spans index it.
    pub text: &'a str,
    /// Whether the first paragraph is that of the article.
    pub begins: bool,
    /// Distinct paragraphs in order.
    pub paragraphs: Vec<Paragraph>,
    /// Tokens of all distinct paragraphs in order.
    pub tokens: Vec<Token>,
    /// From places in the text to tokens.
    ruler: Ruler,
    /// What is known of each token by itself.
    pub(crate) known: Glossary,
    /// The class of each token.
    pub classes: Vec<Class>,
    /// What stands between quotation marks, in order.
    pub stretches: Vec<Stretch>,
    /// The tokens inside each stretch.
    pub inside: Vec<Range<usize>>,
    /// For each token the stretch it stands in or whose mark it is, plus one; 0 outside.
    pub quoted: Vec<u32>,
    /// Sentences as ranges of tokens, in order; one never ends inside a stretch.
    pub sentences: Vec<Range<usize>>,
}

impl<'a> Scene<'a> {
    /// Cuts an article up.
    pub fn new(article: &'a Article) -> Self {
        Scene::of(article, windows::paragraphs(&article.text))
    }

    /// Cuts some of the distinct paragraphs of an article up, as if they were all it has.
    pub(super) fn of(
        article: &'a Article,
        paragraphs: impl IntoIterator<Item = (usize, Span)>,
    ) -> Self {
        let mut paragraphs = paragraphs.into_iter().peekable();
        let mut scene = Scene {
            text: article.text.as_str(),
            begins: paragraphs.peek().is_none_or(|&(number, _)| number == 0),
            paragraphs: Vec::new(),
            tokens: Vec::with_capacity(article.text.len().min(windows::LONGEST) / TOKEN),
            ruler: Ruler::default(),
            known: Glossary::default(),
            classes: Vec::new(),
            stretches: Vec::new(),
            inside: Vec::new(),
            quoted: Vec::new(),
            sentences: Vec::new(),
        };
        scene.cut(paragraphs, &article.parts);
        scene.ruler = Ruler::of(&scene.tokens);
        scene.known = glossary::look_up(scene.text, &scene.tokens);
        scene.classes = words::classes(scene.known.from(0));
        let spans: Vec<Span> = scene.paragraphs.iter().map(|p| p.span).collect();
        scene.stretches = marks::stretches(scene.text, &spans);
        scene.place_stretches();
        scene.sentences = sentences::sentences(&scene);
        scene
    }

    fn cut(&mut self, paragraphs: impl Iterator<Item = (usize, Span)>, parts: &[Part]) {
        for (number, span) in paragraphs {
            let first = self.tokens.len();
            tokenize(self.text, span, &mut self.tokens);
            let part = parts.get(number).copied().unwrap_or_default();
            self.paragraphs.push(Paragraph { span, tokens: first..self.tokens.len(), part });
        }
    }

    /// Finds the tokens of each stretch.
    fn place_stretches(&mut self) {
        self.quoted = vec![0; self.tokens.len()];
        let mut at = 0;
        for (n, stretch) in self.stretches.iter().enumerate() {
            while at < self.tokens.len() && self.tokens[at].span.start() < stretch.outer.start() {
                at += 1;
            }
            let mut inside = at..at;
            while at < self.tokens.len() && self.tokens[at].span.start() < stretch.outer.end() {
                let token = self.tokens[at].span;
                self.quoted[at] = n as u32 + 1;
                if token.start() < stretch.span.start() {
                    inside = at + 1..at + 1;
                } else if token.end() <= stretch.span.end() {
                    inside.end = at + 1;
                }
                at += 1;
            }
            self.inside.push(inside);
        }
    }

    /// From the first of its paragraphs to the last.
    pub fn span(&self) -> Span {
        let ends = self.paragraphs.first().zip(self.paragraphs.last());
        ends.map_or(Span::new(0, 0), |(first, last)| first.span.cover(last.span))
    }

    /// Whether a paragraph is the first of the article.
    pub fn is_first(&self, paragraph: usize) -> bool {
        self.begins && paragraph == 0
    }

    /// The words of a token.
    pub fn word(&self, token: usize) -> &'a str {
        self.tokens[token].span.of(self.text)
    }

    /// Whether a token begins with a capital.
    pub fn is_upper(&self, token: usize) -> bool {
        self.known[token].upper
    }

    /// Whether a token is a title or part of one.
    pub fn is_title(&self, token: usize) -> bool {
        self.known[token].told.title
    }

    /// What a token says as a head noun.
    pub fn noun(&self, token: usize) -> Option<SpeakerNoun> {
        self.known[token].told.noun
    }

    /// Whether a token is a noun for one human being.
    pub fn is_person_noun(&self, token: usize) -> bool {
        self.noun(token) == Some(SpeakerNoun::Person)
    }

    /// The gender that a token tells as a title or role noun.
    pub fn title_gender(&self, token: usize) -> Option<Gender> {
        self.known[token].told.gender
    }

    /// The first token that ends behind a place in the text; past the last where none does.
    pub fn first_behind(&self, place: usize) -> usize {
        self.ruler.first_behind(&self.tokens, place)
    }

    /// The first token that begins at a place in the text or behind it; past the last where none does.
    pub fn first_from(&self, place: usize) -> usize {
        self.ruler.first_from(&self.tokens, place)
    }

    /// The stretch that a token stands in or whose mark it is.
    pub fn stretch_of(&self, token: usize) -> Option<usize> {
        (self.quoted[token] as usize).checked_sub(1)
    }

    /// The sentence that a token stands in.
    pub fn sentence_of(&self, token: usize) -> usize {
        self.sentences.partition_point(|s| s.end <= token)
    }

    /// The paragraph that a token stands in.
    pub fn paragraph_of(&self, token: usize) -> usize {
        self.paragraphs.partition_point(|p| p.tokens.end <= token)
    }

    /// The text from the first to the last of some tokens.
    pub fn span_of(&self, tokens: Range<usize>) -> Span {
        match self.tokens.get(tokens.clone()) {
            Some([first, .., last]) => first.span.cover(last.span),
            Some([only]) => only.span,
            _ => Span::new(0, 0),
        }
    }
}
