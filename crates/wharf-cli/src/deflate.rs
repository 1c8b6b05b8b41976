//! What `--deflate` says.

use crate::values;
use wharf::{Config, Context, Deflate, Direction, Role, WindowBits};

/// How compression is negotiated, before it is known for which role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeflateHow {
    /// Neither offered nor agreed to.
    Off,
    /// As far as the peer takes part.
    On(Wishes),
}

/// What is wished to differ from the default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Wishes {
    client: Wish,
    server: Wish,
    level: Option<u8>,
    threshold: Option<usize>,
}

/// What is wished for one direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Wish {
    context: Option<Context>,
    window: Option<WindowBits>,
}

impl DeflateHow {
    /// What the end in this role offers, or agrees to.
    pub(crate) fn policy(self, role: Role) -> Option<Deflate> {
        let Self::On(wishes) = self else { return None };
        let (mut policy, send, receive) = match role {
            Role::Client => (Deflate::CLIENT, wishes.client, wishes.server),
            Role::Server => (Deflate::SERVER, wishes.server, wishes.client),
        };
        policy.send = send.over(policy.send);
        policy.receive = receive.over(policy.receive);
        Some(policy)
    }

    /// Sets what concerns our own compressor.
    pub(crate) fn configure(self, config: &mut Config) {
        let Self::On(wishes) = self else { return };
        if let Some(level) = wishes.level {
            config.compression.level = level;
        }
        if let Some(threshold) = wishes.threshold {
            config.compression.threshold = threshold;
        }
    }
}

impl Wish {
    fn over(self, default: Direction) -> Direction {
        Direction {
            window: self.window.unwrap_or(default.window),
            context: self.context.unwrap_or(default.context),
        }
    }
}

/// `on`, `off`, or settings with commas between.
pub(crate) fn parse(text: &str) -> Result<DeflateHow, String> {
    match text {
        "on" => Ok(DeflateHow::On(Wishes::default())),
        "off" => Ok(DeflateHow::Off),
        list => {
            let mut wishes = Wishes::default();
            list.split(',').try_for_each(|setting| wishes.set(setting.trim()))?;
            Ok(DeflateHow::On(wishes))
        }
    }
}

impl Wishes {
    fn set(&mut self, setting: &str) -> Result<(), String> {
        let (name, value) = setting.split_once('=').unwrap_or((setting, ""));
        match (name, value) {
            ("level", value) => self.level = Some(level(value)?),
            ("threshold", value) => self.threshold = Some(values::size(value)?),
            (name, value) => self.directions(name, |wish| wish.set(setting, value))?,
        }
        Ok(())
    }

    /// Applies to the direction that the name begins with, or to both.
    fn directions(
        &mut self,
        name: &str,
        mut set: impl FnMut(&mut Wish) -> Result<(), String>,
    ) -> Result<(), String> {
        if !name.starts_with("server-") {
            set(&mut self.client)?;
        }
        if !name.starts_with("client-") {
            set(&mut self.server)?;
        }
        Ok(())
    }
}

impl Wish {
    fn set(&mut self, setting: &str, value: &str) -> Result<(), String> {
        let bare = setting.strip_prefix("client-").or(setting.strip_prefix("server-"));
        match bare.unwrap_or(setting) {
            "takeover" => self.context = Some(Context::Takeover),
            "no-takeover" => self.context = Some(Context::NoTakeover),
            window if window.starts_with("window=") => self.window = Some(bits(value)?),
            _ => {
                return Err(format!(
                    "unknown setting {setting:?}; write `on`, `off`, or of takeover, no-takeover, window=9..15 \
                     (with client- or server- before them for one direction), level=1..9, threshold=BYTES"
                ));
            }
        }
        Ok(())
    }
}

/// No compressor makes windows of 256 bytes, so 8 is not offered (RFC 7692 §7.1.2 allows it).
fn bits(value: &str) -> Result<WindowBits, String> {
    let bits = value.parse().ok().filter(|bits| *bits > WindowBits::MIN.get());
    bits.and_then(WindowBits::new).ok_or_else(|| format!("a window is 9 to 15, not {value:?}"))
}

fn level(value: &str) -> Result<u8, String> {
    let level = value.parse().ok().filter(|level| (1..=9).contains(level));
    level.ok_or_else(|| format!("a level is 1 to 9, not {value:?}"))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use wharf::{Config, Context, Deflate, Role, WindowBits};

    /// RFC 7692 §7.1: what is not said stays as the library has it.
    #[test]
    fn on_and_off_are_the_defaults_and_nothing() {
        assert_eq!(parse("on").unwrap().policy(Role::Client), Some(Deflate::CLIENT));
        assert_eq!(parse("on").unwrap().policy(Role::Server), Some(Deflate::SERVER));
        assert_eq!(parse("off").unwrap().policy(Role::Client), None);
    }

    /// RFC 7692 §7.1: a setting is for the direction of the end that it names, or for both.
    #[test]
    fn settings_reach_the_direction_they_name() {
        let how = parse("no-takeover, client-window=10,server-takeover").unwrap();
        for role in [Role::Client, Role::Server] {
            let policy = how.policy(role).unwrap();
            let (client, server) = match role {
                Role::Client => (policy.send, policy.receive),
                Role::Server => (policy.receive, policy.send),
            };
            assert_eq!((client.window.get(), client.context), (10, Context::NoTakeover));
            assert_eq!((server.window, server.context), (WindowBits::MAX, Context::Takeover));
        }
    }

    /// Level and threshold are our own business and not negotiated.
    #[test]
    fn level_and_threshold_configure_the_compressor() {
        let mut config = Config::new(Role::Client);
        parse("level=6,threshold=1K").unwrap().configure(&mut config);
        assert_eq!((config.compression.level, config.compression.threshold), (6, 1024));
    }

    /// A slip is told, not ignored.
    #[test]
    fn unknown_or_impossible_settings_are_refused() {
        for text in [
            "",
            "yes",
            "window=8",
            "window=16",
            "window",
            "level=0",
            "level=10",
            "threshold=",
            "on,off",
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
        for text in ["no-takeover=1", "client-level=1", "server-client-window=9"] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }
}
