//! permessage-deflate, once it was agreed on.

use crate::support::{echo, frames, open_agreed, pair_with, until_idle};
use wharf::{
    Agreement, CloseCode, Config, Context, DeflateAgreement, Direction, Message, Outgoing, Role,
};
use wharf_testkit::ScriptIo;

fn agreed() -> Agreement {
    let context = Context::NoTakeover;
    let server = Direction { context, ..Direction::DEFAULT };
    let mut agreed = Agreement::default();
    agreed.deflate = Some(DeflateAgreement { client: Direction::DEFAULT, server });
    agreed
}

/// RFC 7692 §6: both directions, short and long, texts and bytes.
#[tokio::test(start_paused = true)]
async fn compressed_messages_are_echoed() {
    let (mut client, server) =
        pair_with(&agreed(), Config::new(Role::Client), Config::new(Role::Server));
    tokio::spawn(echo(server));
    for size in [0, 10, 1000, 100_000, 500_000] {
        let text = "naïve ".repeat(size / 6);
        client.send(&text).await.unwrap();
        assert_eq!(client.recv().await.unwrap(), Some(Message::from(text.as_str())));
        let bytes: Vec<u8> = (0..size).map(|at| (at * at).to_le_bytes()[1]).collect();
        client.send(&bytes).await.unwrap();
        assert_eq!(client.recv().await.unwrap(), Some(Message::from(bytes)));
    }
    let sent = client.stats().sent;
    assert!(sent.wire_bytes < sent.bytes, "it was compressed");
    assert!(client.close(CloseCode::NORMAL).await.is_clean());
}

/// RFC 7692 §6: a message that is written and read in pieces is compressed too.
#[tokio::test(start_paused = true)]
async fn a_compressed_message_passes_in_pieces() {
    let (client, mut server) =
        pair_with(&agreed(), Config::new(Role::Client), Config::new(Role::Server));
    let (sender, mut receiver) = client.split();
    tokio::spawn(async move { receiver.drive().await });
    tokio::spawn(async move {
        let mut writer = sender.write_text().await.unwrap();
        for _ in 0..40 {
            writer.write(&"piece ".repeat(10_000)).await.unwrap();
        }
        writer.finish().await.unwrap();
        sender.send("next").await.unwrap();
    });
    let mut reader = server.recv_reader().await.unwrap().unwrap();
    let mut len = 0;
    while let Some(chunk) = reader.chunk().await.unwrap() {
        assert!(chunk.len() <= 64 << 10, "what a chunk inflates to is bounded");
        len += chunk.len();
    }
    assert_eq!(len, 40 * 60_000);
    assert_eq!(server.recv().await.unwrap(), Some(Message::from("next")));
}

/// Checklist 122: the user decides for each message.
#[tokio::test(start_paused = true)]
async fn a_message_can_be_sent_uncompressed() {
    let (io, handle) = ScriptIo::new([]);
    let socket = open_agreed(io, Config::new(Role::Server), Role::Server, &agreed());
    let text = "secret ".repeat(100);
    socket.try_send(&text).unwrap();
    socket.try_send(Outgoing::from(&text).uncompressed()).unwrap();
    until_idle().await;
    let sent = frames(&handle);
    assert_eq!(sent.iter().map(|frame| frame.rsv).collect::<Vec<_>>(), [4, 0]);
    assert!(sent[0].payload.len() < text.len());
    assert_eq!(sent[1].payload, text.as_bytes());
}
