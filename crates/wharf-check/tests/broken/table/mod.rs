//! Which cases are there for which fault.

mod closing;
mod deflate;
mod handshake;
mod messages;

use crate::fault::Fault;
use wharf_check::Role;

/// Cases that a peer with this fault must not pass.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) fault: Fault,
    pub(crate) roles: &'static [Role],
    pub(crate) cases: &'static [&'static str],
}

/// All rows.
pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    [messages::ROWS, closing::ROWS, handshake::ROWS, deflate::ROWS].into_iter().flatten()
}

/// Cases that no broken peer fails, with the reason why they are there nevertheless.
pub(crate) const EXCUSED: &[(&str, &str)] = &[];

/// Of servers and clients.
const fn both(fault: Fault, cases: &'static [&'static str]) -> Row {
    Row { fault, roles: &[Role::Server, Role::Client], cases }
}

/// Of servers.
const fn server(fault: Fault, cases: &'static [&'static str]) -> Row {
    Row { fault, roles: &[Role::Server], cases }
}

/// Of clients.
const fn client(fault: Fault, cases: &'static [&'static str]) -> Row {
    Row { fault, roles: &[Role::Client], cases }
}
