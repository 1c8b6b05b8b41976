//! What holds for every input (checklist 52, 59–61, 145).

use proptest::{collection::vec, prelude::*, sample::Index};
use std::time::Duration;
use wharf_proto::{Agreement, Config, Delivery, Message, Now, ProtocolError, Role};
use wharf_testkit::{
    Endpoint, Frame, Got, Length, Random, Writes, byte_by_byte, cuts, every_two_cut, messages,
    mutated_stream, random_cuts, valid_stream,
};

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::Client), Just(Role::Server)]
}

fn streams() -> impl Strategy<Value = Vec<Frame>> {
    prop_oneof![valid_stream(), mutated_stream()]
}

#[cfg(feature = "deflate")]
fn agreements() -> impl Strategy<Value = Agreement> {
    use wharf_proto::{Context, DeflateAgreement, Direction, WindowBits};
    let context = prop_oneof![Just(Context::Takeover), Just(Context::NoTakeover)];
    let direction = (8..=15_u8, context).prop_map(|(bits, context)| Direction {
        window: WindowBits::new(bits).expect("8 to 15"),
        context,
    });
    let deflate = (direction.clone(), direction)
        .prop_map(|(client, server)| DeflateAgreement { client, server });
    prop::option::of(deflate).prop_map(|deflate| {
        let mut agreement = Agreement::default();
        agreement.deflate = deflate;
        agreement
    })
}

#[cfg(not(feature = "deflate"))]
fn agreements() -> impl Strategy<Value = Agreement> {
    Just(Agreement::default())
}

/// What an end tells and answers when these bytes come so.
fn heard(
    agreed: &Agreement,
    role: Role,
    delivery: Delivery,
    feed: impl FnOnce(&mut Endpoint) -> Vec<Got>,
) -> (Vec<Got>, Vec<u8>) {
    let mut config = Config::new(role);
    config.limits.control_burst = 1_000;
    let mut end = Endpoint::with(role, agreed, config);
    end.deliver(delivery);
    let got = feed(&mut end);
    (Got::join_chunks(got), end.drain())
}

/// How many cuts of each stream are tried: with proptest's 256 streams 12,800 in a run.
const CUTS: usize = 50;

