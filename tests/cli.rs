//! The program as a user meets it: what it prints, how it ends, and what a disturbed run leaves.

mod away;
mod crash;
mod disk;
mod errors;
mod folders;
mod formats;
mod helpers;
mod runs;
mod torn;
mod trust;
mod unread;
