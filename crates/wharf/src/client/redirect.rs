//! Following redirects (RFC 9110 §15.4), if that was asked for.

use super::target::{Scheme, Target, UrlError};
use http::{Response, StatusCode, header};
use std::fmt;
use url::Url;

/// Whether redirects are followed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Redirects {
    /// They are refusals.
    #[default]
    Refused,
    /// So many of them, one after the other.
    Followed(u8),
}

/// Whom a request goes to, seen from the URL that the caller gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The origin of that URL.
    Named,
    /// Another one, or that one again after another one had its say: it gets no credentials.
    Stranger,
}

/// The way of one attempt along redirects.
#[derive(Debug)]
pub(crate) struct Trail {
    redirects: Redirects,
    followed: u8,
    visited: Vec<String>,
    standing: Standing,
}

impl Trail {
    pub(crate) fn new(redirects: Redirects, start: &Target) -> Self {
        let visited = vec![start.url()];
        Self { redirects, followed: 0, visited, standing: Standing::Named }
    }

    pub(crate) const fn standing(&self) -> Standing {
        self.standing
    }

    /// Where a refusal leads on to; `None` if it is to be reported.
    pub(crate) fn next<B>(
        &mut self,
        from: &Target,
        response: &Response<B>,
    ) -> Result<Option<Target>, RedirectError> {
        let Redirects::Followed(limit) = self.redirects else { return Ok(None) };
        if !is_redirect(response.status()) {
            return Ok(None);
        }
        let target = destination(from, response)?;
        let url = target.url();
        if from.scheme() == Scheme::Wss && target.scheme() == Scheme::Ws {
            return Err(RedirectError::Downgrade(url));
        }
        if self.visited.contains(&url) {
            return Err(RedirectError::Loop(url));
        }
        if self.followed == limit {
            return Err(RedirectError::TooMany(limit));
        }
        self.followed += 1;
        self.visited.push(url);
        if !target.has_origin_of(from) {
            self.standing = Standing::Stranger;
        }
        Ok(Some(target))
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn destination<B>(from: &Target, response: &Response<B>) -> Result<Target, RedirectError> {
    let mut locations = response.headers().get_all(header::LOCATION).iter();
    let (Some(location), None) = (locations.next(), locations.next()) else {
        return Err(RedirectError::NoLocation);
    };
    let location = location.to_str().map_err(|_| RedirectError::Location(UrlError::Malformed))?;
    let resolved = Url::parse(&from.url()).and_then(|base| base.join(location));
    let resolved =
        resolved.map_err(|error| RedirectError::Location(UrlError::from_parse(error)))?;
    // RFC 9110 §4.2.4: a stranger that puts a user name before a host wants to deceive.
    if !resolved.username().is_empty() || resolved.password().is_some() {
        return Err(RedirectError::UserInfo);
    }
    Target::parse(resolved.as_str()).map_err(RedirectError::Location)
}

/// A redirect that is not followed, although redirects are: the server's mistake, or a guard of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedirectError {
    /// It leads from `wss` to `ws`: what was to be secret would not be.
    Downgrade(String),
    /// Its `Location` leads to no WebSocket.
    Location(UrlError),
    /// It leads to a URL that was asked already.
    Loop(String),
    /// It has no `Location`, or several (RFC 9110 §10.2.2).
    NoLocation,
    /// It is one more than the limit of
    /// [`ClientBuilder::follow_redirects`](crate::ClientBuilder::follow_redirects).
    TooMany(u8),
    /// Its `Location` has a user name or a password (RFC 9110 §4.2.4).
    UserInfo,
}

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Downgrade(url) => {
                write!(f, "it leads from wss to {url:?}, which is not secured")
            }
            Self::Location(error) => write!(f, "its Location cannot be used: {error}"),
            Self::Loop(url) => write!(f, "it leads back to {url:?}, which was asked already"),
            Self::NoLocation => f.write_str("it has no Location, or several (RFC 9110 §10.2.2)"),
            Self::TooMany(limit) => {
                write!(f, "it is one more than the {limit} that are followed (follow_redirects)")
            }
            Self::UserInfo => {
                f.write_str("its Location has a user name or a password (RFC 9110 §4.2.4)")
            }
        }
    }
}

