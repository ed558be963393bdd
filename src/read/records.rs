//! One file cut into records, with memory bounded by the largest record and not by the file.

use std::io::Read;
use std::sync::Arc;

use memchr::{memchr, memchr_iter};

use super::input::{ContentHash, HEAD, Input, changed_problem, io_problem};
use super::scan::Scanner;
use super::sniff::{Contents, sniff};
use super::{Format, RawRecord, ReadOptions, Source, display_name};
use crate::report::{Problem, ProblemKind};

/// How many elements that are no objects are reported before an array is given up.
const MAX_STRAY: u64 = 100;

/// Deeper than any real document, and than the parser goes.
const MAX_DEPTH: usize = 120;

/// How much is read at a time from a large file.
const CHUNK: usize = 4 * HEAD;

/// Streams the records of one file; problems are items, and the stream goes on where it can.
pub fn records(source: impl Into<Arc<Source>>, options: &ReadOptions) -> Records {
    let source = source.into();
    let max = options.max_file_size as usize;
    let (cutter, hash) = match Input::open(&source) {
        Err(problem) => (Cutter::Failed(Some(problem)), None),
        Ok(input) => {
            let hash = Some(input.hash.clone());
            (Cutter::new(source.clone(), input, max), hash)
        }
    };
    Records { source, cutter, hash, ended: false }
}

/// The iterator behind [`records`].
pub struct Records {
    source: Arc<Source>,
    cutter: Cutter,
    hash: Option<ContentHash>,
    ended: bool,
}

impl Records {
    /// The hash of the file's bytes as they are on disk, once all records have been taken and
    /// the file could be read to its end.
    pub fn content_hash(&self) -> Option<u128> {
        self.hash.as_ref().and_then(ContentHash::whole)
    }
}

impl Iterator for Records {
    type Item = Result<RawRecord, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = match &mut self.cutter {
            Cutter::Failed(problem) => problem.take().map(Err),
            Cutter::One(one) => one.take().map(One::read),
            Cutter::Lines(lines) => lines.next(),
            Cutter::Values(values) => values.next(),
        };
        let ends = item.is_none() && !std::mem::replace(&mut self.ended, item.is_none());
        let torn = ends && self.hash.as_ref().is_some_and(ContentHash::changed);
        if torn { Some(Err(changed_problem(&self.source))) } else { item }
    }
}

/// The ways to cut a file up.
enum Cutter {
    Failed(Option<Problem>),
    One(Option<One>),
    Lines(Lines),
    Values(Values),
}

impl Cutter {
    fn new(source: Arc<Source>, input: Input, max: usize) -> Cutter {
        let whole = input.head.len() < HEAD;
        let contents = sniff(&source.name, &input.head, whole);
        let window = Window::new(source, input, max);
        let fail = |kind, reason: &str| {
            Cutter::Failed(Some(window.problem(None, kind, reason.to_string())))
        };
        match contents {
            Contents::Empty if window.source.size == 0 => {
                fail(ProblemKind::NoText, "an empty file")
            }
            Contents::Empty => fail(ProblemKind::NoText, "nothing but white space"),
            Contents::Other(what) => fail(ProblemKind::NotText, what),
            Contents::One(format) => Cutter::One(Some(One { window, format })),
            Contents::Lines => Cutter::Lines(Lines { window, number: 0 }),
            Contents::Values { at, depth } => Cutter::Values(Values::new(window, at, depth)),
        }
    }
}

/// The part of a file that is in memory.
struct Window {
    source: Arc<Source>,
    rest: Box<dyn Read + Send>,
    bytes: Vec<u8>,
    /// What stands before was handed out.
    start: usize,
    /// Line of `start`, from 1.
    line: u64,
    ended: bool,
    error: Option<Problem>,
    max: usize,
}

impl Window {
    fn new(source: Arc<Source>, input: Input, max: usize) -> Window {
        let Input { head: bytes, rest, .. } = input;
        Window { source, rest, bytes, start: 0, line: 1, ended: false, error: None, max }
    }

