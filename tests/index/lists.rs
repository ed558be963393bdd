//! Speakers, entities, copies, figures and single articles.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use whosaid::article::{EntityKind, QuoteKind};
use whosaid::index::{CopyKind, Filters, Found, Index, NameCount, Writer};

use super::{Draft, MODEL, build, file, options, root};

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

/// Who is named in an article, as it prints them, and how many quotes each has there.
fn cast_of(article: usize) -> Vec<(String, usize)> {
    let there = |person: &usize| ((article * 31 + person * 17) >> 1).is_multiple_of(person + 2);
    let printed = |person: usize| {
        let given = if (article + person).is_multiple_of(3) { "ANN" } else { "Ann" };
        format!("{given} P{}", char::from(b'a' + person as u8))
    };
    let quotes = |person: usize| (article + person) % 4;
    (0..14).filter(there).map(|person| (printed(person), quotes(person))).collect()
}

fn outlet_of(article: usize) -> &'static str {
    if article.is_multiple_of(2) { "Even" } else { "Odd" }
}

fn draft_of(article: usize) -> Draft {
    let cast = cast_of(article);
    let said = |name: &str, quote: usize| format!("{name} {article} {quote}").replace(' ', "x");
    let line = |(name, quotes): &(String, usize)| {
        let words = (0..*quotes).map(|quote| said(name, quote));
        format!("{name} and {name} again. {}.", words.collect::<Vec<_>>().join(" "))
    };
    let lines: Vec<String> = cast.iter().map(line).collect();
    let paragraphs: Vec<&str> = lines.iter().map(String::as_str).collect();
    let mut draft = Draft::new(&format!("{article}.txt"), &paragraphs).outlet(outlet_of(article));
    for (name, quotes) in &cast {
        draft = draft.names(EntityKind::Person, name);
        for quote in 0..*quotes {
            draft = draft.quote(&said(name, quote), name);
        }
    }
    draft
}

/// Lists counted by hand: of each key the articles by name, and what is counted.
fn listed(
    articles: impl Iterator<Item = usize>,
    counted: impl Fn(usize) -> u64,
    by_count: bool,
) -> Vec<String> {
    let mut all: BTreeMap<String, (BTreeMap<String, u64>, u64)> = BTreeMap::new();
    for article in articles {
        for (name, quotes) in cast_of(article).into_iter().filter(|one| counted(one.1) > 0) {
            let (names, count) = all.entry(name.to_lowercase()).or_default();
            *names.entry(name).or_default() += 1;
            *count += counted(quotes);
        }
    }
    let mut lines: Vec<_> = all
        .into_iter()
        .map(|(key, (names, count))| {
            let (articles, most) = (names.values().sum::<u64>(), *names.values().max().unwrap());
            let name = names.into_iter().find(|(_, articles)| *articles == most).unwrap().0;
            let figures = if by_count { (count, articles) } else { (articles, count) };
            (Reverse(figures), key, format!("{name} {articles} {count}"))
        })
        .collect();
    lines.sort();
    lines.into_iter().map(|(.., line)| line).collect()
}

/// Several segments, names printed in several ways, articles that are gone again.
#[test]
fn the_first_names_are_those_of_the_whole_list() {
    let dir = tempfile::tempdir().unwrap();
    let run = |articles: Range<usize>, gone: &[usize]| {
        let writer = Writer::open(dir.path(), &options(1)).unwrap();
        writer.set_root(root());
        for article in gone {
            writer.remove_file("news", &format!("{article}.txt")).unwrap();
        }
        for article in articles {
            writer.put(draft_of(article).docs()).unwrap();
            writer.put_file(&file(&format!("{article}.txt"), 1)).unwrap();
        }
        writer.finish().unwrap();
    };
    let gone = [3, 10, 17, 24, 31, 38];
    (0..4).for_each(|part| run(part * 15..part * 15 + 15, &[]));
    run(60..61, &gone);
    let index = Index::open(dir.path(), MODEL).unwrap();
    assert!(index.stats().unwrap().segments > 1);
    let left = || (0..61).filter(|article| !gone.contains(article));
    let odd = Filters { outlet: vec!["Odd".into()], ..Filters::default() };
    for (filters, outlet) in [(Filters::default(), None), (odd, Some("Odd"))] {
        let chosen = || left().filter(|&n| outlet.is_none_or(|outlet| outlet_of(n) == outlet));
        let quoted = listed(chosen(), |quotes| quotes as u64, true);
        let named = listed(chosen(), |_| 2, false);
        assert!(quoted.len() > 8 && named.len() > 8);
        for most in [None, Some(0), Some(1), Some(3), Some(7), Some(100)] {
            let shown = |all: &[String]| all[..most.unwrap_or(100).min(all.len())].to_vec();
            let speakers = index.speakers(&filters, None, most).unwrap();
            assert_eq!(lines(&speakers.names), shown(&quoted), "{most:?} of {outlet:?}");
            assert_eq!(speakers.total, quoted.len() as u64);
            let entities = index.entities(&filters, None, None, most).unwrap();
            assert_eq!(lines(&entities.names), shown(&named), "{most:?} of {outlet:?}");
            assert_eq!(entities.total, named.len() as u64);
            let places = index.entities(&filters, None, Some(EntityKind::Place), most).unwrap();
            assert_eq!(places.total, 0);
        }
        let third =
            |all: &[String]| all.iter().filter(|line| line.contains("Pd ")).cloned().collect();
        let (quoted, named): (Vec<String>, Vec<String>) = (third(&quoted), third(&named));
        assert_eq!((quoted.len(), named.len()), (1, 1));
        for name in ["pd", "person:ann pd"] {
            assert_eq!(lines(&index.speakers(&filters, Some(name), None).unwrap().names), quoted);
            let entities = index.entities(&filters, Some(name), Some(EntityKind::Person), None);
            assert_eq!(lines(&entities.unwrap().names), named);
        }
    }
}

#[test]
fn many_copies_come_in_order_with_their_texts() {
    let dir = tempfile::tempdir().unwrap();
    let shared = |n: usize| format!("Paragraph {} of all.", (n * 7) % 50);
    let article = |number: usize| {
        let texts: Vec<String> = (0..3).map(|n| shared(number + n)).collect();
        Draft::new(&format!("{number:03}"), &texts.iter().map(String::as_str).collect::<Vec<_>>())
    };
    // Not in the order of their ids.
    let index = build(dir.path(), (0..200).map(|n| article(n * 37 % 200)).collect());
    let mut copies = index.duplicates(false).unwrap();
    let mut known = BTreeSet::new();
    for number in 0..200 {
        for paragraph in 0..3 {
            let text = shared(number + paragraph);
            if known.insert(text.clone()) {
                continue;
            }
            let left = copies.left();
            let copy = copies.next().unwrap().unwrap();
            let place = (copy.copy.article.as_str(), copy.copy.paragraph);
            assert_eq!(place, (format!("{number:03}").as_str(), paragraph + 1));
            assert_eq!((copy.text, copies.left()), (text, left - 1));
        }
    }
    assert!(copies.next().is_none() && copies.left() == 0);
}
