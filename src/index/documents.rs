//! From an article and its annotation to the documents of the index. Pure; who writes them, and
//! which passages are there already, is the writer's business.

use std::fmt::Write;
use std::sync::Arc;

use twox_hash::XxHash3_64;

use super::codec;
use super::doc::{Doc, Leaf};
use super::reader::{NAME_END, bucket, owner_key};
use super::schema::{Fields, KEY_END, Kind};
use super::types::{ArticleDocs, FileRecord};
use super::words::quote_id;
use crate::article::{Annotation, Metadata, Quote, Speaker};
use crate::dedup::passage_key;
use crate::segment::paragraphs;
use crate::text::Span;

/// The documents of one article.
pub struct Documents {
    /// Its number.
    pub owner: u64,
    /// The article itself and its quotes, the article first.
    pub own: Vec<Doc>,
    /// Its distinct passages: identity and where each stands.
    pub passages: Vec<(u64, Span)>,
    /// Paragraphs, repeats counted.
    pub paragraphs: usize,
    /// Its text, shared by the documents.
    pub text: Arc<String>,
    /// Quotes without a speaker.
    pub unknown: usize,
}

impl Documents {
    /// Lays out an article.
    pub fn new(docs: ArticleDocs, fields: &Fields) -> Documents {
        let ArticleDocs { root, file, record, article, annotation } = docs;
        let owner = owner_key(&root, &article.id);
        let spans = paragraphs(&article.text);
        let ids: Vec<u64> = spans.iter().map(|span| passage_key(span.of(&article.text))).collect();
        let lengths: Vec<u64> = spans.iter().map(|span| span.len() as u64).collect();
        let mut passages: Vec<(u64, Span)> = ids.iter().copied().zip(spans).collect();
        let paragraphs = passages.len();
        passages.sort_unstable();
        passages.dedup_by_key(|(id, _)| *id);

        let mut common = Doc::default();
        common.u64(fields.owner, owner);
        describe(&mut common, &article.meta, fields);

        let mut head = Doc(Vec::with_capacity(common.0.len() + 8 + 2 * ids.len()));
        head.0.extend_from_slice(&common.0);
        head.u64(fields.doc, Kind::Article as u64);
        head.u64(fields.file, owner_key(&root, &file));
        head.text(fields.name, format!("{root}{NAME_END}{}", article.id));
        head.u64(fields.hash, record);
        head.text(fields.entities, entity_lines(&annotation));
        ids.iter().for_each(|&id| head.u64(fields.passages, id));
        passages.iter().for_each(|&(id, _)| head.u64(fields.carries, bucket(id)));
        let names = [root.as_str(), &article.id, &article.path, &file];
        let text_hash = XxHash3_64::oneshot(article.text.as_bytes());
        let (meta, parts) = (&article.meta, &article.parts);
        let blob = codec::encode(names, meta, text_hash, parts, &lengths, &annotation);
        head.bytes(fields.blob, blob);

        let text = Arc::new(article.text);
        let mut own = Vec::with_capacity(1 + annotation.quotes.len());
        own.push(head);
        for (nth, quote) in annotation.quotes.iter().enumerate() {
            let mut doc = quote_doc(quote, &text, &annotation, fields);
            doc.u64(fields.nth, nth as u64);
            doc.0.extend_from_slice(&common.0);
            own.push(doc);
        }
        let unknown = annotation.quotes.iter().filter(|quote| quote.speaker.is_none()).count();
        Documents { owner, own, passages, paragraphs, text, unknown }
    }
}

impl Documents {
    /// The identities of its quotes.
    pub fn quote_ids(&self, fields: &Fields) -> Vec<u64> {
        let values = self.own.iter().flat_map(|doc| &doc.0);
        let ids = values.filter_map(|(field, leaf)| match leaf {
            Leaf::U64(id) if *field == fields.quote_id => Some(*id),
            _ => None,
        });
        ids.collect()
    }
}

/// The document of a passage.
pub fn passage_doc(id: u64, span: Span, text: &Arc<String>, fields: &Fields) -> Doc {
    let mut doc = Doc(Vec::with_capacity(4));
    doc.u64(fields.doc, Kind::Passage as u64);
    doc.u64(fields.pid, id);
    doc.u64(fields.bucket, bucket(id));
    doc.part(fields.text, text, span.start()..span.end());
    doc
}

