//! Features are additions: each alone, none and all of them build without a warning.

use crate::{
    failure::{Failure, Outcome},
    process::{cargo, run},
    say, workspace,
};
use serde_json::Value;

/// The packages that others depend on.
const LIBRARIES: [&str; 3] = ["wharf-bytes", "wharf-proto", "wharf"];

/// The core's own tests, as a machine without std would use it.
const TESTED: [(&str, &str); 4] =
    [("wharf-bytes", ""), ("wharf-proto", ""), ("wharf-proto", "deflate"), ("wharf-proto", "std")];

/// Builds every set, tests some.
pub(crate) fn run_sets() -> Outcome {
    let metadata = workspace::own()?;
    for package in LIBRARIES {
        for set in sets(&metadata, package)? {
            say::line(format!("{package} with {}", if set.is_empty() { "nothing" } else { &set }));
            let words = [
                "clippy",
                "--quiet",
                "--package",
                package,
                "--lib",
                "--no-default-features",
                "--features",
                &set,
            ];
            run(cargo(words).args(["--", "-D", "warnings"]))?;
        }
    }
    TESTED.iter().try_for_each(|(package, set)| {
        say::line(format!(
            "tests of {package} with {}",
            if set.is_empty() { "nothing" } else { set }
        ));
        run(&mut cargo([
            "test",
            "--quiet",
            "--package",
            package,
            "--no-default-features",
            "--features",
            set,
        ]))
    })
}

/// None, each, and all.
fn sets(metadata: &Value, package: &str) -> Outcome<Vec<String>> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let ours = packages.iter().find(|each| each["name"] == package);
    let features = ours.and_then(|ours| ours["features"].as_object());
    let features =
        features.ok_or_else(|| Failure::new(format!("the workspace has no package {package}")))?;
    let each: Vec<String> = features.keys().filter(|name| *name != "default").cloned().collect();
    let all = each.join(",");
    Ok([String::new()].into_iter().chain(each).chain([all]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn none_each_and_all_are_built() {
        let metadata = json!({ "packages": [{ "name": "a", "features": { "default": ["x"], "x": [], "y": [] } }] });
        assert_eq!(sets(&metadata, "a").unwrap(), ["", "x", "y", "x,y"]);
        assert!(sets(&metadata, "b").is_err());
    }
}
