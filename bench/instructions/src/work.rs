//! What is counted.

/// A scenario that is set up.
pub(crate) trait Work {
    /// Puts back what the last run used up; not counted.
    fn prepare(&mut self) {}

    /// What is counted.
    fn run(&mut self);
}

/// The function whose calls switch counting on and off.
#[inline(never)]
pub(crate) fn measured(work: &mut dyn Work) {
    work.run();
}
