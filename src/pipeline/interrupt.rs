//! Ctrl-C: the first asks for a whole end, the second ends at once.

use std::sync::atomic::{AtomicBool, Ordering};

static STOP: AtomicBool = AtomicBool::new(false);

/// What the shell expects of a process ended by Ctrl-C.
const CUT_OFF: i32 = 130;

/// Watches for Ctrl-C and requests to terminate from now on; what it returns is set by the first.
///
/// # Errors
/// When the system does not let us, or it was done before.
pub fn watch() -> anyhow::Result<&'static AtomicBool> {
    ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(CUT_OFF);
        }
        anstream::eprintln!(
            "stopping after the articles in hand; what is whole is kept (again to leave at once)"
        );
    })?;
    Ok(&STOP)
}
