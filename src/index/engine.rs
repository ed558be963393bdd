//! For tests: what the engine needs to fill segments by itself, as `filling` does otherwise.

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use super::words::Words;

/// The tokenizers that the schema names. What stands in places of its own comes cut.
pub fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    for name in ["words", "placed"] {
        manager.register(name, TextAnalyzer::from(WordTokenizer::default()));
    }
    manager
}

/// `words::Words` as tantivy wants it.
#[derive(Clone, Default)]
struct WordTokenizer {
    token: Token,
}

struct WordStream<'a> {
    words: Words<'a>,
    token: &'a mut Token,
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token.reset();
        WordStream { words: Words::new(text), token: &mut self.token }
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(at) = self.words.next_into(&mut self.token.text) else { return false };
        self.token.offset_from = at.start();
        self.token.offset_to = at.end();
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
