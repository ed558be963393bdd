//! Scores of quotes against marked articles: direct speech by turns, names of speakers, and all
//! attributions by kind. The definitions stand in `kit`; nothing here looks for quotes.

mod names;
mod report;

use std::path::Path;

use rustc_hash::FxHashMap;

use super::gold::{self, Gold, Turn};
use super::kit::{self, ContentKind};
use crate::annotate::annotate;
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
    /// Precision, recall and F1 in per cent.
    pub fn figures(self) -> [f64; 3] {
        let ratio = |part, whole| if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 };
        let (p, r) = (ratio(self.right_given, self.given), ratio(self.right_gold, self.gold));
        let f1 = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
        // Hundredths, as the usual scorer gives them: a table in tenths then shows the same digits.
        [p, r, f1].map(|figure| (figure * 100.0).round() / 100.0)
    }

    fn hit(&mut self, right: bool) {
        self.right_given += usize::from(right);
        self.right_gold += usize::from(right);
    }
}

/// All figures, by name, in the order of their first use.
#[derive(Clone, Debug, Default)]
pub struct Tally(Vec<(String, Counts)>);

impl Tally {
    /// The counts of one figure.
    pub fn of(&mut self, name: &str) -> &mut Counts {
        if let Some(at) = self.0.iter().position(|(n, _)| n == name) {
            return &mut self.0[at].1;
        }
        self.0.push((name.to_owned(), Counts::default()));
        &mut self.0.last_mut().expect("just pushed").1
    }
}

/// Annotates the articles of a gold file and reports the figures as text.
///
/// # Errors
/// When the file cannot be read.
pub fn run(path: &Path) -> anyhow::Result<String> {
    let articles = gold::read(path)?;
    let mut tally = Tally::default();
    for gold in &articles {
        score(gold, &answers(gold), &mut tally);
    }
    Ok(report::table(articles.len(), &mut tally))
}

/// What `annotate` says about a marked article, in offsets of the gold text.
fn answers(gold: &Gold) -> Vec<Given> {
    let article = read::article_of_text(&gold.id, &gold.text);
    let given = |span: Span| article.origin.given_span(span);
    annotate(&article)
        .quotes
        .into_iter()
        .map(|quote| Given {
            content: quote.content.into_iter().map(given).collect(),
            source: quote.source.map(given),
            speaker: quote.speaker.map(|s| s.name),
        })
        .collect()
}

/// Adds one article to the figures.
pub fn score(gold: &Gold, given: &[Given], tally: &mut Tally) {
    score_turns(gold, given, tally);
    score_all(gold, given, tally);
}

/// The part of an answer that lies in one quotation.
struct Piece<'a> {
    words: Vec<Span>,
    answer: &'a Given,
}

fn score_turns(gold: &Gold, given: &[Given], tally: &mut Tally) {
    let text = &gold.text;
    let required: Vec<&Turn> = gold.turns.iter().filter(|t| t.required).collect();
    let wanted: Vec<Vec<Span>> = required.iter().map(|t| kit::words(text, t.span)).collect();
    let pieces = pieces(gold, given);
    let words: Vec<&[Span]> = pieces.iter().map(|p| p.words.as_slice()).collect();
    let pairs = pair_up(&words, &wanted);
    for name in ["exact", "matched", "e2e", "e2e*", "strict"] {
        let counts = tally.of(name);
        counts.given += pieces.len();
        counts.gold += required.len();
    }
    for (g, turn) in required.iter().enumerate() {
        let named = matches!(turn.source_type.as_str(), "pronoun" | "surname");
        let name = turn.silver_speaker.as_deref().filter(|_| named);
        if name.is_some() {
            tally.of(&turn.source_type).gold += 1;
        }
        let Some(&p) = pairs.get(&g) else { continue };
        let exact = pieces[p].words == wanted[g];
        let answer = pieces[p].answer;
        let right = source_right(text, answer.source, &turn.source);
        let by_name = right || !turn.source.is_empty() && same_by_name(text, answer, turn);
        let outcomes = [
            ("exact", exact),
            ("matched", true),
            ("e2e", right),
            ("e2e*", by_name),
            ("strict", exact && right),
        ];
        outcomes.iter().for_each(|&(name, value)| tally.of(name).hit(value));
        if let Some(name) = name {
            let full = answer.speaker.as_deref().filter(|s| names::is_full(s));
            let counts = tally.of(&turn.source_type);
            counts.given += usize::from(full.is_some());
            counts.hit(full.is_some_and(|full| names::same_person(full, name)));
        }
    }
}