impl std::error::Error for RedirectError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str) -> Target {
        Target::parse(url).unwrap()
    }

    fn redirect(status: u16, locations: &[&str]) -> Response<()> {
        let response = Response::builder().status(status);
        let add = |response: http::response::Builder, location: &&str| {
            response.header(header::LOCATION, *location)
        };
        locations.iter().fold(response, add).body(()).unwrap()
    }

    fn step(from: &str, location: &str) -> Result<(String, Standing), RedirectError> {
        let from = target(from);
        let mut trail = Trail::new(Redirects::Followed(5), &from);
        let next = trail.next(&from, &redirect(302, &[location]))?;
        Ok((next.expect("it is a redirect").url(), trail.standing()))
    }

    /// RFC 9110 §10.2.2, §15.4.
    #[test]
    fn a_location_is_resolved_against_the_url_that_was_asked() {
        for (location, url) in [
            ("/b", "ws://h/b"),
            ("c?d", "ws://h/a/c?d"),
            ("?e", "ws://h/a/x?e"),
            ("ws://H:80/b", "ws://h/b"),
            ("http://h/b", "ws://h/b"),
            ("//h/b", "ws://h/b"),
        ] {
            assert_eq!(
                step("ws://h/a/x", location),
                Ok((url.into(), Standing::Named)),
                "{location}"
            );
        }
    }

    /// Checklist 21.
    #[test]
    fn another_origin_is_a_stranger() {
        for (from, location) in [
            ("ws://h/", "ws://other/"),
            ("ws://h/", "ws://a.h/"),
            ("ws://h/", "ws://h:81/"),
            ("ws://h/", "wss://h/"),
            ("wss://h/", "https://h:444/"),
        ] {
            assert_eq!(step(from, location).unwrap().1, Standing::Stranger, "{location}");
        }
    }

    /// Checklist 21: who comes back from elsewhere was sent by elsewhere.
    #[test]
    fn a_stranger_remains_one_even_on_the_way_back() {
        let (home, away) = (target("ws://h/"), target("ws://other/"));
        let mut trail = Trail::new(Redirects::Followed(5), &home);
        trail.next(&home, &redirect(302, &["ws://other/"])).unwrap();
        trail.next(&away, &redirect(302, &["ws://h/back"])).unwrap();
        assert_eq!(trail.standing(), Standing::Stranger);
    }

    /// Checklist 21.
    #[test]
    fn what_was_secured_remains_secured() {
        let error = step("wss://h/", "ws://h/").unwrap_err();
        assert_eq!(error, RedirectError::Downgrade("ws://h/".into()));
        assert!(step("wss://h/", "http://h/").is_err());
        assert!(step("ws://h/", "ws://h/a").is_ok());
    }

    #[test]
    fn a_circle_is_found_and_a_chain_ends_at_the_limit() {
        assert_eq!(step("ws://h/", "/"), Err(RedirectError::Loop("ws://h/".into())));
        let (a, b) = (target("ws://h/a"), target("ws://h/b"));
        let mut trail = Trail::new(Redirects::Followed(1), &a);
        assert!(trail.next(&a, &redirect(307, &["b"])).unwrap().is_some());
        assert_eq!(
            trail.next(&b, &redirect(307, &["a"])),
            Err(RedirectError::Loop("ws://h/a".into()))
        );
        assert_eq!(trail.next(&b, &redirect(307, &["c"])), Err(RedirectError::TooMany(1)));
    }

    /// RFC 9110 §10.2.2, §4.2.4.
    #[test]
    fn a_location_that_leads_nowhere_is_an_error() {
        let from = target("ws://h/");
        let mut trail = Trail::new(Redirects::Followed(5), &from);
        for locations in [&[][..], &["/a", "/b"]] {
            let error = trail.next(&from, &redirect(301, locations)).unwrap_err();
            assert_eq!(error, RedirectError::NoLocation);
        }
        assert_eq!(step("ws://h/", "/a#b"), Err(RedirectError::Location(UrlError::Fragment)));
        assert_eq!(step("ws://h/", "ws://u:p@h/a"), Err(RedirectError::UserInfo));
        let ftp = RedirectError::Location(UrlError::Scheme("ftp".into()));
        assert_eq!(step("ws://h/", "ftp://h/"), Err(ftp));
    }

    #[test]
    fn other_statuses_are_no_redirects_and_redirects_are_opt_in() {
        let from = target("ws://h/");
        for status in [200, 300, 304, 305, 306, 404] {
            let mut trail = Trail::new(Redirects::Followed(5), &from);
            assert_eq!(trail.next(&from, &redirect(status, &["/a"])), Ok(None), "{status}");
        }
        let mut trail = Trail::new(Redirects::default(), &from);
        assert_eq!(trail.next(&from, &redirect(302, &["/a"])), Ok(None));
    }
}
