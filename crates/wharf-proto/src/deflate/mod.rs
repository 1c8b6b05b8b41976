//! permessage-deflate (RFC 7692).

pub(crate) mod agreement;
mod compressor;
pub(crate) mod deflater;
mod engine;
pub(crate) mod inflate;
mod opaque;
pub(crate) mod params;
pub(crate) mod part;
pub(crate) mod policy;
mod pool;
mod window;

#[cfg(test)]
mod tests;
