//! Opens a connection as the case says, as client or as server.

use super::{
    codec::Codec,
    handshake::{self, Asked, Request, agreed, may_refuse, request_flaw, unmet, upgrade_flaw},
    miss::Miss,
    pace::Pace,
    pipe::{Pipe, Waited},
    stall::stalled,
    transcript::Actor,
};
use crate::{
    case::opening::{Answer, Deflate, Entry, Opening, Statuses, Usual},
    wire::{
        extension::Extension,
        http::{Came, Fill, Head},
        key::{accept, fresh_key},
        role::Role,
    },
};
use tokio::time::Instant;

/// The longest head that is waited for.
const HEAD: usize = 256 << 10;

/// What came of an opening.
#[derive(Debug)]
pub(crate) enum Opened {
    /// The connection is open.
    Open(Option<Codec>),
    /// It must end, for what the target was answered.
    Doomed(Leaver),
    /// All was said by the handshake.
    Done,
    /// The case does not apply.
    NotApplicable(String),
}

/// Who ends a connection that must not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaver {
    /// The target, which found the answer wrong.
    Target,
    /// Either of both: the answer was a refusal, which ends by itself.
    Either,
}

/// Where a client's request goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// `ws` or `wss`.
    pub(crate) scheme: &'a str,
    pub(crate) host: &'a str,
    pub(crate) path: &'a str,
    /// What the user wants in every request.
    pub(crate) fields: &'a [(String, String)],
}

