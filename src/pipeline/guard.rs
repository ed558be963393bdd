//! A panic in one article is a bug, but must not end the run: it becomes a `Problem` with the
//! path of the article. A panic outside of any article, as a damaged index can cause, ends the
//! command with a message.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::annotate::{Cores, annotate, annotate_all};
use crate::article::{Annotation, Article};
use crate::report::{Problem, ProblemKind};

thread_local! {
    /// What the last panic of this thread said, and where.
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
    static IN_GUARD: RefCell<bool> = const { RefCell::new(false) };
}

/// A whole command is guarded, whatever threads it starts.
static ALL_GUARDED: AtomicBool = AtomicBool::new(false);
/// What the first panic outside of the guards around articles said.
static FIRST_PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Keeps panics that [`guarded`] or [`caught`] will report off the terminal: they are told once.
/// Call it once, before the first worker starts.
pub fn silence_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if IN_GUARD.with(|inside| *inside.borrow()) {
            LAST_PANIC.with(|last| *last.borrow_mut() = Some(info.to_string()));
        } else if ALL_GUARDED.load(Ordering::Relaxed) {
            let mut first = FIRST_PANIC.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert_with(|| info.to_string());
        } else {
            usual(info);
        }
    }));
}

/// Runs `work` on the article called `name`; a panic comes back as a problem.
pub fn guarded<T>(name: &str, work: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    IN_GUARD.with(|inside| *inside.borrow_mut() = true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    IN_GUARD.with(|inside| *inside.borrow_mut() = false);
    outcome.unwrap_or_else(|_| {
        let said = LAST_PANIC.with(|last| last.borrow_mut().take()).unwrap_or_default();
        let reason = format!("whosaid failed on this article, please report it: {said}");
        Err(Problem { path: name.into(), place: None, kind: ProblemKind::Internal, reason })
    })
}

/// Runs a whole command; a panic in any of its threads comes back as what it said.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    ALL_GUARDED.store(true, Ordering::Relaxed);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    ALL_GUARDED.store(false, Ordering::Relaxed);
    outcome.map_err(|_| {
        FIRST_PANIC.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    })
}

/// Annotates articles; `name` tells by what name the one of a number is to be reported. A panic
/// costs the article that it comes from, no other.
pub fn annotated(
    articles: &[&Article],
    name: impl Fn(usize) -> String,
    cores: &impl Cores,
) -> Vec<Result<Annotation, Problem>> {
    annotated_by(articles, name, |articles| annotate_all(articles, cores), annotate)
}

fn annotated_by(
    articles: &[&Article],
    name: impl Fn(usize) -> String,
    all: impl FnOnce(&[&Article]) -> Vec<Annotation>,
    one: impl Fn(&Article) -> Annotation,
) -> Vec<Result<Annotation, Problem>> {
    match guarded("", || Ok(all(articles))) {
        Ok(annotations) => annotations.into_iter().map(Ok).collect(),
        // One by one, to see which of them it was.
        Err(_) => {
            let one =
                |(number, article): (usize, &&Article)| guarded(&name(number), || Ok(one(article)));
            articles.iter().enumerate().map(one).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_problem_with_its_path() {
        silence_panics();
        let problem = guarded::<()>("a.txt", || panic!("no such luck")).unwrap_err();
        assert_eq!((problem.path.as_str(), problem.kind), ("a.txt", ProblemKind::Internal));
        assert!(problem.reason.contains("no such luck"), "{}", problem.reason);
    }

    #[test]
    fn a_panic_costs_only_the_article_it_comes_from() {
        silence_panics();
        let texts = ["Fine.", "Odd.", "Fine too."];
        let articles = texts.map(|text| Article { text: text.into(), ..Article::default() });
        let one = |article: &Article| match article.text.as_str() {
            "Odd." => panic!("no such luck"),
            _ => annotate(article),
        };
        let all = |articles: &[&Article]| articles.iter().map(|article| one(article)).collect();
        let name = |number: usize| format!("{number}.txt");
        let found = annotated_by(&articles.each_ref(), name, all, one);
        assert!(found[0].is_ok() && found[2].is_ok(), "{found:?}");
        let problem = found[1].as_ref().unwrap_err();
        assert_eq!((problem.path.as_str(), problem.kind), ("1.txt", ProblemKind::Internal));
    }
}
