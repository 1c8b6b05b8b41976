//! No to a newcomer.

use bytes::Bytes;
use http::{Response, StatusCode, header::RETRY_AFTER};
use std::{error::Error, fmt, time::Duration};

/// Nobody new is let in: the service drains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draining {
    retry_after: Duration,
}

impl Draining {
    pub(crate) const fn new(retry_after: Duration) -> Self {
        Self { retry_after }
    }

    /// When it may be worth to ask again.
    pub const fn retry_after(&self) -> Duration {
        self.retry_after
    }

    /// 503 with `Retry-After`, in seconds rounded up (RFC 9110 §15.6.4 and §10.2.3).
    pub fn response(&self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from_static(b"the service is going down\n"));
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        response.headers_mut().insert(RETRY_AFTER, self.seconds().into());
        response
    }

    fn seconds(&self) -> u64 {
        self.retry_after.as_secs() + u64::from(self.retry_after.subsec_nanos() > 0)
    }
}

impl fmt::Display for Draining {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the service drains and lets nobody in; ask again in {} s", self.seconds())
    }
}

impl Error for Draining {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_503_and_says_when_to_come_back() {
        let response = Draining::new(Duration::from_millis(1001)).response();
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()["retry-after"], "2");
    }
}
