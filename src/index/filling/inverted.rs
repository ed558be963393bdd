//! The inverted index of a segment under way: which terms its fields have, and where they stand.

use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::{Field, FieldType, Schema};
use tantivy::{DocId, Segment};

use super::super::doc::{Doc, Leaf};
use super::super::schema::Fields;
use super::super::words::{Word, Words};
use super::postings::{Listed, Numbers, Open};
use super::vocabulary::{Found, Vocabulary};

/// Terms and places of all fields that are searched.
pub struct Inverted {
    /// By the number of the field.
    fields: Vec<Terms>,
    /// How many words the documents have in each field where that is kept.
    lengths: FieldNormsWriter,
    words: Vocabulary,
    names: Vocabulary,
    room: Room,
}

/// Words of a text that are looked up together.
const AT_ONCE: usize = 128;

/// Room for the words of a text.
#[derive(Default)]
struct Room {
    spelled: String,
    found: Vec<Found>,
}

/// The terms of a field.
enum Terms {
    /// It is not searched.
    None,
    /// Words of a text, each in the place behind the one before.
    Words(Listed<false>),
    /// Names, which tell their places.
    Names(Listed<true>),
    /// Numbers.
    Numbers(Numbers),
}

impl Inverted {
    /// Of a segment without documents.
    pub fn new(schema: &Schema, fields: &Fields) -> Inverted {
        let terms = schema.fields().map(|(field, entry)| match entry.field_type() {
            kind if !kind.is_indexed() => Terms::None,
            FieldType::U64(_) => Terms::Numbers(Numbers::default()),
            _ if field == fields.entities => Terms::Names(Listed::default()),
            _ => Terms::Words(Listed::default()),
        });
        Inverted {
            fields: terms.collect(),
            lengths: FieldNormsWriter::for_schema(schema),
            words: Vocabulary::default(),
            names: Vocabulary::default(),
            room: Room::default(),
        }
    }

    /// Adds a document, which has at most one text in a field.
    pub fn add(&mut self, document: DocId, doc: &Doc) {
        for (field, leaf) in &doc.0 {
            match (&mut self.fields[field.field_id() as usize], leaf) {
                (Terms::Numbers(numbers), Leaf::U64(number)) => numbers.add(*number, document),
                (Terms::Words(listed), leaf) => {
                    let Some(text) = leaf.text() else { continue };
                    let vocabulary = (&mut self.words, &mut self.room);
                    let count = add_words(text, vocabulary, listed.open(document));
                    self.lengths.record(document, *field, count);
                }
                (Terms::Names(listed), Leaf::Placed(placed)) => {
                    let mut list = listed.open(document);
                    for (name, places) in placed.iter() {
                        let name = self.names.find(name);
                        let number = self.names.number_of(name);
                        places.iter().for_each(|&place| list.push(number, place));
                    }
                }
                _ => {}
            }
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let held = |terms: &Terms| match terms {
            Terms::None => 0,
            Terms::Words(listed) => listed.bytes(),
            Terms::Names(listed) => listed.bytes(),
            Terms::Numbers(numbers) => numbers.bytes(),
        };
        let lists: usize = self.fields.iter().map(held).sum();
        lists + self.lengths.mem_usage() + self.words.bytes() + self.names.bytes()
    }

    /// Bytes needed to write it.
    pub fn room(&self) -> usize {
        // The names are sorted for their field alone, the words for all of theirs.
        let needed = |terms: &Terms| match terms {
            Terms::None | Terms::Numbers(_) => 0,
            Terms::Words(listed) => listed.room(),
            Terms::Names(listed) => listed.room() + self.names.room(),
        };
        self.fields.iter().map(needed).max().unwrap_or(0) + self.words.room()
    }

    /// Writes it as that of a segment with so many documents.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(mut self, documents: DocId, segment: &Segment) -> tantivy::Result<()> {
        self.lengths.fill_up_to_max_doc(documents);
        let to = segment.open_write(SegmentComponent::FieldNorms)?;
        self.lengths.serialize(FieldNormsSerializer::from_write(to)?, None)?;
        let lengths = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;

        let words = self.words.sorted();
        let mut serializer = InvertedIndexSerializer::open(segment)?;
        for (number, terms) in self.fields.iter_mut().enumerate() {
            let field = Field::from_field_id(number as u32);
            let total = match terms {
                Terms::None => 0,
                Terms::Words(listed) => listed.total(),
                Terms::Names(listed) => listed.total(),
                Terms::Numbers(numbers) => numbers.total(),
            };
            // The engine has nothing of a field without terms.
            if total == 0 {
                continue;
            }
            let mut to = serializer.new_field(field, total, lengths.get_field(field)?)?;
            match std::mem::replace(terms, Terms::None) {
                Terms::None => {}
                Terms::Words(listed) => listed.write(&words, &mut to)?,
                Terms::Names(listed) => listed.write(&self.names.sorted(), &mut to)?,
                Terms::Numbers(numbers) => numbers.write(&mut to)?,
            }
            to.close()?;
        }
        serializer.close()?;
        Ok(())
    }
}

/// Adds the words of a text; how many they are.
fn add_words(
    text: &str,
    (vocabulary, Room { spelled, found }): (&mut Vocabulary, &mut Room),
    mut list: Open<'_, false>,
) -> u32 {
    let mut words = Words::new(text);
    loop {
        found.clear();
        while found.len() < AT_ONCE {
            let Some(word) = words.next_word(spelled) else { break };
            found.push(match word {
                Word::Short(word) => Found::Short(word),
                Word::Spelled(word) => vocabulary.find(word),
            });
        }
        if found.is_empty() {
            break;
        }
        vocabulary.fetch(found);
        found.iter().for_each(|&word| list.push(vocabulary.number_of(word)));
    }
    list.count()
}
