//! Which files there are to read. Opens none of them, and judges none by its name.

use std::collections::HashSet;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use walkdir::{DirEntry, WalkDir};

use super::Source;
use crate::report::{Problem, ProblemKind};

/// Why a file or a folder that belongs to somebody else is not read.
pub const NO_PERMISSION: &str = "no permission to read it";

/// The files under `paths`, sorted by name inside every folder, and what could not be used.
///
/// A path may be a folder or a file. Hidden files and folders are passed over. Links are followed,
/// each target once, and a link to what is read under its own name anyway is not read again; broken
/// links and loops are problems, and so is everything that is neither a file nor a folder.
pub fn walk(paths: &[PathBuf]) -> Walk {
    let folders = paths.iter().filter(|path| path.is_dir());
    let links = Links {
        roots: folders.filter_map(|path| path.canonicalize().ok()).collect(),
        followed: HashSet::new(),
    };
    Walk { paths: Vec::from(paths).into_iter(), current: None, links, skip: HashSet::new() }
}

impl Walk {
    /// Passes these folders over: the index itself may lie inside the archive.
    pub fn skipping(mut self, folders: &[PathBuf]) -> Self {
        self.skip.extend(folders.iter().filter_map(|path| path.canonicalize().ok()));
        self
    }
}

/// The iterator behind [`walk`].
pub struct Walk {
    paths: std::vec::IntoIter<PathBuf>,
    current: Option<(Arc<Path>, walkdir::IntoIter)>,
    links: Links,
    skip: HashSet<PathBuf>,
}

impl Iterator for Walk {
    type Item = Result<Source, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some((root, entries)) = &mut self.current else {
                let root: Arc<Path> = self.paths.next()?.into();
                let entries = WalkDir::new(&root).follow_links(true).sort_by_file_name();
                self.current = Some((root, entries.into_iter()));
                continue;
            };
            match entries.next() {
                None => self.current = None,
                Some(Err(error)) => return Some(Err(walk_problem(root, &error))),
                Some(Ok(entry)) => {
                    let is_dir = entry.file_type().is_dir();
                    let given = entry.depth() == 0;
                    let unwanted = !given
                        && (is_hidden(&entry)
                            || self.links.is_known(&entry)
                            || is_skipped(&entry, &self.skip));
                    match (is_dir, unwanted) {
                        (true, true) => entries.skip_current_dir(),
                        (false, false) => return Some(source(root, &entry)),
                        _ => {}
                    }
                }
            }
        }
    }
}

/// What links lead to, so that nothing is read twice.
struct Links {
    roots: Vec<PathBuf>,
    followed: HashSet<PathBuf>,
}

impl Links {
    /// Whether the entry is a link to something that is read anyway.
    fn is_known(&mut self, entry: &DirEntry) -> bool {
        if !entry.path_is_symlink() {
            return false;
        }
        let Ok(target) = entry.path().canonicalize() else { return false };
        self.roots.iter().any(|root| target.starts_with(root)) || !self.followed.insert(target)
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    let name = entry.file_name().as_encoded_bytes();
    name.starts_with(b".") || matches!(name, b"Thumbs.db" | b"desktop.ini" | b"__MACOSX")
}

fn is_skipped(entry: &DirEntry, skip: &HashSet<PathBuf>) -> bool {
    !skip.is_empty()
        && entry.file_type().is_dir()
        && entry.path().canonicalize().is_ok_and(|path| skip.contains(&path))
}

fn source(root: &Arc<Path>, entry: &DirEntry) -> Result<Source, Problem> {
    let path = entry.path();
    let meta = entry.metadata().map_err(|error| walk_problem(root, &error))?;
    if !meta.is_file() {
        return Err(problem(path, ProblemKind::NotAFile, what_it_is(&meta)));
    }
    Ok(Source::new(root, path.to_path_buf(), meta.len(), modified(&meta)))
}

impl Source {
    /// A file that was found under a root.
    pub fn new(root: &Arc<Path>, path: PathBuf, size: u64, modified: i128) -> Source {
        let relative = match path.strip_prefix(root) {
            Ok(relative) if relative != Path::new("") => relative,
            _ => Path::new(path.file_name().unwrap_or(path.as_os_str())),
        };
        let name = id_name(relative);
        Source { root: root.clone(), path, name, size, modified }
    }
}

/// Nanoseconds since 1970, negative before; 0 where the file system does not say.
fn modified(meta: &Metadata) -> i128 {
    let Ok(time) = meta.modified() else { return 0 };
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_nanos() as i128,
        Err(before) => -(before.duration().as_nanos() as i128),
    }
}

