//! No settings, for there is nothing to set.

/// Nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tls(());
