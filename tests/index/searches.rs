//! Searching quotes and text.

use proptest::prelude::*;
use whosaid::article::{EntityKind, QuoteKind};
use whosaid::index::{Filters, Found, Index, QuoteHit, SearchOptions, Sort, TextHit};

use super::{Draft, build};
use crate::checks;

/// A small archive: two outlets, a wire quote in both, spellings, kinds.
fn archive(dir: &std::path::Path) -> Index {
    let wire = "“We want peace, and we want it now,” John Kirby said in Washington.";
    build(dir, vec![
        Draft::new("b/two.txt", &["Headline two", wire, "A last line about war and peace."])
            .outlet("Daily Mail").date("2024-03-01").author("Ann Lee")
            .quote("We want peace, and we want it now,", "John Kirby"),
        Draft::new("a/one.txt", &[wire, "“The bank rate won’t rise,” Zoë Adams said of the Bank of England."])
            .outlet("The Times").date("2024-03-02").author("Bob Ray").author("Cy Day")
            .quote("We want peace, and we want it now,", "John Kirby")
            .quote_as("The bank rate won’t rise,", "Zoë Adams", QuoteKind::Direct, 0.4)
            .names(EntityKind::Organisation, "Bank of England")
            .names(EntityKind::Place, "Washington"),
        Draft::new("c/three.txt", &[
            "“Peace is coming,” said Volodomyr Zelensky, “and the Bank of England knows.”",
            "“No peace without us,” Volodymyr Zelenskyy said later. Residents want it all at once.",
        ])
            .outlet("Bild").date("2023-12-31")
            .quote("Peace is coming,|and the Bank of England knows.", "Volodomyr Zelensky")
            .quote("No peace without us,", "Volodymyr Zelenskyy")
            .quote_as("want it all at once", "", QuoteKind::Indirect, 0.7)
            .names(EntityKind::Organisation, "Bank of England"),
    ])
}

fn quotes(index: &Index, words: &str, filters: Filters) -> Vec<QuoteHit> {
    let options = SearchOptions { words: words.into(), filters, ..SearchOptions::default() };
    let hits = index.search_quotes(&options).unwrap();
    let total = hits.total();
    let hits: Vec<QuoteHit> = hits.collect::<Result<_, _>>().unwrap();
    assert_eq!(hits.len(), total);
    hits
}

fn texts(index: &Index, words: &str, filters: Filters) -> Vec<TextHit> {
    let options = SearchOptions { words: words.into(), filters, ..SearchOptions::default() };
    index.search_text(&options).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn words_phrases_exclusions_alternatives_prefixes() {
    let dir = tempfile::tempdir().unwrap();
    let index = archive(dir.path());
    let cases: &[(&str, &[&str])] = &[
        ("peace now", &["We want peace"]),
        ("\"want it\"", &["We want peace", "want it all"]),
        ("\"and we want it now\"", &["We want peace"]),
        ("\"we want now\"", &[]),
        ("want -peace", &["want it all"]),
        ("\"no peace\" OR rate", &["No peace", "The bank rate"]),
        ("comi*", &["Peace is coming"]),
        ("\"coming and the ba*\"", &["Peace is coming"]),
        ("-peace", &["The bank rate", "want it all"]),
        ("won't", &["The bank rate"]),
        ("wont", &[]),
        ("PEACE COMING", &["Peace is coming"]),
        ("washington", &[]),
        ("(peace rate) OR \"at once\"", &["want it all"]),
        ("want (now OR once)", &["We want peace", "want it all"]),
    ];
    for (words, expected) in cases {
        let mut found: Vec<String> =
            quotes(&index, words, Filters::default()).into_iter().map(|hit| hit.quote).collect();
        found.sort();
        let fits = found.len() == expected.len()
            && expected.iter().all(|start| found.iter().any(|quote| quote.starts_with(start)));
        assert!(fits, "{words}: {found:?}");
    }
}

#[test]
fn names_asked_for_again_mean_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let index = archive(dir.path());
    let model = whosaid::index::model(dir.path()).unwrap().unwrap();
    let bank = || "Bank of England".to_owned();
    let mut cases: Vec<Filters> = Vec::new();
    for speaker in ["kirby", "adams", "zelensky", "nobody"] {
        cases.push(Filters { speaker: Some(speaker.into()), ..Filters::default() });
    }
    // Names known and unknown by now, together and in either order; more of them than are kept.
    let more = (0..20).map(|n| vec![format!("Nobody {n}"), bank()]);
    let lists = [vec![bank()], vec!["Washington".into(), bank()], vec![bank(), "Paris".into()]];
    for mentions in lists.iter().cloned().chain(more).chain(lists.iter().cloned()) {
        cases.push(Filters { mentions, ..Filters::default() });
    }
    let found = |index: &Index, filters: &Filters| -> Vec<String> {
        quotes(index, "", filters.clone()).into_iter().map(|hit| hit.quote).collect()
    };
    for filters in cases.iter().chain(&cases) {
        let afresh = Index::open(dir.path(), &model).unwrap();
        assert_eq!(found(&index, filters), found(&afresh, filters), "{filters:?}");
    }
    let hits = |mentions: &[String]| {
        found(&index, &Filters { mentions: mentions.to_vec(), ..Filters::default() }).len()
    };
    assert_eq!(lists.each_ref().map(|names| hits(names)), [1, 0, 0]);
}

