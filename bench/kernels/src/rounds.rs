//! Rows that are measured in turns.

/// A name, and what takes so many nanoseconds per item of the column.
pub(crate) type Row<C> = (&'static str, Box<dyn FnMut(&mut C) -> f64>);

const ROUNDS: usize = 201;

/// Prints a row per name and a column per length; `unit` makes a figure of nanoseconds and the length.
pub(crate) fn table<C>(
    title: &str,
    lengths: &[usize],
    columns: impl Fn(usize) -> C,
    mut rows: Vec<Row<C>>,
    unit: impl Fn(f64, usize) -> f64,
) {
    println!("\n{title}");
    let heads: Vec<_> = lengths.iter().map(|len| format!("{len:>10}")).collect();
    println!("{:32}{}", "bytes", heads.concat());
    let medians: Vec<_> = lengths.iter().map(|len| column(&mut columns(*len), &mut rows)).collect();
    for (at, (name, _)) in rows.iter().enumerate() {
        let cells = medians.iter().zip(lengths).map(|(column, len)| unit(column[at], *len));
        println!("{name:32}{}", cells.map(|cell| format!("{cell:>10.1}")).collect::<String>());
    }
}

fn column<C>(column: &mut C, rows: &mut [Row<C>]) -> Vec<f64> {
    let mut times: Vec<Vec<f64>> = rows.iter().map(|_| Vec::with_capacity(ROUNDS)).collect();
    for _ in 0..ROUNDS {
        for ((_, work), times) in rows.iter_mut().zip(&mut times) {
            times.push(work(column));
        }
    }
    times.into_iter().map(median).collect()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
