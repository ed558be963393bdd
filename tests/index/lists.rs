//! Speakers, entities, copies, figures and single articles.

use whosaid::article::{EntityKind, QuoteKind};
use whosaid::index::{CopyKind, Filters, Found, NameCount};

use super::{Draft, build};

fn lines(counts: &[NameCount]) -> Vec<String> {
    counts.iter().map(|c| format!("{} {} {}", c.name, c.articles, c.count)).collect()
}

#[test]
fn counts_are_right_to_the_unit() {
    let dir = tempfile::tempdir().unwrap();
    let index = build(
        dir.path(),
        vec![
            Draft::new("1", &["Ann Lee met Bob Ray. Ann Lee won. one two three"])
                .outlet("A")
                .quote("one", "Ann Lee")
                .quote("two", "Bob Ray")
                .quote("three", "Ann Lee")
                .names(EntityKind::Person, "Ann Lee")
                .names(EntityKind::Person, "Bob Ray"),
            Draft::new("2", &["Ann Lee in Leeds. four"])
                .outlet("B")
                .quote("four", "Ann Lee")
                .quote_as("Leeds", "", QuoteKind::Indirect, 0.5)
                .names(EntityKind::Person, "Ann Lee")
                .names(EntityKind::Place, "Leeds"),
        ],
    );
    let none = Filters::default();
    assert_eq!(
        lines(&index.speakers(&none, None, None).unwrap().names),
        ["Ann Lee 2 3", "Bob Ray 1 1"]
    );
    assert_eq!(lines(&index.speakers(&none, Some("ray"), None).unwrap().names), ["Bob Ray 1 1"]);
    let a = Filters { outlet: vec!["a".into()], ..Filters::default() };
    assert_eq!(
        lines(&index.speakers(&a, None, None).unwrap().names),
        ["Ann Lee 1 2", "Bob Ray 1 1"]
    );
    let all = index.entities(&none, None, None, None).unwrap().names;
    assert_eq!(lines(&all), ["Ann Lee 2 3", "Bob Ray 1 1", "Leeds 1 1"]);
    let places = index.entities(&none, None, Some(EntityKind::Place), None).unwrap().names;
    assert_eq!(lines(&places), ["Leeds 1 1"]);
    assert_eq!(
        lines(&index.entities(&a, Some("ann lee"), None, None).unwrap().names),
        ["Ann Lee 1 2"]
    );
    let of_bob = Filters { speaker: Some("Bob Ray".into()), ..Filters::default() };
    assert_eq!(
        lines(&index.entities(&of_bob, None, None, None).unwrap().names),
        ["Ann Lee 1 2", "Bob Ray 1 1"]
    );
    let near_leeds = Filters { mentions: vec!["Leeds".into()], ..Filters::default() };
    assert_eq!(
        lines(&index.entities(&near_leeds, None, None, None).unwrap().names),
        ["Ann Lee 1 1", "Leeds 1 1"]
    );
    let stats = index.stats().unwrap();
    assert_eq!((stats.articles, stats.files, stats.quotes, stats.unknown), (2, 2, 5, 1));
    assert_eq!((stats.direct, stats.indirect, stats.speakers, stats.entities), (4, 1, 2, 3));
}

#[test]
fn every_copy_is_named_with_the_one_that_was_kept() {
    let dir = tempfile::tempdir().unwrap();
    let long = "The council voted on Tuesday night to close the old harbour bridge for repairs \
                that will last until the end of next summer, officials said after the meeting.";
    let nearly = long.replace("Tuesday", "Monday");
    let index = build(
        dir.path(),
        vec![
            Draft::new("z", &["same", "other", "same", long]),
            Draft::new("a", &["first", "same", &nearly]),
        ],
    );
    let copies: Vec<_> = index.duplicates(true).unwrap().map(Result::unwrap).collect();
    let shown: Vec<String> = copies
        .iter()
        .map(|c| {
            format!(
                "{}:{} of {}:{}",
                c.copy.article, c.copy.paragraph, c.kept.article, c.kept.paragraph
            )
        })
        .collect();
    assert_eq!(shown, ["z:1 of a:2", "z:3 of a:2", "z:4 of a:3"]);
    assert_eq!(copies[0].text, "same");
    assert_eq!((copies[1].kind, copies[2].kind), (CopyKind::Exact, CopyKind::Near));
    assert!(copies[2].similarity > 0.7 && copies[2].similarity < 1.0);
    assert_eq!(index.duplicates(false).unwrap().count(), 2);
    let Found::One(article) = index.article("z").unwrap() else { panic!("z is there") };
    let shared = index.shared_by(&article.passages).unwrap();
    let places: Vec<_> =
        shared.places(0).iter().map(|p| (p.article.as_str(), p.paragraph)).collect();
    assert_eq!(places, [("a", 2), ("z", 1), ("z", 3)]);
}

#[test]
fn articles_come_back_as_they_went_in() {
    let dir = tempfile::tempdir().unwrap();
    let draft = Draft::new("deep/er/x.txt#2", &["One “two” three.", "Ü", "One “two” three."])
        .author("Ann Lee")
        .quote("two", "Bob Ray")
        .names(EntityKind::Person, "One");
    let docs = draft.clone().docs();
    let index =
        build(dir.path(), vec![draft, Draft::new("other/x.txt", &["y"]), Draft::new("e", &[])]);
    for name in ["deep/er/x.txt#2", "deep/er/x.txt", "x.txt#2", "er/x.txt#2"] {
        let Found::One(found) = index.article(name).unwrap() else { panic!("{name} not found") };
        assert_eq!(found.article.text, docs.article.text);
        assert_eq!(found.article.meta, docs.article.meta);
        assert_eq!(found.article.parts, docs.article.parts);
        assert_eq!(found.annotation, docs.annotation);
    }
    assert!(matches!(index.article("nothing").unwrap(), Found::None));
    assert!(matches!(index.article("e").unwrap(), Found::One(e) if e.article.text.is_empty()));
    let both = build(dir.path(), vec![Draft::new("more/x.txt", &["z"])]);
    let Found::Many(ids) = both.article("x.txt").unwrap() else { panic!("two end so") };
    assert_eq!(ids, ["more/x.txt", "other/x.txt"]);
}
