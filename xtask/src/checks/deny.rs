//! What `deny.toml` says, held without another tool: licences, banned crates, and where crates come from.

use super::spdx;
use crate::{
    failure::{Failure, Outcome},
    paths, say, workspace,
};
use serde_json::Value;

/// Checks every package that is built.
pub(crate) fn run() -> Outcome {
    let policy = Policy::read(&paths::read(&paths::root().join("deny.toml"))?)?;
    let metadata = workspace::with_dependencies()?;
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let complaints: Vec<String> =
        packages.iter().flat_map(|package| policy.complaints(package)).collect();
    complaints.iter().for_each(say::line);
    if complaints.is_empty() {
        say::line(format!("deny: {} packages, all allowed", packages.len()));
        return Ok(());
    }
    Err(Failure::new(format!(
        "deny: {} complaints; deny.toml says what is allowed",
        complaints.len()
    )))
}

/// The lists of `deny.toml` that we hold.
struct Policy {
    licences: Vec<String>,
    banned: Vec<String>,
}

impl Policy {
    /// Reads `allow` under `[licenses]` and `deny` under `[bans]`.
    fn read(text: &str) -> Outcome<Self> {
        let list = |section: &str, key: &str| {
            let body = text.split_once(&format!("[{section}]")).map(|(_, body)| body);
            let list = body
                .and_then(|body| body.split_once(&format!("\n{key} = [")))
                .and_then(|(_, list)| list.split_once(']'));
            let words = list.map(|(list, _)| {
                list.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
            });
            words.ok_or_else(|| Failure::new(format!("deny.toml has no `{key}` under [{section}]")))
        };
        Ok(Self { licences: list("licenses", "allow")?, banned: list("bans", "deny")? })
    }

    fn complaints(&self, package: &Value) -> Vec<String> {
        let name = package["name"].as_str().unwrap_or_default();
        let licence = package["license"].as_str().unwrap_or_default();
        let source = package["source"].as_str();
        let allowed =
            spdx::is_allowed(licence, &|licence| self.licences.iter().any(|each| each == licence));
        let licence = (!allowed).then(|| format!("{name}: licence `{licence}` is not allowed"));
        let banned = self
            .banned
            .iter()
            .any(|each| each == name)
            .then(|| format!("{name}: this crate is banned"));
        let foreign = source.filter(|source| !source.starts_with("registry+"));
        let foreign =
            foreign.map(|source| format!("{name}: comes from {source}, not from the registry"));
        [licence, banned, foreign].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TEXT: &str = "[bans]\nwildcards = \"deny\"\ndeny = [\"openssl\"]\n[licenses]\nallow = [\n  \"MIT\",\n  \"ISC\",\n]\n";

    fn complaints(name: &str, licence: &str, source: Option<&str>) -> usize {
        let package = json!({ "name": name, "license": licence, "source": source });
        Policy::read(TEXT).unwrap().complaints(&package).len()
    }

    #[test]
    fn a_licence_that_is_not_listed_is_refused() {
        assert_eq!(complaints("a", "MIT OR Apache-2.0", None), 0);
        assert_eq!(complaints("a", "Apache-2.0", None), 1);
    }

    #[test]
    fn a_banned_crate_is_refused() {
        assert_eq!(complaints("openssl", "MIT", None), 1);
    }

    #[test]
    fn a_crate_from_elsewhere_than_the_registry_is_refused() {
        assert_eq!(complaints("a", "MIT", Some("git+https://host.example/a")), 1);
        assert_eq!(complaints("a", "MIT", Some("registry+https://host.example")), 0);
    }

    #[test]
    fn a_policy_without_its_lists_is_refused() {
        assert!(Policy::read("[bans]\ndeny = []").is_err());
    }
}
