//! Runs of words are found wherever the index has them: in the passage beside a quote, or with the
//! quote because its passage came with another article, it has several parts, or it cuts a word.

use std::collections::BTreeSet;

use proptest::prelude::*;
use whosaid::index::words::words;
use whosaid::index::{Index, SearchOptions, Writer};

use super::{Draft, MODEL, file, options, root};

const VOCABULARY: [&str; 6] = ["one", "someone", "two", "won’t", "won", "Four"];

/// Paragraphs as numbers of words, and quotes as paragraph, first word, words, cut, two parts.
type Text = (Vec<Vec<u8>>, Vec<(u8, u8, u8, bool, bool)>);

fn draft(id: usize, (paragraphs, quotes): &Text) -> Draft {
    let word = |n: &u8| VOCABULARY[usize::from(*n) % VOCABULARY.len()];
    let said = |paragraph: &Vec<u8>| paragraph.iter().map(word).collect::<Vec<_>>();
    let texts: Vec<String> = paragraphs.iter().map(|p| said(p).join(" ")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut draft = Draft::new(&format!("{id}.txt"), &texts);
    for (nth, &(paragraph, first, count, cut, parts)) in quotes.iter().enumerate() {
        let Some(all) = paragraphs.get(usize::from(paragraph) % paragraphs.len().max(1)) else {
            continue;
        };
        let run: Vec<&str> =
            said(all).into_iter().skip(usize::from(first)).take(usize::from(count)).collect();
        let content = match run.as_slice() {
            [] => continue,
            [first, .., last] if parts => format!("{first}|{last}"),
            run if cut => run.join(" ").chars().skip(1).collect(),
            run => run.join(" "),
        };
        draft = draft.quote(&content, ["Ann Lee", "Bob Ray", ""][nth % 3]);
    }
    draft
}

fn put(dir: &std::path::Path, texts: &[(usize, Text)]) -> Index {
    let writer = Writer::open(dir, &options(1)).unwrap();
    writer.set_root(root());
    for (id, text) in texts {
        writer.put(draft(*id, text).docs()).unwrap();
        writer.put_file(&file(&format!("{id}.txt"), 1)).unwrap();
    }
    writer.finish().unwrap();
    Index::open(dir, MODEL).unwrap()
}

fn asked(words: &str) -> SearchOptions {
    SearchOptions { words: words.into(), ..SearchOptions::default() }
}

/// Identities and words of the quotes, then of the passages, that answer a query.
fn found(index: &Index, query: &str) -> BTreeSet<(String, Vec<String>)> {
    let quotes = index.search_quotes(&asked(query)).unwrap().map(|hit| {
        let hit = hit.unwrap();
        (hit.quote_id, words(&hit.quote))
    });
    let passages = index.search_text(&asked(query)).unwrap().map(|hit| {
        let hit = hit.unwrap();
        (String::new(), words(&hit.passage))
    });
    quotes.chain(passages).collect()
}

/// Whether the words have this run in them, whose last word may be a beginning.
fn has(all: &[String], run: &[String], prefix: bool) -> bool {
    let fits = |window: &[String]| {
        window.iter().zip(run).enumerate().all(|(at, (word, wanted))| {
            word == wanted || prefix && at + 1 == run.len() && word.starts_with(wanted.as_str())
        })
    };
    all.windows(run.len()).any(fits)
}

/// So many words, every third of them the same, behind what is too long for a word or not.
fn passage(count: usize, long: bool) -> Vec<String> {
    let word = |n: usize| if n % 3 == 2 { "the".to_owned() } else { format!("w{count}x{n}") };
    let letters = long.then(|| "y".repeat(300));
    letters.into_iter().chain((0..count).map(word)).collect()
}

#[test]
fn common_words_are_found_wherever_they_stand() {
    let dir = tempfile::tempdir().unwrap();
    let writer = Writer::open(dir.path(), &options(1)).unwrap();
    writer.set_root(root());
    for (long, name) in [(false, "short"), (true, "long")] {
        for count in (1..50).chain([63, 64, 65, 128, 255, 256, 511, 512, 767, 768, 769, 2000]) {
            let words = passage(count, long);
            let mut draft = Draft::new(&format!("{name}{count}.txt"), &[&words.join(" ")]);
            // The last words, the first, and all that a place can tell.
            for run in [words.len().saturating_sub(2)..words.len(), 0..2, 1..252, 505..760] {
                let run = &words[run.start.min(words.len())..run.end.min(words.len())];
                if !run.is_empty() {
                    draft = draft.quote(&run.join(" "), "Ann Lee");
                }
            }
            writer.put(draft.docs()).unwrap();
        }
    }
    writer.finish().unwrap();
    let index = Index::open(dir.path(), MODEL).unwrap();
    let all = found(&index, "");
    for query in ["the", "w*", "t*", "\"the w*\"", "\"w4x1 the\"", "\"w49x46 the w*\"", "w2000*"] {
        let wanted = words(query);
        let prefix = query.contains('*');
        let expected: BTreeSet<_> =
            all.iter().filter(|(_, all)| has(all, &wanted, prefix)).cloned().collect();
        assert!(!expected.is_empty(), "{query}");
        // Not by `assert_eq`: nobody wants to read all of it.
        assert!(found(&index, query) == expected, "{query}");
    }
}

fn text() -> impl Strategy<Value = Text> {
    let paragraph = prop::collection::vec(0u8..6, 1..7);
    let quote = (0u8..4, 0u8..5, 1u8..5, any::<bool>(), any::<bool>());
    (prop::collection::vec(paragraph, 1..4), prop::collection::vec(quote, 0..4))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn every_run_of_words_is_found(
        first in prop::collection::vec(text(), 1..5),
        second in prop::collection::vec(text(), 0..3),
    ) {
        let dir = tempfile::tempdir().unwrap();
        // The second run replaces some articles: passages outlive those that brought them.
        put(dir.path(), &first.into_iter().enumerate().collect::<Vec<_>>());
        let index = put(dir.path(), &second.into_iter().enumerate().collect::<Vec<_>>());
        let all = found(&index, "");
        let pairs = VOCABULARY.iter().flat_map(|a| VOCABULARY.iter().map(move |b| format!("{a} {b}")));
        let singles = VOCABULARY.iter().map(|word| (*word).to_owned());
        for run in singles.chain(pairs).chain(["ne".to_owned(), "one wo".to_owned(), "f".to_owned()]) {
            for prefix in [false, true] {
                let query = format!("\"{run}{}\"", if prefix { "*" } else { "" });
                let wanted = words(&run);
                let expected: BTreeSet<_> =
                    all.iter().filter(|(_, all)| has(all, &wanted, prefix)).cloned().collect();
                prop_assert_eq!(found(&index, &query), expected, "{}", query);
            }
        }
    }
}
