//! permessage-deflate is agreed on, or not (RFC 7692 §5, §7.1).

use crate::{
    case::{
        Case,
        build::{deflated, echo, expect_text, send},
        kinds::{Group, Level},
        opening::{Answer, Entry, Opening, Param, Wish},
        step::Kind,
    },
    wire::{http::Head, role::Role},
};

/// The header.
const EXTENSIONS: &str = "Sec-WebSocket-Extensions";

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("plain-offer", "an offer without parameters, and a compressed message if it is taken")
            .rule("RFC 7692 §7.1", &[106], "Parameters that were not offered need not be known")
            .only(Role::Server)
            .deflate("permessage-deflate", "", &[Param::Lacks("client_max_window_bits")])
            .script([
                send(deflated(Kind::Text, "Hello Hello Hello")),
                expect_text("Hello Hello Hello"),
            ]),
        case("offer-window-16", "an offer whose window has 16 bits")
            .rule("RFC 7692 §7.1.2.1", &[100, 102], "A window of 16 bits does not exist")
            .only(Role::Server)
            .opening(Opening::Request(
                Head::request().add(EXTENSIONS, "permessage-deflate; server_max_window_bits=16"),
                Answer::Upgrade(vec![Wish::Declined]),
            ))
            .script(echo("plain")),
        case("answer-unoffered-extension", "an answer with an extension that no client offered")
            .rule("RFC 6455 §4.1", &[25], "What the client does not know it cannot speak")
            .level(Level::Must)
            .only(Role::Client)
            .refuse()
            .opening(Opening::Response(
                Head::upgrade().add(EXTENSIONS, "x-unheard-of"),
                Entry::Refused,
            )),
    ]
}

fn case(name: &str, title: &str) -> Case {
    Case::new(Group::DeflateNegotiation, name, title)
}
