//! The logical content of an index as lines of text, whatever its segments and document numbers:
//! two indexes of the same articles give the same lines. Which of two articles was the first to
//! bring a passage depends on the run and is left out, and so is where the words of a quote are
//! indexed: they are shown as a search would find them.

use std::collections::BTreeMap;
use std::fmt::Write;

use tantivy::columnar::DynamicColumn;
use tantivy::postings::Postings;
use tantivy::schema::{Field, FieldType, IndexRecordOption, Schema};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

use super::error::IndexError;
use super::passages_of::PassagesOf;
use super::places::Place;
use super::reader::{Index, NAME_END, TextColumn, numbers};
use super::schema::Kind;

impl Index {
    /// One line a document, in order of identity: everything that is indexed or stored of it.
    pub fn dump(&self) -> Result<Vec<String>, IndexError> {
        let mut lines = Vec::new();
        for (ord, segment) in self.segments() {
            lines.extend(self.dump_segment(ord, segment)?);
        }
        lines.sort_unstable();
        let roots = self.roots().iter().map(|root| format!("root {} {}", root.label, root.path));
        lines.splice(0..0, roots);
        Ok(lines)
    }

    fn dump_segment(&self, ord: u32, segment: &SegmentReader) -> Result<Vec<String>, IndexError> {
        let mut lines: BTreeMap<DocId, String> = BTreeMap::new();
        for kind in [Kind::Article, Kind::Passage, Kind::Quote, Kind::File] {
            for doc in self.of_kind(segment, kind)? {
                lines.insert(doc, self.identity(ord, segment, kind, doc)?);
            }
        }
        let schema = self.searcher.schema();
        for (field, entry) in schema.fields() {
            if entry.is_indexed() && !OF_THE_RUN.contains(&entry.name()) {
                dump_terms(segment, schema, field, &mut lines)?;
            }
            if entry.is_fast() && !OF_THE_RUN.contains(&entry.name()) {
                dump_column(segment, entry.name(), &mut lines)?;
            }
        }
        for (quote, words) in self.quoted_words(ord, segment)? {
            if let Some(line) = lines.get_mut(&quote) {
                let _ = write!(line, " words:{}", words.join(" "));
            }
        }
        Ok(lines.into_values().collect())
    }

    /// The words of every quote as the index has them: with the quote, or in the passage beside it.
    fn quoted_words(
        &self,
        ord: u32,
        segment: &SegmentReader,
    ) -> Result<BTreeMap<DocId, Vec<String>>, IndexError> {
        let alone = words_of(segment, self.fields.words)?;
        let in_passages = words_of(segment, self.fields.text)?;
        let layout = self.layout(ord)?;
        let mut quoted = BTreeMap::new();
        for quote in self.of_kind(segment, Kind::Quote)? {
            let own = alone.get(&quote).cloned().unwrap_or_default();
            let (article, mut words) = (layout.article_of(quote), own);
            let passages = PassagesOf::open(self, (ord, article))?;
            for Place { passage, start, length } in layout.places(quote, layout.row(quote)) {
                let Ok((_, beside)) = passages.at(passage) else { continue };
                let all = in_passages.get(&beside).map_or(&[][..], Vec::as_slice);
                words.extend(all.iter().skip(start as usize).take(length as usize).cloned());
            }
            quoted.insert(quote, words);
        }
        Ok(quoted)
    }

    /// What a line begins with, and the stored fields.
    fn identity(
        &self,
        ord: u32,
        segment: &SegmentReader,
        kind: Kind,
        doc: DocId,
    ) -> Result<String, IndexError> {
        let mut names = TextColumn::open(segment, "name")?;
        let name = names.get(doc).unwrap_or_default().replace(NAME_END, ":");
        let number = |column: &str| -> Result<u64, IndexError> {
            Ok(numbers(segment, column)?.first(doc).unwrap_or_default())
        };
        Ok(match kind {
            Kind::Article => format!("article {name} {:?}", self.stored_article((ord, doc))?),
            Kind::Passage => {
                format!("passage {:016x} {:?}", number("pid")?, self.text_at((ord, doc))?)
            }
            Kind::Quote => {
                let layout = self.layout(ord)?;
                let of = names.get(layout.article_of(doc)).unwrap_or_default();
                format!("quote {} {}", of.replace(NAME_END, ":"), layout.nth(doc))
            }
            Kind::File => format!("file {name}"),
        })
    }
}