    /// Reads more, at least one byte unless the file has ended.
    fn fill(&mut self) {
        self.bytes.drain(..self.start);
        self.start = 0;
        if self.bytes.capacity() > 16 * CHUNK && self.bytes.len() < CHUNK {
            self.bytes.shrink_to(2 * CHUNK);
        }
        let before = self.bytes.len();
        let read = (&mut self.rest).take(CHUNK as u64).read_to_end(&mut self.bytes);
        if let Err(error) = read {
            self.error = Some(io_problem(&self.source, &error));
        }
        self.ended = self.error.is_some() || self.bytes.len() == before;
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    /// Passes over `n` bytes, counting lines.
    fn pass(&mut self, n: usize) {
        self.line += memchr_iter(b'\n', &self.bytes[self.start..self.start + n]).count() as u64;
        self.start += n;
    }

    /// Hands out `n` bytes as a record.
    fn take(&mut self, n: usize, number: Option<u64>) -> RawRecord {
        let bytes = self.bytes[self.start..self.start + n].to_vec();
        let record = RawRecord {
            source: self.source.clone(),
            number,
            line: self.line,
            format: Format::Json,
            bytes,
        };
        self.pass(n);
        record
    }

    fn problem(&self, line: Option<u64>, kind: ProblemKind, reason: String) -> Problem {
        let place = line.map(|line| format!("line {line}"));
        Problem { path: display_name(&self.source.path), place, kind, reason }
    }

    fn too_large(&self, line: Option<u64>) -> Problem {
        let reason = format!("larger than the limit of {} bytes for one article", self.max);
        self.problem(line, ProblemKind::TooLarge, reason)
    }

    /// The error that ended the file, told once.
    fn take_error(&mut self) -> Option<Problem> {
        let line = self.line;
        self.error.take().map(|mut problem| {
            problem.place = Some(format!("line {line}"));
            problem
        })
    }

    /// Reads to the end, for the hash, and forgets it.
    fn drain(&mut self) {
        while !self.ended {
            self.start = self.bytes.len();
            self.fill();
        }
        self.start = self.bytes.len();
    }
}

/// A file that is one article.
struct One {
    window: Window,
    format: Format,
}

impl One {
    fn read(self) -> Result<RawRecord, Problem> {
        let One { mut window, format } = self;
        while !window.ended && window.bytes.len() <= window.max {
            let size = (window.source.size as usize).min(window.max);
            window.bytes.reserve((size + 1).saturating_sub(window.bytes.len()));
            window.fill();
        }
        if let Some(problem) = window.error {
            return Err(problem);
        }
        if window.bytes.len() > window.max {
            return Err(window.too_large(None));
        }
        Ok(RawRecord { source: window.source, number: None, line: 1, format, bytes: window.bytes })
    }
}

/// One object a line.
struct Lines {
    window: Window,
    number: u64,
}

impl Lines {
    fn next(&mut self) -> Option<Result<RawRecord, Problem>> {
        let mut scanned = 0;
        loop {
            let window = &mut self.window;
            let found = memchr(b'\n', &window.rest()[scanned..]).map(|i| scanned + i);
            scanned = window.rest().len();
            let length = match found {
                Some(end) => end,
                None if scanned > window.max => return Some(Err(self.skip_line())),
                None if !window.ended => {
                    window.fill();
                    continue;
                }
                None if window.error.is_some() => {
                    window.start = window.bytes.len();
                    return window.take_error().map(Err);
                }
                None if scanned == 0 => return None,
                None => scanned,
            };
            let step = length + usize::from(found.is_some());
            if window.rest()[..length].trim_ascii().is_empty() {
                window.pass(step);
                scanned = 0;
                continue;
            }
            self.number += 1;
            if length > window.max {
                let problem = window.too_large(Some(window.line));
                window.pass(step);
                return Some(Err(problem));
            }
            let record = window.take(length, Some(self.number));
            window.pass(step - length);
            return Some(Ok(record));
        }
    }

    /// Passes over a line that is too long, without keeping it.
    fn skip_line(&mut self) -> Problem {
        self.number += 1;
        let problem = self.window.too_large(Some(self.window.line));
        loop {
            if let Some(end) = memchr(b'\n', self.window.rest()) {
                self.window.pass(end + 1);
                return problem;
            }
            self.window.start = self.window.bytes.len();
            if self.window.ended {
                return problem;
            }
            self.window.fill();
        }
    }
}

/// Objects one after the other, or in an array.
struct Values {
    window: Window,
    /// Whether they stand in an array, whose end is the end.
    listed: bool,
    /// Whether the array is all there may be in the file.
    outermost: bool,
    number: u64,
    stray: u64,
    done: bool,
}

impl Values {
    fn new(mut window: Window, at: usize, depth: usize) -> Values {
        window.pass(at);
        let (listed, outermost) = (depth > 0, depth <= 1);
        Values { window, listed, outermost, number: 0, stray: 0, done: false }
    }

    fn next(&mut self) -> Option<Result<RawRecord, Problem>> {
        if self.done {
            return None;
        }
        let item = match self.seek() {
            None => self.at_end().map(Err),
            Some(b'{' | b'[') => Some(self.value()),
            Some(b']') if self.listed => {
                self.window.pass(1);
                self.after_list().map(Err)
            }
            Some(_) => Some(Err(self.stray())),
        };
        self.done |= item.is_none();
        item
    }

