//! Scores of quotes against marked articles: direct speech by turns, names of speakers, all
//! attributions by kind, kinds of turns, and what stated confidences are worth. The definitions
//! stand in `kit`; nothing here looks for quotes.

mod all;
mod confidence;
mod names;
mod phenomena;
mod report;
mod turns;

use std::fmt;
use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::gold::{self, Gold};
use super::kit;
use super::percent::rounded;
use crate::annotate::annotate;
use crate::article::{Article, Quote};
use crate::read;
use crate::text::Span;

/// What a system said about one quote; spans index the gold text.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Its words.
    pub content: Vec<Span>,
    /// The words that name the speaker.
    pub source: Option<Span>,
    /// The name it found.
    pub speaker: Option<String>,
    /// How sure it says it is.
    pub confidence: f32,
}

impl Given {
    /// A quote of an article, in offsets of the text that was given.
    pub fn new(article: &Article, quote: &Quote) -> Given {
        let given = |span: Span| article.origin.given_span(span);
        Given {
            content: quote.content.iter().copied().map(given).collect(),
            source: quote.source.map(given),
            speaker: quote.speaker.as_ref().map(|s| s.name.clone()),
            confidence: quote.confidence,
        }
    }
}

/// Right answers among those given and among those wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Answers given.
    pub given: usize,
    /// Answers wanted.
    pub gold: usize,
    /// Given answers that are right.
    pub right_given: usize,
    /// Wanted answers that were found.
    pub right_gold: usize,
}

impl Counts {
    /// Precision, recall and F1 in per cent, to the hundredth.
    pub fn figures(self) -> [f64; 3] {
        let (p, r) = (ratio(self.right_given, self.given), ratio(self.right_gold, self.gold));
        let f1 = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
        [p, r, f1].map(rounded)
    }

    fn hit(&mut self, right: bool) {
        self.right_given += usize::from(right);
        self.right_gold += usize::from(right);
    }
}

/// A share in per cent; of nothing, none.
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

/// Counts by the name of their figure.
#[derive(Clone, Debug, Default)]
struct Tally(FxHashMap<String, Counts>);

impl Tally {
    fn of(&mut self, name: &str) -> &mut Counts {
        self.0.entry(name.to_owned()).or_default()
    }

    fn get(&self, name: &str) -> Counts {
        self.0.get(name).copied().unwrap_or_default()
    }
}

/// All figures of a gold file; shown as tables.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    articles: usize,
    tally: Tally,
    sources: turns::Sources,
    phenomena: phenomena::Shares,
    stated: confidence::Stated,
}

impl Scores {
    /// Adds one article.
    pub fn add(&mut self, gold: &Gold, given: &[Given]) {
        self.articles += 1;
        let right = turns::score(gold, given, &mut self.tally, &mut self.sources);
        self.phenomena.add(gold, &right);
        let verdicts = all::score(gold, given, &mut self.tally);
        self.stated.add(given, &verdicts);
    }

    /// Counts behind a figure: `e2e` of turns, `mixed e2e` of attributions, `surname` of names.
    pub fn of(&self, name: &str) -> Counts {
        self.tally.get(name)
    }
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        report::write(self, f)
    }
}

/// Annotates the articles of a gold file and gives the figures.
///
/// # Errors
/// When the file cannot be read.
pub fn run(path: &Path) -> anyhow::Result<Scores> {
    let mut scores = Scores::default();
    for gold in gold::read(path)? {
        let article = read::article_of_text(&gold.id, &gold.text);
        let given: Vec<Given> =
            annotate(&article).quotes.iter().map(|quote| Given::new(&article, quote)).collect();
        scores.add(&gold, &given);
    }
    Ok(scores)
}

/// Whether each answer matches a marked attribution and names its source; `None` for one in a
/// region that nobody marked.
pub fn judged(gold: &Gold, given: &[Given]) -> Vec<Option<bool>> {
    all::score(gold, given, &mut Tally::default())
}

/// Pairs word sets one to one, the most alike first, at a Jaccard index of a half and more; the
/// answer by gold number.
fn pair_up(given: &[&[Span]], gold: &[Vec<Span>]) -> FxHashMap<usize, usize> {
    let mut holders: FxHashMap<Span, Vec<usize>> = FxHashMap::default();
    for (g, words) in gold.iter().enumerate() {
        words.iter().for_each(|&w| holders.entry(w).or_default().push(g));
    }
    let mut likely = Vec::new();
    for (p, words) in given.iter().enumerate() {
        let mut near: Vec<usize> =
            words.iter().filter_map(|w| holders.get(w)).flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        for g in near {
            let shared = kit::shared(words, &gold[g]);
            let jaccard = shared as f64 / (words.len() + gold[g].len() - shared) as f64;
            if jaccard >= 0.5 {
                likely.push((jaccard, p, g));
            }
        }
    }
    likely.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let (mut pairs, mut taken) = (FxHashMap::default(), FxHashSet::default());
    for (_, p, g) in likely {
        if !pairs.contains_key(&g) && taken.insert(p) {
            pairs.insert(g, p);
        }
    }
    pairs
}

/// Whether a source shares a head word with the marked one, and is not far too long.
fn source_right(text: &str, given: Option<Span>, gold: &[Span]) -> bool {
    let Some(given) = given else { return gold.is_empty() };
    if gold.is_empty() {
        return false;
    }
    let wanted = kit::word_set(text, gold).len();
    if kit::words(text, given).len() > (2 * wanted).max(12) {
        return false;
    }
    let heads = kit::head_words(text, gold);
    kit::head_words(text, &[given]).iter().any(|h| heads.contains(h))
}
