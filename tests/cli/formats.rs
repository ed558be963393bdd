//! How results are written, and that hostile text stays text.

use std::process::Stdio;

use super::helpers::Work;

/// An archive with one quote that holds all that is nasty.
fn hostile() -> Work {
    let work = Work::empty();
    let text =
        "\"=HYPERLINK(1) \u{9b}31m and \u{202e}backwards plum,\" said Maria Lopez, the mayor.";
    let line =
        format!("{{\"title\": \"-2+3\", \"text\": {}}}", serde_json::to_string(text).unwrap());
    work.write("news/a.json", &line);
    work.run(&["index", "news"]).ends(0);
    work
}

#[test]
fn no_format_lets_text_speak_to_the_terminal() {
    let work = hostile();
    for format in ["table", "json", "jsonl", "csv"] {
        let ran = work.run(&["query", "plum", "--format", format]).ends(0);
        let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!ran.out.contains(bad), "{format}: {:?}", ran.out);
        assert!(ran.out.contains("plum"), "{format}: {}", ran.out);
    }
    let shown = work.run(&["show", "a.json"]).ends(0);
    assert!(!shown.out.contains(['\u{9b}', '\u{202e}']), "{:?}", shown.out);
}

#[test]
fn show_tells_where_else_a_paragraph_stands() {
    let work = Work::empty();
    work.write(
        "news/a.txt",
        "The same words.\n\nOther words.\n\nThe same words.\n\nThe same words.\n",
    );
    work.write("news/b.txt", "A beginning.\n\nThe same words.\n");
    work.run(&["index", "news"]).ends(0);
    let shown = work.run(&["show", "a.txt"]).ends(0).out;
    let others = |list: &str| shown.contains(&format!("    = {list}\n"));
    assert!(others("again in paragraph 3, again in paragraph 4, also in b.txt (paragraph 2)"));
    assert!(others("again in paragraph 1, again in paragraph 3, also in b.txt (paragraph 2)"));
    let json = work.run(&["show", "a.txt", "--format", "json"]).ends(0).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let elsewhere = |number: usize| {
        let places = json["paragraphs"][number]["elsewhere"].as_array().unwrap().iter();
        let place = |at: &serde_json::Value| format!("{}:{}", at["article"], at["paragraph"]);
        places.map(place).collect::<Vec<_>>().join(" ").replace('"', "")
    };
    assert_eq!(elsewhere(0), "a.txt:3 a.txt:4 b.txt:2");
    assert_eq!(elsewhere(1), "");
    // The first copy has the rest.
    assert_eq!((elsewhere(2), elsewhere(3)), ("a.txt:1".into(), "a.txt:1".into()));
}

