//! A look at what is sent.

use http::Request;
use std::{fmt, sync::Arc};

type Look = dyn Fn(&Request<()>) + Send + Sync;

/// Shown every request before it is sent.
#[derive(Clone, Default)]
pub(crate) struct Watch(Option<Arc<Look>>);

impl Watch {
    pub(crate) fn new(watch: impl Fn(&Request<()>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(watch)))
    }

    pub(crate) fn show(&self, request: &Request<()>) {
        if let Some(watch) = &self.0 {
            watch(request);
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Watch").field(&self.0.is_some()).finish()
    }
}
