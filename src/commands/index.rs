//! `whosaid index`: brings an index up to date with its folders.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use anyhow::{Context, bail};

use super::Outcome;
use crate::annotate::fingerprint;
use crate::index::{Index, IndexError, Root, Writer, WriterOptions};
use crate::output::escape;
use crate::output::summary::{Summary, count};
use crate::pipeline::{
    self, DryRun, Problems, Settings, Sink, Target, Timings, interrupt, lost, moved, peak_memory,
    typed,
};
use crate::read::ReadOptions;

/// What a new index is made of when no folder is named.
const USUAL_FOLDER: &str = "data/articles";

/// What to index, and how.
#[derive(Clone, Debug)]
pub struct Config {
    /// Files and folders; none: all that the index knows.
    pub paths: Vec<PathBuf>,
    /// Folder of the index.
    pub index: PathBuf,
    /// Worker threads.
    pub threads: usize,
    /// Bytes that may be held.
    pub memory: usize,
    /// Build everything anew.
    pub rebuild: bool,
    /// Write nothing, say what would be done.
    pub dry_run: bool,
    /// How to read. The field names are those of the folders, unless `fields` says otherwise.
    pub reading: ReadOptions,
    /// Field names that hold for what is looked at from now on; none for the usual ones.
    pub fields: Option<Vec<(String, String)>>,
    /// Where all problems are written to.
    pub errors: Option<PathBuf>,
    /// Say where the CPU time goes.
    pub timings: bool,
}

/// Runs the command.
///
/// # Errors
/// When the index cannot be read or written; what was committed before stays.
pub fn run(config: &Config) -> anyhow::Result<Outcome> {
    let start = Instant::now();
    let stop = interrupt::watch()?;
    let timings = config.timings.then(Timings::default);
    let problems = Problems::new(config.errors.as_deref())?;
    let job = Job { config, stop, timings: timings.as_ref(), problems: &problems };
    let roots = known_roots(config)?;
    let paths = job.paths(&roots)?;
    let targets = job.targets(&paths, &roots)?;
    let summary = if config.dry_run { job.dry(&targets) } else { job.write(&targets) }?;
    problems.close()?;
    // Taken here: the last commit and merge are part of what the user waits for.
    job.report(&Summary { elapsed: start.elapsed(), ..summary.clone() });
    let whole = summary.skipped() == 0 && !summary.interrupted;
    Ok(if whole { Outcome::Fine } else { Outcome::Incomplete })
}

struct Job<'a> {
    config: &'a Config,
    stop: &'static AtomicBool,
    timings: Option<&'a Timings>,
    problems: &'a Problems,
}