#[test]
fn one_hit_for_the_same_words_of_the_same_speaker() {
    let dir = tempfile::tempdir().unwrap();
    let index = archive(dir.path());
    let hit = quotes(&index, "\"we want it\"", Filters::default()).remove(0);
    assert_eq!(hit.articles, 2);
    let places: Vec<&str> = hit.occurrences.iter().map(|o| o.article.as_str()).collect();
    assert_eq!(places, ["b/two.txt", "a/one.txt"], "the earliest is first");
    assert_eq!((hit.occurrences[1].start, hit.occurrences[1].end), (3, 37));
    assert_eq!(&hit.quote[hit.highlights[0].0..hit.highlights[0].1], "we want it");
    assert_eq!(hit.highlights.len(), 1);
    assert_eq!(
        (hit.speaker.as_deref(), hit.role.as_deref()),
        (Some("John Kirby"), Some("spokesperson"))
    );
    assert!(hit.passage.starts_with("“We want peace") && hit.passage.ends_with("Washington."));
    let (start, end) = hit.in_passage[0];
    assert_eq!(&hit.passage[start..end], hit.quote);
}

#[test]
fn context_is_paragraphs_around_the_hit() {
    let dir = tempfile::tempdir().unwrap();
    let index = archive(dir.path());
    let options = SearchOptions { words: "now".into(), context: 1, ..SearchOptions::default() };
    let hit = index.search_quotes(&options).unwrap().next().unwrap().unwrap();
    assert!(
        hit.passage.starts_with("Headline two\n\n“We") && hit.passage.ends_with("war and peace.")
    );
    let (start, end) = hit.in_passage[0];
    assert_eq!(&hit.passage[start..end], hit.quote);
}

#[test]
fn speakers_by_surname_full_name_typo_and_key() {
    let dir = tempfile::tempdir().unwrap();
    let index = archive(dir.path());
    let cases: &[(&str, &[&str])] = &[
        ("kirby", &["John Kirby"]),
        ("KIRBY", &["John Kirby"]),
        ("Volodymyr Zelenskyy", &["Volodymyr Zelenskyy", "Volodomyr Zelensky"]),
        ("zelensky", &["Volodomyr Zelensky", "Volodymyr Zelenskyy"]),
        ("zoe adams", &["Zoë Adams"]),
        ("person:john kirby", &["John Kirby"]),
        ("person:kirby", &[]),
        ("nobody", &[]),
        ("...", &[]),
    ];
    for (name, expected) in cases {
        let filters = Filters { speaker: Some((*name).into()), ..Filters::default() };
        let found: Vec<String> =
            quotes(&index, "", filters).into_iter().filter_map(|hit| hit.speaker).collect();
        assert_eq!(&found, expected, "{name}");
    }
}

