//! Writes results one by one in the format that was asked for.

use std::io::{self, Write};

use anyhow::Context;
use serde::Serialize;

use super::screen::Screen;
use super::{escape, json};

/// How results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// One array.
    Json,
    /// One object a line.
    Jsonl,
    /// Comma-separated values with a heading, safe to open in a spreadsheet.
    Csv,
}

/// A result that can be written in every format. As JSON it is what serde makes of it.
pub trait Row: Serialize {
    /// Headings of the CSV file.
    const COLUMNS: &'static [&'static str];

    /// One cell a heading.
    fn cells(&self) -> Vec<String>;

    /// For people, whole lines; `number` counts results from 1.
    fn block(&self, number: usize, screen: &Screen) -> String;
}

/// Results on their way to standard output.
pub struct Results<W: Write> {
    format: Format,
    screen: Screen,
    out: W,
    written: usize,
    /// Number of the first one, for people.
    first: usize,
}

impl Results<Box<dyn Write>> {
    /// To standard output; `skipped` results stand before the first.
    pub fn stdout(format: Format, skipped: usize) -> Self {
        let out: Box<dyn Write> = match format {
            Format::Table => Box::new(anstream::stdout().lock()),
            _ => Box::new(io::BufWriter::new(io::stdout().lock())),
        };
        Results::new(format, Screen::stdout(), out, skipped)
    }
}

impl<W: Write> Results<W> {
    /// To any writer.
    pub fn new(format: Format, screen: Screen, out: W, skipped: usize) -> Self {
        Results { format, screen, out, written: 0, first: skipped + 1 }
    }

    /// Writes one result.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn push<R: Row>(&mut self, row: &R) -> anyhow::Result<()> {
        let bytes = match self.format {
            Format::Table => row.block(self.first + self.written, &self.screen).into_bytes(),
            Format::Json => {
                let mut bytes = if self.written == 0 { b"[\n".to_vec() } else { b",\n".to_vec() };
                json::write(row, &mut bytes);
                bytes
            }
            Format::Jsonl => {
                let mut bytes = Vec::new();
                json::write(row, &mut bytes);
                bytes.push(b'\n');
                bytes
            }
            Format::Csv => {
                let heading = (self.written == 0).then(|| csv_line(R::COLUMNS.iter().copied()));
                let mut bytes = heading.unwrap_or_default();
                bytes.extend(csv_line(row.cells().iter().map(|c| escape::cell(c).into_owned())));
                bytes
            }
        };
        self.written += 1;
        self.out.write_all(&bytes).context("standard output")
    }

    /// Closes the last brackets and flushes; returns how many results there were.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn finish<R: Row>(mut self) -> anyhow::Result<usize> {
        let end = match (self.format, self.written) {
            (Format::Json, 0) => b"[]\n".to_vec(),
            (Format::Json, _) => b"\n]\n".to_vec(),
            (Format::Csv, 0) => csv_line(R::COLUMNS.iter().copied()),
            _ => Vec::new(),
        };
        self.out.write_all(&end).context("standard output")?;
        self.out.flush().context("standard output")?;
        Ok(self.written)
    }
}

fn csv_line(cells: impl Iterator<Item = impl AsRef<[u8]>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).expect("a vector takes all");
    writer.into_inner().expect("a vector takes all")
}
