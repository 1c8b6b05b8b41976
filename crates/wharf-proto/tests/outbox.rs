//! The outbox against a model: whatever is queued and however little is written at a time, whole frames come
//! out, data in order, and no control frame is lost (RFC 6455 §5.4, §5.5).

use proptest::{collection::vec, prelude::*};
use wharf_proto::{Config, ControlPayload, End, Kind, Role};
use wharf_testkit::{Endpoint, Frame, Writes, opcode, read_frames};

/// What a user, a peer and a transport do.
#[derive(Debug, Clone)]
enum Op {
    Send(usize),
    Fragments(usize),
    PeerPings,
    Ping,
    UserPong,
    Write(Writes),
}

fn op() -> impl Strategy<Value = Op> {
    let len = prop_oneof![4 => 0..200_usize, 2 => 10_000..20_000_usize, 1 => 60_000..90_000_usize];
    let writes = (any::<bool>(), prop_oneof![1..20_usize, 1..3_000_usize, 1..100_000_usize]);
    prop_oneof![
        4 => len.prop_map(Op::Send),
        1 => (0..2_000_usize).prop_map(Op::Fragments),
        2 => Just(Op::PeerPings),
        1 => Just(Op::Ping),
        1 => Just(Op::UserPong),
        6 => writes.prop_map(|(single, most)| {
            Op::Write(if single { Writes::Single(most) } else { Writes::Vectored(most) })
        }),
    ]
}

const ROOM: &str = "it is open, and there is room";

/// What must come out.
struct Model {
    end: Endpoint,
    wire: Vec<u8>,
    in_turn: Vec<Frame>,
    pings: u64,
    own: Vec<u64>,
}

impl Model {
    fn new(role: Role) -> Self {
        let mut config = Config::new(role);
        config.limits.control_burst = u32::MAX;
        config.limits.outbox = 300_000;
        let end = Endpoint::with(role, &Default::default(), config);
        Self { end, wire: Vec::new(), in_turn: Vec::new(), pings: 0, own: Vec::new() }
    }

    fn run(&mut self, op: Op) {
        let (now, number) = (self.end.now(), self.in_turn.len() as u64);
        match op {
            Op::Send(len) => {
                let mut payload = vec![0; len];
                payload.splice(..0, number.to_be_bytes());
                if self.end.send(payload.clone()).is_ok() {
                    self.in_turn.push(Frame::binary(payload));
                }
            }
            Op::Fragments(len) => {
                let outbound = self.end.connection.outbound();
                if outbound.refusal(2 * len + 100).is_none() {
                    let payload = vec![1; len];
                    outbound.begin_message(Kind::Binary).expect(ROOM);
                    outbound.write_fragment(&payload, End::More, now).expect(ROOM);
                    outbound.write_fragment(&payload, End::Last, now).expect(ROOM);
                    self.in_turn.push(Frame::binary(payload.clone()).more());
                    self.in_turn.push(Frame::continuation(payload));
                }
            }
            Op::PeerPings => {
                self.pings += 1;
                self.end.feed_frames(&[Frame::ping(self.pings.to_be_bytes())]);
            }
            Op::Ping => {
                self.own.push(self.own.len() as u64 + 1);
                self.end.connection.outbound().ping(now).expect(ROOM);
            }
            Op::UserPong => {
                let payload = ControlPayload::new(b"by the user").expect("it is short");
                if self.end.connection.outbound().pong_with(&payload, now).is_ok() {
                    self.in_turn.push(Frame::pong("by the user"));
                }
            }
            Op::Write(writes) => self.wire.extend(self.end.write(writes)),
        }
    }

    /// RFC 6455 §5.5.3: answers may be left out, but never the last, and never their order.
    fn check(mut self) -> Result<(), TestCaseError> {
        self.wire.extend(self.end.drain());
        let (frames, rest) = read_frames(&self.wire);
        prop_assert!(rest.is_empty(), "whole frames only");
        let (mut in_turn, mut answers, mut own) = (Vec::new(), Vec::new(), Vec::new());
        for frame in frames {
            let number =
                frame.payload.first_chunk::<8>().map_or(0, |octets| u64::from_be_bytes(*octets));
            match (frame.opcode, frame.payload.len()) {
                (opcode::PONG, 8) => answers.push(number),
                (opcode::PING, 8) => own.push(number),
                _ => in_turn.push(Frame { key: None, ..frame }),
            }
        }
        prop_assert!(in_turn == self.in_turn, "all data, in order, and nothing else");
        prop_assert!(answers.is_sorted_by(|a, b| a < b), "{:?}", answers);
        prop_assert_eq!(answers.last().copied().unwrap_or(0), self.pings);
        prop_assert!(own.is_sorted_by(|a, b| a < b), "{:?}", own);
        prop_assert_eq!(own.last(), self.own.last());
        Ok(())
    }
}

proptest! {
    /// RFC 6455 §5.4, §5.5; checklist 63, 65, 73, 74.
    #[test]
    fn whole_frames_come_out_in_order_and_no_control_frame_is_lost(
        client: bool,
        ops in vec(op(), 0..60),
    ) {
        let mut model = Model::new(if client { Role::Client } else { Role::Server });
        for op in ops {
            model.run(op);
            // The limit, one frame header for what was let in on top; 32 answers, one Ping, and a control
            // frame that is being written.
            let outbox = model.end.connection.outbox();
            prop_assert!(outbox.data_len() <= 300_000 + 131 + 14, "{}", outbox.data_len());
            prop_assert!(outbox.len() - outbox.data_len() <= 34 * 131);
        }
        model.check()?;
    }
}
