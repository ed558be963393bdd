//! The language of searches: words, "exact phrases", -exclusions, OR, prefix*, (groups).
//!
//! All words are required. OR joins the words or groups on either side of it and binds tighter
//! than the space between words: `peace ukraine OR russia` wants peace, and one of the two.
//! Only the language is known here, not what it is asked of.

use super::words::words;

/// Deepest nesting of groups.
const DEEPEST: usize = 50;
/// Most words, phrases and groups in a query.
const MOST_TERMS: usize = 1000;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// Everything.
    All,
    /// These words next to each other; one word is a phrase of one.
    Phrase(Vec<String>),
    /// These words next to each other, the last being the beginning of a word.
    Prefix(Vec<String>),
    /// All of them.
    And(Vec<Expr>),
    /// One of them at least.
    Or(Vec<Expr>),
    /// All but those.
    Not(Box<Expr>),
}

impl Expr {
    /// Whether any of its words is but the beginning of one.
    pub fn has_beginning(&self) -> bool {
        match self {
            Expr::All | Expr::Phrase(_) => false,
            Expr::Prefix(_) => true,
            Expr::And(parts) | Expr::Or(parts) => parts.iter().any(Expr::has_beginning),
            Expr::Not(inner) => inner.has_beginning(),
        }
    }
}

/// Why a query is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {message}")]
pub struct QueryError {
    /// Place in the query in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub message: String,
}

/// Understands a query. Nothing but white space asks for everything.
pub fn parse_query(query: &str) -> Result<Expr, QueryError> {
    let tokens = tokens(query)?;
    if tokens.len() > MOST_TERMS {
        return fail(tokens[MOST_TERMS].0, format!("more than {MOST_TERMS} words"));
    }
    if tokens.is_empty() {
        return match query.chars().position(|c| !c.is_whitespace()) {
            Some(at) => fail(at + 1, "there is no word to search for"),
            None => Ok(Expr::All),
        };
    }
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0 };
    let expr = parser.all()?;
    match parser.peek() {
        Some((column, _)) => fail(*column, "this ) closes nothing"),
        None => Ok(expr),
    }
}

fn fail<T>(column: usize, message: impl Into<String>) -> Result<T, QueryError> {
    Err(QueryError { column, message: message.into() })
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Or,
    And,
    Minus,
    Term(Expr),
}

/// Cuts a query up: tokens with their columns. Punctuation without any word is passed over.
fn tokens(query: &str) -> Result<Vec<(usize, Token)>, QueryError> {
    let chars: Vec<char> = query.chars().collect();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        let column = at + 1;
        match chars[at] {
            c if c.is_whitespace() => at += 1,
            '(' => push(&mut tokens, &mut at, column, Token::Open),
            ')' => push(&mut tokens, &mut at, column, Token::Close),
            '-' | '−' if begins_term(&chars, at + 1) => {
                push(&mut tokens, &mut at, column, Token::Minus);
            }
            c if closing(c).is_some() => {
                let (phrase, end) = phrase(&chars, at)?;
                tokens.push((column, Token::Term(phrase)));
                at = end;
            }
            _ => {
                let end = (at..chars.len()).find(|&i| ends_word(chars[i])).unwrap_or(chars.len());
                let end = end.max(at + 1);
                if let Some(token) = word(&chars[at..end], column)? {
                    tokens.push((column, token));
                }
                at = end;
            }
        }
    }
    Ok(tokens)
}

fn push(tokens: &mut Vec<(usize, Token)>, at: &mut usize, column: usize, token: Token) {
    tokens.push((column, token));
    *at += 1;
}

/// Whether a minus that stands before this place excludes something.
fn begins_term(chars: &[char], at: usize) -> bool {
    chars.get(at).is_some_and(|&c| !c.is_whitespace() && c != ')')
}

/// The mark that closes a phrase opened with `c`.
fn closing(c: char) -> Option<&'static [char]> {
    match c {
        '"' | '“' | '”' | '„' => Some(&['"', '“', '”']),
        '«' => Some(&['»']),
        '»' => Some(&['«']),
        _ => None,
    }
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')') || closing(c).is_some()
}

