//! One page with several targets side by side.

use super::{
    html::{FILTER, SCRIPT, class, date, head},
    markup::escape,
};
use crate::{
    case::kinds::Group,
    verdict::{Outcome, Report, Verdict},
};
use std::{collections::HashMap, fmt::Write as _};

/// The reports side by side, as a page that needs nothing else.
pub fn matrix(reports: &[Report]) -> String {
    let mut page = head("wharf check: targets side by side");
    let columns: Vec<Column<'_>> = reports.iter().map(Column::new).collect();
    page.push_str("<table class=summary><thead><tr><th>Target</th><th>Role</th><th>Begun</th>");
    for verdict in Verdict::ALL {
        // Writing to a String cannot fail.
        let _ = write!(page, "<th>{}</th>", verdict.name());
    }
    page.push_str("</tr></thead><tbody>");
    reports.iter().for_each(|report| target(&mut page, report));
    page.push_str("</tbody></table>\n");
    page.push_str(FILTER);
    table(&mut page, &columns);
    page.push_str("</main><script>");
    page.push_str(SCRIPT);
    page.push_str("</script></body></html>\n");
    page
}

/// A report, by case.
struct Column<'a> {
    report: &'a Report,
    outcomes: HashMap<&'a str, &'a Outcome>,
}

impl<'a> Column<'a> {
    fn new(report: &'a Report) -> Self {
        let outcomes = report.outcomes.iter().map(|outcome| (outcome.id.as_str(), outcome));
        Self { report, outcomes: outcomes.collect() }
    }
}

fn target(page: &mut String, report: &Report) {
    let name = escape(&report.target);
    let (role, began) = (report.role.name(), date(report.began));
    // Writing to a String cannot fail.
    let _ = write!(page, "<tr><th>{name}</th><td>{role}</td><td>{began}</td>");
    for verdict in Verdict::ALL {
        let count = report.count(verdict);
        let class = if count == 0 { "none" } else { class(verdict) };
        let _ = write!(page, "<td class={class}>{count}</td>");
    }
    page.push_str("</tr>");
}

fn table(page: &mut String, columns: &[Column<'_>]) {
    page.push_str("<table class=matrix><thead><tr><th>Case</th>");
    for column in columns {
        // Writing to a String cannot fail.
        let _ = write!(page, "<th>{}</th>", escape(&column.report.target));
    }
    page.push_str("</tr></thead><tbody>");
    for group in Group::ALL {
        let rows = cases(columns, group);
        if rows.is_empty() {
            continue;
        }
        let (name, title) = (group.name(), group.title());
        let span = columns.len() + 1;
        let _ =
            write!(page, "<tr class=head data-group={name}><th colspan={span}>{title}</th></tr>");
        rows.iter().for_each(|outcome| row(page, columns, outcome));
    }
    page.push_str("</tbody></table>\n");
}

/// The cases of a group that any of the reports has.
fn cases<'a>(columns: &[Column<'a>], group: Group) -> Vec<&'a Outcome> {
    let mut all: Vec<&Outcome> = Vec::new();
    for outcome in columns.iter().flat_map(|column| &column.report.outcomes) {
        if outcome.group == group && !all.iter().any(|known| known.id == outcome.id) {
            all.push(outcome);
        }
    }
    all
}

fn row(page: &mut String, columns: &[Column<'_>], outcome: &Outcome) {
    let found: Vec<Option<&Outcome>> =
        columns.iter().map(|column| column.outcomes.get(outcome.id.as_str()).copied()).collect();
    let is_bad = found.iter().flatten().any(|outcome| outcome.verdict.is_bad());
    // Writing to a String cannot fail.
    let _ = write!(
        page,
        "<tr class=case data-bad={} data-group={}><th><code>{}</code><small>{} · {} {}{}</small></th>",
        u8::from(is_bad),
        outcome.group.name(),
        escape(&outcome.id),
        escape(&outcome.title),
        outcome.level.name(),
        escape(&outcome.section),
        aliases(outcome),
    );
    for one in found {
        let _ = match one {
            Some(one) => write!(
                page,
                "<td class={} title=\"{}\">{}</td>",
                class(one.verdict),
                escape(&one.told),
                one.verdict.name()
            ),
            None => write!(page, "<td class=none>–</td>"),
        };
    }
    page.push_str("</tr>\n");
}

fn aliases(outcome: &Outcome) -> String {
    match outcome.autobahn.as_slice() {
        [] => String::new(),
        all => format!(" · Autobahn {}", escape(&all.join(", "))),
    }
}
