//! TLS over a given stream.

use super::{
    error::{TlsError, TlsFault},
    settings::Tls,
};
use crate::client::{error::Cause, target::Host};
use rustls::{ClientConfig, pki_types::ServerName};
use std::{io, sync::Arc};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::spawn_blocking,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// TLS that is ready to be spoken with one host.
pub(crate) struct Connector {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl Connector {
    /// Everything that can fail before the network is touched.
    pub(crate) async fn prepare(tls: &Tls, host: &Host) -> Result<Self, Cause> {
        Ok(Self { name: server_name(host)?, config: config(tls).await? })
    }

    /// Handshake and verification. SNI is sent for names, never for addresses (RFC 6066 §3).
    pub(crate) async fn secure<T>(self, io: T) -> Result<TlsStream<T>, Cause>
    where
        T: AsyncRead + AsyncWrite + Unpin,
    {
        let stream = TlsConnector::from(self.config).connect(self.name, io).await?;
        match stream.get_ref().1.alpn_protocol() {
            Some(b"h2") => Err(TlsError::from(TlsFault::Http2).into()),
            _ => Ok(stream),
        }
    }
}

pub(crate) fn server_name(host: &Host) -> Result<ServerName<'static>, TlsError> {
    match host {
        Host::Name(name) => ServerName::try_from(name.clone())
            .map_err(|_| TlsFault::ServerName(name.clone()).into()),
        Host::V4(address) => Ok(ServerName::IpAddress((*address).into())),
        Host::V6(address) => Ok(ServerName::IpAddress((*address).into())),
    }
}

/// The first use reads the platform's roots, and the runtime's threads must not wait for files.
async fn config(tls: &Tls) -> Result<Arc<ClientConfig>, Cause> {
    if let Some(config) = tls.made() {
        return Ok(config);
    }
    let tls = tls.clone();
    Ok(spawn_blocking(move || tls.config()).await.map_err(io::Error::other)??)
}
