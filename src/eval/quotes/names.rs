//! When two names are one person's, for scoring.

const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "sen",
    "senator",
    "rep",
    "representative",
    "gov",
    "governor",
    "president",
    "secretary",
    "sir",
    "gen",
    "general",
    "lt",
    "col",
    "rev",
    "justice",
    "judge",
    "mayor",
    "professor",
    "prof",
    "speaker",
    "congressman",
    "congresswoman",
    "sheriff",
    "pastor",
    "madam",
    "vice",
    "chairman",
    "attorney",
    "ambassador",
    "capt",
    "maj",
    "sgt",
    "lady",
    "first",
    "pope",
    "former",
    "the",
    "then-sen",
    "republican",
    "democrat",
    "democratic",
    "candidate",
    "nominee",
];
const SUFFIXES: &[&str] = &["jr", "sr", "ii", "iii", "iv"];

/// The words of a name in lower case, without titles, suffixes and possessive endings.
fn parts(name: &str) -> Vec<String> {
    let inner = |c: char| c.is_alphanumeric() || "_.'’-".contains(c);
    name.split(|c| !inner(c))
        .map(|word| word.strip_suffix("'s").or(word.strip_suffix("’s")).unwrap_or(word))
        .map(|word| word.trim_matches(['.', '\'', '’', '-']).to_lowercase())
        .filter(|w| {
            !w.is_empty() && !TITLES.contains(&w.as_str()) && !SUFFIXES.contains(&w.as_str())
        })
        .collect()
}

/// Whether a name has more than one word.
pub fn is_full(name: &str) -> bool {
    parts(name).len() >= 2
}

/// Same last name, and first names that do not contradict each other; initials agree with names.
pub fn same_person(a: &str, b: &str) -> bool {
    let (a, b) = (parts(a), parts(b));
    let ([.., last_a], [.., last_b]) = (a.as_slice(), b.as_slice()) else { return false };
    if last_a != last_b {
        return false;
    }
    if a.len() == 1 || b.len() == 1 || a[0] == b[0] {
        return true;
    }
    let short = a[0].chars().nth(1).is_none() || b[0].chars().nth(1).is_none();
    short && a[0].chars().next() == b[0].chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_initials_do_not_part_a_person() {
        assert!(same_person("Sen. Ada Brook", "A. Brook"));
        assert!(same_person("Brook", "Ada Brook Jr."));
        assert!(!same_person("Ada Brook", "Ida Brook"));
        assert!(!is_full("Mr. Brook") && is_full("Ada Brook"));
    }
}