    /// The first byte that is neither space nor a comma.
    fn seek(&mut self) -> Option<u8> {
        loop {
            let rest = self.window.rest();
            let gap = |b: &u8| !b.is_ascii_whitespace() && *b != b',';
            if let Some(i) = rest.iter().position(gap) {
                let byte = rest[i];
                self.window.pass(i);
                return Some(byte);
            }
            self.window.pass(self.window.rest().len());
            if self.window.ended {
                return None;
            }
            self.window.fill();
        }
    }

    /// The file has ended between two values.
    fn at_end(&mut self) -> Option<Problem> {
        self.done = true;
        let line = Some(self.window.line);
        match self.window.take_error() {
            Some(problem) => Some(problem),
            None if self.listed => {
                let reason = "cut short: the array is not closed".to_string();
                Some(self.window.problem(line, ProblemKind::Malformed, reason))
            }
            None => None,
        }
    }

    /// The array is closed: nothing may follow, unless it stood inside an object.
    fn after_list(&mut self) -> Option<Problem> {
        self.done = true;
        let more = self.outermost && self.seek().is_some();
        let line = Some(self.window.line);
        self.window.drain();
        if let Some(problem) = self.window.take_error() {
            return Some(problem);
        }
        let reason = "something follows the end of the array".to_string();
        more.then(|| self.window.problem(line, ProblemKind::Malformed, reason))
    }

    /// A value that starts here with a bracket.
    fn value(&mut self) -> Result<RawRecord, Problem> {
        self.number += 1;
        let is_object = self.window.rest()[0] == b'{';
        let line = Some(self.window.line);
        let mut scanner = Scanner::default();
        let (mut scanned, mut dropped) = (0, false);
        let length = loop {
            if let Some(n) = scanner.close(&self.window.rest()[scanned..]) {
                break scanned + n;
            }
            scanned = self.window.rest().len();
            if scanned > self.window.max || dropped || scanner.deepest > MAX_DEPTH {
                dropped = true;
                self.window.pass(scanned);
                scanned = 0;
            }
            if self.window.ended {
                self.done = true;
                return Err(self.cut_short(line, &scanner));
            }
            self.window.fill();
        };
        let refused = match () {
            () if scanner.deepest > MAX_DEPTH => Some(self.too_deep(line, &scanner)),
            () if dropped || length > self.window.max => Some(self.window.too_large(line)),
            () if !is_object => {
                let reason = "an array stands where an article is expected".to_string();
                Some(self.window.problem(line, ProblemKind::NoText, reason))
            }
            () => None,
        };
        if let Some(problem) = refused {
            self.window.pass(length);
            return Err(problem);
        }
        let mut record = self.window.take(length, Some(self.number));
        if self.number == 1 && !self.listed && self.seek().is_none() {
            record.number = None;
        }
        Ok(record)
    }

    fn too_deep(&self, line: Option<u64>, scanner: &Scanner) -> Problem {
        let reason = format!("nested {} deep", scanner.deepest);
        self.window.problem(line, ProblemKind::TooDeep, reason)
    }

    fn cut_short(&mut self, line: Option<u64>, scanner: &Scanner) -> Problem {
        if let Some(problem) = self.window.take_error() {
            return problem;
        }
        if scanner.deepest > MAX_DEPTH {
            return self.too_deep(line, scanner);
        }
        let reason = "cut short: the object that starts here is not closed".to_string();
        self.window.problem(line, ProblemKind::Malformed, reason)
    }

    /// Something that is no object: passed over up to the next comma, bracket or line end.
    fn stray(&mut self) -> Problem {
        self.number += 1;
        self.stray += 1;
        let line = Some(self.window.line);
        let what = match self.window.rest()[0] {
            b'"' => "a string",
            b'0'..=b'9' | b'-' => "a number",
            b't' | b'f' | b'n' => "a bare word",
            _ => "something that is not JSON",
        };
        self.pass_stray();
        let mut reason = format!("{what} stands where an article is expected");
        if self.stray == MAX_STRAY || !self.listed {
            self.done = true;
            self.window.drain();
            reason.push_str("; the rest of the file was not read");
        }
        self.window.problem(line, ProblemKind::Malformed, reason)
    }

    fn pass_stray(&mut self) {
        let mut in_string = self.window.rest()[0] == b'"';
        self.window.pass(1);
        loop {
            let stop = |b: &u8| match in_string {
                true => *b == b'"',
                false => matches!(b, b',' | b']' | b'{' | b'[' | b'\n'),
            };
            match self.window.rest().iter().position(stop) {
                Some(i) if in_string => {
                    self.window.pass(i + 1);
                    in_string = false;
                }
                Some(i) => return self.window.pass(i),
                None => self.window.pass(self.window.rest().len()),
            }
            if self.window.rest().is_empty() {
                if self.window.ended {
                    return;
                }
                self.window.fill();
            }
        }
    }
}
