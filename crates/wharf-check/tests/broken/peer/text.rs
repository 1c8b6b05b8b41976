//! UTF-8 as it comes (RFC 3629), by the table of Unicode 15 §3.9, with the gaps that a fault makes.

use super::setup::Setup;
use crate::fault::Fault;

/// Bytes that are no UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotText;

/// Where a text stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Checker {
    setup: Setup,
    /// Continuation bytes to come.
    missing: u8,
    /// What the next may be.
    low: u8,
    high: u8,
    point: u32,
}

impl Checker {
    pub(super) const fn new(setup: Setup) -> Self {
        Self { setup, missing: 0, low: 0x80, high: 0xbf, point: 0 }
    }

    /// Takes more of the text.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), NotText> {
        bytes.iter().try_for_each(|byte| self.byte(*byte))
    }

    /// The text has ended.
    pub(super) fn end(&self) -> Result<(), NotText> {
        let cut = self.missing > 0 && !self.setup.has(Fault::AcceptsCutText);
        if cut { Err(NotText) } else { Ok(()) }
    }

    fn byte(&mut self, byte: u8) -> Result<(), NotText> {
        if self.missing == 0 {
            return self.first(byte);
        }
        if byte < self.low || byte > self.high {
            return Err(NotText);
        }
        (self.low, self.high) = (0x80, 0xbf);
        self.missing -= 1;
        self.point = self.point << 6 | u32::from(byte & 0x3f);
        self.whole()
    }

    fn first(&mut self, byte: u8) -> Result<(), NotText> {
        let has = |fault| self.setup.has(fault);
        let (overlong, surrogates) = (has(Fault::AcceptsOverlong), has(Fault::AcceptsSurrogates));
        let beyond = has(Fault::AcceptsBeyondUnicode);
        (self.missing, self.low, self.high) = match byte {
            0x00..=0x7f => (0, 0x80, 0xbf),
            0xc0 | 0xc1 if overlong => (1, 0x80, 0xbf),
            0xc2..=0xdf => (1, 0x80, 0xbf),
            0xe0 if !overlong => (2, 0xa0, 0xbf),
            0xed if !surrogates => (2, 0x80, 0x9f),
            0xe0..=0xef => (2, 0x80, 0xbf),
            0xf0 if !overlong => (3, 0x90, 0xbf),
            0xf4 if !beyond => (3, 0x80, 0x8f),
            0xf0..=0xf4 => (3, 0x80, 0xbf),
            0xf5..=0xf7 if beyond => (3, 0x80, 0xbf),
            0xf8..=0xfb if overlong || beyond => (4, 0x80, 0xbf),
            0xfc..=0xfd if overlong || beyond => (5, 0x80, 0xbf),
            _ => return Err(NotText),
        };
        self.point = u32::from(byte) & (0x7f >> self.missing);
        Ok(())
    }

    fn whole(&self) -> Result<(), NotText> {
        let astral = self.point > 0xffff && self.setup.has(Fault::RefusesAstral);
        let noncharacter = (self.point & 0xfffe == 0xfffe
            || (0xfdd0..=0xfdef).contains(&self.point))
            && self.setup.has(Fault::RefusesNoncharacters);
        if self.missing == 0 && (astral || noncharacter) { Err(NotText) } else { Ok(()) }
    }
}

/// Agrees with the standard library on every start of every code point's neighbourhood.
#[test]
fn agrees_with_the_standard_library() {
    for first in 0..=255_u8 {
        for second in (0..=255_u8).step_by(16).chain([0x9f, 0xbf, 0x7f, 0x8f]) {
            for tail in [&[][..], &[0x80], &[0x80, 0x80], &[0xbf, 0x80, 0x80]] {
                let bytes = [&[first, second], tail].concat();
                let mut checker = Checker::new(Setup::CORRECT);
                let ours = checker.push(&bytes).and_then(|()| checker.end());
                assert_eq!(ours.is_ok(), std::str::from_utf8(&bytes).is_ok(), "{bytes:x?}");
            }
        }
    }
}
