//! From an article and its annotation to the documents of the index. Pure; who writes them, and
//! which passages are there already, is the writer's business.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::codec::{self, Head, thousandths};
use super::doc::{Doc, Leaf};
use super::names::value_of;
use super::places::{Cut, Place, Row, Stand};
use super::reader::{NAME_END, bucket, owner_key};
use super::schema::{AT, Fields, Kind};
use super::types::{ArticleDocs, FileRecord};
use super::words::quote_id_of;
use crate::article::{Annotation, Article, Entity, Metadata, Quote};
use crate::dedup::passage_key;
use crate::segment::paragraphs;
use crate::text::Span;

/// The documents of one article.
pub struct Documents {
    /// Its number.
    pub owner: u64,
    /// The article itself and its quotes, the article first.
    pub own: Vec<Doc>,
    /// Its distinct passages as they first come: identity and where each stands.
    pub passages: Vec<(u64, Span)>,
    /// Paragraphs, repeats counted.
    pub paragraphs: usize,
    /// Its text, shared by the documents.
    pub text: Arc<String>,
    /// Quotes without a speaker.
    pub unknown: usize,
    /// Quotes whose words may be left to the passage they stand in.
    resting: Vec<Resting>,
}

/// A quote that is nothing but runs of words of passages.
struct Resting {
    /// Its document in `own`.
    doc: usize,
    places: Vec<Place>,
    content: Vec<Span>,
    row: Row,
}

/// An article cut into paragraphs, and those with quotes into words.
struct Cuts {
    text: Arc<String>,
    spans: Vec<Span>,
    /// Number of the distinct passage of each paragraph.
    order: Vec<u32>,
    cuts: Vec<Option<Cut>>,
}

impl Cuts {
    /// Numbers of the paragraphs that a span touches.
    fn touched(&self, span: Span) -> std::ops::Range<usize> {
        let first = self.spans.partition_point(|paragraph| paragraph.end() <= span.start());
        let after = self.spans.partition_point(|paragraph| paragraph.start() < span.end());
        first..after.max(first)
    }

    fn cut(&mut self, paragraph: usize) -> &Cut {
        let text = self.spans[paragraph].of(&self.text);
        self.cuts[paragraph].get_or_insert_with(|| Cut::new(text))
    }

    /// Where the words of some spans stand, and what they are, a space behind each; `None` where a
    /// span cuts through a word, or there is too much of it.
    fn runs(&mut self, content: &[Span]) -> Option<(Vec<Place>, String)> {
        let (mut places, mut normal) = (Vec::with_capacity(content.len()), String::new());
        for part in content {
            for paragraph in self.touched(*part) {
                let (number, span) = (self.order[paragraph], self.spans[paragraph]);
                let start = part.start().max(span.start()) - span.start();
                let end = part.end().min(span.end()) - span.start();
                let cut = self.cut(paragraph);
                let words = cut.within(start..end)?;
                normal.push_str(cut.normal(&words));
                places.push(Place::new(number, &words)?);
            }
        }
        if places.len() > 1 {
            places.retain(|place| place.length > 0);
        }
        (!places.is_empty()).then_some((places, normal))
    }
}

impl Documents {
    /// Lays out an article.
    pub fn new(docs: ArticleDocs, fields: &Fields) -> Documents {
        let ArticleDocs { root, file, record, article, annotation } = docs;
        let owner = owner_key(&root, &article.id);
        let Article { id, path, meta, text, parts, .. } = article;
        let spans = paragraphs(&text);
        let (passages, order) = distinct(&spans, &text);
        let lengths: Vec<u64> = spans.iter().map(|span| span.len() as u64).collect();
        let stored = Head {
            names: [root.as_str(), &id, &path, &file],
            meta: &meta,
            parts: &parts,
            lengths: &lengths,
            order: &order,
        };
        let streams = codec::encode(&stored, &annotation, &text);
        let text = Arc::new(text);
        let cuts = spans.iter().map(|_| None).collect();
        let mut cuts = Cuts { text: Arc::clone(&text), spans, order, cuts };

        let mut head = Doc(Vec::with_capacity(24));
        head.u64(fields.doc, Kind::Article as u64);
        head.u64(fields.owner, owner);
        head.u64(fields.file, owner_key(&root, &file));
        head.text(fields.name, format!("{root}{NAME_END}{id}"));
        head.u64(fields.hash, record);
        head.u64(fields.paragraphs, cuts.spans.len() as u64);
        head.u64(fields.quotes, annotation.quotes.len() as u64);
        describe(&mut head, &meta, fields);
        head.text(fields.entities, entity_lines(&annotation, &cuts));
        head.streams(fields.record, streams);

        let unknown = annotation.quotes.iter().filter(|quote| quote.speaker.is_none()).count();
        let mut documents = Documents {
            owner,
            own: Vec::with_capacity(1 + annotation.quotes.len()),
            passages,
            paragraphs: cuts.spans.len(),
            text,
            unknown,
            resting: Vec::new(),
        };
        documents.own.push(head);
        let mentions = Mentions::of(&annotation);
        for quote in &annotation.quotes {
            documents.add_words(quote, quote_doc(quote, &mentions, fields), &mut cuts, fields);
        }
        documents
    }

