//! What clients ask for: a case, a number, the end. Paths are those of the Autobahn suite, and short ones.

use url::form_urlencoded;

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Errand {
    /// To be asked the case of this number, counted from 1.
    Case(usize),
    /// How many cases there are.
    Count,
    /// What the case of this number is about.
    Info(usize),
    /// What was said of the client in the case of this number.
    Status(usize),
    /// That it is done, and the report be written.
    Report,
    /// Something else.
    Unknown,
}

impl Errand {
    /// The number of the case that it is about.
    pub(crate) const fn number(&self) -> Option<usize> {
        match *self {
            Self::Case(number) | Self::Info(number) | Self::Status(number) => Some(number),
            Self::Count | Self::Report | Self::Unknown => None,
        }
    }

    /// By the target of a request.
    pub(crate) fn of(target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut number = form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| matches!(&**name, "n" | "case"))
            .filter_map(|(_, value)| value.parse().ok());
        let with_number =
            |errand: fn(usize) -> Self, number: Option<usize>| number.map_or(Self::Unknown, errand);
        // A client may send the whole URL (RFC 6455 §4.1(2)).
        match path.rsplit('/').next().unwrap_or_default() {
            "case" | "runCase" => with_number(Self::Case, number.next()),
            "getCaseInfo" => with_number(Self::Info, number.next()),
            "getCaseStatus" => with_number(Self::Status, number.next()),
            "count" | "getCaseCount" => Self::Count,
            "report" | "updateReports" => Self::Report,
            _ => Self::Unknown,
        }
    }
}

/// The name that a client gives itself: `agent=…`.
pub(crate) fn agent(target: &str) -> Option<String> {
    let (_, query) = target.split_once('?')?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == "agent").map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::{Errand, agent};

    #[test]
    fn autobahn_s_paths_and_ours_are_known() {
        for (target, errand) in [
            ("/case?n=3", Errand::Case(3)),
            ("/runCase?case=7&agent=x", Errand::Case(7)),
            ("ws://h:1/case?n=3", Errand::Case(3)),
            ("/getCaseCount", Errand::Count),
            ("/count", Errand::Count),
            ("/getCaseStatus?case=2&agent=x", Errand::Status(2)),
            ("/getCaseInfo?case=2", Errand::Info(2)),
            ("/updateReports?agent=x", Errand::Report),
            ("/report", Errand::Report),
            ("/case", Errand::Unknown),
            ("/", Errand::Unknown),
        ] {
            assert_eq!(Errand::of(target), errand, "{target}");
        }
        assert_eq!(agent("/report?agent=a%20b"), Some("a b".to_owned()));
    }
}
