//! Article by article: whole words. An article is looked into when a search comes to it, so that
//! what other parts of a question leave out is never looked at.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use tantivy::query::Scorer;
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED};

use super::super::among::{Among, behind};
use super::super::filters::{OfArticles, OfColumns};
use super::super::layout::Layout;
use super::super::marks::Marks;
use super::super::phrase::{PhraseQuery, Steps};
use super::super::places::Stand;
use super::super::seams::over_seams;
use super::super::spots::{Spot, SpotCursor};
use super::candidates::Candidates;
use super::{Found, QuotedQuery, Scale};

/// What it costs to look into an article, in documents of a list.
const ARTICLE_COST: u64 = 64;

/// Goes through the quotes of a segment that hold words.
pub(super) struct Stepwise {
    layout: Arc<Layout>,
    /// The words in passages, where any has all of them.
    passages: Option<Steps>,
    /// The passages to look into, where it is known in which there are quotes.
    candidates: Option<Candidates>,
    /// The words in quotes that bring their own.
    own: Option<Steps>,
    /// The quotes that hold the words over a seam, those left.
    seams: Vec<(DocId, u32)>,
    /// Words next to each other.
    words: u32,
    spots: SpotCursor,
    articles: OfArticles,
    /// None where all quotes pass.
    passing: Option<OfColumns>,
    /// Quotes of names, the fewest first: others are not wanted.
    marks: Vec<Arc<Marks>>,
    /// Number of the first article that was not come to yet.
    next: usize,
    /// Of the article looked into last.
    here: Vec<Found>,
    at: usize,
    scale: Arc<Scale>,
    boost: Score,
}

impl Stepwise {
    pub(super) fn open(
        query: &QuotedQuery,
        segment: &SegmentReader,
        layout: &Arc<Layout>,
        (scale, boost): (&Arc<Scale>, Score),
    ) -> tantivy::Result<Self> {
        let steps = |phrase: &PhraseQuery| phrase.steps(&*segment.inverted_index(phrase.field())?);
        let mut seams = over_seams(&query.in_passages, segment, layout)?;
        seams.reverse();
        let passing = OfColumns::open(segment, &query.filters)?;
        let marks = query.names.iter().map(|names| names.marks(segment, layout));
        let mut marks = marks.collect::<tantivy::Result<Vec<_>>>()?;
        marks.sort_by_key(|marks| marks.count());
        let (passages, spots) = (steps(&query.in_passages)?, SpotCursor::new(layout));
        let candidates = passages
            .as_ref()
            .zip(spots.known())
            .map(|(steps, known)| Candidates::new(steps.scout(), layout, known, marks.first()));
        let mut found = Stepwise {
            layout: Arc::clone(layout),
            candidates,
            passages,
            own: steps(&query.in_quotes)?,
            seams,
            words: query.in_passages.length() as u32,
            spots,
            articles: OfArticles::open(layout, &query.filters)?,
            passing: Some(passing).filter(|passing| !passing.pass_all()),
            marks,
            next: 0,
            here: Vec::new(),
            at: 0,
            scale: Arc::clone(scale),
            boost,
        };
        found.come_to(0);
        Ok(found)
    }

    /// Number of the next article that may have a quote with the words from a document on.
    fn next_article(&mut self, target: DocId) -> Option<usize> {
        let Stepwise { layout, articles, candidates, passages, own, seams, .. } = self;
        let nth = layout.nth_from(self.next, target);
        let article = layout.article(nth)?;
        // What articles have that were passed over is passed over too.
        let target = target.max(article);
        while seams.last().is_some_and(|&(quote, _)| quote < target) {
            seams.pop();
        }
        let named = self.marks.first();
        let of = |doc: DocId| (doc != TERMINATED).then(|| layout.nth_from(nth, doc));
        let passage = match (candidates, passages) {
            (Some(candidates), _) => candidates.reach(nth, articles),
            (None, Some(steps)) => of(match named {
                Some(marks) => steps.reach_among(article, &mut marks.passages()),
                None => steps.reach(article),
            }),
            (None, None) => None,
        };
        let quote = own.as_mut().map(|steps| match named {
            Some(marks) => steps.reach_among(target, &mut marks.quotes()),
            None => steps.reach(target),
        });
        let seam = seams.last().map(|&(quote, _)| quote);
        let quote = [quote, seam].into_iter().flatten().min().and_then(of);
        [passage, quote].into_iter().flatten().min()
    }

    /// Looks into articles until one has a quote with the words from a document on.
    fn come_to(&mut self, target: DocId) {
        self.here.clear();
        while let Some(nth) = self.next_article(target) {
            self.next = nth + 1;
            if !self.articles.pass_nth(&self.layout, nth) {
                continue;
            }
            self.look_into(nth);
            self.at = self.here.partition_point(|found| found.quote < target);
            if self.at < self.here.len() {
                return;
            }
        }
    }