#[test]
fn cells_of_a_spreadsheet_cannot_start_formulas() {
    let ran = hostile().run(&["query", "plum", "--format", "csv"]).ends(0);
    let mut rows = csv::Reader::from_reader(ran.out.as_bytes());
    let row = rows.records().next().unwrap().unwrap();
    for cell in &row {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
}

#[test]
fn json_has_the_documented_keys_and_words_only_where_they_belong() {
    let work = Work::with_news(8);
    work.run(&["index", "news"]).ends(0);
    let ran = work.run(&["query", "worth", "--format", "json", "--limit", "all"]).ends(0);
    let hits: Vec<serde_json::Value> = serde_json::from_str(&ran.out).unwrap();
    assert!(!hits.is_empty());
    for hit in &hits {
        let keys =
            "quote speaker role kind confidence rule articles occurrences passage highlights";
        for key in keys.split(' ') {
            assert!(hit.get(key).is_some(), "{key} in {hit}");
        }
        for key in ["article", "path", "title", "outlet", "date", "start", "end"] {
            assert!(hit["occurrences"][0].get(key).is_some(), "{key} in {hit}");
        }
        for (key, value) in hit.as_object().unwrap() {
            let holds = value.to_string().contains("worth it");
            assert!(!holds || key == "quote" || key == "passage", "{key}: {value}");
        }
    }
    let lines = work.run(&["query", "worth", "--format", "jsonl", "--limit", "all"]).ends(0);
    assert_eq!(lines.out.lines().count(), hits.len());
    let count = work.run(&["query", "worth", "--count"]).ends(0);
    assert_eq!(count.out.trim(), hits.len().to_string());
}

#[test]
fn matched_words_are_marked_with_and_without_colours() {
    let work = Work::with_news(2);
    work.run(&["index", "news"]).ends(0);
    let plain = work.run(&["query", "worth"]).ends(0);
    assert!(plain.out.contains("*worth*"), "{}", plain.out);
    let mut command = work.command(&["query", "worth", "--color", "always"]);
    let coloured = command.env_remove("NO_COLOR").output().unwrap();
    let coloured = String::from_utf8(coloured.stdout).unwrap();
    assert!(coloured.contains('\u{1b}') && !coloured.contains("*worth*"), "{coloured:?}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let work = Work::with_news(60);
    work.run(&["index", "news"]).ends(0);
    let mut command = work.command(&["query", "--limit", "all", "--format", "jsonl"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success() && ended.stderr.is_empty(), "{ended:?}");
}

#[test]
fn extract_answers_in_order_with_offsets_of_the_given_text() {
    let work = Work::empty();
    let text = "  Zürich  –\r\n\r\n“We will   win,” said Maria Lopez, the mayor.";
    let input: String = (0..50)
        .map(|id| format!("{{\"id\": {id}, \"text\": {}}}\n", serde_json::to_string(text).unwrap()))
        .collect();
    for unit in ["bytes", "chars"] {
        let ran = work.run_with(&["extract", "--offsets", unit, "--threads", "4"], &input).ends(0);
        assert_eq!(ran.out.lines().count(), 50);
        for (id, line) in ran.out.lines().enumerate() {
            let answer: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(answer["id"], id.to_string());
            let quote = &answer["quotes"][0];
            let span = &quote["content"][0];
            let (start, end) = (span[0].as_u64().unwrap(), span[1].as_u64().unwrap());
            let (start, end) = (start as usize, end as usize);
            let words: String = match unit {
                "bytes" => text[start..end].to_owned(),
                _ => text.chars().skip(start).take(end - start).collect(),
            };
            assert_eq!(words, "We will   win,");
            assert_eq!(quote["speaker"], "Maria Lopez");
        }
    }
}

#[test]
fn extract_tells_which_words_of_a_mixed_quote_are_verbatim() {
    let text = "Councillor Tom Becker met his rival Lucy Chen in Überlingen. Becker said the vote \
                \"was rigged,\" while Chen called it \"a triumph.\" \"I will not go,\" Becker said.";
    let input = serde_json::json!({"id": 1, "text": text}).to_string();
    for unit in ["bytes", "chars"] {
        let ran = Work::empty().run_with(&["extract", "--offsets", unit], &input).ends(0);
        let answer: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let words = |span: &serde_json::Value| -> String {
            let [start, end] = [0, 1].map(|i| span[i].as_u64().unwrap() as usize);
            match unit {
                "bytes" => text[start..end].into(),
                _ => text.chars().skip(start).take(end - start).collect(),
            }
        };
        let verbatim = |quote: &serde_json::Value| -> Option<(String, String)> {
            let spans = quote.get("verbatim")?.as_array().unwrap();
            let words: Vec<String> = spans.iter().map(words).collect();
            Some((quote["speaker"].as_str().unwrap().into(), words.join("|")))
        };
        let quotes = answer["quotes"].as_array().unwrap();
        let found: Vec<_> = quotes.iter().filter_map(verbatim).collect();
        let pair = |who: &str, what: &str| (who.to_string(), what.to_string());
        assert_eq!(found, [pair("Tom Becker", "was rigged,"), pair("Lucy Chen", "a triumph.")]);
        // All of a direct quote is.
        assert!(quotes.iter().any(|quote| quote["kind"] == "direct"), "{}", ran.out);
    }
}

#[test]
fn extract_names_lines_it_cannot_use_and_goes_on() {
    let input = "{\"id\": \"a\", \"text\": \"x\"}\nnonsense\n\n{\"id\": \"b\"}\n{\"id\": \"c\", \"text\": \"\"}\n";
    let ran = Work::empty().run_with(&["extract"], input).ends(2);
    assert_eq!(ran.out.lines().count(), 2, "{}", ran.out);
    assert!(ran.err.contains("line 2") && ran.err.contains("line 4"), "{}", ran.err);
}
