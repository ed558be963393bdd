//! Golden cases: what a careful reader finds in a short article, kept as data in `golden/*.md`.
//!
//! A case is a heading and blocks: `article` (the text), then any of
//! - `quotes`: every quote, one a line: `speaker | words | kind | rule`, in the order of the text;
//!   the parts of an utterance are joined by ` … `, a paragraph end inside them is a blank;
//! - `marked`: the same for direct and mixed quotes only, of which only the words between marks count;
//! - `entities`: `kind | name | role`, in the order of first mention.
//!
//! `null` is an honest "unknown" and a field that is left out is not compared. Where the program is
//! known to be wrong, a `TODO` line says how and a `today` block holds its answer to the first of
//! these blocks as it is, so that a change for better or worse shows. After a change,
//! `WHOSAID_BLESS=1 cargo test golden` brings the `today` blocks (never the expectations) up to date.
//!
//! Not for: reading files (`read`), the command line (`cli`).

use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use whosaid::annotate::annotate;
use whosaid::article::{Annotation, Entity, EntityKind, Quote, QuoteKind};
use whosaid::read::article_of_text;

/// What a block of a golden file asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ask {
    Quotes,
    Marked,
    Entities,
}

/// One expectation: the question and the rows that answer it.
struct Expectation {
    ask: Ask,
    rows: Vec<String>,
}

/// One heading with its blocks. `lines` and `today_lines` are line ranges of the file.
#[derive(Default)]
struct Case {
    name: String,
    article: String,
    expected: Vec<Expectation>,
    today: Option<Vec<String>>,
    end: usize,
    today_lines: Range<usize>,
}

/// The cases of one file.
fn parse(text: &str) -> Vec<Case> {
    let lines: Vec<&str> = text.lines().collect();
    let mut cases: Vec<Case> = Vec::new();
    let (mut at, mut heading) = (0, "");
    while at < lines.len() {
        let line = lines[at];
        heading = line.strip_prefix('#').map_or(heading, |h| h.trim_start_matches('#').trim());
        let Some(block) = line.strip_prefix("```") else {
            at += 1;
            continue;
        };
        let close = at + 1 + lines[at + 1..].iter().position(|&l| l == "```").expect("open block");
        let body = &lines[at + 1..close];
        if block == "article" {
            cases.push(Case { name: heading.into(), article: body.join("\n"), ..Case::default() });
        }
        let case = cases.last_mut().expect("a case starts with its article");
        let rows: Vec<String> = body.iter().map(|&row| row.into()).collect();
        let mut expect = |ask| case.expected.push(Expectation { ask, rows: rows.clone() });
        match block {
            "article" => {}
            "quotes" => expect(Ask::Quotes),
            "marked" => expect(Ask::Marked),
            "entities" => expect(Ask::Entities),
            "today" => {
                case.today = Some(rows);
                case.today_lines = at..close + 1;
            }
            other => panic!("unknown block {other:?} under {heading:?}"),
        }
        if block != "today" {
            case.end = close + 1;
        }
        at = close + 1;
    }
    cases
}

/// A block's name in lower case, as the JSON output has it.
fn label(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_string()
}

/// The pieces of `text` that stand between double quotation marks; all of it where it has none.
fn between_marks(text: &str) -> String {
    let text = text.replace("''", "\"").replace("``", "\"");
    let pieces: Vec<&str> = text.split(['"', '“', '”', '„', '«', '»']).collect();
    match pieces[..] {
        [whole] => whole.into(),
        _ => pieces.iter().skip(1).step_by(2).map(|p| p.trim()).collect::<Vec<_>>().join(" … "),
    }
}

/// The words of a quote in one line.
fn words(text: &str, quote: &Quote, ask: Ask) -> String {
    let parts = quote.content.iter().map(|span| span.of(text).replace("\n\n", " "));
    let cut = |part: String| match ask {
        Ask::Marked if quote.kind == QuoteKind::Mixed => between_marks(&part),
        _ => part,
    };
    parts.map(cut).collect::<Vec<_>>().join(" … ")
}

/// One row of the answer about quotes.
fn quote_row(text: &str, quote: &Quote, ask: Ask) -> String {
    let speaker = quote.speaker.as_ref().map_or("null", |speaker| &speaker.name);
    let (kind, rule) = (label(&quote.kind), &quote.rule);
    format!("{speaker} | {} | {kind} | {rule}", words(text, quote, ask))
}

