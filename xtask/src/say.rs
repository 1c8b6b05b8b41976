//! The only file that prints.

use crate::failure::Failure;

/// A line for whoever watches.
#[expect(clippy::print_stdout, reason = "the one place where xtask prints")]
pub(crate) fn line(text: impl AsRef<str>) {
    println!("{}", text.as_ref());
}

/// The reason for a failed run.
#[expect(clippy::print_stderr, reason = "the one place where xtask reports failure")]
pub(crate) fn failure(failure: &Failure) {
    eprintln!("{failure}");
}
