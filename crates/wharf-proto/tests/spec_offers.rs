//! What a client may offer, as a strict server reads it (RFC 6455 §9.1).
#![cfg(all(feature = "std", feature = "deflate"))]

use wharf_proto::{
    Context, Deflate, Direction, HandshakeLimits, Key, Offer, OriginPolicy, RequestReader,
    WindowBits, examine, write_request,
};

fn directions() -> impl Iterator<Item = Direction> {
    (8..=15).filter_map(WindowBits::new).flat_map(|window| {
        [Context::Takeover, Context::NoTakeover].map(|context| Direction { window, context })
    })
}

/// RFC 6455 §9.1, RFC 7692 §7.1; checklist 16: every offer that a policy can make is read back, to the same
/// parameters, by a reader that refuses what is not the grammar.
#[test]
fn every_offer_that_can_be_made_obeys_the_grammar() {
    for send in directions() {
        for receive in directions() {
            let mut policy = Deflate::CLIENT;
            (policy.send, policy.receive) = (send, receive);
            let offer = Offer::new("example.com", "/").unwrap().deflate(Some(policy));
            let bytes = write_request(&offer.request(&Key::new([1; 16])));
            let mut reader = RequestReader::new(HandshakeLimits::default());
            let (request, _) = reader.receive(&bytes).unwrap().unwrap();
            let offered = examine(&request, &OriginPolicy::same_host()).unwrap();
            assert_eq!(offered.deflate(), Some(&policy.offer()));
        }
    }
}
