//! From an article and its annotation to the documents of the index. Pure; who writes them, and
//! which passages are there already, is the writer's business.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use super::codec::{self, Head, thousandths};
use super::doc::{Doc, Placed};
use super::names::{number_of, value_of};
use super::places::{Cut, Place, Row, Stand};
use super::reader::{NAME_END, bucket, owner_key};
use super::schema::{Fields, Kind};
use super::types::{ArticleDocs, FileRecord};
use super::words::quote_id_of;
use crate::article::{Article, Entity, Metadata, Quote};
use crate::dedup::passage_key;
use crate::segment::paragraphs;
use crate::text::Span;

/// The documents of one article. Those of its quotes are made one by one when they are wanted: there
/// may be very many.
pub struct Documents {
    /// Its number.
    pub owner: u64,
    /// Its distinct passages as they first come: identity and where each stands.
    pub passages: Vec<(u64, Span)>,
    /// Its quotes.
    pub quotes: Vec<Quote>,
    /// The article, but for what is known when it is written.
    head: Doc,
    mentions: Mentions,
    cuts: Cuts,
}

/// An article cut into paragraphs, and those with quotes into words.
struct Cuts {
    text: Arc<String>,
    spans: Vec<Span>,
    /// Number of the distinct passage of each paragraph.
    order: Vec<u32>,
    /// Those with the quotes that were looked at last.
    cut: FxHashMap<usize, Cut>,
    /// Room for the words of a quote.
    normal: String,
}

/// Paragraphs that are kept cut: quotes come in the order of the text.
const KEPT_CUT: usize = 64;

/// Runs of words of a quote: seldom more than these.
type Places = SmallVec<[Place; 4]>;

/// The words of a quote.
enum Words {
    /// They are nothing but runs of words of passages.
    Runs(Places),
    /// They are not: as they are shown, and how many.
    Own(String, u32),
}

impl Cuts {
    /// Numbers of the paragraphs that a span touches.
    fn touched(&self, span: Span) -> std::ops::Range<usize> {
        let first = self.spans.partition_point(|paragraph| paragraph.end() <= span.start());
        let after = self.spans.partition_point(|paragraph| paragraph.start() < span.end());
        first..after.max(first)
    }

    fn cut(&mut self, paragraph: usize) -> &Cut {
        if self.cut.len() > KEPT_CUT && !self.cut.contains_key(&paragraph) {
            self.cut.clear();
        }
        let text = self.spans[paragraph].of(&self.text);
        self.cut.entry(paragraph).or_insert_with(|| Cut::new(text))
    }

    /// Where the words of some spans stand; what they are is added to `normal`, a space behind each.
    /// `None` where a span cuts through a word, or there is too much of it.
    fn runs(&mut self, content: &[Span], normal: &mut String) -> Option<Places> {
        let mut places = Places::new();
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
        (!places.is_empty()).then_some(places)
    }

    /// The identity of a quote, and its words.
    fn words_of(&mut self, quote: &Quote) -> (u64, Words) {
        let key = quote.speaker.as_ref().map_or("", |speaker| speaker.key.as_str());
        let mut normal = std::mem::take(&mut self.normal);
        normal.clear();
        let words = match self.runs(&quote.content, &mut normal) {
            Some(places) => Words::Runs(places),
            None => {
                let words = joined(&quote.content, &self.text);
                let cut = Cut::new(&words);
                normal.clear();
                normal.push_str(cut.normal(&(0..cut.len())));
                Words::Own(words, cut.len() as u32)
            }
        };
        let id = quote_id_of(&mut normal, key);
        self.normal = normal;
        (id, words)
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
        let cuts = Cuts { text, spans, order, cut: FxHashMap::default(), normal: String::new() };

        let mut head = Doc(Vec::with_capacity(24));
        head.u64(fields.doc, Kind::Article as u64);
        head.u64(fields.owner, owner);
        head.u64(fields.file, owner_key(&root, &file));
        head.text(fields.name, format!("{root}{NAME_END}{id}"));
        head.u64(fields.hash, record);
        head.u64(fields.paragraphs, cuts.spans.len() as u64);
        head.u64(fields.quotes, annotation.quotes.len() as u64);
        describe(&mut head, &meta, fields);
        let entities = &annotation.entities;
        let terms: Vec<_> = entities.iter().map(|one| value_of(&one.key, &one.name)).collect();
        head.placed(fields.entities, named(entities, &terms, &cuts));
        let mentions = Mentions::of(entities, &terms);
        head.streams(fields.record, streams);

        Documents { owner, passages, quotes: annotation.quotes, head, mentions, cuts }
    }

    /// Its text, shared by the documents.
    pub fn text(&self) -> &Arc<String> {
        &self.cuts.text
    }

    /// How many paragraphs it has, repeats counted.
    pub fn paragraphs(&self) -> usize {
        self.cuts.spans.len()
    }

    /// The document of the article itself, once it is known which of its passages are `new` to the index
    /// and will be written beside it.
    pub fn article(&mut self, new: &[bool], fields: &Fields) -> Doc {
        let mut head = std::mem::take(&mut self.head);
        head.u64(fields.own, new.iter().filter(|new| **new).count() as u64);
        for (number, (&(pid, _), _)) in
            self.passages.iter().zip(new).enumerate().filter(|(_, (_, new))| !**new)
        {
            head.u64(fields.foreign, number as u64);
            head.u64(fields.passages, pid);
            head.u64(fields.carries, bucket(pid));
        }
        head
    }

