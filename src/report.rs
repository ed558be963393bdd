//! What was read, what was skipped, and why.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One input that could not be used, with the path and the reason. Never an error of the run.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Problem {
    /// The file, as it was given or found.
    pub path: String,
    /// Where in the file: "line 17", "record 3", "byte 4096".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What kind of problem it is, for counting.
    pub kind: ProblemKind,
    /// What is wrong, in words for the user.
    pub reason: String,
}

/// Kinds of problems, as the summary counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// Could not be opened or read: permission, vanished, I/O.
    Unreadable,
    /// Not a file: a device, a pipe, a broken link, a link loop.
    NotAFile,
    /// Not text, or text in no known encoding.
    NotText,
    /// Larger than the limit, or a compression bomb.
    TooLarge,
    /// Damaged: truncated archive, malformed JSON …
    Malformed,
    /// A record or file without any article text.
    NoText,
    /// Nested deeper than any real document.
    TooDeep,
    /// The program failed on this one article (a bug): the rest went on.
    Internal,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{}: {place}: {}", self.path, self.reason),
            None => write!(f, "{}: {}", self.path, self.reason),
        }
    }
}
