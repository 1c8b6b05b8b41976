//! Which crate may know which.

use super::finding::Finding;
use serde_json::Value;

/// A crate and what it may depend on.
struct Floor {
    package: &'static str,
    /// Crates of this workspace.
    ours: &'static [&'static str],
    /// Crates of others; `None`: any.
    foreign: Option<&'static [&'static str]>,
}

/// The arrows drawn in ARCHITECTURE.md, and no others.
const FLOORS: [Floor; 10] = [
    Floor { package: "wharf-bytes", ours: &[], foreign: Some(&["bytes", "simdutf8"]) },
    Floor {
        package: "wharf-proto",
        ours: &["wharf-bytes"],
        foreign: Some(&[
            "base64",
            "bytes",
            "http",
            "httparse",
            "rand_chacha",
            "sha1_smol",
            "zlib-rs",
        ]),
    },
    Floor { package: "wharf", ours: &["wharf-proto"], foreign: None },
    Floor { package: "wharf-cli", ours: &["wharf", "wharf-bench", "wharf-check"], foreign: None },
    Floor { package: "wharf-bench", ours: &["wharf-proto"], foreign: None },
    Floor { package: "wharf-check", ours: &[], foreign: None },
    Floor { package: "wharf-testkit", ours: &["wharf-proto"], foreign: None },
    Floor {
        package: "wharf-instructions",
        ours: &["wharf", "wharf-proto"],
        foreign: Some(&["bytes", "tokio"]),
    },
    Floor { package: "wharf-examples", ours: &["wharf"], foreign: None },
    Floor {
        package: "xtask",
        ours: &[],
        foreign: Some(&["public-api", "rustdoc-types", "serde_json"]),
    },
];

/// For the tests of any crate.
const DEV_ONLY: &str = "wharf-testkit";

/// Checks `cargo metadata --no-deps`; `line` finds a dependency in a manifest.
pub(super) fn check(
    metadata: &Value,
    line: impl Fn(&str, &str) -> (String, usize),
) -> Vec<Finding> {
    let packages: Vec<&Value> = metadata["packages"].as_array().into_iter().flatten().collect();
    let ours: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let mut findings = Vec::new();
    for package in packages {
        let manifest = package["manifest_path"].as_str().unwrap_or_default();
        for (name, kind) in dependencies(package) {
            let advice = forbidden(package["name"].as_str().unwrap_or_default(), name, kind, &ours);
            let (file, line) = line(manifest, name);
            findings.extend(advice.map(|advice| Finding::new(&file, line, "arrows", advice)));
        }
    }
    findings
}

fn dependencies(package: &Value) -> impl Iterator<Item = (&str, &str)> {
    let all = package["dependencies"].as_array().into_iter().flatten();
    all.filter_map(|dependency| {
        Some((dependency["name"].as_str()?, dependency["kind"].as_str().unwrap_or("normal")))
    })
}

fn forbidden(package: &str, name: &str, kind: &str, ours: &[&str]) -> Option<String> {
    if kind == "dev" {
        return None;
    }
    if name == DEV_ONLY {
        return Some(format!("{DEV_ONLY} serves tests: move it to [dev-dependencies]"));
    }
    let Some(floor) = FLOORS.iter().find(|floor| floor.package == package) else {
        return Some(format!(
            "{package} has no floor: draw its arrows in xtask's arrows.rs and ARCHITECTURE.md"
        ));
    };
    let allowed = if ours.contains(&name) { Some(floor.ours) } else { floor.foreign };
    let is_allowed = allowed.is_none_or(|allowed| allowed.contains(&name));
    (!is_allowed).then(|| {
        format!("no arrow goes from {package} to {name}: see ARCHITECTURE.md for those that do")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn findings(package: &str, name: &str, kind: Option<&str>) -> usize {
        let all = ["wharf-bytes", "wharf-proto", "wharf", "wharf-cli", "wharf-testkit", "xtask"];
        let packages = all.map(|each| {
            let dependencies =
                if each == package { json!([{ "name": name, "kind": kind }]) } else { json!([]) };
            json!({ "name": each, "manifest_path": "m", "dependencies": dependencies })
        });
        check(&json!({ "packages": packages }), |file, _| (file.to_owned(), 1)).len()
    }

    #[test]
    fn an_arrow_up_is_found() {
        assert_eq!(findings("wharf-proto", "wharf", None), 1);
        assert_eq!(findings("wharf-cli", "wharf-proto", None), 1);
        assert_eq!(findings("wharf", "wharf-proto", None), 0);
    }

    #[test]
    fn a_foreign_crate_on_a_lower_floor_is_found() {
        assert_eq!(findings("wharf-proto", "tokio", None), 1);
        assert_eq!(findings("wharf-bytes", "rayon", Some("build")), 1);
        assert_eq!(findings("wharf", "tokio", None), 0);
    }

    #[test]
    fn the_testkit_serves_tests_only() {
        assert_eq!(findings("wharf", "wharf-testkit", None), 1);
        assert_eq!(findings("wharf-proto", "wharf-testkit", Some("dev")), 0);
    }
}
