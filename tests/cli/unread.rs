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
