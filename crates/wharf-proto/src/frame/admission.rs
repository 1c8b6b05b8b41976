//! Whether a frame is welcome: decided on its header, before a byte of payload is looked at.

use super::{
    header::{FrameHeader, RSV1},
    opcode::OpCode,
};
use crate::{error::Misdeed, frame::control::ControlPayload, role::Role};

/// What a receiver stands ready to take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expectation {
    /// Who receives.
    pub(crate) role: Role,
    /// What RSV1 means.
    pub(crate) rsv1: Rsv1,
    /// Whether a message is under way.
    pub(crate) message: Progress,
}

/// What RSV1 means on this connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rsv1 {
    Reserved,
    /// permessage-deflate was agreed (RFC 7692 §6).
    #[cfg_attr(
        not(any(feature = "deflate", test)),
        expect(dead_code, reason = "without the feature nobody can agree on it")
    )]
    Compressed,
}

/// Where the stream of messages stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    Between,
    Inside,
}

impl Expectation {
    /// Refuses what the protocol forbids. Limits are the next step.
    #[inline]
    pub(crate) fn admit(self, header: &FrameHeader) -> Result<(), Misdeed> {
        // RFC 6455 §5.1: a client masks every frame, a server none.
        match (self.role, header.key) {
            (Role::Server, None) => return Err(Misdeed::Unmasked),
            (Role::Client, Some(_)) => return Err(Misdeed::Masked),
            (Role::Server, Some(_)) | (Role::Client, None) => {}
        }
        if header.rsv != 0 {
            self.admit_reserved(header)?;
        }
        match (header.opcode, self.message) {
            (OpCode::Control(_), _) => admit_control(header),
            // RFC 6455 §5.4: the fragments of one message are not interleaved with another's.
            (OpCode::Data(_), Progress::Inside) => Err(Misdeed::StartInsideMessage),
            (OpCode::Continuation, Progress::Between) => Err(Misdeed::ContinuationWithoutStart),
            (OpCode::Data(_), Progress::Between) | (OpCode::Continuation, Progress::Inside) => {
                Ok(())
            }
        }
    }

    /// RFC 6455 §5.2: a reserved bit is zero unless an extension says otherwise. RFC 7692 §6: RSV1 stands
    /// on the first frame of a message only.
    fn admit_reserved(self, header: &FrameHeader) -> Result<(), Misdeed> {
        match (self.rsv1, header.rsv, header.opcode) {
            (Rsv1::Compressed, RSV1, OpCode::Data(_)) => Ok(()),
            (Rsv1::Compressed, RSV1, _) => Err(Misdeed::CompressedContinuation),
            (_, bits, _) => Err(Misdeed::ReservedBits(bits)),
        }
    }
}

/// RFC 6455 §5.5: control frames are whole and carry at most 125 bytes.
fn admit_control(header: &FrameHeader) -> Result<(), Misdeed> {
    if !header.fin {
        Err(Misdeed::ControlFragmented)
    } else if header.len > ControlPayload::MAX as u64 {
        Err(Misdeed::ControlTooLong)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{frame::opcode::Control, message::types::Kind};

    const TEXT: OpCode = OpCode::Data(Kind::Text);
    const PING: OpCode = OpCode::Control(Control::Ping);

    fn client(rsv1: Rsv1, message: Progress) -> Expectation {
        Expectation { role: Role::Client, rsv1, message }
    }

    fn frame(opcode: OpCode) -> FrameHeader {
        FrameHeader { fin: true, rsv: 0, opcode, key: None, len: 0 }
    }

    /// RFC 6455 §5.1; checklist 49 and 50.
    #[test]
    fn the_mask_must_fit_the_role() {
        let server =
            Expectation { role: Role::Server, ..client(Rsv1::Reserved, Progress::Between) };
        let client = client(Rsv1::Reserved, Progress::Between);
        let masked = FrameHeader { key: Some([0; 4]), ..frame(TEXT) };
        assert_eq!(server.admit(&frame(TEXT)), Err(Misdeed::Unmasked));
        assert_eq!(server.admit(&masked), Ok(()));
        assert_eq!(client.admit(&masked), Err(Misdeed::Masked));
        assert_eq!(client.admit(&frame(TEXT)), Ok(()));
    }

    /// RFC 6455 §5.2, RFC 7692 §6; checklist 54, 98 and 99.
    #[test]
    fn reserved_bits_need_an_extension() {
        for rsv in 1..8 {
            let header = FrameHeader { rsv, ..frame(TEXT) };
            assert_eq!(
                client(Rsv1::Reserved, Progress::Between).admit(&header),
                Err(Misdeed::ReservedBits(rsv))
            );
            let agreed = if rsv == RSV1 { Ok(()) } else { Err(Misdeed::ReservedBits(rsv)) };
            assert_eq!(client(Rsv1::Compressed, Progress::Between).admit(&header), agreed);
        }
        for opcode in [PING, OpCode::Continuation] {
            let header = FrameHeader { rsv: RSV1, ..frame(opcode) };
            let refused = client(Rsv1::Compressed, Progress::Inside).admit(&header);
            assert_eq!(refused, Err(Misdeed::CompressedContinuation));
        }
    }

    /// RFC 6455 §5.4; checklist 62 and 63.
    #[test]
    fn messages_do_not_interleave_but_control_frames_pass() {
        let inside = client(Rsv1::Reserved, Progress::Inside);
        let between = client(Rsv1::Reserved, Progress::Between);
        assert_eq!(inside.admit(&frame(TEXT)), Err(Misdeed::StartInsideMessage));
        assert_eq!(inside.admit(&frame(OpCode::Continuation)), Ok(()));
        assert_eq!(
            between.admit(&frame(OpCode::Continuation)),
            Err(Misdeed::ContinuationWithoutStart)
        );
        assert_eq!(inside.admit(&frame(PING)), Ok(()));
    }

    /// RFC 6455 §5.5; checklist 66.
    #[test]
    fn control_frames_are_whole_and_short() {
        let between = client(Rsv1::Reserved, Progress::Between);
        for kind in [Control::Close, Control::Ping, Control::Pong] {
            let header = frame(OpCode::Control(kind));
            assert_eq!(between.admit(&FrameHeader { len: 125, ..header }), Ok(()));
            assert_eq!(
                between.admit(&FrameHeader { len: 126, ..header }),
                Err(Misdeed::ControlTooLong)
            );
            assert_eq!(
                between.admit(&FrameHeader { fin: false, ..header }),
                Err(Misdeed::ControlFragmented)
            );
        }
    }
}
