//! Rates, counts and thresholds as they are written on a command line.

use crate::values;
use std::str::FromStr;
use wharf_bench::Report;

/// A number of a thousand, a million or a billion: `2500`, `100k`, `1.5M`.
fn number(text: &str) -> Result<f64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match &text[digits.len()..] {
        "" => 1.0,
        "k" | "K" => 1e3,
        "m" | "M" => 1e6,
        "g" | "G" => 1e9,
        unit => return Err(format!("unknown unit {unit:?}; write 2500, 100k or 1.5M")),
    };
    let number: f64 = digits.parse().map_err(|_| "write 2500, 100k or 1.5M".to_owned())?;
    countable(number * factor).ok_or_else(|| "write 2500, 100k or 1.5M".to_owned())
}

/// Numbers that can be counted to.
fn countable(number: f64) -> Option<f64> {
    (number.is_finite() && number >= 0.0).then_some(number)
}

/// Messages per second.
pub(crate) fn rate(text: &str) -> Result<f64, String> {
    let rate = number(text.strip_suffix("/s").unwrap_or(text))?;
    if (1e-3..=1e9).contains(&rate) {
        Ok(rate)
    } else {
        Err("a rate is 0.001 to 1G messages a second".to_owned())
    }
}

/// Messages.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range was checked"
)]
pub(crate) fn count(text: &str) -> Result<u64, String> {
    let count = number(text)?;
    if count.fract() == 0.0 && (1.0..=1e15).contains(&count) {
        Ok(count as u64)
    } else {
        Err("write 1000, 100k or 10M".to_owned())
    }
}

/// A condition that fails a run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Threshold {
    text: String,
    figure: Figure,
    side: Side,
    limit: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Above,
    Below,
}

/// What a condition is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Figure {
    Mean,
    P50,
    P90,
    P99,
    P999,
    Max,
    Rate,
    Errors,
    Unsent,
    ServerCpu,
    GeneratorCpu,
    ServerMemory,
}

impl Figure {
    fn named(name: &str) -> Result<Self, String> {
        Ok(match name {
            "mean" => Self::Mean,
            "p50" => Self::P50,
            "p90" => Self::P90,
            "p99" => Self::P99,
            "p99.9" | "p999" => Self::P999,
            "max" => Self::Max,
            "rate" => Self::Rate,
            "errors" => Self::Errors,
            "unsent" => Self::Unsent,
            "server-cpu" => Self::ServerCpu,
            "generator-cpu" => Self::GeneratorCpu,
            "server-memory" => Self::ServerMemory,
            _ => {
                return Err(format!(
                    "{name:?} is none of mean, p50, p90, p99, p99.9, max, rate, errors, unsent, server-cpu, \
                     generator-cpu (times per message), server-memory (bytes per connection)"
                ));
            }
        })
    }

    /// The limit in the report's unit.
    fn limit(self, text: &str) -> Result<f64, String> {
        match self {
            Self::Rate => rate(text),
            Self::Errors | Self::Unsent => number(text),
            #[expect(clippy::cast_precision_loss, reason = "no memory has so many bytes")]
            Self::ServerMemory => values::size(text).map(|bytes| bytes as f64),
            _ => micros(text),
        }
    }

    fn of(self, report: &Report) -> Option<f64> {
        let latency = report.latency.as_ref();
        #[expect(clippy::cast_precision_loss, reason = "counts below 2⁵³")]
        let count = |count: u64| Some(count as f64);
        match self {
            Self::Mean => latency.map(|latency| latency.mean),
            Self::P50 => latency.map(|latency| latency.p50),
            Self::P90 => latency.map(|latency| latency.p90),
            Self::P99 => latency.map(|latency| latency.p99),
            Self::P999 => latency.map(|latency| latency.p999),
            Self::Max => latency.map(|latency| latency.max),
            Self::Rate => Some(report.rate),
            Self::Errors => count(report.errors()),
            Self::Unsent => count(report.messages.unsent),
            Self::ServerCpu => report.server.as_ref().map(|server| server.cpu_us_per_message),
            Self::GeneratorCpu => Some(report.generator.cpu_us_per_message),
            Self::ServerMemory => report.memory.last().map(|held| held.per_connection),
        }
    }
}

/// A time: `800us`, `5ms`, `1s`.
fn micros(text: &str) -> Result<f64, String> {
    if let Some(count) = text.strip_suffix("us").or(text.strip_suffix("µs")) {
        let count = count.trim().parse().ok().and_then(countable);
        return count.ok_or_else(|| "write 800us, 5ms or 1s".to_owned());
    }
    values::duration(text).map(|time| time.as_secs_f64() * 1e6)
}

impl Threshold {
    /// Why this run fails, if it does. What was not measured fails too: the condition was not shown to be met.
    pub(crate) fn broken(&self, report: &Report) -> Option<String> {
        match self.figure.of(report) {
            None => Some(format!("{}: nothing of it was measured", self.text)),
            Some(value) => {
                let breaks = match self.side {
                    Side::Above => value > self.limit,
                    Side::Below => value < self.limit,
                };
                breaks.then(|| format!("{}: it is {value:.1}", self.text))
            }
        }
    }
}

impl FromStr for Threshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let at = text.find(['<', '>']).ok_or("write it as 'p99>5ms' or 'rate<100k'")?;
        let (name, rest) = text.split_at(at);
        let (side, limit) = rest.split_at(1);
        let figure = Figure::named(name.trim())?;
        Ok(Self {
            text: text.trim().to_owned(),
            side: if side == ">" { Side::Above } else { Side::Below },
            limit: figure.limit(limit.trim())?,
            figure,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Threshold, count, rate};

    /// Rates and counts have units of a thousand.
    #[test]
    fn rates_and_counts_have_units() {
        assert_eq!(
            (rate("2500"), rate("100k"), rate("1.5M/s")),
            (Ok(2_500.0), Ok(100_000.0), Ok(1_500_000.0))
        );
        assert_eq!(
            (count("1000"), count("1.5k"), count("10M")),
            (Ok(1_000), Ok(1_500), Ok(10_000_000))
        );
    }

    /// What cannot be meant is refused.
    #[test]
    fn odd_rates_and_counts_are_refused() {
        for text in ["", "0", "-1", "x", "1x", "NaN", "inf", "1e300", "2T"] {
            assert!(rate(text).is_err(), "{text}");
            assert!(count(text).is_err(), "{text}");
        }
        assert!(count("0.5").is_err() && count("1.0001k").is_err());
    }

    /// Each condition has the unit of its figure.
    #[test]
    fn conditions_are_read() {
        for (text, limit) in [
            ("p99>5ms", 5_000.0),
            ("p50 > 800us", 800.0),
            ("p99.9>1s", 1_000_000.0),
            ("rate<100k", 100_000.0),
            ("errors>0", 0.0),
            ("server-cpu>0.5us", 0.5),
            ("server-memory>2K", 2_048.0),
        ] {
            let threshold: Threshold = text.parse().unwrap();
            assert!((threshold.limit - limit).abs() < 1e-6, "{text}");
        }
        for text in ["", "p99", "p99=5ms", "p98>5ms", "p99>", "rate<-1", "p99>5kg", "errors>x"] {
            assert!(text.parse::<Threshold>().is_err(), "{text}");
        }
    }
}
