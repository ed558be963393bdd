//! Passages with quotes that may hold words, of articles that pass. They are worked out some at a time,
//! each step for all of them before the next: what a step has to fetch does not wait for what the step
//! before it fetches, so that much of it comes at once.

use std::ops::Range;
use std::sync::Arc;

use tantivy::{DocId, TERMINATED};

use super::super::among::{Among, behind};
use super::super::filters::OfArticles;
use super::super::layout::Layout;
use super::super::marks::Marks;
use super::super::phrase::Scout;
use super::super::spots::{Spot, Spots};

/// So many are worked out first, or where most of those before were passed over.
const FEW: usize = 4;
/// So many at most.
const MANY: usize = 64;

/// A passage with the rarest of the words.
#[derive(Clone)]
pub(super) struct Candidate {
    pub(super) passage: DocId,
    /// Number of its article.
    nth: usize,
    spots: Range<usize>,
    /// The first of its spots, fetched with those of the others.
    first: Option<Spot>,
}

impl Candidate {
    fn new(passage: DocId) -> Candidate {
        Candidate { passage, nth: 0, spots: 0..0, first: None }
    }
}

/// Goes from candidate to candidate of a segment.
pub(super) struct Candidates {
    layout: Arc<Layout>,
    scout: Scout,
    spots: Arc<Spots>,
    /// Passages of others are not wanted.
    marks: Option<Arc<Marks>>,
    found: Vec<Candidate>,
    /// The first of those found that was not taken.
    at: usize,
    /// How many are looked for at once.
    many: usize,
    /// The first document that was not looked at; `TERMINATED` at the end.
    next: DocId,
}

impl Candidates {
    /// Before the first. `scout` goes from passage to passage with the rarest of the words; `marks` are
    /// the quotes that are wanted, where not all are.
    pub(super) fn new(
        scout: Scout,
        layout: &Arc<Layout>,
        spots: &Arc<Spots>,
        marks: Option<&Arc<Marks>>,
    ) -> Candidates {
        Candidates {
            layout: Arc::clone(layout),
            scout,
            spots: Arc::clone(spots),
            marks: marks.cloned(),
            found: Vec::new(),
            at: 0,
            many: FEW,
            next: 0,
        }
    }

    /// Number of the first article from this one on that passes and has a candidate.
    pub(super) fn reach(&mut self, nth: usize, articles: &mut OfArticles) -> Option<usize> {
        loop {
            let taken = self.at;
            let left = behind(&self.found[taken..], |candidate| candidate.nth < nth);
            self.at = self.found.len() - left.len();
            if let Some(candidate) = left.first() {
                return Some(candidate.nth);
            }
            if self.next == TERMINATED {
                return None;
            }
            if 2 * taken < self.found.len() {
                self.many = FEW;
            }
            self.find(self.layout.article(nth)?, articles);
        }
    }

    /// Takes the next one, if it is of this article.
    pub(super) fn take(&mut self, nth: usize, articles: &mut OfArticles) -> Option<Candidate> {
        if self.at == self.found.len() && self.next != TERMINATED {
            self.find(self.next, articles);
        }
        let candidate = self.found.get(self.at).filter(|candidate| candidate.nth == nth)?;
        self.at += 1;
        Some(candidate.clone())
    }

    /// Works out some more, from a document on.
    fn find(&mut self, least: DocId, articles: &mut OfArticles) {
        let Candidates { layout, scout, spots, marks, found, at, many, next } = self;
        found.clear();
        *at = 0;
        let least = least.max(*next);
        *next = match marks {
            Some(marks) => look(scout, found, *many, least, &mut marks.passages()),
            None => look(scout, found, *many, least, &mut spots.passages()),
        };
        *many = (2 * *many).min(MANY);
        found.iter_mut().for_each(|one| one.nth = layout.nth_from(0, one.passage));
        found.retain(|one| articles.pass_nth(layout, one.nth));
        found.iter_mut().for_each(|one| one.spots = spots.of_passage(one.passage));
        found.iter_mut().for_each(|one| one.first = spots.among(&one.spots).first().copied());
    }

    /// The spots of a candidate.
    pub(super) fn spots(&self, candidate: &Candidate) -> impl Iterator<Item = Spot> {
        let others = self.spots.among(&candidate.spots).iter().skip(1).copied();
        candidate.first.into_iter().chain(others)
    }
}

/// Finds some passages from a document on; gives back behind which it stopped.
fn look<A: Among>(
    scout: &mut Scout,
    found: &mut Vec<Candidate>,
    many: usize,
    mut least: DocId,
    among: &mut A,
) -> DocId {
    while found.len() < many {
        let passage = scout.next(least, among);
        if passage == TERMINATED {
            return TERMINATED;
        }
        found.push(Candidate::new(passage));
        least = passage + 1;
    }
    least
}
