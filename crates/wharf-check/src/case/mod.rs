//! Cases: each is a value that says what is sent and what may come back.

pub(crate) mod build;
pub(crate) mod census;
pub(crate) mod expect;
pub(crate) mod kinds;
pub(crate) mod message;
pub(crate) mod opening;
pub(crate) mod step;

use census::Census;
use kinds::{Effort, Group, Level, Nature, Targets};
use opening::Opening;
use step::Step;

/// One question to a target.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// `group/name`.
    pub(crate) id: String,
    /// The group.
    pub(crate) group: Group,
    /// Numbers of the cases of the Autobahn suite that ask the same.
    pub(crate) autobahn: Vec<String>,
    /// Numbers of the project's checklist.
    pub(crate) items: Vec<u8>,
    /// Where the rule stands.
    pub(crate) section: &'static str,
    /// How binding the rule is.
    pub(crate) level: Level,
    /// Who can be asked.
    pub(crate) targets: Targets,
    /// What a target must do with what it gets.
    pub(crate) nature: Nature,
    /// How long it takes.
    pub(crate) effort: Effort,
    /// What is done, in a few words.
    pub(crate) title: String,
    /// Why it is asked, in one line.
    pub(crate) why: &'static str,
    /// How the connection is opened.
    pub(crate) opening: Opening,
    /// What happens on the open connection.
    pub(crate) script: Vec<Step>,
    /// What must hold of everything that the target sent in the whole run.
    pub(crate) census: Option<Census>,
}
