//! Reading: formats, layout of texts, bad files, properties.

mod bad;
mod formats;
mod layout;
mod properties;

use whosaid::article::Article;
use whosaid::read::ReadOptions;
use whosaid::report::Problem;

use crate::checks;

/// A file of the given name and bytes, read.
fn read_file(name: &str, bytes: impl AsRef<[u8]>) -> Vec<Result<Article, Problem>> {
    checks::read_file(name, bytes.as_ref(), &ReadOptions::default())
}

/// A file that holds one article.
fn read_one(name: &str, bytes: impl AsRef<[u8]>) -> Article {
    let mut all = read_file(name, bytes);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0).unwrap()
}

fn paragraphs(article: &Article) -> Vec<&str> {
    article.text.split("\n\n").collect()
}