#[cfg(unix)]
fn what_it_is(meta: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = meta.file_type();
    match () {
        () if kind.is_fifo() => "a named pipe, not a file",
        () if kind.is_socket() => "a socket, not a file",
        () if kind.is_block_device() || kind.is_char_device() => "a device, not a file",
        () => "neither a file nor a folder",
    }
}

#[cfg(not(unix))]
fn what_it_is(_: &Metadata) -> &'static str {
    "neither a file nor a folder"
}

fn problem(path: &Path, kind: ProblemKind, reason: impl Into<String>) -> Problem {
    Problem { path: display_name(path), place: None, kind, reason: reason.into() }
}

fn walk_problem(root: &Path, error: &walkdir::Error) -> Problem {
    let path = error.path().unwrap_or(root);
    if let Some(ancestor) = error.loop_ancestor() {
        let reason = format!("a link that leads back to {}", display_name(ancestor));
        return problem(path, ProblemKind::NotAFile, reason);
    }
    let Some(cause) = error.io_error() else {
        return problem(path, ProblemKind::Unreadable, "cannot be read");
    };
    let is_link = path.symlink_metadata().is_ok_and(|meta| meta.file_type().is_symlink());
    match cause.kind() {
        io::ErrorKind::NotFound if is_link => {
            problem(path, ProblemKind::NotAFile, "a broken link: what it points to does not exist")
        }
        _ if is_link => problem(path, ProblemKind::NotAFile, format!("a broken link: {cause}")),
        io::ErrorKind::NotFound => problem(path, ProblemKind::Unreadable, "does not exist"),
        io::ErrorKind::PermissionDenied => problem(path, ProblemKind::Unreadable, NO_PERMISSION),
        _ => problem(path, ProblemKind::Unreadable, cause.to_string()),
    }
}

/// A path as messages show it: on one line, bad bytes and control characters as `\xNN`.
pub fn display_name(path: &Path) -> String {
    let mut name = String::new();
    escape(path, &mut name);
    name
}

/// The path that [`display_name`] shows so.
pub fn named_path(name: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, escape)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let code = escape.strip_prefix('x').and_then(|code| code.get(..2));
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &escape[3..];
            }
            None => {
                bytes.push(b'\\');
                rest = escape.strip_prefix('\\').unwrap_or(escape);
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    path_of(bytes)
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// The name a file has in article ids: `/` between parts, reversible, on one line. A file whose own
/// name looks like a record of a container file (`news.jsonl#3`) has its `#` escaped.
pub fn id_name(relative: &Path) -> String {
    let mut name = String::new();
    for (i, part) in relative.components().enumerate() {
        if i > 0 {
            name.push('/');
        }
        escape(Path::new(part.as_os_str()), &mut name);
    }
    if let Some((before, number)) = name.rsplit_once('#')
        && !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
    {
        name = format!("{before}\\x23{number}");
    }
    name
}

fn escape(path: &Path, out: &mut String) {
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => out.push_str("\\\\"),
                c if c.is_control() || super::clean::is_format(c) => escape_bytes(c, out),
                c => out.push(c),
            }
        }
        chunk.invalid().iter().for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
    }
}

fn escape_bytes(c: char, out: &mut String) {
    let mut buffer = [0; 4];
    for byte in c.encode_utf8(&mut buffer).bytes() {
        out.push_str(&format!("\\x{byte:02x}"));
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn shown_paths_lead_back() {
        for bytes in [
            &b"/a/b c"[..],
            b"/\xff\xfe\\x41\\\\",
            b"line\nend\x1b",
            "/é\u{202e}".as_bytes(),
            b"\\",
        ] {
            let path = path_of(bytes.to_vec());
            let shown = display_name(&path);
            assert!(!shown.contains(char::is_control), "{shown:?}");
            assert_eq!(named_path(&shown), path, "{shown}");
        }
    }
}
