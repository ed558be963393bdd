//! The documents an article turns into, in the form tantivy reads them: no text is copied that
//! can be shared. What the fields mean is the schema's business.

use std::ops::Range;
use std::sync::Arc;

use tantivy::schema::Field;
use tantivy::schema::document::{Document, ReferenceValue, ReferenceValueLeaf, Value};
use tantivy::tokenizer::{PreTokenizedString, Token};

use super::codec::Streams;

/// One value of a field.
#[derive(Clone, Debug)]
pub enum Leaf {
    /// A number.
    U64(u64),
    /// A signed number.
    I64(i64),
    /// A part of a shared text.
    Part(Arc<String>, Range<usize>),
    /// A shared text.
    Text(Arc<str>),
    /// Terms and their places.
    Placed(Box<Placed>),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An article for the vault; the engine need not look at it.
    Streams(Box<Streams>),
}

/// Terms, each with its places in ascending order.
#[derive(Clone, Debug, Default)]
pub struct Placed {
    spelled: String,
    places: Vec<u32>,
    /// Where the spelling and the places of each end.
    ends: Vec<(usize, usize)>,
}

impl Placed {
    /// Adds a term.
    pub fn add(&mut self, term: &str, places: impl IntoIterator<Item = u32>) {
        self.spelled.push_str(term);
        self.places.extend(places);
        self.ends.push((self.spelled.len(), self.places.len()));
    }

    fn as_tokens(&self) -> PreTokenizedString {
        let tokens = self.iter().flat_map(|(term, places)| {
            places.iter().map(|&place| Token {
                position: place as usize,
                text: term.to_owned(),
                ..Token::default()
            })
        });
        PreTokenizedString { text: self.spelled.clone(), tokens: tokens.collect() }
    }

    /// The terms and their places.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u32])> {
        let mut before = (0, 0);
        self.ends.iter().map(move |&end| {
            let from = std::mem::replace(&mut before, end);
            (&self.spelled[from.0..end.0], &self.places[from.1..end.1])
        })
    }
}

/// A document: its fields in any order.
#[derive(Clone, Debug, Default)]
pub struct Doc(pub Vec<(Field, Leaf)>);

impl Doc {
    /// Adds a number.
    pub fn u64(&mut self, field: Field, value: u64) {
        self.0.push((field, Leaf::U64(value)));
    }

    /// Adds a signed number.
    pub fn i64(&mut self, field: Field, value: i64) {
        self.0.push((field, Leaf::I64(value)));
    }

    /// Adds a text.
    pub fn text(&mut self, field: Field, value: impl Into<Arc<str>>) {
        self.0.push((field, Leaf::Text(value.into())));
    }

    /// Adds a part of a shared text.
    pub fn part(&mut self, field: Field, text: &Arc<String>, part: Range<usize>) {
        self.0.push((field, Leaf::Part(Arc::clone(text), part)));
    }

    /// Adds terms with their places.
    pub fn placed(&mut self, field: Field, terms: Placed) {
        self.0.push((field, Leaf::Placed(Box::new(terms))));
    }

    /// Adds an article for the vault.
    pub fn streams(&mut self, field: Field, value: Streams) {
        self.0.push((field, Leaf::Streams(Box::new(value))));
    }

    /// Adds bytes.
    pub fn bytes(&mut self, field: Field, value: Vec<u8>) {
        self.0.push((field, Leaf::Bytes(value)));
    }
}

impl Leaf {
    /// A text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Leaf::Part(text, part) => Some(&text[part.clone()]),
            Leaf::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// A borrowed value.
#[derive(Clone, Copy, Debug)]
pub struct LeafRef<'a>(&'a Leaf);

impl Document for Doc {
    type Value<'a> = LeafRef<'a>;
    type FieldsValuesIter<'a> = std::iter::Map<
        std::slice::Iter<'a, (Field, Leaf)>,
        fn(&'a (Field, Leaf)) -> (Field, LeafRef<'a>),
    >;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.0.iter().map(|(field, leaf)| (*field, LeafRef(leaf)))
    }
}

impl<'a> Value<'a> for LeafRef<'a> {
    type ArrayIter = std::iter::Empty<Self>;
    type ObjectIter = std::iter::Empty<(&'a str, Self)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match self.0 {
            Leaf::U64(n) => ReferenceValueLeaf::U64(*n),
            Leaf::I64(n) => ReferenceValueLeaf::I64(*n),
            Leaf::Part(text, part) => ReferenceValueLeaf::Str(&text[part.clone()]),
            Leaf::Text(text) => ReferenceValueLeaf::Str(text),
            Leaf::Bytes(bytes) => ReferenceValueLeaf::Bytes(bytes),
            Leaf::Placed(terms) => ReferenceValueLeaf::PreTokStr(Box::new(terms.as_tokens())),
            Leaf::Streams(_) => ReferenceValueLeaf::Bytes(&[]),
        })
    }
}
