//! The cases, group by group. To add one is to add a value to a list.

mod close_codes;
mod closing;
mod control;
mod deflate_negotiation;
mod deflate_streams;
mod deflate_volumes;
mod fragmentation;
mod frames;
mod lengths;
mod limits;
mod masking;
pub(crate) mod origin;
mod request;
mod response;
mod sizes;
mod timers;
mod utf8;

use crate::case::Case;

/// All cases, in the order of reports.
pub(crate) fn all() -> Vec<Case> {
    [
        request::cases(),
        response::cases(),
        frames::cases(),
        masking::cases(),
        lengths::cases(),
        sizes::cases(),
        fragmentation::cases(),
        control::cases(),
        utf8::cases(),
        close_codes::cases(),
        closing::cases(),
        deflate_negotiation::cases(),
        deflate_streams::cases(),
        deflate_volumes::cases(),
        limits::cases(),
        timers::cases(),
        origin::cases(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::all;
    use std::collections::HashSet;

    /// Whoever reads a report finds one case by its id, and the rule behind it.
    #[test]
    fn each_case_has_an_id_of_its_own_and_a_rule() {
        let (mut ids, mut numbers) = (HashSet::new(), HashSet::new());
        for case in all() {
            assert!(case.id.starts_with(case.group.name()), "{}", case.id);
            assert!(ids.insert(case.id.clone()), "{} is there twice", case.id);
            assert!(!case.section.is_empty() && !case.why.is_empty(), "{} has no rule", case.id);
            assert!(
                !case.title.is_empty() && !case.items.is_empty(),
                "{} lacks a title or an item",
                case.id
            );
            for number in case.autobahn {
                assert!(numbers.insert(number.clone()), "Autobahn's {number} is there twice");
            }
        }
    }
}
