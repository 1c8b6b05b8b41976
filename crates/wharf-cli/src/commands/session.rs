//! An open conversation: what is typed goes out, what comes is printed.

use super::signals::Signals;
use crate::{
    exit::ExitCode,
    failure::Failure,
    hex,
    input::{Input, Source, Typist},
    printer::Printer,
    report::{Control, Form, Manner, Output, Report, Shape},
    settings::{Amount, ConnectSettings},
    slash::{self, Slash},
    values::Patience,
};
use std::{ops::ControlFlow, pin::Pin, time::Duration};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};
use wharf::{
    Bytes, CloseCode, CloseReason, ControlPayload, EndedBy, Ending, Error, Event, Message, Ping,
    Receiver, SendError, Sender, WebSocket,
};

/// A conversation and what it needs.
pub(crate) struct Session<'a> {
    printer: &'a mut Printer,
    receiver: Receiver,
    sender: Sender,
    source: Source,
    signals: Signals,
    shape: Shape,
    form: Form,
    amount: Amount,
    control: Control,
    wait: Patience,
    /// A message that waits for room, and with it all further input.
    sending: Option<Sending>,
    /// A ping that was not answered yet.
    ping: Option<Ping>,
    /// A ping with a text of the user's, and when it was sent.
    asked: Option<(Bytes, Instant)>,
    ticks: Option<tokio::time::Interval>,
    listening: Listening,
}

type Sending = Pin<Box<dyn Future<Output = Result<(), SendError>>>>;

/// How far a conversation is from its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listening {
    /// Input may come.
    Talking,
    /// The input has ended; until then something may be received.
    Until(Option<Instant>),
    /// We have said good-bye, and will end so.
    Leaving(ExitCode),
}

/// What happens next.
enum Step {
    Received(Result<Option<Event>, Error>),
    Sent,
    Typed(Input),
    Tick,
    Answered(Result<Duration, Error>),
    Waited,
    Signal(ExitCode),
}

type Done = ControlFlow<ExitCode>;

impl<'a> Session<'a> {
    pub(crate) fn new(
        settings: &ConnectSettings,
        socket: WebSocket,
        source: Source,
        signals: Signals,
        printer: &'a mut Printer,
    ) -> Self {
        let (sender, receiver) = socket.split();
        Self {
            shape: Shape::new(settings.form, settings.json, printer.surface(), printer.out()),
            form: settings.form,
            amount: settings.amount,
            control: settings.control,
            wait: settings.wait,
            ticks: settings.ping.map(ticks),
            sending: None,
            ping: None,
            asked: None,
            listening: Listening::Talking,
            printer,
            receiver,
            sender,
            source,
            signals,
        }
    }

    /// Talks until the connection has ended.
    pub(crate) async fn run(mut self) -> Result<ExitCode, Failure> {
        loop {
            let step = self.next().await;
            if let ControlFlow::Break(code) = self.take(step)? {
                return Ok(code);
            }
        }
    }

    async fn next(&mut self) -> Step {
        let talking = self.listening == Listening::Talking;
        tokio::select! {
            received = self.receiver.recv_event() => Step::Received(received),
            _ = of(&mut self.sending) => {
                self.sending = None;
                Step::Sent
            }
            answered = of(&mut self.ping) => {
                self.ping = None;
                Step::Answered(answered)
            }
            input = self.source.next(), if talking && self.sending.is_none() => Step::Typed(input),
            () = tick(&mut self.ticks) => Step::Tick,
            () = waited(self.listening) => Step::Waited,
            code = self.signals.next() => Step::Signal(code),
        }
    }

