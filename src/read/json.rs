//! One JSON object as an article. Fields nobody asks for are passed over without being built.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::clean::Clean;
use super::fields::{self, SLOTS, Slot};
use super::scan::Scanner;
use super::{RawRecord, ReadOptions, dates, furniture, layout, markup, meta};
use crate::article::{Article, Metadata, Part};
use crate::report::{Problem, ProblemKind};

/// Deeper than any real document, and than the parser goes.
const MAX_DEPTH: usize = 120;

/// Reads an article from a JSON object.
pub fn parse(record: &RawRecord, options: &ReadOptions) -> Result<Article, Problem> {
    let text = std::str::from_utf8(&record.bytes).map_err(|error| {
        let reason = format!("not UTF-8 at byte {} of the record", error.valid_up_to());
        record.problem(ProblemKind::Malformed, reason)
    })?;
    match draft(text, options) {
        Ok(draft) => article(record, &draft, options),
        Err(error) => match super::mend::mend(text) {
            Some(mended) => match draft(&mended, options) {
                Ok(draft) => article(record, &draft, options),
                Err(_) => Err(malformed(record, &error)),
            },
            None => Err(malformed(record, &error)),
        },
    }
}

fn draft<'a>(text: &'a str, options: &ReadOptions) -> serde_json::Result<Draft<'a>> {
    let mut draft = Draft::default();
    let mut parser = serde_json::Deserializer::from_str(text);
    Fields { draft: &mut draft, options }.deserialize(&mut parser)?;
    parser.end()?;
    Ok(draft)
}

fn malformed(record: &RawRecord, error: &serde_json::Error) -> Problem {
    if let Some(problem) = too_deep(record) {
        return problem;
    }
    let told = error.to_string();
    let what = told.rfind(" at line ").map_or(told.as_str(), |end| &told[..end]);
    let reason = match error.is_eof() {
        true => format!("cut short: {what}"),
        false => format!("not a JSON article: {what}"),
    };
    let mut problem = record.problem(ProblemKind::Malformed, reason);
    if error.line() > 0 {
        let line = record.line + error.line() as u64 - 1;
        problem.place = Some(format!("line {line}, column {}", error.column()));
    }
    problem
}

fn too_deep(record: &RawRecord) -> Option<Problem> {
    let mut scanner = Scanner::default();
    scanner.close(&record.bytes);
    let deep = scanner.deepest > MAX_DEPTH;
    let reason = || format!("nested {} deep", scanner.deepest);
    deep.then(|| record.problem(ProblemKind::TooDeep, reason()))
}

/// The article that the fields give.
fn article(record: &RawRecord, draft: &Draft, options: &ReadOptions) -> Result<Article, Problem> {
    if let Some(key) = &draft.twice {
        let reason = format!("the field {key:?} stands there twice, with different values");
        return Err(record.problem(ProblemKind::Malformed, reason));
    }
    let mut meta = draft.metadata();
    let body = draft.get(Slot::Text).map(words).filter(|text| !super::clean::is_blank(text));
    let Some(body) = body else {
        let page = draft.get(Slot::Page).and_then(Loose::text);
        return match page {
            Some(page) => super::html::article_of_page(record, page, meta),
            None => Err(too_deep(record).unwrap_or_else(|| no_text(record, options))),
        };
    };
    let mut clean = Clean::new(&body);
    if let Some(title) = meta.title.as_deref().filter(|title| !opens_with(&body, title)) {
        clean.paragraph(Part::Title);
        clean.insert(title, 0);
    }
    match markup::is_markup(&body) {
        true => markup::copy_body(&body, &mut clean),
        false => layout::copy_paragraphs(&body, 0..body.len(), &mut clean),
    }
    let mut cleaned = clean.finish();
    furniture::settle(&mut cleaned, &mut meta);
    Ok(super::assemble(record, meta, cleaned))
}

fn no_text(record: &RawRecord, options: &ReadOptions) -> Problem {
    let field = options.fields.iter().rev().find(|(name, _)| name == "text");
    let reason = match field {
        Some((_, field)) => format!("no text in the field {field:?}"),
        None => {
            "no text: none of its fields holds the body of an article (see --field)".to_string()
        }
    };
    record.problem(ProblemKind::NoText, reason)
}

/// Whether the body opens with the headline.
fn opens_with(body: &str, title: &str) -> bool {
    let mut body = body.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    let mut title = title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    title.all(|c| body.next() == Some(c))
}

