//! Autobahn's verdict beside ours, in every case that both suites have.

use super::findings::{Findings, Ours};
use crate::autobahn::Verdict;
use std::collections::{BTreeMap, HashMap};

/// A peer that both suites have asked.
pub(super) struct Agreement {
    name: String,
    groups: &'static str,
    agreed: usize,
    /// By both verdicts and what ours told: the numbers.
    differences: BTreeMap<[String; 3], Vec<String>>,
}

impl Agreement {
    /// Of what both suites say of a peer.
    pub(super) fn of(
        findings: &Findings,
        groups: &'static str,
        theirs: &HashMap<String, Verdict>,
    ) -> Self {
        let name = format!("{} {}", findings.asked.name, findings.asked.role.name());
        let mut agreement = Self { name, groups, agreed: 0, differences: BTreeMap::new() };
        for (number, ours) in findings.aliases() {
            let Some(theirs) = theirs.get(number) else { continue };
            if judge(theirs).agrees(judge_ours(ours)) {
                agreement.agreed += 1;
            } else {
                let key = [shown(theirs), shown_ours(ours), ours.told.to_owned()];
                agreement.differences.entry(key).or_default().push(number.to_owned());
            }
        }
        agreement
    }

    /// A row of the table.
    pub(super) fn row(&self) -> String {
        let Self { name, groups, agreed, .. } = self;
        let differ: usize = self.differences.values().map(Vec::len).sum();
        format!("| {name} | {groups} | {} | {agreed} | {differ} |\n", agreed + differ)
    }

    /// Each difference.
    pub(super) fn rows(&self) -> String {
        let row = |([theirs, ours, told], numbers): (&[String; 3], &Vec<String>)| {
            let told = told.replace('|', "\\|");
            format!("| {} | {} | {theirs} | {ours} | {told} |\n", self.name, numbers.join(", "))
        };
        self.differences.iter().map(row).collect()
    }
}

/// What both suites can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Good,
    /// Within what the RFC demands, but later or looser than it could be.
    Late,
    Bad,
    /// What may be accepted was refused; a suite without this word finds it bad.
    Strict,
    /// What happened was written down, and not judged.
    Noted,
    NotAsked,
}

impl Said {
    /// Whether ours is not against it. Who only takes notes has nothing against what an RFC allows.
    fn agrees(self, ours: Self) -> bool {
        match self {
            Self::Noted => matches!(ours, Self::Good | Self::Late),
            Self::Bad => matches!(ours, Self::Bad | Self::Strict),
            Self::Good | Self::Late | Self::Strict | Self::NotAsked => self == ours,
        }
    }
}

fn judge(theirs: &Verdict) -> Said {
    let closing = match theirs.close.as_str() {
        "OK" | "INFORMATIONAL" => Said::Good,
        // The suite had to end TCP itself, which it would rather leave to a server (RFC 6455 §7.1.1, a SHOULD).
        "FAILED BY CLIENT" => Said::Late,
        _ => Said::Bad,
    };
    match (theirs.behavior.as_str(), closing) {
        ("UNIMPLEMENTED", _) => Said::NotAsked,
        ("INFORMATIONAL", Said::Good) => Said::Noted,
        ("OK", closing) => closing,
        ("NON-STRICT" | "INFORMATIONAL", Said::Good | Said::Late) => Said::Late,
        _ => Said::Bad,
    }
}

fn judge_ours(ours: Ours<'_>) -> Said {
    match (ours.verdict, ours.level) {
        ("pass", _) => Said::Good,
        ("strict", _) => Said::Strict,
        ("fail" | "lax", "must") => Said::Bad,
        ("fail" | "lax", _) => Said::Late,
        _ => Said::NotAsked,
    }
}

fn shown(theirs: &Verdict) -> String {
    format!("{}, close {}", theirs.behavior, theirs.close)
}

fn shown_ours(ours: Ours<'_>) -> String {
    match ours.verdict {
        "fail" | "lax" | "strict" => format!("{} ({})", ours.verdict, ours.level),
        verdict => verdict.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Ours, Said, Verdict, judge, judge_ours};

    fn theirs(behavior: &str, close: &str) -> Verdict {
        Verdict { behavior: behavior.to_owned(), close: close.to_owned() }
    }

    fn ours<'a>(verdict: &'a str, level: &'a str) -> Ours<'a> {
        Ours { verdict, level, told: "" }
    }

    #[test]
    fn a_late_failure_is_late_in_both_suites() {
        assert!(judge(&theirs("NON-STRICT", "OK")) == Said::Late);
        assert!(judge_ours(ours("lax", "practice")) == Said::Late);
        assert!(judge_ours(ours("lax", "must")) == Said::Bad);
    }

    #[test]
    fn a_bad_end_of_a_good_message_is_bad() {
        assert!(judge(&theirs("OK", "UNCLEAN")) == Said::Bad);
        assert!(judge(&theirs("OK", "INFORMATIONAL")) == Said::Good);
        assert!(judge(&theirs("OK", "FAILED BY CLIENT")) == Said::Late);
        assert!(judge(&theirs("FAILED", "OK")) == Said::Bad);
    }

    #[test]
    fn notes_are_no_verdict() {
        let noted = judge(&theirs("INFORMATIONAL", "INFORMATIONAL"));
        assert!(noted.agrees(judge_ours(ours("lax", "practice"))));
        assert!(!noted.agrees(judge_ours(ours("fail", "must"))));
    }

    #[test]
    fn what_was_not_agreed_on_was_not_asked() {
        assert!(judge(&theirs("UNIMPLEMENTED", "OK")) == Said::NotAsked);
        assert!(judge_ours(ours("not-applicable", "must")) == Said::NotAsked);
    }
}
