//! Heads of HTTP/1.1: written from a template that can be bent, read whatever they look like.

/// A head to be sent. `{host}`, `{name}`, `{port}`, `{path}`, `{key}`, `{accept}`, `{ACCEPT}`
/// and, for origins, `{scheme}` and `{SCHEME}` are filled in when it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    first: String,
    lines: Vec<Line>,
    eol: &'static str,
    behind: Vec<u8>,
    writes: usize,
}

/// A line of a head.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    name: String,
    bytes: Vec<u8>,
}

impl Head {
    /// The request that a careful client sends (RFC 6455 §4.1).
    pub(crate) fn request() -> Self {
        Self::new("GET {path} HTTP/1.1")
            .add("Host", "{host}")
            .add("Upgrade", "websocket")
            .add("Connection", "Upgrade")
            .add("Sec-WebSocket-Key", "{key}")
            .add("Sec-WebSocket-Version", "13")
    }

    /// The answer of a careful server (RFC 6455 §4.2.2).
    pub(crate) fn upgrade() -> Self {
        Self::new("HTTP/1.1 101 Switching Protocols")
            .add("Upgrade", "websocket")
            .add("Connection", "Upgrade")
            .add("Sec-WebSocket-Accept", "{accept}")
    }

    /// A first line and nothing else.
    pub(crate) fn new(first: &str) -> Self {
        Self {
            first: first.to_owned(),
            lines: Vec::new(),
            eol: "\r\n",
            behind: Vec::new(),
            writes: usize::MAX,
        }
    }

    /// With another first line.
    pub(crate) fn first(mut self, line: &str) -> Self {
        line.clone_into(&mut self.first);
        self
    }

    /// With one more header.
    pub(crate) fn add(self, name: &str, value: &str) -> Self {
        self.raw(name, format!("{name}: {value}").as_bytes())
    }

    /// With another value of a header, where it stood.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        if let Some(line) = self.lines.iter_mut().find(|line| line.name == name) {
            line.bytes = format!("{name}: {value}").into_bytes();
            return self;
        }
        self.add(name, value)
    }

    /// Without a header.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.lines.retain(|line| line.name != name);
        self
    }

    /// With one more line, whatever it holds, known as `name`.
    pub(crate) fn raw(mut self, name: &str, line: &[u8]) -> Self {
        self.lines.push(Line { name: name.to_owned(), bytes: line.to_vec() });
        self
    }

    /// With other ends of lines.
    pub(crate) const fn eol(mut self, eol: &'static str) -> Self {
        self.eol = eol;
        self
    }

    /// With bytes behind it, in the same write.
    pub(crate) fn behind(mut self, bytes: &[u8]) -> Self {
        self.behind.extend(bytes);
        self
    }

    /// In writes of so many bytes.
    pub(crate) const fn in_writes_of(mut self, bytes: usize) -> Self {
        self.writes = bytes;
        self
    }

    /// How many bytes go into one write.
    pub(crate) const fn writes(&self) -> usize {
        self.writes
    }

    /// The lines of the template, for people.
    pub(crate) fn shown(&self) -> String {
        let lines = self.lines.iter().take(12).map(|line| {
            let text = String::from_utf8_lossy(&line.bytes);
            text.chars().take(100).flat_map(char::escape_default).collect::<String>()
        });
        let first: String = self.first.chars().take(100).flat_map(char::escape_default).collect();
        let lines: Vec<String> = std::iter::once(first).chain(lines).collect();
        let behind = match self.behind.len() {
            0 => String::new(),
            count => format!(" | and {count} bytes behind it"),
        };
        format!("{}{behind}", lines.join(" | "))
    }

    /// The bytes.
    pub(crate) fn bytes(&self, fill: &Fill<'_>) -> Vec<u8> {
        let mut bytes = fill.apply(self.first.as_bytes());
        bytes.extend(self.eol.bytes());
        for line in &self.lines {
            bytes.extend(fill.apply(&line.bytes));
            bytes.extend(self.eol.bytes());
        }
        bytes.extend(self.eol.bytes());
        bytes.extend(&self.behind);
        bytes
    }
}

