//! What holds for every input, whoever makes it up: the property tests, the kept inputs of
//! `fuzz/seeds` and the fuzz targets all call these. Not for: making inputs.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use whosaid::annotate::scene::Scene;
use whosaid::annotate::{annotate, entities, fingerprint};
use whosaid::article::{Article, Quote};
use whosaid::index::{
    ArticleDocs, Filters, Found, Index, Occurrence, Root, SearchError, SearchOptions, Writer,
    WriterOptions,
};
use whosaid::output::escape;
use whosaid::read::{self, Format, RawRecord, ReadOptions, Source, article_of_text, parse};
use whosaid::report::Problem;
use whosaid::segment::{TokenKind, tokenize};
use whosaid::text::Span;

/// A check of the bytes of one input.
type Check = fn(&[u8]);

/// The checks by the name of their fuzz target and of their folder in `fuzz/seeds`.
pub const CHECKS: [(&str, Check); 11] = [
    ("text", |bytes| article(Format::Text, bytes)),
    ("markdown", |bytes| article(Format::Markdown, bytes)),
    ("html", |bytes| article(Format::Html, bytes)),
    ("json", |bytes| article(Format::Json, bytes)),
    ("records", |bytes| records(bytes)),
    ("packed", |bytes| packed(bytes)),
    ("tokens", |bytes| tokens(&lossy(bytes))),
    ("names", |bytes| names(lossy(bytes).into_owned())),
    ("quotes", |bytes| annotation(&article_of_text("a", &lossy(bytes)))),
    ("query", |bytes| query(&lossy(bytes))),
    ("index", |bytes| stored(&lossy(bytes).split('\0').map(str::to_owned).collect::<Vec<_>>())),
];

/// Runs the check of this name.
pub fn run(name: &str, bytes: &[u8]) {
    let found = CHECKS.iter().find(|(check, _)| *check == name);
    found.unwrap_or_else(|| panic!("no check is called {name}")).1(bytes);
}

fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// A record without a file behind it.
pub fn record(format: Format, bytes: Vec<u8>) -> RawRecord {
    let source = Source {
        root: Path::new("archive").into(),
        path: PathBuf::from("archive/x"),
        name: "x".to_string(),
        size: bytes.len() as u64,
        modified: 0,
    };
    RawRecord { source: Arc::new(source), number: None, line: 1, format, bytes }
}

/// All articles and problems under a path, in order.
pub fn read_all(path: &Path, options: &ReadOptions) -> Vec<Result<Article, Problem>> {
    let of_source = |source| -> Vec<Result<Article, Problem>> {
        match source {
            Ok(source) => read::records(source, options)
                .map(|record| record.and_then(|record| parse(&record, options)))
                .collect(),
            Err(problem) => vec![Err(problem)],
        }
    };
    read::walk(&[path.to_path_buf()]).flat_map(of_source).collect()
}

/// A file of the given name and bytes, read.
pub fn read_file(name: &str, bytes: &[u8], options: &ReadOptions) -> Vec<Result<Article, Problem>> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    read_all(folder.path(), options)
}

/// One article of a format: read as a clean text, or refused on one line.
pub fn article(format: Format, bytes: &[u8]) {
    settled(&parse(&record(format, bytes.to_vec()), &ReadOptions::default()));
}

/// A file, the first byte of which chooses its name: told, cut into records, read.
fn records(bytes: &[u8]) {
    const NAMES: [&str; 6] = ["a", "a.json", "a.jsonl", "a.html", "a.md", "a.txt"];
    if let Some((choice, bytes)) = bytes.split_first() {
        let options = ReadOptions { max_file_size: 1 << 16, ..ReadOptions::default() };
        let name = NAMES[usize::from(*choice) % NAMES.len()];
        read_file(name, bytes, &options).iter().for_each(settled);
    }
}

/// A compressed file: even at first are gzip, odd ones zstd.
fn packed(bytes: &[u8]) {
    const MAGIC: [(&str, &[u8]); 2] =
        [("a.jsonl.gz", b"\x1f\x8b\x08"), ("a.jsonl.zst", b"\x28\xb5\x2f\xfd")];
    if let Some((choice, bytes)) = bytes.split_first() {
        let (name, magic) = MAGIC[usize::from(*choice) % 2];
        let options = ReadOptions { max_file_size: 1 << 16, ..ReadOptions::default() };
        read_file(name, &[magic, bytes].concat(), &options).iter().for_each(settled);
    }
}

