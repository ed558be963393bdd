//! The formats: where each keeps text and metadata.

use whosaid::article::Part;
use whosaid::read::{self, Format, ReadOptions};

use super::{paragraphs, read_file, read_one};
use crate::checks::record;

/// One object each; what its makers are, and what must come out: title, authors, outlet, date, url, language.
const OBJECTS: &[(&str, &str, [&str; 6])] = &[
    (
        "news-please",
        r#"{"authors": ["Sara Quinn", "Tom Hale"], "date_download": "2024-05-01 00:00:00", "date_publish": "2024-03-03 10:00:00",
            "language": "en", "maintext": "BODY", "source_domain": "harbortimes.example", "title": "Quay shut",
            "url": "https://harbortimes.example/a", "description": "Not this."}"#,
        [
            "Quay shut",
            "Sara Quinn|Tom Hale",
            "harbortimes.example",
            "2024-03-03T10:00:00",
            "https://harbortimes.example/a",
            "en",
        ],
    ),
    (
        "newspaper",
        r#"{"title": "Quay shut", "text": "BODY", "authors": ["Sara Quinn"], "publish_date": "2024-03-03T00:00:00",
            "source_url": "https://www.harbortimes.example", "url": "https://www.harbortimes.example/a"}"#,
        [
            "Quay shut",
            "Sara Quinn",
            "harbortimes.example",
            "2024-03-03T00:00:00",
            "https://www.harbortimes.example/a",
            "",
        ],
    ),
    (
        "fundus",
        r#"{"title": "Quay shut", "body": {"summary": [], "sections": [{"headline": [], "paragraphs": ["BODY"]}]},
            "authors": ["Sara Quinn"], "publishing_date": "2024-03-03 12:00:00+02:00", "publisher": "Harbor Times", "lang": "en"}"#,
        ["Quay shut", "Sara Quinn", "Harbor Times", "2024-03-03T10:00:00", "", "en"],
    ),
    (
        "trafilatura",
        r#"{"title": "Quay shut", "author": "Sara Quinn; Tom Hale", "hostname": "harbortimes.example", "date": "2024-03-03",
            "text": "BODY", "raw_text": "x", "source": "https://harbortimes.example/a", "source-hostname": "Harbor Times", "language": null}"#,
        [
            "Quay shut",
            "Sara Quinn|Tom Hale",
            "Harbor Times",
            "2024-03-03T00:00:00",
            "https://harbortimes.example/a",
            "",
        ],
    ),
    (
        "NELA-GT",
        r#"{"id": "x--1", "date": "2024-03-03", "source": "harbortimes", "title": "Quay shut", "content": "BODY", "author": "Sara Quinn",
            "published": "Sun, 03 Mar 2024 10:00:00 GMT", "published_utc": 1709460000}"#,
        ["Quay shut", "Sara Quinn", "harbortimes", "2024-03-03T10:00:00", "", ""],
    ),
    (
        "Elasticsearch",
        r#"{"_index": "news", "_id": "1", "_source": {"headline": "Quay shut", "body": "BODY", "byline": "By Sara Quinn",
            "outlet": "Harbor Times", "@timestamp": "2024-03-03T10:00:00.000Z", "lang": "en-GB"}}"#,
        ["Quay shut", "Sara Quinn", "Harbor Times", "2024-03-03T10:00:00", "", "en"],
    ),
    (
        "Scrapy",
        r#"{"title": ["Quay shut"], "content": ["BODY"], "author": ["Sara Quinn"], "datetime": ["March 3, 2024"], "link": "https://harbortimes.example/a"}"#,
        [
            "Quay shut",
            "Sara Quinn",
            "harbortimes.example",
            "2024-03-03T00:00:00",
            "https://harbortimes.example/a",
            "",
        ],
    ),
    (
        "schema.org",
        r#"{"@type": "NewsArticle", "headline": "Quay shut", "articleBody": "BODY", "author": [{"@type": "Person", "name": "Sara Quinn"}],
            "publisher": {"name": "Harbor Times"}, "datePublished": "2024-03-03T10:00:00Z", "inLanguage": "en", "url": "https://harbortimes.example/a"}"#,
        [
            "Quay shut",
            "Sara Quinn",
            "Harbor Times",
            "2024-03-03T10:00:00",
            "https://harbortimes.example/a",
            "en",
        ],
    ),
    (
        "NewsAPI",
        r#"{"source": {"id": null, "name": "Harbor Times"}, "author": "Sara Quinn", "title": "Quay shut", "publishedAt": "2024-03-03T10:00:00Z",
            "content": "BODY", "url": "https://harbortimes.example/a"}"#,
        [
            "Quay shut",
            "Sara Quinn",
            "Harbor Times",
            "2024-03-03T10:00:00",
            "https://harbortimes.example/a",
            "",
        ],
    ),
    (
        "outlet beside source",
        r#"{"id": "ht/1", "source": "ht", "outlet": "Harbor Times", "date": "", "title": "Quay shut", "authors": "Sara Quinn, Tom Hale",
            "url": "", "topic": "local", "text": "BODY"}"#,
        ["Quay shut", "Sara Quinn|Tom Hale", "Harbor Times", "", "", ""],
    ),
];

