//! What happened on a connection, as text for whoever reads it.

use crate::{
    hex,
    json::Object,
    printer::{Paint, Surface},
    sanitize::{Lines, sanitize},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use std::time::Duration;

/// Something that happened.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Report<'a> {
    /// The handshake is over.
    Open { url: &'a str, subprotocol: Option<&'a str>, extensions: &'a str },
    /// A text message.
    Text(&'a str),
    /// A binary message.
    Binary(&'a [u8]),
    /// A ping from the peer.
    Ping(&'a [u8]),
    /// A pong from the peer.
    Pong(&'a [u8]),
    /// A pong to one of our pings.
    RoundTrip(Duration),
    /// The end.
    Closed { code: u16, reason: &'a str, by: &'a str, manner: Manner },
}

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// With a closing handshake.
    Clean,
    /// Without.
    Unclean,
}

/// How messages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// For a person: safe, binary as a dump.
    Person(Paint),
    /// For a program: text as lines, binary as it came.
    Raw,
    /// For a program: text as lines, binary as lines of hexadecimal digits.
    Hex,
    /// For a program: each event an object on a line.
    Json,
}

/// Whether events are printed as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Json {
    /// They are.
    Events,
    /// Messages are printed as they come.
    Off,
}

/// Whether pings and pongs are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Control {
    /// They are.
    Shown,
    /// They are not.
    Hidden,
}

/// How lines of input are meant, and messages printed where a program reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Lines are text.
    Text,
    /// Lines are hexadecimal digits.
    Hex,
}

impl Shape {
    /// How to print where stdout leads to `surface`.
    pub(crate) const fn new(form: Form, json: Json, surface: Surface, paint: Paint) -> Self {
        match (json, surface, form) {
            (Json::Events, _, _) => Self::Json,
            (Json::Off, Surface::Terminal, _) => Self::Person(paint),
            (Json::Off, Surface::Pipe, Form::Text) => Self::Raw,
            (Json::Off, Surface::Pipe, Form::Hex) => Self::Hex,
        }
    }
}

/// Where a report belongs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// On stdout, as it is.
    Data(Vec<u8>),
    /// On stderr, a line.
    Note(String),
}

impl Report<'_> {
    /// The report as text.
    pub(crate) fn write(self, shape: Shape) -> Output {
        match (shape, self) {
            (Shape::Json, report) => Output::Data(line(report.to_json())),
            (Shape::Person(paint), Report::Text(text)) => {
                let text = sanitize(text, Lines::Many);
                Output::Data(line(format!("{} {text}", paint.peer("<"))))
            }
            (Shape::Person(paint), Report::Binary(bytes)) => Output::Data(line(dump(bytes, paint))),
            (Shape::Raw | Shape::Hex, Report::Text(text)) => Output::Data(line(text.to_owned())),
            (Shape::Raw, Report::Binary(bytes)) => Output::Data(bytes.to_vec()),
            (Shape::Hex, Report::Binary(bytes)) => Output::Data(line(hex::compact(bytes))),
            (Shape::Person(_) | Shape::Raw | Shape::Hex, report) => Output::Note(report.to_note()),
        }
    }

    fn to_note(self) -> String {
        match self {
            Self::Open { url, subprotocol, extensions } => {
                let mut note = format!("connected to {}", sanitize(url, Lines::One));
                push(&mut note, "subprotocol", subprotocol.unwrap_or_default());
                push(&mut note, "extensions", extensions);
                note
            }
            Self::Text(text) => text.to_owned(),
            Self::Binary(bytes) => hex::compact(bytes),
            Self::Ping(payload) => format!("ping {}", payload_note(payload)),
            Self::Pong(payload) => format!("pong {}", payload_note(payload)),
            Self::RoundTrip(time) => format!("round trip {}", milliseconds(time)),
            Self::Closed { code, reason, by, manner } => closed(code, reason, by, manner),
        }
    }

    fn to_json(self) -> String {
        match self {
            Self::Open { url, subprotocol, extensions } => Object::event("open")
                .string("url", url)
                .optional("subprotocol", subprotocol)
                .string("extensions", extensions),
            Self::Text(text) => {
                Object::event("message").string("kind", "text").string("data", text)
            }
            Self::Binary(bytes) => Object::event("message")
                .string("kind", "binary")
                .string("base64", &BASE64_STANDARD.encode(bytes)),
            Self::Ping(payload) => payload_object("ping", payload),
            Self::Pong(payload) => payload_object("pong", payload),
            Self::RoundTrip(time) => {
                Object::event("round-trip").literal("ms", time.as_secs_f64() * 1000.0)
            }
            Self::Closed { code, reason, by, manner } => Object::event("close")
                .literal("code", code)
                .string("reason", reason)
                .string("by", by)
                .literal("clean", manner == Manner::Clean),
        }
        .finish()
    }
}

fn line(mut text: String) -> Vec<u8> {
    text.push('\n');
    text.into_bytes()
}

fn push(note: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        note.push_str(&format!(", {name} {}", sanitize(value, Lines::One)));
    }
}

fn dump(bytes: &[u8], paint: Paint) -> String {
    let head = format!("{} {}", paint.peer("<"), paint.dim(&format!("binary, {}", count(bytes))));
    if bytes.is_empty() { head } else { format!("{head}\n{}", hex::dump(bytes)) }
}

fn count(bytes: &[u8]) -> String {
    match bytes.len() {
        1 => "1 byte".to_owned(),
        many => format!("{many} bytes"),
    }
}

