//! What a server wants of a connection that it accepts.

use http::{HeaderName, HeaderValue};
use std::{borrow::Cow, sync::Arc};
#[cfg(feature = "deflate")]
use wharf_proto::Deflate;
use wharf_proto::{
    Agreement, Choice, Config, HeaderRefused, NotOffered, Offered, Role, Subprotocol,
};

/// What a server wants of a connection that it accepts.
///
/// Default: no subprotocol, no compression, no headers of its own, and the
/// [`Config`] of a server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Accept {
    subprotocol: Wanted,
    choice: Choice,
    config: Arc<Config>,
}

#[derive(Debug, Clone)]
enum Wanted {
    FirstOf(Arc<[Subprotocol]>),
    Exactly(Subprotocol),
}

impl Accept {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Speaks the first of these that the client offered, or none. Replaces what was set before.
    #[must_use]
    pub fn subprotocols(mut self, names: impl IntoIterator<Item = Subprotocol>) -> Self {
        self.subprotocol = Wanted::FirstOf(names.into_iter().collect());
        self
    }

    /// Speaks this one; a client that did not offer it is answered with 500, because RFC 6455 §4.2.2 forbids
    /// the choice. Replaces what was set before.
    #[must_use]
    pub fn subprotocol(mut self, name: Subprotocol) -> Self {
        self.subprotocol = Wanted::Exactly(name);
        self
    }

    /// Agrees on permessage-deflate as far as the client offered it (RFC 7692). Default: it is declined,
    /// because it costs time, and memory for as long as the connection is open.
    #[cfg(feature = "deflate")]
    #[must_use]
    pub fn deflate(mut self, policy: Deflate) -> Self {
        self.choice = self.choice.deflate(Some(policy));
        self
    }

    /// Adds a header to the 101, such as `Set-Cookie`.
    ///
    /// # Errors
    /// For the headers that the handshake writes itself.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Result<Self, HeaderRefused> {
        self.choice = self.choice.header(name, value)?;
        Ok(self)
    }

    /// Limits and timeouts of the open connection. Default: `Config::new(Role::Server)`.
    #[must_use]
    pub fn config(mut self, config: impl Into<Arc<Config>>) -> Self {
        self.config = config.into();
        self
    }

    /// The 101 for this client as it goes out, and what is thereby agreed.
    pub(crate) fn answer(
        &self,
        offered: &Offered,
    ) -> Result<(Vec<u8>, Agreement, Arc<Config>), NotOffered> {
        let (head, agreement) = offered.switch(&self.choose(offered))?;
        Ok((head, agreement, Arc::clone(&self.config)))
    }

    /// The same, where somebody else writes the 101.
    #[cfg(feature = "hyper")]
    pub(crate) fn response(
        &self,
        offered: &Offered,
    ) -> Result<(http::Response<()>, Agreement, Arc<Config>), NotOffered> {
        let (response, agreement) = offered.accept(&self.choose(offered))?;
        Ok((response, agreement, Arc::clone(&self.config)))
    }

    /// Without a subprotocol it is what it is, and costs no copy.
    fn choose(&self, offered: &Offered) -> Cow<'_, Choice> {
        let name = match &self.subprotocol {
            Wanted::FirstOf(names) => offered.choose_subprotocol(names),
            Wanted::Exactly(name) => Some(name),
        };
        match name {
            None => Cow::Borrowed(&self.choice),
            Some(name) => Cow::Owned(self.choice.clone().subprotocol(Some(name.clone()))),
        }
    }
}

impl Default for Accept {
    fn default() -> Self {
        Self {
            subprotocol: Wanted::FirstOf(Arc::default()),
            choice: Choice::new(),
            config: Arc::new(Config::new(Role::Server)),
        }
    }
}