/// The phrase whose opening mark stands at `at`, and where it ends.
fn phrase(chars: &[char], at: usize) -> Result<(Expr, usize), QueryError> {
    let marks = closing(chars[at]).unwrap_or_default();
    let Some(length) = chars[at + 1..].iter().position(|c| marks.contains(c)) else {
        return fail(at + 1, "the phrase that opens here is not closed");
    };
    let inside: String = chars[at + 1..at + 1 + length].iter().collect();
    let found = words(&inside);
    if found.is_empty() {
        return fail(at + 1, "the phrase has no words");
    }
    let prefix = inside.trim_end().strip_suffix('*').is_some_and(ends_in_word);
    let expr = if prefix { Expr::Prefix(found) } else { Expr::Phrase(found) };
    Ok((expr, at + length + 2))
}

fn ends_in_word(text: &str) -> bool {
    text.chars().next_back().is_some_and(char::is_alphanumeric)
}

/// A run of characters without white space: an operator, a word, or nothing but punctuation.
fn word(chars: &[char], column: usize) -> Result<Option<Token>, QueryError> {
    let text: String = chars.iter().collect();
    match text.as_str() {
        "OR" => return Ok(Some(Token::Or)),
        "AND" => return Ok(Some(Token::And)),
        _ => {}
    }
    let found = words(&text);
    if let Some(star) = chars.iter().position(|&c| c == '*') {
        let last = star + 1 == chars.len();
        return match text.strip_suffix('*') {
            // Some letters are no word: a mark of its own, or more of them than a word may have.
            Some(stem) if last && ends_in_word(stem) && !found.is_empty() => {
                Ok(Some(Token::Term(Expr::Prefix(found))))
            }
            Some(_) if last => fail(column + star, "a * needs the beginning of a word before it"),
            _ => fail(column + star, "a * may stand at the end of a word only"),
        };
    }
    Ok((!found.is_empty()).then_some(Token::Term(Expr::Phrase(found))))
}

