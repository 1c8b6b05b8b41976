//! A pass meets its socket.

use super::pass::Pass;
use crate::socket::websocket::WebSocket;

impl Pass {
    /// From now on the socket counts until it has ended or was dropped. It costs no task.
    ///
    /// If the drain has begun since the pass was given the socket is closed at once.
    pub fn open(self, socket: &mut WebSocket) {
        socket.admit(self);
    }
}