    /// Finds the quotes of an article that hold the words.
    fn look_into(&mut self, nth: usize) {
        self.here.clear();
        let (here, layout) = (&mut self.here, &self.layout);
        let quotes = self.spots.come_to(nth);
        let row = |quote: DocId| quotes.row + (quote - quotes.docs.start);
        let passes = |passing: &OfColumns, quote| passing.pass(quote, row(quote));
        let wanted = |spot: &Spot| {
            self.marks.iter().all(|marks| marks.has(spot.quote))
                && self.passing.as_ref().is_none_or(|passing| passes(passing, spot.quote))
        };
        let words = self.words;
        let found =
            |spot: Spot, ends: &[u32]| Found::of(spot.quote, spot.words(), spot.times(ends, words));
        let wanted = (self.passing.is_some() || !self.marks.is_empty()).then_some(wanted);
        if let (Some(candidates), Some(steps)) = (&mut self.candidates, &mut self.passages) {
            let wanted = |spot: &Spot| wanted.as_ref().is_none_or(|wanted| wanted(spot));
            while let Some(candidate) = candidates.take(nth, &mut self.articles) {
                if candidates.spots(&candidate).any(|spot| wanted(&spot))
                    && steps.holds(candidate.passage)
                {
                    let spots = candidates.spots(&candidate).filter(wanted);
                    here.extend(spots.filter_map(|spot| found(spot, steps.ends())));
                }
            }
        } else if let Some(steps) = &mut self.passages {
            let mut within = self.spots.within(wanted);
            while steps.next(&mut within) != TERMINATED {
                here.extend(within.here().filter_map(|spot| found(spot, steps.ends())));
                steps.pass();
            }
        }
        if let Some(steps) = &mut self.own {
            let mut between = Between(quotes.docs.clone());
            loop {
                let quote = steps.next(&mut between);
                if quote == TERMINATED {
                    break;
                }
                if let Stand::Apart(words) = layout.stand(row(quote)) {
                    here.extend(Found::of(quote, words, steps.ends().len() as u32));
                }
                steps.pass();
            }
        }
        while let Some((quote, times)) = self.seams.pop_if(|seam| seam.0 < quotes.docs.end) {
            here.extend(Found::of(quote, layout.words(row(quote)), times));
        }
        if !here.is_sorted_by(|a, b| a.quote < b.quote) {
            here.sort_by_key(|found| found.quote);
            here.dedup_by(|next, kept| kept.takes(next));
        }
    }

    /// Goes on among what the article looked into last has.
    fn pass_over(&mut self, target: DocId) -> DocId {
        let rest = self.here.get(self.at..).unwrap_or_default();
        self.at = self.here.len() - behind(rest, |found| found.quote < target).len();
        self.doc()
    }
}

/// Documents between two.
struct Between(Range<DocId>);

impl Among for Between {
    fn seek(&mut self, least: DocId) -> DocId {
        if least < self.0.end { least.max(self.0.start) } else { TERMINATED }
    }
}

impl DocSet for Stepwise {
    fn advance(&mut self) -> DocId {
        let Some(last) = self.here.get(self.at).map(|found| found.quote) else {
            return TERMINATED;
        };
        self.at += 1;
        if self.at == self.here.len() {
            self.come_to(last + 1);
        }
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target && self.pass_over(target) == TERMINATED {
            self.come_to(target);
        }
        self.doc()
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        let mut doc = self.doc();
        if doc < target {
            doc = self.pass_over(target);
        }
        if doc == TERMINATED && target < TERMINATED {
            // An article behind that of the target is looked into when it is asked for.
            let next = self.next_article(target);
            doc = match next.and_then(|nth| self.layout.article(nth)) {
                Some(article) if article > target => article,
                Some(_) => {
                    self.come_to(target);
                    self.doc()
                }
                None => TERMINATED,
            };
        }
        match doc.cmp(&target) {
            Ordering::Equal if target < TERMINATED => SeekDangerResult::Found,
            _ => SeekDangerResult::SeekLowerBound(doc),
        }
    }

    fn doc(&self) -> DocId {
        self.here.get(self.at).map_or(TERMINATED, |found| found.quote)
    }

    fn size_hint(&self) -> u32 {
        let held = |steps: &Option<Steps>| steps.as_ref().map_or(0, Steps::most);
        held(&self.passages) + held(&self.own) + self.seams.len() as u32
    }

    fn cost(&self) -> u64 {
        // Beside the list of its names, which it has looked into already, it goes first.
        match self.marks.first() {
            Some(marks) => u64::from(self.size_hint()).min(marks.count() as u64) / 2,
            None => u64::from(self.size_hint()) * ARTICLE_COST,
        }
    }
}

impl Scorer for Stepwise {
    fn score(&mut self) -> Score {
        self.here
            .get(self.at)
            .map_or(0.0, |found| self.scale.score(found.length, found.times) * self.boost)
    }
}