    /// Adds a quote document with its words, or a note of where they are.
    fn add_words(&mut self, quote: &Quote, mut doc: Doc, cuts: &mut Cuts, fields: &Fields) {
        let key = quote.speaker.as_ref().map_or("", |speaker| speaker.key.as_str());
        if let Some((places, normal)) = cuts.runs(&quote.content) {
            doc.u64(fields.quote_id, quote_id_of(&normal, key));
            let (content, row) = (quote.content.clone(), row_of(quote, 0));
            self.resting.push(Resting { doc: self.own.len(), places, content, row });
            return self.own.push(doc);
        }
        let words = joined(&quote.content, &cuts.text);
        let cut = Cut::new(&words);
        doc.u64(fields.quote_id, quote_id_of(cut.normal(&(0..cut.len())), key));
        doc.u64(fields.row, row_of(quote, cut.len() as u32).pack());
        let touched = quote.content.iter().flat_map(|&part| cuts.touched(part));
        touch(&mut doc, touched.map(|paragraph| cuts.order[paragraph]).collect(), fields);
        doc.text(fields.words, words);
        self.own.push(doc);
    }

    /// Completes the documents when it is known which of the passages are new to the index and so
    /// will be written beside them: a quote in any other must bring its words itself.
    pub fn settle(&mut self, new: &[bool], fields: &Fields) {
        let is_new = |place: &Place| new.get(place.passage as usize).is_some_and(|&new| new);
        for Resting { doc, places, content, row } in std::mem::take(&mut self.resting) {
            let doc = &mut self.own[doc];
            let words = places.iter().map(|place| place.length).sum();
            let stands = |stand, doc: &mut Doc| doc.u64(fields.row, Row { stand, ..row }.pack());
            match places.as_slice() {
                [only] if is_new(only) => stands(Stand::Run(*only), doc),
                all if all.iter().all(is_new) => {
                    stands(Stand::Runs(words), doc);
                    all.iter().for_each(|place| doc.u64(fields.parts, place.pack()));
                }
                all => {
                    stands(Stand::Apart(words), doc);
                    touch(doc, all.iter().map(|place| place.passage).collect(), fields);
                    match content.as_slice() {
                        [only] => doc.part(fields.words, &self.text, only.start()..only.end()),
                        parts => doc.text(fields.words, joined(parts, &self.text)),
                    }
                }
            }
        }
        let head = &mut self.own[0];
        head.u64(fields.own, new.iter().filter(|new| **new).count() as u64);
        for (number, (&(pid, _), _)) in
            self.passages.iter().zip(new).enumerate().filter(|(_, (_, new))| !**new)
        {
            head.u64(fields.foreign, number as u64);
            head.u64(fields.passages, pid);
            head.u64(fields.carries, bucket(pid));
        }
    }

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

/// The distinct passages in the order in which they first come, and the number of each paragraph's.
fn distinct(spans: &[Span], text: &str) -> (Vec<(u64, Span)>, Vec<u32>) {
    let mut numbers: FxHashMap<u64, u32> = FxHashMap::default();
    let (mut passages, mut order) = (Vec::with_capacity(spans.len()), Vec::new());
    for &span in spans {
        let pid = passage_key(span.of(text));
        let number = *numbers.entry(pid).or_insert_with(|| {
            passages.push((pid, span));
            passages.len() as u32 - 1
        });
        order.push(number);
    }
    (passages, order)
}

/// The document of a passage.
pub fn passage_doc(id: u64, span: Span, text: &Arc<String>, fields: &Fields) -> Doc {
    let mut doc = Doc(Vec::with_capacity(4));
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
    if file.options != 0 {
        doc.u64(fields.size, file.options);
    }
    doc.i64(fields.modified, file.modified);
    doc.u64(fields.hash, file.hash);
    if !file.problems.is_empty() {
        doc.u64(fields.problems, file.problems.len() as u64);
        // Problems are few, and plain data: writing them cannot fail.
        doc.bytes(fields.notes, serde_json::to_vec(&file.problems).unwrap_or_default());
    }
    doc
}

/// What the article says about itself.
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
fn joined(content: &[Span], text: &str) -> String {
    let parts: Vec<&str> = content.iter().map(|part| part.of(text)).collect();
    parts.join(" … ")
}

/// The row of a quote that stands apart with so many words.
fn row_of(quote: &Quote, words: u32) -> Row {
    let (stand, kind) = (Stand::Apart(words), quote.kind as u64);
    Row { stand, confidence: thousandths(quote.confidence), kind }
}

/// Notes the passages that a quote touches, by their numbers.
fn touch(doc: &mut Doc, mut numbers: Vec<u32>, fields: &Fields) {
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().for_each(|number| doc.u64(fields.touches, u64::from(number)));
}

/// All of a quote but its words.
fn quote_doc(quote: &Quote, named: &Mentions, fields: &Fields) -> Doc {
    let mut doc = Doc(Vec::with_capacity(8));
    if let Some(speaker) = &quote.speaker {
        doc.text(fields.speaker, value_of(&speaker.key, &speaker.name));
    }
    let mentions = named.lines(quote);
    if !mentions.is_empty() {
        doc.text(fields.mentions, mentions);
    }
    doc
}

/// Every entity of the article, once for each mention, with the number of the passage it is in.
fn entity_lines(annotation: &Annotation, cuts: &Cuts) -> String {
    let number = |span: Span| {
        let paragraph = cuts.spans.partition_point(|paragraph| paragraph.end() <= span.start());
        cuts.order.get(paragraph).copied().unwrap_or_default()
    };
    let named =
        annotation.entities.iter().map(|entity| (value_of(&entity.key, &entity.name), entity));
    let mut named: Vec<(String, &Entity)> = named.collect();
    named.sort_by(|a, b| a.0.cmp(&b.0));
    let (mut lines, mut numbers) = (String::new(), Vec::new());
    for same in named.chunk_by(|a, b| a.0 == b.0) {
        let mentions = same.iter().flat_map(|(_, entity)| &entity.mentions);
        numbers.clear();
        numbers.extend(mentions.map(|mention| number(mention.span)));
        if numbers.is_empty() {
            numbers.push(0);
        }
        // Positions must ascend.
        numbers.sort_unstable();
        for &number in &numbers {
            lines.push_str(&same[0].0);
            lines.push(AT);
            push_decimal(&mut lines, number);
            lines.push('\n');
        }
    }
    lines
}

fn push_decimal(to: &mut String, n: u32) {
    if n > 9 {
        push_decimal(to, n / 10);
    }
    to.push(char::from(b'0' + (n % 10) as u8));
}

/// The mentions of an article in the order of its text, so that a quote need not look at all of them.
struct Mentions<'a> {
    entities: &'a [Entity],
    /// Where, and the number of the entity.
    places: Vec<(Span, usize)>,
}

impl Mentions<'_> {
    fn of(annotation: &Annotation) -> Mentions<'_> {
        let entities = &annotation.entities;
        let places = entities.iter().enumerate().flat_map(|(number, entity)| {
            entity.mentions.iter().map(move |mention| (mention.span, number))
        });
        let mut places: Vec<(Span, usize)> = places.collect();
        places.sort_unstable();
        Mentions { entities, places }
    }

    /// The entities that are named in the words of a quote, a line each.
    fn lines(&self, quote: &Quote) -> String {
        let mut inside = Vec::new();
        for part in &quote.content {
            let first = self.places.partition_point(|(span, _)| span.start() < part.start());
            let near =
                self.places[first..].iter().take_while(|(span, _)| span.start() < part.end());
            inside.extend(near.filter(|(span, _)| part.contains(*span)).map(|&(_, number)| number));
        }
        inside.sort_unstable();
        inside.dedup();
        let mut lines = String::new();
        for entity in inside.into_iter().map(|number| &self.entities[number]) {
            lines.push_str(&value_of(&entity.key, &entity.name));
            lines.push('\n');
        }
        lines
    }
}
