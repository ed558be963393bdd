//! Making the lists of a segment's names when it is written, from the dictionaries written before.

use std::any::Any;
use std::io::Write;

use rustc_hash::FxHashMap;
use tantivy::directory::TerminatingWrite;
use tantivy::index::SegmentReader;
use tantivy::indexer::DocIdMapping;
use tantivy::schema::Field;
use tantivy::{PluginMergeContext, PluginWriter, PluginWriterContext, Segment, SegmentPlugin};

use super::super::names::{key_and_printed, name_in, text};
use super::super::schema::Fields;
use super::super::varint;
use super::super::words::Words;
use super::{EXTENSION, LISTS, component};

/// Makes rosters part of segments.
#[derive(Clone, Copy)]
pub struct RosterPlugin {
    /// The fields of the index.
    pub fields: Fields,
    /// Names from which on a dictionary has a list.
    pub least: usize,
}

impl SegmentPlugin for RosterPlugin {
    fn extensions(&self) -> &[&str] {
        &[EXTENSION]
    }

    fn create_writer(&self, _: &PluginWriterContext<'_>) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(RosterWriter(*self)))
    }

    fn merge(&self, context: PluginMergeContext<'_>) -> tantivy::Result<()> {
        write(context.target_segment, *self)
    }
}

/// Waits until the segment is written.
struct RosterWriter(RosterPlugin);

impl PluginWriter for RosterWriter {
    fn serialize(
        self: Box<Self>,
        segment: &Segment,
        _: Option<&DocIdMapping>,
    ) -> tantivy::Result<()> {
        write(segment, self.0)
    }

    fn mem_usage(&self) -> usize {
        0
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// Writes the roster of a segment whose dictionaries stand in their files already.
fn write(segment: &Segment, RosterPlugin { fields, least }: RosterPlugin) -> tantivy::Result<()> {
    let written = SegmentReader::open(segment)?;
    let mut out = segment.open_write(component())?;
    let mut tail = Vec::with_capacity(super::TAIL);
    let lists: [_; LISTS] =
        [of_speakers(&written, least)?, of_entities(&written, fields.entities, least)?];
    for run in lists.iter().flat_map(|(words, lists)| [words, lists]) {
        let length = u32::try_from(run.len()).map_err(|_| super::damaged())?;
        tail.extend(length.to_le_bytes());
        out.write_all(run)?;
    }
    out.write_all(&tail)?;
    Ok(out.terminate()?)
}

/// The words of those that quotes of a segment are attributed to, if they are so many.
pub(super) fn of_speakers(
    segment: &SegmentReader,
    least: usize,
) -> tantivy::Result<(Vec<u8>, Vec<u8>)> {
    let mut filling = Filling::default();
    if let Some(column) = segment.fast_fields().str("speaker")?
        && column.num_terms() >= least
    {
        let mut names = column.dictionary().stream()?;
        while names.advance() {
            filling.add(names.term_ord(), names.key());
        }
    }
    Ok(filling.close())
}

/// The words of what articles of a segment name, if it is so much.
pub(super) fn of_entities(
    segment: &SegmentReader,
    field: Field,
    least: usize,
) -> tantivy::Result<(Vec<u8>, Vec<u8>)> {
    let (mut filling, inverted) = (Filling::default(), segment.inverted_index(field)?);
    if inverted.terms().num_terms() >= least {
        let mut names = inverted.terms().stream()?;
        while names.advance() {
            filling.add(names.term_ord(), names.key());
        }
    }
    Ok(filling.close())
}

/// The words of names, under way.
#[derive(Default)]
pub(super) struct Filling {
    words: FxHashMap<String, (u64, Vec<u8>)>,
    word: String,
}

impl Filling {
    /// Adds the words of a term or column value. Numbers must ascend.
    pub(super) fn add(&mut self, number: u64, value: &[u8]) {
        let (key, printed) = key_and_printed(text(value));
        self.add_words(number, name_in(key));
        // A name that its key tells has no other words.
        if let Some(name) = printed {
            self.add_words(number, name);
        }
    }

    fn add_words(&mut self, number: u64, name: &str) {
        let mut words = Words::new(name);
        while words.next_into(&mut self.word).is_some() {
            match self.words.get_mut(&self.word) {
                Some((last, _)) if *last == number => {}
                Some((last, list)) => {
                    varint::push(list, number - *last);
                    *last = number;
                }
                None => {
                    let mut list = Vec::with_capacity(4);
                    varint::push(&mut list, number);
                    self.words.insert(self.word.clone(), (number, list));
                }
            }
        }
    }

    /// The two runs of bytes.
    pub(super) fn close(self) -> (Vec<u8>, Vec<u8>) {
        let mut sorted: Vec<(String, Vec<u8>)> =
            self.words.into_iter().map(|(word, (_, list))| (word, list)).collect();
        sorted.sort_unstable();
        let (mut words, mut lists, mut before) = (Vec::new(), Vec::new(), &[][..]);
        for (word, list) in &sorted {
            let word = word.as_bytes();
            let shared = word.iter().zip(before).take_while(|(a, b)| a == b).count();
            varint::push(&mut words, shared as u64);
            varint::push(&mut words, (word.len() - shared) as u64);
            words.extend_from_slice(&word[shared..]);
            varint::push(&mut words, list.len() as u64);
            lists.extend_from_slice(list);
            before = word;
        }
        (words, lists)
    }
}
