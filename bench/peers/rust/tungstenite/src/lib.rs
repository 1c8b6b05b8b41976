//! tokio-tungstenite: feed while messages are ready, then one flush.
#![forbid(unsafe_code)]

use common::MAX_MESSAGE;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// Limits as wide as every peer's, and the read buffer that its documentation lets users choose.
pub fn config(read_buffer: Option<usize>) -> WebSocketConfig {
    let config = WebSocketConfig::default();
    let read_buffer = read_buffer.unwrap_or(config.read_buffer_size);
    config
        .read_buffer_size(read_buffer)
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE))
}
