//! Why nothing was measured.

use crate::trouble::Trouble;
use std::{fmt, io};

/// A run that found out nothing.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// No connection was opened: why, the most frequent reason first.
    Unopened(Vec<(Trouble, u64)>),
    /// The system allows too few open files.
    Descriptors {
        /// How many it allows.
        limit: u64,
        /// How many are needed.
        wanted: u64,
    },
    /// The server's process cannot be looked at.
    Server {
        /// Its number.
        id: u32,
        /// Why not.
        error: io::Error,
    },
    /// The system refused what every run needs.
    System(io::Error),
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unopened(why) => {
                f.write_str("no connection was opened")?;
                why.iter().try_for_each(|(trouble, count)| write!(f, "\n  {count} ×  {trouble}"))
            }
            Self::Descriptors { limit, wanted } => write!(
                f,
                "this shell allows {limit} open files, and {wanted} are needed: \
                 raise the limit with `ulimit -n {wanted}`, as root if need be, or open fewer connections"
            ),
            Self::Server { id, error } => write!(
                f,
                "process {id} cannot be looked at: {error}; --pid works on Linux, for processes of one's own"
            ),
            Self::System(error) => write!(f, "the system refused: {error}"),
        }
    }
}

impl std::error::Error for RunError {}
