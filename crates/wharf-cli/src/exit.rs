//! How the command ends.

use std::{fmt::Write as _, process};

/// What the shell is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum ExitCode {
    /// The command did what it was asked to.
    Success = 0,
    /// Something on this machine: the input, a file, an address in use, the terminal.
    Failure = 1,
    /// The command line is wrong.
    Usage = 2,
    /// No connection: the name, the address or the network.
    Unreachable = 3,
    /// TLS.
    Tls = 4,
    /// An answer of HTTP that is not an upgrade.
    HttpStatus = 5,
    /// The peer broke a rule, or passed a limit.
    Protocol = 6,
    /// A deadline.
    Timeout = 7,
    /// The transport ended without a closing handshake.
    AbnormalClose = 8,
    /// The peer closed with a code that speaks of an error.
    ClosedWithError = 9,
    /// A `--fail-if` of `bench` holds.
    Threshold = 10,
    /// The target of `check` stopped answering.
    Stopped = 11,
    /// SIGINT or Ctrl-C.
    Interrupted = 130,
    /// SIGTERM.
    Terminated = 143,
}

impl ExitCode {
    const ALL: [Self; 14] = [
        Self::Success,
        Self::Failure,
        Self::Usage,
        Self::Unreachable,
        Self::Tls,
        Self::HttpStatus,
        Self::Protocol,
        Self::Timeout,
        Self::AbnormalClose,
        Self::ClosedWithError,
        Self::Threshold,
        Self::Stopped,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// The number.
    pub(crate) const fn get(self) -> u8 {
        self as u8
    }

    const fn meaning(self) -> &'static str {
        match self {
            Self::Success => {
                "done; closed with 1000, 1001 or no code; `serve` was told to stop; `check` found nothing, `audit` nothing of medium or more"
            }
            Self::Failure => "the input, a file, a local address or the terminal failed",
            Self::Usage => "the command line is wrong",
            Self::Unreachable => {
                "name not found, connection refused, no route, or none through the proxy"
            }
            Self::Tls => "TLS failed: certificate, name or version",
            Self::HttpStatus => "the server answered with HTTP, but no upgrade",
            Self::Protocol => {
                "the peer broke a rule of the protocol or passed a limit; `check` found a fail, lax or strict, `audit` something of medium or more"
            }
            Self::Timeout => "a deadline passed",
            Self::AbnormalClose => "the connection ended without a closing handshake (1006)",
            Self::ClosedWithError => "the peer closed with any other code",
            Self::Threshold => "a condition of `bench --fail-if` holds",
            Self::Stopped => {
                "the target of `check` died, hung or stayed away, and was not asked the rest"
            }
            Self::Interrupted => "SIGINT or Ctrl-C; for `serve` the second one",
            Self::Terminated => "SIGTERM; for `serve` the second one",
        }
    }

    /// All codes and what they mean, one per line: for help, the man page and the README.
    pub(crate) fn table() -> String {
        Self::ALL.iter().fold(String::new(), |mut table, code| {
            // Writing to a String cannot fail.
            let _ = writeln!(table, "  {:>3}  {}", code.get(), code.meaning());
            table
        })
    }
}

impl From<ExitCode> for process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.get())
    }
}

#[cfg(test)]
mod tests {
    use super::ExitCode;

    /// A script tells one end from another by the number alone.
    #[test]
    fn no_two_ends_share_a_code() {
        for (index, code) in ExitCode::ALL.iter().enumerate() {
            assert!(!ExitCode::ALL[..index].iter().any(|other| other.get() == code.get()));
        }
    }
}
