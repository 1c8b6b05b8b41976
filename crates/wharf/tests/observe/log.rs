//! A log for one test: it hears what is told on this thread, at every level.
//!
//! There is one subscriber for the process, and each thread has its own text. One subscriber for each thread would not
//! do: tracing asks the subscriber of whichever thread comes to a callsite first, and where that thread has none the
//! callsite stays silent for all.

use std::{
    cell::RefCell,
    io,
    sync::{Arc, Mutex, Once},
};
use tracing::Level;
use tracing_subscriber::fmt::format::FmtSpan;

thread_local! {
    static HEARD: RefCell<Option<Text>> = const { RefCell::new(None) };
}

/// What was told since it was made.
pub(crate) struct Log {
    text: Text,
}

#[derive(Clone, Default)]
struct Text(Arc<Mutex<Vec<u8>>>);

/// Where the one subscriber writes to: the text of the thread that tells, if a test listens on it.
struct Heard;

/// Each test calls it (by its log or its recorder) before it comes to a callsite.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_span_events(FmtSpan::CLOSE)
            .with_ansi(false)
            .without_time()
            .with_writer(|| Heard)
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}

impl Log {
    pub(crate) fn start() -> Self {
        listen();
        let text = Text::default();
        HEARD.set(Some(text.clone()));
        Self { text }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.text.0.lock().unwrap().clone()).unwrap()
    }

    /// Its lines of wharf's that hold all of these.
    pub(crate) fn lines(&self, words: &[&str]) -> Vec<String> {
        let text = self.text();
        let fits = |line: &&str| words.iter().all(|word| line.contains(word));
        text.lines().filter(|line| line.contains("wharf::")).filter(fits).map(Into::into).collect()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        HEARD.set(None);
    }
}

impl io::Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        HEARD.with_borrow(|heard| {
            let Some(Text(text)) = heard else { return };
            text.lock().unwrap().extend_from_slice(bytes);
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
