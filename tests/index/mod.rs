//! The index through its public interface: what is put in comes out, and nothing else.

mod changes;
mod folder;
mod large;
mod lists;
mod searches;
mod together;
mod words;

use std::path::Path;

use whosaid::article::{
    Annotation, Article, Entity, EntityKind, Mention, Metadata, Part, Quote, QuoteKind, Speaker,
    SpeakerKind,
};
use whosaid::index::{ArticleDocs, FileRecord, Index, Root, Writer, WriterOptions};
use whosaid::text::Span;

const MODEL: &str = "test";

/// An article in the making.
#[derive(Clone, Debug, Default)]
struct Draft {
    id: String,
    meta: Metadata,
    paragraphs: Vec<String>,
    quotes: Vec<(String, Option<String>, QuoteKind, f32)>,
    entities: Vec<(EntityKind, String)>,
}

impl Draft {
    fn new(id: &str, paragraphs: &[&str]) -> Draft {
        let paragraphs = paragraphs.iter().map(|&text| text.to_owned()).collect();
        Draft { id: id.to_owned(), paragraphs, ..Draft::default() }
    }

    fn outlet(mut self, outlet: &str) -> Draft {
        self.meta.outlet = Some(outlet.to_owned());
        self
    }

    fn author(mut self, author: &str) -> Draft {
        self.meta.authors.push(author.to_owned());
        self
    }

    fn date(mut self, date: &str) -> Draft {
        self.meta.date = Some(date.parse::<jiff::civil::Date>().unwrap().at(0, 0, 0, 0));
        self
    }

    /// A quote: words of the text (parts parted by `|`), and who says them.
    fn quote(self, words: &str, speaker: &str) -> Draft {
        self.quote_as(words, speaker, QuoteKind::Direct, 0.9)
    }

    fn quote_as(mut self, words: &str, speaker: &str, kind: QuoteKind, sure: f32) -> Draft {
        let speaker = (!speaker.is_empty()).then(|| speaker.to_owned());
        self.quotes.push((words.to_owned(), speaker, kind, sure));
        self
    }

    fn names(mut self, kind: EntityKind, name: &str) -> Draft {
        self.entities.push((kind, name.to_owned()));
        self
    }

    fn docs(self) -> ArticleDocs {
        let text = self.paragraphs.join("\n\n");
        let find = |words: &str| {
            let start = text.find(words).unwrap_or_else(|| panic!("{words} is not in {text}"));
            Span::new(start, start + words.len())
        };
        let quote =
            |(words, speaker, kind, confidence): &(String, Option<String>, QuoteKind, f32)| Quote {
                kind: *kind,
                content: words.split('|').map(find).collect(),
                cue: Default::default(),
                source: None,
                speaker: speaker.as_ref().map(|name| Speaker {
                    key: format!("person:{}", name.to_lowercase()),
                    name: name.clone(),
                    role: Some("spokesperson".into()),
                    kind: SpeakerKind::Person,
                }),
                rule: "test".into(),
                confidence: *confidence,
                echoes: Default::default(),
                inner: Vec::new(),
            };
        let entity = |(kind, name): &(EntityKind, String)| {
            let at = text.match_indices(name.as_str());
            let kind_name = format!("{kind:?}").to_lowercase();
            Entity {
                key: format!("{kind_name}:{}", name.to_lowercase()),
                name: name.clone(),
                kind: *kind,
                role: None,
                gender: None,
                party: None,
                roles: Vec::new(),
                mentions: at
                    .map(|(start, _)| Mention {
                        span: Span::new(start, start + name.len()),
                        kind: *kind,
                    })
                    .collect(),
            }
        };
        let annotation = Annotation {
            entities: self.entities.iter().map(entity).collect(),
            quotes: self.quotes.iter().map(quote).collect(),
        };
        let parts = vec![Part::Body; self.paragraphs.len()];
        let (id, path) = (self.id.clone(), self.id);
        let article =
            Article { id, path: path.clone(), meta: self.meta, text, parts, ..Article::default() };
        ArticleDocs { root: "news".into(), file: path, record: 7, article, annotation }
    }
}

fn options(threads: usize) -> WriterOptions {
    WriterOptions { threads, memory: 64 << 20, model: MODEL.into(), rebuild: false }
}

fn file(name: &str, hash: u64) -> FileRecord {
    let (root, name) = ("news".into(), name.to_owned());
    FileRecord { root, name, size: 10, modified: 20, hash, problems: Vec::new(), options: 0 }
}

fn root() -> Root {
    Root { label: "news".into(), path: "/somewhere/news".into(), mappings: Vec::new() }
}

/// Builds an index of drafts in one run.
fn build(dir: &Path, drafts: Vec<Draft>) -> Index {
    let writer = Writer::open(dir, &options(1)).unwrap();
    writer.set_root(root());
    for draft in drafts {
        let name = draft.id.clone();
        writer.put(draft.docs()).unwrap();
        writer.put_file(&file(&name, 1)).unwrap();
    }
    writer.finish().unwrap();
    Index::open(dir, MODEL).unwrap()
}
