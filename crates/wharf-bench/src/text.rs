//! A report for a terminal.

use crate::{
    report::{Asked, Report, Usage},
    units::{bytes, count, rate, time},
};

/// Busier than this, a generator may be what is measured.
const BUSY: f64 = 0.95;

impl Report {
    /// As lines of text.
    pub fn to_text(&self) -> String {
        let mut lines = vec![self.plan.headline(), String::new()];
        lines.extend(self.rows().into_iter().map(|(name, text)| format!("  {name:<11} {text}")));
        let notes = self.notes();
        if !notes.is_empty() {
            lines.push(String::new());
            lines.extend(notes.into_iter().map(|note| format!("  ! {note}")));
        }
        lines.join("\n")
    }

    /// What was found, as rows.
    pub(crate) fn rows(&self) -> Vec<(&'static str, String)> {
        let mut rows = Vec::new();
        if self.plan.load != "idle" {
            rows.push((self.plan.counted(), self.rate_row()));
        }
        if let Some(latency) = &self.latency {
            let named = [
                ("p50", latency.p50),
                ("p90", latency.p90),
                ("p99", latency.p99),
                ("p99.9", latency.p999),
                ("max", latency.max),
            ];
            let named = named.map(|(name, micros)| format!("{name} {}", time(micros)));
            rows.push(("latency", named.join("   ")));
        }
        if let Some(server) = &self.server {
            rows.push(("server", self.usage(server)));
        }
        rows.push(("generator", self.usage(&self.generator)));
        for held in self.memory.iter().filter(|held| held.per_connection != 0.0) {
            let each = bytes(held.per_connection);
            let all = bytes(held.memory.resident as f64);
            rows.push((
                "memory",
                format!("{each} a connection after {} ({all} resident)", held.after),
            ));
        }
        rows
    }

    fn rate_row(&self) -> String {
        let all = format!("{} in {:.1} s", count(self.messages.received as f64), self.seconds);
        match self.plan.load.as_str() {
            "connect" => format!("{}   {all}", rate(self.rate)),
            _ => format!(
                "{}   {}/s of payload   {all}",
                rate(self.rate),
                bytes(self.bytes_per_second)
            ),
        }
    }

    fn usage(&self, usage: &Usage) -> String {
        let busy = format!("{:.2} processors busy", usage.cpus);
        if usage.cpu_us_per_message > 0.0 {
            format!("{} {}   {busy}", time(usage.cpu_us_per_message), self.plan.each())
        } else {
            busy
        }
    }

    /// What to know before believing the figures.
    pub(crate) fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = self
            .troubles
            .iter()
            .map(|trouble| format!("{} ×  {}", trouble.count, trouble.what))
            .collect();
        if let Some(asked) = self.plan.asked_rate.filter(|_| self.messages.unsent > 0) {
            let sent = self.messages.sent as f64 / self.seconds.max(f64::MIN_POSITIVE);
            notes.push(format!(
                "sent {} of {}: {} messages were due and not sent",
                count(sent),
                rate(asked),
                count(self.messages.unsent as f64)
            ));
        }
        if self.messages.unanswered > 0 {
            notes.push(format!(
                "{} messages were not answered",
                count(self.messages.unanswered as f64)
            ));
        }
        if self.generator.cpus > BUSY * self.plan.threads as f64 && self.plan.asked_rate.is_none() {
            notes.push(
                "the generator was busy all the time: the server may be faster; try --threads"
                    .to_owned(),
            );
        }
        notes
    }
}

impl Asked {
    /// What was asked for, in two lines.
    pub(crate) fn headline(&self) -> String {
        format!("{} · {}\n{}", self.load, self.url, self.summary())
    }

    /// What was asked for, without the server.
    pub(crate) fn summary(&self) -> String {
        let plural = if self.connections == 1 { "" } else { "s" };
        let mut parts = vec![format!("{} connection{plural}", self.connections)];
        if self.load != "connect" && self.load != "idle" {
            let most = if self.asked_rate.is_some() { "at most " } else { "" };
            parts.push(format!("{most}{} in flight", self.in_flight));
            parts.push(format!("{} bytes of {}", self.size, self.kind));
        }
        parts.extend(self.asked_rate.map(|asked| format!("{} by the clock", rate(asked))));
        parts.extend(self.deflate.then(|| "deflate offered".to_owned()));
        parts.extend(self.tls.then(|| "TLS".to_owned()));
        parts.join(", ")
    }

    /// What is counted.
    pub(crate) fn counted(&self) -> &'static str {
        match self.load.as_str() {
            "connect" => "handshakes",
            "fan-out" => "deliveries",
            _ => "messages",
        }
    }

    fn each(&self) -> &'static str {
        match self.load.as_str() {
            "connect" => "a handshake",
            "fan-out" => "a delivery",
            _ => "a message",
        }
    }
}
