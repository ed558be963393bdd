//! Articles longer than any newspaper prints: a book, a year of minutes, an archive in one file. They are
//! annotated in windows of whole paragraphs, side by side if there are hands, so that memory does not
//! follow the article. Who is who is settled within a window: what two of them call by one full name
//! is one entity, but a bare surname is completed only from its own.

use rustc_hash::FxHashMap;

use crate::article::{Annotation, Entity};
use crate::segment::distinct_paragraphs;
use crate::text::Span;

/// Bytes of a window, more or less: more than all novels but a few.
pub(super) const LONGEST: usize = 4 << 20;
/// Bytes of a paragraph at most. No article has a longer one, but for texts without any line breaks.
const LONGEST_PARAGRAPH: usize = 1 << 16;
/// Paragraphs by which a window is longer, rather than ending inside a quotation that runs over them.
const KEPT_TOGETHER: usize = 64;
/// What a paragraph begins with that goes on with the quotation before it.
const MARKS: [char; 8] = ['"', '“', '„', '«', '»', '‘', '\'', '`'];

/// The distinct paragraphs of a text with their numbers, those beyond all measure in pieces.
pub(super) fn paragraphs(text: &str) -> impl Iterator<Item = (usize, Span)> {
    let pieces = move |(number, span): (usize, Span)| {
        let mut rest = Some(span);
        std::iter::from_fn(move || {
            let (piece, behind) = piece_of(text, rest?);
            rest = behind;
            Some((number, piece))
        })
    };
    distinct_paragraphs(text).flat_map(pieces)
}

/// A piece of a paragraph that ends with a sentence, or at least a word; and what is left.
fn piece_of(text: &str, paragraph: Span) -> (Span, Option<Span>) {
    if paragraph.len() <= LONGEST_PARAGRAPH {
        return (paragraph, None);
    }
    let most = text.floor_char_boundary(paragraph.start() + LONGEST_PARAGRAPH);
    let room = &text[paragraph.start()..most];
    let behind = |end: &str| room.rfind(end).map(|at| at + end.len());
    let cut = paragraph.start() + behind(". ").or_else(|| behind(" ")).unwrap_or(room.len());
    (Span::new(paragraph.start(), cut).trimmed(text), Some(Span::new(cut, paragraph.end())))
}

/// Parts paragraphs, which are given with their numbers, into windows of the same length, so many bytes
/// or less: each ends with the paragraph that fills it, or the quotation.
pub(super) fn windows<'a>(
    text: &str,
    mut paragraphs: &'a [(usize, Span)],
    longest: usize,
) -> Vec<&'a [(usize, Span)]> {
    let bytes: usize = paragraphs.iter().map(|(_, span)| span.len()).sum();
    let fair = bytes.div_ceil(bytes.div_ceil(longest).max(1));
    let mut windows = Vec::new();
    while !paragraphs.is_empty() {
        let mut held = 0;
        let fits = |(_, span): &&(usize, Span)| {
            let room = held < fair;
            held += span.len();
            room
        };
        let full = paragraphs.iter().take_while(fits).count();
        let rest = paragraphs[full..].iter().take(KEPT_TOGETHER);
        let more = rest.take_while(|(_, span)| span.of(text).starts_with(MARKS)).count();
        // Where all paragraphs open with a mark, it tells nothing.
        let (window, rest) = paragraphs.split_at(full + more % KEPT_TOGETHER);
        windows.push(window);
        paragraphs = rest;
    }
    windows
}

/// The annotation of an article, of those of its windows in order.
pub(super) fn joined(windows: impl IntoIterator<Item = Annotation>) -> Annotation {
    let mut all = Annotation::default();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    for window in windows {
        all.quotes.extend(window.quotes);
        for entity in window.entities {
            match known.get(&entity.key) {
                Some(&number) => take_in(&mut all.entities[number], entity),
                None => {
                    known.insert(entity.key.clone(), all.entities.len());
                    all.entities.push(entity);
                }
            }
        }
    }
    all
}

