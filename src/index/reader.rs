//! An index opened for reading: one whole commit, and the ways to find a document in it by its
//! identity. Searching is done elsewhere.

use std::collections::hash_map::Entry;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use tantivy::columnar::{Column, StrColumn};
use tantivy::postings::SegmentPostings;
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{
    DocAddress, DocId, DocSet, ReloadPolicy, Searcher, SegmentPlugin, SegmentReader, TERMINATED,
    TantivyDocument, Term,
};
use twox_hash::XxHash3_64;

use super::begun::Unread;
use super::called::{Fits, Meant};
use super::codec::{Blob, Depth};
use super::error::IndexError;
use super::folder::{Current, Files};
use super::layout::{Layout, Layouts, filled};
use super::lent::{self, Lent};
use super::often::Often;
use super::passages_of::PassagesOf;
use super::recent::Recent;
use super::roster::{RosterPlugin, Rosters, WORTH_A_LIST};
use super::schema::{Fields, Kind, schema};
use super::types::{Place, Root, Shared, StoredArticle};
use super::vault::{Kept, Record, Vault, VaultPlugin};
use crate::article::{Article, OffsetMap};
use crate::dedup::passage_key;

/// Bits of a passage's identity that make its bucket.
const BUCKET_BITS: u32 = 12;
/// Bases of texts kept unpacked, of all vaults together.
const KEPT_BASES: usize = 48;
/// Blocks of articles kept, with what was asked for of each unpacked.
const KEPT_ARTICLES: usize = 256;
/// Blocks of texts kept unpacked: one a hit is needed, and to unpack it is most of what a hit costs.
const KEPT_TEXTS: usize = 256;
/// Speakers, and names of entities, whose meaning is kept: of a speaker, that is a byte for every
/// name in the index.
const KEPT_NAMES: NonZeroUsize = NonZeroUsize::new(8).unwrap();

/// What is written beside the documents with every commit.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Payload {
    /// The folders the index was built from, by label.
    pub roots: Vec<Root>,
    /// Some passages may be carried by no article: the next run looks for them.
    pub sweep: bool,
    /// Files that the run under way has articles of, and no note yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Unread>,
}

/// An index opened for reading: it shows one commit, whatever is written meanwhile.
pub struct Index {
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
    vaults: Vec<Vault>,
    pub(super) layouts: Layouts,
    /// Unless it could not be read, where passages are that several articles have.
    lent: Often<Option<Lent>>,
    /// Live documents of each kind.
    counts: [OnceLock<u64>; Kind::COUNT],
    pub(super) rosters: Rosters,
    /// Speakers asked for last.
    pub(super) speakers: Recent<String, Fits>,
    /// The terms of entities asked for last.
    pub(super) meant: Recent<String, Meant>,
    /// How often passages have words that begin so, of the beginnings asked for last.
    pub(super) begun: Recent<String, u64>,
    pub(super) payload: Payload,
    pub(super) dir: PathBuf,
}

/// Where a document stands: number of the segment, and document in it.
pub(super) type At = (u32, DocId);

impl Index {
    /// Opens the index in a folder. `model` is the fingerprint of the models in use.
    pub fn open(dir: &Path, model: &str) -> Result<Index, IndexError> {
        // A rebuild may swap the generation in between reading its name and opening it.
        let mut tries = 0;
        loop {
            let current = Current::read_for(dir, model)?;
            let path = dir.join(&current.generation);
            match Index::open_generation(dir, &path) {
                Err(_)
                    if tries < 5
                        && !matches!(Current::read(dir), Ok(Some(now)) if now == current) => {}
                Err(_) if tries < 2 => {}
                Err(IndexError::Engine(error)) => {
                    return Err(IndexError::Damaged {
                        dir: dir.to_owned(),
                        reason: error.to_string(),
                    });
                }
                done => return done,
            }
            tries += 1;
        }
    }

