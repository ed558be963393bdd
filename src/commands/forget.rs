//! `whosaid forget`: takes folders out of an index.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::{KEEPING, Outcome};
use crate::index::{IndexError, Root, Writer, WriterOptions, model};
use crate::output::escape;
use crate::pipeline::real;

/// What to take out.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the index.
    pub index: PathBuf,
    /// Folders or files as they were given to `index`, or their labels.
    pub paths: Vec<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// When a folder is not known, or the index cannot be written.
pub fn run(config: &Config) -> anyhow::Result<Outcome> {
    // Nothing is annotated: an index of other models may be cleared of a folder before it is rebuilt.
    let model = model(&config.index)?.ok_or_else(|| IndexError::Missing(config.index.clone()))?;
    let options = WriterOptions { model, ..super::writing(1, KEEPING) };
    let writer = Writer::open(&config.index, &options)?;
    let roots = writer.roots();
    let forgotten: Vec<&Root> =
        config.paths.iter().map(|path| find(path, &roots)).collect::<Result<_, _>>()?;
    for root in &forgotten {
        writer.forget_root(&root.label)?;
    }
    writer.finish().with_context(|| super::unfinished(&config.index))?;
    for root in forgotten {
        anstream::eprintln!("forgot {}", escape::line(&root.path));
    }
    Ok(Outcome::Fine)
}

fn find<'a>(path: &Path, roots: &'a [Root]) -> anyhow::Result<&'a Root> {
    let place = real(path);
    // As it is, as it was shown, or by its label.
    let shown = |root: &Root| Path::new(&root.path) == path || Path::new(&root.label) == path;
    let same = |root: &&Root| root.place() == place || shown(root);
    if let Some(root) = roots.iter().find(same) {
        return Ok(root);
    }
    let known: Vec<_> = roots.iter().map(|root| format!("\n  {}", root.path)).collect();
    bail!("{}: not a folder of this index, which was built from{}", path.display(), known.concat())
}