#[test]
fn filters_of_quotes() {
    let dir = tempfile::tempdir().unwrap();
    let index = archive(dir.path());
    let date = |text: &str| Some(text.parse::<jiff::civil::Date>().unwrap().at(0, 0, 0, 0));
    let none = Filters::default;
    let cases = [
        (none(), 5),
        (Filters { outlet: vec!["the times".into()], ..none() }, 2),
        (Filters { outlet: vec!["The Times".into(), "BILD".into()], ..none() }, 5),
        (Filters { outlet: vec!["Times".into()], ..none() }, 0),
        (Filters { author: vec!["cy day".into()], ..none() }, 2),
        (Filters { since: date("2024-03-01"), ..none() }, 2),
        (Filters { until: date("2024-03-01"), ..none() }, 4),
        (Filters { since: date("2024-03-02"), until: date("2024-03-02"), ..none() }, 2),
        (Filters { kind: vec![QuoteKind::Indirect], ..none() }, 1),
        (Filters { kind: vec![QuoteKind::Mixed], ..none() }, 0),
        (Filters { unknown: true, ..none() }, 1),
        (Filters { min_confidence: Some(0.7), ..none() }, 4),
        (Filters { min_confidence: Some(0.9), ..none() }, 3),
        (Filters { mentions: vec!["Bank of England".into()], ..none() }, 1),
        (Filters { mentions: vec!["organisation:bank of england".into()], ..none() }, 1),
        (Filters { mentions: vec!["England".into()], ..none() }, 0),
        (Filters { mentions: vec!["Atlantis".into()], ..none() }, 0),
        (Filters { speaker: Some("kirby".into()), outlet: vec!["Daily Mail".into()], ..none() }, 1),
        (Filters { speaker: Some("kirby".into()), unknown: true, ..none() }, 0),
    ];
    for (filters, expected) in cases {
        assert_eq!(quotes(&index, "", filters.clone()).len(), expected, "{filters:?}");
    }
    // A filter on articles leaves the other occurrences out.
    let mail = Filters { outlet: vec!["Daily Mail".into()], ..none() };
    assert_eq!(quotes(&index, "now", mail)[0].articles, 1);
}

#[test]
fn order_by_date_and_paging() {
    let dir = tempfile::tempdir().unwrap();
    let index = archive(dir.path());
    let options = SearchOptions { sort: Sort::Date, ..SearchOptions::default() };
    let all: Vec<QuoteHit> = index.search_quotes(&options).unwrap().map(Result::unwrap).collect();
    let dates: Vec<_> = all.iter().map(|hit| hit.occurrences[0].meta.date).collect();
    assert!(dates.is_sorted(), "{dates:?}");
    for offset in 0..=all.len() {
        let page = index.search_quotes(&options).unwrap().skip(offset).take(2);
        let page: Vec<String> = page.map(|hit| hit.unwrap().quote_id).collect();
        let expected: Vec<_> =
            all.iter().skip(offset).take(2).map(|hit| hit.quote_id.clone()).collect();
        assert_eq!(page, expected);
    }
}

/// How many hits there are, and those given, where so many are asked for.
type Search<'a> = &'a dyn Fn(Option<usize>) -> (usize, Vec<String>);

