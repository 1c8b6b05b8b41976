//! The XML that build servers read.

use super::{markup::escape, tally::Tally};
use crate::verdict::{Outcome, Report, Verdict};
use std::fmt::Write as _;

/// The report as a file of JUnit.
pub fn junit(report: &Report) -> String {
    let bad = Verdict::ALL.iter().filter(|verdict| verdict.is_bad());
    let failures: usize = bad.map(|verdict| report.count(*verdict)).sum();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"wharf check {}: {}\" tests=\"{}\" failures=\"{failures}\" time=\"{}\">\n",
        report.role.name(),
        escape(&report.target),
        report.outcomes.len(),
        seconds(report.millis)
    );
    for tally in Tally::by_group(report) {
        suite(&mut xml, report, &tally);
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn suite(xml: &mut String, report: &Report, tally: &Tally) {
    let bad: usize = Verdict::ALL.iter().filter(|v| v.is_bad()).map(|v| tally.count(*v)).sum();
    let name = tally.group.name();
    // Writing to a String cannot fail.
    let _ =
        writeln!(xml, "<testsuite name=\"{name}\" tests=\"{}\" failures=\"{bad}\">", tally.total());
    let mine = report.outcomes.iter().filter(|outcome| outcome.group == tally.group);
    mine.for_each(|outcome| test(xml, outcome));
    xml.push_str("</testsuite>\n");
}

fn test(xml: &mut String, outcome: &Outcome) {
    let name = escape(&format!("{}: {}", outcome.id, outcome.title));
    let told = escape(&outcome.told);
    let (word, group) = (outcome.verdict.name(), outcome.group.name());
    let inside = match outcome.verdict {
        Verdict::Pass => String::new(),
        Verdict::Fail | Verdict::Lax | Verdict::Strict => {
            let rule =
                escape(&format!("{} {}: {}", outcome.level.name(), outcome.section, outcome.why));
            format!("<failure type=\"{word}\" message=\"{told}\">{rule}</failure>")
        }
        Verdict::NotApplicable | Verdict::Skipped => format!("<skipped message=\"{told}\"/>"),
    };
    let time = seconds(outcome.millis);
    // Writing to a String cannot fail.
    let _ = writeln!(
        xml,
        "<testcase classname=\"{group}\" name=\"{name}\" time=\"{time}\">{inside}</testcase>"
    );
}

fn seconds(millis: u64) -> String {
    format!("{}.{:03}", millis / 1000, millis % 1000)
}
