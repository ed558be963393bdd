//! Finds where JSON values end, without parsing them: a scanner that can stop and go on at any
//! byte. It counts brackets and skips strings; whether a value is well formed is the parser's
//! business.

use memchr::memchr2;

/// The state between two bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scanner {
    /// Brackets open.
    pub depth: usize,
    /// The deepest it has been.
    pub deepest: usize,
    in_string: bool,
    escaped: bool,
}

impl Scanner {
    /// Goes over `bytes` until the brackets that are open are closed again. `Some`: one past the
    /// closing bracket; `None`: all was used up.
    pub fn close(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            if self.in_string {
                at = self.string(bytes, at)?;
                continue;
            }
            match bytes[at] {
                b'"' => self.in_string = true,
                b'{' | b'[' => {
                    self.depth += 1;
                    self.deepest = self.deepest.max(self.depth);
                }
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// Goes on behind the end of the string that `at` lies in.
    fn string(&mut self, bytes: &[u8], mut at: usize) -> Option<usize> {
        if std::mem::take(&mut self.escaped) {
            at += 1;
        }
        while let Some(found) = bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
            at += found + 1;
            if bytes[at - 1] == b'"' {
                self.in_string = false;
                return Some(at);
            }
            if at == bytes.len() {
                self.escaped = true;
                return None;
            }
            at += 1;
        }
        None
    }
}

/// Where dumps keep their articles: names of lists, and of objects around such lists.
const LISTS: [&str; 14] = [
    "articles",
    "items",
    "results",
    "docs",
    "documents",
    "hits",
    "data",
    "news",
    "entries",
    "records",
    "rows",
    "stories",
    "posts",
    "value",
];
const WRAPPERS: [&str; 4] = ["hits", "response", "data", "result"];

/// Whether the object at the start of `head` is only the wrapping of a list of articles, as
/// `{"status": "ok", "articles": [{…`. Gives the byte behind the list's bracket and its depth.
pub fn list_inside(head: &[u8]) -> Option<(usize, usize)> {
    let mut at = skip_space(head, 0);
    (head.get(at) == Some(&b'{')).then_some(())?;
    at += 1;
    let mut depth = 1;
    loop {
        at = skip_space(head, at);
        let (key, behind) = key(head, at)?;
        at = skip_space(head, behind);
        let opens_list = head.get(at) == Some(&b'[')
            && head.get(skip_space(head, at + 1)) == Some(&b'{')
            && LISTS.contains(&key);
        if opens_list {
            return Some((at + 1, depth + 1));
        }
        if head.get(at) == Some(&b'{') && WRAPPERS.contains(&key) && depth < 3 {
            depth += 1;
            at += 1;
            continue;
        }
        if super::fields::is_text(key) {
            return None;
        }
        at = skip_space(head, skip_value(head, at)?);
        (head.get(at) == Some(&b',')).then_some(())?;
        at += 1;
    }
}

/// The key that starts at `at`, and where its value starts.
fn key(head: &[u8], at: usize) -> Option<(&str, usize)> {
    (head.get(at) == Some(&b'"')).then_some(())?;
    let end = at + 1 + memchr::memchr(b'"', &head[at + 1..])?;
    let key = std::str::from_utf8(&head[at + 1..end]).ok()?;
    let colon = skip_space(head, end + 1);
    (head.get(colon) == Some(&b':')).then_some((key, colon + 1))
}

fn skip_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(rest.len())
}

fn skip_value(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at)? {
        b'{' | b'[' => Scanner::default().close(&bytes[at..]).map(|n| at + n),
        b'"' => {
            let mut scanner = Scanner { in_string: true, ..Scanner::default() };
            scanner.string(bytes, at + 1)
        }
        _ => bytes[at..].iter().position(|b| matches!(b, b',' | b'}' | b']')).map(|n| at + n),
    }
}
