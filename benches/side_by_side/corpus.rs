//! The articles that are indexed: a JSON Lines file, measured, spun, or written out one by one.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use whosaid::article::Article;
use whosaid::read::{ReadOptions, parse, records, walk};

/// A JSON Lines file of articles.
pub struct Corpus {
    /// The file.
    pub path: PathBuf,
    /// Lines in it.
    pub articles: usize,
    /// Bytes of titles and texts.
    pub bytes: usize,
}

impl Corpus {
    /// Counts what is in a file.
    pub fn measure(path: PathBuf) -> anyhow::Result<Self> {
        let mut corpus = Corpus { path, articles: 0, bytes: 0 };
        for line in BufReader::new(File::open(&corpus.path)?).lines() {
            let article: Value = serde_json::from_str(&line?)?;
            let length = |field: &str| article[field].as_str().map_or(0, str::len);
            corpus.articles += 1;
            corpus.bytes += length("title") + length("text");
        }
        Ok(corpus)
    }

    /// Makes `count` articles by shuffling the paragraphs and numbers of the sample articles.
    pub fn spin(work: &Path, count: usize) -> anyhow::Result<Self> {
        let samples = samples();
        let paragraphs: Vec<&str> = samples.iter().flat_map(|a| a.text.split("\n\n")).collect();
        let path = work.join("spun.jsonl");
        let mut file = BufWriter::new(File::create(&path)?);
        let mut dice = Dice(1);
        for number in 0..count {
            let text: Vec<String> = (0..8 + dice.roll(16))
                .map(|_| renumber(paragraphs[dice.roll(paragraphs.len())], &mut dice))
                .collect();
            let date = format!("2025-{:02}-{:02}", 1 + dice.roll(12), 1 + dice.roll(28));
            let title = format!("Made up for a test, no. {number}");
            let article =
                json!({"title": title, "outlet": "None", "date": date, "text": text.join("\n\n")});
            writeln!(file, "{article}")?;
        }
        file.into_inner()?;
        Corpus::measure(path)
    }

    /// The same articles as one JSON file each, 1,000 to a folder.
    pub fn unfold(&self, work: &Path) -> anyhow::Result<PathBuf> {
        let folder = work.join("folder");
        for (number, line) in BufReader::new(File::open(&self.path)?).lines().enumerate() {
            let shelf = folder.join(format!("{:03}", number / 1000));
            fs::create_dir_all(&shelf)?;
            fs::write(shelf.join(format!("{number}.json")), line?)?;
        }
        Ok(folder)
    }
}

/// The articles of data/articles.
fn samples() -> Vec<Article> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    let options = ReadOptions::default();
    walk(&[folder])
        .flatten()
        .flat_map(|source| records(source, &options).collect::<Vec<_>>())
        .filter_map(|record| parse(&record.ok()?, &options).ok())
        .collect()
}

/// Puts other digits for the digits and, so that few paragraphs are alike, a number behind it all.
fn renumber(paragraph: &str, dice: &mut Dice) -> String {
    let mut digit = |c: char| match c.is_ascii_digit() {
        true => char::from(b'0' + dice.roll(10) as u8),
        false => c,
    };
    let text: String = paragraph.chars().map(&mut digit).collect();
    format!("{text} It was day {}.", dice.roll(100_000))
}

/// A small generator of numbers (splitmix64), the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % sides as u64) as usize
    }
}
