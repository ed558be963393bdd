//! Which fields a document has and how each is indexed. One schema for the four kinds of
//! document: a field that a kind does not use costs it nothing.

use tantivy::schema::{
    BytesOptions, FAST, Field, IndexRecordOption, NumericOptions, STORED, Schema,
    TextFieldIndexing, TextOptions,
};

/// Raised whenever an index written before could be misread.
pub const FORMAT: u32 = 7;

/// Values of the field `doc`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Kind {
    /// An article: names, metadata, passages in order, annotation.
    Article = 0,
    /// A distinct paragraph.
    Passage = 1,
    /// An utterance.
    Quote = 2,
    /// A file as it was when it was read.
    File = 3,
}

impl Kind {
    /// How many kinds there are.
    pub const COUNT: usize = 4;

    /// The column in which all documents of a kind, and no others, have one value; of the others the
    /// field `doc` tells.
    pub fn column(self) -> Option<&'static str> {
        match self {
            Kind::Passage => Some("pid"),
            Kind::Quote => Some("quote_id"),
            Kind::Article | Kind::File => None,
        }
    }
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident: $add:ident($options:expr),)*) => {
        /// Handles of all fields.
        #[derive(Clone, Copy, Debug)]
        pub struct Fields {
            $($(#[$doc])* pub $name: Field,)*
        }

        /// The schema and its handles.
        pub fn schema() -> (Schema, Fields) {
            let mut builder = Schema::builder();
            let fields = Fields { $($name: builder.$add(stringify!($name), $options),)* };
            (builder.build(), fields)
        }
    };
}

fields! {
    /// Articles and files: which of the two. What passages and quotes are is told by the columns
    /// that only they have a value in.
    doc: add_u64_field(bare()),
    /// Articles: hash of root and article id.
    owner: add_u64_field(bare()),
    /// Articles and files: hash of root and file name.
    file: add_u64_field(bare()),
    /// Articles and files: root and id or name.
    name: add_text_field(fast_text()),
    /// Articles: hash of the record. Files: of the bytes.
    hash: add_u64_field(FAST),
    /// Files: bytes on disk; behind it, where those are not the usual ones, a hash of the options
    /// they were read with.
    size: add_u64_field(FAST),
    /// Files: last change.
    modified: add_i64_field(FAST),
    /// Articles: all else that is only read back. It is the vault's, and no field but this name.
    record: add_bytes_field(BytesOptions::default()),
    /// Files: what could not be used of them, in the engine's own store: few have any.
    notes: add_bytes_field(STORED),
    /// Files: how many notes there are, where there are any.
    problems: add_u64_field(FAST),
    /// Passages: identity.
    pid: add_u64_field(FAST),
    /// Passages: first bits of the identity, few enough to cost next to nothing as terms.
    bucket: add_u64_field(bare()),
    /// Passages: the paragraph. Its text is in the vault.
    text: add_text_field(positions()),
    /// Articles: how many paragraphs it has.
    paragraphs: add_u64_field(FAST),
    /// Articles: how many quotes follow it.
    quotes: add_u64_field(FAST),
    /// Articles: how many passages follow its quotes, those that it was the first to bring.
    own: add_u64_field(FAST),
    /// Articles: which of its distinct passages another was the first to bring.
    foreign: add_u64_field(FAST),
    /// Articles: identities of the foreign passages.
    passages: add_u64_field(FAST),
    /// Articles: the buckets of the foreign passages.
    carries: add_u64_field(bare()),
    /// Articles: who and what is named, at the number of the distinct passage that names it.
    entities: add_text_field(listed("placed", IndexRecordOption::WithFreqsAndPositions)),
    /// Quotes: a `places::Row`.
    row: add_u64_field(FAST),
    /// Quotes that stand in several places: all of them.
    parts: add_u64_field(FAST),
    /// Quotes whose words are indexed with them: numbers of the distinct passages they stand in.
    touches: add_u64_field(FAST),
    /// Quotes: the words of those that are no runs of words of passages beside them.
    words: add_text_field(listed("words", IndexRecordOption::WithFreqsAndPositions)),
    /// Quotes: key and name of the speaker; missing where unknown.
    speaker: add_text_field(fast_text()),
    /// Quotes: who and what is named in the words, as `names::number_of` has it: the names themselves are
    /// terms of `entities` already, and a dictionary takes as long to write as its terms are.
    mentions: add_u64_field(bare()),
    /// Quotes: hash of normal words and speaker key.
    quote_id: add_u64_field(FAST),
    /// Articles: seconds since 1970.
    date: add_i64_field(FAST),
    /// Articles.
    outlet: add_text_field(fast_text()),
    /// Articles.
    author: add_text_field(fast_text()),
    /// Articles.
    language: add_text_field(fast_text()),
}

/// Terms only.
fn bare() -> NumericOptions {
    NumericOptions::default().set_indexed()
}

/// A column of texts, not searched by word.
fn fast_text() -> TextOptions {
    TextOptions::default().set_fast("raw")
}

/// Words with their places. The names of tokenizers only tell what fields hold: `filling` cuts texts,
/// and the engine never does.
fn positions() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("words")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    TextOptions::default().set_indexing_options(indexing)
}

/// Terms without places or lengths.
fn listed(tokenizer: &str, record: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_index_option(record)
        .set_fieldnorms(false);
    TextOptions::default().set_indexing_options(indexing)
}
