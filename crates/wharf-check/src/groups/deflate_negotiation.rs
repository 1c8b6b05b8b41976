//! permessage-deflate is agreed on, or not (RFC 7692 §5, §7.1).

use crate::{
    case::{
        Case,
        build::{deflated, echo, expect_text, send},
        kinds::Group,
        message::Kind,
        opening::{Answer, Entry, Opening, Param, Statuses, Wish},
    },
    wire::{http::Head, role::Role},
};

/// The header.
const EXTENSIONS: &str = "Sec-WebSocket-Extensions";

/// Offers that must be declined: a name, the parameters, and what is wrong with them.
const BAD_OFFERS: [(&str, &str, &str); 19] = [
    ("offer-unknown", "x_unknown", "an unknown parameter"),
    ("offer-unknown-value", "x_unknown=10", "an unknown parameter with a value"),
    ("offer-server-context-value", "server_no_context_takeover=1", "a value where none belongs"),
    ("offer-client-context-value", "client_no_context_takeover=true", "a value where none belongs"),
    (
        "offer-server-context-twice",
        "server_no_context_takeover; server_no_context_takeover",
        "a parameter twice",
    ),
    (
        "offer-client-context-twice",
        "client_no_context_takeover; client_no_context_takeover",
        "a parameter twice",
    ),
    (
        "offer-server-window-twice",
        "server_max_window_bits=10; server_max_window_bits=10",
        "a window twice",
    ),
    (
        "offer-client-window-twice",
        "client_max_window_bits; client_max_window_bits=10",
        "a window twice",
    ),
    ("offer-server-window-bare", "server_max_window_bits", "a window without bits"),
    ("offer-server-window-0", "server_max_window_bits=0", "a window of 0 bits"),
    ("offer-server-window-7", "server_max_window_bits=7", "a window of 7 bits"),
    ("offer-server-window-16", "server_max_window_bits=16", "a window of 16 bits"),
    ("offer-server-window-1000", "server_max_window_bits=1000", "a window of 1,000 bits"),
    ("offer-server-window-09", "server_max_window_bits=09", "a leading zero"),
    ("offer-server-window-plus", "server_max_window_bits=+9", "a sign before the bits"),
    ("offer-server-window-hex", "server_max_window_bits=0xa", "bits that are not decimal"),
    ("offer-client-window-7", "client_max_window_bits=7", "a window of 7 bits"),
    ("offer-client-window-16", "client_max_window_bits=16", "a window of 16 bits"),
    ("offer-client-window-09", "client_max_window_bits=09", "a leading zero"),
];

/// Answers that no client may take, whatever it offered.
const BAD_ANSWERS: [(&str, &str, &str, &[u8]); 18] = [
    ("answer-unknown", "permessage-deflate; x_unknown", "an unknown parameter", &[101]),
    (
        "answer-server-context-value",
        "permessage-deflate; server_no_context_takeover=1",
        "a value where none belongs",
        &[101, 103],
    ),
    (
        "answer-client-context-value",
        "permessage-deflate; client_no_context_takeover=0",
        "a value where none belongs",
        &[101, 103],
    ),
    (
        "answer-server-context-twice",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "a parameter twice",
        &[101],
    ),
    (
        "answer-client-context-twice",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
        "a parameter twice",
        &[101],
    ),
    (
        "answer-server-window-twice",
        "permessage-deflate; server_max_window_bits=12; server_max_window_bits=12",
        "a window twice",
        &[101],
    ),
    (
        "answer-server-window-bare",
        "permessage-deflate; server_max_window_bits",
        "a window without bits",
        &[101, 102],
    ),
    (
        "answer-server-window-7",
        "permessage-deflate; server_max_window_bits=7",
        "a window of 7 bits",
        &[101, 102],
    ),
    (
        "answer-server-window-16",
        "permessage-deflate; server_max_window_bits=16",
        "a window of 16 bits",
        &[101, 102],
    ),
    (
        "answer-server-window-1000",
        "permessage-deflate; server_max_window_bits=1000",
        "a window of 1,000 bits, which once crashed a client",
        &[101, 102],
    ),
    (
        "answer-server-window-09",
        "permessage-deflate; server_max_window_bits=09",
        "a leading zero",
        &[101, 102],
    ),
    (
        "answer-server-window-plus",
        "permessage-deflate; server_max_window_bits=+9",
        "a sign before the bits",
        &[101, 102],
    ),
    (
        "answer-client-window-bare",
        "permessage-deflate; client_max_window_bits",
        "a window without bits",
        &[101, 106],
    ),
    (
        "answer-client-window-7",
        "permessage-deflate; client_max_window_bits=7",
        "a window of 7 bits",
        &[101, 102],
    ),
    (
        "answer-client-window-16",
        "permessage-deflate; client_max_window_bits=16",
        "a window of 16 bits",
        &[101, 107],
    ),
    ("answer-twice", "permessage-deflate, permessage-deflate", "the extension twice", &[99]),
    (
        "answer-twice-apart",
        "permessage-deflate; server_max_window_bits=10, permessage-deflate",
        "the extension twice, once with a window",
        &[99],
    ),
    (
        "answer-with-another",
        "permessage-deflate, x-unheard-of",
        "an extension beside it that no client offered",
        &[25, 99],
    ),
];

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    [offers(), lists(), windows(), bad_offers(), broken_offers(), answers(), overreach()].concat()
}