const BODY: &str = r"The quay is shut.\n\n\u201cNobody swims here,\u201d said Ada Lorne.";

#[test]
fn json_of_many_makers() {
    for (maker, object, expected) in OBJECTS {
        let object = object.replace("BODY", BODY).replace('\n', " ");
        let article = read_one("a.json", &object);
        let meta = &article.meta;
        let date = meta.date.map(|date| date.to_string());
        let found = [
            meta.title.as_deref().unwrap_or_default(),
            &meta.authors.join("|"),
            meta.outlet.as_deref().unwrap_or_default(),
            date.as_deref().unwrap_or_default(),
            meta.url.as_deref().unwrap_or_default(),
            meta.language.as_deref().unwrap_or_default(),
        ];
        assert_eq!(found, *expected, "{maker}");
        let text = "Quay shut\n\nThe quay is shut.\n\n“Nobody swims here,” said Ada Lorne.";
        assert_eq!(article.text, text, "{maker}");
        assert_eq!(article.parts, [Part::Title, Part::Body, Part::Body], "{maker}");
    }
}

#[test]
fn containers_number_their_records() {
    let object = |n: u32| format!("{{\"text\": \"Article {n} is here.\"}}");
    let three = [object(1), object(2), object(3)];
    let pretty = three.join("\n").replace('{', "{\n  ");
    let cases = [
        ("a.jsonl", three.join("\n")),
        ("b.json", three.join("\n")),
        ("c.json", format!("[{}]", three.join(",\n"))),
        ("d.json", pretty.clone()),
        ("e.jsonl", pretty),
        ("f.txt", format!("[{}]", three.join(","))),
        (
            "g.json",
            format!(
                "{{\"status\": \"ok\", \"total\": 3, \"articles\": [{}], \"more\": null}}",
                three.join(",")
            ),
        ),
        (
            "h.json",
            format!(
                "{{\"took\": 1, \"hits\": {{\"total\": {{\"value\": 3}}, \"hits\": [{}]}}}}",
                three.join(",")
            ),
        ),
        ("i.jsonl", format!("\n{}\n\n", three.join("\n\n"))),
    ];
    for (name, bytes) in cases {
        let found = read_file(name, &bytes);
        let ids: Vec<_> = found.iter().map(|item| item.as_ref().map(|a| a.id.clone())).collect();
        let expected: Vec<_> = (1..=3).map(|n| format!("{name}#{n}")).collect();
        assert_eq!(ids.into_iter().flatten().collect::<Vec<_>>(), expected, "{name} {found:?}");
    }
    assert_eq!(read_one("one.json", object(1)).id, "one.json");
    assert_eq!(read_one("one.jsonl", object(1)).id, "one.jsonl#1");
}

