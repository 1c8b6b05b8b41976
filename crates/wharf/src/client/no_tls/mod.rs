//! What `wss://` meets in a build without the feature `rustls`.

pub(crate) mod connector;
pub(crate) mod error;
pub(crate) mod settings;
