//! What is typed, or comes from a pipe.

use crate::{
    printer::{Above, Printer},
    terminal::Terminal,
};
use rustyline::{Config, Editor, ExternalPrinter, error::ReadlineError, history::MemHistory};
use std::{
    io::{self, BufRead, IsTerminal},
    sync::mpsc as blocking,
    thread,
};
use tokio::sync::mpsc;

/// Lines that were read and not yet sent. Whoever types faster waits.
const AHEAD: usize = 64;

/// Something from the input.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// A line, without its end.
    Line(String),
    /// A line that is not UTF-8, and its number.
    NotText(usize),
    /// The end, or what made an end of it.
    End,
    /// Ctrl-C, where it is a key and no signal.
    Interrupt,
}

/// Who writes the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Typist {
    /// A person at a prompt, who may use commands.
    Person,
    /// Another program, or a file.
    Program,
}

/// The input, read on a thread of its own.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) typist: Typist,
    lines: mpsc::Receiver<Input>,
}

impl Source {
    /// A prompt where stdin and stdout are terminals; what is printed stands above it from now on.
    pub(crate) fn open(printer: &mut Printer) -> Self {
        let (sender, lines) = mpsc::channel(AHEAD);
        if io::stdin().is_terminal() && io::stdout().is_terminal() {
            let (ready, editor) = blocking::channel();
            let before = Terminal::now();
            let prompt = sender.clone();
            thread::spawn(move || type_lines(&ready, &prompt));
            if let Ok(above) = editor.recv() {
                printer.above(above, before);
                return Self { typist: Typist::Person, lines };
            }
        }
        thread::spawn(move || pipe_lines(io::stdin().lock(), &sender));
        Self { typist: Typist::Program, lines }
    }

    /// What comes next; after the end nothing does. Cancel-safe.
    pub(crate) async fn next(&mut self) -> Input {
        self.lines.recv().await.unwrap_or(Input::End)
    }
}

/// Lines from a pipe, until its end or until nobody wants more.
fn pipe_lines(mut from: impl BufRead, to: &mpsc::Sender<Input>) {
    for number in 1.. {
        let mut line = Vec::new();
        let input = match from.read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => Input::End,
            Ok(_) => to_line(line, number),
        };
        let last = input == Input::End;
        if to.blocking_send(input).is_err() || last {
            return;
        }
    }
}

fn to_line(mut line: Vec<u8>, number: usize) -> Input {
    if line.ends_with(b"\n") {
        line.pop();
    }
    if line.ends_with(b"\r") {
        line.pop();
    }
    String::from_utf8(line).map_or(Input::NotText(number), Input::Line)
}

/// Lines from a prompt, with editing and a history of this run. Hands over the way to print above the prompt
/// first; if there is none, nothing is read.
fn type_lines(ready: &blocking::Sender<Above>, to: &mpsc::Sender<Input>) {
    // A paste of several lines is several messages.
    let config = Config::builder().bracketed_paste(false).build();
    let history = MemHistory::with_config(&config);
    let Ok(mut editor) = Editor::<(), _>::with_history(config, history) else { return };
    let Ok(mut above) = editor.create_external_printer() else { return };
    let above: Above = Box::new(move |text| above.print(text).map_err(io::Error::other));
    if ready.send(above).is_err() {
        return;
    }
    loop {
        let input = match editor.readline("> ") {
            Ok(line) => {
                // The history is a convenience: a line it does not take is sent all the same.
                let _ = editor.add_history_entry(&line);
                Input::Line(line)
            }
            Err(ReadlineError::Interrupted) => Input::Interrupt,
            Err(_) => Input::End,
        };
        let last = !matches!(input, Input::Line(_));
        if to.blocking_send(input).is_err() || last {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Input, pipe_lines};
    use tokio::sync::mpsc;

    fn read(bytes: &[u8]) -> Vec<Input> {
        let (to, mut from) = mpsc::channel(16);
        pipe_lines(bytes, &to);
        drop(to);
        std::iter::from_fn(|| from.blocking_recv()).collect()
    }

    /// Each line is a message, whatever ends it; an empty line is an empty message.
    #[test]
    fn lines_come_without_their_ends() {
        let line = |text: &str| Input::Line(text.to_owned());
        assert_eq!(read(b"a\r\n\nb"), [line("a"), line(""), line("b"), Input::End]);
        assert_eq!(read(b""), [Input::End]);
    }

    /// RFC 6455 §5.6: text is UTF-8; what is not is told with its line, not replaced.
    #[test]
    fn a_line_that_is_not_text_is_told_with_its_number() {
        assert_eq!(read(b"ok\n\xff\n"), [Input::Line("ok".into()), Input::NotText(2), Input::End]);
    }
}
