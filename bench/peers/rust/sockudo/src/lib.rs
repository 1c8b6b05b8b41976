//! sockudo-ws: its own stream with `feed`; its reader flushes when the messages that were read are used up.
#![forbid(unsafe_code)]

use common::{Deflate, MAX_MESSAGE};
use sockudo_ws::{Config, deflate::DeflateConfig};

/// Limits as wide as every peer's.
pub fn config() -> Config {
    Config::builder().max_payload_length(MAX_MESSAGE).build()
}

/// The extension at the fastest level.
pub fn deflate(deflate: Deflate) -> Option<DeflateConfig> {
    (deflate != Deflate::Off).then(|| DeflateConfig {
        server_no_context_takeover: deflate == Deflate::NoTakeover,
        client_no_context_takeover: deflate == Deflate::NoTakeover,
        compression_level: 1,
        ..DeflateConfig::default()
    })
}
