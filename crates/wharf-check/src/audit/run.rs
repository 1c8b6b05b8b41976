//! Asks one probe after the other.

use super::{
    ask::Asker,
    facts::Facts,
    finding::{Audit, Finding, Observation},
    plan::AuditPlan,
    probe::Probe,
    probes,
    seen::{How, Seen},
    tls::{TlsFacts, untrusted},
    welcome::Welcome,
};
use crate::{
    run::{
        pace::Pace,
        progress::Progress,
        target::{Target, TargetError},
    },
    wire::http::Came,
};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// How long the first connection may take.
const FIRST: Duration = Duration::from_secs(10);
/// What is offered to learn what is agreed on.
const OFFER: &str = "permessage-deflate; client_max_window_bits";

/// What an audit is of.
#[derive(Debug, Clone)]
pub struct Subject {
    /// How the server is reached.
    pub target: Target,
    /// How a careful client reaches it, if the target's certificate is not looked at.
    pub careful: Option<Target>,
}

/// Looks at a server: one connection after the other, each with a bound, and only to the host and port of the URL.
/// `told` hears of each probe before it is asked.
pub async fn audit(
    subject: &Subject,
    plan: &AuditPlan,
    mut told: impl FnMut(&str, Progress),
) -> Result<Audit, TargetError> {
    let (began, started) = (SystemTime::now(), Instant::now());
    let asker = Asker { target: &subject.target, pace: Pace::new(FIRST / 20), connections: 0 };
    let mut sitting = Sitting { asker, findings: Vec::new(), observations: Vec::new() };
    let welcome = sitting.open(plan).await?;
    if let Some(careful) = &subject.careful {
        sitting.trust(careful).await;
    }
    let probes = probes::all(plan, subject.target.place().scheme, &welcome);
    for (done, probe) in probes.iter().enumerate() {
        told(&probe.title, Progress::new(done, probes.len()));
        sitting.ask(probe, &welcome).await;
    }
    sitting.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Ok(Audit {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        target: subject.target.url().to_owned(),
        began: began.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
        millis: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        connections: sitting.asker.connections,
        findings: sitting.findings,
        observations: sitting.observations,
    })
}

/// An audit under way.
struct Sitting<'a> {
    asker: Asker<'a>,
    findings: Vec<Finding>,
    observations: Vec<Observation>,
}

impl Sitting<'_> {
    /// Finds a request that the server takes, and what its answer tells.
    async fn open(&mut self, plan: &AuditPlan) -> Result<Welcome, TargetError> {
        let mut refusal = None;
        for welcome in Welcome::guesses(plan.origin.as_deref(), plan.cookie.as_deref()) {
            let answer = self.first(&welcome).await?;
            if answer.status() == Some(101) {
                self.note(&welcome, &answer);
                return Ok(welcome);
            }
            refusal.get_or_insert(answer);
        }
        Err(TargetError::NoUpgrade(refusal.map(|answer| refused(&answer)).unwrap_or_default()))
    }

    async fn first(&mut self, welcome: &Welcome) -> Result<Came, TargetError> {
        self.asker.connections += 1;
        let began = Instant::now();
        let mut pipe = self.asker.target.reach(began + FIRST).await?;
        let tls = TlsFacts::of(pipe.stream());
        let answer = self.asker.answer(&mut pipe, &welcome.head(Some(OFFER))).await;
        let answer = answer.map_err(|how| {
            TargetError::NoUpgrade(Seen { how, after: began.elapsed() }.to_string())
        })?;
        self.asker.pace = Pace::new(began.elapsed());
        self.asker.leave(pipe, &Seen { how: How::Upgraded, after: began.elapsed() }).await;
        if let Some(tls) = tls
            && answer.status() == Some(101)
        {
            self.findings.extend(tls.findings());
            self.observations.extend(tls.observations());
        }
        Ok(answer)
    }

    fn note(&mut self, welcome: &Welcome, answer: &Came) {
        let place = self.asker.target.place();
        let facts = Facts { scheme: place.scheme, host: place.host, welcome, answer };
        self.findings.extend(facts.findings());
        self.observations.extend(facts.observations());
    }

    /// Whether a careful client would take the certificate.
    async fn trust(&mut self, careful: &Target) {
        self.asker.connections += 1;
        let reached = careful.reach(Instant::now() + self.asker.pace.bound()).await;
        let seen = match &reached {
            Ok(_) => "chain and name are good".to_owned(),
            Err(error) => error.to_string(),
        };
        self.findings.extend(reached.err().map(|error| untrusted(&error)));
        self.observe("tls/trust", "chain and name, as a careful client looks at them", seen);
    }

    async fn ask(&mut self, probe: &Probe, welcome: &Welcome) {
        let is_said = |id: &&str| self.findings.iter().any(|finding| finding.id == *id);
        if probe.unless.iter().any(is_said) {
            return;
        }
        let seen = self.asker.ask(probe, welcome).await;
        self.findings.extend(probe.judge(&seen));
        self.observe(&probe.id, &probe.title, seen.to_string());
    }

    fn observe(&mut self, id: &str, title: &str, seen: String) {
        self.observations.push(Observation { id: id.to_owned(), title: title.to_owned(), seen });
    }
}

fn refused(answer: &Came) -> String {
    let elsewhere = answer.all("Location").next();
    let elsewhere = elsewhere.map(|place| {
        format!("; it points to {place:?}, which was not named: an audit follows no redirect")
    });
    format!("it answered with {:?}{}", answer.first, elsewhere.unwrap_or_default())
}
