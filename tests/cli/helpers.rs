//! An archive of invented articles, and ways to run the program on it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;
use whosaid::annotate::fingerprint;
use whosaid::index::Index;

const PEOPLE: [&str; 6] =
    ["Maria Lopez", "Tom Becker", "Aisha Khan", "Peter Novak", "Lucy Chen", "Omar Haddad"];
const TOPICS: [&str; 5] = ["bridge", "harbour", "school", "festival", "tram line"];

/// A folder to work in, with an archive in it; it goes when it is dropped.
pub struct Work {
    dir: TempDir,
}

impl Work {
    /// An empty folder.
    pub fn empty() -> Self {
        Work { dir: TempDir::new().unwrap() }
    }

    /// A folder with `files` text files and one container file in `news`.
    pub fn with_news(files: usize) -> Self {
        let work = Work::empty();
        for number in 0..files {
            work.write(&format!("news/{}/{number}.txt", number % 3), &article(number));
        }
        let lines: String = (0..files / 4 + 1)
            .map(|number| {
                let text = article(number * 2).replace('\n', "\\n").replace('"', "\\\"");
                format!("{{\"title\": \"Number {number}\", \"text\": \"{text}\"}}\n")
            })
            .collect();
        work.write("news/all.jsonl", &lines);
        work
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file, with the folders above it.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The program, to be run in the folder.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_whosaid"));
        command.args(args).current_dir(self.dir.path());
        command.env_remove("WHOSAID_INDEX").env_remove("COLUMNS").env("NO_COLOR", "1");
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::new(self.command(args).output().unwrap())
    }

    /// Runs another program in the folder, with ours behind its own arguments, and `args` behind that.
    pub fn run_in(&self, outer: &str, before: &[&str], args: &[&str]) -> Ran {
        let mut command = Command::new(outer);
        command.args(before).arg(env!("CARGO_BIN_EXE_whosaid")).args(args);
        command.current_dir(self.dir.path()).env_remove("WHOSAID_INDEX").env("NO_COLOR", "1");
        Ran::new(command.output().unwrap())
    }

    /// Runs the program with something on standard input.
    pub fn run_with(&self, args: &[&str], input: &str) -> Ran {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Ran::new(child.wait_with_output().unwrap())
    }

    /// What an index holds, line by line; `None` where there is none.
    pub fn dump(&self, index: &str) -> Option<Vec<String>> {
        let dir = self.path(index);
        dir.join("current.json").exists().then(|| dump(&dir))
    }
}

/// What an index holds, line by line.
pub fn dump(dir: &Path) -> Vec<String> {
    Index::open(dir, &fingerprint()).unwrap().dump().unwrap()
}

/// What a run printed and how it ended.
#[derive(Debug)]
pub struct Ran {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// What a process left.
    pub fn new(output: Output) -> Self {
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The run, which must have ended so.
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "out: {}\nerr: {}", self.out, self.err);
        self
    }
}

/// An article unlike all others, but with a paragraph that many share.
pub fn article(number: usize) -> String {
    let (who, topic) = (PEOPLE[number % PEOPLE.len()], TOPICS[number % TOPICS.len()]);
    let surname = who.rsplit(' ').next().unwrap();
    format!(
        "The {topic} opens in {number} days\n\n\
         The {topic} will open after {number} days of work, the council said on Tuesday.\n\n\
         \"We have waited {number} weeks for the {topic},\" said {who}, the mayor of Ellmouth. \
         \"It was worth it.\"\n\n\
         Visitors are asked to leave their cars at home and come by train.\n\n\
         {surname} said the next {topic} would cost {number} million pounds.\n\n\
         \"Nobody will have to pay for it,\" {surname} told reporters.\n"
    )
}

/// Sends a signal to a process.
#[cfg(target_os = "linux")]
pub fn signal(name: &str, id: u32) {
    let sent = Command::new("kill").args([name, &id.to_string()]).status().unwrap();
    assert!(sent.success());
}
