//! Segments beside those that the engine fills with the same documents.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use tantivy::directory::FileSlice;
use tantivy::indexer::{AddOperation, SegmentWriter};
use tantivy::store::StoreReader;
use tantivy::{Directory, Index};

use super::Filling;
use crate::index::doc::{Doc, Placed};
use crate::index::engine::tokenizers;
use crate::index::schema::{Fields, schema};

/// A few hundred words, few of them often and many seldom, with some that are long, foreign or parted
/// by an apostrophe; the same for the same `seed`.
fn text(seed: u64) -> String {
    let mut random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below
    };
    let length = next(400);
    let words = (0..length).map(|_| {
        let rank = next(60_000) * next(60_000) / 60_000;
        match rank % 11 {
            0 => format!("Wahlkampfabschlusskundgebung{rank}"),
            1 => format!("Ørsted{rank}’s"),
            2 => format!("won't{rank}"),
            3 => format!("exactly12{:03}", rank % 1000),
            _ => format!("W{rank}"),
        }
    });
    words.collect::<Vec<_>>().join(if seed.is_multiple_of(3) { ", " } else { " — " })
}

/// Documents with all kinds of fields and without any.
fn documents(count: u64, fields: &Fields) -> Vec<Doc> {
    let document = |n: u64| {
        let mut doc = Doc::default();
        match n % 7 {
            0 => {}
            1 => {
                doc.u64(fields.doc, n % 2);
                doc.i64(fields.date, n as i64 - 50);
                let mut named = Placed::default();
                named.add(&format!("place:p{}", n % 30), [0, 0, 3]);
                named.add("person:ann lee\u{1f}Ann Lee", [n as u32 % 5, 70_000]);
                doc.placed(fields.entities, named);
                doc.text(fields.outlet, "The Post");
                doc.bytes(fields.notes, vec![n as u8; 9]);
            }
            2 => {
                [n % 5, 3, n % 5].iter().for_each(|&number| doc.u64(fields.mentions, number));
                doc.u64(fields.quote_id, n);
                doc.text(fields.words, text(n / 3));
                doc.text(fields.speaker, format!("person:s{}", n % 11));
            }
            _ => {
                let whole = Arc::new(format!("{} | {}", n, text(n)));
                doc.u64(fields.bucket, n / 40);
                doc.part(fields.text, &whole, n.to_string().len()..whole.len());
            }
        }
        doc
    };
    (0..count).map(document).collect()
}

/// The files of a segment, by the ends of their names.
fn files(index: &Index) -> BTreeMap<String, Vec<u8>> {
    let directory = index.directory();
    let of_segment = |path: &PathBuf| path.extension().is_some_and(|end| end != "json");
    let paths = directory.list_managed_files().into_iter().filter(of_segment);
    let read = |path: PathBuf| {
        let bytes = directory.open_read(&path).unwrap().read_bytes().unwrap().to_vec();
        (path.extension().unwrap().to_string_lossy().into_owned(), bytes)
    };
    paths.map(read).collect()
}

/// Fills a segment with documents in both ways.
fn both(documents: Vec<Doc>) -> [BTreeMap<String, Vec<u8>>; 2] {
    let (schema, fields) = schema();
    let make = || {
        let mut index = Index::builder().schema(schema.clone()).create_in_ram().unwrap();
        index.set_tokenizers(tokenizers());
        index
    };
    let (ours, theirs, count) = (make(), make(), documents.len());
    let mut filling = Filling::new(ours.new_segment(), &fields).unwrap();
    let mut writer = SegmentWriter::for_segment(15_000_000, theirs.new_segment()).unwrap();
    for document in documents {
        filling.add(&document).unwrap();
        writer.add_document(AddOperation { opstamp: 0, document }).unwrap();
    }
    assert_eq!(filling.close().unwrap().meta().max_doc() as usize, count);
    writer.finalize().unwrap();
    [files(&ours), files(&theirs)]
}

#[test]
fn files_are_those_of_the_engine() {
    let (_, fields) = schema();
    for count in [0, 1, 300, 9_000] {
        let [ours, theirs] = both(documents(count, &fields));
        assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
        for (end, bytes) in &theirs {
            assert!(ours[end] == *bytes, "{count} documents: .{end} is another");
        }
    }
}

#[test]
fn copied_blocks_of_the_store_hold_as_many_documents() {
    let (_, fields) = schema();
    for (before, empty) in [(0, 40_000), (3, 20_000), (1_500, 16_384)] {
        let noted = |n: usize| {
            let mut doc = Doc::default();
            doc.bytes(fields.notes, n.to_le_bytes().to_vec());
            doc
        };
        let mut all: Vec<Doc> = (0..before).map(noted).collect();
        all.resize_with(before + empty, Doc::default);
        all.push(noted(7));
        let documents = all.len();
        let [ours, theirs] = both(all);
        let open = |file: &Vec<u8>| StoreReader::open(FileSlice::from(file.clone()), 8).unwrap();
        let [ours, theirs] = [open(&ours["store"]), open(&theirs["store"])];
        for at in 0..documents as u32 {
            let of = |store: &StoreReader| store.get_document_bytes(at).unwrap();
            assert!(of(&ours) == of(&theirs), "{before} and {empty}: document {at} is another");
        }
    }
}
