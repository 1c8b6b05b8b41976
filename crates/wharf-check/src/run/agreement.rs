//! Whether a server's answer about permessage-deflate is one at all (RFC 7692 §7.1).

use crate::wire::extension::Extension;

const DEFLATE: &str = "permessage-deflate";

/// What is wrong with an answer to these offers, whichever of them it accepts.
pub(crate) fn agreement_flaw(answer: &[Extension], offers: &[Extension]) -> Option<String> {
    let mut agreed = answer.iter().filter(|extension| extension.name == DEFLATE);
    let first = agreed.next()?;
    if agreed.next().is_some() {
        return Some("the answer agrees on permessage-deflate twice".to_owned());
    }
    let flaw = first.params.iter().enumerate().find_map(|(index, (name, value))| {
        let twice = first.params[..index].iter().any(|(before, _)| before == name);
        if twice { Some("is there twice".to_owned()) } else { param_flaw(name, value.as_deref()) }
            .map(|flaw| format!("{name} of the answer {flaw}"))
    });
    flaw.or_else(|| client_window_flaw(first, offers))
}

fn param_flaw(name: &str, value: Option<&str>) -> Option<String> {
    match (name, value) {
        ("server_no_context_takeover" | "client_no_context_takeover", None) => None,
        ("server_no_context_takeover" | "client_no_context_takeover", Some(value)) => {
            Some(format!("has the value {value:?}, but can have none"))
        }
        ("server_max_window_bits" | "client_max_window_bits", Some(value)) => {
            let good = matches!(value, "8" | "9" | "10" | "11" | "12" | "13" | "14" | "15");
            (!good).then(|| format!("has the value {value:?}, not 8 to 15"))
        }
        ("server_max_window_bits" | "client_max_window_bits", None) => {
            Some("has no value".to_owned())
        }
        _ => Some("is no parameter of RFC 7692".to_owned()),
    }
}

/// RFC 7692 §7.1.2.2: only if it was offered, and no more than was offered.
fn client_window_flaw(agreed: &Extension, offers: &[Extension]) -> Option<String> {
    const WINDOW: &str = "client_max_window_bits";
    let bits = agreed.number(WINDOW)?;
    let offered = |offer: &&Extension| offer.name == DEFLATE && offer.has(WINDOW);
    let most = offers.iter().filter(offered).map(|offer| offer.number(WINDOW).unwrap_or(15)).max();
    match most {
        None => Some(format!("the answer has {WINDOW}, which was not offered")),
        Some(most) => (bits > most)
            .then(|| format!("the answer has {WINDOW}={bits}, but {most} was offered at most")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaw(answer: &str, offer: &str) -> Option<String> {
        let parse = |text| Extension::parse(std::iter::once(text));
        agreement_flaw(&parse(answer), &parse(offer))
    }

    /// RFC 7692 §7.1. checklist 101, 102, 103, 106
    #[test]
    fn an_answer_is_held_to_the_grammar_and_to_the_offer() {
        let offer = "permessage-deflate; client_max_window_bits=12";
        for good in [
            "permessage-deflate",
            "permessage-deflate; server_max_window_bits=\"10\"; client_max_window_bits=12",
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        ] {
            assert_eq!(flaw(good, offer), None);
        }
        for bad in [
            "permessage-deflate, permessage-deflate",
            "permessage-deflate; x",
            "permessage-deflate; server_max_window_bits",
            "permessage-deflate; server_max_window_bits=09",
            "permessage-deflate; server_no_context_takeover=1",
            "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9",
            "permessage-deflate; client_max_window_bits=13",
        ] {
            assert!(flaw(bad, offer).is_some(), "{bad}");
        }
        assert!(
            flaw("permessage-deflate; client_max_window_bits=9", "permessage-deflate").is_some()
        );
    }
}
