//! An open connection that echoes.

use super::{
    admission::{PROTOCOL, Place},
    bits::Agreed,
    close,
    deflate::Deflater,
    frame::{self, CLOSE, CONTINUATION, FrameHead, PING, PONG, TEXT},
    inflate::Inflater,
    keys::Keys,
    message::{Message, Packing},
    setup::{Role, Setup},
    wire::{FOR_EVER, Gone, Patience, Wire},
};
use crate::fault::Fault;

const SEGMENT: usize = 16 << 10;
const GOING_AWAY: u16 = 1001;

/// Why a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    Gone(Gone),
    /// RFC 6455 §7.1.7, with the code.
    Fail(u16),
    /// Both Closes were exchanged.
    Closed,
    /// TCP is to be closed as it is.
    Cut,
}

impl From<Gone> for Stop {
    fn from(gone: Gone) -> Self {
        Self::Gone(gone)
    }
}

pub(super) struct Session {
    pub(super) wire: Wire,
    pub(super) role: Role,
    pub(super) setup: Setup,
    pub(super) keys: Keys,
    pub(super) deflater: Option<Deflater>,
    inflater: Option<Inflater>,
    pub(super) message: Option<Message>,
    pub(super) late: Vec<Vec<u8>>,
    pub(super) first_ping: Option<Vec<u8>>,
    last: Vec<u8>,
    /// Of the frame under way.
    rest: u64,
    carried: bool,
}

impl Session {
    pub(super) fn new(mut wire: Wire, role: Role, agreed: Option<Agreed>, setup: Setup) -> Self {
        let forever = setup.has(Fault::NoIdleTimeout);
        wire.patience = Patience::Each(if forever { FOR_EVER } else { setup.idle });
        let ways = agreed.map(|agreed| match role {
            Role::Client => (agreed.client, agreed.server),
            Role::Server => (agreed.server, agreed.client),
        });
        Self {
            wire,
            role,
            setup,
            keys: Keys::new(setup),
            deflater: ways.map(|(ours, _)| Deflater::new(ours, setup)),
            inflater: ways.map(|(_, theirs)| Inflater::new(theirs, setup)),
            message: None,
            late: Vec::new(),
            first_ping: None,
            last: Vec::new(),
            rest: 0,
            carried: false,
        }
    }

    /// Echoes until the end.
    pub(super) fn run(mut self) {
        if self.setup.has(Fault::ClosesAtOnce) {
            return;
        }
        loop {
            match self.turn() {
                Ok(()) => {}
                Err(Stop::Fail(_)) if self.ignores_errors() => self.message = None,
                Err(Stop::Fail(code)) if self.setup.has(Fault::GoesOnAfterError) => {
                    let _ = self.control_out(CLOSE, &close::body(code, &self.setup));
                    self.message = None;
                }
                Err(Stop::Fail(1007)) if self.goes_on_after_bad_deflate() => self.message = None,
                Err(stop) => return self.stop(stop),
            }
        }
    }

    fn ignores_errors(&self) -> bool {
        self.setup.has_one(&[Fault::NeverAnswers, Fault::IgnoresErrors])
    }

    fn goes_on_after_bad_deflate(&self) -> bool {
        let packed = self.message.as_ref().is_some_and(|message| message.is_packed());
        packed && self.setup.has(Fault::GoesOnAfterBadDeflate)
    }

    /// One frame.
    fn turn(&mut self) -> Result<(), Stop> {
        self.skip()?;
        let mut head = FrameHead::read(&mut self.wire, &self.setup)?;
        self.rest = head.len;
        if head.len == 0 && self.setup.has(Fault::LosesEmptyFrames) && Self::is_data(head.opcode) {
            return Ok(());
        }
        self.place().admit(&mut head).map_err(Stop::Fail)?;
        if Self::is_data(head.opcode) {
            self.data(&head)?;
        } else {
            self.control(&head)?;
        }
        if self.setup.has(Fault::LosesNextFrame) {
            self.wire.forget();
        }
        Ok(())
    }

    /// Drops what is left of a frame that was refused by one who goes on.
    fn skip(&mut self) -> Result<(), Stop> {
        while self.rest > 0 {
            self.piece()?;
        }
        Ok(())
    }

    fn piece(&mut self) -> Result<Vec<u8>, Stop> {
        let most = usize::try_from(self.rest).map_or(SEGMENT, |rest| rest.min(SEGMENT));
        let piece = self.wire.some(most)?;
        self.rest -= piece.len() as u64;
        Ok(piece)
    }

