//! Figures in per cent as the usual scorers round them, so that ours show the same digits.

/// A figure to the hundredth, by its decimal digits; halves go to the even digit.
pub fn rounded(figure: f64) -> f64 {
    format!("{figure:.2}").parse().expect("digits are a number")
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn halves_that_are_exact_go_to_the_even_digit() {
        assert_eq!(rounded(92.125), 92.12);
        assert_eq!(rounded(92.375), 92.38);
        // No double is 1.005: the nearest one lies below.
        assert_eq!(rounded(1.005), 1.0);
    }
}
