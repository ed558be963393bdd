//! Where an index run puts what it found: into the index, or nowhere (`--dry-run`).

use std::collections::HashMap;

use anyhow::Context;

use crate::dedup::{PassageSet, passage_key};
use crate::index::{ArticleDocs, FileAt, FileRecord, Index, KnownFiles, PutStats, Writer};
use crate::segment::paragraphs;

/// What a run asks of the index and tells it.
pub trait Sink: Sync {
    /// The files known of a root. They stay where they are until something is put.
    fn files(&self, root: &str) -> anyhow::Result<KnownFiles>;

    /// All that is known of one of them.
    fn file(&self, file: FileAt) -> anyhow::Result<FileRecord>;

    /// The names of some of them.
    fn file_names(&self, files: &[FileAt]) -> anyhow::Result<Vec<String>>;

    /// The articles known of a file, with the hash of the record each was read from.
    fn records(&self, root: &str, file: &str) -> anyhow::Result<HashMap<String, u64>>;

    /// Writes an article.
    fn put(&self, docs: ArticleDocs) -> anyhow::Result<PutStats>;

    /// Notes a file as read.
    fn put_file(&self, file: &FileRecord) -> anyhow::Result<()>;

    /// Takes an article out.
    fn remove_article(&self, root: &str, id: &str) -> anyhow::Result<()>;

    /// Takes a file out; how many articles it had.
    fn remove_file(&self, root: &str, name: &str) -> anyhow::Result<u64>;
}

impl Sink for Writer {
    fn files(&self, root: &str) -> anyhow::Result<KnownFiles> {
        Ok(self.read(|index| index.files(root))?)
    }

    fn file(&self, file: FileAt) -> anyhow::Result<FileRecord> {
        Ok(self.read(|index| index.file(file))?)
    }

    fn file_names(&self, files: &[FileAt]) -> anyhow::Result<Vec<String>> {
        Ok(self.read(|index| index.file_names(files))?)
    }

    fn records(&self, root: &str, file: &str) -> anyhow::Result<HashMap<String, u64>> {
        Ok(self.read(|index| index.records(root, file))?)
    }

    fn put(&self, docs: ArticleDocs) -> anyhow::Result<PutStats> {
        Ok(Writer::put(self, docs)?)
    }

    fn put_file(&self, file: &FileRecord) -> anyhow::Result<()> {
        Ok(Writer::put_file(self, file)?)
    }

    fn remove_article(&self, root: &str, id: &str) -> anyhow::Result<()> {
        Ok(Writer::remove_article(self, root, id)?)
    }

    fn remove_file(&self, root: &str, name: &str) -> anyhow::Result<u64> {
        let articles = self.read(|index| index.records(root, name))?.len();
        Writer::remove_file(self, root, name)?;
        Ok(articles as u64)
    }
}

/// Writes nothing, but counts as if it did.
#[derive(Default)]
pub struct DryRun {
    /// The index as it is, where there is one.
    pub index: Option<Index>,
    /// Paragraphs met in this run.
    pub seen: PassageSet,
}

impl Sink for DryRun {
    fn files(&self, root: &str) -> anyhow::Result<KnownFiles> {
        match &self.index {
            Some(index) => Ok(index.files(root)?),
            None => Ok(KnownFiles::none(root)),
        }
    }

    fn file(&self, file: FileAt) -> anyhow::Result<FileRecord> {
        Ok(self.index.as_ref().context("no index knows any file")?.file(file)?)
    }

    fn file_names(&self, files: &[FileAt]) -> anyhow::Result<Vec<String>> {
        Ok(self.index.as_ref().context("no index knows any file")?.file_names(files)?)
    }

    fn records(&self, root: &str, file: &str) -> anyhow::Result<HashMap<String, u64>> {
        let records = self.index.as_ref().map(|index| index.records(root, file));
        Ok(records.transpose()?.unwrap_or_default())
    }

    fn put(&self, docs: ArticleDocs) -> anyhow::Result<PutStats> {
        let text = &docs.article.text;
        let spans = paragraphs(text);
        let new = spans.iter().filter(|span| self.seen.insert(passage_key(span.of(text)))).count();
        let quotes = &docs.annotation.quotes;
        Ok(PutStats {
            paragraphs: spans.len() as u64,
            repeats: (spans.len() - new) as u64,
            quotes: quotes.len() as u64,
            unknown: quotes.iter().filter(|quote| quote.speaker.is_none()).count() as u64,
        })
    }

    fn put_file(&self, _: &FileRecord) -> anyhow::Result<()> {
        Ok(())
    }

    fn remove_article(&self, _: &str, _: &str) -> anyhow::Result<()> {
        Ok(())
    }

    fn remove_file(&self, root: &str, name: &str) -> anyhow::Result<u64> {
        Ok(self.records(root, name)?.len() as u64)
    }
}
