//! The verdict of a client's handshake.

use super::verdict::Verdict;
use crate::client::{
    error::{Cause, ConnectError},
    stage::Stage,
};
use http::StatusCode;

impl From<&ConnectError> for Verdict {
    fn from(error: &ConnectError) -> Self {
        Self::failed(match error.cause() {
            Cause::Refused(response) => return Self::refused(class(response.status())),
            Cause::TimedOut(_) => "timeout",
            Cause::Io(_) => by_stage(error.stage()),
            Cause::Url(_) => "url",
            Cause::Headers(_) => "headers",
            Cause::Tls(_) => "tls",
            Cause::Head(_) | Cause::Response(_) => "response",
            Cause::Redirect(_) => "redirect",
            Cause::Proxy(_) => "proxy",
            #[cfg(feature = "blocking")]
            Cause::Unsupported(_) => "unsupported",
        })
    }
}

const fn by_stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Url => "url",
        Stage::Headers => "headers",
        Stage::Resolve => "resolve",
        Stage::Connect => "connect",
        Stage::Proxy => "proxy",
        Stage::Tls => "tls",
        Stage::Upgrade => "transport",
    }
}

const fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        500..600 => "5xx",
        _ => "other",
    }
}
