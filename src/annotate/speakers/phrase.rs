//! The words of a source taken apart: which of them is the head, is it a pronoun, does it point at
//! something known ("the mayor"). Grammar only; who that is, is for the others to say.

use std::ops::Range;

use crate::annotate::cast::words::{fold, is_suffix};
use crate::annotate::scene::Scene;
use crate::article::Gender;
use crate::segment::TokenKind;

/// What kind of pronoun a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pronoun {
    /// he, she
    One(Gender),
    /// it
    It,
    /// they
    They,
    /// who, which, that: stands for the words before it.
    Relative,
    /// I, we, you: somebody the text alone does not name.
    Other,
}

/// A source taken apart.
#[derive(Clone, Debug)]
pub struct Phrase {
    /// All its tokens, marks and commas at the ends left out.
    pub tokens: Range<usize>,
    /// The first piece, up to a comma, dash or bracket.
    pub first: Range<usize>,
    /// Head word of the first piece.
    pub head: Option<usize>,
    /// The phrase is a pronoun.
    pub pronoun: Option<Pronoun>,
    /// It opens with "the", "this" or a possessive: it points at something known.
    pub definite: bool,
}

impl Phrase {
    /// Takes these tokens apart.
    pub fn read(scene: &Scene, tokens: Range<usize>) -> Phrase {
        let tokens = trimmed(scene, tokens);
        let first = tokens.start..end_of_piece(scene, &tokens);
        let head = head(scene, &first);
        let opening = tokens.clone().next().map_or("", |t| scene.word(t));
        // "they" of "they've"
        let opening = fold(opening.split(['\'', '’']).next().unwrap_or(opening));
        let definite = matches!(
            opening.as_str(),
            "the"
                | "this"
                | "that"
                | "these"
                | "those"
                | "his"
                | "her"
                | "their"
                | "its"
                | "der"
                | "die"
                | "das"
                | "el"
                | "la"
                | "le"
        );
        let pronoun = pronoun(scene, &tokens, &opening);
        Phrase { tokens, first, head, pronoun, definite }
    }

    /// The pieces behind the first one: appositions and relative clauses.
    pub fn rest(&self) -> Range<usize> {
        (self.first.end + 1).min(self.tokens.end)..self.tokens.end
    }
}

fn trimmed(scene: &Scene, mut tokens: Range<usize>) -> Range<usize> {
    let edge = |t: usize| {
        let word = scene.word(t);
        matches!(word, "," | ":" | ";" | "-" | "—" | "–" | "." | "…")
            || scene.tokens[t].kind == TokenKind::Quote
    };
    while !tokens.is_empty() && edge(tokens.start) {
        tokens.start += 1;
    }
    while !tokens.is_empty() && (edge(tokens.end - 1)) {
        tokens.end -= 1;
    }
    tokens
}

fn end_of_piece(scene: &Scene, tokens: &Range<usize>) -> usize {
    let parts = |t: &usize| {
        matches!(scene.word(*t), "," | ";" | "—" | "–" | "(" | "[")
            || scene.tokens[*t].kind == TokenKind::Quote
    };
    tokens.clone().find(parts).unwrap_or(tokens.end)
}

/// The last word before the first preposition or relative pronoun.
fn head(scene: &Scene, piece: &Range<usize>) -> Option<usize> {
    let cuts = |t: &usize| {
        matches!(
            scene.word(*t),
            "of" | "for"
                | "from"
                | "in"
                | "at"
                | "with"
                | "on"
                | "who"
                | "whom"
                | "whose"
                | "that"
                | "which"
                | "to"
                | "by"
                | "as"
                | "during"
                | "about"
                | "against"
                | "near"
                | "inside"
                | "behind"
                | "close"
                | "like"
                | "among"
                | "under"
                | "within"
                | "familiar"
                | "involved"
                | "standing"
                | "based"
                | "named"
                | "called"
                | "von"
                | "der"
        )
    };
    let stop = piece.clone().skip(1).find(cuts).unwrap_or(piece.end);
    let counts = |t: &usize| {
        let word = scene.word(*t);
        !matches!(scene.tokens[*t].kind, TokenKind::Punctuation | TokenKind::Quote)
            && !matches!(word, "'s" | "’s" | "'" | "’")
            && !is_suffix(&fold(word))
    };
    (piece.start..stop).rev().find(counts)
}

fn pronoun(scene: &Scene, tokens: &Range<usize>, opening: &str) -> Option<Pronoun> {
    let longest = if matches!(opening, "he" | "she") { 4 } else { 2 };
    if tokens.len() > longest || tokens.is_empty() {
        return None;
    }
    let found = match opening {
        "he" | "him" | "himself" | "el" | "er" => Pronoun::One(Gender::Male),
        "she" | "herself" | "ella" | "elle" => Pronoun::One(Gender::Female),
        "his" if tokens.len() == 1 => Pronoun::One(Gender::Male),
        "her" if tokens.len() == 1 => Pronoun::One(Gender::Female),
        "it" | "itself" => Pronoun::It,
        "its" if tokens.len() == 1 => Pronoun::It,
        "they" | "them" | "themselves" => Pronoun::They,
        "their" if tokens.len() == 1 => Pronoun::They,
        "who" | "which" => Pronoun::Relative,
        "that" if tokens.len() == 1 => Pronoun::Relative,
        "i" | "we" | "you" | "me" | "us" | "myself" => Pronoun::Other,
        "my" | "our" | "your" if tokens.len() == 1 => Pronoun::Other,
        _ => return None,
    };
    let foreign = matches!(opening, "el" | "er");
    (!foreign || tokens.len() == 1 && scene.word(tokens.start) != "el").then_some(found)
}
