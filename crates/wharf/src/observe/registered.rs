//! Close codes as labels: a peer may send three thousand of them.

/// A registered code by its number, any other by its class (RFC 6455 §7.4.2; the registry of close codes).
pub(super) const fn label(code: u16) -> &'static str {
    match code {
        1000 => "1000",
        1001 => "1001",
        1002 => "1002",
        1003 => "1003",
        1005 => "1005",
        1006 => "1006",
        1007 => "1007",
        1008 => "1008",
        1009 => "1009",
        1010 => "1010",
        1011 => "1011",
        1012 => "1012",
        1013 => "1013",
        1014 => "1014",
        3000 => "3000",
        3003 => "3003",
        3008 => "3008",
        _ => class(code),
    }
}

const fn class(code: u16) -> &'static str {
    match code {
        0..3000 => "1xxx",
        3000..4000 => "3xxx",
        _ => "4xxx",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_peer_cannot_invent_labels() {
        let labels: HashSet<_> = (0..=u16::MAX).map(label).collect();
        assert_eq!(labels.len(), 20);
        assert_eq!((label(1001), label(3001), label(4242)), ("1001", "3xxx", "4xxx"));
    }
}