    fn place(&self) -> Place<'_> {
        let message = self.message.as_ref().map(|message| (message.frames, message.wire));
        let deflate = self.inflater.is_some();
        Place { role: self.role, setup: &self.setup, deflate, message }
    }

    fn data(&mut self, head: &FrameHead) -> Result<(), Stop> {
        if head.opcode != CONTINUATION {
            let marked = head.rsv & 4 != 0 || std::mem::take(&mut self.carried);
            let packed = marked && self.inflater.is_some();
            let packing = if packed { Packing::Packed } else { Packing::Plain };
            self.message = Some(Message::new(head, packing, self.setup));
        }
        let Some(mut message) = self.message.take() else { return Err(Stop::Fail(PROTOCOL)) };
        message.frames += 1;
        let mut offset = 0;
        let mut taken = Ok(());
        while self.rest > 0 && taken.is_ok() {
            let mut piece = self.piece()?;
            let shift = if self.setup.has(Fault::RestartsMask) { 0 } else { offset };
            frame::mask(&mut piece, head.key.unwrap_or_default(), shift);
            offset += piece.len();
            taken = message.push(&piece, self.inflater.as_mut());
        }
        let whole = taken.and_then(|()| message.end_frame(self.inflater.as_mut()));
        self.message = Some(message);
        whole.map_err(Stop::Fail)?;
        if head.fin { self.whole() } else { self.fragment() }
    }

    fn fragment(&mut self) -> Result<(), Stop> {
        if !self.setup.has(Fault::EchoesFragments) {
            return Ok(());
        }
        let (opcode, plain) = match &mut self.message {
            Some(message) => (message.opcode, message.take()),
            None => return Ok(()),
        };
        self.echo(opcode, &plain)
    }

    fn whole(&mut self) -> Result<(), Stop> {
        let Some(mut message) = self.message.take() else { return Ok(()) };
        let ended = message.end(self.inflater.as_mut(), &self.last);
        if let Err(code) = ended {
            self.message = Some(message);
            return Err(Stop::Fail(code));
        }
        self.late_pongs()?;
        self.echo(message.opcode, &message.plain)?;
        self.last = message.plain;
        Ok(())
    }

    fn control(&mut self, head: &FrameHead) -> Result<(), Stop> {
        let mut payload = Vec::new();
        while self.rest > 0 {
            payload.append(&mut self.piece()?);
        }
        frame::mask(&mut payload, head.key.unwrap_or_default(), 0);
        if head.rsv & 4 != 0 && self.setup.has(Fault::CarriesControlRsv1) {
            self.carried = true;
        }
        if let (Some(message), true) = (&mut self.message, self.setup.has(Fault::ForgetsAtControl))
        {
            message.take();
        }
        match head.opcode {
            CLOSE => self.close(&payload),
            PING | PONG => self.signal(head.opcode, &payload),
            _ => Ok(()),
        }
    }

    /// The peer's Close came (RFC 6455 §5.5.1).
    fn close(&mut self, body: &[u8]) -> Result<(), Stop> {
        let code = close::read(body, &self.setup).map_err(Stop::Fail)?;
        match self.setup.fault {
            Some(Fault::NoCloseReply) => return Err(Stop::Cut),
            Some(Fault::IgnoresClose | Fault::NeverAnswers) => return Ok(()),
            _ => {}
        }
        let answer = close::answer(code, &self.setup);
        self.control_out(CLOSE, &answer)?;
        match self.setup.fault {
            Some(Fault::TwoCloses) => self.control_out(CLOSE, &answer)?,
            Some(Fault::DataAfterClose) => self.echo(TEXT, b"and another thing")?,
            Some(Fault::GoesOnAfterClose) => return Ok(()),
            _ => {}
        }
        Err(Stop::Closed)
    }

    fn stop(self, stop: Stop) {
        match stop {
            Stop::Cut => {}
            Stop::Closed => self.part(),
            Stop::Fail(code) => self.fail(code),
            Stop::Gone(Gone::Late) => self.fail(GOING_AWAY),
            Stop::Gone(Gone::Eof) => self.eof(),
            Stop::Gone(Gone::Broken) => {}
        }
    }

    fn eof(&self) {
        if self.setup.has(Fault::IgnoresEof) {
            std::thread::park_timeout(FOR_EVER);
        }
    }

    /// RFC 6455 §7.1.7: says why, and reads nothing more.
    fn fail(mut self, code: u16) {
        match self.setup.fault {
            Some(Fault::NoCloseOnError) => return,
            Some(Fault::HangsOnError) => return self.hang(),
            _ => {}
        }
        let code = if self.setup.has(Fault::ErrorIs1000) { 1000 } else { code };
        if self.control_out(CLOSE, &close::body(code, &self.setup)).is_ok() {
            self.end();
        }
    }

    /// RFC 6455 §7.1.1: the server ends TCP at once, the client waits for that.
    fn part(mut self) {
        match (self.role, self.setup.fault) {
            (_, Some(Fault::ClosesWithoutDraining)) => {}
            (Role::Client, Some(Fault::ClientCutsFirst)) => {}
            (Role::Server, Some(Fault::KeepsTcpOpen)) => self.hang(),
            (Role::Server, _) => self.end(),
            (Role::Client, _) => {
                self.wire.patience = self.closing();
                self.wire.drain();
            }
        }
    }

    fn closing(&self) -> Patience {
        let forever = self.setup.has(Fault::NoCloseTimeout);
        Patience::within(if forever { FOR_EVER } else { self.setup.closing })
    }

    fn end(mut self) {
        if self.setup.has(Fault::ClosesWithoutDraining) {
            return;
        }
        self.wire.patience = self.closing();
        self.wire.finish();
    }

    fn hang(mut self) {
        self.wire.patience = Patience::within(FOR_EVER);
        self.wire.drain();
    }
}
