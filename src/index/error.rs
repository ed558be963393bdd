//! What can go wrong with an index, in words that name the way out.

use std::path::PathBuf;

/// Why an index cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// There is none.
    #[error("no index in {}: make one with `whosaid index`", .0.display())]
    Missing(PathBuf),
    /// Written by another version of the program.
    #[error(
        "the index in {} has format {found}, this program needs {needed}: \
         bring it up to date with `whosaid index --rebuild`", .dir.display()
    )]
    OtherFormat {
        /// Where.
        dir: PathBuf,
        /// Its format.
        found: u32,
        /// Ours.
        needed: u32,
    },
    /// Annotated by another model.
    #[error(
        "the index in {} was made with other models, word lists or rules: bring it up to date with \
         `whosaid index --rebuild`", .0.display()
    )]
    OtherModel(PathBuf),
    /// Somebody else is writing.
    #[error("the index in {} is being written by {by}", .dir.display())]
    Busy {
        /// Where.
        dir: PathBuf,
        /// Who: "process 4711".
        by: String,
    },
    /// Its files are not what was written.
    #[error(
        "the index in {} is damaged ({reason}): make it anew with `whosaid index --rebuild`",
        .dir.display()
    )]
    Damaged {
        /// Where.
        dir: PathBuf,
        /// What was found.
        reason: String,
    },
    /// The disk did not do as told.
    #[error("{}: {error}", .path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The engine failed.
    #[error("{}", plainly(.0))]
    Engine(tantivy::TantivyError),
    /// The caller broke a rule of the writer.
    #[error("{0}")]
    Misuse(String),
}

/// What the engine says, without the names it has for its own kinds of errors.
fn plainly(error: &tantivy::TantivyError) -> String {
    use std::io::ErrorKind::{InvalidData, Other, UnexpectedEof};
    use tantivy::TantivyError::{
        InternalError, IoError, LockFailure, OpenDirectoryError, OpenWriteError, SystemError,
    };
    match error {
        // No word of the system's: what was read cannot be unpacked.
        IoError(cause)
            if cause.raw_os_error().is_none()
                && matches!(cause.kind(), InvalidData | Other | UnexpectedEof) =>
        {
            damage(cause)
        }
        IoError(cause) => cause.to_string(),
        SystemError(said) => said.clone(),
        // The engine's document store hands on what the system said as a mere text.
        InternalError(said) if said.contains("(os error ") => said.clone(),
        LockFailure(..) | OpenDirectoryError(_) | OpenWriteError(_) => error.to_string(),
        other => damage(other),
    }
}

/// What only a file can cause that is not what was written.
fn damage(what: &dyn std::fmt::Display) -> String {
    format!(
        "the index may be damaged ({what}): `whosaid verify` checks it, `whosaid index --rebuild` \
         makes it anew"
    )
}

impl From<tantivy::TantivyError> for IndexError {
    fn from(error: tantivy::TantivyError) -> Self {
        IndexError::Engine(error)
    }
}

impl From<std::io::Error> for IndexError {
    fn from(error: std::io::Error) -> Self {
        IndexError::Engine(error.into())
    }
}

impl From<super::codec::Damaged> for IndexError {
    fn from(error: super::codec::Damaged) -> Self {
        IndexError::Engine(tantivy::TantivyError::InternalError(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use tantivy::TantivyError;

    use super::*;

    #[test]
    fn what_the_system_said_is_no_damage_whoever_tells_of_it() {
        let refused = || std::fs::read("").unwrap_err();
        let internal = TantivyError::InternalError(refused().to_string());
        assert_eq!(IndexError::from(internal).to_string(), refused().to_string());
        assert_eq!(IndexError::from(refused()).to_string(), refused().to_string());
        let nonsense = TantivyError::InternalError("no such block".into());
        assert!(IndexError::from(nonsense).to_string().contains("may be damaged"));
    }
}
