//! The files that a run is going to read, in some forty bytes each: an archive can have millions,
//! and all of them are known before the first is read, so that the progress can tell what is left.

use std::path::Path;
use std::sync::Arc;

use super::plan::Target;
use crate::read::{Source, display_name, named_path};

/// Files in the order in which they were found. As an iterator it gives them in that order.
#[derive(Default)]
pub struct Todo {
    targets: Vec<(Arc<Path>, Target, usize)>,
    files: Vec<File>,
    /// What every path has after the part it shares with the one before.
    ends: Vec<u8>,
    bytes: u64,
    /// The last path that was added or taken.
    path: Vec<u8>,
    /// The next file to be taken, where its end starts, and its target.
    next: (usize, usize, usize),
}

struct File {
    size: u64,
    modified: i64,
    shared: u32,
    added: u32,
}

impl Todo {
    /// Adds a file of a target. All of them are added before any is taken.
    pub fn add(&mut self, target: &Target, source: &Source) {
        if self.targets.last().is_none_or(|(_, last, _)| last != target) {
            self.targets.push((source.root.clone(), target.clone(), self.files.len()));
        }
        let path = display_name(&source.path).into_bytes();
        let shared = self.path.iter().zip(&path).take_while(|(a, b)| a == b).count();
        self.ends.extend_from_slice(&path[shared..]);
        self.files.push(File {
            size: source.size,
            modified: source.modified as i64,
            shared: shared as u32,
            added: (path.len() - shared) as u32,
        });
        self.bytes += source.size;
        self.path = path;
    }

    /// Bytes on disk of all files.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many files were added.
    pub fn len(&self) -> usize {
        self.files.len()
    }
}

impl Iterator for Todo {
    type Item = Source;

    fn next(&mut self) -> Option<Source> {
        let (number, at, of) = self.next;
        let file = self.files.get(number)?;
        let end = at + file.added as usize;
        let shared = if number == 0 { 0 } else { file.shared as usize };
        self.path.truncate(shared);
        self.path.extend_from_slice(&self.ends[at..end]);
        let next_of = self.targets.get(of + 1).is_some_and(|(.., first)| *first == number);
        let of = of + usize::from(next_of);
        self.next = (number + 1, end, of);
        let (root, target, _) = &self.targets[of];
        let path = named_path(&String::from_utf8_lossy(&self.path));
        let mut source = Source::new(root, path, file.size, file.modified.into());
        source.name = target.name(&source.name);
        Some(source)
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::index::Root;

    fn target(path: &str, within: &str) -> Target {
        let root = Root::new("news", Path::new("/a/news"));
        let (path, within) = (PathBuf::from(path), within.to_owned());
        Target { path, root, within, new: false, absorbed: Vec::new() }
    }

    #[test]
    fn files_come_out_as_they_went_in() {
        let mut todo = Todo::default();
        let mut expected = Vec::new();
        for (target, names) in [
            (target("/a/news/2024", "2024"), vec!["may/1.txt", "may/12.txt", "é\n.txt", "è.txt"]),
            (target("/a/news/2023", "2023"), vec!["", "may/1.txt"]),
        ] {
            let root: Arc<Path> = target.path.as_path().into();
            for (n, name) in names.into_iter().enumerate() {
                let mut source = Source::new(&root, root.join(name), n as u64, -(n as i128));
                todo.add(&target, &source);
                source.name = target.name(&source.name);
                expected.push(source);
            }
        }
        assert_eq!((todo.len(), todo.bytes()), (6, 7));
        assert_eq!(todo.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_file_costs_few_bytes() {
        let (target, mut todo) = (target("/a/news", ""), Todo::default());
        let root: Arc<Path> = target.path.as_path().into();
        for number in 0..100_000 {
            let folder = format!("desk-{:03}/2024", number / 1000);
            let path = root.join(format!("{folder}/a-long-story-number-{number:06}.html.gz"));
            todo.add(&target, &Source::new(&root, path, number, 0));
        }
        let held = size_of::<File>() * todo.files.len() + todo.ends.len();
        assert!(held < 45 * todo.len(), "{} bytes a file", held / todo.len());
    }
}
