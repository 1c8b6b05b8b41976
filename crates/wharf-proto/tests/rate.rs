//! How much a peer may send in a second (checklist 142, 143), in virtual time.

use bytes::Buf;
use std::{
    num::{NonZeroU32, NonZeroU64},
    sync::Arc,
    time::Duration,
};
use wharf_proto::{
    Agreement, CloseCode, CloseReason, Config, Connection, Delivery, End, Input, Kind, Limit, Now,
    OverRate, ProtocolError, Rate, Role,
};
use wharf_testkit::{Frame, Got, join};

const SECOND: Duration = Duration::from_secs(1);

/// A client, because it takes frames without a mask, and what it has not decoded yet.
struct Limited {
    connection: Connection,
    now: Now,
    unread: Vec<u8>,
}

impl Limited {
    fn new(change: impl FnOnce(&mut Rate)) -> Self {
        Self::with(|config| {
            let mut rate = Rate::default();
            change(&mut rate);
            config.limits.rate = Some(rate);
        })
    }

    fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::new(Role::Client);
        change(&mut config);
        let now = Now::new(1000 * SECOND);
        let agreed = Agreement::default();
        let connection = Connection::new(Role::Client, &agreed, Arc::new(config), [7; 32], now);
        Self { connection, now, unread: Vec::new() }
    }

    /// Frames come; what of them is let in now.
    fn feed(&mut self, frames: &[Frame]) -> Vec<Got> {
        self.unread.extend(join(frames));
        self.go_on()
    }

    fn go_on(&mut self) -> Vec<Got> {
        let (mut input, mut got) = (Input::new(&mut self.unread), Vec::new());
        while let Some(event) = self.connection.receive(&mut input, self.now) {
            got.push(Got::of(event));
        }
        let left = input.remaining();
        self.unread.drain(..self.unread.len() - left);
        got
    }

    /// Waits as a driver does: until the moment that the core names, and no longer; what is let in on the way, and when.
    fn pass(&mut self, time: Duration) -> Vec<(Duration, Got)> {
        let (start, until) = (self.now, self.now + time);
        let mut got = Vec::new();
        while let Some(next) = self.connection.deadline().filter(|next| *next <= until) {
            self.now = self.now.max(next);
            let resumes = self.connection.resume_at().is_some_and(|at| at <= self.now);
            self.connection.handle_timeout(self.now);
            if resumes {
                let at = self.now - start;
                got.extend(self.go_on().into_iter().map(|got| (at, got)));
            }
        }
        self.now = until;
        got
    }

    fn sent(&mut self) -> Vec<u8> {
        let bytes = self.connection.outbox().chunk().to_vec();
        assert_eq!(bytes.len(), self.connection.outbox().len(), "one run of frames");
        self.connection.on_written(bytes.len(), self.now);
        bytes
    }
}

fn messages(rate: u32) -> impl FnOnce(&mut Rate) {
    move |limits| limits.messages = NonZeroU32::new(rate)
}

fn numbered(numbers: std::ops::Range<u8>) -> (Vec<Frame>, Vec<Got>) {
    let frames = numbers.clone().map(|number| Frame::binary([number])).collect();
    (frames, numbers.map(|number| Got::Binary(vec![number])).collect())
}

/// Without a rate nothing waits.
#[test]
fn without_a_rate_nothing_waits() {
    let mut end = Limited::with(|_| {});
    let (frames, got) = numbered(0..200);
    assert_eq!(end.feed(&frames), got);
    assert_eq!(end.connection.resume_at(), None);
}

/// Checklist 142: a second's worth at once, then one after the other, in order, and none is lost.
#[test]
fn messages_beyond_the_rate_wait_their_turn() {
    let mut end = Limited::new(messages(10));
    let (frames, mut got) = numbered(0..15);
    let late = got.split_off(10);
    assert_eq!(end.feed(&frames), got);
    let came = end.pass(SECOND);
    let moments = (1..).map(|tenth| Duration::from_millis(100 * tenth));
    assert_eq!(came, moments.zip(late).collect::<Vec<_>>());
}

