//! What can be wrong with a header field.

use core::fmt;
use http::{HeaderMap, HeaderName, HeaderValue};

/// What is wrong with a header field that a peer sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldFault {
    /// It is not there.
    Missing,
    /// It is there more than once.
    Repeated,
    /// Its value is not what its rule asks for.
    Invalid,
}

impl fmt::Display for FieldFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "sent no",
            Self::Repeated => "repeated",
            Self::Invalid => "sent an invalid",
        })
    }
}

/// The one value of a field that must stand exactly once.
pub(crate) fn only<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> Result<&'a HeaderValue, FieldFault> {
    at_most_one(headers, name)?.ok_or(FieldFault::Missing)
}

/// The value of a field that may stand once.
pub(crate) fn at_most_one<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> Result<Option<&'a HeaderValue>, FieldFault> {
    let mut values = headers.get_all(name).into_iter();
    match (values.next(), values.next()) {
        (_, Some(_)) => Err(FieldFault::Repeated),
        (value, None) => Ok(value),
    }
}
