//! Words looked for together, where some of them stand nearly everywhere: whatever is asked of a
//! quote, its article is come to once, and no list is made of what holds each of the words.

use std::sync::{Arc, OnceLock};

use tantivy::query::Bm25StatisticsProvider;
use tantivy::{Score, SegmentReader};

use super::super::among::behind;
use super::super::layout::{Layout, QuoteAt};
use super::super::spare::Spare;
use super::batch::{ArticleHere, Batch};
use super::endings::Endings;
use super::everywhere::{Ends, Sought};
use super::marking::Room;
use super::{Found, QuotedQuery, Scale, narrow};

/// Phrases looked for together, at most: each takes a bit for every word of the passages in hand.
const MOST: usize = 16;

/// Words of quotes whose scores are kept.
const USUAL: u16 = 1 << 8;
/// How often they hold a phrase, at most.
const FEW: usize = 1 << 3;

/// The score of a quote that does not answer: whatever is added to it, it stays.
const NONE: Score = Score::NEG_INFINITY;

/// A step in working out which quotes answer: each leaves the scores of all quotes in hand, and
/// takes those that the steps before it left.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Quotes with the phrase of this number.
    Phrase(usize),
    /// Quotes that answer both of the last two.
    Both,
    /// Quotes that answer one of the last two at least.
    Either,
    /// Quotes that do not answer the last.
    Not,
}

/// What is asked of quotes, where it is nothing but words.
pub struct Together {
    steps: Vec<Step>,
    phrases: Vec<Phrase>,
    rooms: Spare<Room>,
}

/// A phrase, and what scores are made of.
struct Phrase {
    query: QuotedQuery,
    scale: Arc<Scale>,
    /// The scores of quotes of usual length that hold it a few times: whether one holds it cannot be guessed.
    usual: OnceLock<Vec<[Score; FEW]>>,
}

impl Phrase {
    /// Tells the score of a quote with so many words that holds the phrase so often.
    fn scores(&self) -> impl Fn(u16, u32) -> Score {
        let usual = self.usual.get_or_init(|| {
            let row = |length| std::array::from_fn(|times| self.worked_out(length, times as u32));
            (0..USUAL).map(row).collect()
        });
        move |length, times| {
            let few = usual.get(usize::from(length)).and_then(|row| row.get(times as usize));
            few.copied().unwrap_or_else(|| self.worked_out(length, times))
        }
    }

    fn worked_out(&self, length: u16, times: u32) -> Score {
        match times {
            0 => NONE,
            times => self.scale.score(length, narrow(times)),
        }
    }
}

impl Together {
    /// Of steps and the phrases that they number; none where there are too many of these, or so few passages
    /// hold them that it would suit no segment.
    pub fn new(
        steps: Vec<Step>,
        phrases: Vec<QuotedQuery>,
        statistics: &dyn Bm25StatisticsProvider,
    ) -> tantivy::Result<Option<Together>> {
        if phrases.iter().all(|phrase| phrase.narrow) || phrases.len() > MOST {
            return Ok(None);
        }
        let scaled = |query: QuotedQuery| {
            Ok(Phrase { scale: query.scale(statistics)?, query, usual: OnceLock::new() })
        };
        let phrases = phrases.into_iter().map(scaled).collect::<tantivy::Result<_>>()?;
        Ok(Some(Together { steps, phrases, rooms: Spare::new() }))
    }

    /// Whether this is how to search a segment: not where no phrase is common enough.
    pub fn suits(&self, segment: &SegmentReader, layout: &Arc<Layout>) -> tantivy::Result<bool> {
        for phrase in &self.phrases {
            if phrase.query.wants_all(segment, layout)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Looks for the phrases in a segment.
    pub fn look(
        &self,
        segment: &SegmentReader,
        layout: &Arc<Layout>,
    ) -> tantivy::Result<Looked<'_>> {
        let phrases = self.phrases.iter().map(|phrase| &phrase.query.in_passages).collect();
        let sought = Sought::new(phrases, segment, layout)?;
        let elsewhere =
            self.phrases.iter().enumerate().map(|(nth, phrase)| {
                phrase.query.elsewhere(segment, layout, !sought.knows_seams(nth))
            });
        let elsewhere = elsewhere.collect::<tantivy::Result<_>>()?;
        let mut nothing = Scoring::new(self);
        nothing.times.fill(vec![0]);
        nothing.answers(1, true);
        let none = nothing.scores(&[0]).1 != [NONE];
        Ok(Looked { asked: self, sought, elsewhere, without: none })
    }
}

/// The phrases in a segment.
pub struct Looked<'a> {
    asked: &'a Together,
    sought: Sought<'a>,
    /// Of each phrase, the quotes that hold it elsewhere than in passages beside them, in order: and over seams,
    /// unless `sought` tells of these.
    elsewhere: Vec<Vec<Found>>,
    /// Whether quotes answer that hold none of the phrases.
    without: bool,
}

