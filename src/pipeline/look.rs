//! Looks at a folder and compares it with what the index knows: what is new, changed or gone.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::Ordering;

use super::options;
use super::place::{Lost, left_in, lost, unreachable};
use super::plan::Target;
use super::problems::Problems;
use super::run::Settings;
use super::sink::Sink;
use super::tally::Tally;
use super::todo::Todo;
use crate::index::{KnownFile, KnownFiles, Root};
use crate::read::{self, ReadOptions, Source};

/// Files that are compared to see whether a folder is a known one that has moved.
const SAMPLE: usize = 200;

/// Names of files that are gone, held together.
const NAMES_AT_ONCE: usize = 4096;

/// Adds the files of a target that must be read to `todo`; takes out those that are gone.
pub fn look(
    target: &Target,
    sink: &dyn Sink,
    problems: &Problems,
    tally: &Tally,
    settings: &Settings,
    todo: &mut Todo,
) -> anyhow::Result<()> {
    if !target.new
        && let Some(lost) = unreachable(&target.root)
    {
        problems.add(&left_in(&target.root, &lost));
        return Ok(());
    }
    let mut known = sink.files(&target.root.label)?;
    // Where it cannot be told whether there is something, there may be.
    let there = target.path.try_exists().unwrap_or(true);
    let (mut blind, mut files) = (Blind::default(), 0);
    let found = || {
        let paths = std::slice::from_ref(&target.path);
        read::walk(paths).skipping(&[settings.index.to_owned()])
    };
    for found in found().filter(|_| there) {
        if settings.stop.load(Ordering::Relaxed) {
            // What was not met yet is not gone.
            return Ok(());
        }
        match found {
            Ok(source) => {
                files += 1;
                match known.meet(&target.name(&source.name)) {
                    Some(file)
                        if is_unchanged(&file, &source, target, sink, problems, settings)? =>
                    {
                        tally.unchanged.add(1);
                    }
                    _ => todo.add(target, &source),
                }
            }
            Err(problem) => {
                problems.add(&problem);
                blind.add(problem.path);
            }
        }
    }
    let gone = Gone { target, known: &known, blind: &blind, sink };
    if files == 0
        && gone.any()?
        && let Some(lost) = lost(&target.root, settings.index)
    {
        problems.add(&left_in(&target.root, &lost));
        return Ok(());
    }
    let gone = gone.take_out(tally)?;
    if !there && gone == 0 {
        found().filter_map(Result::err).for_each(|problem| problems.add(&problem));
    }
    Ok(())
}

/// What is known of a target and was not met.
struct Gone<'a> {
    target: &'a Target,
    known: &'a KnownFiles,
    blind: &'a Blind,
    sink: &'a dyn Sink,
}

impl Gone<'_> {
    /// Names of such files, some at a time.
    fn names(&self) -> impl Iterator<Item = anyhow::Result<Vec<String>>> {
        let unmet = self.known.unmet();
        let chunks = (0..unmet.len()).step_by(NAMES_AT_ONCE);
        chunks.map(move |from| {
            let to = unmet.len().min(from + NAMES_AT_ONCE);
            let mut names = self.sink.file_names(&unmet[from..to])?;
            names.retain(|name| self.target.holds(name) && !self.blind.hides(self.target, name));
            Ok(names)
        })
    }

    /// Whether there are any.
    fn any(&self) -> anyhow::Result<bool> {
        for names in self.names() {
            if !names?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes them out; how many files that were.
    fn take_out(&self, tally: &Tally) -> anyhow::Result<u64> {
        let mut gone = 0;
        for names in self.names() {
            for name in names? {
                tally.removed.add(self.sink.remove_file(&self.target.root.label, &name)?);
                gone += 1;
            }
        }
        tally.gone.add(gone);
        Ok(gone)
    }
}

/// Whether a file is as it was when it was read. What could not be used of it is told again.
fn is_unchanged(
    known: &KnownFile,
    source: &Source,
    target: &Target,
    sink: &dyn Sink,
    problems: &Problems,
    settings: &Settings,
) -> anyhow::Result<bool> {
    let noted = if known.troubled { sink.file(known.at)?.problems } else { Vec::new() };
    let fields = target.root.fields(&target.name(&source.name)).to_vec();
    let options = ReadOptions { fields, ..settings.reading.clone() };
    let options = options::file_hash(&options, &noted);
    let same = known.is(source.size, source.modified as i64, options);
    if same {
        noted.iter().for_each(|problem| problems.add(problem));
    }
    Ok(same)
}

/// Places that could not be looked at: what is known of them is not gone.
#[derive(Default)]
struct Blind(HashSet<String>);

impl Blind {
    fn add(&mut self, path: String) {
        self.0.insert(path);
    }

    /// Whether a file of the target's root lies in one of them.
    fn hides(&self, target: &Target, name: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let below = name.strip_prefix(&target.within).unwrap_or(name).trim_start_matches('/');
        let root = read::display_name(&target.path);
        let place =
            if below.is_empty() { root } else { format!("{}/{below}", root.trim_end_matches('/')) };
        let around = place.match_indices('/').map(|(end, _)| &place[..end.max(1)]);
        around.chain([place.as_str()]).any(|path| self.0.contains(path))
    }
}

/// The known root that a new target was before it was moved, if it is one: its old place is missing
/// or empty, and most files are known by name and size.
pub fn moved(
    target: &Target,
    roots: &[Root],
    sink: &dyn Sink,
    index: &Path,
) -> anyhow::Result<Option<Root>> {
    let left = |root: &&Root| matches!(lost(root, index), Some(Lost::Missing | Lost::Empty));
    for root in roots.iter().filter(left) {
        let mut known = sink.files(&root.label)?;
        let found = read::walk(std::slice::from_ref(&target.path)).flatten().take(SAMPLE);
        let (mut same, mut all) = (0, 0);
        for source in found {
            all += 1;
            if let Some(file) = known.meet(&source.name) {
                same += usize::from(sink.file(file.at)?.size == source.size);
            }
        }
        if same * 2 > all {
            return Ok(Some(Root { path: target.root.path.clone(), ..root.clone() }));
        }
    }
    Ok(None)
}
