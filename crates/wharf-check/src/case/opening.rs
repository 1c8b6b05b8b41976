//! How a connection is opened, rightly or wrongly.

use crate::wire::http::Head;

/// How a connection is opened.
#[derive(Debug, Clone)]
pub(crate) enum Opening {
    /// By a correct handshake; the script begins when the connection is open.
    Usual(Usual),
    /// The tester is the client and sends this; the script begins if the answer is an upgrade.
    Request(Head, Answer),
    /// The tester is the server and answers with this; the script begins if the client should be content.
    Response(Head, Entry),
    /// The tester is the server and agrees on this, though the client's offer forbids it; if the offer allows
    /// it, the case does not apply.
    Overreach(String),
    /// The tester begins with this head, never ends it, and the target must give up.
    Stalled(Head, Stall),
}

/// A correct handshake.
#[derive(Debug, Clone, Default)]
pub(crate) struct Usual {
    /// More headers of the tester's request.
    pub(crate) fields: Vec<(&'static str, String)>,
    /// permessage-deflate, without which the case does not apply.
    pub(crate) deflate: Option<Deflate>,
    /// What else the server's answer has.
    pub(crate) wishes: Vec<Wish>,
    /// What the client's request has.
    pub(crate) traits: Vec<Trait>,
}

/// How permessage-deflate is agreed on.
#[derive(Debug, Clone)]
pub(crate) struct Deflate {
    /// What a tester that is the client offers: one `Sec-WebSocket-Extensions` value.
    pub(crate) offer: String,
    /// What a tester that is the server answers, if the client's offer allows it.
    pub(crate) answer: String,
    /// What must have been agreed, or the case does not apply.
    pub(crate) need: Vec<Param>,
}

/// Something about an agreement on permessage-deflate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Param {
    /// The parameter is there.
    Has(&'static str),
    /// It is not.
    Lacks(&'static str),
    /// The parameter is there with a number up to this one.
    AtMost(&'static str, u8),
}

/// What a server must answer.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// 101, right in every part, and with these.
    Upgrade(Vec<Wish>),
    /// An error, and with these.
    Refusal(Statuses, Vec<Wish>),
    /// Either of both, as long as it is right.
    Any,
}

/// Statuses of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Statuses {
    /// Any from 400 to 599.
    Error,
    /// Any from 300 to 599, or the end of the stream: what came is hardly HTTP.
    ErrorOrEnd,
}

/// How a head stays unfinished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stall {
    /// Nothing comes any more.
    Silent,
    /// One more header comes, an octet at a time.
    Dripping,
}

/// Something about a response.
#[derive(Debug, Clone)]
pub(crate) enum Wish {
    /// The header is there once and has this value, in any case.
    Is(&'static str, &'static str),
    /// The header lists this word, in any case.
    Lists(&'static str, &'static str),
    /// The header is not there.
    Lacks(&'static str),
    /// permessage-deflate is not in it.
    Declined,
    /// permessage-deflate is not in it, or it is with this.
    DeclinedOr(Vec<Param>),
}

/// What a client does with a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    /// It takes the connection for open.
    Open,
    /// It ends the stream and sends no data.
    Refused,
}

/// Something about a client's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trait {
    /// `GET`, a target that begins with `/` or is a URL, `HTTP/1.1`.
    RequestLine,
    /// The target is the one that the URL names.
    Target,
    /// `Host` once, with the port.
    Host,
    /// `Upgrade` lists `websocket`, `Connection` lists `Upgrade`, each once.
    Upgrade,
    /// `Sec-WebSocket-Key` once, 16 bytes in base64.
    Key,
    /// `Sec-WebSocket-Version: 13`, once.
    Version,
    /// Names in `Sec-WebSocket-Protocol`, if it is there, are tokens and differ.
    Subprotocols,
    /// `Sec-WebSocket-Extensions`, if it is there, follows the grammar of RFC 6455 §9.1.
    Extensions,
    /// No byte behind the head before there was an answer.
    NothingBehind,
    /// No body is announced.
    NoBody,
}