fn case(name: &str, title: &str) -> Case {
    Case::new(Group::DeflateNegotiation, name, title)
}

/// A request with this offer, and what the answer must have.
fn offer(name: &str, title: &str, offer: &str, wish: Wish) -> Case {
    case(name, title)
        .only(Role::Server)
        .opening(Opening::Request(
            Head::request().add(EXTENSIONS, offer),
            Answer::Upgrade(vec![wish]),
        ))
        .script(echo("after an offer"))
}

/// What an offer must be answered with, if it is taken.
fn offers() -> Vec<Case> {
    let lacks_client_bits = Param::Lacks("client_max_window_bits");
    vec![
        offer(
            "plain-offer",
            "an offer without parameters",
            "permessage-deflate",
            Wish::DeclinedOr(vec![lacks_client_bits]),
        )
        .rule(
            "RFC 7692 §7.1.2.2",
            &[106],
            "A client that did not offer a bound need not know one",
        ),
        offer(
            "unknown-extension",
            "an offer of an unknown extension",
            "x-unheard-of; a=1; b=\"2\"",
            Wish::Lacks(EXTENSIONS),
        )
        .rule("RFC 6455 §9.1", &[42, 44], "An offer that nobody knows is no fault"),
        offer(
            "server-context",
            "server_no_context_takeover is offered",
            "permessage-deflate; server_no_context_takeover",
            Wish::DeclinedOr(vec![Param::Has("server_no_context_takeover"), lacks_client_bits]),
        )
        .rule(
            "RFC 7692 §7.1.1.1",
            &[108],
            "Who takes the offer has to say so, and to keep to it",
        ),
        offer(
            "client-context",
            "client_no_context_takeover is offered",
            "permessage-deflate; client_no_context_takeover",
            Wish::DeclinedOr(vec![lacks_client_bits]),
        )
        .rule(
            "RFC 7692 §7.1.1.2",
            &[108, 106],
            "A hint of the client's, which the server may use",
        ),
    ]
}

/// Offers that work once they are taken.
fn lists() -> Vec<Case> {
    vec![
        taken(
            "plain-offer-used",
            "an offer without parameters, and a compressed message",
            "permessage-deflate",
        )
        .rule("RFC 7692 §7.1", &[98, 110], "What was agreed on has to work"),
        taken(
            "second-offer",
            "a bad offer, then a good one",
            "permessage-deflate; x_unknown, permessage-deflate",
        )
        .rule("RFC 7692 §5.1", &[44, 100], "The next offer counts when one is declined"),
        taken(
            "second-extension",
            "an unknown extension, then a good offer",
            "x-unheard-of, permessage-deflate",
        )
        .rule("RFC 6455 §9.1", &[44, 100], "An extension that nobody knows hides no other"),
        taken(
            "three-offers",
            "three offers, from the one that asks most to the one that asks least",
            "permessage-deflate; server_no_context_takeover; server_max_window_bits=9, \
             permessage-deflate; server_no_context_takeover, permessage-deflate",
        )
        .rule("RFC 7692 §5.1", &[44, 100], "Clients list their wishes in order"),
        taken(
            "quoted-client-window",
            "client_max_window_bits in quotes",
            "permessage-deflate; client_max_window_bits=\"15\"",
        )
        .rule("RFC 6455 §9.1", &[102], "A quoted value means what the token means"),
    ]
}

/// An offer that those who know permessage-deflate take; a compressed message shows that it works.
fn taken(name: &str, title: &str, offer: &str) -> Case {
    let hello = "offered and taken";
    case(name, title)
        .only(Role::Server)
        .deflate(offer, "", &[])
        .script([send(deflated(Kind::Text, hello)), expect_text(hello)])
}

/// Each size of the server's window, and of the client's.
fn windows() -> Vec<Case> {
    let server = (8..=15).map(|bits| {
        let wish = Wish::DeclinedOr(vec![Param::AtMost("server_max_window_bits", bits)]);
        let asked = format!("permessage-deflate; server_max_window_bits={bits}");
        offer(
            &format!("server-window-{bits}"),
            &format!("a server's window of {bits} bits"),
            &asked,
            wish,
        )
        .rule(
            "RFC 7692 §7.1.2.1",
            &[104],
            "A client that has less memory cannot inflate more",
        )
    });
    let client = (8..=15).map(|bits| {
        let asked = format!("permessage-deflate; client_max_window_bits={bits}");
        offer(
            &format!("client-window-{bits}"),
            &format!("a client's window of {bits} bits"),
            &asked,
            Wish::DeclinedOr(Vec::new()),
        )
        .rule("RFC 7692 §7.1.2.2", &[106], "A client may say how much it uses at most")
    });
    server.chain(client).collect()
}