    fn open_generation(dir: &Path, path: &Path) -> Result<Index, IndexError> {
        Index::of(&open_engine(path)?, dir)
    }

    /// The files of the index that are not what was written.
    pub(super) fn wrong_checksums(dir: &Path, model: &str) -> Result<Vec<PathBuf>, IndexError> {
        let current = Current::read_for(dir, model)?;
        let path = dir.join(&current.generation);
        let wrong = open_engine(&path).and_then(|index| index.validate_checksum());
        let damaged = |error: tantivy::TantivyError| IndexError::Damaged {
            dir: dir.to_owned(),
            reason: error.to_string(),
        };
        let mut wrong: Vec<PathBuf> = wrong.map_err(damaged)?.into_iter().collect();
        wrong.sort();
        Ok(wrong)
    }

    /// The last commit of an open tantivy index.
    pub(super) fn of(index: &tantivy::Index, dir: &Path) -> Result<Index, IndexError> {
        let builder = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader: tantivy::IndexReader = builder.try_into()?;
        let searcher = reader.searcher();
        let segments = searcher.segment_readers();
        let each = |all: usize| {
            let each = (all / segments.len().max(1)).clamp(4, all / 2);
            NonZeroUsize::new(each).expect("four or more")
        };
        let kept = Kept {
            texts: each(KEPT_TEXTS),
            bases: each(KEPT_BASES),
            articles: each(KEPT_ARTICLES),
        };
        let vaults = segments.iter().map(|segment| Vault::open(segment, kept));
        let fields = schema().1;
        let payload = index.load_metas()?.payload.unwrap_or_default();
        Ok(Index {
            vaults: vaults.collect::<Result<_, _>>()?,
            layouts: Layouts::new(segments),
            lent: Often::new(),
            rosters: Rosters::new(segments.len(), fields.entities),
            counts: Default::default(),
            speakers: Recent::new(KEPT_NAMES),
            meant: Recent::new(KEPT_NAMES),
            begun: Recent::new(KEPT_NAMES),
            searcher,
            fields,
            payload: serde_json::from_str(&payload).unwrap_or_default(),
            dir: dir.to_owned(),
        })
    }

    /// The folders the index was built from.
    pub fn roots(&self) -> &[Root] {
        &self.payload.roots
    }

