//! Sizes, durations, headers and other values as they are written on a command line.

use clap::ValueEnum;
use http::{HeaderName, HeaderValue};
use std::{num::NonZeroU64, time::Duration};
use wharf::Proxy;

/// Bytes: `1048576`, `512K`, `16M`, `1G`; the units are powers of 1,024.
pub(crate) fn size(text: &str) -> Result<usize, String> {
    let (digits, unit) = split_unit(text);
    let shift = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kib" => 10,
        "m" | "mib" => 20,
        "g" | "gib" => 30,
        _ => return Err(format!("unknown unit {unit:?}; write 4096, 512K, 16M or 1G")),
    };
    let count: usize = digits.parse().map_err(|_| "write 4096, 512K, 16M or 1G".to_owned())?;
    count.checked_mul(1 << shift).ok_or_else(|| "more than this machine can address".to_owned())
}

/// Bytes in a second: at least one.
pub(crate) fn rate(text: &str) -> Result<NonZeroU64, String> {
    let count = u64::try_from(size(text)?).ok().and_then(NonZeroU64::new);
    count.ok_or_else(|| {
        "with 0 nothing could ever be sent; leave the flag out for no limit".to_owned()
    })
}

/// A time: `250ms`, `10s`, `1.5s`, `2m`, `1h`; a bare number is seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let (digits, unit) = split_unit(text);
    let seconds = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err(format!("unknown unit {unit:?}; write 250ms, 10s, 2m or 1h")),
    };
    let count: f64 = digits.parse().map_err(|_| "write 250ms, 10s, 2m or 1h".to_owned())?;
    Duration::try_from_secs_f64(count * seconds).map_err(|error| error.to_string())
}

fn split_unit(text: &str) -> (&str, &str) {
    let unit = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    (&text[..unit], text[unit..].trim())
}

/// How long to listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// This long.
    For(Duration),
    /// Until the peer closes.
    Forever,
}

/// A time, or `forever`.
pub(crate) fn patience(text: &str) -> Result<Patience, String> {
    match text {
        "forever" => Ok(Patience::Forever),
        text => duration(text).map(Patience::For).map_err(|error| format!("{error}; or `forever`")),
    }
}

/// Where the proxy is named.
#[derive(Debug, Clone)]
pub(crate) enum Via {
    /// On the command line.
    Given(Proxy),
    /// In the environment.
    Environment,
}

/// The URL of a proxy, or `env`.
pub(crate) fn proxy(text: &str) -> Result<Via, String> {
    match text {
        "env" => Ok(Via::Environment),
        text => Proxy::new(text).map(Via::Given).map_err(|error| error.to_string()),
    }
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On terminals, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// `Name: value`.
pub(crate) fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text.split_once(':').ok_or("write it as 'Name: value'")?;
    let name = name.trim().parse().map_err(|_| format!("{name:?} is no name of a header"))?;
    let value = value.trim().parse().map_err(|_| format!("{value:?} may not stand in a header"))?;
    Ok((name, value))
}

/// `name=value`; what may stand in them is the library's affair.
pub(crate) fn cookie(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as 'name=value'")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Patience, Via, cookie, duration, header, patience, proxy, rate, size};
    use std::{num::NonZeroU64, time::Duration};

    /// Units are powers of 1,024, in any case.
    #[test]
    fn sizes_have_units() {
        assert_eq!(size("0"), Ok(0));
        assert_eq!(size("512K"), Ok(512 << 10));
        assert_eq!(size("16m"), Ok(16 << 20));
        assert_eq!(size("1 GiB"), Ok(1 << 30));
    }

    /// A rate of nothing is a mistake.
    #[test]
    fn rates_are_sizes_and_not_zero() {
        assert_eq!(rate("256K").map(NonZeroU64::get), Ok(256 << 10));
        assert!(rate("0").unwrap_err().contains("leave the flag out"));
    }

    /// What cannot be meant is refused, not rounded.
    #[test]
    fn odd_sizes_are_refused() {
        for text in ["", "M", "-1", "1.5M", "16X", "99999999999G"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    /// A bare number is seconds.
    #[test]
    fn durations_have_units() {
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duration("1.5"), Ok(Duration::from_millis(1500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("1h"), Ok(Duration::from_secs(3600)));
    }

    /// What cannot be meant is refused, and nothing panics on a number out of range.
    #[test]
    fn odd_durations_are_refused() {
        let long = format!("{}h", "9".repeat(400));
        for text in ["", "s", "-1s", "10x", "1..2s", &long] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    /// Listening may have no end.
    #[test]
    fn patience_may_be_endless() {
        assert_eq!(patience("forever"), Ok(Patience::Forever));
        assert_eq!(patience("0s"), Ok(Patience::For(Duration::ZERO)));
        assert!(patience("never").is_err());
    }

    /// A value may hold colons; a name may not hold a space; neither may hold a line break (RFC 9110 §5).
    #[test]
    fn headers_are_name_and_value() {
        let (name, value) = header("X-Time: 12:30").unwrap();
        assert_eq!((name.as_str(), value.as_bytes()), ("x-time", b"12:30".as_slice()));
        for text in ["no colon", "bad name: x", ": x", "x: a\r\nInjected: b"] {
            assert!(header(text).is_err(), "{text}");
        }
    }

    /// A value may hold what looks like the end of a name.
    #[test]
    fn cookies_are_name_and_value() {
        assert_eq!(cookie("sid = 1=2"), Ok(("sid".into(), "1=2".into())));
        assert!(cookie("sid").is_err());
    }

    /// A proxy is named here or in the environment; what is neither is said why.
    #[test]
    fn a_proxy_is_a_url_or_the_environments() {
        assert!(matches!(proxy("env"), Ok(Via::Environment)));
        assert!(matches!(proxy("socks5h://u:p@127.0.0.1"), Ok(Via::Given(_))));
        assert!(proxy("gopher://h").unwrap_err().contains("gopher"));
    }
}
