//! Waits for what a script expects.

use super::{
    event::{End, Event, code},
    link::{Came, Link, Sent},
    miss::{self, Miss},
    open::Leaver,
};
use crate::{
    case::{
        build::{close_raw, ping, pong},
        expect::{Codes, Expect, Manner},
        kinds::Level,
        step::{Delivery, Patience},
    },
    wire::role::Role,
};
use tokio::time::Instant;

/// What a silent target is asked.
const PROBE: &str = "wharf check: are you there?";

/// Waits for it.
pub(crate) async fn wait(link: &mut Link, expect: &Expect, patience: Patience) -> Result<(), Miss> {
    let mut bound = link.pace().bound_for(size(expect));
    if let Patience::AtLeast(least, _) = patience {
        bound = bound.max(link.pace().at_most(least) + link.pace().bound());
    }
    let until = Instant::now() + bound;
    match expect {
        Expect::Refusal(codes) => {
            let first = probed(link, until).await;
            refusal(link, first, codes, until).await
        }
        Expect::PromptRefusal(codes) => {
            let first = link.next(until).await;
            refusal(link, first, codes, until).await
        }
        Expect::End(manner) => end(link, *manner, until).await,
        Expect::GivenUp => given_up(link, until).await,
        Expect::Leaves(manner) => gone(link, *manner, until).await,
        Expect::Quiet(time) => quiet(link, Instant::now() + *time).await,
        Expect::All(all) => each(link, all, until).await,
        Expect::Message(..) | Expect::Pong(_) | Expect::Close(_) | Expect::OneOf(_) => {
            one(link, expect, until).await.map(drop)
        }
    }
}

/// Waits for what no RFC demands. A target that closes, fails or says nothing instead is remembered for it, and asked on.
pub(crate) async fn hope(link: &mut Link, expect: &Expect) -> Result<(), Miss> {
    match wait(link, expect, Patience::Usual).await {
        Err(miss) if matches!(miss.kind, miss::Kind::Refused | miss::Kind::Silent) => {
            link.lapse.get_or_insert(miss.of(Level::Practice));
            Ok(())
        }
        outcome => outcome,
    }
}

/// What a target does that may fail the connection early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Soon {
    Failed,
    Waits,
}

/// Gives the target time to fail the connection before the rest of what is wrong has come.
pub(crate) async fn early(link: &mut Link, codes: &Codes) -> Result<Soon, Miss> {
    match wait(link, &Expect::PromptRefusal(codes.clone()), Patience::Usual).await {
        Ok(()) => Ok(Soon::Failed),
        Err(miss) if miss.kind == miss::Kind::Silent => {
            link.lapse = Some(miss.of(Level::Practice));
            Ok(Soon::Waits)
        }
        Err(miss) => Err(miss),
    }
}

fn size(expect: &Expect) -> usize {
    match expect {
        Expect::Message(_, payload) => payload.len(),
        Expect::OneOf(all) | Expect::All(all) => all.iter().map(size).sum(),
        Expect::Pong(_)
        | Expect::Close(_)
        | Expect::Refusal(_)
        | Expect::PromptRefusal(_)
        | Expect::Quiet(_)
        | Expect::GivenUp
        | Expect::Leaves(_)
        | Expect::End(_) => 0,
    }
}

/// All of these must come, in any order.
async fn each(link: &mut Link, all: &[Expect], until: Instant) -> Result<(), Miss> {
    let mut rest = all.to_vec();
    while !rest.is_empty() {
        let came = one(link, &Expect::OneOf(rest.clone()), until).await?;
        let place = rest.iter().position(|expect| fits(expect, &came));
        rest.remove(place.expect("one of them matched"));
    }
    Ok(())
}

