//! What an upgrader goes by.

use super::takeout::Own;
use crate::{drain::handle::Drain, server::accept::Accept};
use std::time::Duration;
use wharf_proto::OriginPolicy;

/// What an upgrader goes by; each field is described at its setter in `upgrader.rs`.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) accept: Accept,
    pub(super) drain: Option<Drain>,
    pub(super) origins: OriginPolicy,
    pub(super) own: Vec<Own>,
    pub(super) within: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            accept: Accept::new(),
            drain: None,
            origins: OriginPolicy::same_host(),
            own: Vec::new(),
            within: Duration::from_secs(10),
        }
    }
}
