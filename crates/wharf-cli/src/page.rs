//! The page that speaks to the echo: one document, nothing from elsewhere.

use base64::{Engine, prelude::BASE64_STANDARD};
use ring::digest::{SHA256, digest};

const DOCUMENT: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/page.js");

/// The document, with style and script in it.
pub(crate) fn html() -> String {
    DOCUMENT.replace("{{style}}", STYLE).replace("{{script}}", SCRIPT)
}

/// Nothing runs and nothing is loaded but what stands in the document; WebSockets may go anywhere.
pub(crate) fn content_security_policy() -> String {
    format!(
        "default-src 'none'; script-src {}; style-src {}; img-src data:; connect-src ws: wss:; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
        hash(SCRIPT),
        hash(STYLE)
    )
}

/// The source expression for an element with this text (CSP Level 3 §2.3.1).
fn hash(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(digest(&SHA256, text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::{SCRIPT, STYLE, hash, html};

    /// A browser hashes what stands between the tags; one newline more and nothing would run.
    #[test]
    fn style_and_script_stand_between_their_tags_to_the_letter() {
        assert!(html().contains(&format!("<style>{STYLE}</style>")));
        assert!(html().contains(&format!("<script>{SCRIPT}</script>")));
    }

    /// The page works on a machine without a network.
    #[test]
    fn the_page_loads_nothing_from_elsewhere() {
        for word in ["src=", "@import", "url(", "<link rel=\"stylesheet\"", "fetch("] {
            assert!(!html().contains(word), "{word}");
        }
    }

    /// Inline handlers and styles would need a policy that lets foreign ones run too.
    #[test]
    fn the_page_has_no_inline_handlers_and_styles() {
        for word in [" onclick=", " onload=", " onsubmit=", " style=", "innerHTML", "eval("] {
            assert!(!html().contains(word), "{word}");
        }
    }

    /// The SHA-256 of nothing, in Base64 (CSP Level 3 §2.3.1).
    #[test]
    fn a_hash_is_written_as_a_source_expression() {
        assert_eq!(hash(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
    }
}