/// What stands for the places of a template.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fill<'a> {
    /// `ws` or `wss`.
    pub(crate) scheme: &'a str,
    pub(crate) host: &'a str,
    pub(crate) path: &'a str,
    pub(crate) key: &'a str,
    pub(crate) accept: &'a str,
}

impl Fill<'_> {
    fn apply(&self, template: &[u8]) -> Vec<u8> {
        let Ok(text) = str::from_utf8(template) else { return template.to_vec() };
        let (name, port) = self.host.rsplit_once(':').unwrap_or((self.host, "80"));
        let scheme = if self.scheme == "wss" { "https" } else { "http" };
        text.replace("{scheme}", scheme)
            .replace("{SCHEME}", &scheme.to_ascii_uppercase())
            .replace("{name}", name)
            .replace("{port}", port)
            .replace("{host}", self.host)
            .replace("{path}", self.path)
            .replace("{key}", self.key)
            .replace("{accept}", self.accept)
            .replace("{ACCEPT}", &self.accept.to_ascii_uppercase())
            .into_bytes()
    }
}

/// A head that came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Came {
    /// The first line.
    pub(crate) first: String,
    /// Names as they came, values without the space around them.
    pub(crate) fields: Vec<(String, String)>,
    /// All of it, with the empty line.
    pub(crate) raw: Vec<u8>,
}

impl Came {
    /// The head at the start of `bytes`, once its empty line is here.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
        let text = String::from_utf8_lossy(&bytes[..end]);
        let mut lines = text.split("\r\n");
        let first = lines.next().unwrap_or_default().to_owned();
        let fields = lines.filter_map(|line| line.split_once(':'));
        let fields = fields.map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
        Some(Self { first, fields: fields.collect(), raw: bytes[..end].to_vec() })
    }

    /// The number in a status line.
    pub(crate) fn status(&self) -> Option<u16> {
        let mut words = self.first.split(' ');
        words.next().filter(|version| version.starts_with("HTTP/"))?;
        words.next()?.parse().ok()
    }

    /// The target of a request line.
    pub(crate) fn target(&self) -> &str {
        self.first.split(' ').nth(1).unwrap_or_default()
    }

    /// Each value of a header, as often as it came.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let same = move |field: &&(String, String)| field.0.eq_ignore_ascii_case(name);
        self.fields.iter().filter(same).map(|(_, value)| value.as_str())
    }

    /// The value of a header that came once.
    pub(crate) fn once<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        let mut all = self.all(name);
        all.next().filter(|_| all.next().is_none())
    }

    /// Whether a list over all lines of this header holds `word`, in any case.
    pub(crate) fn lists(&self, name: &str, word: &str) -> bool {
        self.all(name)
            .flat_map(|value| value.split(','))
            .any(|item| item.trim().eq_ignore_ascii_case(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILL: Fill<'_> = Fill { scheme: "ws", host: "h:1", path: "/p", key: "K", accept: "A" };

    #[test]
    fn a_template_is_filled_and_bent() {
        let head = Head::request().without("Upgrade").set("Connection", "x").add("A", "b");
        assert_eq!(
            String::from_utf8(head.eol("\n").behind(b"!").bytes(&FILL)).unwrap(),
            "GET /p HTTP/1.1\nHost: h:1\nConnection: x\nSec-WebSocket-Key: K\n\
             Sec-WebSocket-Version: 13\nA: b\n\n!"
        );
    }

    #[test]
    fn a_head_is_read_whatever_its_case() {
        let mut bytes = Head::upgrade().add("connection", "close , UPGRADE").bytes(&FILL);
        assert_eq!(Came::parse(&bytes[..bytes.len() - 1]), None);
        bytes.extend(b"rest");
        let came = Came::parse(&bytes).unwrap();
        assert_eq!(came.status(), Some(101));
        assert_eq!(came.once("sec-websocket-accept"), Some("A"));
        assert_eq!(came.once("CONNECTION"), None);
        assert!(came.lists("Connection", "upgrade"));
        assert_eq!(came.raw.len(), bytes.len() - 4);
    }
}
