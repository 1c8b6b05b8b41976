//! What happens when nothing happens.

use crate::{
    case::{
        Case,
        build::{close, expect_close, send},
        expect::{Expect, Manner},
        kinds::{Effort, Group, Level},
        step::{Patience, Step},
    },
    wire::role::Role,
};
use std::time::Duration;

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("server-ends-tcp", "after both Closes the client says nothing")
            .rule(
                "RFC 6455 §7.1.1",
                &[87, 90],
                "The server ends TCP first, so that it holds no TIME_WAIT of the client's",
            )
            .level(Level::Should)
            .effort(Effort::Usual)
            .only(Role::Server)
            .script([
                send(close(1000, "")),
                expect_close(&[1000]),
                Step::Expect(
                    Expect::End(Manner::Any),
                    Patience::AtLeast(
                        Duration::from_secs(5),
                        "a server may wait for the client first",
                    ),
                ),
            ]),
    ]
}

fn case(name: &str, title: &str) -> Case {
    Case::new(Group::Timers, name, title)
}
