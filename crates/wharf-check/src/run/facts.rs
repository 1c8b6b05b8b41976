//! What a target sent, as far as rules about all of it go.

use crate::{
    case::census::Census,
    wire::{
        frame::opcode,
        key::is_key,
        read::{Form, Received},
        role::Role,
    },
};
use std::collections::HashSet;

/// How many masking keys are kept: enough to see that they repeat.
const KEYS: usize = 20_000;

/// Facts of one connection, or of all.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    breaches: Vec<(Census, String)>,
    keys: Vec<[u8; 4]>,
    handshake_keys: Vec<String>,
    frames: usize,
    order: Order,
}

/// What may come next on a connection.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Order {
    #[default]
    Between,
    Within,
    Closed,
}

impl Facts {
    /// A client's key came.
    pub(crate) fn handshake_key(&mut self, key: &str) {
        if !is_key(key) {
            let told = format!("the key {key:?} is not 16 bytes in base64");
            self.breach(Census::FreshHandshakeKeys, told);
        }
        self.handshake_keys.push(key.to_owned());
    }

    /// A frame came. `owned` are the reserved bits that an extension owns.
    pub(crate) fn frame(&mut self, frame: &Received, owned: u8) {
        self.frames += 1;
        match frame.key {
            Some(key) if self.keys.len() < KEYS => self.keys.push(key),
            Some(_) => {}
            None => self.breach(Census::AllMasked, told(frame, "is not masked")),
        }
        if frame.key.is_some() {
            self.breach(Census::NoneMasked, told(frame, "is masked"));
        }
        if frame.form == Form::Longer {
            self.breach(Census::ShortestLengths, told(frame, "has its length in too many bits"));
        }
        self.bits(frame, owned);
        self.control(frame);
        self.order(frame);
    }

    fn bits(&mut self, frame: &Received, owned: u8) {
        let is_first = matches!(frame.opcode(), opcode::TEXT | opcode::BINARY);
        let allowed = if is_first { owned } else { 0 };
        if frame.reserved() & !allowed != 0 {
            self.breach(Census::ReservedBits, told(frame, "has reserved bits"));
        }
        if !matches!(frame.opcode(), 0..=2 | 8..=10) {
            self.breach(Census::KnownOpcodes, told(frame, "has no opcode of RFC 6455"));
        }
    }

    fn control(&mut self, frame: &Received) {
        if frame.is_control() && (!frame.is_final() || frame.payload.len() > 125) {
            self.breach(Census::SmallControls, told(frame, "is too long or not final"));
        }
        if frame.opcode() == opcode::CLOSE
            && let Some(flaw) = close_flaw(&frame.payload)
        {
            self.breach(Census::SendableCodes, flaw);
        }
    }

    fn order(&mut self, frame: &Received) {
        let next = match (self.order, frame.opcode()) {
            (Order::Closed, _) => {
                self.breach(Census::NothingAfterClose, told(frame, "came behind a Close"));
                Order::Closed
            }
            (_, opcode::CLOSE) => Order::Closed,
            (order, 8..) => order,
            (order, code) => {
                if (order == Order::Within) != (code == opcode::CONTINUATION) {
                    self.breach(Census::FragmentsInOrder, told(frame, "is out of order"));
                }
                if frame.is_final() { Order::Between } else { Order::Within }
            }
        };
        self.order = next;
    }

    fn breach(&mut self, census: Census, told: String) {
        if !self.breaches.iter().any(|(known, _)| *known == census) {
            self.breaches.push((census, told));
        }
    }

    /// Takes the facts of one connection; `whose` names it.
    pub(crate) fn merge(&mut self, other: Self, whose: &str) {
        for (census, told) in other.breaches {
            self.breach(census, format!("{told} (in {whose})"));
        }
        let room = KEYS.saturating_sub(self.keys.len());
        self.keys.extend(other.keys.into_iter().take(room));
        self.handshake_keys.extend(other.handshake_keys);
        self.frames += other.frames;
    }

    /// What breaks this rule, if anything does.
    pub(crate) fn judge(&self, census: Census) -> Option<String> {
        let known = self.breaches.iter().find(|(known, _)| *known == census);
        let known = known.map(|(_, told)| told.clone());
        if known.is_some() {
            return known;
        }
        if census == Census::KeysDiffer { self.repeated_mask() } else { self.repeated_key(census) }
    }

