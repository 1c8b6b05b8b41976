//! yawc, tuned as its README was for its own figures: 128 KiB read buffer, writes gathered to 64 KiB, batches of up
//! to 32 ready messages. UTF-8 is checked, which is off by default there.
#![forbid(unsafe_code)]

use common::{Deflate, MAX_MESSAGE};
use yawc::{CompressionLevel, DeflatePool, Options};

/// The most messages that are answered before a flush.
pub const BATCH: usize = 32;

/// The settings.
pub fn options(deflate: Deflate, read_buffer: Option<usize>) -> Options {
    let options = Options::default()
        .with_utf8()
        .with_no_delay()
        .with_limits(MAX_MESSAGE, 2 * MAX_MESSAGE)
        .with_read_buffer_capacity(read_buffer.unwrap_or(128 << 10))
        .with_backpressure_boundary(64 << 10);
    match deflate {
        Deflate::Off => options.without_compression(),
        Deflate::Takeover => options.with_compression_level(CompressionLevel::fast()),
        Deflate::NoTakeover => {
            options.with_low_latency_compression().with_deflate_pool(DeflatePool::new(4))
        }
    }
}
