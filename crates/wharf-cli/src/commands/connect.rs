//! `wharf connect`: a conversation with a server.

use super::{session::Session, signals::Signals};
use crate::{
    exit::ExitCode,
    failure::Failure,
    input::{Source, Typist},
    printer::Printer,
    report::{Output, Report, Shape},
    sanitize::{Lines, sanitize, sanitize_bytes},
    settings::{ConnectSettings, Handshake, INSECURE, Trust},
};
use http::{HeaderMap, Request, Response, header::SEC_WEBSOCKET_EXTENSIONS};
use std::{
    error::Error as _,
    io,
    sync::mpsc::{self, Receiver},
};
use tokio::runtime::Builder;
use wharf::{Bytes, ClientBuilder, ConnectError, Connecting, Stage, WebSocket};

/// How much of a refusal's body is shown.
const BODY: usize = 1024;

/// Talks until one side closes.
pub(crate) fn connect(
    settings: ConnectSettings,
    printer: &mut Printer,
) -> Result<ExitCode, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::because(ExitCode::Failure, &error))?;
    let done = runtime.block_on(talk(settings, printer));
    printer.leave_prompt();
    // A look-up of a name, or a thread that waits for input, is not waited for.
    runtime.shutdown_background();
    done
}

async fn talk(settings: ConnectSettings, printer: &mut Printer) -> Result<ExitCode, Failure> {
    let mut signals =
        Signals::new().map_err(|error| Failure::because(ExitCode::Failure, &error))?;
    if settings.trust == Trust::Anybody {
        printer.warn(INSECURE);
    }
    let (client, requests) = watched(settings.client.clone());
    let opening = open(&settings, client).with_response();
    let opened = tokio::select! {
        opened = opening => opened,
        code = signals.next() => return Ok(code),
    };
    if settings.handshake == Handshake::Shown {
        requests.try_iter().for_each(|request: String| printer.note(&request));
    }
    let (socket, response) =
        opened.map_err(|error| unopened(&error, settings.handshake, printer))?;
    if settings.handshake == Handshake::Shown {
        printer.note(&response_head(&response));
    }
    let source = Source::open(printer);
    greet(&settings, &socket, &response, source.typist, printer)?;
    Session::new(&settings, socket, source, signals, printer).run().await
}

/// A client that tells each request it sends.
fn watched(client: ClientBuilder) -> (ClientBuilder, Receiver<String>) {
    let (told, requests) = mpsc::channel();
    let client = client.on_request(move |request| {
        // Nobody listens any more once the connection is open.
        let _ = told.send(request_head(request));
    });
    (client, requests)
}

fn open(settings: &ConnectSettings, client: ClientBuilder) -> Connecting {
    let client = client.build();
    #[cfg(unix)]
    if let Some(path) = &settings.unix {
        return client.connect_unix(path, &settings.url);
    }
    client.connect(&settings.url)
}

/// Says that the connection is open: to a person, to whoever asked for it, and in JSON.
fn greet(
    settings: &ConnectSettings,
    socket: &WebSocket,
    response: &Response<()>,
    typist: Typist,
    printer: &mut Printer,
) -> Result<(), Failure> {
    let extensions = response.headers().get_all(SEC_WEBSOCKET_EXTENSIONS).iter();
    let extensions: Vec<String> =
        extensions.map(|value| sanitize_bytes(value.as_bytes())).collect();
    let open = Report::Open {
        url: &settings.url,
        subprotocol: socket.subprotocol(),
        extensions: &extensions.join(", "),
    };
    let wanted = typist == Typist::Person || settings.handshake == Handshake::Shown;
    let shape = Shape::new(settings.form, settings.json, printer.surface(), printer.out());
    match open.write(shape) {
        Output::Data(bytes) => printer.data(&bytes)?,
        Output::Note(note) if wanted => printer.note(&printer.err().dim(&note)),
        Output::Note(_) => {}
    }
    if typist == Typist::Person {
        printer.note(&printer.err().dim("type a message, /help for commands, Ctrl-D to leave"));
    }
    Ok(())
}

/// Why there is no connection, and the server's words if it refused.
fn unopened(error: &ConnectError, handshake: Handshake, printer: &mut Printer) -> Failure {
    if let Some(response) = error.response() {
        if handshake == Handshake::Shown {
            printer.note(&response_head(response));
        }
        if let Some(body) = refusal(response) {
            printer.note(&body);
        }
    }
    Failure::because(exit_code(error), error)
}

fn refusal(response: &Response<Bytes>) -> Option<String> {
    let body = response.body();
    let text = String::from_utf8_lossy(&body[..body.len().min(BODY)]);
    let text = text.trim();
    (!text.is_empty()).then(|| format!("< {}", sanitize(text, Lines::Many)))
}

fn exit_code(error: &ConnectError) -> ExitCode {
    let is_io = error.source().is_some_and(|source| source.is::<io::Error>());
    match error.stage() {
        _ if error.is_timeout() => ExitCode::Timeout,
        _ if error.is_refused() || error.redirect_error().is_some() => ExitCode::HttpStatus,
        Stage::Url => ExitCode::Usage,
        Stage::Resolve | Stage::Connect | Stage::Proxy => ExitCode::Unreachable,
        Stage::Tls => ExitCode::Tls,
        Stage::Upgrade if is_io => ExitCode::AbnormalClose,
        Stage::Upgrade | _ => ExitCode::Protocol,
    }
}

fn request_head(request: &Request<()>) -> String {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let first = format!("{} {target} {:?}", request.method(), request.version());
    head(">", &first, request.headers())
}

fn response_head<T>(response: &Response<T>) -> String {
    let first = format!("{:?} {}", response.version(), response.status());
    head("<", &first, response.headers())
}

fn head(mark: &str, first: &str, headers: &HeaderMap) -> String {
    let mut lines = vec![format!("{mark} {}", sanitize(first, Lines::One))];
    lines.extend(
        headers
            .iter()
            .map(|(name, value)| format!("{mark} {name}: {}", sanitize_bytes(value.as_bytes()))),
    );
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{refusal, request_head, response_head};
    use http::{Request, Response};
    use wharf::Bytes;

    /// What a server puts into its headers is shown, not obeyed. checklist 147
    #[test]
    fn heads_are_shown_line_by_line_and_safe() {
        let request = Request::get("/chat?room=1").header("host", "h").body(()).unwrap();
        assert_eq!(request_head(&request), "> GET /chat?room=1 HTTP/1.1\n> host: h");
        let response = Response::builder().status(101).header("x-a", b"\xff\tb".as_slice());
        let response = response.body(()).unwrap();
        assert_eq!(response_head(&response), "< HTTP/1.1 101 Switching Protocols\n< x-a: \\xff\tb");
    }

    /// The body of a refusal is a stranger's text too, and may be long. checklist 147
    #[test]
    fn a_refusal_is_shown_safely_and_cut() {
        let shown = |body: &[u8]| refusal(&Response::new(Bytes::copy_from_slice(body)));
        assert_eq!(shown(b"no\x1b[2J\nnever\n"), Some("< no\\u{1b}[2J\n  never".to_owned()));
        assert_eq!(shown(b" \n"), None);
        assert_eq!(shown(&[b'x'; 9000]).map(|text| text.len()), Some(1026));
    }
}
