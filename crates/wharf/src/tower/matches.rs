//! Which requests are for the handler.

use http::{HeaderMap, Uri};
use std::sync::Arc;

type Predicate = dyn Fn(&Uri, &HeaderMap) -> bool + Send + Sync;

/// Which requests for a WebSocket are for the handler.
#[derive(Clone)]
pub(super) enum Matches {
    All,
    Path(Arc<str>),
    If(Arc<Predicate>),
}

impl Matches {
    pub(super) fn matches(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        match self {
            Self::All => true,
            Self::Path(path) => uri.path() == &**path,
            Self::If(predicate) => predicate(uri, headers),
        }
    }
}