/// The fields of one object, the best of each kind.
#[derive(Default)]
struct Draft<'a> {
    best: [Option<(usize, Cow<'a, str>, Loose<'a>)>; SLOTS],
    twice: Option<String>,
}

impl<'a> Draft<'a> {
    fn get(&self, slot: Slot) -> Option<&Loose<'a>> {
        self.best[slot as usize].as_ref().map(|(_, _, value)| value)
    }

    /// Keeps a value, unless a better one is there.
    fn offer(&mut self, slot: Slot, rank: usize, key: Cow<'a, str>, value: Loose<'a>) {
        if value.is_empty() {
            return;
        }
        let place = &mut self.best[slot as usize];
        match place {
            Some((known, old, there)) if *known == rank && *old == key && *there != value => {
                self.twice = Some(key.into_owned());
            }
            Some((known, ..)) if *known <= rank => {}
            _ => *place = Some((rank, key, value)),
        }
    }

    fn metadata(&self) -> Metadata {
        let line = |slot| self.get(slot).and_then(Loose::name).and_then(meta::line);
        let mut url = line(Slot::Url);
        let mut outlet = line(Slot::Outlet);
        if let Some(host) = outlet.as_deref().and_then(meta::host) {
            url = url.or(outlet);
            outlet = Some(host);
        }
        Metadata {
            title: line(Slot::Title),
            authors: self.get(Slot::Authors).map(authors).unwrap_or_default(),
            outlet: outlet.or_else(|| url.as_deref().and_then(meta::host)),
            date: self.get(Slot::Date).and_then(date),
            language: line(Slot::Language).and_then(|value| meta::language(&value)),
            url,
        }
    }
}

fn date(value: &Loose) -> Option<jiff::civil::DateTime> {
    match value {
        Loose::Number(number) => dates::from_epoch(*number),
        Loose::Text(text) => dates::parse(text),
        Loose::List(list) => list.iter().find_map(date),
        Loose::Map(map) => map.iter().find_map(|(_, value)| date(value)),
        Loose::Null => None,
    }
}

fn authors(value: &Loose) -> Vec<String> {
    let mut found = Vec::new();
    let mut add = |text: &str| {
        let fresh: Vec<_> =
            meta::line(text).map(|line| furniture::names(&line)).unwrap_or_default();
        found.extend(fresh);
    };
    match value {
        Loose::List(list) => list.iter().filter_map(Loose::name).for_each(&mut add),
        other => other.name().into_iter().for_each(&mut add),
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|name: &String| seen.insert(name.clone()));
    found
}

/// All the words of a body, whatever it is made of, in order.
fn words<'v>(value: &'v Loose) -> Cow<'v, str> {
    if let Loose::Text(text) = value {
        return Cow::Borrowed(text);
    }
    let mut pieces = Vec::new();
    gather(value, &mut pieces);
    Cow::Owned(pieces.join("\n\n"))
}

fn gather<'v>(value: &'v Loose, pieces: &mut Vec<&'v str>) {
    const KEYS: [&str; 13] = [
        "summary",
        "sections",
        "headline",
        "heading",
        "title",
        "paragraphs",
        "text",
        "content",
        "body",
        "value",
        "children",
        "items",
        "articleBody",
    ];
    match value {
        Loose::Text(text) => pieces.push(text),
        Loose::List(list) => list.iter().for_each(|value| gather(value, pieces)),
        Loose::Map(map) => {
            let wanted = map.iter().filter(|(key, _)| KEYS.contains(&key.as_ref()));
            wanted.for_each(|(_, value)| gather(value, pieces));
        }
        Loose::Null | Loose::Number(_) => {}
    }
}

/// The value of a field that somebody asked for.
#[derive(Clone, Debug, PartialEq)]
enum Loose<'a> {
    Null,
    Number(f64),
    Text(Cow<'a, str>),
    List(Vec<Loose<'a>>),
    Map(Vec<(Cow<'a, str>, Loose<'a>)>),
}

impl Loose<'_> {
    fn is_empty(&self) -> bool {
        match self {
            Loose::Null => true,
            Loose::Number(_) => false,
            Loose::Text(text) => text.trim().is_empty(),
            Loose::List(list) => list.iter().all(Loose::is_empty),
            Loose::Map(map) => map.iter().all(|(_, value)| value.is_empty()),
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Loose::Text(text) => Some(text),
            Loose::List(list) => list.iter().find_map(Loose::text),
            _ => None,
        }
    }

    /// A text, the first of a list, or what an object calls its name.
    fn name(&self) -> Option<&str> {
        const KEYS: [&str; 8] = ["name", "main", "title", "original", "url", "@id", "id", "domain"];
        match self {
            Loose::Text(text) => Some(text),
            Loose::List(list) => list.iter().find_map(Loose::name),
            Loose::Map(map) => KEYS.iter().find_map(|key| {
                let (_, value) = map.iter().find(|(name, _)| name == key)?;
                value.name().filter(|name| !name.trim().is_empty())
            }),
            Loose::Null | Loose::Number(_) => None,
        }
    }
}

