//! What an end wants of permessage-deflate.

use super::{
    agreement::{Context, DeflateAgreement, Direction, WindowBits},
    params::{DeflateOffer, DeflateResponse},
};

/// What an end wants of permessage-deflate: the most it spends on each direction of a connection. The peer
/// can make both directions smaller, never larger.
///
/// # Memory
///
/// A connection holds no compressor and no inflater: they belong to the thread and are lent for the time of a
/// message. With [`Context::NoTakeover`] nothing is kept between messages. With [`Context::Takeover`] a
/// connection keeps, as far as so much has passed:
///
/// | window bits | 15 | 14 | 13 | 12 | 11 | 10 | 9 | 8 |
/// |---|--:|--:|--:|--:|--:|--:|--:|--:|
/// | sending, KiB: the window, half as much to move it in, and where its text stands | 56 | 32 | 20 | 16 | 10 | 7 | 6.5 | 6.25 |
/// | receiving, KiB: the window | 32 | 16 | 8 | 4 | 2 | 1 | 0.5 | 0.25 |
///
/// A thread keeps up to four engines of each kind: at most 250 KiB for a compressor, 47 KiB for an inflater.
/// A message that is read or written in pieces has an engine of its own until its end.
///
/// # Security
///
/// Compression tells the length of what a message has in common with itself, and with takeover with what was
/// sent before. Where a secret and a text that an attacker chose are sent on one connection, an observer of
/// lengths can guess the secret, encrypted or not (CRIME, BREACH; RFC 7692 §8). Send such messages
/// uncompressed ([`Outgoing::uncompressed`](crate::Outgoing::uncompressed)), or do not offer the extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Deflate {
    /// Our compressor.
    pub send: Direction,
    /// What we let the peer's compressor demand of us.
    pub receive: Direction,
}

impl Deflate {
    /// For a client: 32 KiB windows that are kept, so that the offer is plain
    /// `permessage-deflate; client_max_window_bits` and the server chooses.
    pub const CLIENT: Self = Self { send: Direction::DEFAULT, receive: Direction::DEFAULT };

    /// For a server: 32 KiB windows and nothing kept between messages in either direction.
    pub const SERVER: Self = Self {
        send: Direction { window: WindowBits::MAX, context: Context::NoTakeover },
        receive: Direction { window: WindowBits::MAX, context: Context::NoTakeover },
    };

    /// The client's offer. `client_max_window_bits` is always in it, so that the server may choose.
    pub fn offer(&self) -> DeflateOffer {
        DeflateOffer {
            server_context: self.receive.context,
            client_context: self.send.context,
            server_window: (self.receive.window < WindowBits::MAX).then_some(self.receive.window),
            client_window: Some(self.send.window),
        }
    }

    /// The server's answer to an offer, and what is thereby agreed.
    ///
    /// Every well-formed offer can be honoured. A client that did not offer `client_max_window_bits`
    /// cannot be told a window (RFC 7692 §7.1.2.2); if ours is limited, it is told
    /// `client_no_context_takeover` instead, so that its window is never kept.
    pub fn choose(&self, offer: &DeflateOffer) -> (DeflateAgreement, DeflateResponse) {
        let server = Direction {
            window: offer.server_window.unwrap_or(WindowBits::MAX).min(self.send.window),
            context: offer.server_context.or(self.send.context),
        };
        let client = self.client_direction(offer);
        let response = DeflateResponse {
            server_context: server.context,
            client_context: client.context,
            server_window: said(server.window, offer.server_window),
            client_window: offer.client_window.and(said(client.window, None)),
        };
        (DeflateAgreement { client, server }, response)
    }

    fn client_direction(&self, offer: &DeflateOffer) -> Direction {
        let context = offer.client_context.or(self.receive.context);
        match offer.client_window {
            Some(offered) => Direction { window: offered.min(self.receive.window), context },
            None if self.receive.window < WindowBits::MAX => {
                Direction { window: WindowBits::MAX, context: Context::NoTakeover }
            }
            None => Direction { window: WindowBits::MAX, context },
        }
    }
}

/// A window is answered where it was asked for, and where it differs from what holds unsaid.
fn said(window: WindowBits, offered: Option<WindowBits>) -> Option<WindowBits> {
    (offered.is_some() || window < WindowBits::MAX).then_some(window)
}
