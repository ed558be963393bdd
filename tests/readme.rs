//! The README's examples: every `console` block is run from a fresh folder that holds data/articles,
//! block after block, and must print what the page says, to the letter.
//!
//! In a page, `[..]` stands for the rest of a line (times differ), a line `…` for any number of lines.
//! `WHOSAID_BLESS=1 cargo test readme` writes the answers that differ into the page.
//!
//! Not for: every flag and error (`cli`).

use std::fs;
use std::path::Path;
use std::process::Command;

use walkdir::WalkDir;

/// One command of a page and the lines it is said to print.
struct Example<'a> {
    command: &'a str,
    output: Vec<&'a str>,
    /// Where the output stands, in lines of the page.
    lines: std::ops::Range<usize>,
}

fn examples(page: &str) -> Vec<Example<'_>> {
    let (mut found, mut inside) = (Vec::<Example>::new(), false);
    for (number, line) in page.lines().enumerate() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if inside && let Some(command) = line.strip_prefix("$ ") {
            found.push(Example { command, output: Vec::new(), lines: number + 1..number + 1 });
        } else if inside {
            let example = found.last_mut().expect("a console block opens with a command");
            example.output.push(line);
            example.lines.end = number + 1;
        }
    }
    found
}

/// The words of a command line; both kinds of quotation marks hold words together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut open) = (vec![String::new()], None);
    for c in line.chars() {
        match (c, open) {
            ('"' | '\'', None) => open = Some(c),
            (c, Some(mark)) if c == mark => open = None,
            (' ', None) => words.push(String::new()),
            _ => words.last_mut().unwrap().push(c),
        }
    }
    words
}

/// Runs a command and gives what a terminal would show, results before remarks.
fn run(command: &str, folder: &Path) -> Vec<String> {
    let words = words(command);
    assert_eq!(words[0], "whosaid", "{command}");
    let output = Command::new(env!("CARGO_BIN_EXE_whosaid"))
        .args(&words[1..])
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8(text).unwrap().lines().map(|line| line.trim_end().to_string()).collect()
}

fn line_fits(expected: &str, actual: &str) -> bool {
    match expected.split_once("[..]") {
        Some((start, "")) => actual.starts_with(start),
        _ => expected == actual,
    }
}

fn fits(expected: &[&str], actual: &[String]) -> bool {
    match (expected, actual) {
        ([], []) => true,
        (["…", rest @ ..], _) => (0..=actual.len()).any(|skip| fits(rest, &actual[skip..])),
        ([line, expected @ ..], [got, actual @ ..]) => {
            line_fits(line, got) && fits(expected, actual)
        }
        _ => false,
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in WalkDir::new(from).into_iter().map(Result::unwrap) {
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        match entry.file_type().is_dir() {
            true => fs::create_dir_all(target).unwrap(),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

#[test]
fn readme_examples_print_what_the_page_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    copy(&root.join("data/articles"), &folder.path().join("data/articles"));
    let page = fs::read_to_string(root.join("README.md")).unwrap();
    let examples = examples(&page);
    let mut lines: Vec<String> = page.lines().map(str::to_string).collect();
    let mut wrong = Vec::new();
    let answers: Vec<_> = examples.iter().map(|e| run(e.command, folder.path())).collect();
    for (example, answer) in examples.iter().zip(answers).rev() {
        if !fits(&example.output, &answer) {
            wrong.push(format!("$ {}\n{}", example.command, answer.join("\n")));
            let kept =
                |line| example.output.iter().find(|e| e.contains("[..]") && line_fits(e, line));
            let page = answer.iter().map(|line| kept(line).map_or(line.clone(), |e| e.to_string()));
            lines.splice(example.lines.clone(), page);
        }
    }
    if std::env::var_os("WHOSAID_BLESS").is_some() {
        fs::write(root.join("README.md"), lines.join("\n") + "\n").unwrap();
        return;
    }
    assert!(!examples.is_empty());
    assert!(wrong.is_empty(), "these print something else:\n\n{}", wrong.join("\n\n"));
}

#[test]
fn an_example_that_prints_something_else_is_noticed() {
    let printed = |lines: &[&str]| lines.iter().map(|l| l.to_string()).collect::<Vec<_>>();
    assert!(fits(&["a", "…", "took [..]"], &printed(&["a", "b", "c", "took 3 s"])));
    assert!(!fits(&["a"], &printed(&["b"])) && !fits(&["a"], &printed(&["a", "b"])));
    assert_eq!(words("whosaid query \"as is\" 'x'"), ["whosaid", "query", "as is", "x"]);
}
