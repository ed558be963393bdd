//! Whether work grows with the size of the input and not with its square, for the tests that ask.
//!
//! Sizes far apart are compared, by the CPU time of this thread alone: how busy the machine is does
//! not count. Linear work grows by the ratio of the sizes, quadratic work by its square; the limit
//! lies between the two, at equal factors from both.

use cpu_time::ThreadTime;

/// How much larger the large input is.
const FACTOR: usize = 64;
/// Less time than this is noise.
const LEAST: f64 = 1e-4;

/// Fails when the work on an input grows faster than its size. `make` is asked for an input of a
/// size, `work` is measured; `size` is that of the small input.
pub fn check<T>(name: &str, size: usize, make: impl Fn(usize) -> T, work: impl Fn(&T)) {
    let seconds = |size: usize| {
        let input = make(size);
        let run = |_| {
            let start = ThreadTime::now();
            work(&input);
            start.elapsed().as_secs_f64()
        };
        (0..3).map(run).fold(f64::MAX, f64::min).max(LEAST)
    };
    let (small, large) = (seconds(size), seconds(size * FACTOR));
    let limit = (FACTOR as f64).powf(1.5);
    assert!(large < small * limit, "{name}: {small} s, {FACTOR} times as much {large} s");
}

#[test]
#[should_panic(expected = "pairs")]
fn quadratic_work_is_noticed() {
    let pairs = |numbers: &Vec<u64>| {
        for a in numbers {
            for b in numbers {
                std::hint::black_box(a ^ b);
            }
        }
    };
    check("pairs", 300, |size| (0..size as u64).collect(), pairs);
}