struct Parser<'a> {
    tokens: &'a [(usize, Token)],
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a (usize, Token)> {
        self.tokens.get(self.at)
    }

    fn next_is(&mut self, token: &Token) -> Option<usize> {
        let column = self.peek().filter(|(_, next)| next == token).map(|(column, _)| *column);
        self.at += usize::from(column.is_some());
        column
    }

    /// Everything up to a closing bracket or the end; all of it is required.
    fn all(&mut self) -> Result<Expr, QueryError> {
        let mut parts = Vec::new();
        let mut dangling = None;
        while self.peek().is_some_and(|(_, token)| *token != Token::Close) {
            if let Some(column) = self.next_is(&Token::And) {
                if parts.is_empty() || dangling.is_some() {
                    return fail(column, "AND needs a word on both sides");
                }
                dangling = Some(column);
                continue;
            }
            parts.push(self.alternatives()?);
            dangling = None;
        }
        if let Some(column) = dangling {
            return fail(column, "AND needs a word on both sides");
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::And(parts) })
    }

    /// Terms joined by OR.
    fn alternatives(&mut self) -> Result<Expr, QueryError> {
        let mut parts = vec![self.term()?];
        while let Some(column) = self.next_is(&Token::Or) {
            match self.peek() {
                Some((_, Token::Term(_) | Token::Open | Token::Minus)) => parts.push(self.term()?),
                _ => return fail(column, "OR needs a word on both sides"),
            }
        }
        if parts.len() == 1 {
            return Ok(parts.remove(0));
        }
        Ok(Expr::Or(parts))
    }

    fn term(&mut self) -> Result<Expr, QueryError> {
        let Some((column, token)) = self.peek() else { return fail(1, "a word is missing") };
        self.at += 1;
        match token {
            Token::Term(expr) => Ok(expr.clone()),
            Token::Minus => {
                if self.next_is(&Token::Minus).is_some() {
                    return fail(*column, "one - excludes, two of them mean nothing");
                }
                if !matches!(self.peek(), Some((_, Token::Term(_) | Token::Open))) {
                    return fail(*column, "a - needs a word right behind it");
                }
                Ok(Expr::Not(Box::new(self.term()?)))
            }
            Token::Open => self.group(*column),
            Token::Or => fail(*column, "OR needs a word on both sides"),
            Token::And => fail(*column, "AND needs a word on both sides"),
            Token::Close => fail(*column, "this ) closes nothing"),
        }
    }

    fn group(&mut self, column: usize) -> Result<Expr, QueryError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return fail(column, format!("groups may be nested {DEEPEST} deep"));
        }
        let inside = self.all()?;
        self.depth -= 1;
        if self.next_is(&Token::Close).is_none() {
            return fail(column, "the ( that opens here is not closed");
        }
        match inside {
            Expr::And(parts) if parts.is_empty() => fail(column, "the brackets hold no word"),
            inside => Ok(inside),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Expr, parse_query};

    /// A query written out with all brackets.
    fn shown(expr: &Expr) -> String {
        let list = |parts: &[Expr], by: &str| parts.iter().map(shown).collect::<Vec<_>>().join(by);
        match expr {
            Expr::All => "all".into(),
            Expr::Phrase(words) => words.join("+"),
            Expr::Prefix(words) => format!("{}*", words.join("+")),
            Expr::And(parts) => format!("({})", list(parts, " & ")),
            Expr::Or(parts) => format!("({})", list(parts, " | ")),
            Expr::Not(inner) => format!("-{}", shown(inner)),
        }
    }

    #[test]
    fn understands() {
        let cases = [
            ("", "all"),
            ("  \t", "all"),
            ("peace", "peace"),
            ("Peace NOW", "(peace & now)"),
            ("\"to be or not\"", "to+be+or+not"),
            ("“won’t go”", "won't+go"),
            ("«la paix»", "la+paix"),
            ("third-party", "third+party"),
            ("peace ukraine OR russia talks", "(peace & (ukraine | russia) & talks)"),
            ("a OR b OR \"c d\"", "(a | b | c+d)"),
            ("(a b) OR c", "((a & b) | c)"),
            ("a AND b", "(a & b)"),
            ("or and", "(or & and)"),
            ("peace -war", "(peace & -war)"),
            ("-war", "-war"),
            ("a -\"b c\" -(d OR e)", "(a & -b+c & -(d | e))"),
            ("zel*", "zel*"),
            ("\"peace in our ti*\"", "peace+in+our+ti*"),
            ("third-par*", "third+par*"),
            ("peace & war - now …", "(peace & war & now)"),
            ("a OR -b", "(a | -b)"),
            ("\"a* b\"", "a+b"),
        ];
        for (query, expected) in cases {
            let found = parse_query(query).map(|expr| shown(&expr));
            assert_eq!(found.as_deref(), Ok(expected), "{query}");
        }
    }

    #[test]
    fn explains_what_it_does_not_understand() {
        let cases = [
            ("peace \"not closed", 7, "not closed"),
            ("\"\"", 1, "no words"),
            ("a \" … \"", 3, "no words"),
            ("OR peace", 1, "OR needs"),
            ("peace OR", 7, "OR needs"),
            ("peace OR OR war", 7, "OR needs"),
            ("a \u{1e000}* b", 4, "beginning of a word"),
            ("AND", 1, "AND needs"),
            ("a AND", 3, "AND needs"),
            ("-", 1, "no word"),
            ("*", 1, "beginning of a word"),
            ("p*ace", 2, "end of a word only"),
            ("a …*", 4, "beginning of a word"),
            ("(a b", 1, "not closed"),
            ("a b)", 4, "closes nothing"),
            ("()", 1, "no word"),
            ("a --b", 3, "two of them"),
            ("… !", 1, "no word"),
        ];
        for (query, column, part) in cases {
            let error = parse_query(query).expect_err(query);
            assert_eq!(error.column, column, "{query}: {error}");
            assert!(error.message.contains(part), "{query}: {error}");
        }
        let long = parse_query(&format!("a {}*", "b".repeat(201))).unwrap_err();
        assert_eq!(long.column, 204, "longer than any word");
        let deep = "(".repeat(100_000);
        assert!(parse_query(&deep).is_err());
    }
}
