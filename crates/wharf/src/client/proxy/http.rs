//! A tunnel by HTTP's CONNECT (RFC 9110 §9.3.6).

use super::{error::ProxyError, server::Proxy};
use crate::client::{
    error::Cause,
    exchange::{Unanswered, exchange},
    refusal::with_body,
};
use http::{Response, header};
use tokio::io::{AsyncRead, AsyncWrite};
use wharf_proto::HandshakeLimits;

/// Asks for a tunnel to `authority`, which always has a port. What the stream carries afterwards is the
/// server's.
pub(super) async fn connect<T>(
    io: &mut T,
    proxy: &Proxy,
    authority: &str,
    limits: HandshakeLimits,
) -> Result<(), Cause>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    match exchange(io, &request(proxy, authority), limits).await {
        Ok((response, rest)) => consent(io, response, &rest).await,
        Err(Unanswered::Io(error)) => Err(error.into()),
        Err(Unanswered::Head(error)) => Err(ProxyError::Head(error).into()),
    }
}

/// A body that the head of a 2xx announces is to be ignored (RFC 9110 §9.3.6), and nothing else may come
/// before the server was asked: what comes is no answer to us.
async fn consent(
    io: &mut (impl AsyncRead + Unpin),
    response: Response<()>,
    rest: &[u8],
) -> Result<(), Cause> {
    if !response.status().is_success() {
        let refusal = with_body(io, response, rest).await;
        return Err(ProxyError::Refused(Box::new(refusal)).into());
    }
    match rest.len() {
        0 => Ok(()),
        bytes => Err(ProxyError::Premature(bytes).into()),
    }
}

/// A host that was read from a URL, and a value of `http`: neither can hold a line end.
fn request(proxy: &Proxy, authority: &str) -> Vec<u8> {
    let mut head = format!("CONNECT {authority} HTTP/1.1\r\nhost: {authority}\r\n").into_bytes();
    if let Some(value) = proxy.authorization() {
        for part in
            [header::PROXY_AUTHORIZATION.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"]
        {
            head.extend_from_slice(part);
        }
    }
    head.extend_from_slice(b"\r\n");
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9110 §9.3.6, §7.2: the target is host and port, and `Host` says the same.
    #[test]
    fn the_request_names_the_server_twice_and_the_credentials_once() {
        let proxy = Proxy::new("http://Aladdin:open%20sesame@p").unwrap();
        let head = String::from_utf8(request(&proxy, "[::1]:443")).unwrap();
        assert_eq!(
            head,
            "CONNECT [::1]:443 HTTP/1.1\r\nhost: [::1]:443\r\n\
             proxy-authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"
        );
        let plain = request(&Proxy::new("http://p").unwrap(), "h:80");
        assert_eq!(plain, b"CONNECT h:80 HTTP/1.1\r\nhost: h:80\r\n\r\n");
    }
}
