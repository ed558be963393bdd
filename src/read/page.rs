//! What a web page says about itself: JSON-LD and meta tags.

use serde_json::Value;

use super::markup::{Piece, pieces, unescape};
use super::{dates, furniture, meta};
use crate::article::Metadata;

/// The metadata of a page; of several statements the most trustworthy one.
pub fn metadata(html: &str) -> Metadata {
    let head = Head::read(html);
    let stated =
        head.linked_data.iter().find_map(|json| from_linked_data(json)).unwrap_or_default();
    let tagged = from_tags(&head);
    let mut found = merge(stated, tagged);
    found.outlet = found.outlet.or_else(|| found.url.as_deref().and_then(meta::host));
    found.title = found.title.map(|title| without_outlet(&title, found.outlet.as_deref()));
    found
}

/// What `first` says, and what only `second` says.
pub fn merge(first: Metadata, second: Metadata) -> Metadata {
    Metadata {
        title: first.title.or(second.title),
        authors: if first.authors.is_empty() { second.authors } else { first.authors },
        outlet: first.outlet.or(second.outlet),
        date: first.date.or(second.date),
        url: first.url.or(second.url),
        language: first.language.or(second.language),
    }
}

/// What the extractor has guessed from the looks of the page. Its dates and languages are left: it
/// takes any number for a year.
pub fn guessed(found: &trafilatura::Metadata) -> Metadata {
    let line = |text: &str| meta::line(text);
    Metadata {
        title: line(&found.title),
        authors: line(&found.author).map(|list| furniture::names(&list)).unwrap_or_default(),
        outlet: line(&found.sitename).or_else(|| line(&found.hostname)),
        date: None,
        url: line(&found.url),
        language: None,
    }
}

/// The parts of a page that say something about it.
#[derive(Default)]
struct Head {
    tags: Vec<(String, String)>,
    linked_data: Vec<String>,
    title: Option<String>,
}

impl Head {
    fn read(html: &str) -> Head {
        let mut head = Head::default();
        let mut inside = None;
        for piece in pieces(html) {
            match piece {
                Piece::Text(range) => match inside.take() {
                    Some("title") if head.title.is_none() => {
                        head.title = meta::line(&unescape(&html[range]));
                    }
                    Some("json") => head.linked_data.push(html[range].to_string()),
                    _ => {}
                },
                Piece::Tag(tag) => {
                    inside = None;
                    if tag.closes {
                        continue;
                    }
                    let attribute = |name| tag.attribute(name);
                    if tag.is("meta") {
                        let name = ["property", "name", "itemprop", "http-equiv"];
                        let name = name.into_iter().find_map(attribute);
                        if let (Some(name), Some(content)) = (name, attribute("content")) {
                            head.tags.push((name.to_ascii_lowercase(), content.into_owned()));
                        }
                    } else if tag.is("html") {
                        let language = attribute("lang").or_else(|| attribute("xml:lang"));
                        head.tags.extend(language.map(|l| ("html:lang".into(), l.into_owned())));
                    } else if tag.is("link") {
                        let canonical = attribute("rel").is_some_and(|r| r == "canonical");
                        let href = attribute("href").filter(|_| canonical);
                        head.tags.extend(href.map(|href| ("canonical".into(), href.into_owned())));
                    } else if tag.is("title") {
                        inside = Some("title");
                    } else if tag.is("script") {
                        let linked = attribute("type").is_some_and(|t| t.contains("ld+json"));
                        inside = linked.then_some("json");
                    }
                }
            }
        }
        head
    }

    /// The first tag of these names that says something.
    fn tag(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| {
            let named = self.tags.iter().filter(|(key, _)| key == name);
            named.filter_map(|(_, value)| meta::line(value)).next()
        })
    }

    fn all(&self, names: &[&str]) -> Vec<String> {
        names
            .iter()
            .map(|name| self.tags.iter().filter(move |(key, _)| key == name))
            .map(|tags| tags.filter_map(|(_, value)| meta::line(value)).collect::<Vec<_>>())
            .find(|values| !values.is_empty())
            .unwrap_or_default()
    }
}