impl<'a> Place<'a> {
    /// What stands for the places of a template.
    pub(crate) fn fill(&self, key: &'a str) -> Fill<'a> {
        Fill { scheme: self.scheme, host: self.host, path: self.path, key, accept: "" }
    }
}

/// Without the empty line at its end.
fn unfinished(mut head: Vec<u8>) -> Vec<u8> {
    head.truncate(head.len() - 2);
    head
}

/// Sends a request and reads the answer.
pub(crate) async fn as_client(
    pipe: &mut Pipe,
    place: Place<'_>,
    opening: &Opening,
    pace: Pace,
) -> Result<Opened, Miss> {
    let (head, answer) = match opening {
        Opening::Usual(usual) => (usual_request(usual), None),
        Opening::Request(head, answer) => (head.clone(), Some(answer)),
        Opening::Stalled(head, stall) => {
            let beginning = unfinished(head.bytes(&place.fill(&fresh_key())));
            return stalled(pipe, &beginning, *stall, pace).await.map(|()| Opened::Done);
        }
        Opening::Response(..) | Opening::Overreach(_) => {
            return Ok(Opened::NotApplicable("it is about clients".to_owned()));
        }
    };
    let asked = ask(pipe, place, head, pace).await;
    let came = answer_of(pipe, answer, pace).await?;
    let Some(came) = came else { return Ok(Opened::Done) };
    match (opening, answer) {
        (Opening::Usual(usual), _) => usual_answer(&came, usual),
        (_, Some(answer)) => judge(&came, answer, &asked),
        (_, None) => Ok(Opened::Done),
    }
}

fn usual_request(usual: &Usual) -> Head {
    let offer =
        usual.deflate.as_ref().map(|deflate| ("Sec-WebSocket-Extensions", deflate.offer.clone()));
    usual
        .fields
        .iter()
        .cloned()
        .chain(offer)
        .fold(Head::request(), |head, (name, value)| head.add(name, &value))
}

async fn ask(pipe: &mut Pipe, place: Place<'_>, head: Head, pace: Pace) -> Asked {
    let key = fresh_key();
    let head = place.fields.iter().fold(head, |head, (name, value)| head.add(name, value));
    let bytes = head.bytes(&place.fill(&key));
    write(pipe, "the request", &head, &bytes, pace).await;
    let sent = Came::parse(&bytes).unwrap_or_default();
    let subprotocols = sent.all("Sec-WebSocket-Protocol").flat_map(|line| line.split(','));
    Asked {
        subprotocols: subprotocols.map(|name| name.trim().to_owned()).collect(),
        extensions: Extension::parse(sent.all("Sec-WebSocket-Extensions")),
        key: sent.all("Sec-WebSocket-Key").next().map_or(key, ToOwned::to_owned),
    }
}

async fn write(pipe: &mut Pipe, note: &str, head: &Head, bytes: &[u8], pace: Pace) {
    let until = Instant::now() + pace.bound_for(bytes.len());
    for part in bytes.chunks(head.writes()) {
        pipe.write(note, part, until).await;
        tokio::task::yield_now().await;
    }
}

/// The head of the answer; `None` if the stream ended instead and may.
async fn answer_of(
    pipe: &mut Pipe,
    answer: Option<&Answer>,
    pace: Pace,
) -> Result<Option<Came>, Miss> {
    if let Some(came) = head(pipe, pace).await? {
        pipe.transcript.bytes(Actor::Target, "the answer", &came.raw);
        return Ok(Some(came));
    }
    match answer {
        Some(Answer::Refusal(Statuses::ErrorOrEnd, _) | Answer::Any) => Ok(None),
        Some(Answer::Refusal(..)) => Err(Miss::wrong("the stream ended without an answer of HTTP")),
        Some(Answer::Upgrade(_)) | None => Err(Miss::refused("the stream ended without an answer")),
    }
}

/// Reads a head; `None` if the stream ends before.
pub(crate) async fn head(pipe: &mut Pipe, pace: Pace) -> Result<Option<Came>, Miss> {
    let until = Instant::now() + pace.bound();
    loop {
        if let Some(came) = Came::parse(&pipe.inbox) {
            pipe.inbox.drain(..came.raw.len());
            return Ok(Some(came));
        }
        if pipe.inbox.len() > HEAD {
            return Err(Miss::wrong("a head of more than 256 KiB"));
        }
        if pipe.ended.is_some() {
            return Ok(None);
        }
        if pipe.read(until).await == Waited::InVain {
            return Err(Miss::unanswered("no head of HTTP came within the bound"));
        }
    }
}

fn usual_answer(came: &Came, usual: &Usual) -> Result<Opened, Miss> {
    if came.status() != Some(101) {
        return Err(Miss::refused(format!("a correct request was answered with {:?}", came.first)));
    }
    if let Some(told) = unmet(came, &usual.wishes) {
        return Err(Miss::wrong(told));
    }
    let agreed = agreed(came);
    let Some(deflate) = &usual.deflate else {
        return Ok(Opened::Open(codec(agreed, Role::Client)));
    };
    let Some(agreed) = agreed else {
        return Ok(Opened::NotApplicable(
            "the target did not agree on permessage-deflate".to_owned(),
        ));
    };
    match handshake::lacking(&agreed, &deflate.need) {
        Some(told) => Ok(Opened::NotApplicable(told)),
        None => Ok(Opened::Open(codec(Some(agreed), Role::Client))),
    }
}

fn codec(agreed: Option<Extension>, tester: Role) -> Option<Codec> {
    agreed.map(|agreed| Codec::new(&agreed, tester))
}

fn judge(came: &Came, answer: &Answer, asked: &Asked) -> Result<Opened, Miss> {
    let Some(status) = came.status() else {
        return Err(Miss::wrong(format!("the answer begins with {:?}", came.first)));
    };
    match answer {
        Answer::Upgrade(_) | Answer::Any if status == 101 => {
            let wishes = if let Answer::Upgrade(wishes) = answer { wishes.as_slice() } else { &[] };
            match upgrade_flaw(came, asked).or_else(|| unmet(came, wishes)) {
                Some(told) => Err(Miss::wrong(told)),
                None => Ok(Opened::Open(codec(agreed(came), Role::Client))),
            }
        }
        Answer::Upgrade(_) => Err(Miss::refused(format!("the answer is {:?}", came.first))),
        Answer::Refusal(..) if status == 101 => {
            Err(Miss::accepted("the target upgraded the connection".to_owned()))
        }
        Answer::Any => refused(came, status, Statuses::Error, &[]),
        Answer::Refusal(statuses, wishes) => refused(came, status, *statuses, wishes),
    }
}

fn refused(
    came: &Came,
    status: u16,
    statuses: Statuses,
    wishes: &[crate::case::opening::Wish],
) -> Result<Opened, Miss> {
    if !may_refuse(statuses, status) {
        let told = format!("the target refused with {:?}, not with {statuses:?}", came.first);
        return Err(Miss::wrong(told));
    }
    unmet(came, wishes).map_or(Ok(Opened::Done), |told| Err(Miss::wrong(told)))
}

/// Answers a request that was read already.
pub(crate) async fn as_server(
    pipe: &mut Pipe,
    request: &Came,
    authority: &str,
    opening: &Opening,
    pace: Pace,
) -> Result<Opened, Miss> {
    let behind = pipe.inbox.clone();
    let came = Request { came: request, behind: &behind, authority };
    let (head, codec, entry) = match opening {
        Opening::Usual(usual) => {
            if let Some(told) = request_flaw(came, usual) {
                return Err(Miss::wrong(told));
            }
            match usual_response(request, usual) {
                Ok((head, codec)) => (head, codec, Entry::Open),
                Err(told) => return Ok(Opened::NotApplicable(told)),
            }
        }
        Opening::Response(head, entry) => (head.clone(), None, *entry),
        Opening::Overreach(answer) => match overreach(request, answer) {
            Some(head) => (head, None, Entry::Refused),
            None => return Ok(Opened::NotApplicable("the client's offer allows it".to_owned())),
        },
        Opening::Stalled(head, stall) => {
            let key = request.all("Sec-WebSocket-Key").next().unwrap_or_default();
            let beginning = unfinished(head.bytes(&answer_fill(request, key, &accept(key))));
            return stalled(pipe, &beginning, *stall, pace).await.map(|()| Opened::Done);
        }
        Opening::Request(..) => return Ok(Opened::NotApplicable("it is about servers".to_owned())),
    };
    let leaver = respond(pipe, request, &head, pace).await;
    Ok(match entry {
        Entry::Open => Opened::Open(codec),
        Entry::Refused => Opened::Doomed(leaver),
    })
}

async fn respond(pipe: &mut Pipe, request: &Came, head: &Head, pace: Pace) -> Leaver {
    let key = request.all("Sec-WebSocket-Key").next().unwrap_or_default();
    let bytes = head.bytes(&answer_fill(request, key, &accept(key)));
    write(pipe, "the answer", head, &bytes, pace).await;
    match Came::parse(&bytes).and_then(|head| head.status()) {
        Some(101) => Leaver::Target,
        _ => Leaver::Either,
    }
}

fn answer_fill<'a>(request: &'a Came, key: &'a str, accept: &'a str) -> Fill<'a> {
    let host = request.all("Host").next().unwrap_or_default();
    Fill { scheme: "ws", host, path: request.target(), key, accept }
}

