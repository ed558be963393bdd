//! Looks at a folder and compares it with what the index knows: what is new, changed or gone.

use super::options;
use super::plan::Target;
use super::problems::Problems;
use super::run::Settings;
use super::sink::Sink;
use super::tally::Tally;
use crate::index::{FileRecord, Root};
use crate::read::{self, ReadOptions, Source};
use crate::report::{Problem, ProblemKind};

/// Files that are compared to see whether a folder is a known one that has moved.
const SAMPLE: usize = 200;

/// The files of a target that must be read; takes out those that are gone.
pub fn look(
    target: &Target,
    sink: &dyn Sink,
    problems: &Problems,
    tally: &Tally,
    settings: &Settings,
) -> anyhow::Result<Vec<Source>> {
    if !target.new && !target.root.place().exists() {
        problems.add(&vanished(target));
        return Ok(Vec::new());
    }
    let mut known = sink.files(&target.root.label)?;
    known.retain(|name, _| target.holds(name));
    let mut todo = Vec::new();
    // Places that could not be looked at: what is known of them is not gone.
    let mut blind = Vec::new();
    if target.path.exists() || known.is_empty() {
        for found in
            read::walk(std::slice::from_ref(&target.path)).skipping(&[settings.index.to_owned()])
        {
            match found {
                Ok(mut source) => {
                    source.name = target.name(&source.name);
                    let record = known.remove(&source.name);
                    match record.filter(|record| is_unchanged(record, &source, target, settings)) {
                        Some(record) => {
                            record.problems.iter().for_each(|problem| problems.add(problem));
                            tally.unchanged.add(1);
                        }
                        None => todo.push(source),
                    }
                }
                Err(problem) => {
                    blind.push(problem.path.clone());
                    problems.add(&problem);
                }
            }
        }
    }
    known.retain(|name, _| !is_blind(target, name, &blind));
    for name in known.keys() {
        tally.removed.add(sink.remove_file(&target.root.label, name)?);
        tally.gone.add(1);
    }
    Ok(todo)
}

fn is_unchanged(
    record: &FileRecord,
    source: &Source,
    target: &Target,
    settings: &Settings,
) -> bool {
    let same = record.size == source.size && record.modified == source.modified as i64;
    let fields = target.root.fields(&source.name).to_vec();
    let options = ReadOptions { fields, ..settings.reading.clone() };
    same && record.options == options::file_hash(&options, &record.problems)
}

fn is_blind(target: &Target, name: &str, blind: &[String]) -> bool {
    let below = name.strip_prefix(&target.within).unwrap_or(name).trim_start_matches('/');
    let root = read::display_name(&target.path);
    let place =
        if below.is_empty() { root } else { format!("{}/{below}", root.trim_end_matches('/')) };
    blind.iter().any(|path| {
        place
            .strip_prefix(path.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn vanished(target: &Target) -> Problem {
    let reason = "does not exist any more; its articles stay in the index. If it has moved, index \
                  it where it is now; to take it out, use `whosaid forget`";
    Problem {
        path: read::display_name(&target.path),
        place: None,
        kind: ProblemKind::Unreadable,
        reason: reason.into(),
    }
}

/// The known root that a new target was before it was moved, if it is one: its old place is empty,
/// and most files are known by name and size.
pub fn moved(target: &Target, roots: &[Root], sink: &dyn Sink) -> anyhow::Result<Option<Root>> {
    let gone = roots.iter().filter(|root| !root.place().exists());
    for root in gone {
        let known = sink.files(&root.label)?;
        let found = read::walk(std::slice::from_ref(&target.path)).flatten().take(SAMPLE);
        let (mut same, mut all) = (0, 0);
        for source in found {
            all += 1;
            same += usize::from(known.get(&source.name).is_some_and(|k| k.size == source.size));
        }
        if same * 2 > all {
            return Ok(Some(Root { path: target.root.path.clone(), ..root.clone() }));
        }
    }
    Ok(None)
}
