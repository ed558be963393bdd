//! What holds for every input.

use proptest::prelude::*;

use whosaid::article::Article;
use whosaid::read::{Format, RawRecord, ReadOptions, article_of_text, parse};

use super::read_file;
use crate::checks::{self, record};
use crate::growth;

/// Every letter of the clean text is the letter that stands at its place in the given one, in order.
fn check_origin(article: &Article, given: &str) {
    let mut last = 0;
    for (clean, c) in article.text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        let at = article.origin.given(clean);
        assert!(at >= last, "{given:?}");
        assert_eq!(
            given.get(at..).and_then(|rest| rest.chars().next()),
            Some(c),
            "{given:?} {clean}"
        );
        last = at;
    }
}

/// Words and what stands between them, as odd as files have them.
fn prose() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[A-Za-zé“”\"',.]{1,9}",
        3 => Just(" ".to_string()),
        1 => prop::sample::select(vec![
            "\n", "\n\n", "\r\n", "\r", "\t", "\u{A0}", "\u{2028}", "\u{2029}", "\u{0}", "\u{200B}", "\u{93}", "-\n",
            "By ", "March 3, 2024", "<p>", "&amp;", "*", "# ", "> ", "---\n", "[a](b)", "{", "©", "\u{C}",
        ]).prop_map(str::to_string),
    ];
    prop::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn text_is_clean_and_leads_back(text in prose()) {
        let article = article_of_text("a", &text);
        checks::clean(&article);
        check_origin(&article, &text);
        let words = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
        prop_assert_eq!(words(&article.text), words(&text));
    }

    #[test]
    fn cleaning_twice_changes_nothing(text in prose()) {
        let once = article_of_text("a", &text);
        let twice = article_of_text("a", &once.text);
        prop_assert_eq!(once.text, twice.text);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(
        bytes in prop_oneof![prop::collection::vec(any::<u8>(), 0..400), prose().prop_map(String::into_bytes)],
    ) {
        for format in [Format::Text, Format::Markdown, Format::Json, Format::Html] {
            checks::article(format, &bytes);
        }
    }

    #[test]
    fn a_json_text_leads_back(text in prose(), title in "[A-Z][a-z ]{0,12}") {
        let object = serde_json::json!({"text": text, "title": title}).to_string();
        checks::article(Format::Json, object.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn no_file_makes_the_cutter_panic(
        name in prop::sample::select(vec!["a", "a.json", "a.jsonl", "a.gz", "a.zst", "a.html", "a.md"]),
        head in prop::sample::select(vec![&b""[..], b"[{", b"{\"a\":", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\xff\xfe", b"{}\n{"]),
        tail in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        read_file(name, [head, &tail].concat());
    }
}

/// Makes an input of about the given size.
type Maker = fn(usize) -> String;

/// Inputs that have made other readers slow; ten times as much must not take much more than ten times
/// as long.
#[test]
fn work_grows_with_the_size() {
    let makers: [(Format, Maker); 14] = [
        (Format::Text, |n| "\"".repeat(n)),
        (Format::Text, |n| "a\n".repeat(n)),
        (Format::Text, |n| "By A, ".repeat(n)),
        (Format::Text, |n| " \u{A0}".repeat(n)),
        (Format::Markdown, |n| "*a ".repeat(n)),
        (Format::Markdown, |n| "[".repeat(n)),
        (Format::Json, |n| format!("{{\"text\": \"<p>{}\"}}", "<a b=' ".repeat(n))),
        (Format::Json, |n| {
            format!("{{\"text\": \"x\", \"authors\": \"{}\"}}", "Al Bo, ".repeat(n))
        }),
        (Format::Html, |n| format!("<p>{}", "<b><p>".repeat(n / 20))),
        (Format::Html, |n| format!("<p>No.{}", "<div>".repeat(n / 20))),
        (Format::Html, |n| format!("{}No.", "<div><p>Yes.</p>".repeat(n / 20))),
        (Format::Html, |n| "<p><a href=x>Yes</a></p>".repeat(n / 24)),
        (Format::Json, |n| format!("{{\"text\": {}", "[".repeat(n))),
        (Format::Text, |n| "“".repeat(n)),
    ];
    for (i, (format, make)) in makers.into_iter().enumerate() {
        let read = |record: &RawRecord| {
            let _ = parse(record, &ReadOptions::default());
        };
        growth::check(&format!("{i}"), 4_000, |n| record(format, make(n).into_bytes()), read);
    }
}
