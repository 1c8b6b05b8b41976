//! How many connections this process may open.

/// Raises the limit on open files as far as the system lets us, if `wanted` need it.
///
/// # Errors
/// The highest number of files that may be open, if it is too low.
#[cfg(unix)]
pub(crate) fn allow(wanted: u64) -> Result<(), u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let enough = |limit: Option<u64>| limit.is_none_or(|limit| limit >= wanted);
    if enough(current) {
        return Ok(());
    }
    let raised = Rlimit { current: if enough(maximum) { Some(wanted) } else { maximum }, maximum };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) if enough(maximum) => Ok(()),
        Ok(()) => Err(maximum.unwrap_or(u64::MAX)),
        Err(_) => Err(current.unwrap_or(u64::MAX)),
    }
}

/// This system has no such limit, or none that we know.
#[cfg(not(unix))]
pub(crate) fn allow(_wanted: u64) -> Result<(), u64> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::allow;

    /// No system allows as many files as there are numbers; a few are allowed everywhere.
    #[test]
    fn the_limit_is_told_when_it_is_too_low() {
        assert_eq!(allow(16), Ok(()));
        assert!(allow(u64::MAX - 1).is_err_and(|limit| limit > 16));
    }
}
