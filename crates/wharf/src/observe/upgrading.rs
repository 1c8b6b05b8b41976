//! The verdict of a handshake under hyper.

use super::verdict::Verdict;
use crate::hyper::{UpgradeError, UpgradeRejection};

impl From<&UpgradeRejection> for Verdict {
    fn from(rejection: &UpgradeRejection) -> Self {
        match rejection {
            UpgradeRejection::Request(refusal) => refusal.into(),
            UpgradeRejection::Draining(_) => Self::refused("shutting_down"),
            UpgradeRejection::NoConnection => Self::refused("no_connection"),
        }
    }
}

impl From<&UpgradeError> for Verdict {
    fn from(error: &UpgradeError) -> Self {
        match error {
            UpgradeError::Left => Self::failed("left"),
            UpgradeError::TimedOut(_) => Self::failed("timeout"),
            UpgradeError::Kept(_) => Self::failed("no_connection"),
            UpgradeError::Answer(error) => error.into(),
        }
    }
}
