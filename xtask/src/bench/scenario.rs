//! What is measured, as data.

use super::contender::{Contender, Field};

/// One table, or one plot.
pub(super) struct Scenario {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) deflate: Deflate,
    pub(super) pin: Pin,
    /// Who takes part, besides those that are in for this scenario only.
    field: fn(&Contender) -> bool,
    pub(super) points: &'static [Load],
    /// What the project aims at.
    pub(super) goal: &'static str,
}

impl Scenario {
    /// Whether it takes part.
    pub(super) fn wants(&self, contender: &Contender) -> bool {
        match contender.field {
            Field::Only(scenario) => scenario == self.name,
            Field::Limit | Field::Ours | Field::Close | Field::Far => (self.field)(contender),
        }
    }
}

/// One run of the generator.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Load {
    Echo { size: u32, connections: u32, in_flight: u32, content: Content },
    Idle { connections: u32 },
    Handshakes { at_once: u32 },
}

/// What messages hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Binary,
    Json,
}

/// What is agreed on permessage-deflate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Deflate {
    Off,
    NoTakeover,
    Takeover,
}

impl Deflate {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::NoTakeover => "no-takeover",
            Self::Takeover => "takeover",
        }
    }
}

/// Where server and generator run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pin {
    /// The server on the first processor, the generator on the second.
    Apart,
    /// Both on both: for servers with two threads on a machine of two processors.
    Shared,
}

pub(super) const SCENARIOS: [Scenario; 14] = [
    echo(
        "512x100",
        "512 B × 100 connections, 1 in flight",
        &[binary(512, 100, 1)],
        "≤ 1.06 × raw-epoll",
    ),
    echo(
        "32x500",
        "32 B × 500 connections, 1 in flight",
        &[binary(32, 500, 1)],
        "≤ 1.06 × raw-epoll",
    ),
    echo(
        "512x100x16",
        "512 B × 100 connections, 16 in flight",
        &[binary(512, 100, 16)],
        "≤ 1.10 × raw-epoll",
    ),
    echo(
        "32x500x16",
        "32 B × 500 connections, 16 in flight",
        &[binary(32, 500, 16)],
        "≤ 1.10 × raw-epoll",
    ),
    echo(
        "16Kx100",
        "16 KiB × 100 connections, 1 in flight",
        &[binary(16 << 10, 100, 1)],
        "≤ 1.10 × raw-epoll",
    ),
    echo("1Mx8", "1 MiB × 8 connections, 1 in flight", &[binary(1 << 20, 8, 1)], "≤ 0.9 × yawc"),
    Scenario {
        deflate: Deflate::NoTakeover,
        field: implementations,
        ..echo(
            "deflate",
            "permessage-deflate without context takeover: 1 KiB like JSON × 100",
            &[JSON],
            "ahead of every peer with replies as short",
        )
    },
    Scenario {
        deflate: Deflate::Takeover,
        field: implementations,
        ..echo(
            "deflate-takeover",
            "permessage-deflate with context takeover: 1 KiB like JSON × 100",
            &[JSON],
            "ahead of every peer with replies as short",
        )
    },
    Scenario {
        field: implementations,
        ..echo(
            "memory",
            "Memory of an idle connection, 9,000 of them",
            &[Load::Idle { connections: 9000 }],
            "≤ 1,536 B at all three",
        )
    },
    echo(
        "handshakes",
        "Connections accepted, upgraded and closed",
        &[Load::Handshakes { at_once: 32 }],
        "≤ 1.12 × raw-epoll",
    ),
    Scenario {
        pin: Pin::Shared,
        field: |contender| contender.field == Field::Ours,
        ..echo(
            "threads",
            "Two threads against one: 512 B × 100 connections, 16 in flight, server and generator on both processors",
            &[binary(512, 100, 16)],
            "≤ 1.1 × one thread",
        )
    },
    Scenario {
        field: |contender| contender.field == Field::Ours,
        ..echo(
            "axum",
            "In an application of axum's: 512 B × 100 connections, 1 in flight",
            &[binary(512, 100, 1)],
            "≤ 1.03 × wharf",
        )
    },
    Scenario {
        field: few,
        ..echo(
            "curve-connections",
            "512 B by number of connections",
            &[
                binary(512, 1, 1),
                binary(512, 10, 1),
                binary(512, 100, 1),
                binary(512, 1000, 1),
                binary(512, 9000, 1),
            ],
            "nothing super-linear",
        )
    },
    Scenario {
        field: few,
        ..echo(
            "curve-size",
            "8 connections by size of the message",
            &[
                binary(16, 8, 1),
                binary(128, 8, 1),
                binary(1 << 10, 8, 1),
                binary(8 << 10, 8, 1),
                binary(64 << 10, 8, 1),
                binary(512 << 10, 8, 1),
                binary(4 << 20, 8, 1),
                binary(16 << 20, 8, 1),
            ],
            "nothing super-linear",
        )
    },
];

/// The kibibyte that is compressed.
const JSON: Load =
    Load::Echo { size: 1024, connections: 100, in_flight: 1, content: Content::Json };

const fn echo(
    name: &'static str,
    title: &'static str,
    points: &'static [Load],
    goal: &'static str,
) -> Scenario {
    Scenario { name, title, deflate: Deflate::Off, pin: Pin::Apart, field: |_| true, points, goal }
}

const fn binary(size: u32, connections: u32, in_flight: u32) -> Load {
    Load::Echo { size, connections, in_flight, content: Content::Binary }
}

/// Those that speak the protocol.
fn implementations(contender: &Contender) -> bool {
    contender.field != Field::Limit
}

/// Those that a plot can show together.
fn few(contender: &Contender) -> bool {
    ["raw-epoll", "wharf", "sockudo-ws", "bun", "tokio-tungstenite"].contains(&contender.name)
}
