//! From places in a text to its tokens: a mark for every few bytes tells the token that stands there, so that
//! nothing is halved until it is found.

use crate::segment::Token;

/// Bytes from one mark to the next: few tokens stand between two.
const STEP: usize = 32;

/// Marks along a text.
#[derive(Clone, Debug, Default)]
pub struct Ruler {
    /// The place of the first mark.
    start: usize,
    /// For each mark the number of the first token that ends behind it.
    marks: Vec<u32>,
}

impl Ruler {
    /// Marks the text of some tokens, which are in order.
    pub fn of(tokens: &[Token]) -> Ruler {
        let [first, .., last] = tokens else { return Ruler::default() };
        let start = first.span.start();
        let mut marks = Vec::with_capacity((last.span.end() - start) / STEP + 1);
        for (number, token) in (0..).zip(tokens) {
            while start + marks.len() * STEP < token.span.end() {
                marks.push(number);
            }
        }
        Ruler { start, marks }
    }

    /// Number of the first of the tokens that ends behind a place.
    pub fn first_behind(&self, tokens: &[Token], place: usize) -> usize {
        let mark = place.saturating_sub(self.start) / STEP;
        let ends = |token: &Token| token.span.end() > place;
        // One token has no marks.
        let from = match self.marks.get(mark) {
            Some(&number) => number as usize,
            None if self.marks.is_empty() => 0,
            None => tokens.len(),
        };
        from + tokens[from..].iter().position(ends).unwrap_or(tokens.len() - from)
    }
}

#[cfg(test)]
mod tests {
    use super::Ruler;
    use crate::segment::tokenize;
    use crate::text::Span;

    #[test]
    fn every_place_has_its_token() {
        let long = "x".repeat(100);
        let gap = " ".repeat(90);
        for text in ["", "one", "one two", &format!("A b,c{gap}d. {long} e\n\n{gap}It's {long}.")] {
            for from in 0..text.len().min(4) {
                let mut tokens = Vec::new();
                tokenize(text, Span::new(from, text.len()), &mut tokens);
                let ruler = Ruler::of(&tokens);
                for place in 0..text.len() + 70 {
                    let halved = tokens.partition_point(|token| token.span.end() <= place);
                    assert_eq!(ruler.first_behind(&tokens, place), halved, "{place} of {text}");
                }
            }
        }
    }
}