/// Whatever was read is an article that keeps its promises, or a problem that fits on a line.
fn settled(outcome: &Result<Article, Problem>) {
    match outcome {
        Ok(article) => clean(article),
        Err(problem) => assert!(!problem.reason.is_empty() && !problem.reason.contains('\n')),
    }
}

/// The promises of `Article::text` and `Article::parts`.
pub fn clean(article: &Article) {
    let text = &article.text;
    let count = if text.is_empty() { 0 } else { text.split("\n\n").count() };
    assert_eq!(article.parts.len(), count, "{text:?}");
    for paragraph in text.split("\n\n").filter(|_| count > 0) {
        assert!(!paragraph.is_empty() && paragraph.trim() == paragraph, "{text:?}");
        assert!(!paragraph.contains("  "), "{text:?}");
        let odd = |c: char| c.is_control() || (c.is_whitespace() && c != ' ');
        assert!(!paragraph.contains(odd), "{text:?}");
    }
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || ['\u{200b}', '\u{2060}', '\u{feff}'].contains(&c)
}

/// Tokens cover the text in order, and leave out nothing but space.
pub fn tokens(text: &str) {
    let mut tokens = Vec::new();
    tokenize(text, Span::new(0, text.len()), &mut tokens);
    let mut at = 0;
    for token in &tokens {
        assert!(at <= token.span.start() && !token.span.is_empty(), "{text:?}");
        assert!(text[at..token.span.start()].chars().all(is_space), "{text:?}");
        at = token.span.end();
        if token.kind == TokenKind::Punctuation {
            assert_eq!(token.span.of(text).chars().count(), 1, "{text:?}");
        }
    }
    assert!(text[at..].chars().all(is_space), "{text:?}");
}

/// Names stand in order, apart from each other, and hold something.
pub fn names(text: String) {
    let article = Article { text, ..Article::default() };
    let found = entities::find(&Scene::new(&article));
    for mention in &found {
        let name = mention.span.of(&article.text);
        assert!(!name.is_empty() && name.trim() == name, "{:?}", article.text);
    }
    for pair in found.windows(2) {
        assert!(pair[0].span.end() <= pair[1].span.start(), "{:?}", article.text);
    }
}

/// Every span of an annotation covers some of the text, and every number is in its range.
pub fn annotation(article: &Article) {
    let text = &article.text;
    let found = annotate(article);
    let holds = |span: &Span| text.get(span.start()..span.end()).is_some_and(|t| !t.is_empty());
    for entity in &found.entities {
        assert!(!entity.name.is_empty() && !entity.mentions.is_empty(), "{entity:?}");
        assert!(entity.mentions.iter().all(|mention| holds(&mention.span)), "{entity:?}");
    }
    for quote in &found.quotes {
        assert!(!quote.content.is_empty(), "{quote:?}");
        assert!((0.0..=1.0).contains(&quote.confidence), "{quote:?}");
        assert!(spans(quote).all(|span| holds(&span)), "{quote:?} in {text:?}");
        let apart = |pair: &[Span]| pair[0].end() <= pair[1].start();
        assert!(quote.content.windows(2).all(apart), "{quote:?} in {text:?}");
    }
}

fn spans(quote: &Quote) -> impl Iterator<Item = Span> + '_ {
    let own = quote.content.iter().chain(&quote.cue).chain(&quote.source).chain(&quote.echoes);
    let inner = quote.inner.iter().flat_map(|inner| inner.source.iter().chain([&inner.content]));
    own.chain(inner).copied()
}

/// A query is answered, or explained with a column inside of it; as a filter it is always answered.
pub fn query(words: &str) {
    thread_local! {
        static ARCHIVE: (tempfile::TempDir, Index) = archive();
    }
    ARCHIVE.with(|(_, index)| {
        let options = SearchOptions { words: words.to_owned(), ..SearchOptions::default() };
        match index.search_quotes(&options) {
            Ok(hits) => hits.for_each(|hit| {
                let hit = hit.unwrap();
                marked(&hit.highlights, &hit.quote);
                marked(&hit.in_passage, &hit.passage);
                placed(index, &hit.occurrences);
            }),
            Err(SearchError::Query(error)) => {
                assert!((1..=words.chars().count().max(1)).contains(&error.column), "{error}");
                let shown = escape::lines(&error.to_string()).into_owned();
                assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
            }
            Err(other) => panic!("{other}"),
        }
        match index.search_text(&options) {
            Ok(hits) => hits.for_each(|hit| {
                let hit = hit.unwrap();
                marked(&hit.highlights, &hit.passage);
                placed(index, &hit.occurrences);
            }),
            Err(SearchError::Query(_)) => {}
            Err(other) => panic!("{other}"),
        }
        let filters = Filters {
            speaker: Some(words.to_owned()),
            mentions: vec![words.to_owned()],
            outlet: vec![words.to_owned()],
            author: vec![words.to_owned()],
            ..Filters::default()
        };
        index.speakers(&filters, Some(words), None).unwrap();
        index.entities(&filters, Some(words), None, None).unwrap();
        let filtered = SearchOptions { filters, ..SearchOptions::default() };
        index.search_quotes(&filtered).unwrap().for_each(|hit| drop(hit.unwrap()));
        index.search_text(&filtered).unwrap().for_each(|hit| drop(hit.unwrap()));
        drop(index.article(words).unwrap());
    });
}