/// Answers cut to the quotations of the text, without those that count neither way.
fn pieces<'a>(gold: &Gold, given: &'a [Given]) -> Vec<Piece<'a>> {
    let text = &gold.text;
    let stretches = kit::double_quoted(text);
    let mut areas = gold.ignore.clone();
    areas.extend(gold.turns.iter().filter(|t| !t.required).map(|t| t.stretch));
    let forgiven = kit::word_set(text, &areas);
    let mut pieces: Vec<Piece> = Vec::new();
    for answer in given {
        let kind = kit::content_kind(text, &answer.content, &stretches);
        if matches!(kind, ContentKind::Indirect | ContentKind::Scare) {
            continue;
        }
        for part in kit::clip(&answer.content, &stretches) {
            let words = kit::words(text, kit::trim(text, part));
            let known = pieces.iter().any(|p| p.words == words);
            if !words.is_empty() && !known && 2 * kit::shared(&words, &forgiven) <= words.len() {
                pieces.push(Piece { words, answer });
            }
        }
    }
    pieces
}

/// Pairs word sets one to one, the most alike first, at a Jaccard index of a half and more; the
/// answer by gold number.
fn pair_up<A: AsRef<[Span]>>(given: &[A], gold: &[Vec<Span>]) -> FxHashMap<usize, usize> {
    let mut holders: FxHashMap<Span, Vec<usize>> = FxHashMap::default();
    for (g, words) in gold.iter().enumerate() {
        words.iter().for_each(|&w| holders.entry(w).or_default().push(g));
    }
    let mut likely = Vec::new();
    for (p, words) in given.iter().enumerate() {
        let words = words.as_ref();
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
    let (mut pairs, mut taken) = (FxHashMap::default(), Vec::new());
    for (_, p, g) in likely {
        if !pairs.contains_key(&g) && !taken.contains(&p) {
            pairs.insert(g, p);
            taken.push(p);
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

/// Whether an answer names the same person, though by other words.
fn same_by_name(text: &str, answer: &Given, turn: &Turn) -> bool {
    let upper = |s: &&str| s.starts_with(char::is_uppercase);
    let given_heads = answer.source.map(|s| kit::head_words(text, &[s])).unwrap_or_default();
    let given = answer
        .speaker
        .iter()
        .map(String::as_str)
        .chain(given_heads.iter().map(|h| h.of(text)).filter(upper));
    let heads = kit::head_words(text, &turn.source);
    let written = turn.source_type != "pronoun";
    let wanted: Vec<&str> = heads
        .iter()
        .map(|h| h.of(text))
        .filter(|h| written && upper(h))
        .chain(turn.silver_speaker.as_deref())
        .collect();
    given.into_iter().any(|g| wanted.iter().any(|w| names::same_person(g, w)))
}

fn score_all(gold: &Gold, given: &[Given], tally: &mut Tally) {
    let text = &gold.text;
    let stretches = kit::double_quoted(text);
    let ignored = kit::word_set(text, &gold.ignore);
    let wanted: Vec<Vec<Span>> =
        gold.attributions.iter().map(|a| kit::word_set(text, &a.content)).collect();
    let answers: Vec<(Vec<Span>, &Given, &str)> = given
        .iter()
        .map(|q| (kit::word_set(text, &q.content), q))
        .filter(|(w, _)| !w.is_empty() && 2 * kit::shared(w, &ignored) <= w.len())
        .map(|(w, q)| (w, q, kit::content_kind(text, &q.content, &stretches).name()))
        .collect();
    let figure = |kind: &str, name: &str| format!("{kind} {name}");
    for name in ["exact", "matched", "e2e"] {
        for a in &gold.attributions {
            tally.of(&figure(&a.kind, name)).gold += 1;
            tally.of(&figure("any", name)).gold += 1;
        }
        for (_, _, kind) in &answers {
            tally.of(&figure(kind, name)).given += 1;
            tally.of(&figure("any", name)).given += 1;
        }
    }
    let words: Vec<&[Span]> = answers.iter().map(|a| a.0.as_slice()).collect();
    for (g, p) in pair_up(&words, &wanted) {
        let (words, answer, kind) = &answers[p];
        let attribution = &gold.attributions[g];
        let right = source_right(text, answer.source, &attribution.source);
        let outcomes = [("exact", *words == wanted[g]), ("matched", true), ("e2e", right)];
        for (name, value) in outcomes {
            tally.of(&figure(kind, name)).right_given += usize::from(value);
            tally.of(&figure(&attribution.kind, name)).right_gold += usize::from(value);
            tally.of(&figure("any", name)).hit(value);
        }
    }
}
