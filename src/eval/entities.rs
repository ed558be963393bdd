//! Names found against names marked by people: strict span and kind.
//!
//! Scored is what a user gets: the mentions of `annotate`. A name counts as found when both its
//! ends and its kind are right; the same name twice at one place counts once; marked names of other
//! kinds (MISC) count neither way.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use super::percent::rounded;
use crate::annotate::annotate;
use crate::article::EntityKind;
use crate::read;
use crate::train::gold::{self, Marked};

/// Counts behind precision and recall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Right names found.
    pub right: usize,
    /// Names found.
    pub found: usize,
    /// Names marked.
    pub marked: usize,
}

impl Score {
    /// Share of the found that is right, in per cent, to the hundredth.
    pub fn precision(self) -> f64 {
        rounded(100.0 * share(self.right, self.found))
    }

    /// Share of the marked that is found, in per cent, to the hundredth.
    pub fn recall(self) -> f64 {
        rounded(100.0 * share(self.right, self.marked))
    }

    /// Harmonic mean of the two.
    pub fn f1(self) -> f64 {
        let (p, r) = (share(self.right, self.found), share(self.right, self.marked));
        rounded(if p + r > 0.0 { 100.0 * (2.0 * p * r / (p + r)) } else { 0.0 })
    }

    fn add(&mut self, found: &BTreeSet<Name>, marked: &BTreeSet<Name>) {
        let right = found.intersection(marked).count();
        self.count(right, found.len(), marked.len());
    }

    fn count(&mut self, right: usize, found: usize, marked: usize) {
        self.right += right;
        self.found += found;
        self.marked += marked;
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The scores of one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Persons.
    pub persons: Score,
    /// Organisations.
    pub organisations: Score,
    /// Places.
    pub places: Score,
    /// The three kinds together.
    pub all: Score,
    /// The ends alone, whatever the kind.
    pub spans: Score,
    /// Persons that overlap a marked person: tells faults at the ends from misses.
    pub near_persons: Score,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:13}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}",
            "", "P", "R", "F1", "right", "found", "marked"
        )?;
        let rows = [
            ("persons", self.persons),
            ("organisations", self.organisations),
            ("places", self.places),
            ("micro", self.all),
            ("span", self.spans),
            ("persons near", self.near_persons),
        ];
        for (name, score) in rows {
            let (p, r, f1) = (score.precision(), score.recall(), score.f1());
            let Score { right, found, marked } = score;
            writeln!(f, "{name:13}{p:8.2}{r:8.2}{f1:8.2}{right:8}{found:8}{marked:8}")?;
        }
        Ok(())
    }
}

type Name = (usize, usize, EntityKind);

/// Annotates the articles of a file of marked names and gives the figures.
///
/// # Errors
/// When the file cannot be read.
pub fn run(path: &Path) -> anyhow::Result<Report> {
    let mut report = Report::default();
    for article in gold::read(path)? {
        report.add(&found(&article), &marked(&article));
    }
    Ok(report)
}

fn found(marked: &Marked) -> BTreeSet<Name> {
    let article = read::article_of_text(&marked.id, &marked.text);
    let annotation = annotate(&article);
    let mentions = annotation.entities.iter().flat_map(|entity| &entity.mentions);
    let given = |span| article.origin.given_span(span);
    mentions.map(|m| (given(m.span).start(), given(m.span).end(), m.kind)).collect()
}

fn marked(article: &Marked) -> BTreeSet<Name> {
    let kind = |label: &str| match label {
        "PER" => Some(EntityKind::Person),
        "ORG" => Some(EntityKind::Organisation),
        "LOC" => Some(EntityKind::Place),
        _ => None,
    };
    let name = |(span, label): &(crate::text::Span, String)| {
        Some((span.start(), span.end(), kind(label)?))
    };
    article.names.iter().filter_map(name).collect()
}

impl Report {
    fn add(&mut self, found: &BTreeSet<Name>, marked: &BTreeSet<Name>) {
        let of =
            |names: &BTreeSet<Name>, kind| names.iter().filter(|n| n.2 == kind).copied().collect();
        self.persons.add(&of(found, EntityKind::Person), &of(marked, EntityKind::Person));
        self.organisations
            .add(&of(found, EntityKind::Organisation), &of(marked, EntityKind::Organisation));
        self.places.add(&of(found, EntityKind::Place), &of(marked, EntityKind::Place));
        self.all.add(found, marked);
        let spans = |names: &BTreeSet<Name>| {
            names.iter().map(|n| (n.0, n.1, EntityKind::Person)).collect::<BTreeSet<Name>>()
        };
        self.spans.add(&spans(found), &spans(marked));
        let persons = |names: &BTreeSet<Name>| -> Vec<(usize, usize)> {
            names.iter().filter(|n| n.2 == EntityKind::Person).map(|n| (n.0, n.1)).collect()
        };
        let (found, marked) = (persons(found), persons(marked));
        let near = |f: &&(usize, usize)| marked.iter().any(|m| f.0 < m.1 && m.0 < f.1);
        let right = found.iter().filter(near).count();
        self.near_persons.count(right, found.len(), marked.len());
    }
}
