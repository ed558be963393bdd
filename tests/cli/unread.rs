//! Files that cannot be read, or not all of them: each is told and counted, and the rest is read.
#![cfg(target_os = "linux")]

use std::fs::{self, Permissions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use super::helpers::{Ran, Work, article};

/// Runs the program as somebody whom the modes of files bind. Root is bound in a name space where it
/// is nobody; nothing where the system does not let us make one.
fn bound(work: &Work, closed: &str, args: &[&str]) -> Option<Ran> {
    if fs::read(work.path(closed)).is_err() {
        return Some(work.run(args));
    }
    let probe = Command::new("unshare")
        .args(["-U", "cat", "/dev/null"])
        .arg(work.path(closed))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output();
    match probe {
        Ok(ran) if String::from_utf8_lossy(&ran.stderr).contains("Permission denied") => {
            Some(work.run_in("unshare", &["-U"], args))
        }
        _ => {
            println!("not checked: this system binds root by no mode of a file");
            None
        }
    }
}

#[test]
fn files_and_folders_without_permission_are_told_and_the_rest_is_read() {
    let work = Work::with_news(3);
    work.run(&["index", "news", "--index", "open"]).ends(0);
    work.write("news/closed.txt", &article(7));
    work.write("news/shut/in.txt", &article(8));
    let mode = |name: &str, mode| {
        fs::set_permissions(work.path(name), Permissions::from_mode(mode)).unwrap();
    };
    mode("news/closed.txt", 0o000);
    mode("news/shut", 0o000);
    let ran = bound(&work, "news/closed.txt", &["index", "news"]);
    mode("news/shut", 0o755);
    mode("news/closed.txt", 0o644);
    let Some(ran) = ran else { return };
    let ran = ran.ends(2);
    for name in ["closed.txt", "shut"] {
        let told = format!("skipped news/{name}: no permission to read it");
        assert!(ran.err.contains(&told), "{told}: {}", ran.err);
    }
    assert_eq!(work.dump("index").unwrap(), work.dump("open").unwrap());
    // Once they may be read, they are.
    let ran = work.run(&["index"]).ends(0);
    assert!(ran.err.contains("articles   2 indexed"), "{}", ran.err);
}

#[test]
fn a_line_of_100_mb_that_is_no_article_costs_only_itself() {
    let work = Work::with_news(2);
    let path = work.path("news/long.jsonl");
    let line = |number: usize| serde_json::json!({"text": article(number)}).to_string();
    let mut file = BufWriter::new(fs::File::create(path).unwrap());
    writeln!(file, "{}", line(50)).unwrap();
    file.write_all(b"{\"text\": \"").unwrap();
    for _ in 0..100 {
        file.write_all(&[b'x'; 1 << 20]).unwrap();
    }
    writeln!(file, "\n{}", line(51)).unwrap();
    file.into_inner().unwrap();
    let ran = work.run(&["index", "news"]).ends(2);
    assert!(ran.err.contains("long.jsonl: line 2, column"), "{}", ran.err);
    for number in [50, 51] {
        let weeks = format!("\"{number} weeks\"");
        work.run(&["query", &weeks]).ends(0);
    }
}

/// Every kind of file that is none, or no article: what is said of it. Nothing: it is read.
const ODD: [(&str, Option<&str>); 18] = [
    ("bomb.txt.gz", Some("too-large: a compression bomb")),
    ("broken.txt", Some("not-a-file: a broken link: what it points to does not exist")),
    ("circle.txt", Some("not-a-file: a broken link: Too many levels of symbolic links")),
    ("cut.json", Some("malformed: line 1: cut short")),
    ("cut.txt.gz", Some("malformed: the compressed file is cut short")),
    ("cut.txt.zst", Some("malformed: the compressed file is cut short")),
    ("deep.html", None),
    ("deep.json", Some("too-deep: line 1: nested 99999 deep")),
    ("empty.txt", Some("no-text: an empty file")),
    ("marks.txt", None),
    ("noise.txt", Some("not-text: not text: it is full of control characters")),
    ("null.txt", Some("not-a-file: a device, not a file")),
    ("nuls.txt", None),
    ("pipe.txt", Some("not-a-file: a named pipe, not a file")),
    ("sub/back", Some("not-a-file: a link that leads back to news")),
    ("sub/b\\xffd\\x0a.txt", None),
    ("sub/esc\\x1b[31m.txt", Some("no-text: an empty file")),
    ("zero.txt", Some("not-a-file: a device, not a file")),
];

/// Makes them all in `news`.
fn make_odd(work: &Work) {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let plain = article(50);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(plain.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    (0..100).for_each(|_| bomb.write_all(&[b'x'; 1 << 20]).unwrap());
    let zstd = zstd::encode_all(plain.as_bytes(), 1).unwrap();
    let deep =
        format!("<html><body>{}<p>{}</p>", "<div>".repeat(100_000), plain.replace('\n', " "));
    let (marks, nuls) = ("“".repeat(1_000_000), plain.replacen(' ', "\0 ", 3));
    let files: [(&str, &[u8]); 10] = [
        ("bomb.txt.gz", &bomb.finish().unwrap()),
        ("cut.json", br#"{"text": "It was"#),
        ("cut.txt.gz", &gzip[..gzip.len() - 9]),
        ("cut.txt.zst", &zstd[..zstd.len() - 9]),
        ("deep.html", deep.as_bytes()),
        ("deep.json", &[b'['; 100_000]),
        ("empty.txt", b""),
        ("marks.txt", marks.as_bytes()),
        ("noise.txt", &[1; 1000]),
        ("nuls.txt", nuls.as_bytes()),
    ];
    for (name, bytes) in files {
        fs::write(work.path("news").join(name), bytes).unwrap();
    }
    fs::create_dir(work.path("news/sub")).unwrap();
    let sub = |name: &[u8]| work.path("news/sub").join(OsStr::from_bytes(name));
    fs::write(sub(b"b\xffd\n.txt"), &plain).unwrap();
    fs::write(sub(b"esc\x1b[31m.txt"), "").unwrap();
    for (target, link) in [
        ("nowhere", "broken.txt"),
        ("circle.txt", "circle.txt"),
        ("/dev/null", "null.txt"),
        ("/dev/zero", "zero.txt"),
        ("..", "sub/back"),
    ] {
        symlink(target, work.path("news").join(link)).unwrap();
    }
    let made = Command::new("mkfifo").arg(work.path("news/pipe.txt")).status().unwrap();
    assert!(made.success());
}

#[test]
fn every_odd_file_is_told_with_path_and_reason_and_the_rest_is_read() {
    let work = Work::with_news(3);
    work.run(&["index", "news", "--index", "plain"]).ends(0);
    make_odd(&work);
    let ran = work.run(&["index", "news", "--errors", "errors.jsonl"]).ends(2);
    let told = fs::read_to_string(work.path("errors.jsonl")).unwrap();
    let mut told: Vec<(String, String)> = told
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
            let place = Some(text("place")).filter(|place| !place.is_empty());
            let place = place.map_or(String::new(), |place| format!("{place}: "));
            (text("path"), format!("{}: {place}{}", text("kind"), text("reason")))
        })
        .collect();
    told.sort();
    let expected = ODD.iter().filter_map(|(name, said)| Some((format!("news/{name}"), (*said)?)));
    let expected: Vec<_> = expected.collect();
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for ((path, said), (expected, start)) in told.iter().zip(&expected) {
        assert!(path == expected && said.starts_with(start), "{path}: {said}");
        let (_, said) = said.split_once(": ").unwrap();
        assert!(ran.err.contains(&format!("skipped {path}: {said}\n")), "{path}: {}", ran.err);
    }
    let counted = format!("skipped    {}: 6 not a file", expected.len());
    assert!(ran.err.contains(&counted), "{}", ran.err);
    assert!(!ran.err.contains(|c: char| c.is_control() && c != '\n'), "{:?}", ran.err);
    // The rest is unharmed, and what was odd but an article is there.
    for (name, _) in ODD.iter().filter(|(_, said)| said.is_none()) {
        work.run(&["show", name]).ends(0);
    }
    assert!(ran.err.contains("articles   8 indexed"), "{}", ran.err);
    work.run(&["query", "worth"]).ends(0);
    work.run(&["verify"]).ends(0);
}

#[test]
fn standard_input_that_cannot_be_read_is_told_once() {
    let work = Work::empty();
    let mut command = work.command(&["extract"]);
    command.stdin(fs::File::open(work.path("")).unwrap());
    let ran = Ran::new(command.output().unwrap()).ends(2);
    assert_eq!(ran.err.matches("Is a directory").count(), 1, "{}", ran.err);
}
