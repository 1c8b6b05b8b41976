//! How many came when, as text.

use std::{fmt::Write, time::Duration};

/// So many rows are shown.
const ROWS: u32 = 10;

/// One row for each tenth of the span, with a bar as long as its share.
pub(crate) fn curve(times: &[Duration], span: Duration) -> String {
    let step = span / ROWS;
    let mut counts = [0_usize; ROWS as usize];
    for time in times {
        let row = (time.as_nanos() / step.as_nanos().max(1)).min(u128::from(ROWS) - 1);
        counts[usize::try_from(row).expect("ten rows")] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or_default().max(1);
    let mut text = String::new();
    for (row, count) in (1..).zip(counts) {
        let bar = "#".repeat((count * 40).div_ceil(most));
        writeln!(text, "  to {:>5} ms  {count:>5}  {bar}", (step * row).as_millis())
            .expect("a string takes all");
    }
    text
}
