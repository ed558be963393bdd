//! Whether work grows with the size of the input and not with its square, for the tests that ask.
//!
//! Sizes far apart are compared, by the CPU time of this thread alone: how busy the machine is does
//! not count. Linear work grows by the ratio of the sizes, quadratic work by its square; the limit
//! lies between the two, at equal factors from both.

use cpu_time::ThreadTime;

/// How much larger the large input is.
const FACTOR: usize = 64;
/// Less time than this is noise.
const LEAST: f64 = 1e-4;

/// Fails when the work on an input grows faster than its size. `make` is asked for an input of a
/// size, `work` is measured; `size` is that of the small input.
pub fn check<T>(name: &str, size: usize, make: impl Fn(usize) -> T, work: impl Fn(&T)) {
    let seconds = |size: usize| {
        let input = make(size);
        let run = |_| {
            let start = ThreadTime::now();
            work(&input);
            start.elapsed().as_secs_f64()
        };
        (0..3).map(run).fold(f64::MAX, f64::min).max(LEAST)
    };
    let (small, large) = (seconds(size), seconds(size * FACTOR));
    let limit = (FACTOR as f64).powf(1.5);
    assert!(large < small * limit, "{name}: {small} s, {FACTOR} times as much {large} s");
}

#[test]
#[should_panic(expected = "pairs")]
fn quadratic_work_is_noticed() {
    let pairs = |numbers: &Vec<u64>| {
        for a in numbers {
            for b in numbers {
                std::hint::black_box(a ^ b);
            }
        }
    };
    check("pairs", 300, |size| (0..size as u64).collect(), pairs);
}

/// Makes a text of about so many bytes.
type Maker = fn(usize) -> String;

/// Repeats something until a text is long enough; `what` is told which time it is.
fn until(bytes: usize, what: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(bytes + 200);
    for number in 0.. {
        if text.len() >= bytes {
            break;
        }
        text.push_str(&what(number));
    }
    text
}

/// A name unlike those of other numbers.
fn name(number: usize) -> String {
    const PARTS: [&str; 12] =
        ["ba", "co", "di", "fe", "gar", "hu", "kim", "lor", "mi", "nes", "pol", "ta"];
    let part = |digit: usize| PARTS[digit % PARTS.len()];
    let (n, m) = (number, number / PARTS.len());
    let surname = format!("{}{}{}s", part(m), part(m / 12), part(m / 144));
    format!("A{} {}{}", part(n), surname[..1].to_uppercase(), &surname[1..])
}

/// What has made programs of this kind slow.
const TEXTS: [(&str, Maker); 27] = [
    ("paragraphs", |n| until(n, |i| format!("Day {i} went by.\n\n"))),
    ("articles in one", |n| {
        until(n, |i| format!("\"It was worth {i},\" said {0}. Mr {0} left Leeds.\n\n", name(i)))
    }),
    ("words on one line", |n| until(n, |i| format!("word{i} "))),
    ("one word", |n| "a".repeat(n)),
    ("one sentence of names", |n| until(n, |i| format!("{}, ", name(i)))),
    ("one name many times", |n| "Ann Lee met Ann Lee and Mr Lee. ".repeat(n / 32)),
    ("many of one surname", |n| until(n, |i| format!("A{} Smith and Smith left. ", i % 997))),
    ("capitals", |n| "THE MAYOR OF LEEDS SAID NO. ".repeat(n / 28)),
    ("no capitals", |n| "the mayor of leeds said no. ".repeat(n / 28)),
    ("quotes on one line", |n| until(n, |i| format!("\"Yes {i},\" said {}. ", name(i)))),
    ("quotes by he", |n| until(n, |i| format!("\"Yes {i},\" he said. "))),
    ("the same quote", |n| "\"We will not gamble with lives,\" Ann Lee said.\n\n".repeat(n / 48)),
    ("marks side by side", |n| "\"".repeat(n)),
    ("opening marks", |n| "“".repeat(n / 3)),
    ("marks in marks", |n| format!("{} no {}", "“a ‘".repeat(n / 16), "’ b”".repeat(n / 16))),
    ("marks left open", |n| "\"We go on and on.\n\n".repeat(n / 19)),
    ("apostrophes", |n| "'tis the dogs' o'clock ".repeat(n / 23)),
    ("saying that he said", |n| {
        format!("Ann Lee {}no.", "said that she said that ".repeat(n / 24))
    }),
    ("questions and answers", |n| until(n, |i| format!("Q: Why {i}?\n\nA: Because.\n\n"))),
    ("brackets and colons", |n| "Lee (R-Ohio): (see: ".repeat(n / 20)),
    ("posts behind handles", |n| until(n, |i| format!("@lee_{i}: Day {i} went by.\n\n"))),
    ("posts with by-lines", |n| {
        until(n, |i| format!("Day {i} went by. — {} (@lee_{i}) May 3, 2025\n\n", name(i)))
    }),
    ("statements in full", |n| {
        until(n, |i| format!("{} met Lee.\n\nThe statement in full {i}:\n\nI am {i}.\n\n", name(i)))
    }),
    ("letters", |n| until(n, |i| format!("Dear Editor {i},\n\nI am {i}.\n\n{}\n\n", name(i)))),
    ("initials as labels", |n| {
        until(n, |i| {
            let initial = |n: usize| char::from(b'A' + (n % 26) as u8);
            let short: String = [i, i / 26, i / 676].map(initial).iter().collect();
            format!("{short}: You are {i}.\n\nAnn Lee: I am {i}.\n\n")
        })
    }),
    ("texts announced", |n| {
        until(n, |i| format!("{} left.\n\nThe statement:\n\n“I am {i} or so,”\n\n", name(i)))
    }),
    ("by-lines printed twice", |n| {
        until(n, |i| format!("Day {i}.\n\n“I am {i} or so.”\n\n— Ann Lee\n\n"))
    }),
];

