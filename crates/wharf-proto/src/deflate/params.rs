//! The parameters of permessage-deflate: offer, choose, confirm (RFC 7692 §7.1).

use super::agreement::{Context, DeflateAgreement, Direction, WindowBits};
use alloc::{borrow::ToOwned, string::String};
use core::fmt;

/// The extension's name in `Sec-WebSocket-Extensions` (RFC 7692 §7).
pub const PERMESSAGE_DEFLATE: &str = "permessage-deflate";

const SERVER_CONTEXT: &str = "server_no_context_takeover";
const CLIENT_CONTEXT: &str = "client_no_context_takeover";
const SERVER_WINDOW: &str = "server_max_window_bits";
const CLIENT_WINDOW: &str = "client_max_window_bits";

/// What a client offers in one element of `Sec-WebSocket-Extensions`.
///
/// `Display` writes the element with its name; the default is `permessage-deflate; client_max_window_bits`,
/// which every known server understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeflateOffer {
    /// [`NoTakeover`](Context::NoTakeover): `server_no_context_takeover` is asked for (RFC 7692 §7.1.1.1).
    pub server_context: Context,
    /// [`NoTakeover`](Context::NoTakeover): the client will not use it anyway (RFC 7692 §7.1.1.2).
    pub client_context: Context,
    /// `server_max_window_bits`, if it was offered (RFC 7692 §7.1.2.1).
    pub server_window: Option<WindowBits>,
    /// `client_max_window_bits`, if it was offered; without a value it means 15 (RFC 7692 §7.1.2.2).
    pub client_window: Option<WindowBits>,
}

/// What a server answers to an offer that it accepts. `Display` writes the element with its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeflateResponse {
    /// [`NoTakeover`](Context::NoTakeover): `server_no_context_takeover`.
    pub server_context: Context,
    /// [`NoTakeover`](Context::NoTakeover): `client_no_context_takeover`.
    pub client_context: Context,
    /// `server_max_window_bits`, if it is said.
    pub server_window: Option<WindowBits>,
    /// `client_max_window_bits`, if it is said; only ever after the client offered it.
    pub client_window: Option<WindowBits>,
}

impl Default for DeflateOffer {
    fn default() -> Self {
        Self {
            server_context: Context::Takeover,
            client_context: Context::Takeover,
            server_window: None,
            client_window: Some(WindowBits::MAX),
        }
    }
}

impl DeflateOffer {
    /// The offer with these parameters: name and value, quotes already taken off.
    ///
    /// An error means that a server declines this offer and looks at the next (RFC 7692 §7.1).
    pub fn parse<'a>(
        params: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
    ) -> Result<Self, DeflateParamsError> {
        let params = Params::read(params)?;
        Ok(Self {
            server_context: params.server_context.unwrap_or(Context::Takeover),
            client_context: params.client_context.unwrap_or(Context::Takeover),
            server_window: params.server_window,
            client_window: params.client_window.map(|bits| bits.unwrap_or(WindowBits::MAX)),
        })
    }

    /// What client and server agreed on, if `response` is an answer to this offer.
    ///
    /// An error means that the client fails the connection (RFC 7692 §7.1).
    pub fn confirm<'a>(
        &self,
        response: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
    ) -> Result<DeflateAgreement, DeflateParamsError> {
        self.agree(&DeflateResponse::parse(response)?)
    }

    fn agree(&self, response: &DeflateResponse) -> Result<DeflateAgreement, DeflateParamsError> {
        if self.server_context == Context::NoTakeover
            && response.server_context == Context::Takeover
        {
            return Err(DeflateParamsError::NotGranted(SERVER_CONTEXT));
        }
        Ok(DeflateAgreement {
            client: Direction {
                window: self.client_window(response)?,
                context: self.client_context.or(response.client_context),
            },
            server: Direction {
                window: self.server_window(response)?,
                context: response.server_context,
            },
        })
    }

    /// RFC 7692 §7.1.2.2: only what was offered may be answered, and nothing larger.
    fn client_window(&self, response: &DeflateResponse) -> Result<WindowBits, DeflateParamsError> {
        match (self.client_window, response.client_window) {
            (None, None) => Ok(WindowBits::MAX),
            (Some(ours), None) => Ok(ours),
            (None, Some(_)) => Err(DeflateParamsError::NotOffered(CLIENT_WINDOW)),
            (Some(ours), Some(granted)) => no_larger(CLIENT_WINDOW, ours, granted),
        }
    }

    /// RFC 7692 §7.1.2.1: a server may say it unasked; asked, it accepts by saying it.
    fn server_window(&self, response: &DeflateResponse) -> Result<WindowBits, DeflateParamsError> {
        match (self.server_window, response.server_window) {
            (None, granted) => Ok(granted.unwrap_or(WindowBits::MAX)),
            (Some(_), None) => Err(DeflateParamsError::NotGranted(SERVER_WINDOW)),
            (Some(ours), Some(granted)) => no_larger(SERVER_WINDOW, ours, granted),
        }
    }
}