    /// The folder of the index.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn segments(&self) -> impl Iterator<Item = (u32, &SegmentReader)> {
        (0..).zip(self.searcher.segment_readers())
    }

    /// How articles lie in a segment.
    pub(super) fn layout(&self, ord: u32) -> tantivy::Result<&Layout> {
        Ok(self.layouts.get(ord, self.searcher.segment_reader(ord))?)
    }

    /// The live documents that hold a number in a field.
    pub(super) fn holding(
        &self,
        field: tantivy::schema::Field,
        value: u64,
    ) -> tantivy::Result<Vec<At>> {
        let term = Term::from_field_u64(field, value);
        let mut found = Vec::new();
        for (ord, segment) in self.segments() {
            each_holding(segment, &term, |doc| found.push((ord, doc)))?;
        }
        Ok(found)
    }

    /// The live documents of a kind in a segment.
    pub(super) fn of_kind(
        &self,
        segment: &SegmentReader,
        kind: Kind,
    ) -> tantivy::Result<Vec<DocId>> {
        let mut found = Vec::new();
        match kind.column() {
            Some(column) => {
                found = filled(&numbers(segment, column)?);
                found.retain(|&doc| !segment.is_deleted(doc));
            }
            None => {
                let term = Term::from_field_u64(self.fields.doc, kind as u64);
                each_holding(segment, &term, |doc| found.push(doc))?;
            }
        }
        Ok(found)
    }

    /// How many live documents of a kind there are; counted once.
    pub(super) fn count_kind(&self, kind: Kind) -> tantivy::Result<u64> {
        let slot = &self.counts[kind as usize];
        if let Some(&known) = slot.get() {
            return Ok(known);
        }
        let mut count = 0;
        for (_, segment) in self.segments() {
            count += match kind.column() {
                Some(column) => {
                    let column = numbers(segment, column)?;
                    let gone = segment.alive_bitset().map_or(0, |alive| {
                        let deleted = (0..segment.max_doc()).filter(|&doc| alive.is_deleted(doc));
                        deleted.filter(|&doc| column.first(doc).is_some()).count()
                    });
                    u64::from(column.values.num_vals()) - gone as u64
                }
                None => self.of_kind(segment, kind)?.len() as u64,
            };
        }
        Ok(*slot.get_or_init(|| count))
    }

    /// The document of the article with this owner number.
    pub(super) fn article_at(&self, owner: u64) -> tantivy::Result<Option<At>> {
        let term = Term::from_field_u64(self.fields.owner, owner);
        for (ord, segment) in self.segments() {
            if let Some(doc) = first_holding(segment, &term)? {
                return Ok(Some((ord, doc)));
            }
        }
        Ok(None)
    }

    /// The document of a passage.
    pub(super) fn passage_at(&self, pid: u64) -> tantivy::Result<Option<At>> {
        let term = Term::from_field_u64(self.fields.bucket, bucket(pid));
        for (ord, segment) in self.segments() {
            let mut found = None;
            let layout = self.layout(ord)?;
            each_holding(segment, &term, |doc| {
                if layout.pid(doc) == pid {
                    found = Some((ord, doc));
                }
            })?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The articles that carry a passage.
    pub(super) fn carriers(&self, pid: u64) -> tantivy::Result<Vec<At>> {
        let mut found: Vec<At> = Vec::new();
        if let Some(at) = self.passage_at(pid)? {
            found.extend(self.brought_by(at)?);
        }
        let term = Term::from_field_u64(self.fields.carries, bucket(pid));
        for (ord, segment) in self.segments() {
            let layout = self.layout(ord)?;
            each_holding(segment, &term, |doc| {
                if layout.borrows(doc, pid) {
                    found.push((ord, doc));
                }
            })?;
        }
        Ok(found)
    }

    /// The article that was the first to bring a passage, if it is still there.
    fn brought_by(&self, (ord, passage): At) -> tantivy::Result<Option<At>> {
        let segment = self.searcher.segment_reader(ord);
        let articles = self.of_kind(segment, Kind::Article)?;
        let before = articles.partition_point(|&article| article < passage);
        let Some(&article) = before.checked_sub(1).and_then(|at| articles.get(at)) else {
            return Ok(None);
        };
        Ok(self.layout(ord)?.own_passages(article).contains(&passage).then_some((ord, article)))
    }

    /// The stored text of a passage.
    pub(super) fn passage_text(&self, pid: u64) -> Result<String, IndexError> {
        self.text_at(self.passage_with(pid)?)
    }

    /// The text of a passage document.
    pub(super) fn text_at(&self, (ord, doc): At) -> Result<String, IndexError> {
        let row = self.layout(ord)?.passage_row(doc);
        let row = row.ok_or_else(|| self.damaged("a passage without text".into()))?;
        Ok(self.vaults[ord as usize].text(row)?)
    }

    /// Whether no text and no article was read yet.
    pub(super) fn is_untouched(&self) -> bool {
        self.vaults.iter().all(Vault::is_untouched)
    }

    /// What is stored of an article.
    pub(super) fn record_at(&self, (ord, doc): At) -> Result<Record, IndexError> {
        let row = self.layout(ord)?.article_row(doc);
        let row = row.ok_or_else(|| self.damaged("an article without contents".into()))?;
        Ok(self.vaults[ord as usize].article(row)?)
    }

    /// The head of an article.
    pub(super) fn head_at(&self, at: At) -> Result<Blob, IndexError> {
        Ok(Blob::decode_head(self.record_at(at)?.streams(Depth::Head)?)?)
    }

    /// What is noted of a file.
    pub(super) fn notes_at(&self, (ord, doc): At) -> Result<Vec<u8>, IndexError> {
        let stored: TantivyDocument = self.searcher.doc(DocAddress::new(ord, doc))?;
        let notes = stored.get_first(self.fields.notes).and_then(|value| value.as_bytes());
        notes.map(<[u8]>::to_owned).ok_or_else(|| self.damaged("a file without its notes".into()))
    }

    /// The document of a passage that there must be.
    pub(super) fn passage_with(&self, pid: u64) -> Result<At, IndexError> {
        // Not in `passage_at`, which writers ask too: they have promised what they hold.
        let lent = self.lent.get(lent::WORTH, || Lent::of(self).ok());
        if let Some(at) = lent.and_then(|lent| lent.as_ref()?.get(pid)) {
            return Ok(at);
        }
        self.lent.miss();
        let at = self.passage_at(pid)?;
        at.ok_or_else(|| self.damaged(format!("passage {pid:016x} is missing")))
    }

    /// The passages of an article, one a paragraph. `order` is that of its blob.
    pub(super) fn passages_at(
        &self,
        (ord, doc): At,
        order: &[u32],
    ) -> Result<Vec<u64>, IndexError> {
        let distinct = self.layout(ord)?.distinct(doc);
        let passages = order.iter().map(|&number| distinct.get(number as usize).copied());
        passages.collect::<Option<_>>().ok_or_else(|| self.damaged("passages are missing".into()))
    }

    pub(super) fn damaged(&self, reason: String) -> IndexError {
        IndexError::Damaged { dir: self.dir.clone(), reason }
    }

    /// The article in a document, text rebuilt and checked.
    pub(super) fn stored_article(&self, at: At) -> Result<StoredArticle, IndexError> {
        let (record, layout) = (self.record_at(at)?, self.layout(at.0)?);
        let Blob { id, order, .. } = Blob::decode_head(record.streams(Depth::Head)?)?;
        let mut passages = Vec::with_capacity(order.len());
        let (distinct, mut text) = (PassagesOf::open(self, at)?, String::new());
        for (i, &number) in order.iter().enumerate() {
            text.push_str(if i > 0 { "\n\n" } else { "" });
            let place = distinct.at(number)?;
            let (pid, paragraph) = (self.layout(place.0)?.pid(place.1), self.text_at(place)?);
            if passage_key(&paragraph) != pid {
                return Err(self.damaged(format!("the text of {id} is not what was read")));
            }
            text.push_str(&paragraph);
            passages.push(pid);
        }
        let blob = Blob::decode(record.streams(Depth::All)?, &text, |nth| layout.said(at.1, nth))?;
        let Blob { root, id, path, file, meta, parts, annotation, .. } = blob;
        let origin = OffsetMap::default();
        let article = Article { id, path, meta, text, parts, origin };
        Ok(StoredArticle { root, file, article, annotation, passages })
    }

    /// Where each of some passages stands. An article is read once, however many of the passages it
    /// carries.
    pub fn shared_by(&self, passages: &[u64]) -> Result<Shared, IndexError> {
        let mut places: FxHashMap<u64, Vec<Place>> = FxHashMap::default();
        let mut carriers = Vec::new();
        for &pid in passages {
            if let Entry::Vacant(unknown) = places.entry(pid) {
                unknown.insert(Vec::new());
                carriers.extend(self.carriers(pid)?);
            }
        }
        carriers.sort_unstable();
        carriers.dedup();
        for at in carriers {
            let head = self.head_at(at)?;
            let id = self.shown_id(&head.root, &head.id)?;
            for (paragraph, pid) in (1..).zip(self.passages_at(at, &head.order)?) {
                if let Some(places) = places.get_mut(&pid) {
                    places.push(Place { article: id.clone(), paragraph });
                }
            }
        }
        places.values_mut().for_each(|places| places.sort());
        Ok(Shared { passages: passages.to_vec(), places })
    }
}

/// What this index adds to the files of a segment.
pub(super) fn plugins(fields: Fields) -> [Arc<dyn SegmentPlugin>; 2] {
    [Arc::new(VaultPlugin(fields)), Arc::new(RosterPlugin { fields, least: WORTH_A_LIST })]
}

fn open_engine(path: &Path) -> tantivy::Result<tantivy::Index> {
    let mut index = tantivy::Index::open(Files::open(path)?)?;
    for plugin in plugins(schema().1) {
        index.register_plugin(plugin);
    }
    Ok(index)
}

/// What a name of an article led to.
#[derive(Debug)]
pub enum Found {
    /// No article.
    None,
    /// The one.
    One(Box<StoredArticle>),
    /// Several: their ids, in order.
    Many(Vec<String>),
}

/// Parts the root from the id in the field `name`.
pub(super) const NAME_END: char = '\u{0}';

/// The number by which an article and its quotes are found.
pub(super) fn owner_key(root: &str, id: &str) -> u64 {
    XxHash3_64::oneshot(format!("{root}{NAME_END}{id}").as_bytes())
}

/// The bucket of a passage.
pub(super) fn bucket(pid: u64) -> u64 {
    pid >> (64 - BUCKET_BITS)
}

/// Calls `found` with every live document of a segment that holds a term.
pub(super) fn each_holding(
    segment: &SegmentReader,
    term: &Term,
    found: impl FnMut(DocId),
) -> tantivy::Result<()> {
    let inverted = segment.inverted_index(term.field())?;
    if let Some(postings) = inverted.read_postings(term, IndexRecordOption::Basic)? {
        each_live(segment, postings, found);
    }
    Ok(())
}

/// Calls `found` with every live document of a segment that is left of some postings.
pub(super) fn each_live(
    segment: &SegmentReader,
    mut postings: SegmentPostings,
    mut found: impl FnMut(DocId),
) {
    let mut doc = postings.doc();
    while doc != TERMINATED {
        if !segment.is_deleted(doc) {
            found(doc);
        }
        doc = postings.advance();
    }
}

/// The first live document of a segment that holds a term.
fn first_holding(segment: &SegmentReader, term: &Term) -> tantivy::Result<Option<DocId>> {
    let inverted = segment.inverted_index(term.field())?;
    let Some(mut postings) = inverted.read_postings(term, IndexRecordOption::Basic)? else {
        return Ok(None);
    };
    let mut doc = postings.doc();
    while doc != TERMINATED && segment.is_deleted(doc) {
        doc = postings.advance();
    }
    Ok((doc != TERMINATED).then_some(doc))
}

/// A column of texts with one buffer to read them.
pub(super) struct TextColumn {
    column: Option<StrColumn>,
    buffer: String,
}

impl TextColumn {
    pub(super) fn open(segment: &SegmentReader, name: &str) -> tantivy::Result<Self> {
        Ok(TextColumn { column: segment.fast_fields().str(name)?, buffer: String::new() })
    }

    /// The first text of a document.
    pub(super) fn get(&mut self, doc: DocId) -> Option<&str> {
        let column = self.column.as_ref()?;
        let ord = column.ords().first(doc)?;
        self.buffer.clear();
        column.ord_to_str(ord, &mut self.buffer).ok()?.then_some(self.buffer.as_str())
    }
}

/// A column of numbers; empty where no document of the segment has any.
pub(super) fn numbers(segment: &SegmentReader, name: &str) -> tantivy::Result<Column<u64>> {
    let column = segment.fast_fields().column_opt::<u64>(name)?;
    Ok(column.unwrap_or_else(|| Column::build_empty_column(segment.max_doc())))
}

/// A column of signed numbers; empty where no document of the segment has any.
pub(super) fn signed(segment: &SegmentReader, name: &str) -> tantivy::Result<Column<i64>> {
    let column = segment.fast_fields().column_opt::<i64>(name)?;
    Ok(column.unwrap_or_else(|| Column::build_empty_column(segment.max_doc())))
}