#[test]
fn packed_files_are_unpacked() {
    let text = "The quay is shut.\n\nNobody swims here.";
    let two_members = [gzip("The quay is shut.\n"), gzip("\nNobody swims here.")].concat();
    let zst = zstd::encode_all(text.as_bytes(), 3).unwrap();
    for (name, bytes) in [
        ("a.txt.gz", gzip(text)),
        ("b.txt.gz", two_members),
        ("c.zst", zst),
        ("plain.txt", gzip(text)),
    ] {
        assert_eq!(read_one(name, bytes).text, text, "{name}");
    }
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn fields_can_be_named() {
    let object = br#"{"text": "Not this.", "payload": {"words": "This."}, "kicker": "Title"}"#;
    let fields = [("text", "payload.words"), ("title", "kicker")];
    let fields = fields.map(|(a, b)| (a.to_string(), b.to_string())).to_vec();
    let options = ReadOptions { fields, ..ReadOptions::default() };
    let article = read::parse(&record(Format::Json, object.to_vec()), &options).unwrap();
    assert_eq!(article.text, "Title\n\nThis.");
    let missing =
        ReadOptions { fields: vec![("text".into(), "nothing".into())], ..ReadOptions::default() };
    let problem = read::parse(&record(Format::Json, object.to_vec()), &missing).unwrap_err();
    assert!(problem.reason.contains("nothing"), "{problem}");
}

#[test]
fn markup_in_a_field_is_taken_off() {
    let object = r#"{"text": "<p>The <b>quay</b> is&nbsp;shut.</p><p>&ldquo;Nobody swims here,&rdquo; said<br/>Ada Lorne of <OI>.</p><script>x()</script>"}"#;
    let article = read_one("a.json", object);
    assert_eq!(
        paragraphs(&article),
        ["The quay is shut.", "“Nobody swims here,” said Ada Lorne of <OI>."]
    );
    let plain = read_one("a.json", r#"{"text": "Owens <OI> fell & rose; 3 < 4."}"#);
    assert_eq!(plain.text, "Owens <OI> fell & rose; 3 < 4.");
}

/// Who typed a text and marked some of its words meant the line ends: only where there are paragraphs
/// of HTML they mean nothing.
#[test]
fn a_text_with_some_tags_keeps_its_paragraphs() {
    let read = |text: &str| {
        let object = serde_json::json!({ "text": text }).to_string();
        let article = read_one("a.json", &object);
        paragraphs(&article).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let first = "The <i>Ada Lorne</i> sank &amp; nobody saw it.";
    let (sank, left) = ("The Ada Lorne sank & nobody saw it.", "“It is gone,” said Tom Hale.");
    assert_eq!(read(&format!("{first}\n\n{left}")), [sank, left]);
    assert_eq!(read(&format!("{first}\n{left}")), [sank, left]);
    let listed = format!("{first}\n \n{left}\n<ul><li>One\nship</li><li>Two</li></ul>");
    assert_eq!(read(&listed), [sank, left, "One ship", "Two"]);
    let link = format!("{left}\n\nThe <a\nhref='x'>quay</a> is\nshut.");
    assert_eq!(read(&link), [left, "The quay is shut."]);
    assert_eq!(read(&format!("<p>{first}\n\n{left}</p>")), [format!("{sank} {left}")]);
    let script = format!("{first}<script>let x;\n\nlet y;</script> {left}");
    assert_eq!(read(&script), [format!("{sank} {left}")]);
}

const PAGE: &str = r#"<!DOCTYPE html><html lang="en-GB"><head><meta charset="windows-1252">
<title>Quay shut after “seal” sighting - Harbor Times</title>
<meta property="og:site_name" content="Harbor Times"><link rel="canonical" href="https://harbortimes.example/a">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "No"},
{"@type": ["NewsArticle"], "headline": "Quay shut after &quot;seal&quot; sighting", "datePublished": "2024-03-03T11:00:00+01:00",
"author": [{"@type": "Person", "name": "Sara Quinn"}, {"name": "Tom Hale"}], "publisher": {"@type": "Organization", "name": "Harbor Times"}}]}</script>
</head><body><nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>Quay shut after "seal" sighting</h1>
<p>The harbour office closed the east quay on Monday after three swimmers reported a seal the size of a rowing boat.</p>
<p>“Nobody swims here until it has left,” said Ada Lorne, the harbour master, who has worked on the quay for thirty years.</p>
<p>The seal, which the office calls “a regular”, was last seen on Sunday evening beside the ferry landing, asleep.</p>
</article><footer>© 2024 Harbor Times</footer></body></html>"#;

#[test]
fn a_web_page() {
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(PAGE);
    let article = read_one("page.html", bytes);
    let meta = &article.meta;
    assert_eq!(meta.title.as_deref(), Some("Quay shut after \"seal\" sighting"));
    assert_eq!(meta.authors, ["Sara Quinn", "Tom Hale"]);
    assert_eq!(meta.outlet.as_deref(), Some("Harbor Times"));
    assert_eq!(meta.date.unwrap().to_string(), "2024-03-03T10:00:00");
    assert_eq!(meta.url.as_deref(), Some("https://harbortimes.example/a"));
    assert_eq!(meta.language.as_deref(), Some("en"));
    let paragraphs = paragraphs(&article);
    assert_eq!(paragraphs.len(), 4, "{paragraphs:?}");
    assert_eq!(paragraphs[0], "Quay shut after \"seal\" sighting");
    assert!(paragraphs[2].starts_with("“Nobody swims here until"), "{paragraphs:?}");
    assert_eq!(article.parts[0], Part::Title);
}

#[test]
fn markdown() {
    let text = "---\ntitle: \"Quay shut\"\nauthors:\n  - Sara Quinn\n  - Tom Hale\ndate: 2024-03-03\nsource: Harbor Times\nlang: en\n---\n\n\
        The *east* quay is **shut**, the\n[harbour office](https://x.example/a_b) said. ![seal](s.jpg)\n\n> “Nobody swims\n> here,” said Ada \\*Lorne\\*.\n\n\
        ## Seals\n\n- One came `early`.\n- One came late_ly_ 2*3*4.\n\n```\ncode\n```\n\n***\n\nTom &amp; Ada <b>left</b>.\n";
    let article = read_one("a.md", text);
    assert_eq!(
        paragraphs(&article),
        [
            "Quay shut",
            "The east quay is shut, the harbour office said.",
            "“Nobody swims here,” said Ada *Lorne*.",
            "Seals",
            "One came early.",
            "One came late_ly_ 234.",
            "Tom & Ada left.",
        ]
    );
    assert_eq!(article.meta.authors, ["Sara Quinn", "Tom Hale"]);
    assert_eq!(article.meta.outlet.as_deref(), Some("Harbor Times"));
    assert_eq!(article.meta.date.unwrap().to_string(), "2024-03-03T00:00:00");
    assert_eq!(article.meta.language.as_deref(), Some("en"));
}
