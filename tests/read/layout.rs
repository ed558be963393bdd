//! Paragraphs, headers and credits of plain text.

use whosaid::article::Part::{self, *};
use whosaid::read::article_of_text;

use super::paragraphs;

#[test]
fn paragraphs_by_single_line_ends() {
    let text = "\"Nobody swims here until the seal has left,\" harbour master Ada Lorne said.\n\
        The harbour office on Monday closed the east quay but said it was too soon to say for how long.\n\
        \"That is a good thing,\" Lorne said.\nThe office would not say more.";
    let article = article_of_text("a", text);
    assert_eq!(paragraphs(&article), text.lines().collect::<Vec<_>>());
    assert_eq!(article.parts, [Body; 4]);
    assert_eq!(article.meta.title, None);
}

#[test]
fn wrapped_lines_are_joined() {
    let text = "Quay shut after seal sighting\r\n\r\nThe harbour office closed the east quay on Monday\r\n\
        after three swimmers reported a seal the size of\r\na rowing boat, a spokeswoman said in the well-\r\n\
        known office.\r\n\r\n\"Nobody swims here until it has left,\" said Ada\r\nLorne, the harbour master.\r\n";
    let article = article_of_text("a", text);
    assert_eq!(
        paragraphs(&article),
        [
            "Quay shut after seal sighting",
            "The harbour office closed the east quay on Monday after three swimmers reported a seal the size of a \
             rowing boat, a spokeswoman said in the well-known office.",
            "\"Nobody swims here until it has left,\" said Ada Lorne, the harbour master.",
        ]
    );
    assert_eq!(article.parts, [Title, Body, Body]);
}

#[test]
fn headers_and_credits_are_named() {
    let text = "Quay shut after seal sighting\nBy SARA QUINN and Tom Hale, Harbor Times\nPublished: March 3, 2024 at 10:00 a.m. EST\n\n\
        HARBOR CITY, March 3 (NPA) - The quay is shut.\n\n\"Nobody swims here,\" said Ada Lorne.\n\n\
        Reporting by Sara Quinn; Editing by Tom Hale\n\n© 2024 Harbor Times";
    let article = article_of_text("a", text);
    let meta = &article.meta;
    assert_eq!(
        article.parts,
        [Title, Byline, Dateline, Body, Body, Credit, Credit],
        "{:?}",
        article.text
    );
    assert_eq!(meta.title.as_deref(), Some("Quay shut after seal sighting"));
    assert_eq!(meta.authors, ["SARA QUINN", "Tom Hale"]);
    assert_eq!(meta.outlet.as_deref(), Some("Harbor Times"));
    assert_eq!(meta.date.unwrap().to_string(), "2024-03-03T15:00:00");
}

/// Second paragraph of a text that opens with a headline: what it is, and the authors it names.
const HEADERS: &[(&str, Part, &str)] = &[
    ("By Sara Quinn", Byline, "Sara Quinn"),
    ("BY SARA QUINN, STAFF WRITER", Byline, "SARA QUINN"),
    ("By Sara Quinn of the Harbor Times", Byline, "Sara Quinn"),
    ("Sara Quinn, Political Correspondent", Byline, "Sara Quinn"),
    ("Sara Quinn | March 3, 2024", Byline, "Sara Quinn"),
    ("Analysis by Lotte van den Berg", Byline, "Lotte van den Berg"),
    ("Von Katrin Hollweg", Byline, "Katrin Hollweg"),
    ("Author: Sara Quinn", Byline, "Sara Quinn"),
    ("By Tuesday, the river had risen by two metres.", Body, ""),
    ("By the time Sara Quinn came, it was over", Body, ""),
    ("Von der Leyen said nothing.", Body, ""),
    ("3 March 2024", Dateline, ""),
    ("Port Ellery, 7 September 1968", Dateline, ""),
    ("Updated 11:20 AM GMT, Sunday 3 March 2024", Dateline, ""),
    ("On March 3, 2024 the mayor spoke.", Body, ""),
    ("Source: Harbor Times", Dateline, ""),
    ("Photo: A seal asleep on the quay. Tom Hale", Credit, ""),
];

#[test]
fn headers_one_by_one() {
    for (line, part, authors) in HEADERS {
        let text = format!(
            "Quay shut after seal\n\n{line}\n\nThe quay is shut, the office said on Monday.\n\nIt is."
        );
        let article = article_of_text("a", &text);
        assert_eq!(article.parts[1], *part, "{line}");
        assert_eq!(article.meta.authors.join("|"), *authors, "{line}");
    }
}

#[test]
fn white_space_and_line_ends() {
    let text = "\u{FEFF}One\u{A0}two\t three.\u{2028}Four\u{AD}teen.\u{2029}Five\u{200B}.\rSix \u{93}seven\u{94}.";
    let article = article_of_text("a", text);
    assert_eq!(paragraphs(&article), ["One two three.", "Fourteen.", "Five.", "Six “seven”."]);
    for (clean, c) in article.text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        assert!(text[article.origin.given(clean)..].starts_with(c), "{clean}");
    }
}
