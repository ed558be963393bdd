//! Which field of a JSON object says what: the names that crawlers, datasets and archives use.
//! A table and nothing else.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

/// What a field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The body, as text or with markup.
    Text,
    /// A whole page, to be used where there is no body.
    Page,
    /// The headline.
    Title,
    /// Who wrote it.
    Authors,
    /// Who published it.
    Outlet,
    /// When it was published.
    Date,
    /// Where it was published.
    Url,
    /// In which language.
    Language,
    /// An object around further fields.
    Wrapper,
}

/// Number of slots.
pub const SLOTS: usize = 9;

/// Field names in lower case without `_`, `-`, `:`, `.`, `@` and spaces; of several fields for one slot the
/// one that stands first here is believed.
///
/// news-please and CC-News: maintext, title, authors, `date_publish`, `source_domain`, url, language.
/// newspaper: text, title, authors, `publish_date`, `source_url`. fundus: plaintext or body, title,
/// authors, `publishing_date`, publisher, lang. trafilatura: text, title, author, date, sitename,
/// hostname, `source-hostname`, source (an address). NELA-GT: content, title, author,
/// `published_utc`, date, source. schema.org: articleBody, headline, datePublished, publisher.
/// The Guardian: webTitle, webPublicationDate, fields.bodyText. NewsAPI: content, publishedAt,
/// source.name. Elasticsearch: all of it in `_source`. Scrapy: whatever the spider calls it.
const NAMES: [(Slot, &str); SLOTS] = [
    (
        Slot::Text,
        "text maintext articlebody bodytext plaintext articletext fulltext cleanedtext contenttext \
         textcontent body content articlecontent newscontent story paragraphs article rawtext",
    ),
    (Slot::Page, "html rawhtml contenthtml bodyhtml articlehtml pagehtml htmlcontent"),
    (
        Slot::Title,
        "title headline webtitle articletitle newstitle heading pagetitle ogtitle titlepage",
    ),
    (
        Slot::Authors,
        "authors author byline articleauthor articleauthors creator dccreator writer writers \
         authorname by",
    ),
    (
        Slot::Outlet,
        "outlet outletname publication publicationname publisher newspaper sourcename sitename \
         ogsitename sourcedomain sourcehostname source hostname domain provider site media brand",
    ),
    (
        Slot::Date,
        "datepublish publishdate publisheddate datepublished publishingdate publicationdate \
         webpublicationdate pubdate published publishedat publishedutc publishtime publishedtime \
         articlepublishedtime firstpublished dateline date datetime articledate timestamp time \
         createdat datecreated created dateposted posted issued",
    ),
    (
        Slot::Url,
        "url link weburl articleurl canonicalurl canonicallink permalink pageurl originalurl \
         finalurl mainentityofpage href uri ogurl sourceurl",
    ),
    (Slot::Language, "language lang inlanguage languagecode langcode locale"),
    (Slot::Wrapper, "source article doc document fields attributes item news data metadata meta"),
];

/// The names, for looking up. A name may stand for a slot and for a wrapper at once.
static KNOWN: LazyLock<FxHashMap<&str, (Slot, usize)>> = LazyLock::new(|| {
    let ranked = |(slot, names): &(Slot, &'static str)| {
        let slot = *slot;
        names.split_ascii_whitespace().enumerate().map(move |(rank, name)| (name, (slot, rank)))
    };
    let mut known = FxHashMap::default();
    for (name, place) in NAMES.iter().flat_map(ranked) {
        known.entry(name).or_insert(place);
    }
    known
});

static WRAPPERS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    let wrappers = NAMES.iter().filter(|(slot, _)| *slot == Slot::Wrapper);
    wrappers.flat_map(|(_, names)| names.split_ascii_whitespace()).collect()
});

/// What a field says, and its rank among the fields that say the same.
pub fn slot(name: &str) -> Option<(Slot, usize)> {
    let mut buffer = [0; LONGEST];
    KNOWN.get(plain(name, &mut buffer)?).copied()
}

/// Whether an object under this name is looked into for further fields.
pub fn is_wrapper(name: &str) -> bool {
    let mut buffer = [0; LONGEST];
    plain(name, &mut buffer).is_some_and(|plain| WRAPPERS.contains(plain))
}

/// Whether a field of this name holds the body of an article.
pub fn is_text(name: &str) -> bool {
    slot(name).is_some_and(|(slot, _)| matches!(slot, Slot::Text | Slot::Page))
}

/// The slot that `--field NAME=…` names.
pub fn named_slot(name: &str) -> Option<Slot> {
    Some(match name {
        "text" => Slot::Text,
        "title" => Slot::Title,
        "author" | "authors" => Slot::Authors,
        "outlet" => Slot::Outlet,
        "date" => Slot::Date,
        "url" => Slot::Url,
        "language" => Slot::Language,
        _ => return None,
    })
}

/// Longer than any known name.
const LONGEST: usize = 24;

fn plain<'a>(name: &str, buffer: &'a mut [u8; LONGEST]) -> Option<&'a str> {
    let mut length = 0;
    for byte in name.bytes().filter(|b| !matches!(b, b'_' | b'-' | b':' | b' ' | b'.' | b'@')) {
        *buffer.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    std::str::from_utf8(&buffer[..length]).ok()
}