#[test]
fn who_asks_for_few_hits_gets_the_first_of_all() {
    let dir = tempfile::tempdir().unwrap();
    let index = archive(dir.path());
    for (words, sort) in
        [("", Sort::Date), ("", Sort::Relevance), ("now OR peace", Sort::Relevance)]
    {
        let asked =
            |most| SearchOptions { words: words.into(), sort, most, ..SearchOptions::default() };
        let quotes = |most| -> (usize, Vec<String>) {
            let hits = index.search_quotes(&asked(most)).unwrap();
            (hits.total(), hits.map(|hit| hit.unwrap().quote_id).collect())
        };
        let texts = |most| -> (usize, Vec<String>) {
            let hits = index.search_text(&asked(most)).unwrap();
            (hits.total(), hits.map(|hit| hit.unwrap().passage).collect())
        };
        let searches: [Search<'_>; 2] = [&quotes, &texts];
        for search in searches {
            let (total, all) = search(None);
            assert_eq!(total, all.len());
            for most in 0..=total + 1 {
                assert_eq!(search(Some(most)), (total, all[..most.min(total)].to_vec()), "{words}");
            }
        }
    }
}

#[test]
fn text_is_found_once_with_all_its_articles() {
    let dir = tempfile::tempdir().unwrap();
    let index = archive(dir.path());
    let hit = texts(&index, "washington", Filters::default()).remove(0);
    assert_eq!(hit.articles, 2);
    assert_eq!(hit.occurrences[0].article, "b/two.txt");
    assert_eq!(hit.occurrences[0].start, "Headline two\n\n".len());
    assert_eq!(&hit.passage[hit.highlights[0].0..hit.highlights[0].1], "Washington");
    let none = Filters::default;
    let cases = [
        ("peace", none(), 4),
        ("\"war and peace\"", none(), 1),
        ("peace -war", none(), 3),
        ("", none(), 6),
        ("peace", Filters { outlet: vec!["Bild".into()], ..none() }, 2),
        ("peace", Filters { mentions: vec!["Bank of England".into()], ..none() }, 1),
        ("", Filters { mentions: vec!["washington".into()], ..none() }, 1),
        ("peace", Filters { speaker: Some("kirby".into()), ..none() }, 1),
        ("", Filters { unknown: true, ..none() }, 1),
        (
            "",
            Filters {
                speaker: Some("kirby".into()),
                mentions: vec!["Washington".into()],
                ..none()
            },
            1,
        ),
    ];
    for (words, filters, expected) in cases {
        assert_eq!(texts(&index, words, filters.clone()).len(), expected, "{words} {filters:?}");
    }
    let filters = Filters { outlet: vec!["The Times".into()], ..none() };
    assert_eq!(texts(&index, "washington", filters)[0].articles, 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]
    /// Any text is a query or an error with a column inside of it, and never a panic.
    #[test]
    fn no_query_panics(words in "(peace|want|OR|AND|-|\\*|\"|\\(|\\)|“|”|«|:|'| |\\PC|\\p{any}){0,12}") {
        checks::query(&words);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    /// Whatever the articles, their spans lie inside their texts when they come back.
    #[test]
    fn odd_articles_come_back_whole(
        texts in prop::collection::vec(
            "(\"|“|”|‘|’|'|«|»| said | says | he |Ann Lee|Mr Lee|Zoë Å.|Leeds|peace|that |, |\\. |: |\n\n|é|漢字|\u{1F600}|\\PC){0,40}",
            1..6,
        ),
    ) {
        checks::stored(&texts);
    }
}

/// What is marked is what matched: every quote that a query finds has marks, and a quote that it
/// does not find would not be marked.
#[test]
fn hits_and_highlights_agree() {
    let dir = tempfile::tempdir().unwrap();
    let index = archive(dir.path());
    for words in
        ["peace", "\"want it\"", "peace OR rate", "w*", "\"the ba*\"", "(peace now) OR rate"]
    {
        for hit in quotes(&index, words, Filters::default()) {
            assert!(!hit.highlights.is_empty(), "{words}: {}", hit.quote);
        }
    }
}

/// What was asked for often enough is found another way: the same passages, those too
/// that an article has from another.
#[test]
fn passages_are_the_same_however_often_they_are_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let wire = "“We want peace, and we want it now,” John Kirby said in Washington.";
    let index = build(
        dir.path(),
        vec![
            Draft::new("a", &["Only here.", wire, "Here and there."]),
            Draft::new("b", &["Here and there.", "Beside it.", wire]),
        ],
    );
    for _ in 0..300 {
        let Found::One(b) = index.article("b").unwrap() else { panic!("b is there") };
        assert_eq!(b.article.text, format!("Here and there.\n\nBeside it.\n\n{wire}"));
    }
}

/// What was asked for often enough is found some passages at a time: no quote is left out where such
/// a turn ends, within an article or between two, and those of articles that do not pass are.
#[test]
fn quotes_are_the_same_however_often_they_are_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let lengths = [3, 1, 150, 2, 40, 7, 90];
    let draft = |(number, &length): (usize, &usize)| {
        let name = format!("{number}.txt");
        let said: Vec<String> =
            (0..length).map(|n| format!("No. {number}-{n} wants peace")).collect();
        let lines: Vec<String> = said.iter().map(|said| format!("“{said},” she said.")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let draft = Draft::new(&name, &lines).date(&format!("2024-03-0{}", 1 + number % 2));
        said.iter().fold(draft, |draft, said| draft.quote(said, "Ann Lee"))
    };
    let index = build(dir.path(), lengths.iter().enumerate().map(draft).collect());
    let none = Filters::default;
    let since = Filters { since: Some(jiff::civil::date(2024, 3, 2).at(0, 0, 0, 0)), ..none() };
    let late: usize = lengths.iter().skip(1).step_by(2).sum();
    for time in 0..20 {
        let all = quotes(&index, "peace", none()).len();
        assert_eq!(all, lengths.iter().sum::<usize>(), "time {time}");
        assert_eq!(quotes(&index, "peace", since.clone()).len(), late, "time {time}");
        assert_eq!(quotes(&index, "\"2-149 wants\"", none()).len(), 1, "time {time}");
    }
}
