//! Extensions and subprotocols that follow no grammar.

use super::words::{BAD, EXTENSIONS, PROTOCOL, bad, case};
use crate::{
    case::{
        Case,
        build::echo,
        kinds::Level,
        opening::{Answer, Opening},
    },
    wire::http::Head,
};

/// The cases.
pub(super) fn cases() -> Vec<Case> {
    let why = "What cannot be parsed cannot be answered, and parsers have crashed on it";
    let rule =
        |name: &str, title: &str| case(name, title).rule("RFC 6455 §9.1, §11.3.2", &[43], why);
    let mut cases = Vec::new();
    for (name, value) in [
        ("extension-no-name", "; a=1"),
        ("extension-bad-name", "per message deflate"),
        ("extension-no-param", "permessage-deflate;"),
        ("extension-no-value", "permessage-deflate; server_max_window_bits="),
        ("extension-open-quote", "permessage-deflate; server_max_window_bits=\"10"),
        ("extension-quoted-no-token", "permessage-deflate; server_max_window_bits=\"1 0\""),
        ("extension-separators", "permessage-deflate; a=b=c"),
    ] {
        let case = rule(name, &format!("the extensions {value:?}"));
        let head = Head::request().add(EXTENSIONS, value);
        cases.push(bad(case, head, BAD, &[]));
    }
    for (name, value) in [
        ("subprotocol-bad-token", "chat room"),
        ("subprotocol-quoted", "\"chat\""),
        ("subprotocol-twice", "chat, chat"),
    ] {
        let case = case(name, &format!("the subprotocols {value:?}")).rule(
            "RFC 6455 §4.1(10)",
            &[43],
            why,
        );
        let head = Head::request().add(PROTOCOL, value);
        cases.push(bad(case, head, BAD, &[]));
    }
    cases.push(
        case("prototype-extensions", "extensions that are names of JavaScript's prototypes")
            .rule(
                "RFC 6455 §9.1",
                &[43],
                "A header of names like `constructor` crashed servers once",
            )
            .level(Level::Practice)
            .opening(Opening::Request(
                Head::request().add(EXTENSIONS, "constructor, __proto__; toString, hasOwnProperty"),
                Answer::Any,
            ))
            .script(echo("alive")),
    );
    cases
}
