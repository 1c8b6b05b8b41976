//! `Retry-After` (RFC 9110 §10.2.3).

use http::{HeaderMap, header};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long a server asks us to wait; nothing if it names a time that has passed.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number has: for ever.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let then = UNIX_EPOCH.checked_add(parse_date(value)?)?;
    Some(then.duration_since(now).unwrap_or_default())
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7) as the time since 1970; the obsolete forms are nobody's.
fn parse_date(text: &str) -> Option<Duration> {
    let (_, rest) = text.split_once(", ")?;
    let mut words = rest.split(' ');
    let day = number(words.next()?, 2)?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|name| *name == month)?;
    let year = number(words.next()?, 4)?;
    let mut clock = words.next()?.split(':');
    let (hour, minute, second) =
        (number(clock.next()?, 2)?, number(clock.next()?, 2)?, number(clock.next()?, 2)?);
    if (words.next(), words.next(), clock.next()) != (Some("GMT"), None, None) {
        return None;
    }
    let fits = year >= 1970 && (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    let days = fits.then(|| days_before(year) + days_before_month(month, year) + day - 1)?;
    Some(Duration::from_secs(((days * 24 + hour) * 60 + minute) * 60 + second))
}

fn number(text: &str, digits: usize) -> Option<u64> {
    let fits = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

/// Days from 1970 to the first of January.
const fn days_before(year: u64) -> u64 {
    365 * (year - 1970) + leaps_until(year - 1) - leaps_until(1969)
}

fn days_before_month(month: usize, year: u64) -> u64 {
    const DAYS: [u64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let is_leap = leaps_until(year) > leaps_until(year - 1);
    DAYS[month] + u64::from(is_leap && month > 1)
}

/// Leap years up to this one.
const fn leaps_until(year: u64) -> u64 {
    year / 4 - year / 100 + year / 400
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn asked(value: &str, now: u64) -> Option<Duration> {
        let value = HeaderValue::from_str(value).unwrap();
        let headers = [(header::RETRY_AFTER, value)].into_iter().collect();
        retry_after(&headers, UNIX_EPOCH + Duration::from_secs(now))
    }

    /// RFC 9110 §10.2.3.
    #[test]
    fn a_delay_is_seconds_or_a_date() {
        assert_eq!(asked("120", 0), Some(Duration::from_secs(120)));
        assert_eq!(
            asked("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_770),
            Some(Duration::from_secs(7))
        );
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_778), Some(Duration::ZERO));
        assert_eq!(asked("99999999999999999999999", 0), Some(Duration::from_secs(u64::MAX)));
    }

    /// RFC 9110 §5.6.7: dates whose number of seconds is known.
    #[test]
    fn dates_are_counted_over_leap_years() {
        for (text, seconds) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Tue, 29 Feb 2000 00:00:00 GMT", 951_782_400),
            ("Wed, 01 Mar 2000 00:00:00 GMT", 951_868_800),
            ("Fri, 31 Dec 2100 23:59:59 GMT", 4_133_980_799),
        ] {
            assert_eq!(parse_date(text), Some(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn what_is_neither_is_nothing() {
        for value in [
            "",
            "-1",
            "+5",
            "1.5",
            "soon",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 32 Nov 1994 08:49:37 GMT",
            "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sun, 06 Nov 1969 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
        ] {
            assert_eq!(asked(value, 0), None, "{value:?}");
        }
    }
}
