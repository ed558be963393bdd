//! Words and filters together, beside going through all quotes.

use std::collections::BTreeSet;

use proptest::prelude::*;
use whosaid::article::{EntityKind, QuoteKind};
use whosaid::index::{Filters, Index, QuoteHit, SearchOptions};

use super::{Draft, MODEL, build};

const WORDS: [&str; 5] = ["peace", "peaceful", "war", "bread", "rain"];
/// How paragraphs and the second parts of their quotes begin: no two of an article are alike.
const BEGINNINGS: [(&str, &str); 6] = [
    ("First", "then"),
    ("Second", "soon"),
    ("Third", "later"),
    ("Fourth", "again"),
    ("Fifth", "once"),
    ("Sixth", "at last"),
];
const SPEAKERS: [&str; 4] = ["Ann Lee", "Bob Ray", "Zoë Adams", ""];
const OUTLETS: [&str; 2] = ["Bild", "The Times"];

/// What is asked for, and whether these words are an answer.
type Question = (&'static str, fn(&[&str]) -> bool);

const QUESTIONS: [Question; 9] = [
    ("peace", |said| said.contains(&"peace")),
    ("rain bread", |said| said.contains(&"rain") && said.contains(&"bread")),
    ("\"war peace\"", |said| said.windows(2).any(|two| two == ["war", "peace"])),
    ("\"rain then\" OR bread", |said| {
        said.contains(&"bread") || said.windows(2).any(|two| two == ["rain", "then"])
    }),
    ("war -peace", |said| said.contains(&"war") && !said.contains(&"peace")),
    ("peace*", |said| said.iter().any(|word| word.starts_with("peace"))),
    ("\"bread pea*\"", |said| {
        said.windows(2).any(|two| two[0] == "bread" && two[1].starts_with("pea"))
    }),
    ("-rain", |said| !said.contains(&"rain")),
    ("first", |said| said.contains(&"first")),
];

/// Filters, and whether a hit passes them.
type Filtered = (Filters, fn(&QuoteHit) -> bool);

fn filters() -> Vec<Filtered> {
    let none = Filters::default;
    let since = march(3);
    let late = |hit: &QuoteHit| {
        hit.occurrences.iter().any(|place| place.meta.date.is_some_and(|date| date >= march(3)))
    };
    vec![
        (none(), |_| true),
        (Filters { speaker: Some("zoe adams".into()), ..none() }, |hit| {
            hit.speaker.as_deref() == Some("Zoë Adams")
        }),
        (Filters { unknown: true, ..none() }, |hit| hit.speaker.is_none()),
        (Filters { outlet: vec!["bild".into()], ..none() }, |hit| {
            hit.occurrences.iter().any(|place| place.meta.outlet.as_deref() == Some("Bild"))
        }),
        (Filters { since: Some(since), ..none() }, late),
        (Filters { kind: vec![QuoteKind::Indirect], ..none() }, |hit| {
            hit.kind == QuoteKind::Indirect
        }),
        (Filters { mentions: vec!["bread".into()], ..none() }, |hit| hit.quote.contains("bread")),
        (Filters { mentions: vec!["bread".into()], unknown: true, ..none() }, |hit| {
            hit.quote.contains("bread") && hit.speaker.is_none()
        }),
        (
            Filters { mentions: vec!["bread".into()], speaker: Some("ray".into()), ..none() },
            |hit| hit.quote.contains("bread") && hit.speaker.as_deref() == Some("Bob Ray"),
        ),
        (Filters { speaker: Some("lee".into()), since: Some(since), ..none() }, |hit| {
            hit.speaker.as_deref() == Some("Ann Lee")
                && hit
                    .occurrences
                    .iter()
                    .any(|place| place.meta.date.is_some_and(|date| date >= march(3)))
        }),
    ]
}

fn march(day: i8) -> jiff::civil::DateTime {
    jiff::civil::date(2024, 3, day).at(0, 0, 0, 0)
}

/// A paragraph: its words, where they are cut in two, and who says them.
type Paragraph = (Vec<usize>, usize, usize);
/// An article: its paragraphs, its outlet and its day.
type Story = (Vec<Paragraph>, usize, usize);

/// Few words in few ways, so that paragraphs and quotes come again in other articles.
fn story() -> impl Strategy<Value = Story> {
    let paragraph = (prop::collection::vec(0..WORDS.len(), 1..5), 0..6usize, 0..SPEAKERS.len());
    (prop::collection::vec(paragraph, 0..BEGINNINGS.len()), 0..OUTLETS.len(), 1..5usize)
}

/// Every paragraph is a quote, some in two parts.
fn draft((number, (paragraphs, outlet, day)): (usize, Story)) -> Draft {
    let (mut texts, mut quotes) = (vec!["What was said.".to_owned()], Vec::new());
    for ((words, cut, speaker), (first, second)) in paragraphs.into_iter().zip(BEGINNINGS) {
        let words: Vec<&str> = words.iter().map(|&word| WORDS[word]).collect();
        let (before, behind) = words.split_at(cut.clamp(1, words.len()));
        let mut parts = vec![format!("{first} {}", before.join(" "))];
        if !behind.is_empty() {
            parts.push(format!("{second} {}", behind.join(" ")));
        }
        texts.push(
            parts.iter().map(|part| format!("“{part},” she said")).collect::<Vec<_>>().join(", "),
        );
        quotes.push((parts.join("|"), speaker));
    }
    let lines: Vec<&str> = texts.iter().map(String::as_str).collect();
    let draft = Draft::new(&format!("{number:02}.txt"), &lines);
    let draft = draft.outlet(OUTLETS[outlet]).date(&format!("2024-03-0{day}"));
    let draft = draft.names(EntityKind::Organisation, "bread");
    quotes.iter().fold(draft, |draft, (words, speaker)| {
        // One speaker is never quoted in the same words in two kinds: they would be one hit.
        let kind = if speaker % 2 == 0 { QuoteKind::Direct } else { QuoteKind::Indirect };
        draft.quote_as(words, SPEAKERS[*speaker], kind, 0.9)
    })
}

fn hits(index: &Index, words: &str, filters: Filters) -> Vec<QuoteHit> {
    let options = SearchOptions { words: words.into(), filters, ..SearchOptions::default() };
    index.search_quotes(&options).unwrap().collect::<Result<_, _>>().unwrap()
}

fn ids<'a>(hits: impl IntoIterator<Item = &'a QuoteHit>) -> BTreeSet<&'a str> {
    hits.into_iter().map(|hit| hit.quote_id.as_str()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    /// Every question finds what answers it and nothing else; asked again, it is no other.
    #[test]
    fn words_and_filters_find_what_answers_both(
        stories in prop::collection::vec(story(), 1..12),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let index = build(dir.path(), stories.into_iter().enumerate().map(draft).collect());
        let all = hits(&index, "", Filters::default());
        for (filters, passes) in filters() {
            for (words, holds) in QUESTIONS {
                let answers = all.iter().filter(|hit| {
                    let said = hit.quote.to_lowercase();
                    let said: Vec<&str> = said.split([' ', ',', '…']).filter(|word| !word.is_empty()).collect();
                    passes(hit) && holds(&said)
                });
                let expected = ids(answers);
                for time in ["the first", "the second"] {
                    let found = hits(&index, words, filters.clone());
                    prop_assert_eq!(ids(&found), expected.clone(), "{} {:?} {} time", words, filters, time);
                }
            }
        }
    }
}

