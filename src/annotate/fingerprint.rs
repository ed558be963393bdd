//! What an index says it was annotated by.

/// Changes whenever `annotate` may find something else in the same text.
pub fn fingerprint() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
