//! No type of a stranger stands in a public signature: who uses wharf must not follow the releases of what it is built on.

/// Crates and parts of crates that may, and why.
const ALLOWED: [&str; 18] = [
    // The language's, and what is implemented for its own types.
    "alloc::",
    "core::",
    "std::",
    "str::",
    "u16::",
    // Ours.
    "wharf::",
    "wharf_bytes::",
    "wharf_proto::",
    // The vocabulary of the field, at 1.0.
    "bytes::",
    "http::",
    // Byte streams, and the listeners that a server is given.
    "tokio::io::",
    "tokio::net::",
    // Traits whose combinators people use.
    "futures_core::stream::",
    "futures_sink::",
    // Configuration that the caller brings: `from_rustls`, `from_config`.
    "rustls::",
    // What an extractor and a layer are, in their features.
    "axum_core::",
    "tower_layer::Layer",
    "tower_service::Service",
];

/// Complains of each path that leads elsewhere.
pub(super) fn check(package: &str, listing: &[String]) -> Vec<String> {
    let strangers = |line: &String| {
        let foreign: Vec<&str> = paths(line).into_iter().filter(|path| !is_allowed(path)).collect();
        let complaint = |path| {
            format!(
                "{package}: {path} is a stranger's: hide it, or allow it in xtask's foreign.rs\n    {line}"
            )
        };
        foreign.into_iter().map(complaint).collect::<Vec<_>>()
    };
    listing.iter().flat_map(strangers).collect()
}

fn is_allowed(path: &str) -> bool {
    ALLOWED.iter().any(|allowed| path.starts_with(allowed))
}

/// The paths in a line that begin with the name of a crate: `a::b::C`, but not the `::D` of `<X as a::B>::D`.
fn paths(line: &str) -> Vec<&str> {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let words = line.split(|c: char| !part(c));
    words
        .filter(|word| word.contains("::") && word.starts_with(|c: char| c.is_lowercase()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(line: &str) -> usize {
        check("wharf", &[line.to_owned()]).len()
    }

    #[test]
    fn a_stranger_is_found_wherever_it_stands() {
        assert_eq!(complaints("pub fn wharf::a(url::Url) -> u8"), 1);
        assert_eq!(complaints("impl hyper::rt::Read for wharf::A"), 1);
        assert_eq!(complaints("pub fn wharf::a<T>() where T: core::convert::From<url::Url>"), 1);
        assert_eq!(complaints("pub fn wharf::a(tokio::sync::mpsc::Sender<u8>)"), 1);
    }

    #[test]
    fn the_vocabulary_is_allowed() {
        assert_eq!(
            complaints("pub fn wharf::a<T>(&mut T, http::uri::Uri) where T: tokio::io::AsyncRead"),
            0
        );
        assert_eq!(complaints("pub type wharf::A::B = <T as core::ops::Deref>::Target"), 0);
        assert_eq!(complaints("pub fn wharf::A::poll(Self::Item) -> T::Item"), 0);
    }
}
