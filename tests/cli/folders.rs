//! Several folders in one index, with articles of the same names.

use super::helpers::Work;

fn two_folders() -> Work {
    let work = Work::empty();
    work.write(
        "north/day.txt",
        "“We will go north,” said Ann Lee.\n\nThe same line stands in both.\n",
    );
    work.write(
        "south/day.txt",
        "“We will go south,” said Ann Lee.\n\nThe same line stands in both.\n",
    );
    work.write("south/alone.txt", "“We will go south,” said Ann Lee.\n");
    work.run(&["index", "north", "south"]).ends(0);
    work
}

#[test]
fn articles_of_one_name_are_told_apart() {
    let work = two_folders();
    let json = |args: &[&str]| -> serde_json::Value {
        let ran = work.run(&[args, &["--format", "json"]].concat()).ends(0);
        serde_json::from_str(&ran.out).unwrap()
    };
    let found = |args: &[&str]| -> Vec<String> {
        let hits = json(args);
        let places = hits.as_array().unwrap().iter().flat_map(|hit| hit["occurrences"].as_array());
        places.flatten().map(|place| place["article"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found(&["query", "north"]), ["north/day.txt"]);
    assert_eq!(found(&["query", "south"]), ["alone.txt", "south/day.txt"]);
    assert_eq!(found(&["query", "--in", "text", "same"]), ["north/day.txt", "south/day.txt"]);
    assert_eq!(json(&["query", "south"])[0]["articles"], 2);
    let copies = work.run(&["duplicates"]).ends(0).out;
    assert!(copies.contains("south/day.txt paragraph 2 is a copy of north/day.txt"), "{copies}");
}

#[test]
fn show_takes_the_name_of_the_folder_where_it_must() {
    let work = two_folders();
    let both = work.run(&["show", "day.txt"]).ends(2);
    assert!(both.err.contains("north/day.txt") && both.err.contains("south/day.txt"));
    let south = work.run(&["show", "south/day.txt"]).ends(0).out;
    assert!(south.contains("We will go south") && south.starts_with("south/day.txt\n"), "{south}");
    assert!(south.contains("also in north/day.txt (paragraph 2)"), "{south}");
    for name in ["alone.txt", "south/alone.txt"] {
        assert!(work.run(&["show", name]).ends(0).out.starts_with("alone.txt\n"));
    }
    work.run(&["show", "north/alone.txt"]).ends(1);
    // Once the other folder is gone, the name is the article's alone.
    work.run(&["forget", "north"]).ends(0);
    assert!(work.run(&["show", "day.txt"]).ends(0).out.starts_with("day.txt\n"));
}

#[test]
fn show_takes_the_path_of_a_file() {
    let work = two_folders();
    work.write("lone/day.jsonl", "{\"text\": \"One line.\"}\n{\"text\": \"Two lines.\"}\n");
    work.run(&["index", "lone/day.jsonl"]).ends(0);
    let absolute = work.path("south/alone.txt");
    let shown = [
        ("./south/alone.txt", "We will go south"),
        (absolute.to_str().unwrap(), "We will go south"),
        ("./south/../north/day.txt", "We will go north"),
        ("lone/day.jsonl#2", "Two lines."),
    ];
    for (name, text) in shown {
        assert!(work.run(&["show", name]).ends(0).out.contains(text), "{name}");
    }
    assert!(work.run(&["show", "./lone/day.jsonl"]).ends(2).err.contains("day.jsonl#1"));
    for name in ["./south", "./south/none.txt", "/", "#"] {
        work.run(&["show", name]).ends(1);
    }
}
