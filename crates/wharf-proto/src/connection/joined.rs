//! A connection: both halves, for a driver that owns them together.

use super::{
    closing::Shutdown,
    ending::Ending,
    event::Event,
    fault::Fault,
    found::{Delivery, Found},
    inbound::Inbound,
    input::Input,
    outbound::Outbound,
    outbox::Outbox,
    refusal::NotSent,
    stats::Stats,
};
use crate::{
    close::CloseReason, config::Config, handshake::agreement::Agreement,
    message::outgoing::Outgoing, role::Role, time::Now,
};
use alloc::sync::Arc;
use wharf_bytes::PayloadTail;

/// One end of a WebSocket after the opening handshake, without I/O, clock or task.
///
/// **After any call that takes `&mut self`: take events until there is none, write the outbox, obey
/// [`poll_shutdown`](Self::poll_shutdown), arm the [`deadline`](Self::deadline); only then wait.**
///
/// The two halves may also be owned apart ([`into_halves`](Self::into_halves)), so that reading needs no
/// lock that writers take: that is how the async library does it.
#[derive(Debug)]
pub struct Connection {
    inbound: Inbound,
    outbound: Outbound,
}

impl Connection {
    /// A connection that was just opened. `seed` must come from a strong source of entropy (RFC 6455
    /// §10.3).
    pub fn new(
        role: Role,
        agreed: &Agreement,
        config: Arc<Config>,
        seed: [u8; 32],
        now: Now,
    ) -> Self {
        let inbound = Inbound::new(role, agreed, Arc::clone(&config));
        Self { inbound, outbound: Outbound::new(role, agreed, config, seed, now) }
    }

    /// The halves, to be owned apart.
    pub fn into_halves(self) -> (Inbound, Outbound) {
        (self.inbound, self.outbound)
    }

    /// Reads on; again until `None`, then the input is used up, or has to wait: see
    /// [`resume_at`](Self::resume_at).
    #[inline]
    pub fn receive<'a, 'input: 'a>(
        &'a mut self,
        input: &mut Input<'input>,
        now: Now,
    ) -> Option<Event<'a>> {
        let bytes = input.take();
        if !bytes.is_empty() {
            self.outbound.on_bytes(now);
        }
        let progress = self.inbound.advance(bytes, now);
        let (used, rest) = bytes.split_at_mut(progress.used);
        input.put_back(rest);
        let Some(found) = progress.found else {
            self.pause(now);
            return None;
        };
        self.react(found, used, now)
    }

    /// When to call [`receive`](Self::receive) again with what was not used of the input, or with none, if the
    /// [rate](crate::Limits::rate) keeps it waiting. Read nothing more until then. It is among the
    /// [`deadline`](Self::deadline)s. Closing ends the wait.
    pub fn resume_at(&self) -> Option<Now> {
        self.outbound.resume_at()
    }

    #[inline(never)]
    fn pause(&mut self, now: Now) {
        match self.inbound.resume_at(now) {
            Some(at) => self.outbound.pause(at),
            None => self.outbound.resume(),
        }
    }

    /// Room to read the middle of a large frame into; see [`Inbound::landing`].
    pub fn landing(&mut self) -> Option<PayloadTail<'_>> {
        self.inbound.landing()
    }

    /// `count` bytes were read into the [`landing`](Self::landing).
    pub fn landed(&mut self, count: usize, now: Now) -> Option<Event<'_>> {
        self.outbound.on_bytes(now);
        let found = self.inbound.landed(count, now)?;
        self.react(found, &[], now)
    }

    #[inline]
    fn react<'a>(&'a mut self, found: Found, used: &'a [u8], now: Now) -> Option<Event<'a>> {
        let Self { inbound, outbound } = self;
        Some(match found {
            Found::Message(whole) => match inbound.lend(whole, used) {
                Ok(message) => Event::Message(message),
                Err(error) => {
                    outbound.fail(error.clone(), now);
                    Event::Failed(error)
                }
            },
            Found::Chunk(piece) => {
                Event::Chunk(piece.kind(), inbound.payload(piece.place(), used), piece.end())
            }
            Found::Ping(place) => {
                let payload = inbound.payload(&place, used);
                outbound.on_ping(payload, now);
                Event::Ping(payload)
            }
            Found::Pong(place) => {
                let payload = inbound.payload(&place, used);
                outbound.on_pong(payload, now);
                Event::Pong(payload)
            }
            Found::Close(reason) => {
                outbound.on_close(reason.clone(), now);
                Event::Close(reason)
            }
            Found::Failed(error) => {
                outbound.fail(error.clone(), now);
                Event::Failed(error)
            }
        })
    }

    /// The input ended.
    pub fn handle_eof(&mut self, now: Now) {
        self.outbound.on_eof(now);
    }

    /// See [`Outbound::shorten_lifetime`].
    pub fn shorten_lifetime(&mut self, random: u32) {
        self.outbound.shorten_lifetime(random);
    }

    /// The [`deadline`](Self::deadline) has come; harmless if it has not.
    pub fn handle_timeout(&mut self, now: Now) {
        self.outbound.handle_timeout(now);
        self.hurry_if_closing();
    }

    /// See [`Outbound::send`].
    pub fn send<'a>(
        &mut self,
        message: impl Into<Outgoing<'a>>,
        now: Now,
    ) -> Result<(), NotSent<'a>> {
        self.outbound.send(message, now).inspect_err(|_| self.hurry_if_closing())
    }

    /// See [`Outbound::close`].
    pub fn close(&mut self, reason: impl Into<Option<CloseReason>>, now: Now) {
        self.outbound.close(reason.into(), now);
        self.hurry_if_closing();
    }

    /// The peer's Close may stand behind what waits.
    fn hurry_if_closing(&mut self) {
        if !self.outbound.is_open() {
            self.inbound.lift_rate();
            self.outbound.resume();
        }
    }

    /// How messages that have not begun are to be handed out.
    pub fn set_delivery(&mut self, delivery: Delivery) {
        self.inbound.set_delivery(delivery);
    }

    /// Bytes to write.
    pub fn outbox(&mut self) -> &mut Outbox {
        self.outbound.outbox()
    }

    /// The transport took `count` bytes.
    pub fn on_written(&mut self, count: usize, now: Now) {
        self.outbound.on_written(count, now);
    }

    /// What to do with the transport.
    pub fn poll_shutdown(&mut self) -> Option<Shutdown> {
        self.outbound.poll_shutdown()
    }

    /// When to call [`handle_timeout`](Self::handle_timeout).
    pub fn deadline(&self) -> Option<Now> {
        self.outbound.deadline()
    }

    /// How the connection ended, once it has.
    pub fn ending(&self) -> Option<&Ending> {
        self.outbound.ending()
    }

    /// Why it failed, if it did.
    pub fn fault(&self) -> Option<&Fault> {
        self.outbound.fault()
    }

    /// The reading half.
    pub const fn inbound(&mut self) -> &mut Inbound {
        &mut self.inbound
    }

    /// The writing half.
    pub const fn outbound(&mut self) -> &mut Outbound {
        &mut self.outbound
    }

    /// Counters.
    pub fn stats(&self) -> Stats {
        Stats::new(self.inbound.stats(), self.outbound.stats())
    }
}
