//! The head of an HTTP/1.1 message (RFC 9112 §2, §5).

use super::{
    setup::Setup,
    wire::{Gone, Patience, Wire},
};
use crate::fault::Fault;

const WHOLE: usize = 16 << 10;
const LINE: usize = 8 << 10;
const COUNT: usize = 100;

/// What the forgetful one keeps.
const KEPT: usize = 40;

/// Why there is no head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bad {
    Gone(Gone),
    Malformed,
    LongStart,
    TooBig,
}

impl From<Gone> for Bad {
    fn from(gone: Gone) -> Self {
        Self::Gone(gone)
    }
}

pub(super) struct Head {
    pub(super) start: String,
    fields: Vec<(String, String)>,
}

impl Head {
    /// Reads one head; what follows it stays on the wire.
    pub(super) fn read(wire: &mut Wire, setup: &Setup) -> Result<Self, Bad> {
        let end = end(wire, setup)?;
        let bytes: Vec<u8> = wire.some(end)?;
        let text: String = bytes.into_iter().map(char::from).collect();
        if setup.has(Fault::DropsEarlyFrames) {
            wire.forget();
        }
        parse(&text, setup)
    }

    /// The values of all lines of a name.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        let of_name = self.fields.iter().filter(|(field, _)| field.eq_ignore_ascii_case(name));
        of_name.map(|(_, value)| value.as_str()).collect()
    }

    /// The value of the only line of a name.
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        match self.all(name)[..] {
            [value] => Some(value),
            _ => None,
        }
    }

    /// The elements of all lines of a name (RFC 9110 §5.6.1).
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        let elements = self.all(name).into_iter().flat_map(|value| value.split(','));
        elements
            .map(|element| element.trim_matches([' ', '\t']))
            .filter(|e| !e.is_empty())
            .collect()
    }
}

/// Where the head ends. Refuses it as soon as that can be known.
fn end(wire: &mut Wire, setup: &Setup) -> Result<usize, Bad> {
    let mut searched = 0_usize;
    loop {
        let unread = wire.unread();
        let from = searched.saturating_sub(3);
        if let Some(at) = unread[from..].windows(4).position(|four| four == b"\r\n\r\n") {
            check(&unread[..from + at], setup)?;
            return Ok(from + at + 4);
        }
        searched = unread.len();
        check(unread, setup)?;
        if setup.has(Fault::ReadsHeadOnce) && !unread.is_empty() {
            return Err(Bad::Malformed);
        }
        if let (Patience::Until(_), true) =
            (wire.patience, setup.has(Fault::RestartsHandshakeTimeout))
        {
            wire.patience = Patience::within(setup.handshake);
        }
        wire.fill()?;
    }
}

/// The sizes, and the ends of lines.
fn check(bytes: &[u8], setup: &Setup) -> Result<(), Bad> {
    if setup.has(Fault::NoHeadLimit) {
        return Ok(());
    }
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if first.len() > LINE {
        return Err(Bad::LongStart);
    }
    let longest = bytes.split(|byte| *byte == b'\n').map(<[u8]>::len).max();
    if bytes.len() > WHOLE || longest > Some(LINE) {
        return Err(Bad::TooBig);
    }
    let bare = bytes.windows(2).any(|two| (two[1] == b'\n') != (two[0] == b'\r'));
    let bare = bare || bytes.first() == Some(&b'\n');
    if bare && !setup.has(Fault::AcceptsBareCr) { Err(Bad::Malformed) } else { Ok(()) }
}

fn parse(text: &str, setup: &Setup) -> Result<Head, Bad> {
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let start = lines.next().unwrap_or_default().to_owned();
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in lines {
        match field(line, setup) {
            Line::Field(name, value) => fields.push((name, value)),
            Line::Folded(more) => match fields.last_mut() {
                Some((_, value)) => value.push_str(&more),
                None => return Err(Bad::Malformed),
            },
            Line::Skipped => {}
            Line::Bad => return Err(Bad::Malformed),
        }
    }
    count(&mut fields, setup)?;
    if start.bytes().any(|byte| byte < b' ') && !setup.has(Fault::AcceptsAnyStart) {
        return Err(Bad::Malformed);
    }
    Ok(Head { start, fields })
}

fn count(fields: &mut Vec<(String, String)>, setup: &Setup) -> Result<(), Bad> {
    if setup.has(Fault::ForgetsLateHeaders) {
        fields.truncate(KEPT);
    }
    let lax = setup.has_one(&[Fault::NoHeaderCount, Fault::NoHeadLimit]);
    if fields.len() > COUNT && !lax { Err(Bad::TooBig) } else { Ok(()) }
}

enum Line {
    Field(String, String),
    Folded(String),
    Skipped,
    Bad,
}

fn field(line: &str, setup: &Setup) -> Line {
    if line.starts_with([' ', '\t']) {
        let folded = setup.has(Fault::AcceptsFolding);
        return if folded { Line::Folded(line.to_owned()) } else { Line::Bad };
    }
    let Some((name, value)) = line.split_once(':') else {
        return if setup.has(Fault::AcceptsNoColon) { Line::Skipped } else { Line::Bad };
    };
    let name = if setup.has(Fault::AcceptsSpaceBeforeColon) { name.trim_end() } else { name };
    let bad_value = value.bytes().any(|byte| byte < b' ' && byte != b'\t' || byte == 0x7f);
    let lax = setup.has_one(&[Fault::AcceptsNul, Fault::AcceptsBareCr]);
    let good_name = is_token(name) || setup.has(Fault::AcceptsBadNames) && !name.is_empty();
    if !good_name || bad_value && !lax {
        return Line::Bad;
    }
    Line::Field(name.to_owned(), value.trim_matches([' ', '\t']).to_owned())
}

/// RFC 9110 §5.6.2.
pub(super) fn is_token(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_part)
}
