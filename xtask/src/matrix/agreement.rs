//! Autobahn's verdict beside ours, in every case that both suites have.

use super::{
    ask::Asked,
    findings::{Findings, Ours},
    peer::words,
};
use crate::{
    autobahn::{Foreigners, Verdict},
    failure::Outcome,
    foreign::Foreign,
    say,
};
use std::collections::{BTreeMap, HashMap};

/// Whom both suites ask.
const PEERS: [&str; 6] =
    ["tokio-tungstenite", "fastwebsockets", "ws", "websockets", "gorilla", "libwebsockets"];
/// Cases that both suites are asked: all but the ones about volume (9, 12, 13), which take minutes for each peer.
const CASES: [&str; 8] = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*"];

/// A peer that both suites have asked.
pub(super) struct Agreement {
    name: &'static str,
    agreed: usize,
    /// By both verdicts and what ours told: the numbers.
    differences: BTreeMap<[String; 3], Vec<String>>,
}

/// Asks the ones that are to be compared.
pub(super) fn compare(peers: &[Foreign], found: &[Findings]) -> Outcome<Vec<Agreement>> {
    let patterns = CASES.map(str::to_owned);
    let suite = Foreigners::new()?;
    let servers = found.iter().filter(|findings| {
        findings.is(super::peer::Role::Server) && PEERS.contains(&findings.asked.name)
    });
    let mut all = Vec::new();
    for findings in servers {
        let Asked { name, mode, .. } = findings.asked;
        let Some(peer) = peers.iter().find(|peer| peer.name == name) else { continue };
        say::line(format!("{name}: the Autobahn suite"));
        let theirs = suite.judge(name, &words(&peer.server, mode), &patterns)?;
        all.push(Agreement::of(findings, &theirs));
    }
    Ok(all)
}

impl Agreement {
    fn of(findings: &Findings, theirs: &HashMap<String, Verdict>) -> Self {
        let name = findings.asked.name;
        let mut agreement = Self { name, agreed: 0, differences: BTreeMap::new() };
        for (number, ours) in findings.aliases() {
            let Some(theirs) = theirs.get(number) else { continue };
            if judge(theirs) == judge_ours(ours) {
                agreement.agreed += 1;
            } else {
                let key = [shown(theirs), ours.verdict.to_owned(), ours.told.to_owned()];
                agreement.differences.entry(key).or_default().push(number.to_owned());
            }
        }
        agreement
    }

    /// A row of the table.
    pub(super) fn row(&self) -> String {
        let differ: usize = self.differences.values().map(Vec::len).sum();
        format!("| {} | {} | {} | {differ} |\n", self.name, self.agreed + differ, self.agreed)
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
#[derive(PartialEq, Eq)]
enum Said {
    Good,
    /// Within the RFC, but later or looser than it could be.
    Late,
    Bad,
    NotAsked,
}

fn judge(theirs: &Verdict) -> Said {
    let closed = ["OK", "INFORMATIONAL"].contains(&theirs.close.as_str());
    match theirs.behavior.as_str() {
        "OK" | "INFORMATIONAL" if closed => Said::Good,
        "NON-STRICT" if closed => Said::Late,
        "UNIMPLEMENTED" => Said::NotAsked,
        _ => Said::Bad,
    }
}

fn judge_ours(ours: Ours<'_>) -> Said {
    match (ours.verdict, ours.level) {
        ("pass", _) => Said::Good,
        ("fail" | "lax" | "strict", "practice") => Said::Late,
        ("fail" | "lax" | "strict", _) => Said::Bad,
        _ => Said::NotAsked,
    }
}

fn shown(theirs: &Verdict) -> String {
    format!("{}, close {}", theirs.behavior, theirs.close)
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
    }

    #[test]
    fn what_was_not_agreed_on_was_not_asked() {
        assert!(judge(&theirs("UNIMPLEMENTED", "OK")) == Said::NotAsked);
        assert!(judge_ours(ours("not-applicable", "must")) == Said::NotAsked);
    }
}
