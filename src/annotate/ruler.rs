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
        let start = tokens.first().map_or(0, |token| token.span.start());
        let end = tokens.last().map_or(start, |token| token.span.end());
        let mut marks = Vec::with_capacity((end - start) / STEP + 1);
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
        let from = self.marks.get(mark).map_or(tokens.len(), |&number| number as usize);
        from + tokens[from..].iter().position(ends).unwrap_or(tokens.len() - from)
    }

    /// Number of the first of the tokens that begins at a place or behind it.
    pub fn first_from(&self, tokens: &[Token], place: usize) -> usize {
        let at = self.first_behind(tokens, place);
        at + usize::from(tokens.get(at).is_some_and(|token| token.span.start() < place))
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
                    let halved = tokens.partition_point(|token| token.span.start() < place);
                    assert_eq!(ruler.first_from(&tokens, place), halved, "{place} of {text}");
                }
            }
        }
    }
}
