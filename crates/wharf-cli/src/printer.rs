//! The only file that prints. Data goes to stdout, everything else to stderr.

use crate::{spillway::Spillway, terminal::Terminal, values::When};
use std::{
    env, fmt,
    io::{self, IsTerminal, Write},
    sync::{LazyLock, Mutex, PoisonError},
};
use tracing_subscriber::{EnvFilter, util::SubscriberInitExt};

/// Where a stream leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surface {
    /// To a person: what is printed must be safe, and may have colour.
    Terminal,
    /// To a file or another program: what is printed is what came.
    Pipe,
}

impl Surface {
    fn of(stream: &impl IsTerminal) -> Self {
        if stream.is_terminal() { Self::Terminal } else { Self::Pipe }
    }
}

/// Whether a stream gets colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    /// Escape sequences.
    Colour,
    /// Text only.
    Plain,
}

impl Paint {
    fn of(surface: Surface, when: When) -> Self {
        let wished = match when {
            When::Always => true,
            When::Never => false,
            // https://no-color.org: set, and not empty.
            When::Auto => {
                surface == Surface::Terminal
                    && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                    && env::var_os("TERM").is_none_or(|value| value != "dumb")
            }
        };
        if wished { Self::Colour } else { Self::Plain }
    }

    /// Less important.
    pub(crate) fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    /// From the peer.
    pub(crate) fn peer(self, text: &str) -> String {
        self.wrap("1;32", text)
    }

    /// Something to look at.
    pub(crate) fn warning(self, text: &str) -> String {
        self.wrap("1;33", text)
    }

    /// Something that went wrong.
    pub(crate) fn error(self, text: &str) -> String {
        self.wrap("1;31", text)
    }

    fn wrap(self, style: &str, text: &str) -> String {
        match self {
            Self::Colour => format!("\x1b[{style}m{text}\x1b[0m"),
            Self::Plain => text.to_owned(),
        }
    }
}

/// Prints a text above a prompt.
pub(crate) type Above = Box<dyn FnMut(String) -> io::Result<()> + Send>;

/// Prints.
pub(crate) struct Printer {
    surface: Surface,
    out: Paint,
    err: Paint,
    prompt: Option<Prompt>,
    notes: Surface,
    /// Lines of an area that stand above the cursor.
    area: usize,
}

/// A prompt on the last line of the terminal.
struct Prompt {
    above: Above,
    before: Terminal,
}

impl fmt::Debug for Printer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Printer").field("surface", &self.surface).finish_non_exhaustive()
    }
}

/// Up one line and down again: it moves nothing, and a line editor has to take it like any other text.
const NOTHING: &str = "\x1b[A\n";

impl Printer {
    /// Looks at both streams.
    pub(crate) fn new(when: When) -> Self {
        let surface = Surface::of(&io::stdout());
        let notes = Surface::of(&io::stderr());
        let (out, err) = (Paint::of(surface, when), Paint::of(notes, when));
        Self { surface, out, err, prompt: None, notes, area: 0 }
    }

    /// Where stdout leads.
    pub(crate) const fn surface(&self) -> Surface {
        self.surface
    }

    /// Where stderr leads.
    pub(crate) const fn notes(&self) -> Surface {
        self.notes
    }

    /// The colours of stdout.
    pub(crate) const fn out(&self) -> Paint {
        self.out
    }

    /// The colours of stderr.
    pub(crate) const fn err(&self) -> Paint {
        self.err
    }

    /// From now on a prompt stands on the last line of the terminal, and everything is printed above it.
    /// `before` is how the terminal was before the prompt.
    pub(crate) fn above(&mut self, above: Above, before: Terminal) {
        self.prompt = Some(Prompt { above, before });
    }

    /// The prompt goes. Returns when what was printed above it is on the terminal.
    pub(crate) fn leave_prompt(&mut self) {
        if let Some(Prompt { mut above, before }) = self.prompt.take() {
            // The editor's thread takes one text after the other, and at most one waits: once the second of
            // these waits, the first was taken, and whatever stood before it is printed.
            let _ = above(NOTHING.to_owned()).and_then(|()| above(NOTHING.to_owned()));
            before.restore();
            let _ = self.data(b"\r\x1b[K");
        }
    }

    /// Bytes for stdout, as they are.
    pub(crate) fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(prompt) = &mut self.prompt {
            return (prompt.above)(String::from_utf8_lossy(bytes).into_owned());
        }
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes)?;
        stdout.flush()
    }

    /// A line for stdout.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        self.data(format!("{text}\n").as_bytes())
    }

    /// A line for stderr. Where nobody reads it, nothing is lost.
    pub(crate) fn note(&mut self, text: &str) {
        let _ = match &mut self.prompt {
            Some(prompt) => (prompt.above)(format!("{text}\n")),
            None => writeln!(io::stderr().lock(), "{text}"),
        };
    }

    /// A line for stderr that nobody waits for: where it is not taken at once, it is dropped and counted.
    pub(crate) fn aside(&self, text: &str) {
        let _ = Spilling.write_all(format!("{text}\n").as_bytes());
    }

    /// Lines on a terminal that take the place of those before: as many, and none longer than the terminal is wide.
    pub(crate) fn area(&mut self, lines: &[String]) {
        let mut text = String::new();
        if self.area > 0 {
            text = format!("\x1b[{}A", self.area);
        }
        for line in lines {
            text.extend([line, "\x1b[K\n"]);
        }
        self.area = lines.len();
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// The area goes.
    pub(crate) fn leave_area(&mut self) {
        if self.area > 0 {
            let gone = format!("\x1b[{}A\x1b[J", self.area);
            let _ = io::stderr().lock().write_all(gone.as_bytes());
            self.area = 0;
        }
    }

    /// Says how far something is, over what was said before; only to a terminal.
    pub(crate) fn progress(&self, text: &str) {
        if Surface::of(&io::stderr()) == Surface::Terminal {
            let mut stderr = io::stderr().lock();
            // Where nobody reads it, nothing is lost.
            let _ = write!(stderr, "\r\x1b[K{text}").and_then(|()| stderr.flush());
        }
    }

    /// Something to look at.
    pub(crate) fn warn(&mut self, text: &str) {
        let label = self.err.warning("warning:");
        self.note(&format!("{label} {text}"));
    }

    /// Something that went wrong.
    pub(crate) fn error(&mut self, text: &str) {
        let label = self.err.error("error:");
        self.note(&format!("{label} {text}"));
    }
}

/// Help and errors of the command line: help goes to stdout.
pub(crate) fn usage(error: &clap::Error) {
    let _ = error.print();
}

/// Who reads stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Who has asked, and waits for every line.
    Asks,
    /// Perhaps nobody, and others are to be served meanwhile: a line that is not taken at once is dropped.
    Perhaps,
}

/// Sends the log to stderr.
pub(crate) fn start_log(filter: EnvFilter, paint: Paint, reader: Reader) {
    let writer = move || -> Box<dyn Write> {
        match reader {
            Reader::Asks => Box::new(io::stderr()),
            Reader::Perhaps => Box::new(Spilling),
        }
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(paint == Paint::Colour)
        .with_writer(writer)
        .finish();
    // There is no other log: this is the first and only call.
    let _ = log.try_init();
}

/// stderr, for lines that nobody waits for.
struct Spilling;

/// A common one: what was dropped is counted once.
static SPILLWAY: LazyLock<Mutex<Spillway<io::Stderr>>> =
    LazyLock::new(|| Mutex::new(Spillway::new(io::stderr())));

impl Write for Spilling {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        SPILLWAY.lock().unwrap_or_else(PoisonError::into_inner).write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