/// More articles than are looked into in one go: what is found in each part is found where it is.
#[test]
fn words_of_thousands_of_articles_are_found_in_each() {
    const ARTICLES: usize = 9000;
    // The quotes of an article: their parts and speakers.
    let quotes = |n: usize| {
        let (words, speaker) = (WORDS[n % 2 * 2], SPEAKERS[n % 3]);
        let first = format!("the {words} n{n}");
        match n % 7 {
            0 => vec![(vec![first, format!("then the {n}")], speaker)],
            1 => vec![(vec![first], speaker), (vec!["the rain".to_owned()], SPEAKERS[(n + 1) % 3])],
            _ => vec![(vec![first], speaker)],
        }
    };
    let draft = |n: usize| {
        let quotes = quotes(n);
        let text = quotes.iter().flat_map(|(parts, _)| parts);
        let text: Vec<String> = text.map(|part| format!("“{part},” she said")).collect();
        let draft = Draft::new(&format!("{n:04}.txt"), &[&text.join(", ")]);
        let draft = draft.outlet(OUTLETS[n / 2 % 2]).names(EntityKind::Organisation, "war");
        quotes.iter().fold(draft, |draft, (parts, speaker)| draft.quote(&parts.join("|"), speaker))
    };
    let dir = tempfile::tempdir().unwrap();
    let index = build(dir.path(), (0..ARTICLES).map(draft).collect());
    // Where all have a word that begins so, those come first that have more.
    let first = hits(&index, "t*", Filters::default()).swap_remove(0);
    assert!(first.quote.contains("then the"), "{first:?}");
    let none = Filters::default;
    let (zoe, war) = (Some("adams".to_owned()), vec!["war".to_owned()]);
    // With the quotes that pass: the number of the article, the words and the speaker.
    type Passes = fn(usize, &[&str], &str) -> bool;
    let filters: [(Filters, Passes); 5] = [
        (none(), |_, _, _| true),
        (Filters { outlet: vec!["bild".into()], ..none() }, |n, _, _| n / 2 % 2 == 0),
        (Filters { speaker: zoe.clone(), ..none() }, |_, _, speaker| speaker == "Zoë Adams"),
        (Filters { mentions: war.clone(), ..none() }, |_, said, _| said.contains(&"war")),
        (Filters { speaker: zoe, mentions: war, ..none() }, |_, said, speaker| {
            speaker == "Zoë Adams" && said.contains(&"war")
        }),
    ];
    let questions: [Question; 12] = [
        ("the", |_| true),
        ("peace", |said| said.contains(&"peace")),
        ("the -war", |said| !said.contains(&"war")),
        ("-the OR peace", |said| said.contains(&"peace")),
        ("then war", |said| said.contains(&"then") && said.contains(&"war")),
        ("\"then the\" OR war", |said| said.contains(&"then") || said.contains(&"war")),
        ("p*", |said| said.contains(&"peace")),
        ("n*", |said| said[2..].iter().any(|word| word.starts_with('n'))),
        ("n* the -war", |said| said.last() != Some(&"rain") && !said.contains(&"war")),
        ("w* OR rain", |said| said.contains(&"war") || said.contains(&"rain")),
        ("t* r*", |said| said.contains(&"rain")),
        ("\"peace n4*\"", |said| said.contains(&"peace") && said[2].starts_with("n4")),
    ];
    let questions = |filter| questions.iter().map(move |question| (filter, question));
    for ((filters, passes), (words, holds)) in filters.iter().flat_map(questions) {
        let answers = |n: &usize| {
            let answers = quotes(*n).into_iter().filter(|(parts, speaker)| {
                let parts = parts.join(" ");
                let said: Vec<&str> = parts.split(' ').collect();
                holds(&said) && passes(*n, &said, speaker)
            });
            answers.count()
        };
        // What all say alike is one hit with the articles in which it stands.
        let name = |n: usize| std::iter::repeat_n(format!("{n:04}.txt"), answers(&n));
        let expected: Vec<String> = (0..ARTICLES).flat_map(name).collect();
        let fresh = Index::open(dir.path(), MODEL).unwrap();
        // A name that is asked for again is looked for in another way.
        for index in [&fresh, &index] {
            let found = hits(index, words, filters.clone());
            let places = found.iter().flat_map(|hit| &hit.occurrences);
            let mut found: Vec<&str> = places.map(|place| place.article.as_str()).collect();
            found.sort_unstable();
            assert!(
                found.iter().copied().eq(expected.iter().map(String::as_str)),
                "{words} {filters:?}"
            );
        }
    }
}
