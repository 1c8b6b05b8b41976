//! The cases of the suite and the verdict that each must end in.

use crate::{
    failure::{During, Failure, Outcome},
    paths,
};
use serde_json::{Map, Value};
use std::path::Path;

/// What the suite says of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// How the messages went.
    pub(crate) behavior: String,
    /// How the connection was closed.
    pub(crate) close: String,
}

/// Cases in the suite's order, each with the verdict expected of it.
pub(super) struct Cases(Vec<(String, Verdict)>);

impl Cases {
    /// Reads `{"1.1.1": ["OK", "OK"], …}`: behaviour, then closing.
    pub(super) fn read(path: &Path) -> Outcome<Self> {
        let table: Map<String, Value> =
            serde_json::from_str(&paths::read(path)?).during(path.display())?;
        let mut cases = table
            .into_iter()
            .map(|(id, pair)| Ok((id, Verdict::expected(&pair)?)))
            .collect::<Outcome<Vec<_>>>()?;
        cases.sort_by_cached_key(|(id, _)| number(id));
        Ok(Self(cases))
    }

    #[cfg(test)]
    pub(super) fn of(cases: Vec<(String, Verdict)>) -> Self {
        Self(cases)
    }

    /// Those that match one of the patterns (`9.3.1`, `12.*`); all, if there is no pattern.
    pub(super) fn select(self, patterns: &[String]) -> Outcome<Self> {
        if patterns.is_empty() {
            return Ok(self);
        }
        let wanted = |id: &str| patterns.iter().any(|pattern| matches(pattern, id));
        let chosen: Vec<_> = self.0.into_iter().filter(|(id, _)| wanted(id)).collect();
        if chosen.is_empty() {
            Err(Failure::new("no case of the suite matches --cases"))
        } else {
            Ok(Self(chosen))
        }
    }

    /// Deals the cases out like cards: neighbours are alike in cost, so each hand gets its share.
    pub(super) fn shards(&self, count: usize) -> Vec<Vec<&str>> {
        let hands = count.min(self.0.len());
        (0..hands)
            .map(|hand| {
                self.0.iter().skip(hand).step_by(hands).map(|(id, _)| id.as_str()).collect()
            })
            .collect()
    }

    /// Every case with its expected verdict.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Verdict)> {
        self.0.iter().map(|(id, verdict)| (id.as_str(), verdict))
    }
}

impl Verdict {
    fn expected(pair: &Value) -> Outcome<Self> {
        match (pair[0].as_str(), pair[1].as_str()) {
            (Some(behavior), Some(close)) => {
                Ok(Self { behavior: behavior.to_owned(), close: close.to_owned() })
            }
            _ => Err(Failure::new(format!("an expectation is [behaviour, closing], not {pair}"))),
        }
    }
}

fn number(id: &str) -> Vec<u32> {
    id.split('.').map(|part| part.parse().unwrap_or(u32::MAX)).collect()
}

fn matches(pattern: &str, id: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == id, |start| id.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(ids: &[&str]) -> Cases {
        let ok = Verdict { behavior: "OK".to_owned(), close: "OK".to_owned() };
        Cases::of(ids.iter().map(|id| ((*id).to_owned(), ok.clone())).collect())
    }

    #[test]
    fn every_case_is_dealt_to_exactly_one_shard() {
        assert_eq!(
            cases(&["1", "2", "3", "4", "5"]).shards(2),
            [vec!["1", "3", "5"], vec!["2", "4"]]
        );
        assert_eq!(cases(&["1"]).shards(3), [vec!["1"]]);
    }

    #[test]
    fn a_star_stands_for_the_rest_of_an_id() {
        let chosen = cases(&["1.1.1", "1.2.1", "12.1.1"]).select(&["1.*".to_owned()]);
        assert_eq!(
            chosen.unwrap().iter().map(|(id, _)| id).collect::<Vec<_>>(),
            ["1.1.1", "1.2.1"]
        );
        assert!(cases(&["1.1.1"]).select(&["7.*".to_owned()]).is_err());
    }

    #[test]
    fn ids_are_ordered_by_number_not_by_letter() {
        assert!(number("9.1.1") < number("12.1.1"));
    }
}
