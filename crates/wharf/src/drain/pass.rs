//! The right to be here.

use super::{course::Left, hall::Hall, member::Member};
use std::{fmt, sync::Arc};
use wharf_proto::Ending;

/// A handshake that a [`Drain`](crate::Drain) has let in; then, given to its socket by
/// [`open`](Self::open), a connection that counts.
///
/// Dropped before, it counts no more.
pub struct Pass {
    hall: Arc<Hall>,
    place: u32,
    left: Left,
}

impl Pass {
    pub(crate) const fn new(hall: Arc<Hall>, place: u32) -> Self {
        Self { hall, place, left: Left::Handshake }
    }

    pub(crate) fn seat(&mut self, member: Arc<dyn Member>) {
        self.left = Left::Unclean;
        self.hall.seat(self.place, member);
    }

    /// The connection has ended.
    pub(crate) fn end(mut self, ending: Option<&Ending>) {
        if ending.is_some_and(Ending::is_clean) {
            self.left = Left::Clean;
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.hall.leave(self.place, self.left);
    }
}

impl fmt::Debug for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pass").finish_non_exhaustive()
    }
}

/// The passes that a socket holds: mostly none or one, and no more room than for that.
#[derive(Debug, Default)]
pub(crate) enum Passes {
    #[default]
    None,
    One(Pass),
    #[expect(clippy::box_collection, reason = "a pointer fits beside the pass")]
    More(Box<Vec<Pass>>),
}

impl Passes {
    pub(crate) fn add(&mut self, pass: Pass) {
        *self = match std::mem::take(self) {
            Self::None => Self::One(pass),
            Self::One(first) => Self::More(Box::new(vec![first, pass])),
            Self::More(mut passes) => {
                passes.push(pass);
                Self::More(passes)
            }
        };
    }

    /// The connection has ended.
    pub(crate) fn end(&mut self, ending: Option<&Ending>) {
        match std::mem::take(self) {
            Self::None => {}
            Self::One(pass) => pass.end(ending),
            Self::More(passes) => passes.into_iter().for_each(|pass| pass.end(ending)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An idle connection has no room for what it mostly has not.
    #[test]
    fn passes_are_as_small_as_one() {
        assert_eq!(size_of::<Passes>(), 16);
    }
}