    /// The document of a quote: one that stands in passages of which not all are `new` must bring its
    /// words itself.
    pub fn quote(&mut self, number: usize, new: &[bool], fields: &Fields) -> Doc {
        let (quote, cuts) = (&self.quotes[number], &mut self.cuts);
        let mut doc = Doc(Vec::with_capacity(8));
        if let Some(speaker) = &quote.speaker {
            doc.text(fields.speaker, value_of(&speaker.key, &speaker.name));
        }
        for number in self.mentions.inside(quote) {
            doc.u64(fields.mentions, number);
        }
        let (id, words) = cuts.words_of(quote);
        doc.u64(fields.quote_id, id);
        let places = match words {
            Words::Runs(places) => places,
            Words::Own(words, count) => {
                doc.u64(fields.row, row_of(quote, Stand::Apart(count)));
                let touched = quote.content.iter().flat_map(|&part| cuts.touched(part));
                touch(&mut doc, touched.map(|paragraph| cuts.order[paragraph]).collect(), fields);
                doc.text(fields.words, words);
                return doc;
            }
        };
        let words = places.iter().map(|place| place.length).sum();
        let is_new = |place: &Place| new.get(place.passage as usize).is_some_and(|&new| new);
        match places.as_slice() {
            [only] if is_new(only) => doc.u64(fields.row, row_of(quote, Stand::Run(*only))),
            all if all.iter().all(is_new) => {
                doc.u64(fields.row, row_of(quote, Stand::Runs(words)));
                all.iter().for_each(|place| doc.u64(fields.parts, place.pack()));
            }
            all => {
                doc.u64(fields.row, row_of(quote, Stand::Apart(words)));
                touch(&mut doc, all.iter().map(|place| place.passage).collect(), fields);
                match quote.content.as_slice() {
                    [only] => doc.part(fields.words, &cuts.text, only.start()..only.end()),
                    parts => doc.text(fields.words, joined(parts, &cuts.text)),
                }
            }
        }
        doc
    }

    /// The identities of its quotes.
    pub fn quote_ids(&mut self) -> Vec<u64> {
        let cuts = &mut self.cuts;
        self.quotes.iter().map(|quote| cuts.words_of(quote).0).collect()
    }
}

/// The distinct passages in the order in which they first come, and the number of each paragraph's.
fn distinct(spans: &[Span], text: &str) -> (Vec<(u64, Span)>, Vec<u32>) {
    let room = spans.len();
    let mut numbers: FxHashMap<u64, u32> = FxHashMap::with_capacity_and_hasher(room, FxBuildHasher);
    let (mut passages, mut order) = (Vec::with_capacity(room), Vec::with_capacity(room));
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

/// The row of a quote that stands so.
fn row_of(quote: &Quote, stand: Stand) -> u64 {
    Row { stand, confidence: thousandths(quote.confidence), kind: quote.kind as u64 }.pack()
}

/// Notes the passages that a quote touches, by their numbers.
fn touch(doc: &mut Doc, mut numbers: Vec<u32>, fields: &Fields) {
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().for_each(|number| doc.u64(fields.touches, u64::from(number)));
}

/// Every entity of the article, once for each mention, in the number of the passage it is in.
fn named(entities: &[Entity], terms: &[Cow<'_, str>], cuts: &Cuts) -> Placed {
    let number = |span: Span| {
        let paragraph = cuts.spans.partition_point(|paragraph| paragraph.end() <= span.start());
        cuts.order.get(paragraph).copied().unwrap_or_default()
    };
    let mut named: Vec<(&str, &Entity)> =
        terms.iter().map(|term| term.as_ref()).zip(entities).collect();
    named.sort_by_key(|(term, _)| *term);
    let (mut placed, mut numbers) = (Placed::default(), Vec::new());
    for same in named.chunk_by(|a, b| a.0 == b.0) {
        let mentions = same.iter().flat_map(|(_, entity)| &entity.mentions);
        numbers.clear();
        numbers.extend(mentions.map(|mention| number(mention.span)));
        if numbers.is_empty() {
            numbers.push(0);
        }
        numbers.sort_unstable();
        placed.add(same[0].0, numbers.iter().copied());
    }
    placed
}

/// The mentions of an article in the order of its text, so that a quote need not look at all of them.
struct Mentions {
    /// The numbers of the entities' terms.
    numbers: Vec<u64>,
    /// Where, and the number of the entity.
    places: Vec<(Span, usize)>,
}

impl Mentions {
    fn of(entities: &[Entity], terms: &[Cow<'_, str>]) -> Mentions {
        let places = entities.iter().enumerate().flat_map(|(number, entity)| {
            entity.mentions.iter().map(move |mention| (mention.span, number))
        });
        let mut places: Vec<(Span, usize)> = places.collect();
        places.sort_unstable();
        Mentions { numbers: terms.iter().map(|term| number_of(term)).collect(), places }
    }

    /// The entities that are named in the words of a quote, each once.
    fn inside(&self, quote: &Quote) -> SmallVec<[u64; 8]> {
        let mut inside = SmallVec::new();
        for part in &quote.content {
            let first = self.places.partition_point(|(span, _)| span.start() < part.start());
            let near =
                self.places[first..].iter().take_while(|(span, _)| span.start() < part.end());
            let near = near.filter(|(span, _)| part.contains(*span));
            inside.extend(near.map(|&(_, entity)| self.numbers[entity]));
        }
        inside.sort_unstable();
        inside.dedup();
        inside
    }
}
