//! The floor: tantivy indexing title and body of the articles, with positions and stored, and
//! nothing else.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;

use tantivy::schema::{STORED, Schema, TEXT};
use tantivy::{Index, IndexWriter, TantivyDocument, doc};

/// The first argument that makes this program the floor.
pub const MODE: &str = "--tantivy-alone";

/// What the writer may use, in bytes.
const BUDGET: usize = 256 << 20;

#[derive(serde::Deserialize)]
struct Article {
    #[serde(default)]
    title: String,
    text: String,
}

/// Indexes the JSON Lines file `corpus` into the new folder `index`.
pub fn index(corpus: &Path, index: &Path, threads: usize) -> anyhow::Result<()> {
    let mut schema = Schema::builder();
    let title = schema.add_text_field("title", TEXT | STORED);
    let body = schema.add_text_field("body", TEXT | STORED);
    fs::create_dir_all(index)?;
    let index = Index::create_in_dir(index, schema.build())?;
    let mut writer: IndexWriter<TantivyDocument> =
        index.writer_with_num_threads(threads, BUDGET)?;
    for line in BufReader::with_capacity(1 << 20, File::open(corpus)?).lines() {
        let article: Article = serde_json::from_str(&line?)?;
        writer.add_document(doc!(title => article.title, body => article.text))?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}
