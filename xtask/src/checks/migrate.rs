//! The programs that docs/migrate shows as they are before they move.

use crate::{
    failure::Outcome,
    paths,
    process::{cargo, run},
};

/// They compile. That the guides show them as they are is for tidy to see.
pub(crate) fn before() -> Outcome {
    let folder = paths::root().join("docs/migrate/before");
    let target = paths::target().join("migrate");
    // The settings below `.cargo` hold for who stands in the folder.
    let mut check = cargo(["check", "--quiet", "--locked", "--target-dir"]);
    run(check.arg(target).current_dir(folder))
}