proptest! {
    /// RFC 6455 §5.4; checklist 61: any cut of the same bytes gives the same events, errors among them, and
    /// the same answers; told whole and in chunks.
    #[test]
    fn any_cut_of_the_same_bytes_gives_the_same_events(
        agreed in agreements(), role in role(), frames in streams(), seed: u64,
    ) {
        let wire = Endpoint::new(role).on_wire(&frames);
        let whole = heard(&agreed, role, Delivery::Whole, |end| end.feed(&wire));
        let chunks = heard(&agreed, role, Delivery::Chunks, |end| end.feed(&wire));
        // What passes by is not limited as what is held is, and a compressed message that breaks in the
        // middle is found out there, before what stands between its fragments.
        let compressed = frames.iter().any(|frame| frame.rsv != 0);
        let differs = whole.0.iter().any(|got| {
            matches!(got, Got::Failed(ProtocolError::TooBig(_) | ProtocolError::NotDeflate))
                || compressed && *got == Got::Failed(ProtocolError::NotUtf8)
        });
        prop_assert!(differs || chunks == whole, "{:?} is not {:?}", chunks, whole);
        let mut random = Random::new(seed);
        for _ in 0..CUTS {
            let cuts = random_cuts(wire.len(), 12, &mut random);
            let (delivery, expected) = match random.below(2) {
                0 => (Delivery::Whole, &whole),
                _ => (Delivery::Chunks, &chunks),
            };
            let cut = heard(&agreed, role, delivery, |end| end.feed_cut(&wire, &cuts));
            prop_assert!(&cut == expected, "{:?} at {:?}: {:?} is not {:?}", delivery, cuts, cut, expected);
        }
    }

    /// Checklist 61: also where the core offers its own memory to read into.
    #[test]
    fn landing_gives_the_same_events(
        agreed in agreements(), role in role(), kind: bool, mut plain in vec(any::<u8>(), 0..300),
        times in 100..400_usize, broken in prop::option::of(any::<Index>()), cuts in cuts(),
        most in prop_oneof![1_000..5_000_usize, 5_000..80_000_usize],
    ) {
        if kind {
            plain = String::from_utf8_lossy(&plain).into_owned().into_bytes();
        }
        let mut payload = plain.repeat(times);
        if let Some(at) = broken.filter(|_| !payload.is_empty()) {
            let at = at.index(payload.len());
            payload[at] = 0xFF;
        }
        let mut places: Vec<usize> = cuts.iter().take(3).map(|cut| cut.index(payload.len() + 1)).collect();
        places.sort_unstable();
        let mut frames = vec![if kind { Frame::text("") } else { Frame::binary("") }.more()];
        let mut start = 0;
        for place in places {
            frames.push(Frame::continuation(&payload[start..place]).more());
            frames.push(Frame::ping("between"));
            start = place;
        }
        frames.push(Frame::continuation(&payload[start..]));
        let wire = Endpoint::new(role).on_wire(&frames);
        let whole = heard(&agreed, role, Delivery::Whole, |end| end.feed(&wire));
        let landed = heard(&agreed, role, Delivery::Whole, |end| end.feed_landing(&wire, most).0);
        prop_assert!(landed == whole);
    }

    /// RFC 6455 §5, RFC 7692 §6: what one end sends is what the other gets, however it is fragmented,
    /// compressed, written and cut.
    #[test]
    fn what_is_sent_is_what_is_got(
        agreed in agreements(), role in role(), messages in vec(messages(), 1..6),
        fragment in prop::option::of(prop_oneof![1..10_usize, 10..5_000_usize]),
        single: bool, most in 1..50_000_usize, seed: u64,
    ) {
        let mut config = Config::new(role);
        config.fragment = fragment;
        let mut from = Endpoint::with(role, &agreed, config);
        let mut config = Config::new(role.peer());
        config.limits.fragments = u32::MAX;
        let mut to = Endpoint::with(role.peer(), &agreed, config);
        let writes = if single { Writes::Single(most) } else { Writes::Vectored(most) };
        let mut random = Random::new(seed);
        for message in messages {
            from.send(&message).unwrap();
            let wire = from.drain_by(writes);
            let cuts = random_cuts(wire.len(), 6, &mut random);
            let expected = match &message {
                Message::Text(text) => Got::Text(text.to_string()),
                Message::Binary(bytes) => Got::Binary(bytes.to_vec()),
            };
            prop_assert!(to.feed_cut(&wire, &cuts) == [expected]);
        }
    }

    /// RFC 6455 §10.7; checklist 145: noise, half-right headers, then the end or a long silence.
    #[test]
    fn no_input_makes_an_end_panic(
        agreed in agreements(), role in role(), frames in mutated_stream(), noise in vec(any::<u8>(), 0..200),
        cuts in cuts(), chunks: bool, eof: bool,
    ) {
        let mut end = Endpoint::with(role, &agreed, Config::new(role));
        if chunks {
            end.deliver(Delivery::Chunks);
        }
        let wire = [end.on_wire(&frames), noise].concat();
        let cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(wire.len() + 1)).collect();
        end.feed_cut(&wire, &cuts);
        end.drain_frames();
        if eof {
            end.eof();
        }
        end.pass(Duration::from_secs(100));
        end.drain_frames();
        end.close(None);
        end.pass(Duration::from_secs(100));
        prop_assert!(end.connection.ending().is_some(), "it ends, whatever came");
        prop_assert!(end.connection.deadline().is_none());
    }

    /// RFC 6455 §10.4; checklist 59: ten bytes of a stranger, whatever they say and agree on.
    #[test]
    fn ten_bytes_never_make_the_core_hold_more_than_16_kib(
        agreed in agreements(), role in role(), first in prop::sample::select(&[0x01, 0x02, 0x81, 0xC1, 0xC2, 0x41, 0x89][..]),
        rest: [u8; 9], chunks: bool,
    ) {
        let mut end = Endpoint::with(role, &agreed, Config::new(role));
        if chunks {
            end.deliver(Delivery::Chunks);
        }
        let mut bytes = [[first].as_slice(), &rest].concat();
        if role == Role::Server {
            bytes[1] |= 0x80;
        }
        end.feed(&bytes);
        let held = end.connection.inbound().held_bytes() + end.connection.outbox().len();
        prop_assert!(held <= 16 << 10, "{held} bytes for {bytes:02x?}");
    }

    /// RFC 6455 §10.4; checklist 60: memory for what is not complete is in proportion to what has come.
    #[test]
    fn a_message_under_way_holds_at_most_twice_what_came(
        role in role(), text: bool, reads in vec(1..30_000_usize, 1..30), landing: bool,
    ) {
        let mut end = Endpoint::new(role);
        let frame = if text { Frame::text("") } else { Frame::binary("") };
        let frame = frame.length(Length::Claimed(1_000_000));
        let masked = frame.clone().masked([0; 4]);
        end.feed_frames(&[if role == Role::Server { masked } else { frame }]);
        let mut received = 0;
        for read in reads {
            let piece = &vec![b'x'; read];
            received += read;
            if landing {
                end.feed_landing(piece, usize::MAX);
            } else {
                end.feed(piece);
            }
            let held = end.connection.inbound().held_bytes();
            prop_assert!(held <= 2 * received + 256, "{held} bytes for {received}");
        }
    }
}

