//! Plots as SVG: sizes of a phone, colours of the page's style.

use std::fmt::Write as _;

/// The picture, in its own units; a plot is as wide as its column.
const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 250.0;

/// Room for the labels.
const LEFT: f64 = 62.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 34.0;

/// A plot.
pub(crate) struct Plot<'a> {
    pub(crate) title: &'a str,
    /// Places on the x axis, 0 to 1, and what stands there.
    pub(crate) across: Vec<(f64, String)>,
    pub(crate) scale: Scale,
    /// How values are told.
    pub(crate) told: fn(f64) -> String,
    pub(crate) lines: Vec<Line<'a>>,
}

/// A line: its name, its class in the style, and points of place (0 to 1) and value.
pub(crate) struct Line<'a> {
    pub(crate) name: &'a str,
    pub(crate) class: &'a str,
    pub(crate) points: Vec<(f64, f64)>,
}

/// How values become heights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scale {
    /// From 0 to this.
    Linear(f64),
    /// By factors of ten, between powers of ten.
    Logarithmic(i32, i32),
}

impl Scale {
    /// From 0 to a round number above all values.
    pub(crate) fn linear(highest: f64) -> Self {
        let power = 10_f64.powf(highest.max(1e-9).log10().floor());
        let steps = [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.5, 10.0];
        let found = steps.iter().map(|step| step * power).find(|top| *top >= highest);
        Self::Linear(found.unwrap_or(power * 10.0))
    }

    /// Between the powers of ten around these values.
    #[expect(clippy::cast_possible_truncation, reason = "logarithms of floats are below 400")]
    pub(crate) fn logarithmic(lowest: f64, highest: f64) -> Self {
        let low = lowest.max(1e-3).log10().floor() as i32;
        Self::Logarithmic(low, (highest.max(1e-3).log10().ceil() as i32).max(low + 1))
    }

    /// The height of a value, 0 to 1.
    fn height(self, value: f64) -> f64 {
        let height = match self {
            Self::Linear(top) => value / top,
            Self::Logarithmic(low, high) => {
                (value.max(1e-3).log10() - f64::from(low)) / f64::from(high - low)
            }
        };
        height.clamp(0.0, 1.0)
    }

    /// Values that get a line of the grid.
    fn marks(self) -> Vec<f64> {
        match self {
            Self::Linear(top) => (0..=4).map(|quarter| top * f64::from(quarter) / 4.0).collect(),
            Self::Logarithmic(low, high) => (low..=high).map(|power| 10_f64.powi(power)).collect(),
        }
    }
}

impl Plot<'_> {
    /// The element.
    pub(crate) fn svg(&self) -> String {
        let mut svg = format!(
            r#"<figure><figcaption>{}{}</figcaption><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{}">"#,
            self.title,
            self.legend(),
            self.title
        );
        for mark in self.scale.marks() {
            let y = down(self.scale.height(mark));
            svg.push_str(&format!(r#"<path class="grid" d="M{LEFT} {y:.1}H{}"/>"#, WIDTH - RIGHT));
            svg.push_str(&format!(
                r#"<text x="{}" y="{:.1}" text-anchor="end">{}</text>"#,
                LEFT - 6.0,
                y + 4.0,
                (self.told)(mark)
            ));
        }
        for (place, label) in &self.across {
            let x = along(*place);
            svg.push_str(&format!(r#"<path class="grid" d="M{x:.1} {TOP}V{}"/>"#, HEIGHT - BOTTOM));
            let anchor = if *place > 0.95 { "end" } else { "middle" };
            svg.push_str(&format!(
                r#"<text x="{x:.1}" y="{}" text-anchor="{anchor}">{label}</text>"#,
                HEIGHT - BOTTOM + 18.0
            ));
        }
        for line in &self.lines {
            svg.push_str(&format!(
                r#"<path class="line {}" d="{}"/>"#,
                line.class,
                self.path(line)
            ));
        }
        svg + "</svg></figure>"
    }

    fn legend(&self) -> String {
        let named = self.lines.iter().filter(|line| !line.name.is_empty());
        named.map(|line| format!(r#" <i class="{}">{}</i>"#, line.class, line.name)).collect()
    }

    fn path(&self, line: &Line<'_>) -> String {
        let mut path = String::new();
        for (index, (place, value)) in line.points.iter().enumerate() {
            let letter = if index == 0 { 'M' } else { 'L' };
            // Writing to a String cannot fail.
            let _ =
                write!(path, "{letter}{:.1} {:.1}", along(*place), down(self.scale.height(*value)));
        }
        path
    }
}

fn along(place: f64) -> f64 {
    LEFT + place.clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT)
}

fn down(height: f64) -> f64 {
    HEIGHT - BOTTOM - height * (HEIGHT - TOP - BOTTOM)
}

#[cfg(test)]
mod tests {
    use super::Scale;

    /// Axes end at round numbers, and hold every value.
    #[test]
    fn scales_hold_what_they_are_made_for() {
        assert_eq!(Scale::linear(2_201_008.0), Scale::Linear(3_000_000.0));
        assert_eq!(Scale::linear(10.0), Scale::Linear(10.0));
        assert_eq!(Scale::logarithmic(450.0, 4_816.0), Scale::Logarithmic(2, 4));
        assert_eq!(Scale::logarithmic(5.0, 5.0), Scale::Logarithmic(0, 1));
        let scale = Scale::logarithmic(1.0, 100.0);
        assert!((scale.height(10.0) - 0.5).abs() < 1e-9);
        assert_eq!((scale.height(0.0), scale.height(1e9)), (0.0, 1.0));
    }
}
