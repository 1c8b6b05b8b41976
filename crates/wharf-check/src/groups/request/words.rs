//! What cases about requests have in common.

use crate::{
    case::{
        Case,
        build::echo,
        kinds::Group,
        opening::{Answer, Opening, Statuses, Wish},
    },
    wire::{http::Head, role::Role},
};

pub(super) const KEY: &str = "Sec-WebSocket-Key";
pub(super) const VERSION: &str = "Sec-WebSocket-Version";
pub(super) const PROTOCOL: &str = "Sec-WebSocket-Protocol";
pub(super) const EXTENSIONS: &str = "Sec-WebSocket-Extensions";

/// Statuses of a request that is wrong.
pub(super) const BAD: Statuses = Statuses::Error;

pub(super) fn case(name: &str, title: &str) -> Case {
    Case::new(Group::Request, name, title).only(Role::Server)
}

/// A request that must be taken, and an echo.
pub(super) fn good(case: Case, head: Head, wishes: &[Wish]) -> Case {
    case.opening(Opening::Request(head, Answer::Upgrade(wishes.to_vec()))).script(echo("open"))
}

/// A request that must be refused.
pub(super) fn bad(case: Case, head: Head, statuses: Statuses, wishes: &[Wish]) -> Case {
    case.refuse().opening(Opening::Request(head, Answer::Refusal(statuses, wishes.to_vec())))
}
