//! JSON, as much as an event needs.

use crate::sanitize::is_unsafe;
use std::fmt::Write as _;

/// One object, built field by field.
#[derive(Debug)]
pub(crate) struct Object(String);

impl Object {
    /// An object whose first field tells what it is about.
    pub(crate) fn event(name: &str) -> Self {
        Self(String::from("{")).string("event", name)
    }

    /// A field with a text.
    pub(crate) fn string(mut self, name: &str, value: &str) -> Self {
        self.name(name);
        quote(&mut self.0, value);
        self
    }

    /// A field with a text, or null.
    pub(crate) fn optional(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.string(name, value),
            None => self.literal(name, "null"),
        }
    }

    /// A field with a number or a truth value.
    pub(crate) fn literal(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.name(name);
        // Writing to a String cannot fail.
        let _ = write!(self.0, "{value}");
        self
    }

    /// The object on one line, without a newline.
    pub(crate) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }

    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        quote(&mut self.0, name);
        self.0.push(':');
    }
}

/// A string of JSON (RFC 8259 §7). Whatever is unsafe on a terminal is escaped too, although JSON allows some of
/// it: a file of events may be looked at with `cat`.
fn quote(into: &mut String, text: &str) {
    into.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => into.extend(['\\', c]),
            '\n' => into.push_str("\\n"),
            '\r' => into.push_str("\\r"),
            '\t' => into.push_str("\\t"),
            c if is_unsafe(c) => escape(into, c),
            c => into.push(c),
        }
    }
    into.push('"');
}

fn escape(into: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        // Writing to a String cannot fail.
        let _ = write!(into, "\\u{unit:04x}");
    }
}

#[cfg(test)]
mod tests {
    use super::Object;

    /// Any text comes back from a reader of JSON as it was, and nothing raw reaches a terminal. checklist 147
    #[test]
    fn strings_survive_a_reader_and_hold_no_control_character() {
        let every: String = (0..=0x1_ffff).filter_map(char::from_u32).collect();
        let line = Object::event("message").string("data", &every).finish();
        assert!(!line.chars().any(char::is_control));
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["data"], every);
    }

    /// Fields keep their order, and an absent one is null.
    #[test]
    fn an_event_is_one_line() {
        let line = Object::event("open").optional("subprotocol", None).literal("ms", 3).finish();
        assert_eq!(line, r#"{"event":"open","subprotocol":null,"ms":3}"#);
    }
}
