//! What rustdoc knows of a crate, as JSON.

use crate::{
    failure::{During, Failure, Outcome},
    paths,
    process::{cargo, run},
};
use rustdoc_types::{Crate, FORMAT_VERSION};
use serde_json::Value;
use std::path::PathBuf;

/// A crate with all its features, and the file that tells of it.
pub(super) struct Documented {
    pub(super) file: PathBuf,
    pub(super) contents: Crate,
}

/// Has rustdoc write its JSON, which is unstable: a stable toolchain does it when it is told to act as the compiler's own
/// build does.
pub(super) fn document(package: &str) -> Outcome<Documented> {
    // In a folder of its own: build scripts look at this variable, and everything would be built twice.
    let target = paths::target().join("api");
    let words = ["rustdoc", "--quiet", "--package", package, "--lib", "--all-features"];
    let mut rustdoc = cargo(words);
    rustdoc.arg("--target-dir").arg(&target).env("RUSTC_BOOTSTRAP", "1");
    rustdoc.args(["--", "-Z", "unstable-options", "--output-format", "json"]);
    run(&mut rustdoc).map_err(|failure| {
        Failure::new(format!("{failure}\nthis toolchain writes no rustdoc JSON; Rust 1.95 does"))
    })?;
    let file = target.join("doc").join(format!("{}.json", package.replace('-', "_")));
    let value: Value =
        serde_json::from_str(&paths::read(&file)?).during(format!("reading {}", file.display()))?;
    check_version(&value)?;
    let contents = serde_json::from_value(value).during(format!("reading {}", file.display()))?;
    Ok(Documented { file, contents })
}

/// Another version would be read wrongly, or not at all.
fn check_version(value: &Value) -> Outcome {
    let found = value["format_version"].as_u64();
    if found == Some(FORMAT_VERSION.into()) {
        return Ok(());
    }
    let found = found.map_or_else(|| "none".to_owned(), |found| found.to_string());
    Err(Failure::new(format!(
        "the public API was not compared: rustdoc of this toolchain writes version {found} of its JSON, and xtask reads \
         version {FORMAT_VERSION}. Use Rust 1.95, or move `public-api` and `rustdoc-types` in xtask/Cargo.toml to the \
         releases for this toolchain"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn another_version_of_the_json_is_not_taken_for_ours() {
        assert!(check_version(&json!({ "format_version": FORMAT_VERSION })).is_ok());
        let error = check_version(&json!({ "format_version": 1 })).unwrap_err().to_string();
        assert!(error.contains("writes version 1 ") && error.contains("1.95"), "{error}");
        assert!(check_version(&json!({})).is_err());
    }
}
