//! The documents an article turns into, in the form tantivy reads them: no text is copied that
//! can be shared. What the fields mean is the schema's business.

use std::ops::Range;
use std::sync::Arc;

use tantivy::schema::Field;
use tantivy::schema::document::{Document, ReferenceValue, ReferenceValueLeaf, Value};

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
    /// Bytes.
    Bytes(Vec<u8>),
    /// An article for the vault; the engine need not look at it.
    Streams(Box<Streams>),
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

    /// Adds an article for the vault.
    pub fn streams(&mut self, field: Field, value: Streams) {
        self.0.push((field, Leaf::Streams(Box::new(value))));
    }

    /// Adds bytes.
    pub fn bytes(&mut self, field: Field, value: Vec<u8>) {
        self.0.push((field, Leaf::Bytes(value)));
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
            Leaf::Streams(_) => ReferenceValueLeaf::Bytes(&[]),
        })
    }
}
