//! The folder of an index: one writer, versions, rebuilding, damage.

use std::fs;

use whosaid::index::{Index, IndexError, Writer, WriterOptions, verify};

use super::{Draft, MODEL, build, options, root};

#[test]
fn one_writer_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let first = Writer::open(dir.path(), &options(1)).unwrap();
    let Err(error) = Writer::open(dir.path(), &options(1)) else { panic!("two writers") };
    assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");
    drop(first);
    Writer::open(dir.path(), &options(1)).unwrap();
}

/// A program that is just being started holds all that was open when it was born, for a moment.
#[cfg(unix)]
#[test]
fn a_writer_that_is_gone_leaves_no_lock_with_programs_being_started() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let dir = tempfile::tempdir().unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    std::process::Command::new("true").status().unwrap();
                }
            });
        }
        let refused = WriterOptions { model: "other".into(), ..options(1) };
        let opened = (0..100).find_map(|_| {
            let opened = Writer::open(dir.path(), &options(1)).err();
            drop(Writer::open(dir.path(), &refused));
            opened
        });
        done.store(true, Ordering::Relaxed);
        assert!(opened.is_none(), "{opened:?}");
    });
}

#[test]
fn no_index_is_said_so() {
    let dir = tempfile::tempdir().unwrap();
    let Err(error) = Index::open(dir.path(), MODEL) else { panic!("there is none") };
    assert!(matches!(error, IndexError::Missing(_)));
    assert!(error.to_string().contains("whosaid index"));
}

#[test]
fn other_versions_and_models_are_refused_with_the_way_out() {
    let dir = tempfile::tempdir().unwrap();
    build(dir.path(), vec![Draft::new("1.txt", &["one"])]);
    let other = WriterOptions { model: "other".into(), ..options(1) };
    let refusals = [Index::open(dir.path(), "other").err(), Writer::open(dir.path(), &other).err()];
    for error in refusals {
        let error = error.expect("refused");
        assert!(matches!(error, IndexError::OtherModel(_)));
        assert!(error.to_string().contains("whosaid index --rebuild"), "{error}");
    }
    let path = dir.path().join("current.json");
    let text = fs::read_to_string(&path).unwrap();
    let (json, _checksum) = text.split_once('\n').unwrap();
    fs::write(&path, json.replace("\"format\":", "\"format\":9")).unwrap();
    for error in [Index::open(dir.path(), MODEL).err(), Writer::open(dir.path(), &options(1)).err()]
    {
        let error = error.expect("refused");
        assert!(matches!(error, IndexError::OtherFormat { .. }));
        assert!(error.to_string().contains("whosaid index --rebuild"), "{error}");
    }
    let rebuild = WriterOptions { rebuild: true, ..options(1) };
    Writer::open(dir.path(), &rebuild).unwrap().finish().unwrap();
    Index::open(dir.path(), MODEL).unwrap();
}

#[test]
fn a_rebuild_answers_when_it_is_finished_and_not_before() {
    let dir = tempfile::tempdir().unwrap();
    let old = build(dir.path(), vec![Draft::new("1.txt", &["one"])]).dump().unwrap();
    let rebuild = WriterOptions { rebuild: true, model: "new".into(), ..options(1) };
    let writer = Writer::open(dir.path(), &rebuild).unwrap();
    writer.put(Draft::new("2.txt", &["two"]).docs()).unwrap();
    writer.commit().unwrap();
    drop(writer);
    assert_eq!(
        Index::open(dir.path(), MODEL).unwrap().dump().unwrap(),
        old,
        "cut off: the old one"
    );
    let writer = Writer::open(dir.path(), &rebuild).unwrap();
    writer.set_root(root());
    writer.put(Draft::new("2.txt", &["two"]).docs()).unwrap();
    assert_eq!(Index::open(dir.path(), MODEL).unwrap().dump().unwrap(), old);
    writer.finish().unwrap();
    let index = Index::open(dir.path(), "new").unwrap();
    assert_eq!(index.stats().unwrap().articles, 1);
    let folders = fs::read_dir(dir.path()).unwrap().flatten();
    assert_eq!(folders.filter(|entry| entry.path().is_dir()).count(), 1, "the old one is gone");
}

#[test]
fn damage_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let text = "A paragraph that is long enough to be found in the middle of a file.";
    let index =
        build(dir.path(), vec![Draft::new("1.txt", &[text]).quote("long enough", "Ann Lee")]);
    drop(index);
    assert_eq!(verify(dir.path(), MODEL).unwrap().faults, Vec::<String>::new());
    let generation =
        fs::read_dir(dir.path()).unwrap().flatten().find(|e| e.path().is_dir()).unwrap();
    let mut damaged = 0;
    for entry in fs::read_dir(generation.path()).unwrap().flatten() {
        let path = entry.path();
        let name = entry.file_name().into_string().unwrap();
        if ["store", "term", "idx", "fast", "pos"].iter().any(|ending| name.ends_with(ending)) {
            let good = fs::read(&path).unwrap();
            let mut bad = good.clone();
            bad[0] ^= 0x40;
            fs::write(&path, &bad).unwrap();
            let faults = verify(dir.path(), MODEL).unwrap().faults;
            assert!(faults.iter().any(|fault| fault.contains(&name)), "{name}: {faults:?}");
            fs::write(&path, &good).unwrap();
            damaged += 1;
        }
    }
    assert!(damaged >= 5);
    fs::write(dir.path().join("current.json"), "{").unwrap();
    assert!(matches!(Index::open(dir.path(), MODEL), Err(IndexError::Damaged { .. })));
}
