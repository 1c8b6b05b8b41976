//! A socket as those see it who end it from outside.

use super::{sender::Sender, shared::Shared};
use crate::drain::member::Member;
use std::{sync::Arc, time::Duration};
use wharf_proto::CloseReason;

impl Member for Shared {
    fn close(self: Arc<Self>, reason: &CloseReason) {
        Sender::new(self).close(reason.clone());
    }

    fn cut(&self) {
        Self::cut(self);
    }

    fn has_ended(&self) -> bool {
        self.lock().transport.is_none()
    }

    fn close_within(&self) -> Duration {
        self.lock().outbound.config().timeouts.close
    }
}
