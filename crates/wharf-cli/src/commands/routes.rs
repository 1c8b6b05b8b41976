//! What stands at which path of `wharf serve`.

use crate::page;
use http::{
    HeaderName, HeaderValue, Method, Request, Response, StatusCode,
    header::{self, ALLOW, CACHE_CONTROL, CONTENT_TYPE, UPGRADE},
};
use wharf::{Bytes, CloseCode, CloseReason};

/// What a WebSocket at a path is for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// `/` and `/echo`.
    Echo,
    /// `/close?code=4001&reason=bye`.
    Close(CloseReason),
    /// `/close` with something that cannot be sent.
    BadClose(String),
    /// Anything else.
    Nowhere,
}

/// Where a request for a WebSocket leads.
pub(crate) fn route(path: &str, query: Option<&str>) -> Route {
    match path {
        "/" | "/echo" => Route::Echo,
        "/close" => close(query.unwrap_or_default()),
        _ => Route::Nowhere,
    }
}

fn close(query: &str) -> Route {
    let (mut code, mut reason) = (CloseCode::NORMAL, String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "code" => match value.parse().ok().and_then(CloseCode::new) {
                Some(sent) => code = sent,
                None => return Route::BadClose("no Close frame may carry this code".to_owned()),
            },
            "reason" => reason = value.into_owned(),
            _ => return Route::BadClose("the parameters are code and reason".to_owned()),
        }
    }
    CloseReason::new(code, reason)
        .map_or_else(|error| Route::BadClose(error.to_string()), Route::Close)
}

/// Answers requests that are not for a WebSocket.
#[derive(Debug)]
pub(crate) struct Site {
    page: Response<Bytes>,
}

impl Site {
    /// Puts the page together, once.
    pub(crate) fn new() -> Self {
        let mut page = text(StatusCode::OK, page::html());
        let policy = HeaderValue::try_from(page::content_security_policy());
        for (name, value) in [
            (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            (header::CONTENT_SECURITY_POLICY, policy.expect("a policy is ASCII")),
            (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
            // Isolated pages have a clock of 5 µs (High Resolution Time §10.1): the round trip is short.
            isolation("cross-origin-opener-policy", "same-origin"),
            isolation("cross-origin-embedder-policy", "require-corp"),
        ] {
            page.headers_mut().insert(name, value);
        }
        Self { page }
    }

    /// The answer.
    pub(crate) fn answer(&self, request: &Request<()>) -> Response<Bytes> {
        let readable = [Method::GET, Method::HEAD].contains(request.method());
        match request.uri().path() {
            "/" if readable => self.page.clone(),
            "/" => with(text(StatusCode::METHOD_NOT_ALLOWED, "GET only\n"), ALLOW, "GET, HEAD"),
            "/echo" | "/close" => {
                let hint =
                    "This is a WebSocket: connect with ws:// or wss://, or open / in a browser\n";
                with(text(StatusCode::UPGRADE_REQUIRED, hint), UPGRADE, "websocket")
            }
            _ => not_found(),
        }
    }
}

/// The answer to whatever has no route.
pub(crate) fn not_found() -> Response<Bytes> {
    text(StatusCode::NOT_FOUND, "Nothing is here; / and /echo are\n")
}

/// An answer in plain text.
pub(crate) fn text(status: StatusCode, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().extend([
        (CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ]);
    response
}

fn with(mut response: Response<Bytes>, name: HeaderName, value: &'static str) -> Response<Bytes> {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}

fn isolation(name: &'static str, value: &'static str) -> (HeaderName, HeaderValue) {
    (HeaderName::from_static(name), HeaderValue::from_static(value))
}

#[cfg(test)]
mod tests {
    use super::{Route, Site, route};
    use http::{Method, Request};
    use wharf::{CloseCode, CloseReason};

    /// People type `ws://host:port` and testers do too: both paths echo, no other.
    #[test]
    fn the_root_and_echo_echo() {
        assert_eq!(route("/", None), Route::Echo);
        assert_eq!(route("/echo", Some("x=1")), Route::Echo);
        for path in ["/echo/", "/Echo", "//", "/chat", "*"] {
            assert_eq!(route(path, None), Route::Nowhere, "{path}");
        }
    }

    /// A test of the other side chooses code and reason.
    #[test]
    fn close_takes_code_and_reason_from_the_query() {
        let asked = CloseReason::new(CloseCode::new(4001).unwrap(), "good bye").unwrap();
        assert_eq!(route("/close", Some("code=4001&reason=good%20bye")), Route::Close(asked));
        assert_eq!(route("/close", None), Route::Close(CloseCode::NORMAL.into()));
    }

    /// RFC 6455 §7.4.1, §5.5: what no Close frame can carry is refused before the upgrade.
    #[test]
    fn close_refuses_what_no_frame_can_carry() {
        let long = format!("reason={}", "x".repeat(124));
        for query in ["code=1006", "code=999", "code=", "code=x", "colour=red", &long] {
            assert!(matches!(route("/close", Some(query)), Route::BadClose(_)), "{query}");
        }
    }

    fn status(method: Method, path: &str) -> u16 {
        let request = Request::builder().method(method).uri(path).body(()).unwrap();
        Site::new().answer(&request).status().as_u16()
    }

    /// A browser that reads two types may believe the wrong one.
    #[test]
    fn the_page_has_one_type() {
        let page = Site::new().answer(&Request::get("/").body(()).unwrap());
        let types: Vec<_> = page.headers().get_all("content-type").iter().collect();
        assert_eq!(types, ["text/html; charset=utf-8"]);
    }

    /// RFC 9110 §15: each request gets the status that says what is wrong with it.
    #[test]
    fn plain_requests_get_proper_answers() {
        assert_eq!(status(Method::GET, "/"), 200);
        assert_eq!(status(Method::HEAD, "/?x"), 200);
        assert_eq!(status(Method::POST, "/"), 405);
        assert_eq!(status(Method::GET, "/echo"), 426);
        assert_eq!(status(Method::GET, "/favicon.ico"), 404);
    }
}
