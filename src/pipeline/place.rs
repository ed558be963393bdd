//! Whether the place of a root still has files. One that is missing or empty may be a drive that is
//! not mounted: what the index has of it is not to be lost for that.

use std::path::Path;

use crate::index::Root;
use crate::read;
use crate::report::{Problem, ProblemKind};

/// How a root was found that has no files any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    /// There is nothing at its place.
    Missing,
    /// There is a folder, but no file in it.
    Empty,
    /// The system does not let us look; what it said.
    Unknown(String),
}

impl Lost {
    /// In words that follow a path.
    pub fn words(&self) -> String {
        match self {
            Lost::Missing => "does not exist any more".into(),
            Lost::Empty => "holds no file any more, as when a drive is not mounted".into(),
            Lost::Unknown(said) => format!("cannot be looked at ({said})"),
        }
    }
}

/// What is wrong with the place of a root, as far as can be told without looking into it.
pub fn unreachable(root: &Root) -> Option<Lost> {
    match root.place().try_exists() {
        Ok(true) => None,
        Ok(false) => Some(Lost::Missing),
        Err(error) => Some(Lost::Unknown(error.to_string())),
    }
}

/// What is wrong with the place of a root; nothing where there is a file. The index itself is none.
pub fn lost(root: &Root, index: &Path) -> Option<Lost> {
    let holds_a_file = || {
        let mut found = read::walk(&[root.place()]).skipping(&[index.to_owned()]);
        found.any(|found| found.is_ok())
    };
    unreachable(root).or_else(|| (!holds_a_file()).then_some(Lost::Empty))
}

/// Says that nothing was taken out, and how to do it.
pub fn left_in(root: &Root, lost: &Lost) -> Problem {
    let hint = match lost {
        Lost::Missing => "If it has moved, index it where it is now; to",
        Lost::Empty | Lost::Unknown(_) => "To",
    };
    let reason = format!(
        "{}; its articles stay in the index. {hint} take them out, use `whosaid forget {}`",
        lost.words(),
        typed(&root.path)
    );
    Problem { path: root.path.clone(), place: None, kind: ProblemKind::Unreadable, reason }
}

/// A path as it is typed in a shell.
pub fn typed(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+,@%=".contains(c);
    if path.chars().all(plain) { path.into() } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_place_is_told_from_a_missing_one() {
        let folder = tempfile::tempdir().unwrap();
        let root = |name: &str| Root::new("news", &folder.path().join(name));
        let index = folder.path().join("news/index");
        assert_eq!(lost(&root("news"), &index), Some(Lost::Missing));
        std::fs::create_dir_all(folder.path().join("news/2024/may")).unwrap();
        std::fs::create_dir_all(&index).unwrap();
        std::fs::write(index.join("current.json"), "{}").unwrap();
        std::fs::write(folder.path().join("news/.hidden"), "").unwrap();
        assert_eq!(lost(&root("news"), &index), Some(Lost::Empty));
        std::fs::write(folder.path().join("news/2024/may/a.txt"), "").unwrap();
        assert_eq!(lost(&root("news"), &index), None);
        assert_eq!(lost(&root("news/2024/may/a.txt"), &index), None);
    }

    #[test]
    fn a_path_may_be_typed_as_it_is_shown() {
        assert_eq!(typed("/mnt/news-2024"), "/mnt/news-2024");
        assert_eq!(typed("/mnt/Ann's news"), r"'/mnt/Ann'\''s news'");
    }
}