/// The document of a file.
pub fn file_doc(file: &FileRecord, fields: &Fields) -> Doc {
    let mut doc = Doc::default();
    doc.u64(fields.doc, Kind::File as u64);
    doc.u64(fields.file, owner_key(&file.root, &file.name));
    doc.text(fields.name, format!("{}{NAME_END}{}", file.root, file.name));
    doc.u64(fields.size, file.size);
    doc.i64(fields.modified, file.modified);
    doc.u64(fields.hash, file.hash);
    if !file.problems.is_empty() {
        doc.u64(fields.nth, file.problems.len() as u64);
        // Problems are few, and plain data: writing them cannot fail.
        doc.bytes(fields.blob, serde_json::to_vec(&file.problems).unwrap_or_default());
    }
    doc
}

/// What an article and its quotes have in common.
fn describe(doc: &mut Doc, meta: &Metadata, fields: &Fields) {
    if let Some(date) = meta.date {
        doc.i64(fields.date, seconds(date));
    }
    if let Some(outlet) = &meta.outlet {
        doc.text(fields.outlet, outlet.as_str());
    }
    for author in &meta.authors {
        doc.text(fields.author, author.as_str());
    }
    if let Some(language) = &meta.language {
        doc.text(fields.language, language.as_str());
    }
}

/// Seconds since 1970 of a date as written.
pub fn seconds(date: jiff::civil::DateTime) -> i64 {
    jiff::tz::Offset::UTC.to_timestamp(date).map_or(i64::MIN, |at| at.as_second())
}

/// The words of a quote as they are shown and searched: parts joined by an ellipsis.
pub fn quote_words(quote: &Quote, text: &str) -> String {
    let mut words = String::new();
    for (i, part) in quote.content.iter().enumerate() {
        words.push_str(if i > 0 { " … " } else { "" });
        words.push_str(part.of(text));
    }
    words
}

fn quote_doc(quote: &Quote, text: &Arc<String>, annotation: &Annotation, fields: &Fields) -> Doc {
    let mut doc = Doc(Vec::with_capacity(14));
    let key = quote.speaker.as_ref().map(|speaker| speaker.key.as_str());
    doc.u64(fields.doc, Kind::Quote as u64);
    if let [only] = quote.content.as_slice() {
        doc.u64(fields.quote_id, quote_id(only.of(text), key));
        doc.part(fields.words, text, only.start()..only.end());
    } else {
        let words = quote_words(quote, text);
        doc.u64(fields.quote_id, quote_id(&words, key));
        doc.text(fields.words, words);
    }
    doc.u64(fields.kind, quote.kind as u64);
    doc.u64(fields.confidence, confidence_key(quote.confidence));
    if let Some(Speaker { key, name, .. }) = &quote.speaker {
        doc.text(fields.speaker_words, name.as_str());
        doc.text(fields.speaker, one_line(&format!("{key}{KEY_END}{name}")));
    }
    let mentions = mention_lines(quote, annotation);
    if !mentions.is_empty() {
        doc.text(fields.mentions, mentions);
    }
    doc
}

/// A number that orders as the confidence does.
pub fn confidence_key(confidence: f32) -> u64 {
    u64::from(confidence.max(0.0).to_bits())
}

/// Every entity of the article, once for each mention.
fn entity_lines(annotation: &Annotation) -> String {
    let mut lines = String::new();
    for entity in &annotation.entities {
        let line = one_line(&format!("{}{KEY_END}{}", entity.key, entity.name));
        for _ in 0..entity.mentions.len().max(1) {
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "{line}");
        }
    }
    lines
}

/// The entities that are named in the words of a quote.
fn mention_lines(quote: &Quote, annotation: &Annotation) -> String {
    let inside = |span: Span| quote.content.iter().any(|part| part.contains(span));
    let mut lines = String::new();
    for entity in &annotation.entities {
        if entity.mentions.iter().any(|mention| inside(mention.span)) {
            let line = one_line(&format!("{}{KEY_END}{}", entity.key, entity.name));
            let _ = writeln!(lines, "{line}");
        }
    }
    lines
}

/// Line ends made spaces: names cannot break the lists they stand in.
fn one_line(text: &str) -> String {
    if text.contains('\n') { text.replace('\n', " ") } else { text.to_owned() }
}