impl Job<'_> {
    /// The paths to look at; none: all that the index knows.
    fn paths(&self, roots: &[Root]) -> anyhow::Result<Vec<PathBuf>> {
        let given = &self.config.paths;
        if given.is_empty() && roots.is_empty() {
            if !Path::new(USUAL_FOLDER).exists() {
                bail!("nothing to index: name a folder, as in `whosaid index FOLDER`");
            }
            return Ok(vec![USUAL_FOLDER.into()]);
        }
        if let [first, ..] = given.as_slice()
            && roots.is_empty()
            && !given.iter().any(|path| path.symlink_metadata().is_ok())
        {
            bail!("{}: does not exist", first.display());
        }
        if self.config.rebuild && !given.is_empty() {
            // All of the index is built anew, not only what was named.
            let known = roots.iter().map(Root::place);
            return Ok(known.chain(given.iter().cloned()).collect());
        }
        Ok(given.clone())
    }

    /// What to look at; a folder that is new to the index may be a known one that has moved.
    ///
    /// # Errors
    /// When the index would lose what it has of a folder that may only be away for a while.
    fn targets(&self, paths: &[PathBuf], roots: &[Root]) -> anyhow::Result<Vec<Target>> {
        let (index, rebuild) = (&self.config.index, self.config.rebuild);
        let mut targets = pipeline::targets(paths, roots);
        let asks = rebuild || targets.iter().any(|target| target.new);
        let old = DryRun { index: if asks { self.old() } else { None }, ..DryRun::default() };
        let mut known = roots.to_vec();
        for target in targets.iter_mut().filter(|target| target.new) {
            if let Some(root) = moved(target, &known, &old, index)? {
                known.retain(|other| other.label != root.label);
                target.absorbed.retain(|label| *label != root.label);
                target.root = root;
                target.new = false;
            }
        }
        // Nothing is looked for where it was before.
        let is_here = |target: &Target| known.contains(&target.root);
        targets.retain(|target| target.new || is_here(target) || !roots.contains(&target.root));
        let absorbed = |root: &Root| targets.iter().any(|t| t.absorbed.contains(&root.label));
        for root in known.iter().filter(|root| rebuild || absorbed(root)) {
            self.keep(root, old.index.as_ref())?;
        }
        if let Some(fields) = &self.config.fields {
            map_fields(&mut targets, fields);
        }
        Ok(targets)
    }

    /// The index as it is, whatever models it was made with; nothing where it cannot be read.
    fn old(&self) -> Option<Index> {
        let model = crate::index::model(&self.config.index).ok()??;
        Index::open(&self.config.index, &model).ok()
    }

    /// Refuses to go on where what the index has of a folder would be given up because the folder is
    /// away, perhaps only for a while.
    fn keep(&self, root: &Root, old: Option<&Index>) -> anyhow::Result<()> {
        let Some(lost) = lost(root, &self.config.index) else { return Ok(()) };
        let way_out = match old {
            Some(index) if index.files(&root.label)?.unmet().is_empty() => return Ok(()),
            Some(_) => format!("take them out with `whosaid forget {}`", typed(&root.path)),
            // It says itself what is wrong with it.
            None if !self.config.rebuild => return Ok(()),
            None => "make a new index of all else with `whosaid index --index DIR FOLDER`".into(),
        };
        let words = lost.words();
        bail!(
            "the articles of {} would be lost: it {words}. Bring it back first, or {way_out}",
            root.path
        )
    }

    fn dry(&self, targets: &[Target]) -> anyhow::Result<Summary> {
        let index = match Index::open(&self.config.index, &fingerprint()) {
            Ok(index) if !self.config.rebuild => Some(index),
            Ok(_) | Err(IndexError::Missing(_)) => None,
            Err(_) if self.config.rebuild => None,
            Err(error) => return Err(error.into()),
        };
        let sink = DryRun { index, ..DryRun::default() };
        self.run(targets, &sink)
    }

    fn write(&self, targets: &[Target]) -> anyhow::Result<Summary> {
        let Config { index, threads, memory, rebuild, .. } = self.config;
        let options = WriterOptions {
            threads: *threads,
            memory: memory - self.ahead(),
            model: fingerprint(),
            rebuild: *rebuild,
        };
        let writer = Writer::open(index, &options)?;
        for target in targets {
            for label in &target.absorbed {
                writer.forget_root(label)?;
            }
            if target.path.exists() {
                writer.set_root(target.root.clone());
            }
        }
        self.fill(writer, targets).with_context(|| super::unfinished(index))
    }

    /// Brings the targets up to date and ends the writing.
    fn fill(&self, writer: Writer, targets: &[Target]) -> anyhow::Result<Summary> {
        let summary = self.run(targets, &writer)?;
        if let Some(timings) = self.timings {
            timings.run_ends(writer.closing());
        }
        match (summary.interrupted, self.config.rebuild) {
            (false, _) => writer.finish()?,
            (true, false) => writer.commit()?,
            // The old index goes on to answer.
            (true, true) => drop(writer),
        }
        Ok(summary)
    }

    fn run(&self, targets: &[Target], sink: &dyn Sink) -> anyhow::Result<Summary> {
        let settings = Settings {
            threads: self.config.threads,
            ahead: self.ahead(),
            reading: &self.config.reading,
            index: &self.config.index,
            stop: self.stop,
            timings: self.timings,
        };
        pipeline::run(targets, sink, self.problems, &settings)
    }

    /// What may wait between readers and workers: more would only lie there.
    fn ahead(&self) -> usize {
        (self.config.memory / 8).min(24 << 20)
    }

    fn report(&self, summary: &Summary) {
        let (shown, more) = self.problems.first();
        for problem in shown {
            anstream::eprintln!("skipped {}", escape::line(&problem));
        }
        if more > 0 {
            let all = if self.config.errors.is_some() { "" } else { "; --errors FILE writes all" };
            anstream::eprintln!("… and {} more{all}", count(more));
        }
        let summary = Summary { peak: peak_memory(), ..summary.clone() };
        for line in summary.lines(self.config.dry_run) {
            anstream::eprintln!("{line}");
        }
        if let Some(timings) = self.timings {
            timings.lines(summary.bytes).iter().for_each(|line| anstream::eprintln!("{line}"));
        }
        if summary.interrupted {
            anstream::eprintln!("{}", self.cut_short());
        }
    }

    fn cut_short(&self) -> &'static str {
        match (self.config.dry_run, self.config.rebuild) {
            (true, _) => "stopped before the end",
            (_, true) => "stopped before the end: the old index stays as it was",
            _ => {
                "stopped before the end: what was whole is in the index, the next run does the rest"
            }
        }
    }
}

/// Has all targets read by these field names; several targets may lie in one root.
fn map_fields(targets: &mut [Target], fields: &[(String, String)]) {
    let mut roots: HashMap<String, Root> = HashMap::new();
    for target in targets.iter() {
        let root = roots.entry(target.root.label.clone()).or_insert_with(|| target.root.clone());
        root.map_fields(&target.within, fields);
    }
    for target in targets {
        target.root.clone_from(&roots[&target.root.label]);
    }
}

/// The folders the index knows. One that is too damaged to tell is built anew from what was named.
fn known_roots(config: &Config) -> Result<Vec<Root>, IndexError> {
    match crate::index::roots(&config.index) {
        Err(IndexError::Damaged { .. }) if config.rebuild && !config.paths.is_empty() => {
            Ok(Vec::new())
        }
        known => known,
    }
}
