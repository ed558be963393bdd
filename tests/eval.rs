//! The scores of quotes and names, on small articles whose figures can be counted by hand.
//!
//! Not for: how good the models are.

use serde_json::{Value, json};
use whosaid::eval::gold::{self, Gold};
use whosaid::eval::quotes::{Given, Scores, judged};
use whosaid::text::Span;

const TEXT: &str = "“We won’t sell the mill,” said Åsa Orr, its owner. She added that rain was due.\n\
                    Bo Lind called it “sad”.";

/// Offsets of words in code points, as gold files count.
fn chars(words: &str) -> [usize; 2] {
    let byte = TEXT.find(words).unwrap();
    let start = TEXT[..byte].chars().count();
    [start, start + words.chars().count()]
}

fn attribution(id: &str, kind: &str, source: &str, cue: &str, content: &str) -> Value {
    json!({"id": id, "kind": kind, "source": [chars(source)], "cue": [chars(cue)],
           "content": [chars(content)], "source_type": "full_name"})
}

fn read(record: &Value) -> Gold {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gold.jsonl");
    std::fs::write(&path, format!("{record}\n\n")).unwrap();
    gold::read(&path).unwrap().remove(0)
}

fn gold() -> Gold {
    let turn = json!({"id": "T1", "attribution": "A1", "kind": "direct", "n_words": 5,
        "span": chars("We won’t sell the mill"), "stretch": chars("We won’t sell the mill,"),
        "closed": true, "continues": false, "required": true, "source": [chars("Åsa Orr, its owner")],
        "source_type": "full_name", "silver_speaker": "Åsa Orr"});
    read(&json!({"doc_id": "mill", "text": TEXT, "turns": [turn], "ignore": [chars("rain")],
    "attributions": [
        attribution("A1", "direct", "Åsa Orr, its owner", "said", "“We won’t sell the mill,”"),
        attribution("A2", "indirect", "She", "added", "that rain was due"),
    ]}))
}

fn given(source: &str, content: &str) -> Given {
    let span = |words: &str| {
        let at = TEXT.find(words).unwrap();
        Span::new(at, at + words.len())
    };
    Given {
        content: vec![span(content)],
        source: Some(span(source)),
        speaker: Some(source.to_owned()),
        confidence: 0.75,
    }
}

#[test]
fn code_points_become_bytes() {
    let gold = gold();
    assert_eq!(gold.turns[0].source[0].of(TEXT), "Åsa Orr, its owner");
    assert_eq!(gold.attributions[1].content[0].of(TEXT), "that rain was due");
}

#[test]
fn right_words_with_a_right_or_wrong_source() {
    let mut scores = Scores::default();
    scores.add(
        &gold(),
        &[given("Åsa Orr", "We won’t sell the mill,"), given("Bo Lind", "that rain was due")],
    );
    assert_eq!(scores.of("e2e").figures(), [100.0, 100.0, 100.0]);
    assert_eq!(scores.of("indirect matched").figures(), [100.0, 100.0, 100.0]);
    assert_eq!(scores.of("indirect e2e").figures(), [0.0, 0.0, 0.0]);
    assert_eq!(scores.of("any e2e").figures(), [50.0, 50.0, 50.0]);
    let shown = scores.to_string();
    assert!(shown.contains("inverted                                     1      100"), "{shown}");
    assert!(shown.contains("70-80  %         2    0.750   0.500"), "{shown}");
}

#[test]
fn half_of_the_words_are_enough_to_match_and_regions_nobody_marked_count_neither_way() {
    let answers =
        [given("Åsa Orr", "sell the mill"), given("Bo Lind", "rain"), given("Bo Lind", "sad")];
    assert_eq!(judged(&gold(), &answers), [Some(true), None, Some(false)]);
    let mut scores = Scores::default();
    scores.add(&gold(), &answers);
    // The marked word that is nobody's turn was given for nothing.
    assert_eq!(scores.of("matched").figures(), [50.0, 100.0, 66.67]);
    assert_eq!(scores.of("exact").figures(), [0.0, 0.0, 0.0]);
    assert_eq!(scores.of("tokens").figures(), [75.0, 60.0, 66.67]);
    assert_eq!(scores.of("any e2e").figures(), [50.0, 50.0, 50.0]);
}

#[test]
fn names_are_scored_as_a_user_gets_them() {
    let text = "Mayor Ann Weston spoke in Paris. “Go,” Weston said.";
    let at = |words: &str| {
        let start = text.rfind(words).unwrap();
        [start, start + words.len()].map(|byte| text[..byte].chars().count())
    };
    let name = |words: &str, label: &str| json!({"start": at(words)[0], "end": at(words)[1], "label": label});
    let record = json!({"doc_id": "1", "text": text, "entities": [
        name("Ann Weston", "PER"), name("Weston", "PER"), name("Paris", "ORG"), name("Go", "MISC")]});
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gold.jsonl");
    std::fs::write(&path, record.to_string()).unwrap();
    let report = whosaid::eval::entities::run(&path).unwrap();
    assert_eq!((report.persons.right, report.persons.found, report.persons.marked), (2, 2, 2));
    assert_eq!((report.all.right, report.all.found, report.all.marked), (2, 3, 3));
    assert_eq!(report.spans.right, 3);
    assert_eq!(report.all.f1(), 66.67);
}
