//! A case in words.

use crate::{
    case::{
        Case,
        kinds::{Level, Nature},
        opening::{Answer, Entry, Opening, Stall},
        step::{Chunk, Delivery, Patience, Step},
    },
    groups,
    run::plan::Plan,
    wire::role::Role,
};

/// What a list of cases tells of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseInfo {
    /// `group/name`.
    pub id: String,
    /// What is done.
    pub title: String,
    /// How binding the rule is.
    pub level: Level,
    /// Where it stands.
    pub section: &'static str,
    /// Cases of the Autobahn suite that ask the same.
    pub autobahn: Vec<String>,
}

/// The cases of a plan for targets of this role.
pub fn list(plan: &Plan, target: Role) -> Vec<CaseInfo> {
    let info = |case: Case| CaseInfo {
        id: case.id,
        title: case.title,
        level: case.level,
        section: case.section,
        autobahn: case.autobahn,
    };
    plan.cases(target).into_iter().map(info).collect()
}

/// A case in words, line by line: the rule, what is sent, what may come back. `id` may be Autobahn's number.
pub fn explain(id: &str) -> Option<Vec<String>> {
    let named = |case: &Case| case.id == id || case.autobahn.iter().any(|number| number == id);
    groups::all().iter().find(|case| named(case)).map(words)
}

fn words(case: &Case) -> Vec<String> {
    let items: Vec<String> = case.items.iter().map(ToString::to_string).collect();
    let mut lines = vec![
        format!("{}: {}", case.id, case.title),
        format!(
            "  rule      {} {}; checklist {}",
            case.level.name(),
            case.section,
            items.join(", ")
        ),
        format!("  why       {}", case.why),
        format!("  target    {}", nature(case.nature)),
    ];
    if !case.autobahn.is_empty() {
        lines.push(format!("  autobahn  {}", case.autobahn.join(", ")));
    }
    lines.push(format!("  opening   {}", opening(&case.opening)));
    lines.extend(case.script.iter().take(40).flat_map(step));
    if case.script.len() > 40 {
        lines.push(format!("  …         {} more steps", case.script.len() - 40));
    }
    if let Some(census) = case.census {
        lines.push(format!("  at last   of everything that was received in the run: {census:?}"));
    }
    lines
}

const fn nature(nature: Nature) -> &'static str {
    match nature {
        Nature::Accept => "must accept; anything else is a fail",
        Nature::Tolerate => "should accept; a refusal is strict",
        Nature::Refuse => "must refuse; to go on is lax",
    }
}

fn opening(opening: &Opening) -> String {
    match opening {
        Opening::Usual(usual) => match &usual.deflate {
            Some(deflate) => format!("a correct handshake with {}", deflate.offer),
            None => "a correct handshake".to_owned(),
        },
        Opening::Request(head, answer) => {
            let wanted = match answer {
                Answer::Upgrade(wishes) if wishes.is_empty() => {
                    "101, right in every part".to_owned()
                }
                Answer::Upgrade(wishes) => format!("101, right in every part, and {wishes:?}"),
                Answer::Refusal(statuses, wishes) => format!("{statuses:?} and {wishes:?}"),
                Answer::Any => "an upgrade or a refusal".to_owned(),
            };
            format!("{}\n            expects {wanted}", head.shown())
        }
        Opening::Response(head, entry) => {
            let wanted = match entry {
                Entry::Open => "takes the connection for open",
                Entry::Refused => "ends the stream and sends no data",
            };
            format!("{}\n            expects that the client {wanted}", head.shown())
        }
        Opening::Overreach(answer) => format!(
            "an answer with `{answer}`, if the offer forbids it\n            \
             expects that the client ends the stream and sends no data"
        ),
        Opening::Stalled(head, stall) => {
            let then = match stall {
                Stall::Silent => "nothing",
                Stall::Dripping => "one octet after another",
            };
            format!(
                "{}\n            without the empty line at its end, then {then}\n            \
                 expects that the target gives up",
                head.shown()
            )
        }
    }
}

fn step(step: &Step) -> Vec<String> {
    match step {
        Step::Send(chunks, delivery) => {
            let how = match delivery {
                Delivery::Whole => String::new(),
                Delivery::Every(size) => format!(" in writes of {size} bytes"),
                Delivery::Slowly(size, apart) => {
                    format!(" in writes of {size} bytes, {apart:?} apart")
                }
            };
            chunks.iter().map(|chunk| format!("  sends     {}{how}", sent(chunk))).collect()
        }
        Step::Expect(expect, Patience::Usual) => vec![format!("  expects   {expect}")],
        Step::Expect(expect, Patience::AtLeast(time, why)) => {
            vec![format!("  expects   {expect}, for at least {time:?}: {why}")]
        }
        Step::Hope(expect) => vec![format!("  hopes for {expect}, which no RFC demands")],
        Step::Early(codes) => {
            vec![format!(
                "  hopes for a Close with {codes}, or the end, which no RFC demands so early"
            )]
        }
        Step::Unread(frame, count) => vec![
            format!(
                "  sends     {}, {count} times, and reads nothing",
                hex(&frame.bytes(Role::Server))
            ),
            "  expects   that the target takes or answers only a part of it".to_owned(),
        ],
        Step::HalfClose => vec!["  ends      its side of the stream".to_owned()],
    }
}

fn sent(chunk: &Chunk) -> String {
    match chunk {
        // As a server writes it: a client adds a mask.
        Chunk::Frame(frame) => hex(&frame.bytes(Role::Server)),
        Chunk::Many(frame, count) => {
            format!("{}, {count} times", hex(&frame.bytes(Role::Server)))
        }
        Chunk::Begun(frame, upto) => {
            format!(
                "{} without what is behind {upto} bytes of its payload",
                hex(&frame.bytes(Role::Server))
            )
        }
        Chunk::Message(message) => {
            format!(
                "{} message of {} bytes, {:?}, {:?}",
                message.kind.name(),
                message.payload.len(),
                message.packing,
                message.split
            )
        }
        Chunk::Rest => "the rest of the frame".to_owned(),
        Chunk::Bytes(bytes) => hex(bytes),
    }
}

fn hex(bytes: &[u8]) -> String {
    let shown: Vec<String> = bytes.iter().take(32).map(|byte| format!("{byte:02x}")).collect();
    match bytes.len() {
        0..=32 => shown.join(" "),
        all => format!("{} … ({all} bytes)", shown.join(" ")),
    }
}
