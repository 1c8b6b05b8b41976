//! A report as one page, which needs nothing else.

use crate::{
    plot::{Line, Plot, Scale},
    report::{Latency, Point, Report},
    units::{count, rate, time},
};

const STYLE: &str = include_str!("page.css");

impl Report {
    /// As a page of HTML with its style and its plots inside.
    pub fn to_html(&self) -> String {
        let title = format!("wharf bench · {} · {}", self.plan.load, escape(&self.plan.url));
        let notes: String =
            self.notes().iter().map(|note| format!("<li>{}</li>", escape(note))).collect();
        let notes =
            if notes.is_empty() { notes } else { format!("<ul class=\"notes\">{notes}</ul>") };
        format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{title}</title><style>{STYLE}</style></head><body><main>\
             <h1>{}</h1><p class=\"url\">{}</p><p>{}</p>{notes}\
             <section class=\"tiles\">{}</section><section class=\"plots\">{}</section>\
             <table>{}</table><footer>wharf {}</footer></main></body></html>\n",
            escape(&self.plan.load),
            escape(&self.plan.url),
            escape(&self.plan.summary()),
            self.tiles(),
            self.plots(),
            self.table(),
            escape(&self.wharf),
        )
    }

    /// The figures that matter most.
    fn tiles(&self) -> String {
        let mut tiles = Vec::new();
        if self.plan.load != "idle" {
            tiles.push((self.plan.counted(), rate(self.rate)));
        }
        if let Some(latency) = &self.latency {
            tiles.extend([
                ("p50", time(latency.p50)),
                ("p99", time(latency.p99)),
                ("max", time(latency.max)),
            ]);
        }
        if let Some(server) = self.server.as_ref().filter(|server| server.cpu_us_per_message > 0.0)
        {
            tiles.push(("server CPU, each", time(server.cpu_us_per_message)));
        }
        if let Some(held) = self.memory.last().filter(|held| held.per_connection > 0.0) {
            tiles.push(("memory, each", crate::units::bytes(held.per_connection)));
        }
        tiles
            .iter()
            .map(|(name, value)| format!("<div><b>{value}</b><span>{name}</span></div>"))
            .collect()
    }

    fn plots(&self) -> String {
        let by_share = self.latency.as_ref().map(|latency| by_percentile(latency).svg());
        let over_time = (self.timeline.len() > 1).then(|| {
            let title = format!("{} per second", self.plan.counted());
            let (points, end) = (self.timeline.as_slice(), self.seconds);
            [throughput(&title, points, end).svg(), latency_over_time(points, end).svg()].concat()
        });
        [by_share, over_time].into_iter().flatten().collect()
    }

    fn table(&self) -> String {
        let row = |(name, text): (&str, String)| {
            format!("<tr><th>{name}</th><td>{}</td></tr>", escape(&text).replace("   ", "<br>"))
        };
        self.rows().into_iter().map(row).collect()
    }
}

/// The share of messages, by how many nines: 90 % is 1, 99 % is 2.
fn nines(share: f64) -> f64 {
    -(1.0 - share).max(1e-9).log10()
}

fn by_percentile(latency: &Latency) -> Plot<'_> {
    let (shares, last): (Vec<_>, Vec<_>) =
        latency.percentiles.iter().partition(|(share, _)| *share < 1.0);
    let widest = shares.last().map_or(1.0, |(share, _)| nines(*share)).max(1.0);
    let mut points: Vec<(f64, f64)> =
        shares.iter().map(|(share, value)| (nines(*share) / widest, *value)).collect();
    points.extend(last.iter().map(|(_, value)| (1.0, *value)));
    let named = [
        (0.5, "50 %"),
        (0.9, "90"),
        (0.99, "99"),
        (0.999, "99.9"),
        (0.9999, "99.99"),
        (0.999_99, "99.999"),
        (0.999_999, "99.9999"),
    ];
    let across = named.iter().map(|(share, name)| (nines(*share) / widest, (*name).to_owned()));
    Plot {
        title: "latency by percentile",
        across: apart(across.filter(|(place, _)| *place <= 1.0)),
        scale: Scale::logarithmic(latency.min, latency.max),
        told: time,
        lines: vec![Line { name: "", class: "a", points }],
    }
}

/// Labels that do not run into each other.
fn apart(labels: impl Iterator<Item = (f64, String)>) -> Vec<(f64, String)> {
    const DISTANCE: f64 = 0.13;
    let mut kept: Vec<(f64, String)> = Vec::new();
    for (place, label) in labels {
        if kept.last().is_none_or(|(last, _)| place - last >= DISTANCE) {
            kept.push((place, label));
        }
    }
    kept
}

fn throughput<'a>(title: &'a str, points: &[Point], end: f64) -> Plot<'a> {
    let highest = points.iter().map(|point| point.rate).fold(0.0, f64::max);
    Plot {
        title,
        across: seconds(end),
        scale: Scale::linear(highest),
        told: count,
        lines: vec![Line {
            name: "",
            class: "a",
            points: over_time(points, end, |point| point.rate),
        }],
    }
}

fn latency_over_time(points: &[Point], end: f64) -> Plot<'static> {
    let all =
        || points.iter().flat_map(|point| [point.p50, point.p99]).filter(|value| *value > 0.0);
    Plot {
        title: "latency over time",
        across: seconds(end),
        scale: Scale::logarithmic(all().fold(f64::MAX, f64::min), all().fold(0.0, f64::max)),
        told: time,
        lines: vec![
            Line { name: "p99", class: "b", points: over_time(points, end, |point| point.p99) },
            Line { name: "p50", class: "a", points: over_time(points, end, |point| point.p50) },
        ],
    }
}

fn over_time(points: &[Point], end: f64, value: fn(&Point) -> f64) -> Vec<(f64, f64)> {
    points.iter().map(|point| (point.at / end, value(point))).collect()
}

/// Five marks of time.
fn seconds(end: f64) -> Vec<(f64, String)> {
    let places = [0.25, 0.5, 0.75, 1.0];
    let marks = places.map(|place| (place, time(end * place * 1e6)));
    std::iter::once((0.0, "0".to_owned())).chain(marks).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{escape, nines};

    /// A URL is a stranger's text.
    #[test]
    fn markup_is_shown_not_obeyed() {
        assert_eq!(escape(r#"ws://h/?a=<b>&"c""#), "ws://h/?a=&lt;b&gt;&amp;&quot;c&quot;");
    }

    /// Each nine has the same room.
    #[test]
    fn nines_are_even() {
        for (share, place) in [(0.0, 0.0), (0.9, 1.0), (0.99, 2.0), (0.999, 3.0), (1.0, 9.0)] {
            assert!((nines(share) - place).abs() < 1e-6, "{share}");
        }
    }
}
