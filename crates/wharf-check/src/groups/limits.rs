//! Bounds, bombs and floods (RFC 6455 §10.4).

use crate::{
    case::{
        Case,
        build::{binary, expect_refusal, send},
        kinds::Group,
    },
    wire::frame::Length,
};

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("claims-an-exbibyte", "a frame that announces 2^60 bytes and brings none")
            .rule(
                "RFC 6455 §10.4",
                &[59],
                "A length that a peer announces must not be waited for, nor reserved",
            )
            .refuse()
            .script([
                send(binary("").length(Length::Claimed(1 << 60))),
                expect_refusal(&[1009, 1002]),
            ]),
    ]
}

fn case(name: &str, title: &str) -> Case {
    Case::new(Group::Limits, name, title)
}