impl<'de> Deserialize<'de> for Loose<'de> {
    fn deserialize<D: Deserializer<'de>>(parser: D) -> Result<Self, D::Error> {
        parser.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Loose::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Loose::Null)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Loose::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Loose::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Loose::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Owned(text.to_string())))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Borrowed(text)))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = values.next_element()? {
            list.push(value);
        }
        Ok(Loose::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = Vec::new();
        while let Some(Key(key)) = entries.next_key()? {
            map.push((key, entries.next_value()?));
        }
        Ok(Loose::Map(map))
    }
}

/// A field name, borrowed where it has no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(parser: D) -> Result<Self, D::Error> {
        match Loose::deserialize(parser)? {
            Loose::Text(key) => Ok(Key(key)),
            _ => Ok(Key(Cow::Borrowed(""))),
        }
    }
}

/// Sorts the fields of an object into the draft.
struct Fields<'d, 'a, 'o> {
    draft: &'d mut Draft<'a>,
    options: &'o ReadOptions,
}

impl<'de> DeserializeSeed<'de> for Fields<'_, 'de, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<(), D::Error> {
        parser.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Fields<'_, 'de, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = entries.next_key()? {
            match self.wants(&key, "") {
                true => self.sort(key, entries.next_value()?, "", 0),
                false => {
                    entries.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Added to the rank of what is only taken where nothing better is found.
const UNSURE: usize = 1000;

/// How many objects around the fields are looked into.
const WRAPPERS: usize = 3;

impl<'a> Fields<'_, 'a, '_> {
    /// The slot and rank of a field; what the user named comes first and alone.
    fn slot(&self, key: &str, path: &str, depth: usize) -> Option<(Slot, usize)> {
        let named = self
            .options
            .fields
            .iter()
            .rev()
            .find(|(_, field)| field.strip_prefix(path) == Some(key));
        if let Some(slot) = named.and_then(|(name, _)| fields::named_slot(name)) {
            return Some((slot, 0));
        }
        let (slot, rank) = fields::slot(key)?;
        let named = |(name, _): &(String, String)| fields::named_slot(name) == Some(slot);
        (!self.options.fields.iter().any(named)).then_some((slot, 1 + rank + 100 * depth))
    }

    /// Whether the user named a field inside this one.
    fn leads_on(&self, key: &str, path: &str) -> bool {
        self.options.fields.iter().any(|(_, field)| {
            let inner = field.strip_prefix(path).and_then(|field| field.strip_prefix(key));
            inner.is_some_and(|rest| rest.starts_with('.'))
        })
    }

    fn wants(&self, key: &str, path: &str) -> bool {
        fields::is_wrapper(key) || self.slot(key, path, 0).is_some() || self.leads_on(key, path)
    }

    /// Offers a value to its slot, or sorts the fields inside it.
    fn sort(&mut self, key: Cow<'a, str>, value: Loose<'a>, path: &str, depth: usize) {
        let slot = self.slot(&key, path, depth);
        let inside = depth < WRAPPERS && (self.leads_on(&key, path) || fields::is_wrapper(&key));
        match (value, slot) {
            (Loose::Map(map), _) if inside && (slot.is_none() || holds_article(&map)) => {
                let path = format!("{path}{key}.");
                for (key, value) in map {
                    if self.wants(&key, &path) {
                        self.sort(key, value, &path, depth + 1);
                    }
                }
            }
            (value, Some((slot, rank))) if slot != Slot::Wrapper => {
                if slot == Slot::Outlet && value.text().is_some_and(|text| text.contains("://")) {
                    self.draft.offer(Slot::Url, UNSURE + rank, key.clone(), value.clone());
                }
                self.draft.offer(slot, rank, key, value);
            }
            _ => {}
        }
    }
}

/// Whether an object is an article itself, and not the name of an outlet in pieces.
fn holds_article(map: &[(Cow<str>, Loose)]) -> bool {
    map.iter().any(|(key, value)| fields::is_text(key) && !matches!(value, Loose::List(_)))
}
