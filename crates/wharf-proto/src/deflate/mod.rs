//! permessage-deflate (RFC 7692).

pub(crate) mod agreement;