/// The first event that is not to be skipped must match.
async fn one(link: &mut Link, expect: &Expect, until: Instant) -> Result<Event, Miss> {
    let early = link.early.iter().position(|pong| fits(expect, &Event::Pong(pong.clone())));
    if let Some(place) = early {
        return Ok(Event::Pong(link.early.remove(place)));
    }
    loop {
        let Some(event) = link.next(until).await else {
            return Err(Miss::silent(format!("{expect} did not come within the bound")));
        };
        if fits(expect, &event) {
            return Ok(event);
        }
        match &event {
            Event::Ping(payload) => {
                link.send(&[pong(payload.clone()).into()], Delivery::Whole).await
            }
            Event::Pong(payload) if !link.pongs.contains(payload) => {
                link.early.push(payload.clone())
            }
            Event::Message { .. }
            | Event::Pong(_)
            | Event::Close(_)
            | Event::Broken(_)
            | Event::End(_) => {
                let miss = other(expect, &event);
                link.unread(event);
                return Err(miss);
            }
        }
    }
}

fn fits(expect: &Expect, event: &Event) -> bool {
    match (expect, event) {
        (Expect::Message(kind, payload), Event::Message { kind: came, bytes, .. }) => {
            kind == came && *bytes == payload.to_vec()
        }
        (Expect::Pong(payload), Event::Pong(bytes)) => *bytes == payload.to_vec(),
        (Expect::Close(codes), Event::Close(body)) => body.len() != 1 && codes.include(code(body)),
        (Expect::Refusal(codes), Event::Close(body)) => codes.include(code(body)),
        (Expect::Refusal(_), Event::End(_)) => true,
        (Expect::End(manner) | Expect::Leaves(manner), Event::End(end)) => {
            *manner == Manner::Any || *end == End::Fin
        }
        (Expect::OneOf(all), event) => all.iter().any(|expect| fits(expect, event)),
        _ => false,
    }
}

fn other(expect: &Expect, event: &Event) -> Miss {
    let told = format!("{expect} was expected, {event} came");
    match event {
        // What says that the Close itself was wrong.
        Event::Close(body) if matches!(code(body), Some(1002 | 1007)) => Miss::refused(told),
        // The answer is a Close; its code is the peer's as a rule (RFC 6455 §5.5.1: "typically").
        Event::Close(body) if matches!(expect, Expect::Close(_)) && body.len() != 1 => {
            Miss::wrong(told).of(Level::Should)
        }
        Event::Close(_) | Event::End(_) if !matches!(expect, Expect::Close(_) | Expect::End(_)) => {
            Miss::refused(told)
        }
        Event::Message { .. }
        | Event::Ping(_)
        | Event::Pong(_)
        | Event::Close(_)
        | Event::Broken(_)
        | Event::End(_) => Miss::wrong(told),
    }
}

/// What comes next; a silent target is asked whether it is alive.
/// A connection that must not open must end. Only after the target had time to answer a Ping, which it would if it
/// took the connection for open, does a tester that may leave do so.
pub(crate) async fn doomed(link: &mut Link, leaver: Leaver) -> Result<(), Miss> {
    let until = Instant::now() + link.pace().bound();
    let settled = Instant::now() + link.pace().settle() * 2;
    let mut first = match leaver {
        Leaver::Target => probed(link, until).await,
        Leaver::Either => probed(link, settled).await,
    };
    if first.is_none() && leaver == Leaver::Either {
        link.pipe.shutdown(until).await;
        first = link.next(until).await;
    }
    refusal(link, first, &Codes::Any, until).await
}

async fn probed(link: &mut Link, until: Instant) -> Option<Event> {
    let settle = Instant::now() + link.pace().settle();
    let event = link.next(settle.min(until)).await;
    if event.is_some() {
        return event;
    }
    link.send(&[ping(PROBE).into()], Delivery::Whole).await;
    link.next(until).await
}