impl DeflateResponse {
    fn parse<'a>(
        params: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
    ) -> Result<Self, DeflateParamsError> {
        let params = Params::read(params)?;
        let client_window = match params.client_window {
            Some(None) => return Err(DeflateParamsError::ValueMissing(CLIENT_WINDOW)),
            Some(window) => window,
            None => None,
        };
        Ok(Self {
            server_context: params.server_context.unwrap_or(Context::Takeover),
            client_context: params.client_context.unwrap_or(Context::Takeover),
            server_window: params.server_window,
            client_window,
        })
    }
}

fn no_larger(
    name: &'static str,
    offered: WindowBits,
    granted: WindowBits,
) -> Result<WindowBits, DeflateParamsError> {
    if granted <= offered {
        Ok(granted)
    } else {
        Err(DeflateParamsError::LargerThanOffered { name, offered, granted })
    }
}

/// The four parameters as they were read; `None`: not there.
#[derive(Default)]
struct Params {
    server_context: Option<Context>,
    client_context: Option<Context>,
    server_window: Option<WindowBits>,
    client_window: Option<Option<WindowBits>>,
}

impl Params {
    fn read<'a>(
        params: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
    ) -> Result<Self, DeflateParamsError> {
        let mut read = Self::default();
        for (name, value) in params {
            match name {
                SERVER_CONTEXT => {
                    once(SERVER_CONTEXT, &mut read.server_context, flag(SERVER_CONTEXT, value)?)?;
                }
                CLIENT_CONTEXT => {
                    once(CLIENT_CONTEXT, &mut read.client_context, flag(CLIENT_CONTEXT, value)?)?;
                }
                SERVER_WINDOW => {
                    let value = value.ok_or(DeflateParamsError::ValueMissing(SERVER_WINDOW))?;
                    once(SERVER_WINDOW, &mut read.server_window, bits(SERVER_WINDOW, value)?)?;
                }
                CLIENT_WINDOW => {
                    let value = value.map(|value| bits(CLIENT_WINDOW, value)).transpose()?;
                    once(CLIENT_WINDOW, &mut read.client_window, value)?;
                }
                unknown => return Err(DeflateParamsError::Unknown(unknown.to_owned())),
            }
        }
        Ok(read)
    }
}

fn once<T>(name: &'static str, slot: &mut Option<T>, value: T) -> Result<(), DeflateParamsError> {
    if slot.replace(value).is_some() { Err(DeflateParamsError::Duplicate(name)) } else { Ok(()) }
}

/// RFC 7692 §7.1.1: these parameters have no value.
fn flag(name: &'static str, value: Option<&str>) -> Result<Context, DeflateParamsError> {
    match value {
        None => Ok(Context::NoTakeover),
        Some(_) => Err(DeflateParamsError::ValueUnexpected(name)),
    }
}