/// Who was silent has saved a burst and no more.
#[test]
fn what_is_saved_is_a_burst() {
    let mut end = Limited::new(|rate| {
        rate.messages = NonZeroU32::new(10);
        rate.burst = Duration::from_millis(300);
    });
    end.pass(20 * SECOND);
    let (frames, got) = numbered(0..9);
    assert_eq!(end.feed(&frames), got[..3]);
    assert_eq!(end.pass(Duration::from_millis(250)).len(), 2);
}

/// A burst that allows less than a message allows one.
#[test]
fn one_message_is_always_allowed() {
    let mut end = Limited::new(|rate| {
        rate.messages = NonZeroU32::new(1);
        rate.burst = Duration::ZERO;
    });
    let (frames, got) = numbered(0..2);
    assert_eq!(end.feed(&frames), got[..1]);
    assert_eq!(end.pass(SECOND), [(SECOND, got[1].clone())]);
}

/// A message uses up what its bytes cost, and the next waits until they are paid for.
#[test]
fn bytes_beyond_the_rate_wait_their_turn() {
    let mut end = Limited::new(|rate| rate.bytes = NonZeroU64::new(1_000));
    // Four bytes of header each.
    let frames = [Frame::binary([1; 2_996]), Frame::binary([2; 996])];
    assert_eq!(end.feed(&frames), [Got::Binary(vec![1; 2_996])]);
    let came = end.pass(10 * SECOND);
    // 3,000 bytes, and the next header, less one second that was saved; the last byte comes with the next.
    let at = 2 * SECOND + Duration::from_millis(5);
    assert_eq!(came, [(at, Got::Binary(vec![2; 996]))]);
}

/// A long frame is slowed down in its middle, also where it is read into place.
#[test]
fn a_long_frame_is_paced_as_it_comes() {
    let mut end = Limited::new(|rate| rate.bytes = NonZeroU64::new(100_000));
    let frame = Frame::binary(vec![7; 200_000]).bytes();
    end.unread.extend(&frame[..150_000]);
    assert_eq!(end.go_on(), []);
    assert!(end.unread.is_empty(), "what came was within reason");
    assert_eq!(end.go_on(), []);
    let at = end.connection.resume_at().expect("the rest has to wait");
    assert!(at > end.now + SECOND / 2 && at < end.now + SECOND, "{at:?}");
    end.unread.extend(&frame[150_000..]);
    assert_eq!(end.go_on(), []);
    assert_eq!(end.pass(SECOND).len(), 1);
}

/// RFC 6455 §5.5.2: a Ping before what waits is answered at once.
#[test]
fn a_ping_does_not_wait_for_the_rate() {
    let mut end = Limited::new(messages(1));
    let (frames, got) = numbered(0..1);
    assert_eq!(end.feed(&frames), got);
    assert_eq!(end.feed(&[Frame::ping("a")]), [Got::Ping(b"a".into())]);
    assert_eq!(end.sent()[0], 0x8A);
    assert_eq!(end.feed(&[Frame::text("late"), Frame::ping("b")]), []);
    let late = [Got::Text("late".into()), Got::Ping(b"b".into())];
    assert_eq!(end.pass(SECOND), late.map(|got| (SECOND, got)));
}

/// A Close before what waits ends the connection at once.
#[test]
fn a_close_does_not_wait_for_the_rate() {
    let mut end = Limited::new(messages(1));
    end.feed(&numbered(0..1).0);
    assert_eq!(end.feed(&[Frame::close(1000, "")]), [Got::Close(Some((1000, String::new())))]);
}

/// Checklist 76: the silence is our doing, and costs the peer nothing.
#[test]
fn a_peer_that_is_kept_waiting_is_not_taken_for_dead() {
    let mut end = Limited::new(|rate| rate.bytes = NonZeroU64::new(1_000));
    let frames = [Frame::binary([1; 200_000]), Frame::binary([2; 2])];
    assert_eq!(end.feed(&frames).len(), 1);
    let came = end.pass(198 * SECOND);
    assert_eq!((came, end.connection.fault()), (vec![], None));
    assert_eq!(end.sent(), [], "no Ping, which the peer could not be heard to answer");
    assert_eq!(end.pass(3 * SECOND).len(), 1);
    // From then on its silence is its own.
    end.pass(36 * SECOND);
    assert_eq!(end.connection.fault(), None);
    end.pass(5 * SECOND);
    assert!(end.connection.fault().is_some(), "30 s, and 10 s after the Ping");
}