fn bad_offers() -> Vec<Case> {
    let bad = |&(name, parameters, what): &(&str, &str, &str)| {
        offer(
            name,
            &format!("an offer with {what}"),
            &format!("permessage-deflate; {parameters}"),
            Wish::Declined,
        )
        .rule("RFC 7692 §7.1", &[100, 102, 103], "What was not understood cannot be kept to")
        .tolerate()
    };
    BAD_OFFERS.iter().map(bad).collect()
}

/// Offers that are not even a list of extensions.
fn broken_offers() -> Vec<Case> {
    let broken = [
        ("offer-value-missing", "permessage-deflate; server_max_window_bits="),
        ("offer-value-quoted-empty", "permessage-deflate; server_max_window_bits=\"\""),
        ("offer-value-quoted-space", "permessage-deflate; server_max_window_bits=\" 9\""),
        ("offer-quote-open", "permessage-deflate; server_max_window_bits=\"10"),
        ("offer-parameter-missing", "permessage-deflate; ; client_max_window_bits"),
        ("offer-name-missing", "; client_max_window_bits"),
    ];
    let refused = |(name, offer): (&str, &str)| {
        case(name, &format!("the offer `{offer}`"))
            .rule(
                "RFC 6455 §9.1",
                &[43, 102],
                "A header that breaks the grammar fails the handshake",
            )
            .only(Role::Server)
            .refuse()
            .opening(Opening::Request(
                Head::request().add(EXTENSIONS, offer),
                Answer::Refusal(Statuses::Error, Vec::new()),
            ))
    };
    broken.into_iter().map(refused).collect()
}

/// Answers to a client, good and bad.
fn answers() -> Vec<Case> {
    let hello = "agreed and used";
    let used = |name: &str, title: &str, answer: &str| {
        case(name, title)
            .only(Role::Client)
            .deflate("", answer, &[])
            .script([send(deflated(Kind::Text, hello)), expect_text(hello)])
    };
    let windows = (8..=15).map(|bits| {
        let answer = format!("permessage-deflate; server_max_window_bits={bits}");
        used(
            &format!("answer-server-window-{bits}"),
            &format!("the server uses {bits} bits"),
            &answer,
        )
        .rule(
            "RFC 7692 §7.1.2.1",
            &[105],
            "A server may use less unasked; who inflates 15 bits inflates 8",
        )
    });
    let more = [
        used("answer-plain", "an answer without parameters", "permessage-deflate").rule(
            "RFC 7692 §7.1",
            &[101],
            "The plain answer accepts any plain offer",
        ),
        used(
            "answer-server-context",
            "the server drops its context unasked",
            "permessage-deflate; server_no_context_takeover",
        )
        .rule("RFC 7692 §7.1.1.1", &[101], "A server may promise more than it was asked"),
        used(
            "answer-client-context",
            "the server asks the client to drop its context",
            "permessage-deflate; client_no_context_takeover",
        )
        .rule("RFC 7692 §7.1.1.2", &[101, 108], "A server may ask for it unprompted"),
        used(
            "answer-quoted-window",
            "server_max_window_bits in quotes",
            "permessage-deflate; server_max_window_bits=\"10\"",
        )
        .rule("RFC 6455 §9.1", &[102], "A quoted value means what the token means"),
        bad_answer(
            "answer-unoffered-extension",
            "x-unheard-of",
            "an extension that no client offered",
            &[25],
        ),
        bad_answer(
            "answer-broken",
            "permessage-deflate;",
            "a parameter without a name",
            &[43, 101],
        ),
    ];
    let bad =
        BAD_ANSWERS.iter().map(|(name, answer, what, items)| bad_answer(name, answer, what, items));
    windows.chain(more).chain(bad).collect()
}

fn bad_answer(name: &str, answer: &str, what: &str, items: &[u8]) -> Case {
    case(name, &format!("an answer with {what}"))
        .rule("RFC 7692 §7.1", items, "What the client does not know it cannot speak")
        .only(Role::Client)
        .refuse()
        .opening(Opening::Response(Head::upgrade().add(EXTENSIONS, answer), Entry::Refused))
}

/// Answers that go beyond what the client offered.
fn overreach() -> Vec<Case> {
    let beyond = [
        ("beyond-client-window-15", "permessage-deflate; client_max_window_bits=15", 107),
        ("beyond-client-window-10", "permessage-deflate; client_max_window_bits=10", 107),
        ("beyond-server-window-15", "permessage-deflate; server_max_window_bits=15", 104),
        ("beyond-server-window", "permessage-deflate", 104),
    ];
    let case = |(name, answer, item): (&str, &str, u8)| {
        case(name, &format!("the answer `{answer}` where the offer forbids it"))
            .rule("RFC 7692 §7.1.2", &[item], "The answer may narrow an offer, never widen it")
            .only(Role::Client)
            .refuse()
            .opening(Opening::Overreach(answer.to_owned()))
    };
    beyond.into_iter().map(case).collect()
}