    /// Of 20,000 random keys 0.05 pairs are equal on average; three pairs come once in 50,000 runs.
    fn repeated_mask(&self) -> Option<String> {
        let distinct: HashSet<_> = self.keys.iter().collect();
        let equal = self.keys.len() - distinct.len();
        let zero = self.keys.iter().filter(|key| **key == [0; 4]).count();
        let told = format!(
            "of {} masking keys {equal} were seen before, {zero} are zero",
            self.keys.len()
        );
        (equal > 2 || zero > 1 || self.is_counter()).then_some(told)
    }

    /// Each key follows from the one before by the same step.
    fn is_counter(&self) -> bool {
        let step = |pair: &[[u8; 4]]| {
            u32::from_be_bytes(pair[1]).wrapping_sub(u32::from_be_bytes(pair[0]))
        };
        let steps: HashSet<u32> = self.keys.windows(2).map(step).collect();
        self.keys.len() > 8 && steps.len() < self.keys.len() / 2
    }

    fn repeated_key(&self, census: Census) -> Option<String> {
        if census != Census::FreshHandshakeKeys {
            return None;
        }
        let mut seen = HashSet::new();
        let again = self.handshake_keys.iter().find(|key| !seen.insert(key.as_str()))?;
        Some(format!("the key {again:?} came more than once"))
    }

    /// Whether these facts say anything about this rule.
    pub(crate) fn know_of(&self, census: Census, target: Role) -> bool {
        let is_about_keys = census == Census::KeysDiffer;
        if census == Census::FreshHandshakeKeys {
            return self.handshake_keys.len() > 1;
        }
        self.frames > 0 && (!is_about_keys || (target == Role::Client && self.keys.len() > 1))
    }
}

fn told(frame: &Received, what: &str) -> String {
    format!("a frame ({}) {what}", super::event::describe(frame))
}

/// What makes the body of a Close frame unfit for the wire (RFC 6455 §5.5.1, §7.4).
fn close_flaw(body: &[u8]) -> Option<String> {
    let Some((code, reason)) = body.split_first_chunk() else {
        return (!body.is_empty()).then(|| "a Close has a body of one byte".to_owned());
    };
    let code = u16::from_be_bytes(*code);
    if matches!(code, 0..1000 | 1004..=1006 | 1015..3000 | 5000..) {
        return Some(format!("a Close has the code {code}, which is never on the wire"));
    }
    str::from_utf8(reason).is_err().then(|| "the reason of a Close is not UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{frame::Frame, read::Reader};

    fn facts(sender: Role, frames: &[Frame]) -> Facts {
        let (mut reader, mut facts) = (Reader::default(), Facts::default());
        frames.iter().for_each(|frame| reader.push(&frame.bytes(sender)));
        while let Ok(Some(frame)) = reader.next() {
            facts.frame(&frame, 0);
        }
        facts
    }

    #[test]
    fn good_frames_break_nothing() {
        let good = [
            Frame::new(1, "a").unfinished(),
            Frame::new(9, ""),
            Frame::new(0, "b"),
            Frame::new(8, &[3, 232]),
        ];
        let facts = facts(Role::Server, &good);
        for census in [
            Census::NoneMasked,
            Census::FragmentsInOrder,
            Census::SendableCodes,
            Census::NothingAfterClose,
        ] {
            assert_eq!(facts.judge(census), None);
        }
        assert!(facts.judge(Census::AllMasked).is_some());
    }

    #[test]
    fn each_breach_is_found() {
        let found = |frames: &[Frame], census| facts(Role::Server, frames).judge(census).is_some();
        assert!(found(&[Frame::new(0, "")], Census::FragmentsInOrder));
        assert!(found(
            &[Frame::new(1, "").unfinished(), Frame::new(2, "")],
            Census::FragmentsInOrder
        ));
        assert!(found(&[Frame::new(8, ""), Frame::new(1, "")], Census::NothingAfterClose));
        assert!(found(&[Frame::new(8, &[3, 237])], Census::SendableCodes));
        assert!(found(&[Frame::new(3, "")], Census::KnownOpcodes));
        assert!(found(&[Frame::new(9, "").reserved(0x40)], Census::ReservedBits));
        assert!(found(&[Frame::new(9, "").unfinished()], Census::SmallControls));
    }

    #[test]
    fn keys_that_repeat_or_count_are_found() {
        let judged =
            |keys: Vec<[u8; 4]>| Facts { keys, ..Facts::default() }.judge(Census::KeysDiffer);
        assert!(judged(vec![[1, 2, 3, 4]; 5]).is_some());
        assert!(judged((0..20_u32).map(u32::to_be_bytes).collect()).is_some());
        assert!(judged((0..20).map(|_| crate::wire::key::random()).collect()).is_none());
    }
}