/// The target must fail the connection.
async fn refusal(
    link: &mut Link,
    first: Option<Event>,
    codes: &Codes,
    until: Instant,
) -> Result<(), Miss> {
    let mut event = first;
    while let Some(Event::Ping(payload)) = event {
        link.send(&[pong(payload).into()], Delivery::Whole).await;
        event = link.next(until).await;
    }
    match event {
        None => {
            let told = "the target did not fail the connection within the bound";
            Err(Miss::silent(told))
        }
        Some(Event::End(_)) => Ok(()),
        Some(Event::Close(body)) if body.len() != 1 && codes.include(code(&body)) => Ok(()),
        Some(Event::Close(body)) if is_answer(link, &body) => {
            Err(Miss::accepted("the target answered the Close as if it were a good one"))
        }
        // It did fail the connection, which is the MUST; to say why is a SHOULD (RFC 6455 §7.1.7).
        Some(event @ Event::Close(_)) => {
            let told = format!(
                "the target refused with {event}, not with {codes} (a SHOULD of RFC 6455 §7.1.7)"
            );
            Err(Miss::wrong(told).of(Level::Should))
        }
        Some(event) => Err(Miss::accepted(format!("the target went on: {event} came"))),
    }
}

/// Whether a Close is what a good one of the tester's is answered with: the same, or 1000.
fn is_answer(link: &Link, body: &[u8]) -> bool {
    link.closing_body.as_ref().is_some_and(|sent| sent == body || code(body) == Some(1000))
}

/// Nothing but the end may come. A server ends the stream first (RFC 6455 §7.1.1), so the tester does if it is one.
async fn end(link: &mut Link, manner: Manner, until: Instant) -> Result<(), Miss> {
    reply(link).await;
    if link.tester == Role::Server {
        link.pipe.shutdown(until).await;
    }
    gone(link, manner, until).await
}

async fn gone(link: &mut Link, manner: Manner, until: Instant) -> Result<(), Miss> {
    match link.next(until).await {
        None => Err(Miss::silent("the target did not end the stream within the bound")),
        Some(Event::End(End::Reset)) if manner == Manner::Fin => {
            Err(Miss::wrong("the target reset the stream, which may lose what it sent last"))
        }
        Some(Event::End(_)) => Ok(()),
        Some(event) => Err(Miss::wrong(format!("the end was expected, {event} came"))),
    }
}

/// The target must end the stream by itself: nothing that it sends is answered.
async fn given_up(link: &mut Link, until: Instant) -> Result<(), Miss> {
    loop {
        match link.next(until).await {
            None => return Err(Miss::accepted("the target still holds the stream")),
            Some(Event::End(_)) => return Ok(()),
            Some(Event::Close(_) | Event::Ping(_) | Event::Pong(_)) => {}
            Some(event) => return Err(Miss::wrong(format!("the end was expected, {event} came"))),
        }
    }
}

async fn quiet(link: &mut Link, until: Instant) -> Result<(), Miss> {
    match link.next(until).await {
        None => Ok(()),
        Some(event @ Event::End(_)) => {
            Err(Miss::refused(format!("nothing was expected, {event} came")))
        }
        Some(event) => Err(Miss::wrong(format!("nothing was expected, {event} came"))),
    }
}

/// Answers the target's Close, as a good peer does.
pub(crate) async fn reply(link: &mut Link) {
    if link.closing.came == Came::Close && link.closing.sent == Sent::Nothing {
        link.send(&[close_raw(&1000_u16.to_be_bytes()).into()], Delivery::Whole).await;
    }
}

/// Leaves politely; nothing is judged any more.
pub(crate) async fn farewell(link: &mut Link) {
    let until = Instant::now() + link.pace().farewell();
    if link.closing.sent == Sent::Nothing {
        link.send(&[close_raw(&1000_u16.to_be_bytes()).into()], Delivery::Whole).await;
    }
    while link.closing.came == Came::Nothing || link.tester == Role::Client {
        match link.next(until).await {
            None | Some(Event::End(_)) => break,
            Some(_) => {}
        }
    }
    link.pipe.shutdown(until).await;
    while let Some(event) = link.next(until).await {
        if matches!(event, Event::End(_)) {
            break;
        }
    }
}
