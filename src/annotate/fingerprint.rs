//! What an index says it was annotated by: an index made by others must be made anew.

/// Hash of the models, the word lists and the code that decide what is found in an article, taken
/// when the program was built.
pub fn fingerprint() -> String {
    env!("WHOSAID_FINGERPRINT").to_owned()
}
