//! Reading: formats, layout of texts, bad files, properties.

mod bad;
mod formats;
mod layout;
mod properties;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use whosaid::article::Article;
use whosaid::read::{self, Format, RawRecord, ReadOptions, Source};
use whosaid::report::Problem;

/// All articles and problems under a path, in order.
fn read_all(path: &Path, options: &ReadOptions) -> Vec<Result<Article, Problem>> {
    let sources = read::walk(&[path.to_path_buf()]);
    let of_source = |source| -> Vec<Result<Article, Problem>> {
        match source {
            Ok(source) => read::records(source, options)
                .map(|record| record.and_then(|record| read::parse(&record, options)))
                .collect(),
            Err(problem) => vec![Err(problem)],
        }
    };
    sources.flat_map(of_source).collect()
}

/// A file of the given name and bytes, read.
fn read_file(name: &str, bytes: impl AsRef<[u8]>) -> Vec<Result<Article, Problem>> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    read_all(folder.path(), &ReadOptions::default())
}

/// A file that holds one article.
fn read_one(name: &str, bytes: impl AsRef<[u8]>) -> Article {
    let mut all = read_file(name, bytes);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0).unwrap()
}

/// A record without a file behind it.
fn record(format: Format, bytes: Vec<u8>) -> RawRecord {
    let source = Source {
        root: Path::new("archive").into(),
        path: PathBuf::from("archive/x"),
        name: "x".to_string(),
        size: bytes.len() as u64,
        modified: 0,
    };
    RawRecord { source: Arc::new(source), number: None, line: 1, format, bytes }
}

fn paragraphs(article: &Article) -> Vec<&str> {
    article.text.split("\n\n").collect()
}
