//! Opening, unpacking, telling the format and cutting into records: the first byte chooses the name
//! of the file, the rest is the file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use whosaid::read::{ReadOptions, records, walk};

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let names = ["a", "a.json", "a.jsonl", "a.html", "a.md", "a.jsonl.gz", "a.txt.zst"];
    let folder = tempfile::tempdir().expect("a folder for the file");
    let name = names[usize::from(*choice) % names.len()];
    std::fs::write(folder.path().join(name), bytes).expect("room for the file");
    let options = ReadOptions { max_file_size: 1 << 16, ..ReadOptions::default() };
    for source in walk(&[folder.path().to_path_buf()]).flatten() {
        records(source, &options).for_each(drop);
    }
});
