//! Which folders an index run looks at, and under which labels the index knows them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::index::{Mapping, Root, lies_in};
use crate::read::{display_name, id_name};

/// A folder or file to bring up to date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Where to look, as it is shown to the user.
    pub path: PathBuf,
    /// The root that its files belong to.
    pub root: Root,
    /// Its name inside the root; empty for the root itself.
    pub within: String,
    /// The root is new to the index.
    pub new: bool,
    /// Labels of known roots that lie inside: their files will be known under this root.
    pub absorbed: Vec<String>,
}

impl Target {
    /// The name in the root of a file that was found under the target's path.
    pub fn name(&self, found: &str) -> String {
        match self.within.as_str() {
            "" => found.to_owned(),
            file if self.path.is_file() => file.to_owned(),
            folder => format!("{folder}/{found}"),
        }
    }

    /// Whether a file of the root belongs to the target.
    pub fn holds(&self, name: &str) -> bool {
        lies_in(name, &self.within)
    }
}

/// The targets for the paths that were given; without any, all that the index knows.
pub fn targets(paths: &[PathBuf], known: &[Root]) -> Vec<Target> {
    if paths.is_empty() {
        return known.iter().map(known_target).collect();
    }
    let mut known = known.to_vec();
    let mut targets: Vec<Target> = Vec::new();
    for path in paths {
        let mut target = target(path, &known);
        known.retain(|root| !target.absorbed.contains(&root.label));
        // What was named before and lies in the folder is looked at with it.
        let inside = |other: &mut Target| target.absorbed.contains(&other.root.label);
        let inside: Vec<Target> = targets.extract_if(.., inside).collect();
        target.absorbed.extend(inside.into_iter().flat_map(|other| other.absorbed));
        if target.new {
            known.push(target.root.clone());
        }
        if !targets.iter().any(|other| other.root == target.root && other.within.is_empty()) {
            targets.push(target);
        }
    }
    targets
}

fn known_target(root: &Root) -> Target {
    Target {
        path: root.place(),
        root: root.clone(),
        within: String::new(),
        new: false,
        absorbed: Vec::new(),
    }
}

fn target(path: &Path, known: &[Root]) -> Target {
    let place = real(path);
    // The innermost root that holds the path.
    let holder = known
        .iter()
        .filter(|root| place.starts_with(root.place()))
        .max_by_key(|root| root.path.len());
    match holder {
        Some(root) => {
            let base = root.place();
            let inside = place.strip_prefix(&base).unwrap_or(Path::new(""));
            // As the files are called when the root is searched through.
            let within = if place.is_file() { id_name(inside) } else { display_name(inside) };
            Target { path: path.to_owned(), within, ..known_target(root) }
        }
        None => Target {
            path: path.to_owned(),
            root: Root {
                label: free_label(&place, known),
                path: display_name(&place),
                mappings: taken_in(&place, known),
            },
            within: String::new(),
            new: true,
            absorbed: inside(&place, known),
        },
    }
}

/// Labels of the roots that lie inside a folder.
fn inside(place: &Path, known: &[Root]) -> Vec<String> {
    let inner = known.iter().filter(|root| root.place().starts_with(place));
    inner.map(|root| root.label.clone()).collect()
}

/// What is known of how to read the roots that lie inside a folder, as seen from it.
fn taken_in(place: &Path, known: &[Root]) -> Vec<Mapping> {
    let mut mappings = Vec::new();
    for root in known {
        let base = root.place();
        let Ok(below) = base.strip_prefix(place) else { continue };
        let below = display_name(below);
        mappings.extend(root.mappings.iter().map(|mapping| Mapping {
            within: format!("{below}/{}", mapping.within).trim_end_matches('/').to_owned(),
            fields: mapping.fields.clone(),
        }));
    }
    mappings.sort();
    mappings
}

/// One place has one path, whatever it was called by; what does not exist keeps its name.
pub fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path)
        .or_else(|_| std::path::absolute(path))
        .unwrap_or_else(|_| path.to_owned())
}

/// The last part of the path, made unlike all other labels.
fn free_label(place: &Path, known: &[Root]) -> String {
    let name = place.file_name().map_or("/".into(), |name| display_name(Path::new(name)));
    let taken = |label: &str| known.iter().any(|root| root.label == label);
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut labels = std::iter::once(name.to_string()).chain(numbered);
    labels.find(|label| !taken(label)).expect("numbers do not end")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(label: &str, path: &str) -> Root {
        Root { label: label.into(), path: path.into(), mappings: Vec::new() }
    }

    fn of(paths: &[&str], known: &[Root]) -> Vec<Target> {
        targets(&paths.iter().map(PathBuf::from).collect::<Vec<_>>(), known)
    }

    #[test]
    fn without_a_path_all_known_roots_are_looked_at() {
        let known = [root("a", "/no/a"), root("b", "/no/b")];
        assert_eq!(
            of(&[], &known).iter().map(|t| &t.root).collect::<Vec<_>>(),
            [&known[0], &known[1]]
        );
    }

    #[test]
    fn labels_are_last_parts_made_unique() {
        let targets = of(&["/no/a/news", "/no/b/news", "/no/a/news"], &[]);
        let labels: Vec<_> = targets.iter().map(|t| t.root.label.as_str()).collect();
        assert_eq!(labels, ["news", "news-2"]);
        assert!(targets.iter().all(|t| t.new));
    }

    #[test]
    fn a_folder_inside_a_root_belongs_to_it() {
        let targets = of(&["/no/archive/2024/may"], &[root("archive", "/no/archive")]);
        assert_eq!(
            (targets[0].root.label.as_str(), targets[0].within.as_str()),
            ("archive", "2024/may")
        );
        assert!(!targets[0].new);
    }

    #[test]
    fn a_target_holds_what_lies_below_it() {
        let target = &of(&["/no/archive/2024/may"], &[root("archive", "/no/archive")])[0];
        assert!(target.holds("2024/may/1.txt") && target.holds("2024/may"));
        assert!(!target.holds("2024/mayor.txt") && !target.holds("2024"));
        assert_eq!(target.name("1.txt"), "2024/may/1.txt");
    }

    #[test]
    fn a_folder_named_with_one_around_it_is_looked_at_once() {
        let paths = ["/no/archive/may", "/no/archive", "/no/archive/june"];
        let targets = of(&paths, &[root("1", "/no/archive/may/1")]);
        assert_eq!(targets.len(), 1, "{targets:?}");
        assert_eq!((targets[0].root.label.as_str(), targets[0].new), ("archive", true));
        assert!(targets[0].absorbed.contains(&"1".into()), "{targets:?}");
    }

    #[test]
    fn a_folder_around_a_root_takes_it_in() {
        let targets = of(&["/no/archive"], &[root("may", "/no/archive/may"), root("x", "/no/x")]);
        assert_eq!(targets[0].absorbed, ["may"]);
        assert_eq!(targets[0].root.label, "archive");
    }
}
