//! A user name and a password, as URLs carry them and as servers ask for them.

use base64::{Engine, prelude::BASE64_STANDARD};
use http::HeaderValue;
use std::fmt;
use url::Url;

/// A user name and a password.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    user: Vec<u8>,
    password: Vec<u8>,
}

impl Credentials {
    pub(crate) fn new(user: impl Into<Vec<u8>>, password: impl Into<Vec<u8>>) -> Self {
        Self { user: user.into(), password: password.into() }
    }

    /// What a URL carries, if it carries anything.
    pub(crate) fn of_url(url: &Url) -> Option<Self> {
        let (user, password) = (url.username(), url.password());
        let present = !user.is_empty() || password.is_some();
        present.then(|| Self::new(decode(user), decode(password.unwrap_or_default())))
    }

    /// `Basic …`, kept out of logs (RFC 7617 §2). `None` if the user name has a colon, or one of both a
    /// control character: these cannot be said so.
    pub(crate) fn basic(&self) -> Option<HeaderValue> {
        let fits = |text: &[u8]| !text.iter().any(u8::is_ascii_control);
        if self.user.contains(&b':') || !fits(&self.user) || !fits(&self.password) {
            return None;
        }
        let pair = [&self.user, b":".as_slice(), &self.password].concat();
        let mut value = HeaderValue::try_from(format!("Basic {}", BASE64_STANDARD.encode(pair)));
        value.iter_mut().for_each(|value| value.set_sensitive(true));
        value.ok()
    }

    pub(crate) fn user(&self) -> &[u8] {
        &self.user
    }

    pub(crate) fn password(&self) -> &[u8] {
        &self.password
    }
}

/// Neither may reach a log.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// Percent-decoded (RFC 3986 §2.1); what only looks like an escape stays as it is.
fn decode(text: &str) -> Vec<u8> {
    let mut rest = text.as_bytes();
    let mut decoded = Vec::with_capacity(rest.len());
    while let Some((&first, after)) = rest.split_first() {
        match escaped(rest) {
            Some(byte) => {
                decoded.push(byte);
                rest = &rest[3..];
            }
            None => {
                decoded.push(first);
                rest = after;
            }
        }
    }
    decoded
}

fn escaped(text: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = *text else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str) -> Option<Credentials> {
        Credentials::of_url(&Url::parse(url).unwrap())
    }

    /// RFC 7617 §2: its own example.
    #[test]
    fn the_pair_is_spelled_as_the_rfc_spells_it() {
        let credentials = of("ws://Aladdin:open%20sesame@h/").unwrap();
        assert_eq!(credentials.basic().unwrap(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }

    /// RFC 3986 §2.1.
    #[test]
    fn escapes_are_decoded_once() {
        let credentials = of("ws://a%2540:%3A%c3%A9%2@h/").unwrap();
        assert_eq!(credentials.user(), b"a%40");
        assert_eq!(credentials.password(), ":\u{e9}%2".as_bytes());
    }

    #[test]
    fn one_of_both_is_enough() {
        assert_eq!(of("ws://u@h/").unwrap(), Credentials::new("u", ""));
        assert_eq!(of("ws://:p@h/").unwrap(), Credentials::new("", "p"));
        assert_eq!(of("ws://h/"), None);
        assert_eq!(of("ws://@h/"), None);
    }

    /// RFC 7617 §2.
    #[test]
    fn what_the_scheme_cannot_say_is_not_said() {
        assert_eq!(Credentials::new("a:b", "c").basic(), None);
        assert_eq!(Credentials::new("a", "b\nc").basic(), None);
        assert_eq!(Credentials::new("a\0", "b").basic(), None);
    }

    #[test]
    fn secrets_stay_out_of_debug_output() {
        let credentials = Credentials::new("alice", "hush");
        let shown = format!("{credentials:?} {:?}", credentials.basic());
        assert!(!shown.contains("hush") && !shown.contains("alice") && !shown.contains("Basic"));
    }
}