impl Looked<'_> {
    /// How many pieces may be looked into side by side: words that begin alike are gone through but once.
    pub fn pieces(&self) -> usize {
        if self.sought.are_whole() { self.sought.parts() } else { 1 }
    }

    /// Calls `visit` with every quote of a piece that answers, deleted ones too, of the articles that pass,
    /// in order. `passes` is asked by their numbers among all.
    pub fn each(
        &self,
        piece: usize,
        mut passes: impl FnMut(usize) -> bool,
        mut visit: impl FnMut(QuoteAt, Score),
    ) -> tantivy::Result<()> {
        if self.sought.are_whole() {
            return self.each_of(piece, &mut [], &mut passes, &mut visit);
        }
        let mut endings = self.sought.endings()?;
        (0..self.sought.parts())
            .try_for_each(|part| self.each_of(part, &mut endings, &mut passes, &mut visit))
    }

    fn each_of(
        &self,
        part: usize,
        endings: &mut [Option<Endings>],
        mut passes: impl FnMut(usize) -> bool,
        mut visit: impl FnMut(QuoteAt, Score),
    ) -> tantivy::Result<()> {
        let Looked { sought, elsewhere, .. } = self;
        let layout = &sought.layout;
        let some = sought.articles(part);
        if !some.clone().any(&mut passes) {
            return Ok(());
        }
        let ends = sought.ends(part, endings, self.asked.rooms.take())?;
        let from = layout.article(some.start).unwrap_or_default();
        let mut scoring = Scoring::new(self.asked);
        for (rest, found) in scoring.elsewhere.iter_mut().zip(elsewhere) {
            *rest = behind(found, |found| found.quote < from);
        }
        let mut some = some.filter(|&nth| passes(nth));
        let mut batch = Batch::default();
        while batch.take(&mut some, &ends) {
            scoring.count(&mut batch, &ends);
            scoring.answers(batch.lengths.len(), self.without);
            let mut here = batch.articles();
            let (answers, scores) = scoring.scores(&batch.lengths);
            for (&at, &score) in answers.iter().zip(scores).filter(|(_, score)| **score != NONE) {
                while let [first, rest @ ..] = here
                    && first.end() <= at
                {
                    here = rest;
                }
                let Some(ArticleHere { nth, article, quotes, first }) = here.first() else { break };
                let (doc, row) = (quotes.docs.start + at - first, quotes.row + at - first);
                visit(QuoteAt { doc, article: *article, nth: *nth, row }, score);
            }
        }
        self.asked.rooms.put(ends.into_room());
        Ok(())
    }
}

/// Works out the scores of the quotes of some articles after the others.
struct Scoring<'a> {
    asked: &'a Together,
    /// Of each phrase, what is known of quotes that were not come to yet.
    elsewhere: Vec<&'a [Found]>,
    /// Of each phrase, how often each quote in hand holds it.
    times: Vec<Vec<u32>>,
    /// Numbers of the quotes in hand that may answer.
    answers: Vec<u32>,
    /// What the steps so far left of those.
    left: Vec<Vec<Score>>,
    /// Room for more.
    free: Vec<Vec<Score>>,
}

impl<'a> Scoring<'a> {
    /// Of nothing yet.
    fn new(asked: &'a Together) -> Self {
        let phrases = asked.phrases.len();
        Scoring {
            asked,
            elsewhere: vec![&[]; phrases],
            times: vec![Vec::new(); phrases],
            answers: Vec::new(),
            left: Vec::new(),
            free: Vec::new(),
        }
    }

    /// Counts the phrases in the quotes of the articles in hand. Articles must ascend.
    fn count(&mut self, batch: &mut Batch, ends: &Ends<'_>) {
        let phrases = self.times.iter_mut().zip(&mut self.elsewhere);
        for (phrase, (times, elsewhere)) in phrases.enumerate() {
            batch.count(ends, phrase, times);
            while let Some((found, rest)) = elsewhere.split_first()
                && batch.is_before_end(found.quote)
            {
                if let Some(at) = batch.number(found.quote) {
                    times[at] += u32::from(found.times);
                    batch.lengths[at] = found.length;
                }
                *elsewhere = rest;
            }
        }
    }

    /// Notes which quotes may answer; `without` is whether those do that hold nothing.
    fn answers(&mut self, quotes: usize, without: bool) {
        let Scoring { times, answers, .. } = self;
        // Whether a quote holds any cannot be guessed.
        let mut count = 0;
        answers.clear();
        answers.resize(quotes, 0);
        for at in 0..quotes {
            answers[count] = at as u32;
            let holds = times.iter().fold(0, |all, times| all | times[at]) > 0;
            count += usize::from(without | holds);
        }
        answers.truncate(count);
    }

    /// Numbers of the quotes in hand that may answer, and their scores.
    fn scores(&mut self, lengths: &[u16]) -> (&[u32], &[Score]) {
        let Scoring { asked, times, answers, left, free, .. } = self;
        free.append(left);
        for &step in &asked.steps {
            match step {
                Step::Phrase(nth) => {
                    let mut scores = free.pop().unwrap_or_default();
                    let (score, times) = (asked.phrases[nth].scores(), &times[nth]);
                    scores.clear();
                    scores.extend(
                        answers.iter().map(|&at| score(lengths[at as usize], times[at as usize])),
                    );
                    left.push(scores);
                }
                Step::Both => join(left, free, |one, other| one + other),
                // No score is below zero: the sum is the largest of these where both answer.
                Step::Either => join(left, free, |one, other| one.max(other).max(one + other)),
                Step::Not => {
                    let last = left.last_mut().into_iter().flatten();
                    last.for_each(|score| *score = if *score == NONE { 0.0 } else { NONE });
                }
            }
        }
        (answers, left.last().map_or(&[], Vec::as_slice))
    }
}

/// Makes one of the last two that were left.
fn join(
    left: &mut Vec<Vec<Score>>,
    free: &mut Vec<Vec<Score>>,
    joined: impl Fn(Score, Score) -> Score,
) {
    if let Some(last) = left.pop() {
        let scores = left.last_mut().into_iter().flatten();
        scores.zip(&last).for_each(|(one, &other)| *one = joined(*one, other));
        free.push(last);
    }
}