/// The same entity, as a later window has it.
fn take_in(entity: &mut Entity, later: Entity) {
    entity.mentions.extend(later.mentions);
    entity.roles.extend(later.roles);
    entity.role = entity.role.take().or(later.role);
    entity.party = entity.party.take().or(later.party);
    entity.gender = entity.gender.or(later.gender);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::annotate;
    use crate::annotate::scene::Scene;
    use crate::article::Article;

    fn parted(text: &str, longest: usize) -> Vec<Vec<&str>> {
        let paragraphs: Vec<_> = paragraphs(text).collect();
        let windows = windows(text, &paragraphs, longest);
        let words =
            |window: &&[(usize, Span)]| window.iter().map(|(_, span)| span.of(text)).collect();
        windows.iter().map(words).collect()
    }

    #[test]
    fn windows_hold_whole_quotations() {
        let text = "One here.\n\nTwo here.\n\n“Three runs on.\n\n“It ends here.”\n\nFive here.\n\n\
            One here.\n\nSix here.";
        assert_eq!(parted(text, 1000).len(), 1);
        let parts = parted(text, 30);
        let [first, second] = &parts[..] else { panic!("not two") };
        assert_eq!(first[..], ["One here.", "Two here.", "“Three runs on.", "“It ends here.”"]);
        assert_eq!(second[..], ["Five here.", "Six here."]);
        // Each on its own where one fills a window, even if all open with a mark.
        assert_eq!(parted("One here.\n\nTwo here.\n\nThree.", 1).len(), 3);
        let talk: Vec<String> = (0..200).map(|n| format!("“Say {n},” she said.")).collect();
        let talk = talk.join("\n\n");
        let parts: Vec<usize> = parted(&talk, 1000).iter().map(Vec::len).collect();
        assert!(parts.iter().all(|&length| length < 120) && parts.iter().sum::<usize>() == 200);
        assert!(parted("", 40).is_empty());
    }

    #[test]
    fn a_text_without_breaks_is_parted_at_sentences() {
        let sentences: Vec<String> = (0..9000).map(|n| format!("Ünlü {n} came late.")).collect();
        let text = sentences.join(" ");
        let pieces: Vec<_> = paragraphs(&text).collect();
        assert!(pieces.len() > 2 && pieces.iter().all(|(number, _)| *number == 0));
        let of: Vec<&str> = pieces.iter().map(|(_, span)| span.of(&text)).collect();
        assert!(of.iter().all(|piece| piece.len() <= LONGEST_PARAGRAPH && piece.ends_with('.')));
        assert_eq!(of.join(" "), text);
        let article = Article { text: text.clone(), ..Article::default() };
        assert_eq!(Scene::new(&article).paragraphs.len(), pieces.len());
        let solid = "ü".repeat(LONGEST_PARAGRAPH);
        assert_eq!(parted(&solid, LONGEST).concat().concat(), solid);
    }

    #[test]
    fn an_entity_of_two_windows_is_one() {
        let of = |words: &str| {
            let text = words.to_owned();
            annotate(&Article { text, ..Article::default() })
        };
        let one = of("Ann Lee spoke on Monday. “We will not go,” said Mayor Ann Lee.");
        let other = of("Omar Haddad left. Ann Lee, 59, stayed. “We stay,” said Ann Lee.");
        let all = joined([one.clone(), other.clone()]);
        let keys: Vec<&str> = all.entities.iter().map(|entity| entity.key.as_str()).collect();
        assert_eq!(keys, ["person:ann lee", "person:omar haddad"]);
        let mentions = |annotation: &Annotation| {
            annotation.entities.iter().map(|entity| entity.mentions.len()).sum::<usize>()
        };
        assert_eq!(mentions(&all), mentions(&one) + mentions(&other));
        assert_eq!(all.entities[0].role, one.entities[0].role);
        assert_eq!(all.quotes, [one.quotes, other.quotes].concat());
    }
}
