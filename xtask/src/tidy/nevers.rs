//! What never stands in a place, as words to look for.

use super::{
    finding::Finding,
    lexer::tokens,
    source::{Source, starts_with},
    usepaths::paths,
};

/// Where a never holds.
type Place = fn(&Source) -> bool;

/// Words that never stand in a place.
struct Never {
    place: Place,
    words: &'static [&'static str],
    advice: &'static str,
}

const NEVERS: &[Never] = &[
    Never {
        place: |source| source.within("wharf-proto").is_some(),
        words: &["Instant::now", "SystemTime", "thread::sleep"],
        advice: "the core reads no clock and never waits: take `now` as an argument",
    },
    Never {
        place: |source| source.within("wharf-proto").is_some(),
        words: &["std::net", "tokio", "async fn", "async move", ".await"],
        advice: "the core knows no socket and no task: this belongs into a driver, in wharf",
    },
    Never {
        place: |source| source.within("wharf-proto").is_some(),
        words: &["Mutex", "RwLock", "Condvar"],
        advice: "the core never locks: its methods take `&mut self`",
    },
    Never {
        place: |source| source.within("wharf-proto").is_some(),
        words: &["tracing::", "log::"],
        advice: "the core never logs: return what happened, and let the driver tell it",
    },
    Never {
        place: |source| source.within("wharf-bytes").is_none(),
        words: &["unsafe"],
        advice: "unsafe stands in wharf-bytes only: write it safely, or move it there with its proof",
    },
    Never {
        place: |source| source.within("wharf-cli").is_some_and(|inside| inside != "printer.rs"),
        words: &["println!", "print!", "eprintln!", "eprint!"],
        advice: "the command prints in printer.rs only, where a stranger's bytes are made safe",
    },
    Never {
        place: |source| {
            source.within("wharf").is_some_and(|inside| inside.starts_with("blocking/"))
        },
        words: &["tokio", "async fn", "async move", ".await"],
        advice: "the blocking face needs no runtime: use std",
    },
    Never {
        place: |source| source.path.starts_with("crates/") && !is_a_face(source),
        words: &["pub use"],
        advice: "only lib.rs and the root of a public module re-export to the world: say `pub(crate) use`, or import from where it is defined",
    },
    Never { place: |_| true, words: &["todo!", "unimplemented!", "dbg!"], advice: "finish it" },
    Never {
        place: |_| true,
        words: &["#[ignore", "allow(dead_code"],
        advice: "a test that does not run and code that nobody calls are not kept",
    },
];

/// Public modules of `wharf`; all others are private, and the roof lists what of them is public.
const FACES: [&str; 5] =
    ["axum/mod.rs", "blocking/mod.rs", "hyper/mod.rs", "testing/mod.rs", "tower/mod.rs"];

fn is_a_face(source: &Source) -> bool {
    source.path.ends_with("/lib.rs")
        || source.within("wharf").is_some_and(|inside| FACES.contains(&inside))
}

/// Modules that `error.rs` of the core stands below.
const ABOVE_ERRORS: [&str; 3] = ["message", "frame", "connection"];

/// Checks one file.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings: Vec<Finding> = NEVERS
        .iter()
        .filter(|never| (never.place)(source))
        .flat_map(|never| never.check(source))
        .collect();
    findings.extend(errors_near_the_ground(source));
    findings
}

impl Never {
    fn check(&self, source: &Source) -> Vec<Finding> {
        let text = source.tokens();
        let mut findings = Vec::new();
        for words in self.words {
            let pattern: Vec<&str> = tokens(words).iter().map(|token| token.text).collect();
            let here = (0..text.len()).filter(|&at| starts_with(&text[at..], &pattern));
            let finding = |at: usize| {
                Finding::new(
                    &source.path,
                    text[at].line,
                    "never",
                    format!("`{words}`: {}", self.advice),
                )
            };
            findings.extend(here.map(finding));
        }
        findings
    }
}

fn errors_near_the_ground(source: &Source) -> Vec<Finding> {
    if source.within("wharf-proto") != Some("error.rs") {
        return Vec::new();
    }
    let production = source.production();
    let above = paths(&production).into_iter().filter(|path| match path.segments.as_slice() {
        ["crate" | "super", module, ..] => ABOVE_ERRORS.contains(module),
        _ => false,
    });
    let advice = "error.rs stands near the ground: name numbers and codes, not messages, frames or connections";
    above.map(|path| Finding::new(&source.path, path.line, "never", advice)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> usize {
        check(&Source::new(path, text)).len()
    }

    #[test]
    fn the_core_has_no_clock_socket_task_lock_or_log() {
        let core = "crates/wharf-proto/src/connection/mod.rs";
        for text in [
            "let now = std::time::Instant::now();",
            "use std::time::SystemTime;",
            "use std::net::TcpStream;",
            "tokio::spawn(x);",
            "async fn f() {}",
            "use std::sync::Mutex;",
            "tracing::debug!(\"x\");",
        ] {
            assert_eq!(findings(core, text), 1, "{text}");
            assert_eq!(findings("crates/wharf/src/socket/mod.rs", text), 0, "{text}");
        }
    }

    #[test]
    fn unsafe_stands_in_one_crate() {
        assert_eq!(findings("crates/wharf/src/a.rs", "unsafe { f() }"), 1);
        assert_eq!(findings("crates/wharf-bytes/src/text.rs", "unsafe { f() }"), 0);
        assert_eq!(findings("crates/wharf/src/a.rs", "#![forbid(unsafe_code)] // unsafe"), 0);
    }

    #[test]
    fn errors_stand_near_the_ground() {
        let error = "crates/wharf-proto/src/error.rs";
        assert_eq!(findings(error, "use crate::{close::CloseCode, message::types::Message};"), 1);
        assert_eq!(findings(error, "use crate::close::CloseCode;"), 0);
    }

    #[test]
    fn the_command_prints_in_one_file() {
        assert_eq!(findings("crates/wharf-cli/src/commands/serve.rs", "println!(\"x\");"), 1);
        assert_eq!(findings("crates/wharf-cli/src/printer.rs", "println!(\"x\");"), 0);
    }

    #[test]
    fn only_the_roof_re_exports_to_the_world() {
        assert_eq!(findings("crates/wharf/src/socket/mod.rs", "pub use a::A;"), 1);
        assert_eq!(findings("crates/wharf/src/socket/mod.rs", "pub(crate) use a::A;"), 0);
        assert_eq!(findings("crates/wharf/src/lib.rs", "pub use a::A;"), 0);
        assert_eq!(findings("crates/wharf/src/blocking/mod.rs", "pub use a::A;"), 0);
        assert_eq!(findings("crates/wharf/src/blocking/client/mod.rs", "pub use a::A;"), 1);
    }

    #[test]
    fn the_blocking_face_knows_no_runtime() {
        for text in ["use tokio::net::TcpStream;", "async fn f() {}", "f().await"] {
            assert_eq!(findings("crates/wharf/src/blocking/drive.rs", text), 1, "{text}");
            assert_eq!(findings("crates/wharf/src/socket/drive.rs", text), 0, "{text}");
        }
    }

    #[test]
    fn nothing_is_left_to_do() {
        assert_eq!(
            findings("crates/wharf/src/a.rs", "todo!(); unimplemented!(); dbg!(x); let todo = 1;"),
            3
        );
        assert_eq!(findings("crates/wharf/tests/a.rs", "#[ignore = \"slow\"] fn a() {}"), 1);
    }
}