fn from_tags(head: &Head) -> Metadata {
    let authors = head.all(&[
        "author",
        "article:author",
        "byl",
        "dc.creator",
        "dcterms.creator",
        "parsely-author",
        "sailthru.author",
        "authors",
        "cxenseparse:author",
    ]);
    let date = head.tag(&[
        "article:published_time",
        "datepublished",
        "parsely-pub-date",
        "og:published_time",
        "publishdate",
        "publish-date",
        "pubdate",
        "sailthru.date",
        "dc.date.issued",
        "dcterms.issued",
        "dcterms.created",
        "dc.date",
        "date",
        "article.published",
        "cxenseparse:recs:publishtime",
        "og:article:published_time",
        "publication_date",
        "published_at",
    ]);
    let titles = ["og:title", "twitter:title", "dc.title", "parsely-title", "title", "headline"];
    let outlets =
        ["og:site_name", "application-name", "publisher", "dc.publisher", "source", "copyright"];
    Metadata {
        title: head.tag(&titles).or_else(|| head.title.clone()),
        authors: authors.iter().flat_map(|list| furniture::names(list)).collect(),
        outlet: head.tag(&outlets),
        date: date.and_then(|date| dates::parse(&date)),
        url: head
            .tag(&["canonical", "og:url", "parsely-link", "twitter:url"])
            .filter(|u| u.contains("://")),
        language: head
            .tag(&["html:lang", "og:locale", "dc.language", "content-language", "language"])
            .and_then(|value| meta::language(&value)),
    }
}

/// "Headline - Harbor Times" without the outlet.
fn without_outlet(title: &str, outlet: Option<&str>) -> String {
    let Some(outlet) = outlet else { return title.to_string() };
    for mark in [" - ", " | ", " – ", " — ", " :: ", " · "] {
        if let Some((before, after)) = title.rsplit_once(mark)
            && furniture::same_words(after, outlet)
        {
            return before.trim().to_string();
        }
    }
    title.to_string()
}

/// The article that a JSON-LD script describes, if it describes one.
fn from_linked_data(json: &str) -> Option<Metadata> {
    let json = json.trim().trim_end_matches(';');
    let json = json.strip_prefix("<![CDATA[").map_or(json, |j| j.trim_end_matches("]]>"));
    let value: Value = serde_json::from_str(json).ok()?;
    let article = find_article(&value, 0)?;
    let line =
        |key: &str| article.get(key).and_then(name).and_then(|text| meta::line(&unescape(text)));
    Some(Metadata {
        title: line("headline").or_else(|| line("name")),
        authors: article.get("author").map(authors).unwrap_or_default(),
        outlet: line("publisher"),
        date: ["datePublished", "dateCreated", "uploadDate", "dateModified"]
            .iter()
            .find_map(|key| dates::parse(article.get(key)?.as_str()?)),
        url: line("url").or_else(|| line("mainEntityOfPage")).filter(|url| url.contains("://")),
        language: line("inLanguage").and_then(|value| meta::language(&value)),
    })
}

fn find_article(value: &Value, depth: usize) -> Option<&Value> {
    if depth > 6 {
        return None;
    }
    match value {
        Value::Array(list) => list.iter().find_map(|value| find_article(value, depth + 1)),
        Value::Object(map) if is_article(map.get("@type")) => Some(value),
        Value::Object(map) => ["@graph", "mainEntity", "mainEntityOfPage", "itemListElement"]
            .iter()
            .find_map(|key| find_article(map.get(*key)?, depth + 1)),
        _ => None,
    }
}

fn is_article(kind: Option<&Value>) -> bool {
    let fits = |kind: &str| {
        let kind = kind.rsplit(['/', ':']).next().unwrap_or(kind);
        kind.ends_with("Article")
            || matches!(kind, "BlogPosting" | "LiveBlogPosting" | "Report")
            || kind.ends_with("NewsArticle")
    };
    match kind {
        Some(Value::String(kind)) => fits(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(fits),
        _ => false,
    }
}

/// A text, or the name of a thing.
fn name(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(list) => list.iter().find_map(name),
        Value::Object(map) => ["name", "@id", "url"].iter().find_map(|key| map.get(*key)?.as_str()),
        _ => None,
    }
}

fn authors(value: &Value) -> Vec<String> {
    let people: Vec<&str> = match value {
        Value::Array(list) => list.iter().filter_map(name).collect(),
        other => name(other).into_iter().collect(),
    };
    let mut authors: Vec<String> = Vec::new();
    for author in people.iter().flat_map(|list| furniture::names(&unescape(list))) {
        if !authors.contains(&author) {
            authors.push(author);
        }
    }
    authors
}