fn payload_note(payload: &[u8]) -> String {
    match str::from_utf8(payload) {
        Ok("") => "(empty)".to_owned(),
        Ok(text) => format!("{:?}", sanitize(text, Lines::One)),
        Err(_) => hex::compact(payload),
    }
}

fn payload_object(event: &str, payload: &[u8]) -> Object {
    Object::event(event).string("base64", &BASE64_STANDARD.encode(payload))
}

fn milliseconds(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1000.0)
}

fn closed(code: u16, reason: &str, by: &str, manner: Manner) -> String {
    let mut note = format!("closed {code}");
    if !reason.is_empty() {
        note.push_str(&format!(" \"{}\"", sanitize(reason, Lines::One)));
    }
    note.push_str(&format!(" by {by}"));
    if manner == Manner::Unclean {
        note.push_str(", without a closing handshake");
    }
    note
}

#[cfg(test)]
mod tests {
    use super::{Form, Json, Manner, Output, Report, Shape};
    use crate::printer::{Paint, Surface};
    use std::time::Duration;

    const PERSON: Shape = Shape::Person(Paint::Plain);

    fn data(report: Report<'_>, shape: Shape) -> String {
        match report.write(shape) {
            Output::Data(bytes) => String::from_utf8(bytes).unwrap(),
            Output::Note(note) => panic!("a note: {note}"),
        }
    }

    fn note(report: Report<'_>) -> String {
        match report.write(PERSON) {
            Output::Note(note) => note,
            Output::Data(bytes) => panic!("data: {bytes:?}"),
        }
    }

    /// A message is made safe for a terminal and left as it is for a program. checklist 147
    #[test]
    fn messages_are_safe_for_people_and_exact_for_programs() {
        assert_eq!(data(Report::Text("a\x1b[2J"), PERSON), "< a\\u{1b}[2J\n");
        assert_eq!(data(Report::Text("a\x1b[2J"), Shape::Raw), "a\x1b[2J\n");
        assert_eq!(Report::Binary(&[0xff, 0]).write(Shape::Raw), Output::Data(vec![0xff, 0]));
        assert_eq!(data(Report::Binary(&[0xff, 0]), Shape::Hex), "ff00\n");
    }

    /// A person reads binary as a dump.
    #[test]
    fn binary_is_dumped_for_people() {
        insta::assert_snapshot!(data(Report::Binary(b"wharf\0"), PERSON), @r"
        < binary, 6 bytes
        00000000  77 68 61 72 66 00                                 |wharf.|
        ");
        assert_eq!(data(Report::Binary(b""), PERSON), "< binary, 0 bytes\n");
    }

    /// The reason of a close is not meant to be read by people as it is (RFC 6455 §5.5.1). checklist 147
    #[test]
    fn a_close_reason_stays_on_its_line() {
        let (code, by) = (4001, "the peer");
        let closed =
            Report::Closed { code, reason: "bye\nclosed 1000", by, manner: Manner::Unclean };
        assert_eq!(
            note(closed),
            r#"closed 4001 "bye\nclosed 1000" by the peer, without a closing handshake"#
        );
    }

    /// What is no message belongs on stderr.
    #[test]
    fn all_but_messages_is_a_note() {
        let open = Report::Open { url: "ws://h/", subprotocol: Some("chat"), extensions: "" };
        assert_eq!(note(open), "connected to ws://h/, subprotocol chat");
        assert_eq!(note(Report::Ping(b"")), "ping (empty)");
        assert_eq!(note(Report::Pong(b"\xff")), "pong ff");
        assert_eq!(note(Report::RoundTrip(Duration::from_micros(1234))), "round trip 1.234 ms");
    }

    /// With `--json` everything is an object on a line of stdout.
    #[test]
    fn every_event_has_an_object() {
        let manner = Manner::Clean;
        let reports = [
            Report::Open { url: "ws://h/", subprotocol: None, extensions: "permessage-deflate" },
            Report::Text("a\n\"b\""),
            Report::Binary(&[0xff]),
            Report::Ping(b"p"),
            Report::Pong(b""),
            Report::RoundTrip(Duration::from_micros(1500)),
            Report::Closed { code: 1000, reason: "bye", by: "the peer", manner },
        ];
        let lines: String = reports.into_iter().map(|report| data(report, Shape::Json)).collect();
        insta::assert_snapshot!(lines, @r#"
        {"event":"open","url":"ws://h/","subprotocol":null,"extensions":"permessage-deflate"}
        {"event":"message","kind":"text","data":"a\n\"b\""}
        {"event":"message","kind":"binary","base64":"/w=="}
        {"event":"ping","base64":"cA=="}
        {"event":"pong","base64":""}
        {"event":"round-trip","ms":1.5}
        {"event":"close","code":1000,"reason":"bye","by":"the peer","clean":true}
        "#);
    }

    /// Where nobody looks, binary is exact unless lines of digits are asked for.
    #[test]
    fn the_shape_follows_the_stream() {
        let shape = |form, surface| Shape::new(form, Json::Off, surface, Paint::Plain);
        assert_eq!(shape(Form::Hex, Surface::Terminal), PERSON);
        assert_eq!(shape(Form::Text, Surface::Pipe), Shape::Raw);
        assert_eq!(shape(Form::Hex, Surface::Pipe), Shape::Hex);
        let events = Shape::new(Form::Hex, Json::Events, Surface::Terminal, Paint::Plain);
        assert_eq!(events, Shape::Json);
    }
}