/// RFC 7692 §7.1.2: a decimal integer from 8 to 15 without leading zeroes.
fn bits(name: &'static str, value: &str) -> Result<WindowBits, DeflateParamsError> {
    let bits = match value.as_bytes() {
        [digit @ b'8'..=b'9'] => WindowBits::new(digit - b'0'),
        [b'1', digit @ b'0'..=b'5'] => WindowBits::new(10 + digit - b'0'),
        _ => None,
    };
    bits.ok_or_else(|| DeflateParamsError::BadWindow { name, value: value.to_owned() })
}

impl fmt::Display for DeflateOffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_start(f, self.server_context, self.client_context, self.server_window)?;
        match self.client_window {
            None => Ok(()),
            Some(WindowBits::MAX) => write!(f, "; {CLIENT_WINDOW}"),
            Some(bits) => write!(f, "; {CLIENT_WINDOW}={}", bits.get()),
        }
    }
}

impl fmt::Display for DeflateResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_start(f, self.server_context, self.client_context, self.server_window)?;
        match self.client_window {
            None => Ok(()),
            Some(bits) => write!(f, "; {CLIENT_WINDOW}={}", bits.get()),
        }
    }
}

fn write_start(
    f: &mut fmt::Formatter<'_>,
    server: Context,
    client: Context,
    window: Option<WindowBits>,
) -> fmt::Result {
    f.write_str(PERMESSAGE_DEFLATE)?;
    for (name, context) in [(SERVER_CONTEXT, server), (CLIENT_CONTEXT, client)] {
        if context == Context::NoTakeover {
            write!(f, "; {name}")?;
        }
    }
    match window {
        None => Ok(()),
        Some(bits) => write!(f, "; {SERVER_WINDOW}={}", bits.get()),
    }
}

/// Why parameters of permessage-deflate are not acceptable. A server declines the offer; a client fails
/// the connection (RFC 7692 §7.1).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeflateParamsError {
    /// A window that is not written as 8 to 15 without sign or leading zero.
    BadWindow {
        /// The parameter.
        name: &'static str,
        /// What it was set to.
        value: String,
    },
    /// The parameter stands there twice.
    Duplicate(&'static str),
    /// The response allows more than the offer.
    LargerThanOffered {
        /// The parameter.
        name: &'static str,
        /// What the client offered.
        offered: WindowBits,
        /// What the server answered.
        granted: WindowBits,
    },
    /// The offer asks for the parameter and the response does not grant it.
    NotGranted(&'static str),
    /// The response has a parameter that may only answer an offer that has it too.
    NotOffered(&'static str),
    /// A parameter that RFC 7692 does not define.
    Unknown(String),
    /// The parameter needs a value.
    ValueMissing(&'static str),
    /// The parameter never has a value.
    ValueUnexpected(&'static str),
}

impl fmt::Display for DeflateParamsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PERMESSAGE_DEFLATE}: ")?;
        match self {
            Self::BadWindow { name, value } => {
                write!(f, "{name} is {value:?}, not a number from 8 to 15 (RFC 7692 §7.1.2)")
            }
            Self::Duplicate(name) => write!(f, "{name} stands there twice (RFC 7692 §7.1)"),
            Self::LargerThanOffered { name, offered, granted } => write!(
                f,
                "{name} is {}, more than the {} that was offered (RFC 7692 §7.1.2)",
                granted.get(),
                offered.get()
            ),
            Self::NotGranted(name) => {
                write!(f, "{name} was asked for and is not granted (RFC 7692 §7.1)")
            }
            Self::NotOffered(name) => {
                write!(f, "{name} is answered but was not offered (RFC 7692 §7.1.2.2)")
            }
            Self::Unknown(name) => write!(f, "no parameter is called {name:?} (RFC 7692 §7.1)"),
            Self::ValueMissing(name) => write!(f, "{name} has no value (RFC 7692 §7.1.2)"),
            Self::ValueUnexpected(name) => {
                write!(f, "{name} has a value, which it never has (RFC 7692 §7.1.1)")
            }
        }
    }
}

impl core::error::Error for DeflateParamsError {}
