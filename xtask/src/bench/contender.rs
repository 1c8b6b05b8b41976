//! Who takes part, as data.

/// A server under load.
pub(super) struct Contender {
    /// As records and tables name it.
    pub(super) name: &'static str,
    /// The program among `cargo xtask foreign`.
    pub(super) foreign: &'static str,
    /// Flags of its own.
    pub(super) flags: &'static [&'static str],
    pub(super) field: Field,
}

/// How it is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// No WebSocket server: what the kernel's part costs.
    Limit,
    /// wharf.
    Ours,
    /// wharf in another setting, or what goes by it there: for this scenario only.
    Only(&'static str),
    /// Near enough to need every round.
    Close,
    /// So far that a few rounds tell it.
    Far,
}

/// Rounds for those that are far.
const FEW: usize = 3;

pub(super) const OURS: &str = "wharf";
pub(super) const LIMIT: &str = "raw-epoll";

pub(super) const CONTENDERS: [Contender; 18] = [
    of("raw-epoll", Field::Limit),
    of("raw-tokio", Field::Limit),
    of("wharf", Field::Ours),
    Contender {
        name: "wharf, 2 threads",
        foreign: "wharf",
        flags: &["--threads", "2"],
        field: Field::Only("threads"),
    },
    Contender {
        name: "wharf, mimalloc",
        foreign: "wharf-mimalloc",
        flags: &[],
        field: Field::Only("memory"),
    },
    of("axum-wharf", Field::Only("axum")),
    of("axum-ws", Field::Only("axum")),
    of("sockudo-ws", Field::Close),
    of("yawc", Field::Close),
    of("tokio-websockets", Field::Close),
    of("fastwebsockets", Field::Close),
    of("tokio-tungstenite", Field::Close),
    Contender {
        name: "tokio-tungstenite, 4 KiB",
        foreign: "tokio-tungstenite",
        flags: &["--read-buffer", "4096"],
        field: Field::Close,
    },
    of("bun", Field::Close),
    of("gorilla", Field::Far),
    of("picows", Field::Far),
    of("ws", Field::Far),
    of("websockets", Field::Far),
];

const fn of(name: &'static str, field: Field) -> Contender {
    Contender { name, foreign: name, flags: &[], field }
}

impl Contender {
    /// In how many of these rounds it takes part.
    pub(super) fn rounds(&self, all: usize) -> usize {
        match self.field {
            Field::Far => all.min(FEW),
            Field::Limit | Field::Ours | Field::Only(_) | Field::Close => all,
        }
    }
}
