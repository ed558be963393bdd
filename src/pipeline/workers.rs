//! The workers as what one of them needs for an article of many megabytes: hands that are free.

use super::timings::Timings;
use crate::annotate::Cores;

/// The pool that the caller is a worker of.
pub struct Workers<'a> {
    /// Where the CPU time goes is asked for.
    pub timings: Option<&'a Timings>,
}

impl Cores for Workers<'_> {
    fn both<A: Send, B: Send>(
        &self,
        one: impl FnOnce() -> A + Send,
        other: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        rayon::join_context(
            |_| one(),
            |context| match self.timings {
                Some(timings) if context.migrated() => timings.lend_a_hand(other),
                _ => other(),
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::{annotate, annotate_all};
    use crate::article::Article;

    /// More than one window.
    #[test]
    fn a_long_article_is_the_same_to_many_hands() {
        let paragraph = |n: usize| {
            let name = ["Ann Lee", "John Kirby", "Maria Costa", "Omar Haddad"][n % 4];
            let surname = name.rsplit(' ').next().unwrap_or(name);
            format!(
                "Mayor {name} said that bridge {n} would be closed. “We need {n} days,” {surname} \
                 added, and told the Leeds Council he was sorry."
            )
        };
        let text = (0..36_000).map(paragraph).collect::<Vec<_>>().join("\n\n");
        let article = Article { text, ..Article::default() };
        let timings = Timings::default();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        let many = pool
            .install(|| annotate_all(&[&article], &Workers { timings: Some(&timings) }).remove(0));
        assert!(many.quotes.len() > 36_000, "{} quotes", many.quotes.len());
        assert!(many == annotate(&article));
    }
}
