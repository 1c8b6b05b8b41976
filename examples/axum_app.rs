//! An axum application with logins and a good end: `cargo run -p wharf-examples --bin axum_app [ADDRESS]`, on
//! 127.0.0.1:9070 unless told otherwise.
//!
//! ```console
//! $ curl -i -d ann:secret http://127.0.0.1:9070/login
//! $ wharf connect -H 'cookie: session=…' ws://127.0.0.1:9070/notes
//! ```
//!
//! `/login` gives a session in a cookie, `/notes` is a WebSocket for those who have one. Ctrl-C drains: everybody is told
//! 1012 within ten seconds, who comes meanwhile is told 503, and then the server ends.
#![expect(clippy::print_stdout, reason = "an example talks to its user")]

use anyhow::Context;
use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use ring::rand::{SecureRandom, SystemRandom};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::net::TcpListener;
use wharf::{CloseCode, Drain, DrainPlan, Draining, Message, WebSocket, axum::WebSocketUpgrade};

/// A real application asks its database, and stores hashes.
const USERS: [(&str, &str); 2] = [("ann", "secret"), ("bob", "hidden")];
/// How long a session lasts.
const SESSION: Duration = Duration::from_secs(3600);
/// How long the end may take.
const END: Duration = Duration::from_secs(10);

/// What all handlers share.
#[derive(Clone, Default)]
struct App {
    sessions: Arc<Mutex<HashMap<String, Session>>>,
    drain: Drain,
}

struct Session {
    user: &'static str,
    until: Instant,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9070".to_owned());
    let listener =
        TcpListener::bind(&address).await.with_context(|| format!("listening on {address}"))?;
    println!("http://{}/", listener.local_addr()?);
    let app = App::default();
    let drain = app.drain.clone();
    let router = Router::new()
        .route("/health", get(health))
        .route("/login", post(login))
        .route("/notes", any(notes))
        .with_state(app);
    // axum knows nothing of connections that were upgraded. It goes on to answer while they leave.
    axum::serve(listener, router).with_graceful_shutdown(until_empty(drain)).await?;
    Ok(())
}

async fn until_empty(drain: Drain) {
    _ = tokio::signal::ctrl_c().await;
    let count = drain.connections();
    let run = drain.start(DrainPlan::new(END).reason(CloseCode::SERVICE_RESTART));
    println!("{count} connections are told to leave");
    let summary = run.finished().await;
    println!("{} left in order, {} did not", summary.clean, summary.total() - summary.clean);
}

/// For whoever balances the load: nobody should be sent here any more.
async fn health(State(app): State<App>) -> StatusCode {
    if app.drain.is_draining() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
}

/// Takes `user:password`, gives a cookie.
async fn login(State(app): State<App>, body: String) -> Result<Response, StatusCode> {
    let (user, password) = body.split_once(':').ok_or(StatusCode::BAD_REQUEST)?;
    let known = USERS.iter().find(|known| **known == (user, password));
    let (user, _) = known.ok_or(StatusCode::UNAUTHORIZED)?;
    let name = app.begin_session(user).ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
    // Pages of other hosts do not get the cookie sent, and wharf refuses them as well.
    let cookie = format!("session={name}; HttpOnly; SameSite=Strict; Path=/");
    Ok(([(header::SET_COOKIE, cookie)], "welcome\n").into_response())
}

impl App {
    fn begin_session(&self, user: &'static str) -> Option<String> {
        let mut random = [0; 16];
        SystemRandom::new().fill(&mut random).ok()?;
        let name: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let until = Instant::now() + SESSION;
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, session| session.until > Instant::now());
        sessions.insert(name.clone(), Session { user, until });
        Some(name)
    }

    fn user(&self, headers: &HeaderMap) -> Option<&'static str> {
        let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
        let mut cookies = cookies.split(';').filter_map(|cookie| cookie.trim().split_once('='));
        let (_, name) = cookies.find(|(name, _)| *name == "session")?;
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions
            .get(name)
            .filter(|session| session.until > Instant::now())
            .map(|session| session.user)
    }
}

/// Who asks: an extractor, so that no handler can forget to look.
struct User(&'static str);

impl FromRequestParts<App> for User {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, StatusCode> {
        app.user(&parts.headers).map(Self).ok_or(StatusCode::UNAUTHORIZED)
    }
}

async fn notes(State(app): State<App>, User(user): User, upgrade: WebSocketUpgrade) -> Response {
    let pass = match app.drain.admit() {
        Ok(pass) => pass,
        Err(draining) => return refusal(&draining),
    };
    upgrade.on_failed_upgrade(|error| println!("no upgrade: {error}")).on_upgrade(
        move |mut socket| {
            pass.open(&mut socket);
            take(socket, user)
        },
    )
}

/// 503, with the time after which it is worth another attempt.
fn refusal(draining: &Draining) -> Response {
    draining.response().map(Body::from)
}

/// One connection.
async fn take(mut socket: WebSocket, user: &str) -> anyhow::Result<()> {
    socket.send(format!("good morning, {user}")).await?;
    let mut count = 0;
    while let Some(message) = socket.recv().await? {
        if let Message::Text(note) = message {
            count += 1;
            println!("{user}: {}", note.escape_debug());
            socket.send(format!("note {count} is taken")).await?;
        }
    }
    Ok(())
}