/// Checklist 61: every way to cut a short stream twice, and byte by byte.
#[test]
fn every_cut_of_a_stream_gives_the_same_events() {
    for role in [Role::Client, Role::Server] {
        let wire = Endpoint::new(role).on_wire(&[
            Frame::text("grü").more(),
            Frame::ping("?"),
            Frame::continuation("n"),
            Frame::binary([7; 130]),
            Frame::pong(""),
            Frame::close(3000, "€"),
        ]);
        let agreed = Agreement::default();
        let whole = heard(&agreed, role, Delivery::Whole, |end| end.feed(&wire));
        assert_eq!(whole.0.len(), 5);
        for cut in every_two_cut(wire.len()).chain([byte_by_byte(wire.len())]) {
            for delivery in [Delivery::Whole, Delivery::Chunks] {
                let heard = heard(&agreed, role, delivery, |end| end.feed_cut(&wire, &cut));
                assert_eq!(heard, whole, "{delivery:?} at {cut:?}");
            }
        }
    }
}

/// Large payloads are written straight into their message, and only the middle of them.
#[test]
fn the_middle_of_a_large_frame_lands_in_its_message() {
    let mut server = Endpoint::server();
    let payload = Random::new(1).bytes(500_000);
    let wire = server.on_wire(&[Frame::binary(payload.clone())]);
    let (got, landed) = server.feed_landing(&wire, 64 << 10);
    assert_eq!(got, [Got::Binary(payload)]);
    assert!(landed > 400_000, "{landed} bytes");
    assert!(server.connection.landing().is_none(), "nothing is under way");
}

/// RFC 6455 §10.3; checklist 52: the seed decides, and another seed decides otherwise.
#[test]
fn another_seed_gives_other_masking_keys() {
    let keys = |seed: u8| {
        let config = std::sync::Arc::new(Config::new(Role::Client));
        let agreed = Agreement::default();
        let now = Now::default();
        let mut client =
            wharf_proto::Connection::new(Role::Client, &agreed, config, [seed; 32], now);
        client.send("x", now).unwrap();
        let wire = bytes::Buf::chunk(client.outbox()).to_vec();
        wharf_testkit::read_frames(&wire).0[0].key
    };
    assert_eq!(keys(1), keys(1));
    assert_ne!(keys(1), keys(2));
}
