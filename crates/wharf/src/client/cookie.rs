//! Cookies that the caller gives (RFC 6265 §4.2).

use http::{HeaderName, HeaderValue, header};

/// Adds a pair to the one `Cookie` of a request (RFC 6265 §5.4); `None` if no cookie can be like that.
pub(crate) fn add(
    headers: &mut Vec<(HeaderName, HeaderValue)>,
    name: &str,
    value: &str,
) -> Option<()> {
    if HeaderName::from_bytes(name.as_bytes()).is_err() || !is_value(value) {
        return None;
    }
    let existing = headers.iter_mut().find(|(name, _)| name == header::COOKIE);
    let mut pair = match &existing {
        Some((_, cookies)) => [cookies.as_bytes(), b"; "].concat(),
        None => Vec::new(),
    };
    pair.extend_from_slice(format!("{name}={value}").as_bytes());
    let mut cookies = HeaderValue::from_bytes(&pair).ok()?;
    cookies.set_sensitive(true);
    match existing {
        Some((_, existing)) => *existing = cookies,
        None => headers.push((header::COOKIE, cookies)),
    }
    Some(())
}

/// RFC 6265 §4.1.1: cookie octets, in quotes or not.
fn is_value(value: &str) -> bool {
    let inner = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    inner
        .unwrap_or(value)
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(pairs: &[(&str, &str)]) -> Option<String> {
        let mut headers = Vec::new();
        for (name, value) in pairs {
            add(&mut headers, name, value)?;
        }
        assert_eq!(headers.len(), 1);
        assert!(headers[0].1.is_sensitive());
        Some(headers[0].1.to_str().unwrap().to_owned())
    }

    /// RFC 6265 §5.4.
    #[test]
    fn all_cookies_stand_in_one_header() {
        let told = cookies(&[("SID", "31d4d96e407aad42"), ("Lang", "\"en\""), ("e", "")]);
        assert_eq!(told.as_deref(), Some("SID=31d4d96e407aad42; Lang=\"en\"; e="));
    }

    /// RFC 6265 §4.1.1.
    #[test]
    fn what_would_be_read_as_something_else_is_refused() {
        for (name, value) in [
            ("", "x"),
            ("a b", "x"),
            ("a=b", "x"),
            ("a", "x; admin=1"),
            ("a", "x y"),
            ("a", "x\r\nb: c"),
            ("a", "\"x"),
            ("a", "\u{e9}"),
        ] {
            assert_eq!(cookies(&[(name, value)]), None, "{name:?} {value:?}");
        }
    }
}