/// An answer that the offer forbids.
fn overreach(request: &Came, answer: &str) -> Option<Head> {
    let deflate = Deflate { offer: String::new(), answer: answer.to_owned(), need: Vec::new() };
    let forbidden = possible(request, &deflate).is_err();
    forbidden.then(|| Head::upgrade().add("Sec-WebSocket-Extensions", answer))
}

fn usual_response(request: &Came, usual: &Usual) -> Result<(Head, Option<Codec>), String> {
    let mut head = Head::upgrade();
    let offered = request.all("Sec-WebSocket-Protocol").next();
    if let Some(first) = offered.and_then(|line| line.split(',').next()) {
        head = head.add("Sec-WebSocket-Protocol", first.trim());
    }
    let Some(deflate) = &usual.deflate else { return Ok((head, None)) };
    let answer = possible(request, deflate)?;
    let head = head.add("Sec-WebSocket-Extensions", &deflate.answer);
    Ok((head, Some(Codec::new(&answer, Role::Server))))
}

/// The case's answer, if the client's offer allows it (RFC 7692 §7.1).
fn possible(request: &Came, deflate: &Deflate) -> Result<Extension, String> {
    let offers = Extension::parse(request.all("Sec-WebSocket-Extensions"));
    let offer = offers.iter().find(|offer| offer.name == handshake::DEFLATE);
    let offer = offer.ok_or("the target did not offer permessage-deflate")?;
    let mut answer = Extension::parse(std::iter::once(deflate.answer.as_str())).into_iter();
    let answer = answer.next().ok_or("the case has no answer")?;
    if answer.has("client_max_window_bits") && !offer.has("client_max_window_bits") {
        return Err("the target did not offer client_max_window_bits".to_owned());
    }
    let most = offer.number("client_max_window_bits").unwrap_or(15);
    if answer.number("client_max_window_bits").is_some_and(|bits| bits > most) {
        return Err(format!("the target offered client_max_window_bits={most}"));
    }
    if offer.has("server_max_window_bits") || offer.has("server_no_context_takeover") {
        let (bits, most) =
            (answer.number("server_max_window_bits"), offer.number("server_max_window_bits"));
        let is_wide = most.is_some_and(|most| bits.unwrap_or(15) > most);
        let drops = answer.has("server_no_context_takeover");
        if is_wide || (offer.has("server_no_context_takeover") && !drops) {
            return Err("the target's offer asks for more than the case answers".to_owned());
        }
    }
    Ok(answer)
}