    fn take(&mut self, step: Step) -> Result<Done, Failure> {
        match step {
            Step::Received(Ok(Some(event))) => self.received(event)?,
            Step::Received(Ok(None)) => return self.ended(None),
            Step::Received(Err(error)) => return self.ended(Some(&error)),
            Step::Typed(input) => self.typed(input)?,
            Step::Tick => self.ping(),
            Step::Answered(Ok(time)) => self.report(Report::RoundTrip(time))?,
            Step::Waited => self.leave(CloseCode::NORMAL, self.patience_gone()),
            Step::Signal(code) if matches!(self.listening, Listening::Leaving(_)) => {
                return Ok(ControlFlow::Break(code));
            }
            Step::Signal(code) => self.leave(CloseCode::GOING_AWAY, code),
            // If that failed the connection is ending; what is received next tells how.
            Step::Sent | Step::Answered(Err(_)) => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    fn received(&mut self, event: Event) -> Result<(), Failure> {
        match event {
            Event::Message(message) => self.message(&message),
            Event::Ping(payload) => self.control(Report::Ping(&payload)),
            Event::Pong(payload) => match self.asked.take_if(|(sent, _)| *sent == payload) {
                Some((_, since)) => self.report(Report::RoundTrip(since.elapsed())),
                None => self.control(Report::Pong(&payload)),
            },
            // A kind of frame that this command does not know is none it could show.
            _ => Ok(()),
        }
    }

    /// Nothing that comes behind the one message that was wanted is printed.
    fn message(&mut self, message: &Message) -> Result<(), Failure> {
        let leaving = matches!(self.listening, Listening::Leaving(_));
        if self.amount == Amount::First && leaving {
            return Ok(());
        }
        self.report(match message {
            Message::Text(text) => Report::Text(text),
            Message::Binary(bytes) => Report::Binary(bytes),
        })?;
        if self.amount == Amount::First {
            self.leave(CloseCode::NORMAL, ExitCode::Success);
        }
        Ok(())
    }

    fn control(&mut self, report: Report<'_>) -> Result<(), Failure> {
        match self.control {
            Control::Shown => self.report(report),
            Control::Hidden => Ok(()),
        }
    }

    fn report(&mut self, report: Report<'_>) -> Result<(), Failure> {
        match report.write(self.shape) {
            Output::Data(bytes) => self.printer.data(&bytes)?,
            Output::Note(note) => self.printer.note(&self.printer.err().dim(&note)),
        }
        Ok(())
    }

    fn typed(&mut self, input: Input) -> Result<(), Failure> {
        match (input, self.source.typist) {
            (Input::Line(line), Typist::Person) => self.command(&line),
            (Input::Line(line), Typist::Program) => self.line(line)?,
            (Input::NotText(number), _) => {
                let what =
                    format!("line {number} of the input is not UTF-8; send bytes with --binary");
                return Err(Failure::new(ExitCode::Failure, what));
            }
            (Input::Interrupt, _) => self.leave(CloseCode::GOING_AWAY, ExitCode::Interrupted),
            (Input::End, Typist::Person) => self.leave(CloseCode::NORMAL, ExitCode::Success),
            (Input::End, Typist::Program) => self.listening = Listening::until(self.wait),
        }
        Ok(())
    }

    fn line(&mut self, line: String) -> Result<(), Failure> {
        match self.form {
            Form::Text => self.send(Message::from(line)),
            Form::Hex => {
                let bytes = hex::parse(&line).map_err(|error| {
                    Failure::new(ExitCode::Failure, format!("the input: {error}"))
                })?;
                self.send(Message::from(bytes));
            }
        }
        Ok(())
    }

    fn command(&mut self, line: &str) {
        match slash::parse(line) {
            Ok(Slash::Text(text)) if self.form == Form::Hex => match hex::parse(&text) {
                Ok(bytes) => self.send(Message::from(bytes)),
                Err(error) => self.printer.warn(&error.to_string()),
            },
            Ok(Slash::Text(text)) => self.send(Message::from(text)),
            Ok(Slash::Binary(bytes)) => self.send(Message::from(bytes)),
            Ok(Slash::Close(reason)) => self.leave(reason, ExitCode::Success),
            Ok(Slash::Control(control)) => self.control = control,
            Ok(Slash::Help) => self.printer.note(slash::HELP),
            Ok(Slash::Ping(text)) if text.is_empty() => self.ping(),
            Ok(Slash::Ping(text)) => self.ping_with(text.into()),
            Err(error) => self.printer.warn(&error.to_string()),
        }
    }

    fn send(&mut self, message: Message) {
        let sender = self.sender.clone();
        self.sending = Some(Box::pin(async move { sender.send(message).await }));
    }

    /// One at a time: a peer that does not answer is not asked again.
    fn ping(&mut self) {
        if self.ping.is_none() {
            self.ping = Some(self.sender.ping());
        }
    }

    fn ping_with(&mut self, payload: Bytes) {
        let sent = ControlPayload::new(&payload)
            .map_err(|error| error.to_string())
            .and_then(|checked| self.sender.ping_with(checked).map_err(|why| why.to_string()));
        match sent {
            Ok(()) => self.asked = Some((payload, Instant::now())),
            Err(error) => self.printer.warn(&error),
        }
    }

    /// Whoever wanted one message and got none has waited in vain.
    const fn patience_gone(&self) -> ExitCode {
        match self.amount {
            Amount::All => ExitCode::Success,
            Amount::First => ExitCode::Timeout,
        }
    }

    fn leave(&mut self, reason: impl Into<CloseReason>, code: ExitCode) {
        self.sender.close(reason);
        self.listening = Listening::Leaving(code);
    }

    fn ended(&mut self, error: Option<&Error>) -> Result<Done, Failure> {
        self.printer.leave_prompt();
        let ending = self.receiver.ending();
        if let Some(ending) = &ending {
            self.report(closed(ending))?;
        }
        if let Some(error) = error {
            return Err(Failure::because(failed(error), error));
        }
        let code = ending.map_or(ExitCode::AbnormalClose, |ending| exit_code(&ending));
        Ok(ControlFlow::Break(self.listening.outcome(code)))
    }
}

impl Listening {
    /// What we wanted to end with counts, unless it was success and none came of it.
    fn outcome(self, met: ExitCode) -> ExitCode {
        match self {
            Self::Leaving(ExitCode::Success) | Self::Talking | Self::Until(_) => met,
            Self::Leaving(wanted) => wanted,
        }
    }

    fn until(wait: Patience) -> Self {
        Self::Until(match wait {
            Patience::For(time) => Instant::now().checked_add(time),
            Patience::Forever => None,
        })
    }
}

fn ticks(every: Duration) -> tokio::time::Interval {
    let every = every.max(Duration::from_millis(1));
    let mut ticks = interval_at(Instant::now() + every, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn tick(ticks: &mut Option<tokio::time::Interval>) {
    match ticks {
        Some(ticks) => drop(ticks.tick().await),
        None => std::future::pending().await,
    }
}

/// The future, if there is one; else nothing ever happens.
async fn of<F: Future + Unpin>(future: &mut Option<F>) -> F::Output {
    match future {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}

async fn waited(listening: Listening) {
    match listening {
        Listening::Until(Some(deadline)) => sleep_until(deadline).await,
        Listening::Until(None) | Listening::Talking | Listening::Leaving(_) => {
            std::future::pending().await
        }
    }
}

fn closed(ending: &Ending) -> Report<'_> {
    Report::Closed {
        code: ending.code(),
        reason: ending.reason().map_or("", CloseReason::text),
        by: match ending.by() {
            EndedBy::Local => "this end",
            EndedBy::Peer => "the peer",
            EndedBy::Transport | _ => "the transport",
        },
        manner: if ending.is_clean() { Manner::Clean } else { Manner::Unclean },
    }
}

fn exit_code(ending: &Ending) -> ExitCode {
    match (ending.by(), ending.code()) {
        _ if !ending.is_clean() => ExitCode::AbnormalClose,
        (EndedBy::Local, _) | (_, 1000 | 1001 | 1005) => ExitCode::Success,
        _ => ExitCode::ClosedWithError,
    }
}

fn failed(error: &Error) -> ExitCode {
    if error.protocol_error().is_some() {
        ExitCode::Protocol
    } else if error.is_timeout() {
        ExitCode::Timeout
    } else {
        ExitCode::AbnormalClose
    }
}
