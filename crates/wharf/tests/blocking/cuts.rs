//! Frames cut anywhere, on the way in and on the way out, over streams that know neither timeouts nor threads.

use super::support::{bounded, open};
use std::{
    collections::VecDeque,
    io::{self, ErrorKind, Read, Write},
    sync::{Arc, Mutex},
};
use wharf::{Config, Message, Role, blocking::Stream};
use wharf_testkit::{Frame, Random, join, read_frames};

/// Gives one piece per read, and then the end.
struct Pieces(VecDeque<Vec<u8>>);

impl Pieces {
    fn new(pieces: &[&[u8]]) -> Self {
        Self(pieces.iter().filter(|piece| !piece.is_empty()).map(|piece| piece.to_vec()).collect())
    }
}

impl Read for Pieces {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let Some(piece) = self.0.pop_front() else { return Ok(0) };
        room[..piece.len()].copy_from_slice(&piece);
        Ok(piece.len())
    }
}

/// Takes a few bytes at a time, or none.
#[derive(Clone)]
struct Reluctant(Arc<Mutex<(Random, Vec<u8>)>>);

impl Reluctant {
    fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new((Random::new(seed), Vec::new()))))
    }

    fn written(&self) -> Vec<u8> {
        self.0.lock().unwrap().1.clone()
    }
}

impl Write for Reluctant {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (random, written) = &mut *self.0.lock().unwrap();
        if random.below(20) == 0 {
            return Err(ErrorKind::WouldBlock.into());
        }
        let count = bytes.len().min(1 + random.below(9));
        written.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn stream() -> Vec<u8> {
    let key = [1, 2, 3, 4];
    let frames = [
        Frame::text("he").more(),
        Frame::ping("?"),
        Frame::continuation("y"),
        Frame::binary([9; 200]),
        Frame::text("ü"),
        Frame::close(1000, "bye"),
    ];
    join(&frames.map(|frame| frame.masked(key)))
}

fn received(pieces: &[&[u8]]) -> (Vec<Message>, u16, Vec<u8>) {
    let writer = Reluctant::new(3);
    let io = Stream::from_halves(Pieces::new(pieces), writer.clone());
    let mut socket = open(io, Config::new(Role::Server), Role::Server);
    let messages = socket.by_ref().map(Result::unwrap).collect();
    (messages, socket.ending().unwrap().code(), writer.written())
}

/// RFC 6455 §5.2: a frame is the same wherever the stream cuts it.
#[test]
fn a_frame_cut_anywhere_is_the_same_frame() {
    bounded(|| {
        let bytes = stream();
        let whole = received(&[&bytes]);
        assert_eq!((whole.0.len(), whole.1), (3, 1000));
        let answers = join(&[Frame::pong("?"), Frame::close(1000, "bye")]);
        assert_eq!(whole.2, answers);
        for cut in 1..bytes.len() {
            assert_eq!(received(&[&bytes[..cut], &bytes[cut..]]), whole, "cut at {cut}");
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(received(&single), whole);
    });
}

/// A frame that was written half is no message, and the end is none that was agreed on.
#[test]
fn a_stream_that_ends_anywhere_ends_without_error_and_not_clean() {
    bounded(|| {
        let bytes = stream();
        let whole = received(&[&bytes]).0;
        for cut in 0..bytes.len() {
            let (messages, code, _) = received(&[&bytes[..cut]]);
            assert_eq!(code, 1006, "cut at {cut}");
            assert_eq!(messages, whole[..messages.len()], "cut at {cut}");
        }
    });
}

#[test]
fn what_is_sent_survives_a_stream_that_takes_a_few_bytes_at_a_time() {
    bounded(|| {
        for seed in 0..20 {
            let writer = Reluctant::new(seed);
            let io = Stream::from_halves(Pieces::new(&[]), writer.clone());
            let socket = open(io, Config::new(Role::Server), Role::Server);
            let sent: Vec<Frame> = (0..5).map(|len| Frame::binary(vec![5; len * 300])).collect();
            sent.iter().for_each(|frame| socket.send(&frame.payload).unwrap());
            let written = writer.written();
            assert_eq!(read_frames(&written), (sent, &[][..]));
        }
    });
}

/// One stream for both directions.
struct Both(Pieces, Reluctant);

impl Read for Both {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.0.read(room)
    }
}

impl Write for Both {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.1.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.1.flush()
    }
}

#[test]
fn any_stream_that_reads_and_writes_will_do() {
    bounded(|| {
        let writer = Reluctant::new(1);
        let io = Stream::new(Both(Pieces::new(&[&stream()]), writer.clone()));
        let mut socket = open(io, Config::new(Role::Server), Role::Server);
        assert_eq!(socket.recv().unwrap(), Some(Message::from("hey")));
        socket.send("you").unwrap();
        assert_eq!(socket.close(wharf::CloseCode::NORMAL).code(), 1000);
        let written = writer.written();
        let (frames, rest) = read_frames(&written);
        assert!(rest.is_empty());
        assert_eq!(frames[..2], [Frame::pong("?"), Frame::text("you")]);
    });
}
