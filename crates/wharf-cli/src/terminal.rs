//! The state of the terminal, to be given back as it was found.

#[cfg(unix)]
use nix::sys::termios::{self, SetArg, Termios};

/// How the terminal was.
///
/// A line editor gives it back when its line is done; but when the peer leaves, the line is not done. Windows'
/// shells set the console up by themselves, so that there is nothing to keep there.
pub(crate) struct Terminal {
    #[cfg(unix)]
    modes: Option<Termios>,
}

impl Terminal {
    /// How it is now.
    #[cfg(unix)]
    pub(crate) fn now() -> Self {
        Self { modes: termios::tcgetattr(std::io::stdin()).ok() }
    }

    /// Makes it so again.
    #[cfg(unix)]
    pub(crate) fn restore(self) {
        if let Some(modes) = self.modes {
            // There is nothing left to try if the terminal is gone.
            let _ = termios::tcsetattr(std::io::stdin(), SetArg::TCSADRAIN, &modes);
        }
    }

    /// How it is now.
    #[cfg(not(unix))]
    pub(crate) const fn now() -> Self {
        Self {}
    }

    /// Makes it so again.
    #[cfg(not(unix))]
    pub(crate) const fn restore(self) {}
}
