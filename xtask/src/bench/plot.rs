//! A cost curve as SVG: both axes logarithmic, one line to a server.

use super::{
    record::Record,
    sample::CPU,
    scenario::{Load, Scenario},
    statistics::Spread,
    table::bytes,
};
use std::{collections::BTreeMap, fmt::Write};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 560.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 370.0;

/// Told apart by whoever sees few colours, and on a dark page too.
const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#888888"];

/// A curve: what stands below each point, and what each server costs there.
struct Curves {
    labels: Vec<String>,
    lines: BTreeMap<String, Vec<Option<f64>>>,
}

/// The plot of a scenario of several points, as far as it was measured.
pub(super) fn svg(scenario: &Scenario, record: &Record) -> Option<String> {
    let curves = Curves::read(scenario, record)?;
    let costs = || curves.lines.values().flatten().flatten().copied();
    let all = Spread::of(costs())?;
    let scale = Scale { low: all.min.log10().floor(), high: all.max.log10().ceil() };
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n"
    );
    axes(&mut text, &curves, &scale);
    let mut ends = Vec::new();
    for ((name, costs), colour) in curves.lines.iter().zip(COLOURS) {
        let end = line(&mut text, costs, colour, &scale);
        ends.extend(end.map(|(x, y)| End { name, colour, x, y }));
    }
    names(&mut text, ends);
    text.push_str("</svg>\n");
    Some(text)
}

impl Curves {
    fn read(scenario: &Scenario, record: &Record) -> Option<Self> {
        let count = scenario.points.len();
        let mut lines: BTreeMap<String, Vec<Option<f64>>> = BTreeMap::new();
        for point in 0..count {
            for (name, samples) in record.samples(scenario.name, point)? {
                let costs = samples.iter().flatten().filter_map(|sample| sample.get(CPU));
                let line = lines.entry(name).or_insert_with(|| vec![None; count]);
                line[point] = Spread::of(costs).map(|spread| spread.median);
            }
        }
        Some(Self {
            labels: scenario.points.iter().map(|load| label(scenario, *load)).collect(),
            lines,
        })
    }
}

/// What changes from point to point.
fn label(scenario: &Scenario, load: Load) -> String {
    let sizes = scenario.points.iter().filter_map(|load| match load {
        Load::Echo { size, .. } => Some(size),
        Load::Idle { .. } | Load::Handshakes { .. } => None,
    });
    let same_size = sizes.collect::<std::collections::BTreeSet<_>>().len() == 1;
    match load {
        Load::Echo { connections, .. } if same_size => connections.to_string(),
        Load::Echo { size, .. } => bytes(size),
        Load::Idle { connections: count } | Load::Handshakes { at_once: count } => {
            count.to_string()
        }
    }
}

/// Powers of ten, from bottom to top.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    fn y(&self, cost: f64) -> f64 {
        BOTTOM - (cost.log10() - self.low) / (self.high - self.low).max(1.0) * (BOTTOM - TOP)
    }
}

fn x(index: usize, count: usize) -> f64 {
    LEFT + (RIGHT - LEFT) * (index as f64 + 0.5) / count as f64
}

fn axes(text: &mut String, curves: &Curves, scale: &Scale) {
    let mut power = scale.low;
    while power <= scale.high {
        let (cost, y) = (10_f64.powf(power), scale.y(10_f64.powf(power)));
        put(
            text,
            format_args!(
                "<line x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#dddddd\"/>"
            ),
        );
        put(
            text,
            format_args!(
                "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{cost} µs</text>",
                LEFT - 6.0,
                y + 4.0
            ),
        );
        power += 1.0;
    }
    for (index, label) in curves.labels.iter().enumerate() {
        let x = x(index, curves.labels.len());
        put(
            text,
            format_args!(
                "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{label}</text>",
                BOTTOM + 20.0
            ),
        );
    }
    put(
        text,
        format_args!(
            "<text x=\"{LEFT}\" y=\"{}\" fill=\"#666666\">CPU of the server per message</text>",
            HEIGHT - 8.0
        ),
    );
}

/// Where a line ends, and whose it is.
struct End<'a> {
    name: &'a str,
    colour: &'a str,
    x: f64,
    y: f64,
}

/// Draws a line with its points, and gives its end.
fn line(
    text: &mut String,
    costs: &[Option<f64>],
    colour: &str,
    scale: &Scale,
) -> Option<(f64, f64)> {
    let at = |(index, cost): (usize, &Option<f64>)| {
        cost.map(|cost| (x(index, costs.len()), scale.y(cost)))
    };
    let points: Vec<(f64, f64)> = costs.iter().enumerate().filter_map(at).collect();
    let list: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let list = list.join(" ");
    put(
        text,
        format_args!(
            "<polyline points=\"{list}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>"
        ),
    );
    for (x, y) in &points {
        put(text, format_args!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>"));
    }
    points.last().copied()
}

/// The names at the ends, one below the other.
fn names(text: &mut String, mut ends: Vec<End<'_>>) {
    const APART: f64 = 15.0;
    ends.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut free = TOP;
    for End { name, colour, x, y } in ends {
        let y = y.max(free);
        free = y + APART;
        put(
            text,
            format_args!(
                "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{name}</text>",
                x + 10.0,
                y + 4.0
            ),
        );
    }
}

fn put(text: &mut String, element: std::fmt::Arguments<'_>) {
    writeln!(text, "{element}").expect("a string takes everything");
}
