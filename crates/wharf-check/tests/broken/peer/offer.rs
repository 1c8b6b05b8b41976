//! Reading, choosing and checking the parameters of permessage-deflate (RFC 7692 §7.1).

use super::{
    bits::{Agreed, Context, Way, window_bits},
    extension::{Element, Parameter, Spelling},
    setup::{Compression, Setup},
};
use crate::fault::Fault;

const NAME: &str = "permessage-deflate";

/// The parameters of an element. A window of `Some(None)` came without a value.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Parameters {
    server: Context,
    client: Context,
    server_bits: Option<u8>,
    client_bits: Option<Option<u8>>,
}

/// What a server answers.
pub(super) struct Answer {
    pub(super) agreed: Option<Agreed>,
    pub(super) field: Option<String>,
}

/// The first offer that is good (RFC 7692 §5.1, §7.1). `Err`: the request is refused.
pub(super) fn choose(offers: &[Element], setup: &Setup) -> Result<Answer, ()> {
    let none = Answer { agreed: None, field: None };
    let mut deflates = offers.iter().filter(|offer| offer.name == NAME);
    if setup.has(Fault::RefusesUnknownExtensions) && offers.iter().any(|offer| offer.name != NAME) {
        return Err(());
    }
    let first = deflates.clone().next();
    let good = deflates.find_map(|offer| read(offer, setup));
    match good {
        Some(parameters) if setup.compression != Compression::Off => Ok(answer(parameters, setup)),
        None if first.is_some() && setup.has(Fault::RefusesBadOffers) => Err(()),
        _ => Ok(none),
    }
}

fn read(element: &Element, setup: &Setup) -> Option<Parameters> {
    let mut parameters = Parameters::default();
    for (at, parameter) in element.parameters.iter().enumerate() {
        let before = &element.parameters[..at];
        let twice = before.iter().any(|other| other.name == parameter.name);
        if twice && !setup.has(Fault::AcceptsTwiceParameters) {
            return None;
        }
        read_one(parameter, &mut parameters, setup)?;
    }
    Some(parameters)
}

fn read_one(parameter: &Parameter, into: &mut Parameters, setup: &Setup) -> Option<()> {
    let valued = parameter.value.is_some() && !setup.has(Fault::AcceptsContextValues);
    if setup.has(Fault::RefusesQuotedBits) && parameter.spelling == Spelling::Quoted {
        return None;
    }
    match parameter.name.as_str() {
        "server_no_context_takeover" if !valued => into.server = Context::Dropped,
        "client_no_context_takeover" if !valued => into.client = Context::Dropped,
        "server_max_window_bits" => {
            into.server_bits = Some(
                bits(parameter, setup)?
                    .or_else(|| setup.has(Fault::AcceptsNoBits).then_some(15))?,
            )
        }
        "client_max_window_bits" => into.client_bits = Some(bits(parameter, setup)?),
        _ if setup.has(Fault::AcceptsUnknownParameters) => {}
        _ => return None,
    }
    Some(())
}

/// `Some(None)`: there is no value.
fn bits(parameter: &Parameter, setup: &Setup) -> Option<Option<u8>> {
    let Some(value) = &parameter.value else { return Some(None) };
    let bad = setup.has(Fault::AcceptsBadBits).then_some(15);
    window_bits(value).or(bad).map(Some)
}

fn answer(offer: Parameters, setup: &Setup) -> Answer {
    let mut field = NAME.to_owned();
    let mut add = |parameter: &str| {
        field.push_str("; ");
        field.push_str(parameter);
    };
    if offer.server == Context::Dropped && !setup.has(Fault::ForgetsServerContext) {
        add("server_no_context_takeover");
    }
    if offer.client == Context::Dropped {
        add("client_no_context_takeover");
    }
    if let Some(bits) = offer.server_bits {
        let more = if setup.has(Fault::AnswersMoreBits) { (bits + 1).min(15) } else { bits };
        add(&format!("server_max_window_bits={more}"));
    }
    let unoffered = offer.client_bits.is_none() && setup.has(Fault::AnswersUnofferedBits);
    let client_bits = if unoffered { Some(Some(15)) } else { offer.client_bits };
    if let Some(Some(bits)) = client_bits {
        add(&format!("client_max_window_bits={bits}"));
    }
    if setup.has(Fault::AnswersTwice) {
        field = format!("{field}, {field}");
    }
    Answer { agreed: Some(agreed(offer, client_bits)), field: Some(field) }
}

fn agreed(parameters: Parameters, client_bits: Option<Option<u8>>) -> Agreed {
    Agreed {
        client: Way { bits: client_bits.flatten().unwrap_or(15), context: parameters.client },
        server: Way { bits: parameters.server_bits.unwrap_or(15), context: parameters.server },
    }
}

/// Checks what a server answered to `offer` (RFC 7692 §7.1); `Err` fails the connection.
pub(super) fn confirm(
    answers: &[Element],
    offer: &Element,
    setup: &Setup,
) -> Result<Option<Agreed>, ()> {
    let answer = match answers {
        [] => return Ok(None),
        [answer] => answer,
        [answer, second] if second.name == NAME && setup.has(Fault::IgnoresSecondDeflate) => answer,
        [answer, ..] if setup.has(Fault::IgnoresExtension) => answer,
        _ => return Err(()),
    };
    if answer.name != NAME || setup.compression == Compression::Off {
        return if setup.has(Fault::IgnoresExtension) { Ok(None) } else { Err(()) };
    }
    let offered = read(offer, setup).ok_or(())?;
    let answered = read(answer, setup).ok_or(())?;
    let client_fits = match (offered.client_bits, answered.client_bits) {
        (_, None) => true,
        (Some(most), Some(Some(bits))) => bits <= most.unwrap_or(15),
        (None, Some(_)) | (_, Some(None)) => false,
    };
    let server_fits = match (offered.server_bits, answered.server_bits) {
        (Some(most), Some(bits)) => bits <= most,
        (Some(_), None) => false,
        (None, _) => true,
    };
    let drops_as_asked = answered.server == Context::Dropped || offered.server == Context::Kept;
    let client_fits = client_fits || setup.has(Fault::IgnoresClientBits);
    let server_fits = server_fits || setup.has(Fault::IgnoresServerBits);
    if client_fits && server_fits && drops_as_asked {
        Ok(Some(agreed(answered, answered.client_bits)))
    } else {
        Err(())
    }
}