/// Fields that tell how the run went, not what the articles say.
const OF_THE_RUN: [&str; 8] =
    ["own", "foreign", "passages", "carries", "row", "parts", "touches", "words"];

/// The words of every document in a field, in order.
fn words_of(
    segment: &SegmentReader,
    field: Field,
) -> Result<BTreeMap<DocId, Vec<String>>, IndexError> {
    let mut placed: BTreeMap<DocId, BTreeMap<u32, String>> = BTreeMap::new();
    let inverted = segment.inverted_index(field)?;
    let mut terms = inverted.terms().stream()?;
    let mut positions = Vec::new();
    while let Some((term, info)) = terms.next() {
        let record = IndexRecordOption::WithFreqsAndPositions;
        let mut docs = inverted.read_postings_from_terminfo(info, record)?;
        while docs.doc() != TERMINATED {
            docs.positions(&mut positions);
            let word = String::from_utf8_lossy(term);
            let words = placed.entry(docs.doc()).or_default();
            words.extend(positions.iter().map(|&at| (at, word.clone().into_owned())));
            docs.advance();
        }
    }
    Ok(placed.into_iter().map(|(doc, words)| (doc, words.into_values().collect())).collect())
}

/// Adds every term of a field to the documents that hold it, with how often and where.
fn dump_terms(
    segment: &SegmentReader,
    schema: &Schema,
    field: Field,
    lines: &mut BTreeMap<DocId, String>,
) -> Result<(), IndexError> {
    let entry = schema.get_field_entry(field);
    let inverted = segment.inverted_index(field)?;
    let mut terms = inverted.terms().stream()?;
    let mut positions = Vec::new();
    while let Some((term, info)) = terms.next() {
        let shown = match entry.field_type() {
            FieldType::Str(_) => String::from_utf8_lossy(term).into_owned(),
            _ => format!("{term:?}"),
        };
        let record = IndexRecordOption::WithFreqsAndPositions;
        let mut docs = inverted.read_postings_from_terminfo(info, record)?;
        while docs.doc() != TERMINATED {
            if let Some(line) = lines.get_mut(&docs.doc()) {
                docs.positions(&mut positions);
                // Writing to a string cannot fail.
                let _ = write!(line, " {}={shown:?}", entry.name());
                let _ = write!(line, "*{}{positions:?}", docs.term_freq());
            }
            docs.advance();
        }
    }
    Ok(())
}

/// Adds every value of a column to its document.
fn dump_column(
    segment: &SegmentReader,
    name: &str,
    lines: &mut BTreeMap<DocId, String>,
) -> Result<(), IndexError> {
    for handle in segment.fast_fields().dynamic_column_handles(name)? {
        let column = handle.open()?;
        for (&doc, line) in lines.iter_mut() {
            let values = match &column {
                DynamicColumn::U64(column) => {
                    format!("{:?}", column.values_for_doc(doc).collect::<Vec<_>>())
                }
                DynamicColumn::I64(column) => {
                    format!("{:?}", column.values_for_doc(doc).collect::<Vec<_>>())
                }
                DynamicColumn::Str(column) => {
                    let mut texts = Vec::new();
                    for ord in column.term_ords(doc) {
                        let mut text = String::new();
                        column.ord_to_str(ord, &mut text)?;
                        texts.push(text);
                    }
                    format!("{texts:?}")
                }
                _ => continue,
            };
            if values != "[]" {
                let _ = write!(line, " {name}:{values}");
            }
        }
    }
    Ok(())
}
