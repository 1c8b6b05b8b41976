//! The public API: as it is recorded, without types of strangers, and every item shown to somebody.

mod foreign;
mod listing;
mod rustdoc;
mod shown;

use crate::failure::{Failure, Outcome};
use listing::Record;

/// The crates that others depend on.
const LIBRARIES: [&str; 3] = ["wharf-bytes", "wharf-proto", "wharf"];

/// `api [--bless]`
pub(crate) fn run(words: &[&str]) -> Outcome {
    match words {
        [] => check(Record::Compare),
        ["--bless"] => check(Record::Renew),
        _ => Err(Failure::new("api takes nothing, or --bless")),
    }
}

/// The step of ci.
pub(crate) fn compare() -> Outcome {
    check(Record::Compare)
}

fn check(record: Record) -> Outcome {
    let mut complaints = Vec::new();
    for package in LIBRARIES {
        let documented = rustdoc::document(package)?;
        let listing = listing::of(&documented.file)?;
        complaints.extend(listing::compare(package, &listing, record)?);
        complaints.extend(foreign::check(package, &listing));
        if package == "wharf" {
            complaints.extend(shown::check(&documented.contents)?);
        }
    }
    if complaints.is_empty() { Ok(()) } else { Err(Failure::new(complaints.join("\n"))) }
}
