//! Offer, answer, confirmation (RFC 7692 §7.1).

use crate::deflate::{
    agreement::{Context, DeflateAgreement, Direction, WindowBits},
    params::{DeflateOffer, DeflateParamsError as Error},
    policy::Deflate,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

/// The parameters in `text`, a list such as `a; b=1`.
fn params(text: &str) -> Vec<(&str, Option<&str>)> {
    let elements = text.split(';').map(str::trim).filter(|element| !element.is_empty());
    elements
        .map(|element| match element.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (element, None),
        })
        .collect()
}

fn offer(text: &str) -> Result<DeflateOffer, Error> {
    DeflateOffer::parse(params(text))
}

fn bits(bits: u8) -> WindowBits {
    WindowBits::new(bits).unwrap()
}

fn policy(send: (u8, Context), receive: (u8, Context)) -> Deflate {
    let direction = |(window, context)| Direction { window: bits(window), context };
    Deflate { send: direction(send), receive: direction(receive) }
}

use Context::{NoTakeover, Takeover};

/// What `policy` answers to `text`, without the extension's name, and what is then agreed.
fn answer(policy: Deflate, text: &str) -> (DeflateAgreement, String) {
    let (agreement, response) = policy.choose(&offer(text).unwrap());
    let response = response.to_string();
    let rest = response.strip_prefix("permessage-deflate").unwrap();
    (agreement, rest.trim_start_matches("; ").to_string())
}

/// RFC 7692 §7.1: all four parameters, in any order.
#[test]
fn an_offer_is_read_in_any_order() {
    let expected = DeflateOffer {
        server_context: NoTakeover,
        client_context: NoTakeover,
        server_window: Some(bits(10)),
        client_window: Some(bits(8)),
    };
    for text in [
        "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=8",
        "client_max_window_bits=8; server_max_window_bits=10; client_no_context_takeover; server_no_context_takeover",
    ] {
        assert_eq!(offer(text), Ok(expected));
    }
}

/// RFC 7692 §7.1.2.2: without a value the client leaves the choice to the server.
#[test]
fn client_max_window_bits_needs_no_value_in_an_offer() {
    assert_eq!(offer("client_max_window_bits").unwrap().client_window, Some(WindowBits::MAX));
    assert_eq!(offer("").unwrap().client_window, None);
}

/// RFC 7692 §7.1.2, checklist 102: 8 to 15 and nothing else.
#[test]
fn a_window_is_eight_to_fifteen_in_plain_decimal() {
    for name in ["server_max_window_bits", "client_max_window_bits"] {
        for number in 8..=15 {
            assert!(offer(&format!("{name}={number}")).is_ok());
        }
        for value in [
            "",
            "0",
            "7",
            "16",
            "08",
            "09",
            "010",
            "+9",
            "-9",
            " 9",
            "9 ",
            "9.0",
            "0x9",
            "a",
            "٩",
            "15\0",
            "150",
            "99999999999999999999",
        ] {
            let refused = Error::BadWindow { name, value: value.to_string() };
            let offered = DeflateOffer::parse([(name, Some(value))]);
            assert_eq!(offered, Err(refused.clone()));
            let confirmed = DeflateOffer::default().confirm([(name, Some(value))]);
            assert_eq!(confirmed, Err(refused));
        }
    }
}

