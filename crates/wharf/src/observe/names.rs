//! The metrics: what they are called, and what they mean. `docs/observability.md` has the same table for readers.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

pub(super) const CONNECTIONS: &str = "wharf_connections";
pub(super) const OPENED: &str = "wharf_connections_opened_total";
pub(super) const DURATION: &str = "wharf_connection_duration_seconds";
pub(super) const CLOSES: &str = "wharf_closes_total";
pub(super) const ERRORS: &str = "wharf_errors_total";
pub(super) const HANDSHAKES: &str = "wharf_handshakes_total";
pub(super) const IN_PROGRESS: &str = "wharf_handshakes_in_progress";
pub(super) const HANDSHAKE_DURATION: &str = "wharf_handshake_duration_seconds";
pub(super) const HANDSHAKE_WAITS: &str = "wharf_handshake_waits_total";
pub(super) const MESSAGES: &str = "wharf_messages_total";
pub(super) const PAYLOAD: &str = "wharf_payload_bytes_total";
pub(super) const COMPRESSED: &str = "wharf_deflate_compressed_bytes_total";
pub(super) const PLAIN: &str = "wharf_deflate_plain_bytes_total";
pub(super) const QUEUED: &str = "wharf_queued_bytes";
pub(super) const ROUND_TRIP: &str = "wharf_round_trip_seconds";
pub(super) const ATTEMPTS: &str = "wharf_reconnect_attempts_total";
pub(super) const DOWNS: &str = "wharf_reconnect_downs_total";

/// Tells the recorder of the `metrics` facade what wharf's metrics mean, and their units. Call it once the recorder
/// is installed; without it they have names and values only.
///
/// All of them stand in `docs/observability.md`, with their labels, and with how fresh they are.
///
/// ```
/// // After `recorder.install()`:
/// wharf::describe_metrics();
/// ```
pub fn describe_metrics() {
    describe_gauge!(CONNECTIONS, Unit::Count, "Open WebSockets.");
    describe_counter!(OPENED, Unit::Count, "WebSockets that were opened.");
    describe_histogram!(DURATION, Unit::Seconds, "How long WebSockets were open.");
    describe_counter!(
        CLOSES,
        Unit::Count,
        "WebSockets that ended, by who began it and close code."
    );
    describe_counter!(ERRORS, Unit::Count, "What ended WebSockets that was no Close, by blame.");
    describe_counter!(HANDSHAKES, Unit::Count, "Opening handshakes, by what became of them.");
    describe_gauge!(IN_PROGRESS, Unit::Count, "Opening handshakes under way.");
    describe_histogram!(HANDSHAKE_DURATION, Unit::Seconds, "How long opening handshakes took.");
    describe_counter!(
        HANDSHAKE_WAITS,
        Unit::Count,
        "How often a connection waited because the most handshakes were under way."
    );
    describe_counter!(MESSAGES, Unit::Count, "Messages.");
    describe_counter!(PAYLOAD, Unit::Bytes, "Payload bytes on the wire, compressed if they were.");
    describe_counter!(COMPRESSED, Unit::Bytes, "Bytes of compressed messages on the wire.");
    describe_counter!(PLAIN, Unit::Bytes, "Bytes of compressed messages before or after it.");
    describe_gauge!(QUEUED, Unit::Bytes, "Bytes that wait to be written.");
    describe_histogram!(ROUND_TRIP, Unit::Seconds, "From a Ping to its Pong.");
    describe_counter!(ATTEMPTS, Unit::Count, "Attempts of clients that stay connected.");
    describe_counter!(DOWNS, Unit::Count, "Losses of clients that stay connected, by reason.");
}
