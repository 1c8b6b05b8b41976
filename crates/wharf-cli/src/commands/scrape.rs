//! The HTTP that a scraper of metrics speaks: one request, one answer, and no more.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Where metrics are.
pub(crate) const PATH: &str = "/metrics";

/// The longest head of a request.
const HEAD: usize = 8 << 10;

/// Of what a client sends beyond its request so much is read away: a socket that is closed with unread bytes is
/// reset, and a reset can overtake the answer (RFC 9112 §9.6).
const BEYOND: u64 = 64 << 10;

/// What a request asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Metrics,
    /// What GET would get, without its content (RFC 9110 §9.3.2).
    MetricsHead,
    /// Something that is not here.
    Other(Answer),
}

/// An answer; the connection is closed behind it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    head: String,
    body: String,
}

impl Answer {
    /// In the text format of Prometheus.
    pub(crate) fn metrics(body: String) -> Self {
        Self::new("200 OK", "text/plain; version=0.0.4; charset=utf-8", "", body)
    }

    fn refusal(status: &str, header: &str, body: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", header, body.to_owned())
    }

    fn new(status: &str, content_type: &str, header: &str, body: String) -> Self {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n{header}\
             Cache-Control: no-store\r\nConnection: close\r\n\r\n"
        );
        Self { head, body }
    }

    pub(crate) fn without_body(mut self) -> Self {
        self.body.clear();
        self
    }

    /// Writes it, and sees the client off.
    pub(crate) async fn write(
        self,
        io: &mut (impl AsyncRead + AsyncWrite + Unpin),
    ) -> io::Result<()> {
        io.write_all(self.head.as_bytes()).await?;
        io.write_all(self.body.as_bytes()).await?;
        io.shutdown().await?;
        tokio::io::copy(&mut io.take(BEYOND), &mut tokio::io::sink()).await?;
        Ok(())
    }
}

/// Reads the head of a request, and what it asks for. The caller sets the time.
pub(crate) async fn read(io: &mut (impl AsyncRead + Unpin)) -> io::Result<Asked> {
    let mut head = Vec::new();
    while !is_whole(&head) {
        if head.len() >= HEAD {
            let body = "the head of this request is longer than 8 KiB\n";
            let status = "431 Request Header Fields Too Large";
            return Ok(Asked::Other(Answer::refusal(status, "", body)));
        }
        if io.take((HEAD - head.len()) as u64).read_buf(&mut head).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(asked(&head))
}

fn is_whole(head: &[u8]) -> bool {
    head.windows(4).any(|four| four == b"\r\n\r\n")
}

/// The request line decides (RFC 9112 §3); a query is not looked at.
fn asked(head: &[u8]) -> Asked {
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let words: Vec<&str> = str::from_utf8(line).unwrap_or_default().split(' ').collect();
    let &[method, target, "HTTP/1.0" | "HTTP/1.1"] = words.as_slice() else {
        return Asked::Other(Answer::refusal("400 Bad Request", "", "this is no HTTP/1.1\n"));
    };
    let path = target.split_once('?').map_or(target, |(path, _)| path);
    match (path, method) {
        (PATH, "GET") => Asked::Metrics,
        (PATH, "HEAD") => Asked::MetricsHead,
        (PATH, _) => {
            let allow = "Allow: GET, HEAD\r\n";
            Asked::Other(Answer::refusal("405 Method Not Allowed", allow, "GET only\n"))
        }
        _ => Asked::Other(Answer::refusal("404 Not Found", "", "metrics are at /metrics\n")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(head: &str) -> String {
        match asked(head.as_bytes()) {
            Asked::Metrics => "GET".to_owned(),
            Asked::MetricsHead => "HEAD".to_owned(),
            Asked::Other(answer) => answer.head.split(' ').nth(1).unwrap().to_owned(),
        }
    }

    #[test]
    fn only_metrics_are_here() {
        for (line, is) in [
            ("GET /metrics HTTP/1.1", "GET"),
            ("GET /metrics?name=a HTTP/1.0", "GET"),
            ("HEAD /metrics HTTP/1.1", "HEAD"),
            ("POST /metrics HTTP/1.1", "405"),
            ("GET / HTTP/1.1", "404"),
            ("GET /metrics/ HTTP/1.1", "404"),
            ("GET /metrics HTTP/2", "400"),
            ("GET  /metrics HTTP/1.1", "400"),
            ("\u{16}\u{3}\u{1}", "400"),
        ] {
            assert_eq!(status(&format!("{line}\r\nHost: h\r\n\r\n")), is, "{line}");
        }
    }

    #[tokio::test]
    async fn a_head_may_come_in_pieces_and_not_without_end() {
        let read_all = async |mut bytes: &[u8]| read(&mut bytes).await;
        let (start, rest) = (&b"GET /metrics HT"[..], &b"TP/1.1\r\n\r\n"[..]);
        assert_eq!(read(&mut start.chain(rest)).await.unwrap(), Asked::Metrics);
        let cut = read_all(start).await.unwrap_err();
        assert_eq!(cut.kind(), io::ErrorKind::UnexpectedEof);
        let Asked::Other(endless) = read_all(&[b'x'; HEAD + 1]).await.unwrap() else {
            panic!("it has no end")
        };
        assert!(endless.head.starts_with("HTTP/1.1 431 "));
    }

    #[test]
    fn an_answer_to_head_has_the_length_of_that_to_get() {
        let answer = Answer::metrics("five\n".to_owned()).without_body();
        assert!(answer.head.contains("Content-Length: 5\r\n") && answer.body.is_empty());
    }
}
