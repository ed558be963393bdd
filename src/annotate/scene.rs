//! One article cut up for annotation: what every later step looks at.

use std::collections::HashSet;
use std::ops::Range;

use crate::article::{Article, Part};
use crate::segment::{Token, paragraphs, tokenize};
use crate::text::Span;

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

/// The cut-up article.
#[derive(Clone, Debug)]
pub struct Scene<'a> {
    /// The whole text; all spans index it.
    pub text: &'a str,
    /// Distinct paragraphs in order.
    pub paragraphs: Vec<Paragraph>,
    /// Tokens of all distinct paragraphs in order.
    pub tokens: Vec<Token>,
}

impl<'a> Scene<'a> {
    /// Cuts an article up.
    pub fn new(article: &'a Article) -> Self {
        let text = article.text.as_str();
        let mut scene = Scene { text, paragraphs: Vec::new(), tokens: Vec::new() };
        let mut seen = HashSet::new();
        for (i, span) in paragraphs(text).into_iter().enumerate() {
            if !seen.insert(span.of(text)) {
                continue;
            }
            let first = scene.tokens.len();
            tokenize(text, span, &mut scene.tokens);
            let part = article.parts.get(i).copied().unwrap_or_default();
            scene.paragraphs.push(Paragraph { span, tokens: first..scene.tokens.len(), part });
        }
        scene
    }

    /// The words of a token.
    pub fn word(&self, token: usize) -> &'a str {
        self.tokens[token].span.of(self.text)
    }
}
