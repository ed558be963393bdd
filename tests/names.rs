//! The tokeniser and the recogniser on any input: no panic, ordered spans, bounded work, few false
//! names; and the names of plain news. What the parts of the recogniser do is tested beside them.

use proptest::prelude::*;
use whosaid::annotate::entities;
use whosaid::annotate::scene::Scene;
use whosaid::article::{Article, EntityKind};
use whosaid::read::article_of_text;
use whosaid::segment::tokenize;
use whosaid::text::Span;

use crate::checks;

fn names(text: &str) -> Vec<(String, EntityKind)> {
    let article = Article { text: text.into(), ..Article::default() };
    let found = entities::find(&Scene::new(&article));
    found.iter().map(|m| (m.span.of(text).to_owned(), m.kind)).collect()
}

fn check(text: &str, expected: &[(&str, EntityKind)]) {
    let found = names(text);
    let found: Vec<(&str, EntityKind)> = found.iter().map(|(n, k)| (n.as_str(), *k)).collect();
    assert_eq!(found, expected, "{text}");
}

use EntityKind::{Organisation, Person, Place};

#[test]
fn plain_news() {
    check(
        "White House national security spokesperson John Kirby told reporters in Washington on Tuesday that \
         President Xi Jinping had not called. “We hope he will,” Kirby said.",
        &[
            // TODO: the White House speaks here, so Organisation would be right.
            ("White House", Place),
            ("John Kirby", Person),
            ("Washington", Place),
            ("Xi Jinping", Person),
            ("Kirby", Person),
        ],
    );
}

#[test]
fn titles_and_possessives_stay_outside() {
    check(
        "Mr. Blinken’s plan pleased Dr. Maria Lopez.",
        &[("Blinken", Person), ("Maria Lopez", Person)],
    );
}

#[test]
fn organisations_with_their_acronyms() {
    check(
        "The Congressional Budget Office (CBO) disagreed. The CBO’s report came late.",
        &[
            ("Congressional Budget Office", Organisation),
            ("CBO", Organisation),
            ("CBO", Organisation),
        ],
    );
}

#[test]
fn a_name_before_a_hyphen_is_cut_out() {
    check("The Paris-based group met in Berlin.", &[("Paris", Place), ("Berlin", Place)]);
}

#[test]
fn text_without_capitals_has_no_names() {
    check("the mayor of london said on tuesday that john kirby was right", &[]);
    check("北京和东京的代表在会议上说。東京タワーです。", &[]);
}

#[test]
fn tables_give_few_names() {
    let table = "W L Pct GB\n\n14 3 .824 -\n\n10 7 .588 4\n\nTotal 24 10 12:30 6-4 7-6 (7-4)";
    assert!(names(table).len() <= 1, "{:?}", names(table));
}

#[test]
fn capitals_throughout() {
    let found = names("MAYOR JOHN SMITH SAYS LONDON WILL NOT PAY FOR THE NEW BRIDGE");
    assert!(found.len() <= 3, "{found:?}");
}

/// Work grows with the text, not with its square: a line of 2 MB is cut into tokens and searched.
#[test]
fn one_long_line() {
    for piece in [
        "John Smith of Acme Corp. said ",
        "AAA ",
        "a.b.",
        "''",
        "J.",
        "'s",
        "-A",
        "“",
        "Ü",
        "A of ",
    ] {
        let text = piece.repeat(2_000_000 / piece.len());
        let article = Article { text, ..Article::default() };
        let found = entities::find(&Scene::new(&article));
        assert!(found.iter().all(|m| m.span.end() <= article.text.len()));
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "Kirby", "NATO", "the", "of", "U.S.", "J.", "Gov.", "’s", "'s", "“", "”", "''", "``", "'",
        "-", "—", ".", ",", "said", "Bank", "England", "\n\n", "3.5", "al-Assad", "東京", "é", "İ",
        "ß", "No.", "\u{301}", "\u{200b}", "US-China", "(", ")",
    ]);
    let spaced = prop::collection::vec((words, prop::bool::ANY), 0..60);
    let joined = spaced
        .prop_map(|v| v.iter().map(|(w, s)| format!("{w}{}", if *s { " " } else { "" })).collect());
    prop_oneof![any::<String>(), joined]
}

proptest! {
    #[test]
    fn tokens_cover_the_text_in_order(text in any_text()) {
        checks::tokens(&text);
    }

    #[test]
    fn tokens_of_tokens_are_the_same(text in "[A-Za-z0-9 ,“”]{0,60}") {
        let cut = |text: &str| -> Vec<String> {
            let mut tokens = Vec::new();
            tokenize(text, Span::new(0, text.len()), &mut tokens);
            tokens.iter().map(|t| t.span.of(text).to_owned()).collect()
        };
        let once = cut(&text);
        prop_assert_eq!(cut(&once.join(" ")), once);
    }

    #[test]
    fn names_are_ordered_and_apart(text in any_text()) {
        checks::names(text);
    }

    #[test]
    fn annotations_stay_inside_the_text(text in any_text()) {
        checks::annotation(&article_of_text("a", &text));
    }
}
