//! Whose pages may connect (RFC 6455 §10.2).

use crate::{
    case::{
        Case,
        build::echo,
        kinds::{Group, Level},
        opening::{Answer, Opening, Statuses},
    },
    wire::{http::Head, role::Role},
};

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("same-host", "a page of the same host")
            .rule("RFC 6455 §10.2", &[39], "A server's own pages may speak to it")
            .level(Level::Should)
            .tolerate()
            .opening(Opening::Request(
                Head::request().add("Origin", "http://{host}"),
                Answer::Upgrade(Vec::new()),
            ))
            .script(echo("same host")),
        case("foreign", "a page of another host")
            .rule(
                "RFC 6455 §10.2",
                &[39],
                "Any page that a user opens can connect in that user's name",
            )
            .level(Level::Should)
            .refuse()
            .opening(Opening::Request(
                Head::request().add("Origin", "https://attacker.example"),
                Answer::Refusal(Statuses::Of(&[403, 400, 401]), Vec::new()),
            )),
    ]
}

fn case(name: &str, title: &str) -> Case {
    Case::new(Group::Origin, name, title).only(Role::Server)
}
