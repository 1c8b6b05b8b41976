//! What the peer has used up of its rate.

use crate::{
    error::Limit,
    frame::{header::FrameHeader, opcode::OpCode},
    rate::{OverRate, Rate},
    time::Now,
};
use core::time::Duration;

/// The state of a [`Rate`].
///
/// A bucket is one number: the moment at which all that was taken is paid for. Nothing has to run meanwhile.
#[derive(Debug)]
pub(super) struct Meter {
    rate: Rate,
    messages: Bucket,
    bytes: Bucket,
    /// A frame whose time has not come.
    parked: Option<FrameHeader>,
}

/// When all that was taken is paid for.
#[derive(Debug, Clone, Copy, Default)]
struct Bucket(Now);

/// Where the input stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the payload of a data frame.
    InsideData,
    Elsewhere,
}

impl Meter {
    pub(super) fn new(rate: Rate) -> Self {
        Self { rate, messages: Bucket::default(), bytes: Bucket::default(), parked: None }
    }

    /// The header, if its frame may come now. Only data is weighed: control frames have a limit of their own.
    pub(super) fn weigh(
        &mut self,
        header: FrameHeader,
        now: Now,
    ) -> Result<Option<FrameHeader>, Limit> {
        if header.opcode.is_control() {
            return Ok(Some(header));
        }
        if now < self.room_at() {
            return match self.rate.over {
                OverRate::Close => Err(self.breach(now)),
                OverRate::Delay => {
                    self.parked = Some(header);
                    Ok(None)
                }
            };
        }
        if let (OpCode::Data(_), Some(rate)) = (header.opcode, self.rate.messages) {
            self.messages.take(1, rate.get().into(), now);
        }
        Ok(Some(header))
    }

    /// So many bytes came.
    pub(super) fn charge_bytes(&mut self, count: usize, now: Now) {
        if let Some(rate) = self.rate.bytes {
            self.bytes.take(count as u64, rate.get(), now);
        }
    }

    /// When the frame goes on that is parked, or whose payload is under way; any other may come.
    pub(super) fn resume_at(&self, place: Place) -> Option<Now> {
        match (place, self.rate.over) {
            _ if self.parked.is_some() => Some(self.room_at()),
            // The message itself is let in already.
            (Place::InsideData, OverRate::Delay) => Some(self.bytes_at()),
            (Place::InsideData, OverRate::Close) | (Place::Elsewhere, _) => None,
        }
    }

    pub(super) const fn unpark(&mut self) -> Option<FrameHeader> {
        self.parked.take()
    }

    pub(super) const fn is_parking(&self) -> bool {
        self.parked.is_some()
    }

    /// Nothing is limited any more.
    pub(super) fn lift(&mut self) {
        (self.rate.messages, self.rate.bytes) = (None, None);
    }

    /// When both buckets have room.
    fn room_at(&self) -> Now {
        self.messages_at().max(self.bytes_at())
    }

    fn messages_at(&self) -> Now {
        let room_at = |rate: u32| self.messages.room_at(rate.into(), self.rate.burst);
        self.rate.messages.map_or(Now::default(), |rate| room_at(rate.get()))
    }

    fn bytes_at(&self) -> Now {
        let room_at = |rate| self.bytes.room_at(rate, self.rate.burst);
        self.rate.bytes.map_or(Now::default(), |rate| room_at(rate.get()))
    }

    fn breach(&self, now: Now) -> Limit {
        match (self.rate.messages, self.rate.bytes) {
            (Some(rate), _) if now < self.messages_at() => Limit::MessageRate(rate.get()),
            (_, rate) => Limit::ByteRate(rate.map_or(0, |rate| rate.get())),
        }
    }
}

impl Bucket {
    /// Takes `count` of what there are `rate` of in a second.
    fn take(&mut self, count: u64, rate: u64, now: Now) {
        self.0 = self.0.max(now) + price(count, rate);
    }

    /// When one more can be taken: when no more is owed than can be saved, less this one.
    fn room_at(self, rate: u64, burst: Duration) -> Now {
        let saved = burst.saturating_sub(price(1, rate));
        Now::new(self.0.since_epoch().saturating_sub(saved))
    }
}

/// How long it takes until `count` are paid for.
fn price(count: u64, rate: u64) -> Duration {
    let nanos = u128::from(count) * 1_000_000_000 / u128::from(rate);
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}