/// The peer's Close may stand behind what waits: closing does not take as long as that.
#[test]
fn who_closes_does_not_wait_for_the_rate() {
    let mut end = Limited::new(messages(1));
    let (mut frames, got) = numbered(0..100);
    frames.push(Frame::close(1000, ""));
    assert_eq!(end.feed(&frames), got[..1]);
    end.connection.close(CloseReason::from(CloseCode::NORMAL), end.now);
    assert_eq!(end.connection.resume_at(), None);
    assert_eq!(end.go_on().len(), 100);
    assert!(end.connection.ending().is_some() || end.connection.deadline().is_some());
    assert!(!end.connection.outbound().is_open());
}

/// Checklist 142: or the peer is told 1008, with the name of the limit.
#[test]
fn a_peer_that_sends_more_than_it_may_can_be_closed() {
    let mut end = Limited::new(|rate| {
        rate.messages = NonZeroU32::new(2);
        rate.over = OverRate::Close;
    });
    let (frames, mut got) = numbered(0..3);
    got[2] = Got::Failed(ProtocolError::TooBig(Limit::MessageRate(2)));
    assert_eq!(end.feed(&frames), got);
    let close = end.sent();
    assert_eq!(close[0], 0x88);

    let mut end = Limited::new(|rate| {
        rate.bytes = NonZeroU64::new(10);
        rate.over = OverRate::Close;
    });
    let error = ProtocolError::TooBig(Limit::ByteRate(10));
    assert_eq!(error.close_code(), CloseCode::POLICY_VIOLATION);
    assert!(error.to_string().contains("limits.rate.bytes"), "{error}");
    let long = Frame::binary([0; 100]);
    assert_eq!(end.feed(&[long.clone(), long])[1..], [Got::Failed(error)]);
}

/// Checklist 143: empty fragments are not free.
#[test]
fn empty_fragments_are_paid_for() {
    let mut end = Limited::new(|rate| {
        rate.bytes = NonZeroU64::new(20);
        rate.over = OverRate::Close;
    });
    let mut frames = vec![Frame::binary([]).more()];
    frames.extend(std::iter::repeat_n(Frame::continuation([]).more(), 20));
    let error = ProtocolError::TooBig(Limit::ByteRate(20));
    assert_eq!(end.feed(&frames), [Got::Failed(error)]);
}

/// A message that is read in chunks waits like one that is read whole; its end is not lost when no byte follows.
#[test]
fn chunks_wait_their_turn_too() {
    let mut end = Limited::new(|rate| rate.bytes = NonZeroU64::new(100));
    end.connection.set_delivery(Delivery::Chunks);
    let frames = [Frame::binary([1; 200]).more(), Frame::continuation([])];
    let start = Got::Chunk(Kind::Binary, vec![], End::More);
    let piece = Got::Chunk(Kind::Binary, vec![1; 200], End::More);
    assert_eq!(end.feed(&frames), [start, piece]);
    let late: Vec<_> = end.pass(5 * SECOND).into_iter().map(|(_, got)| got).collect();
    assert_eq!(late, [Got::Chunk(Kind::Binary, vec![], End::Last)]);
}

/// However the bytes are cut, the same is let in, in the same order.
#[test]
fn cuts_change_nothing() {
    let (frames, expected) = numbered(0..6);
    let wire = join(&frames);
    for size in 1..wire.len() {
        let mut end = Limited::new(messages(3));
        let mut got = Vec::new();
        for piece in wire.chunks(size) {
            end.unread.extend(piece);
            got.extend(end.go_on());
        }
        assert_eq!(got.len(), 3, "{size}");
        got.extend(end.pass(2 * SECOND).into_iter().map(|(_, got)| got));
        assert_eq!(got, expected, "{size}");
    }
}