/// One row of the answer about entities.
fn entity_row(entity: &Entity) -> String {
    let kind: EntityKind = entity.kind;
    format!("{} | {} | {}", label(&kind), entity.name, entity.role.as_deref().unwrap_or("null"))
}

/// What the program answers.
fn answer(text: &str, annotation: &Annotation, ask: Ask) -> Vec<String> {
    let asked = |q: &&Quote| ask == Ask::Quotes || q.kind != QuoteKind::Indirect;
    match ask {
        Ask::Entities => annotation.entities.iter().map(entity_row).collect(),
        _ => annotation.quotes.iter().filter(asked).map(|q| quote_row(text, q, ask)).collect(),
    }
}

/// Whether a row is as expected in every field that is given.
fn fits(expected: &str, actual: &str) -> bool {
    let (expected, mut actual) = (expected.split(" | "), actual.split(" | "));
    expected.into_iter().all(|field| actual.next().is_some_and(|got| got.trim() == field.trim()))
}

fn all_fit(expected: &[String], actual: &[String]) -> bool {
    expected.len() == actual.len() && expected.iter().zip(actual).all(|(e, a)| fits(e, a))
}

/// The first expectation that is not met, and the answer it got instead.
fn failure(case: &Case) -> Option<(&Expectation, Vec<String>)> {
    let article = article_of_text(&case.name, &case.article);
    let annotation = annotate(&article);
    case.expected.iter().find_map(|expectation| {
        let actual = answer(&article.text, &annotation, expectation.ask);
        (!all_fit(&expectation.rows, &actual)).then_some((expectation, actual))
    })
}

/// Says what is wrong with a case, if anything.
fn complaint(case: &Case) -> Option<String> {
    let (wanted, got) = match (failure(case), &case.today) {
        (None, None) => return None,
        (None, Some(_)) => return Some("right now: its `today` block can go".into()),
        (Some((_, got)), Some(today)) if *today == got => return None,
        (Some((_, got)), Some(today)) => (today.as_slice(), got),
        (Some((expectation, got)), None) => (expectation.rows.as_slice(), got),
    };
    let mut diff = String::new();
    for row in wanted.iter().filter(|row| !got.iter().any(|g| fits(row, g))) {
        writeln!(diff, "    - {row}").unwrap();
    }
    for row in got.iter().filter(|row| !wanted.iter().any(|w| fits(w, row))) {
        writeln!(diff, "    + {row}").unwrap();
    }
    Some(if diff.is_empty() { "    another order\n".into() } else { diff })
}

/// The file with the `today` blocks as the program answers now.
fn blessed(text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    for case in parse(text).iter().rev() {
        let block = failure(case)
            .map(|(_, got)| [vec!["```today".to_string()], got, vec!["```".to_string()]].concat());
        match (block, &case.today) {
            (None, None) => {}
            (Some(block), Some(_)) => drop(lines.splice(case.today_lines.clone(), block)),
            (Some(mut block), None) => {
                block.insert(0, "TODO: not as a careful reader has it.".into());
                drop(lines.splice(case.end..case.end, block));
            }
            (None, Some(_)) => drop(lines.drain(case.end..case.today_lines.end)),
        }
    }
    lines.join("\n") + "\n"
}

fn golden_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn golden_cases_come_out_as_written() {
    let (mut complaints, mut cases, mut known_wrong) = (String::new(), 0, 0);
    for file in golden_files() {
        let text = fs::read_to_string(&file).unwrap();
        if std::env::var_os("WHOSAID_BLESS").is_some() {
            fs::write(&file, blessed(&text)).unwrap();
            continue;
        }
        for case in parse(&text) {
            cases += 1;
            known_wrong += usize::from(case.today.is_some());
            if let Some(complaint) = complaint(&case) {
                let file = file.file_name().unwrap().to_string_lossy();
                writeln!(complaints, "{file}: {}\n{complaint}", case.name).unwrap();
            }
        }
    }
    eprintln!("{cases} golden cases, {known_wrong} of them known to come out wrong");
    assert!(complaints.is_empty(), "- as written, + as it comes out\n\n{complaints}");
}

#[test]
fn a_case_that_comes_out_wrong_is_noticed() {
    let text =
        "# Made up\n```article\nNothing is said here.\n```\n```quotes\nA | b | direct\n```\n";
    let cases = parse(text);
    assert!(complaint(&cases[0]).unwrap().contains("- A | b | direct"));
    let now = blessed(text);
    assert!(now.contains("TODO") && complaint(&parse(&now)[0]).is_none());
}