/// checklist 100, 101, 103: every other defect, in an offer and in a response.
#[test]
fn unknown_duplicate_and_misplaced_values_are_refused() {
    let cases = [
        ("server_no_context_takeover=1", Error::ValueUnexpected("server_no_context_takeover")),
        ("client_no_context_takeover=", Error::ValueUnexpected("client_no_context_takeover")),
        ("server_max_window_bits", Error::ValueMissing("server_max_window_bits")),
        ("x; server_max_window_bits=9", Error::Unknown("x".to_string())),
        ("Server_Max_Window_Bits=9", Error::Unknown("Server_Max_Window_Bits".to_string())),
        (
            "server_no_context_takeover; server_no_context_takeover",
            Error::Duplicate("server_no_context_takeover"),
        ),
        (
            "client_no_context_takeover; client_no_context_takeover",
            Error::Duplicate("client_no_context_takeover"),
        ),
        (
            "server_max_window_bits=9; server_max_window_bits=9",
            Error::Duplicate("server_max_window_bits"),
        ),
        (
            "client_max_window_bits=9; client_max_window_bits=10",
            Error::Duplicate("client_max_window_bits"),
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(offer(text), Err(expected.clone()), "offer {text}");
        let confirmed = DeflateOffer::default().confirm(params(text));
        assert_eq!(confirmed, Err(expected), "response {text}");
    }
}

/// RFC 7692 §7.1.2.2: in a response the client's window has a value.
#[test]
fn client_max_window_bits_needs_a_value_in_a_response() {
    let confirmed = DeflateOffer::default().confirm(params("client_max_window_bits"));
    assert_eq!(confirmed, Err(Error::ValueMissing("client_max_window_bits")));
    let twice = offer("client_max_window_bits; client_max_window_bits=9");
    assert_eq!(twice, Err(Error::Duplicate("client_max_window_bits")));
}

/// The offers that policies write, and that they read back as themselves.
#[test]
fn an_offer_is_written_as_it_is_read() {
    let cases = [
        (Deflate::CLIENT, "client_max_window_bits"),
        (policy((12, Takeover), (15, Takeover)), "client_max_window_bits=12"),
        (
            policy((15, NoTakeover), (9, NoTakeover)),
            "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9; client_max_window_bits",
        ),
    ];
    for (policy, expected) in cases {
        let written = policy.offer().to_string();
        assert_eq!(written, format!("permessage-deflate; {expected}"));
        assert_eq!(offer(expected), Ok(policy.offer()));
    }
    assert_eq!(DeflateOffer::default(), Deflate::CLIENT.offer());
}

/// checklist 104: the server's window is what was asked for, and said.
#[test]
fn an_offered_server_window_is_kept_and_answered() {
    let open = policy((15, Takeover), (15, Takeover));
    for number in 8..=15 {
        let (agreement, response) = answer(open, &format!("server_max_window_bits={number}"));
        assert_eq!(agreement.server.window, bits(number));
        assert_eq!(response, format!("server_max_window_bits={number}"));
    }
}

/// checklist 105: a server may take less than it was offered, also unasked.
#[test]
fn a_server_may_reduce_its_own_window() {
    let small = policy((10, Takeover), (15, Takeover));
    for text in ["", "server_max_window_bits=12"] {
        let (agreement, response) = answer(small, text);
        assert_eq!(agreement.server.window, bits(10));
        assert_eq!(response, "server_max_window_bits=10");
    }
    assert_eq!(answer(small, "server_max_window_bits=9").0.server.window, bits(9));
}

/// checklist 106: the client's window is answered only where the client offered to be told.
#[test]
fn a_client_window_is_answered_only_if_it_was_offered() {
    let small = policy((15, Takeover), (11, Takeover));
    assert_eq!(answer(small, "client_max_window_bits").1, "client_max_window_bits=11");
    assert_eq!(answer(small, "client_max_window_bits=9").1, "client_max_window_bits=9");
    assert_eq!(answer(small, "client_max_window_bits=14").1, "client_max_window_bits=11");
    let open = policy((15, Takeover), (15, Takeover));
    assert_eq!(answer(open, "client_max_window_bits").1, "");
}

/// checklist 106: a client that cannot be told a window is told to keep none.
#[test]
fn a_client_without_a_window_parameter_keeps_no_context_under_a_limit() {
    let small = policy((15, Takeover), (11, Takeover));
    let (agreement, response) = answer(small, "");
    assert_eq!(response, "client_no_context_takeover");
    let expected = Direction { window: WindowBits::MAX, context: NoTakeover };
    assert_eq!(agreement.client, expected);
}

/// RFC 7692 §7.1.1.1, §7.1.1.2: an asked-for or wanted loss of context is answered and holds.
#[test]
fn no_context_takeover_is_answered() {
    let open = policy((15, Takeover), (15, Takeover));
    assert_eq!(answer(open, "server_no_context_takeover").1, "server_no_context_takeover");
    assert_eq!(answer(open, "client_no_context_takeover").1, "client_no_context_takeover");
    let (agreement, response) = answer(Deflate::SERVER, "client_max_window_bits");
    assert_eq!(response, "server_no_context_takeover; client_no_context_takeover");
    assert_eq!((agreement.server.context, agreement.client.context), (NoTakeover, NoTakeover));
}

/// checklist 104–107: whatever a policy answers to whatever offer, the client confirms the same agreement.
#[test]
fn both_ends_agree_on_the_same() {
    let sides = || [8, 9, 12, 15].into_iter().flat_map(|w| [(w, Takeover), (w, NoTakeover)]);
    let policies: Vec<Deflate> =
        sides().flat_map(|send| sides().map(move |receive| policy(send, receive))).collect();
    for client in &policies {
        for unsaid in [client.offer().client_window, None] {
            let offered = DeflateOffer { client_window: unsaid, ..client.offer() };
            for server in &policies {
                let (agreement, response) = server.choose(&offered);
                let response = response.to_string();
                let (_, response) = response.split_once("deflate").unwrap();
                assert_eq!(offered.confirm(params(response)), Ok(agreement));
                assert!(agreement.server.window <= server.send.window.min(client.receive.window));
            }
        }
    }
}

/// checklist 107: what was not offered, or more than was offered, fails the connection.
#[test]
fn a_response_beyond_the_offer_fails() {
    let bare = DeflateOffer { client_window: None, ..DeflateOffer::default() };
    assert_eq!(
        bare.confirm(params("client_max_window_bits=15")),
        Err(Error::NotOffered("client_max_window_bits"))
    );
    let small = policy((10, Takeover), (9, Takeover)).offer();
    for (response, name, offered, granted) in [
        ("server_max_window_bits=9; client_max_window_bits=11", "client_max_window_bits", 10, 11),
        ("server_max_window_bits=10", "server_max_window_bits", 9, 10),
    ] {
        let (offered, granted) = (bits(offered), bits(granted));
        assert_eq!(
            small.confirm(params(response)),
            Err(Error::LargerThanOffered { name, offered, granted })
        );
    }
}

/// RFC 7692 §7.1.1.1, §7.1.2.1: a server accepts these by answering them.
#[test]
fn a_response_that_leaves_out_what_was_asked_for_fails() {
    let small = policy((15, Takeover), (9, NoTakeover)).offer();
    for (response, missing) in [
        ("server_max_window_bits=9", "server_no_context_takeover"),
        ("server_no_context_takeover", "server_max_window_bits"),
    ] {
        assert_eq!(small.confirm(params(response)), Err(Error::NotGranted(missing)));
    }
}

/// checklist 105: what a server may say unasked is taken.
#[test]
fn a_server_may_say_more_than_was_asked() {
    let agreement = DeflateOffer::default()
        .confirm(params(
            "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=8; client_max_window_bits=8",
        ))
        .unwrap();
    let all = Direction { window: WindowBits::MIN, context: NoTakeover };
    assert_eq!(agreement, DeflateAgreement { client: all, server: all });
}

/// RFC 7692 §7.1.2.2: a client holds itself to what it offered, also unanswered.
#[test]
fn a_client_keeps_its_own_promise() {
    let agreement = policy((10, NoTakeover), (15, Takeover)).offer().confirm([]).unwrap();
    assert_eq!(agreement.client, Direction { window: bits(10), context: NoTakeover });
    assert_eq!(agreement.server, Direction::DEFAULT);
}

/// Each error says which parameter, what is wrong, and by which clause.
#[test]
fn errors_read_as_sentences() {
    let messages: Vec<String> = [
        Error::BadWindow { name: "server_max_window_bits", value: "+9".to_string() },
        Error::Duplicate("server_max_window_bits"),
        Error::LargerThanOffered {
            name: "client_max_window_bits",
            offered: bits(10),
            granted: bits(11),
        },
        Error::NotGranted("server_no_context_takeover"),
        Error::NotOffered("client_max_window_bits"),
        Error::Unknown("x".to_string()),
        Error::ValueMissing("server_max_window_bits"),
        Error::ValueUnexpected("client_no_context_takeover"),
    ]
    .iter()
    .map(ToString::to_string)
    .collect();
    insta::assert_snapshot!(messages.join("\n"), @r#"
    permessage-deflate: server_max_window_bits is "+9", not a number from 8 to 15 (RFC 7692 §7.1.2)
    permessage-deflate: server_max_window_bits stands there twice (RFC 7692 §7.1)
    permessage-deflate: client_max_window_bits is 11, more than the 10 that was offered (RFC 7692 §7.1.2)
    permessage-deflate: server_no_context_takeover was asked for and is not granted (RFC 7692 §7.1)
    permessage-deflate: client_max_window_bits is answered but was not offered (RFC 7692 §7.1.2.2)
    permessage-deflate: no parameter is called "x" (RFC 7692 §7.1)
    permessage-deflate: server_max_window_bits has no value (RFC 7692 §7.1.2)
    permessage-deflate: client_no_context_takeover has a value, which it never has (RFC 7692 §7.1.1)
    "#);
}
