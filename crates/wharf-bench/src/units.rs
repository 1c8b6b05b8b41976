//! Numbers as people read them: three digits and a unit.

/// Times in microseconds: `716 µs`, `1.98 ms`, `2.50 s`.
pub fn time(micros: f64) -> String {
    match micros {
        m if m < 0.9995 => format!("{} ns", digits(m * 1e3)),
        m if m < 999.5 => format!("{} µs", digits(m)),
        m if m < 999_500.0 => format!("{} ms", digits(m / 1e3)),
        m => format!("{} s", digits(m / 1e6)),
    }
}

/// Counts: `950`, `82.0 k`, `2.20 M`.
pub fn count(number: f64) -> String {
    match number {
        n if n < 999.5 && n.fract() == 0.0 => format!("{n}"),
        n if n < 999.5 => digits(n),
        n if n < 999_500.0 => format!("{} k", digits(n / 1e3)),
        n if n < 999_500_000.0 => format!("{} M", digits(n / 1e6)),
        n => format!("{} G", digits(n / 1e9)),
    }
}

/// Counts per second: `2.20 M/s`, `950 /s`.
pub fn rate(number: f64) -> String {
    let text = count(number);
    if text.ends_with(|c: char| c.is_ascii_digit()) {
        format!("{text} /s")
    } else {
        format!("{text}/s")
    }
}

/// Bytes, in units of 1,024: `272 B`, `6.83 KiB`.
pub fn bytes(number: f64) -> String {
    let (sign, number) = if number < 0.0 { ("-", -number) } else { ("", number) };
    let text = match number {
        n if n < 1_000.0 => format!("{n:.0} B"),
        n if n < 1_000.0 * 1024.0 => format!("{} KiB", digits(n / 1024.0)),
        n if n < 1_000.0 * 1_048_576.0 => format!("{} MiB", digits(n / 1_048_576.0)),
        n => format!("{} GiB", digits(n / 1_073_741_824.0)),
    };
    format!("{sign}{text}")
}

/// Three digits.
fn digits(number: f64) -> String {
    match number {
        n if n < 9.995 => format!("{n:.2}"),
        n if n < 99.95 => format!("{n:.1}"),
        n => format!("{n:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, count, rate, time};

    /// Never four digits, never a unit too early.
    #[test]
    fn numbers_have_three_digits() {
        for (micros, told) in [
            (0.05, "50.0 ns"),
            (0.451, "451 ns"),
            (1.0, "1.00 µs"),
            (716.3, "716 µs"),
            (999.7, "1.00 ms"),
            (54_853.6, "54.9 ms"),
            (2_500_000.0, "2.50 s"),
            (3_600_000_000.0, "3600 s"),
        ] {
            assert_eq!(time(micros), told);
        }
        for (number, told) in [
            (0.0, "0"),
            (7.0, "7"),
            (12.34, "12.3"),
            (82_000.0, "82.0 k"),
            (2.2e6, "2.20 M"),
            (9.999e5, "1.00 M"),
        ] {
            assert_eq!(count(number), told);
        }
        assert_eq!((rate(950.0), rate(2.2e6)), ("950 /s".to_owned(), "2.20 M/s".to_owned()));
        for (number, told) in [
            (272.0, "272 B"),
            (6_994.0, "6.83 KiB"),
            (-6_994.0, "-6.83 KiB"),
            (1_048_576.0, "1.00 MiB"),
        ] {
            assert_eq!(bytes(number), told);
        }
    }
}
