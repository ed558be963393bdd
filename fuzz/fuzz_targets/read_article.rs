//! Every parser of one article: the first byte chooses the format, the rest is the article.
#![no_main]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use whosaid::read::{Format, RawRecord, ReadOptions, Source, parse};

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let formats = [Format::Text, Format::Markdown, Format::Html, Format::Json];
    let source = Source {
        root: Path::new("archive").into(),
        path: PathBuf::from("archive/x"),
        name: "x".to_string(),
        size: bytes.len() as u64,
        modified: 0,
    };
    let format = formats[usize::from(*choice) % formats.len()];
    let record =
        RawRecord { source: Arc::new(source), number: None, line: 1, format, bytes: bytes.to_vec() };
    if let Ok(article) = parse(&record, &ReadOptions::default()) {
        assert_eq!(article.parts.len(), article.text.split("\n\n").count());
    }
});
