//! Indexes of some megabytes, whose texts fill many blocks.

use std::path::Path;

use whosaid::index::{Index, Writer};

use super::{Draft, MODEL, file, options, root};

/// An article of 12 KB that shares no paragraph with others.
fn article(id: &str) -> Draft {
    let mut state = id.bytes().fold(1u32, |state, byte| state.wrapping_mul(31) + u32::from(byte));
    let mut word = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        format!("w{:x}", state >> 12)
    };
    let mut paragraph = |n| {
        let words: Vec<String> = (0..40).map(|_| word()).collect();
        format!("Paragraph {n} of {id}: {}.", words.join(" "))
    };
    let paragraphs: Vec<String> = (0..40).map(&mut paragraph).collect();
    Draft::new(id, &paragraphs.iter().map(String::as_str).collect::<Vec<_>>())
}

fn add(dir: &Path, run: &str) {
    let writer = Writer::open(dir, &options(1)).unwrap();
    writer.set_root(root());
    for number in 0..80 {
        let id = format!("{run}/{number}.txt");
        writer.put(article(&id).docs()).unwrap();
        writer.put_file(&file(&id, 1)).unwrap();
    }
    writer.finish().unwrap();
}

#[test]
fn a_merge_keeps_all_texts_beside_those_that_go() {
    // The first 45 of a run fill the base of its segment; the others stand in blocks behind it.
    let removals: [(&[usize], &[usize]); 2] = [(&[60], &[50, 51, 79]), (&[70], &[3])];
    for (from_first, from_second) in removals {
        let dir = tempfile::tempdir().unwrap();
        add(dir.path(), "first");
        add(dir.path(), "second");
        let writer = Writer::open(dir.path(), &options(1)).unwrap();
        for (run, numbers) in [("first", from_first), ("second", from_second)] {
            for number in numbers {
                writer.remove_file("news", &format!("{run}/{number}.txt")).unwrap();
            }
        }
        writer.finish().unwrap();
        let dump = || Index::open(dir.path(), MODEL).unwrap().dump().unwrap();
        let before = dump();
        let left = before.iter().filter(|line| line.contains("Paragraph 7 of")).count();
        // Once as the article's, once as a passage.
        assert_eq!(left, 2 * (160 - from_first.len() - from_second.len()));
        Writer::open(dir.path(), &options(1)).unwrap().compact().unwrap();
        assert!(dump() == before, "{from_first:?} and {from_second:?} are taken out");
    }
}
