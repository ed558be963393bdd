//! Names found against names marked by people: strict span and kind.
//!
//! A name counts as found when both its ends and its kind are right; the same name twice at one
//! place counts once; marked names of other kinds (MISC) count neither way.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use crate::annotate::entities;
use crate::annotate::scene::Scene;
use crate::article::{EntityKind, Mention};
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
    /// Share of the found that is right, in per cent.
    pub fn precision(self) -> f64 {
        percent(self.right, self.found)
    }

    /// Share of the marked that is found, in per cent.
    pub fn recall(self) -> f64 {
        percent(self.right, self.marked)
    }

    /// Harmonic mean of the two.
    pub fn f1(self) -> f64 {
        percent(2 * self.right, self.found + self.marked)
    }

    fn add(&mut self, found: &BTreeSet<Name>, marked: &BTreeSet<Name>) {
        self.right += found.intersection(marked).count();
        self.found += found.len();
        self.marked += marked.len();
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
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

/// Scores the built-in recogniser on one file of marked articles.
///
/// # Errors
/// When the file cannot be read.
pub fn run(path: &Path) -> anyhow::Result<Report> {
    Ok(score(&gold::read(path)?, entities::find))
}

/// Scores any recogniser on marked articles.
pub fn score(articles: &[Marked], find: impl Fn(&Scene) -> Vec<Mention>) -> Report {
    let mut report = Report::default();
    for article in articles {
        report.add(&found(article, &find), &marked(article));
    }
    report
}

fn found(marked: &Marked, find: impl Fn(&Scene) -> Vec<Mention>) -> BTreeSet<Name> {
    let article = crate::train::entities::article(&marked.text);
    let scene = Scene::new(&article);
    let given = |m: Mention| {
        let span = article.origin.given_span(m.span);
        (span.start(), span.end(), m.kind)
    };
    find(&scene).into_iter().map(given).collect()
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
    }
}
