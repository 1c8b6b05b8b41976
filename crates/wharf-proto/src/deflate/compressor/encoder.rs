//! Text into blocks (RFC 1951 §3.2.3).

use super::{
    alphabet::{DISTANCES, END, LITERALS, Symbol},
    bits::{BitWriter, Partial},
    block::{Block, Pair},
    code::{Code, DEEPEST, Word},
    effort::Effort,
    fixed::{self, FIXED_DISTANCES, FIXED_LITERALS},
    header::Header,
    history::History,
    search::{LOOKAHEAD, parse},
};
use alloc::vec::Vec;

/// Bits below which a block is not worth codes of its own: telling them takes as much.
const WORTH_CODES: u32 = 400;

/// Bytes of one stored block (RFC 1951 §3.2.4).
const STORED: usize = 0xffff;

/// Writes the blocks of one stream at a time.
pub(in super::super) struct Encoder {
    partial: Partial,
    block: Block,
    literals: Code<LITERALS>,
    distances: Code<DISTANCES>,
    header: Header,
}

/// RFC 1951 §3.2.3, behind the bit that says that more blocks follow.
#[derive(Clone, Copy)]
enum Kind {
    Stored = 0b00,
    Fixed = 0b01,
    Dynamic = 0b10,
}

const KIND_BITS: u32 = 3;

impl Encoder {
    pub(in super::super) fn new() -> Self {
        Self {
            partial: Partial::default(),
            block: Block::new(),
            literals: Code::EMPTY,
            distances: Code::EMPTY,
            header: Header::EMPTY,
        }
    }

    /// Begins a stream.
    pub(in super::super) fn restart(&mut self) {
        self.partial = Partial::default();
        self.block.clear();
    }

    /// Appends `input`, compressed, to `out`; what is left inside comes with the next flush.
    pub(in super::super) fn write(
        &mut self,
        history: &mut History,
        effort: Effort,
        mut input: &[u8],
        out: &mut Vec<u8>,
    ) {
        loop {
            history.take(&mut input);
            let stop = history.bytes.len().saturating_sub(LOOKAHEAD);
            parse(history, stop, effort.good, &mut self.block);
            if input.is_empty() {
                return;
            }
            self.end_block(history, out);
            history.make_room();
        }
    }

    /// Appends all that was left inside, and the beginning of an empty stored block up to a whole byte: what
    /// follows it is the tail that the sender takes off (RFC 7692 §7.2.1).
    pub(in super::super) fn flush(
        &mut self,
        history: &mut History,
        effort: Effort,
        out: &mut Vec<u8>,
    ) {
        parse(history, history.bytes.len(), effort.good, &mut self.block);
        self.end_block(history, out);
        self.partial.write(out, KIND_BITS as usize, |writer| begin(writer, Kind::Stored));
        self.partial.align(out);
    }

    /// Writes what was parsed, as the kind of block that takes the fewest bits.
    fn end_block(&mut self, history: &mut History, out: &mut Vec<u8>) {
        let plain = &history.bytes[history.begun..history.parsed];
        history.begun = history.parsed;
        if plain.is_empty() {
            return;
        }
        let (kind, bits) = self.choose(plain.len());
        match kind {
            Kind::Stored => self.write_stored(plain, out),
            Kind::Fixed | Kind::Dynamic => self.write_coded(kind, bits as usize, plain, out),
        }
        self.block.clear();
    }

    fn choose(&mut self, plain: usize) -> (Kind, u32) {
        let Self { block, literals, distances, header, .. } = self;
        let fixed = fixed::cost(&block.literals, &block.distances) + block.extra;
        let mut best = (Kind::Fixed, fixed);
        if fixed >= WORTH_CODES {
            literals.fit(&block.literals, DEEPEST);
            distances.fit(&block.distances, DEEPEST);
            header.fit(literals, distances);
            let said = literals.cost(&block.literals) + distances.cost(&block.distances);
            let dynamic = header.cost() + said + block.extra;
            if dynamic < fixed {
                best = (Kind::Dynamic, dynamic);
            }
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most 64 KiB")]
        let stored = (plain as u32 + 5) * 8;
        if stored < best.1 { (Kind::Stored, stored) } else { best }
    }

    fn write_stored(&mut self, plain: &[u8], out: &mut Vec<u8>) {
        for piece in plain.chunks(STORED) {
            self.partial.write(out, KIND_BITS as usize, |writer| begin(writer, Kind::Stored));
            self.partial.align(out);
            #[expect(clippy::cast_possible_truncation, reason = "at most 65,535")]
            let len = piece.len() as u16;
            out.extend_from_slice(&len.to_le_bytes());
            out.extend_from_slice(&(!len).to_le_bytes());
            out.extend_from_slice(piece);
        }
    }

    fn write_coded(&mut self, kind: Kind, bits: usize, plain: &[u8], out: &mut Vec<u8>) {
        let Self { partial, block, literals, distances, header, .. } = self;
        let most = partial.count() as usize + KIND_BITS as usize + bits;
        partial.write(out, most, |writer| {
            begin(writer, kind);
            if let Kind::Dynamic = kind {
                header.write(writer);
                Codes { literals: &literals.words, distances: &distances.words }.write(
                    &block.pairs,
                    plain,
                    writer,
                );
            } else {
                Codes { literals: &FIXED_LITERALS, distances: &FIXED_DISTANCES }.write(
                    &block.pairs,
                    plain,
                    writer,
                );
            }
        });
    }
}

fn begin(writer: &mut BitWriter<'_>, kind: Kind) {
    writer.put((kind as u32) << 1, KIND_BITS);
}

/// The words in which a block is said.
struct Codes<'a> {
    literals: &'a [Word; LITERALS],
    distances: &'a [Word; DISTANCES],
}

impl Codes<'_> {
    fn write(&self, pairs: &[Pair], mut plain: &[u8], writer: &mut BitWriter<'_>) {
        for pair in pairs {
            let (literals, rest) = plain.split_at(pair.literals as usize);
            self.put_literals(literals, writer);
            self.put_pair(pair, writer);
            plain = &rest[usize::from(pair.length)..];
        }
        self.put_literals(plain, writer);
        put(writer, self.literals[END]);
        writer.flush();
    }

    #[inline]
    fn put_literals(&self, literals: &[u8], writer: &mut BitWriter<'_>) {
        // Runs are of one or two: more at a time costs more to guess than it saves.
        for &byte in literals {
            put(writer, self.literals[usize::from(byte)]);
            writer.flush();
        }
    }

    /// At most 15 + 5 + 15 + 13 bits.
    #[inline]
    fn put_pair(&self, pair: &Pair, writer: &mut BitWriter<'_>) {
        let length = Symbol::of_length(pair.length);
        put(writer, self.literals[length.symbol as usize]);
        writer.put(length.extra, length.count);
        let distance = Symbol::of_distance(pair.distance);
        put(writer, self.distances[distance.symbol as usize]);
        writer.put(distance.extra, distance.count);
        writer.flush();
    }
}

#[inline]
fn put(writer: &mut BitWriter<'_>, word: Word) {
    writer.put(u32::from(word.bits), u32::from(word.count));
}
