//! Whether a request or a response is what it should be.

use super::agreement::agreement_flaw;
use crate::{
    case::opening::{Param, Statuses, Trait, Usual, Wish},
    wire::{
        extension::Extension,
        http::Came,
        key::{accept, is_key},
    },
};

/// The extension that is tested.
pub(crate) const DEFLATE: &str = "permessage-deflate";

/// What the tester's request held, as far as an answer depends on it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub(crate) key: String,
    pub(crate) extensions: Vec<Extension>,
    pub(crate) subprotocols: Vec<String>,
}

/// What is wrong with an answer that says 101 (RFC 6455 §4.1, §4.2.2), if anything is.
pub(crate) fn upgrade_flaw(came: &Came, asked: &Asked) -> Option<String> {
    if !came.once("Upgrade").is_some_and(|value| value.eq_ignore_ascii_case("websocket")) {
        return Some("the answer lacks `Upgrade: websocket`".to_owned());
    }
    if !came.lists("Connection", "upgrade") {
        return Some("the answer lacks `Connection: Upgrade`".to_owned());
    }
    if came.once("Sec-WebSocket-Accept") != Some(&accept(&asked.key)) {
        return Some("Sec-WebSocket-Accept is not the answer to the key".to_owned());
    }
    subprotocol_flaw(came, asked).or_else(|| extension_flaw(came, asked))
}

fn subprotocol_flaw(came: &Came, asked: &Asked) -> Option<String> {
    let mut names = came.all("Sec-WebSocket-Protocol");
    let name = names.next()?;
    if names.next().is_some() {
        return Some("Sec-WebSocket-Protocol is in the answer twice".to_owned());
    }
    let offered = asked.subprotocols.iter().any(|offered| offered == name);
    (!offered).then(|| format!("the answer names the subprotocol {name:?}, which was not offered"))
}

fn extension_flaw(came: &Came, asked: &Asked) -> Option<String> {
    if came.all("Sec-WebSocket-Extensions").count() > 1 {
        return Some("Sec-WebSocket-Extensions is in the answer twice".to_owned());
    }
    let agreed = Extension::parse(came.all("Sec-WebSocket-Extensions"));
    if let Some(told) = agreement_flaw(&agreed, &asked.extensions) {
        return Some(told);
    }
    let offered = |name: &str| asked.extensions.iter().any(|offer| offer.name == name);
    let alien = agreed.iter().find(|extension| !offered(&extension.name))?;
    Some(format!("the answer names the extension {:?}, which was not offered", alien.name))
}

/// What was agreed about permessage-deflate.
pub(crate) fn agreed(came: &Came) -> Option<Extension> {
    let all = Extension::parse(came.all("Sec-WebSocket-Extensions"));
    all.into_iter().find(|extension| extension.name == DEFLATE)
}

/// The first wish that the answer does not meet.
pub(crate) fn unmet(came: &Came, wishes: &[Wish]) -> Option<String> {
    wishes.iter().find_map(|wish| wish_flaw(came, wish))
}

fn wish_flaw(came: &Came, wish: &Wish) -> Option<String> {
    match wish {
        Wish::Is(name, value) => {
            let is = came.once(name).is_some_and(|came| came.eq_ignore_ascii_case(value));
            (!is).then(|| format!("the answer lacks `{name}: {value}`"))
        }
        Wish::Lists(name, word) => {
            (!came.lists(name, word)).then(|| format!("{name} of the answer does not list {word}"))
        }
        Wish::Lacks(name) => {
            let value = came.all(name).next()?;
            Some(format!("the answer has `{name}: {value}`"))
        }
        Wish::Declined => {
            agreed(came).map(|_| "the answer agrees on permessage-deflate".to_owned())
        }
        Wish::DeclinedOr(params) => agreed(came).and_then(|agreed| lacking(&agreed, params)),
    }
}

/// What an agreement lacks of these.
pub(crate) fn lacking(agreed: &Extension, params: &[Param]) -> Option<String> {
    params.iter().find_map(|param| match *param {
        Param::Has(name) => (!agreed.has(name)).then(|| format!("the agreement lacks {name}")),
        Param::Lacks(name) => agreed.has(name).then(|| format!("the agreement has {name}")),
        Param::AtMost(name, most) => {
            let within = agreed.number(name).is_some_and(|bits| (8..=most).contains(&bits));
            (!within).then(|| format!("the agreement lacks {name} from 8 to {most}"))
        }
    })
}

/// Whether a refusal may have this status.
pub(crate) fn may_refuse(statuses: Statuses, status: u16) -> bool {
    match statuses {
        Statuses::Error => (400..600).contains(&status),
        Statuses::ErrorOrEnd => (300..600).contains(&status),
    }
}

/// A client's request, and where it was sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) came: &'a Came,
    /// What stood behind the head before there was an answer.
    pub(crate) behind: &'a [u8],
    /// `host:port` of the URL.
    pub(crate) authority: &'a str,
}

/// The first thing that the request lacks.
pub(crate) fn request_flaw(request: Request<'_>, usual: &Usual) -> Option<String> {
    usual.traits.iter().find_map(|wanted| trait_flaw(request, *wanted))
}

fn trait_flaw(request: Request<'_>, wanted: Trait) -> Option<String> {
    let came = request.came;
    let is_met = match wanted {
        Trait::RequestLine => is_request_line(&came.first),
        Trait::Target => came.target().starts_with("/case?n=") || came.target().contains("case="),
        Trait::Host => came.once("Host") == Some(request.authority),
        Trait::Upgrade => {
            came.once("Upgrade").is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
                && came.lists("Connection", "upgrade")
        }
        Trait::Key => came.once("Sec-WebSocket-Key").is_some_and(is_key),
        Trait::Version => came.once("Sec-WebSocket-Version") == Some("13"),
        Trait::Subprotocols => are_names(&came.all("Sec-WebSocket-Protocol").collect::<Vec<_>>()),
        Trait::Extensions => came.all("Sec-WebSocket-Extensions").all(is_extension_list),
        Trait::NothingBehind => request.behind.is_empty(),
        Trait::NoBody => {
            came.all("Content-Length").all(|value| value == "0")
                && came.all("Transfer-Encoding").next().is_none()
        }
    };
    (!is_met).then(|| format!("the request fails on {wanted:?}"))
}

fn is_request_line(line: &str) -> bool {
    let words: Vec<&str> = line.split(' ').collect();
    matches!(words[..], ["GET", target, "HTTP/1.1"] if target.starts_with('/') || target.contains("://"))
}

fn are_names(lines: &[&str]) -> bool {
    let names: Vec<&str> = lines.iter().flat_map(|line| line.split(',')).map(str::trim).collect();
    let distinct = names.iter().enumerate().all(|(index, name)| !names[..index].contains(name));
    distinct && names.iter().all(|name| is_token(name))
}

/// RFC 6455 §9.1.
fn is_extension_list(line: &str) -> bool {
    Extension::parse(std::iter::once(line)).iter().all(|extension| {
        is_token(&extension.name)
            && extension.params.iter().all(|(name, value)| {
                is_token(name) && value.as_ref().is_none_or(|value| is_token(value))
            })
    })
}

/// RFC 9110 §5.6.2.
fn is_token(text: &str) -> bool {
    let is_mark = |byte| b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || is_mark(byte))
}
