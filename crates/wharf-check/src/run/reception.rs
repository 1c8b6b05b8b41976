//! Takes connections of clients, reads what each asks for, and does it.

use super::{
    case::{Attempt, as_server},
    desk::{Errand, agent},
    facts::Facts,
    interpret,
    link::Link,
    open::head,
    pace::Pace,
    pipe::Pipe,
    stream::Stream,
    transcript::{Actor, Transcript},
};
use crate::{
    case::{
        Case,
        build::{close, expect_close, send, text},
    },
    verdict::Verdict,
    wire::{
        http::{Came, Fill, Head},
        key::accept,
        role::Role,
    },
};
use rustls::ServerConfig;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::{Duration, Instant, sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

/// What the reception tells the runner.
#[derive(Debug)]
pub(crate) enum Told {
    /// A client has asked for a case.
    Begun { index: usize },
    /// A case was tried.
    Tried { index: usize, attempt: Attempt },
    /// A client says that it is done.
    Report,
    /// A client came, whatever for.
    Visit,
}

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Reception {
    cases: Vec<Case>,
    authority: String,
    tls: Option<Arc<ServerConfig>>,
    pace: Mutex<Pace>,
    verdicts: Mutex<Vec<Option<Verdict>>>,
    agent: Mutex<Option<String>>,
    told: mpsc::Sender<Told>,
}

impl Reception {
    /// For these cases.
    pub(crate) fn new(
        cases: Vec<Case>,
        authority: String,
        tls: Option<Arc<ServerConfig>>,
        pace: Pace,
        told: mpsc::Sender<Told>,
    ) -> Arc<Self> {
        let verdicts = Mutex::new(vec![None; cases.len()]);
        let (agent, pace) = (Mutex::new(None), Mutex::new(pace));
        Arc::new(Self { cases, authority, tls, pace, verdicts, agent, told })
    }

    /// Accepts until the task is aborted.
    pub(crate) async fn serve(self: Arc<Self>, listener: TcpListener) {
        loop {
            match listener.accept().await {
                Ok((tcp, _)) => _ = tokio::spawn(Arc::clone(&self).welcome(tcp)),
                // Out of descriptors: some come back.
                Err(_) => sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// How long is waited from now on.
    pub(crate) fn set_pace(&self, pace: Pace) {
        *self.pace.lock().unwrap_or_else(PoisonError::into_inner) = pace;
    }

    fn pace(&self) -> Pace {
        *self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers what was said of the client in a case.
    pub(crate) fn judged(&self, index: usize, verdict: Verdict) {
        let mut verdicts = self.verdicts.lock().unwrap_or_else(PoisonError::into_inner);
        verdicts[index] = Some(verdict);
    }

    /// The name that the client gave itself.
    pub(crate) fn agent(&self) -> Option<String> {
        self.agent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn welcome(self: Arc<Self>, tcp: TcpStream) {
        // Without it small writes only come later.
        let _ = tcp.set_nodelay(true);
        let mut transcript = Transcript::new();
        transcript.note(Actor::Target, "connected");
        self.tell(Told::Visit).await;
        let Some(stream) = self.secured(tcp).await else { return };
        let mut pipe = Pipe::new(stream, transcript);
        let Ok(Some(request)) = head(&mut pipe, self.pace()).await else { return };
        pipe.transcript.bytes(Actor::Target, "the request", &request.raw);
        if let Some(name) = agent(request.target()) {
            *self.agent.lock().unwrap_or_else(PoisonError::into_inner) = Some(name);
        }
        match self.errand(&request) {
            Errand::Case(number) => Box::pin(self.case(number - 1, pipe, &request)).await,
            Errand::Count => self.say(pipe, &request, Some(self.cases.len().to_string())).await,
            Errand::Info(number) => self.say(pipe, &request, Some(self.info(number - 1))).await,
            Errand::Status(number) => self.say(pipe, &request, Some(self.status(number - 1))).await,
            Errand::Report => {
                self.say(pipe, &request, None).await;
                self.tell(Told::Report).await;
            }
            Errand::Unknown => self.nothing_here(pipe).await,
        }
    }

    /// With TLS, if that was asked for. A client that does not like the certificate asks for no case.
    async fn secured(&self, tcp: TcpStream) -> Option<Stream> {
        let Some(tls) = &self.tls else { return Some(Stream::Plain(tcp)) };
        let accepted =
            timeout(self.pace().bound(), TlsAcceptor::from(Arc::clone(tls)).accept(tcp)).await;
        Some(Stream::Served(Box::new(accepted.ok()?.ok()?)))
    }

    fn errand(&self, request: &Came) -> Errand {
        let errand = Errand::of(request.target());
        let is_known =
            errand.number().is_none_or(|number| (1..=self.cases.len()).contains(&number));
        if is_known { errand } else { Errand::Unknown }
    }

    async fn case(&self, index: usize, pipe: Pipe, request: &Came) {
        let case = &self.cases[index];
        self.tell(Told::Begun { index }).await;
        let attempt = as_server(case, pipe, request, &self.authority, self.pace()).await;
        self.tell(Told::Tried { index, attempt }).await;
    }

    async fn tell(&self, told: Told) {
        // The runner may have ended already.
        let _ = self.told.send(told).await;
    }

    fn info(&self, index: usize) -> String {
        let case = &self.cases[index];
        serde_json::json!({ "id": case.id, "description": case.title }).to_string()
    }

    /// In the words of the Autobahn suite.
    fn status(&self, index: usize) -> String {
        let verdicts = self.verdicts.lock().unwrap_or_else(PoisonError::into_inner);
        let behavior = match verdicts[index] {
            Some(Verdict::Pass) => "OK",
            Some(Verdict::Fail | Verdict::Lax) => "FAILED",
            Some(Verdict::Strict) => "NON-STRICT",
            Some(Verdict::NotApplicable | Verdict::Skipped) | None => "UNIMPLEMENTED",
        };
        serde_json::json!({ "behavior": behavior }).to_string()
    }

    /// Sends one text, if there is any, and closes.
    async fn say(&self, mut pipe: Pipe, request: &Came, words: Option<String>) {
        let pace = self.pace();
        let key = request.all("Sec-WebSocket-Key").next().unwrap_or_default();
        let fill = Fill { scheme: "ws", host: "", path: "", key, accept: &accept(key) };
        let until = Instant::now() + pace.bound();
        pipe.write("the answer", &Head::upgrade().bytes(&fill), until).await;
        let mut link = Link::new(pipe, Role::Server, pace, None, Facts::default());
        let words = words.into_iter().map(|words| send(text(words)));
        let script: Vec<_> = words.chain([send(close(1000, "")), expect_close(&[1000])]).collect();
        // Whether the client closes well is asked elsewhere.
        let _ = interpret::run(&mut link, &script).await;
    }

    async fn nothing_here(&self, mut pipe: Pipe) {
        let until = Instant::now() + self.pace().bound();
        let head = Head::new("HTTP/1.1 404 Not Found")
            .add("Content-Length", "0")
            .add("Connection", "close");
        let fill = Fill { scheme: "ws", host: "", path: "", key: "", accept: "" };
        pipe.write("the answer", &head.bytes(&fill), until).await;
        pipe.shutdown(until).await;
    }
}