#[test]
fn annotation_grows_with_the_text() {
    use whosaid::annotate::annotate;
    use whosaid::read::article_of_text;
    for (what, make) in TEXTS {
        check(
            what,
            1500,
            |n| article_of_text("a", &make(n)),
            |article| {
                std::hint::black_box(annotate(article));
            },
        );
    }
}

#[test]
fn indexing_grows_with_the_article() {
    use whosaid::annotate::annotate;
    use whosaid::index::{ArticleDocs, Writer, WriterOptions};
    use whosaid::read::article_of_text;
    let options =
        WriterOptions { threads: 1, memory: 256 << 20, model: "test".into(), rebuild: false };
    for (what, make) in TEXTS {
        let docs = |n| {
            let article = article_of_text("a", &make(n));
            let annotation = annotate(&article);
            ArticleDocs { root: "r".into(), file: "a".into(), record: 1, article, annotation }
        };
        check(what, 1500, docs, |docs| {
            let folder = tempfile::tempdir().unwrap();
            let writer = Writer::open(folder.path(), &options).unwrap();
            writer.put(docs.clone()).unwrap();
        });
    }
}

#[test]
fn showing_grows_with_the_article() {
    use whosaid::annotate::annotate;
    use whosaid::index::{ArticleDocs, Found, Index, Writer, WriterOptions};
    use whosaid::output::{article::View, screen::Screen};
    use whosaid::read::article_of_text;
    let options =
        WriterOptions { threads: 1, memory: 64 << 20, model: "test".into(), rebuild: false };
    // Two articles that share every paragraph; of the second text, one paragraph all the time.
    let texts: [(&str, Maker); 2] = [
        ("paragraphs that two articles share", |n| {
            until(n, |i| format!("\"It was worth {i},\" said {}.\n\n", name(i)))
        }),
        ("a paragraph that comes again and again", |n| {
            "\"It was worth it,\" said Ann Lee.\n\n".repeat(n / 34)
        }),
    ];
    for (what, text) in texts {
        let make = |n: usize| {
            let folder = tempfile::tempdir().unwrap();
            let writer = Writer::open(folder.path(), &options).unwrap();
            for id in ["one", "other"] {
                let article = article_of_text(id, &text(n));
                let annotation = annotate(&article);
                let (root, file) = ("r".into(), id.into());
                writer.put(ArticleDocs { root, file, record: 1, article, annotation }).unwrap();
            }
            writer.finish().unwrap();
            (Index::open(folder.path(), "test").unwrap(), folder)
        };
        check(what, 15_000, make, |(index, _)| {
            let Found::One(stored) = index.article("other").unwrap() else { panic!("not one") };
            let shared = index.shared_by(&stored.passages).unwrap();
            assert!((0..stored.passages.len()).all(|n| shared.places(n).len() >= 2));
            std::hint::black_box(View { stored: &stored, shared }.text(&Screen::stdout()));
        });
    }
}

#[test]
fn cutting_a_file_grows_with_its_records() {
    let files: [(&str, Maker); 5] = [
        ("a.jsonl", |n| "{\"text\": \"No.\"}\n".repeat(n / 16)),
        ("b.jsonl", |n| format!("{{\"text\": \"{}\"}}", "no ".repeat(n / 3))),
        ("a.json", |n| format!("[{}]", vec!["{\"text\": \"No.\"}"; n / 15].join(","))),
        ("b.json", |n| "[".repeat(n)),
        ("c.json", |n| {
            format!("{{\"text\": \"x\", \"a\": {}1{}}}", "{\"a\":".repeat(n / 6), "}".repeat(n / 6))
        }),
    ];
    for (name, make) in files {
        check(name, 20_000, make, |text| {
            let found = crate::checks::read_file(name, text.as_bytes(), &Default::default());
            assert!(!found.is_empty());
        });
    }
}

#[test]
fn understanding_a_query_grows_with_it() {
    use whosaid::index::parse_query;
    let queries: [(&str, Maker); 5] = [
        ("words", |n| "peace ".repeat(n / 6)),
        ("groups", |n| "(".repeat(n)),
        ("alternatives", |n| "a OR ".repeat(n / 5)),
        ("one phrase", |n| format!("\"{}\"", "no ".repeat(n / 3))),
        ("marks", |n| "\" ".repeat(n / 2)),
    ];
    for (what, make) in queries {
        check(what, 4_000, make, |query| {
            let _ = parse_query(query);
        });
    }
}
