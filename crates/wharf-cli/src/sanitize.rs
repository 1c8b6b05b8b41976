//! A stranger's text, made safe for a terminal (checklist 147).

use std::{borrow::Cow, fmt::Write as _};

/// What a text may do to the lines of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    /// Stay on one: newlines are escaped as well.
    One,
    /// Take several: a newline stays, and what follows it is indented so that it cannot pass for a line of ours.
    Many,
}

/// `text` without anything that a terminal obeys or that hides what is read: control characters and with them
/// every escape sequence, directional marks, invisible separators. They are shown as `\u{1b}`; a tab stays.
pub(crate) fn sanitize(text: &str, lines: Lines) -> Cow<'_, str> {
    if !text.chars().any(|c| is_unsafe(c) || c == '\n') {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' if lines == Lines::Many => safe.push_str("\n  "),
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            // Writing to a String cannot fail.
            c if is_unsafe(c) => drop(write!(safe, "{}", c.escape_unicode())),
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

/// The same for bytes that should be text, such as the value of a header: what is not UTF-8 shows as `\xff`.
pub(crate) fn sanitize_bytes(bytes: &[u8]) -> String {
    bytes.utf8_chunks().fold(String::new(), |mut safe, chunk| {
        safe.push_str(&sanitize(chunk.valid(), Lines::One));
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(safe, "\\x{byte:02x}");
        }
        safe
    })
}

/// Whether a terminal obeys `c`, or hides what it does.
pub(crate) fn is_unsafe(c: char) -> bool {
    match c {
        '\t' | '\n' => false,
        // Marks, embeddings, overrides and isolates of direction (UAX #9).
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            true
        }
        // Zero-width space and joiner of words, separators of lines, the old invisible operators, tags.
        '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2065}' | '\u{feff}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        c => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, sanitize, sanitize_bytes};
    use std::borrow::Cow;

    /// Ordinary text, with its accents, scripts and emoji, is printed as it came. checklist 147
    #[test]
    fn ordinary_text_is_untouched() {
        let text = "naïve\tdéjà vu – 日本語 עברית 👩‍🚀";
        assert!(matches!(sanitize(text, Lines::One), Cow::Borrowed(same) if same == text));
    }

    /// A message cannot colour, move, retitle or ring the terminal. checklist 147
    #[test]
    fn escape_sequences_are_shown_not_obeyed() {
        assert_eq!(
            sanitize("\x1b[2J\x1b]0;owned\x07", Lines::Many),
            r"\u{1b}[2J\u{1b}]0;owned\u{7}"
        );
        assert_eq!(sanitize("\u{9b}31mred\x7f\0", Lines::Many), r"\u{9b}31mred\u{7f}\u{0}");
    }

    /// A message cannot be read in another order than it was written. checklist 147
    #[test]
    fn directional_marks_are_shown() {
        assert_eq!(sanitize("abc\u{202e}fed\u{2066}", Lines::Many), r"abc\u{202e}fed\u{2066}");
    }

    /// A message of several lines cannot forge a line of ours. checklist 147
    #[test]
    fn later_lines_are_indented_or_escaped() {
        assert_eq!(sanitize("a\nclosed 1000", Lines::Many), "a\n  closed 1000");
        assert_eq!(sanitize("a\r\nclosed 1000", Lines::One), r"a\r\nclosed 1000");
    }

    /// Header values may hold any byte above 0x7f (RFC 9110 §5.5). checklist 147
    #[test]
    fn bytes_that_are_not_text_are_shown_in_hex() {
        assert_eq!(sanitize_bytes(b"caf\xe9 \x1b[0m"), r"caf\xe9 \u{1b}[0m");
    }

    /// Whatever comes, nothing that a terminal obeys comes out. checklist 147
    #[test]
    fn no_control_character_survives() {
        let every: String = (0..=0x2_ffff).filter_map(char::from_u32).collect();
        let safe = sanitize(&every, Lines::One);
        assert!(safe.chars().all(|c| c == '\t' || !c.is_control()));
    }
}