/// What is marked lies in the text, in order.
fn marked(marks: &[(usize, usize)], text: &str) {
    assert!(marks.iter().all(|&(a, b)| a < b && text.get(a..b).is_some()), "{marks:?} {text:?}");
    assert!(marks.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{marks:?} {text:?}");
}

/// Where a hit is said to stand there is something.
fn placed(index: &Index, occurrences: &[Occurrence]) {
    for place in occurrences {
        let Found::One(stored) = index.article(&place.article).unwrap() else {
            panic!("{} is not one article", place.article)
        };
        let text = stored.article.text.get(place.start..place.end);
        assert!(text.is_some_and(|text| !text.is_empty()), "{place:?}");
    }
}

/// Articles come out of an index as they went in, and it holds what `verify` asks of it.
pub fn stored(texts: &[String]) {
    let dir = tempfile::tempdir().unwrap();
    let options =
        WriterOptions { threads: 1, memory: 64 << 20, model: fingerprint(), rebuild: false };
    let writer = Writer::open(dir.path(), &options).unwrap();
    writer.set_root(Root { label: "news".into(), path: "/news".into(), mappings: Vec::new() });
    let mut given = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let article = article_of_text(&format!("{number}.txt"), text);
        let mut annotation = annotate(&article);
        for quote in &mut annotation.quotes {
            // As many digits as are kept.
            quote.confidence = (quote.confidence * 1000.0).round() / 1000.0;
        }
        // Where the words of a role stand is not kept.
        annotation.entities.iter_mut().for_each(|entity| entity.roles.clear());
        given.push((article.clone(), annotation.clone()));
        let file = article.id.clone();
        let docs = ArticleDocs { root: "news".into(), file, record: 1, article, annotation };
        writer.put(docs).unwrap();
    }
    writer.finish().unwrap();
    let index = Index::open(dir.path(), &fingerprint()).unwrap();
    assert_eq!(index.verify().unwrap().faults, Vec::<String>::new(), "{texts:?}");
    for (article, annotation) in given {
        let Found::One(stored) = index.article(&article.id).unwrap() else { panic!("{texts:?}") };
        assert_eq!(stored.article.text, article.text);
        assert_eq!(stored.article.parts, article.parts, "{texts:?}");
        assert_eq!(format!("{:?}", stored.annotation), format!("{annotation:?}"), "{texts:?}");
    }
    let all = SearchOptions::default();
    index.search_quotes(&all).unwrap().for_each(|hit| {
        let hit = hit.unwrap();
        marked(&hit.in_passage, &hit.passage);
        placed(&index, &hit.occurrences);
    });
}

/// An index of two articles.
fn archive() -> (tempfile::TempDir, Index) {
    const ARTICLES: [&str; 2] = [
        "Peace at last\n\n“We want peace, and we want it now,” said John Kirby, a spokesman.",
        "“Peace isn't cheap,” Zoë Adams told the BBC's AND team. 2.5 million want it, she said.",
    ];
    let dir = tempfile::tempdir().unwrap();
    let options =
        WriterOptions { threads: 1, memory: 64 << 20, model: fingerprint(), rebuild: false };
    let writer = Writer::open(dir.path(), &options).unwrap();
    writer.set_root(Root { label: "news".into(), path: "/news".into(), mappings: Vec::new() });
    for (number, text) in ARTICLES.into_iter().enumerate() {
        let name = format!("{number}.txt");
        let article = article_of_text(&name, text);
        let annotation = annotate(&article);
        let docs = ArticleDocs { root: "news".into(), file: name, record: 1, article, annotation };
        writer.put(docs).unwrap();
    }
    writer.finish().unwrap();
    let index = Index::open(dir.path(), &fingerprint()).unwrap();
    (dir, index)
}
