//! Commands that are typed between messages.

use crate::{
    hex::{self, NotHex},
    report::Control,
};
use std::fmt;
use wharf::{CloseCode, CloseReason, ReasonTooLong};

/// What a line of the prompt asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Slash {
    /// `/binary HEX`
    Binary(Vec<u8>),
    /// `/close [CODE [REASON]]`
    Close(CloseReason),
    /// `/control on|off`
    Control(Control),
    /// `/help`
    Help,
    /// `/ping [TEXT]`
    Ping(String),
    /// Any line without a slash, and `//TEXT`.
    Text(String),
}

/// What `/help` says.
pub(crate) const HELP: &str = "\
/ping [TEXT]            send a ping, tell the round-trip time
/binary HEX             send a binary message
/close [CODE [REASON]]  close, with 1000 unless told otherwise
/control on|off         show pings and pongs, or don't
//TEXT                  send a text that begins with a slash
Ctrl-D closes with 1000, Ctrl-C closes and ends with exit code 130";

/// Reads a line of the prompt.
pub(crate) fn parse(line: &str) -> Result<Slash, NoSlash> {
    let Some(rest) = line.strip_prefix('/') else { return Ok(Slash::Text(line.to_owned())) };
    if rest.starts_with('/') {
        return Ok(Slash::Text(rest.to_owned()));
    }
    let (name, argument) = rest.split_once(' ').unwrap_or((rest, ""));
    let argument = argument.trim();
    match name {
        "binary" => hex::parse(argument).map(Slash::Binary).map_err(NoSlash::Hex),
        "close" => close(argument).map(Slash::Close),
        "control" => control(argument).map(Slash::Control),
        "help" => Ok(Slash::Help),
        "ping" => Ok(Slash::Ping(argument.to_owned())),
        name => Err(NoSlash::Unknown(name.to_owned())),
    }
}

fn close(argument: &str) -> Result<CloseReason, NoSlash> {
    if argument.is_empty() {
        return Ok(CloseCode::NORMAL.into());
    }
    let (code, reason) = argument.split_once(' ').unwrap_or((argument, ""));
    let code =
        code.parse().ok().and_then(CloseCode::new).ok_or_else(|| NoSlash::Code(code.to_owned()))?;
    CloseReason::new(code, reason.trim()).map_err(NoSlash::Reason)
}

fn control(argument: &str) -> Result<Control, NoSlash> {
    match argument {
        "on" => Ok(Control::Shown),
        "off" => Ok(Control::Hidden),
        other => Err(NoSlash::Control(other.to_owned())),
    }
}

/// What is wrong with a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoSlash {
    /// A code that no Close frame may carry.
    Code(String),
    /// Neither on nor off.
    Control(String),
    /// Bytes that are not hexadecimal.
    Hex(NotHex),
    /// A reason that does not fit.
    Reason(ReasonTooLong),
    /// No such command.
    Unknown(String),
}

impl fmt::Display for NoSlash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(
                f,
                "{code:?} may not stand in a Close frame; 1000–1003, 1007–1014 and 3000–4999 may (RFC 6455 §7.4)"
            ),
            Self::Control(word) => write!(f, "{word:?} is neither `on` nor `off`"),
            Self::Hex(error) => error.fmt(f),
            Self::Reason(error) => error.fmt(f),
            Self::Unknown(name) => {
                write!(f, "no command /{name}; /help lists them, //{name} sends it as text")
            }
        }
    }
}

impl std::error::Error for NoSlash {}

#[cfg(test)]
mod tests {
    use super::{NoSlash, Slash, parse};
    use crate::report::Control;
    use wharf::{CloseCode, CloseReason};

    /// Everything without a slash is a message, and a second slash escapes the first.
    #[test]
    fn a_line_without_a_slash_is_a_message() {
        assert_eq!(parse("hello /ping"), Ok(Slash::Text("hello /ping".into())));
        assert_eq!(parse(""), Ok(Slash::Text(String::new())));
        assert_eq!(parse("//etc/hosts"), Ok(Slash::Text("/etc/hosts".into())));
    }

    /// Each command, with what it takes.
    #[test]
    fn commands_are_read_with_their_arguments() {
        assert_eq!(parse("/ping"), Ok(Slash::Ping(String::new())));
        assert_eq!(parse("/ping are you there"), Ok(Slash::Ping("are you there".into())));
        assert_eq!(parse("/binary 00 ff"), Ok(Slash::Binary(vec![0, 255])));
        assert_eq!(parse("/control off"), Ok(Slash::Control(Control::Hidden)));
        assert_eq!(parse("/close"), Ok(Slash::Close(CloseCode::NORMAL.into())));
        let bye = CloseReason::new(CloseCode::new(4001).unwrap(), "see you").unwrap();
        assert_eq!(parse("/close 4001 see you"), Ok(Slash::Close(bye)));
    }

    /// RFC 6455 §7.4.2: a code that no frame may carry is refused before anything is sent.
    #[test]
    fn a_close_code_of_no_wire_is_refused() {
        for code in ["999", "1005", "1006", "1015", "5000", "70000", "x"] {
            assert_eq!(parse(&format!("/close {code}")), Err(NoSlash::Code(code.into())));
        }
        assert!(matches!(
            parse(&format!("/close 1000 {}", "x".repeat(124))),
            Err(NoSlash::Reason(_))
        ));
    }

    /// A slip of the finger is not sent to the peer.
    #[test]
    fn an_unknown_command_is_not_a_message() {
        assert_eq!(parse("/quit"), Err(NoSlash::Unknown("quit".into())));
        assert!(parse("/binary 0").is_err());
        assert!(parse("/control maybe").is_err());
    }
}
