//! One page about one target.

use super::{hex, markup::escape, tally::Tally};
use crate::{
    run::transcript::{Actor, Entry},
    verdict::{Outcome, Report, Verdict},
};
use std::fmt::Write as _;

/// How it looks.
pub(crate) const STYLE: &str = include_str!("page.css");
/// How it filters.
pub(crate) const SCRIPT: &str = include_str!("page.js");

/// The report as a page that needs nothing else.
pub fn html(report: &Report) -> String {
    let title = format!("wharf check {}: {}", report.role.name(), report.target);
    let mut page = head(&title);
    summary(&mut page, report);
    page.push_str(FILTER);
    for tally in Tally::by_group(report) {
        let title = tally.group.title();
        // Writing to a String cannot fail.
        let _ = write!(page, "<section class=group id={}><h2>{title}</h2>", tally.group.name());
        let mine = report.outcomes.iter().filter(|outcome| outcome.group == tally.group);
        mine.for_each(|outcome| case(&mut page, outcome));
        page.push_str("</section>\n");
    }
    page.push_str("</main><script>");
    page.push_str(SCRIPT);
    page.push_str("</script></body></html>\n");
    page
}

/// From the beginning to the heading.
pub(crate) fn head(title: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=en><head><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\
         <title>{title}</title><style>{STYLE}</style></head><body><main><h1>{title}</h1>\n"
    )
}

/// What is typed and clicked to see less.
pub(crate) const FILTER: &str = "<form id=filter><input type=search name=text \
    placeholder=\"Filter: id, title, section, Autobahn number, words of the result\" aria-label=Filter>\
    <label><input type=checkbox name=bad> only what is wrong</label>\
    <output id=shown></output></form>\n";

fn stopped(report: &Report) -> String {
    let why = report.stopped.as_ref();
    why.map(|why| format!("<p><strong>Stopped early:</strong> {}</p>", escape(why)))
        .unwrap_or_default()
}

fn summary(page: &mut String, report: &Report) {
    let seconds = format!("{}.{}", report.millis / 1000, report.millis % 1000 / 100);
    // Writing to a String cannot fail.
    let _ = write!(
        page,
        "<p class=facts>{} cases in {seconds} s, begun {} · wharf-check {}</p>\
         {}<table class=summary><thead><tr><th>Group</th>",
        report.outcomes.len(),
        date(report.began),
        escape(&report.version),
        stopped(report),
    );
    for verdict in Verdict::ALL {
        let _ = write!(page, "<th>{}</th>", verdict.name());
    }
    page.push_str("</tr></thead><tbody>");
    for tally in Tally::by_group(report) {
        let (name, title) = (tally.group.name(), tally.group.title());
        let _ = write!(page, "<tr><th><a href=#{name}>{title}</a></th>");
        Verdict::ALL.iter().for_each(|&verdict| count(page, verdict, tally.count(verdict)));
        page.push_str("</tr>");
    }
    page.push_str("</tbody><tfoot><tr><th>All</th>");
    Verdict::ALL.iter().for_each(|&verdict| count(page, verdict, report.count(verdict)));
    page.push_str("</tr></tfoot></table>\n");
}

fn count(page: &mut String, verdict: Verdict, count: usize) {
    let class = if count == 0 { "none" } else { class(verdict) };
    // Writing to a String cannot fail.
    let _ = write!(page, "<td class={class}>{count}</td>");
}

/// The class of a verdict.
pub(crate) const fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::Lax => "lax",
        Verdict::Strict => "strict",
        Verdict::NotApplicable | Verdict::Skipped => "other",
    }
}

fn case(page: &mut String, outcome: &Outcome) {
    let (id, verdict) = (escape(&outcome.id), outcome.verdict);
    let told = escape(&outcome.told);
    let autobahn = match outcome.autobahn.as_slice() {
        [] => String::new(),
        all => format!(" · Autobahn {}", escape(&all.join(", "))),
    };
    let items: Vec<String> = outcome.items.iter().map(ToString::to_string).collect();
    // Writing to a String cannot fail.
    let _ = write!(
        page,
        "<details class=case data-bad={} id=\"{id}\"><summary><b class={}>{}</b><code>{id}</code>\
         <span>{}</span><small>{told}</small></summary>\
         <p><b>{}</b> {} · checklist {}{autobahn}</p><p>{}.</p>",
        u8::from(verdict.is_bad()),
        class(verdict),
        verdict.name(),
        escape(&outcome.title),
        outcome.level.name(),
        escape(&outcome.section),
        items.join(", "),
        escape(&outcome.why),
    );
    transcript(page, &outcome.transcript);
    page.push_str("</details>\n");
}

fn transcript(page: &mut String, entries: &[Entry]) {
    if entries.is_empty() {
        return;
    }
    page.push_str("<table class=wire>");
    for entry in entries {
        let (class, arrow) = match entry.actor {
            Actor::Tester => ("tester", "tester →"),
            Actor::Target => ("target", "← target"),
            Actor::Runner => ("runner", ""),
        };
        let at = format!("{}.{:03} ms", entry.at / 1000, entry.at % 1000);
        // Writing to a String cannot fail.
        let _ = write!(
            page,
            "<tr class={class}><td>{at}</td><td>{arrow}</td><td>{}{}</td></tr>",
            escape(&entry.note),
            bytes(entry)
        );
    }
    page.push_str("</table>");
}

fn bytes(entry: &Entry) -> String {
    if entry.hex.is_empty() {
        return String::new();
    }
    let shown = entry.hex.len() / 2;
    let more = match entry.length.saturating_sub(shown) {
        0 => String::new(),
        more => format!("\n… and {more} more bytes"),
    };
    format!("<pre>{}{more}</pre>", escape(&hex::dump(&entry.hex).join("\n")))
}

/// A day and a time, UTC, from seconds since 1970 (the calendar of Howard Hinnant's "chrono-compatible
/// low-level date algorithms").
pub(crate) fn date(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = year + era * 400 + carry;
    format!("{year}-{month:02}-{day:02} {:02}:{:02} UTC", rest / 3600, rest / 60 % 60)
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn seconds_become_a_day() {
        assert_eq!(date(0), "1970-01-01 00:00 UTC");
        assert_eq!(date(951_782_400), "2000-02-29 00:00 UTC");
        assert_eq!(date(1_767_225_599), "2025-12-31 23:59 UTC");
    }
}
