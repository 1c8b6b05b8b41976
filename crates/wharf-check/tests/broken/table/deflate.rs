//! Compression, limits and timers.

use super::{Row, both, client, server};
use crate::fault::Fault;

/// The rows.
pub(super) const ROWS: &[Row] = &[
    server(
        Fault::AnswersUnofferedBits,
        &["deflate-negotiation/plain-offer", "deflate-negotiation/client-context"],
    ),
    server(
        Fault::AcceptsUnknownParameters,
        &["deflate-negotiation/offer-unknown", "deflate-negotiation/offer-unknown-value"],
    ),
    client(
        Fault::AcceptsUnknownParameters,
        &["deflate-negotiation/answer-unknown", "deflate-negotiation/answer-client-context-value"],
    ),
    server(
        Fault::AcceptsTwiceParameters,
        &[
            "deflate-negotiation/offer-client-context-twice",
            "deflate-negotiation/offer-client-window-twice",
        ],
    ),
    client(
        Fault::AcceptsTwiceParameters,
        &[
            "deflate-negotiation/answer-client-context-twice",
            "deflate-negotiation/answer-server-context-twice",
        ],
    ),
    server(
        Fault::AcceptsBadBits,
        &[
            "deflate-negotiation/offer-client-window-7",
            "deflate-negotiation/offer-client-window-09",
        ],
    ),
    client(
        Fault::AcceptsBadBits,
        &[
            "deflate-negotiation/answer-client-window-16",
            "deflate-negotiation/answer-client-window-7",
        ],
    ),
    server(
        Fault::AcceptsContextValues,
        &[
            "deflate-negotiation/offer-client-context-value",
            "deflate-negotiation/offer-server-context-value",
        ],
    ),
    client(
        Fault::AcceptsContextValues,
        &[
            "deflate-negotiation/answer-client-context-value",
            "deflate-negotiation/answer-server-context-value",
        ],
    ),
    server(Fault::AcceptsNoBits, &["deflate-negotiation/offer-server-window-bare"]),
    client(Fault::AcceptsNoBits, &["deflate-negotiation/answer-server-window-bare"]),
    client(Fault::RefusesQuotedBits, &["deflate-negotiation/answer-quoted-window"]),
    server(
        Fault::RefusesBadOffers,
        &[
            "deflate-negotiation/offer-client-context-twice",
            "deflate-negotiation/offer-client-window-09",
        ],
    ),
    server(
        Fault::AnswersTwice,
        &["deflate-negotiation/client-window-10", "deflate-negotiation/client-window-11"],
    ),
    server(
        Fault::AnswersMoreBits,
        &["deflate-negotiation/server-window-10", "deflate-negotiation/server-window-11"],
    ),
    both(Fault::Uses15For8, &["deflate-streams/window-8"]),
    both(Fault::Uses15ForLess, &["deflate-streams/window-14", "deflate-streams/window-10"]),
    server(Fault::ForgetsServerContext, &["deflate-negotiation/server-context"]),
    client(
        Fault::IgnoresClientBits,
        &[
            "deflate-negotiation/beyond-client-window-10",
            "deflate-negotiation/beyond-client-window-15",
        ],
    ),
    client(
        Fault::IgnoresServerBits,
        &[
            "deflate-negotiation/beyond-server-window",
            "deflate-negotiation/beyond-server-window-15",
        ],
    ),
    client(
        Fault::IgnoresSecondDeflate,
        &["deflate-negotiation/answer-twice", "deflate-negotiation/answer-twice-apart"],
    ),
    both(Fault::RefusesRsv1, &["deflate-streams/context-not-needed", "deflate-streams/empty"]),
    both(Fault::WantsRsv1, &["deflate-streams/plain", "deflate-streams/plain-empty"]),
    both(
        Fault::AcceptsContinuedRsv1,
        &["deflate-streams/rsv1-continuation", "deflate-streams/rsv1-continuation-only"],
    ),
    both(Fault::AcceptsControlRsv1, &["deflate-streams/rsv1-ping", "deflate-streams/rsv1-close"]),
    both(Fault::CarriesControlRsv1, &["deflate-streams/rsv1-ping", "deflate-streams/rsv1-close"]),
    both(Fault::KeepsContext, &["deflate-streams/context-dropped"]),
    both(Fault::LosesContext, &["deflate-streams/context", "deflate-streams/context-final"]),
    both(Fault::LosesContextAtPlain, &["deflate-streams/context-plain"]),
    both(Fault::TakesPlainContext, &["deflate-streams/context-plain"]),
    both(
        Fault::LosesContextAtEmpty,
        &["deflate-streams/context-empty", "deflate-streams/sends-streams"],
    ),
    both(
        Fault::KeepsLittleContext,
        &["deflate-streams/context-dropped", "deflate-streams/own-window-10"],
    ),
    both(Fault::SendsEmptyDeflate, &["deflate-streams/empty", "deflate-streams/empty-coded"]),
    both(Fault::KeepsTail, &["deflate-streams/context-not-needed", "deflate-streams/one-block"]),
    both(Fault::ForgetsRsv1, &["deflate-streams/context-not-needed", "deflate-streams/empty"]),
    both(
        Fault::StopsAtFinal,
        &["deflate-streams/garbage-behind-final", "deflate-streams/behind-final"],
    ),
    both(Fault::RefusesFinal, &["deflate-streams/empty-final", "deflate-streams/final-block"]),
    both(
        Fault::LosesContextAtFinal,
        &["deflate-streams/context-final", "deflate-streams/final-then-back"],
    ),
    both(Fault::TailPerFragment, &["deflate-streams/cut-coded", "deflate-streams/cut-stored"]),
    both(Fault::RefusesStored, &["deflate-streams/empty-stored", "deflate-streams/stored"]),
    both(Fault::AcceptsCutDeflate, &["deflate-streams/cut-coded", "deflate-streams/cut-stored"]),
    both(
        Fault::AcceptsBadDeflate,
        &["deflate-streams/bad-fragment", "deflate-streams/bad-block-type"],
    ),
    both(Fault::EchoesStale, &["deflate-streams/no-octet", "deflate-streams/no-octet-behind"]),
    both(
        Fault::AcceptsEmptyDeflate,
        &["deflate-streams/no-octet", "deflate-streams/no-octet-behind"],
    ),
    both(Fault::NoInflateLimit, &["limits/bomb", "limits/bomb-in-fragments"]),
    both(Fault::NoInflatedUtf8, &["deflate-streams/not-utf8", "deflate-streams/cut-utf8"]),
    both(
        Fault::GoesOnAfterBadDeflate,
        &["deflate-streams/bad-block-type", "deflate-streams/bad-stored-length"],
    ),
    both(
        Fault::BadDeflateIs1000,
        &["deflate-streams/bad-fragment", "deflate-streams/bad-block-type"],
    ),
    both(Fault::NoMessageLimit, &["limits/endless-message"]),
    both(Fault::NoFrameLimit, &["lengths/i64-max", "limits/claims-an-exbibyte"]),
    both(Fault::NoFragmentLimit, &["limits/many-small-fragments", "limits/many-empty-fragments"]),
    both(Fault::TooBigIs1002, &["limits/claims-an-exbibyte", "limits/claims-most"]),
    client(Fault::NoCloseTimeout, &["timers/client-gives-up"]),
    both(Fault::NoIdleTimeout, &["timers/silence"]),
];
