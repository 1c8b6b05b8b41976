//! Peers made of bytes.

use wharf::{
    CloseCode, Message,
    testing::{Frame, Pair},
};

#[tokio::test(start_paused = true)]
async fn a_peer_that_breaks_a_rule_sees_what_comes_of_it() {
    for (bytes, code) in [
        (&b"\x81\x00"[..], 1002),                      // not masked
        (b"\xf1\x80\0\0\0\0", 1002),                   // reserved bits
        (b"\x81\x81\0\0\0\0\xff", 1007),               // not UTF-8
        (b"\x82\xff\x7f\0\0\0\0\0\0\0\0\0\0\0", 1009), // too long
    ] {
        let (mut server, mut client, _wire) = Pair::new().open_server();
        let serving = tokio::spawn(async move { server.recv().await.unwrap_err().close_code() });
        client.send(bytes).await.unwrap();
        let frame = client.frame().await.unwrap().unwrap();
        assert_eq!(frame.close_code(), Some(code), "{bytes:x?}");
        client.end().await.unwrap();
        assert_eq!(client.frame().await.unwrap(), None);
        assert_eq!(serving.await.unwrap().map(CloseCode::get), Some(code));
    }
}

#[tokio::test(start_paused = true)]
async fn a_peer_in_the_servers_role_is_not_masked() {
    let (mut client, mut server, _wire) = Pair::new().open_client();
    server.send_frame(Frame::ping("?")).await.unwrap();
    server.send_frame(Frame { fin: false, ..Frame::text("he") }).await.unwrap();
    server.send_frame(Frame::new(0, "y")).await.unwrap();
    assert_eq!(client.recv().await.unwrap(), Some(Message::from("hey")));
    client.send(vec![1; 70_000]).await.unwrap();
    server.expect([Frame::pong("?"), Frame::binary(vec![1; 70_000])]).await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "frame 1")]
async fn an_expectation_that_is_not_met_fails_the_test() {
    let (mut client, mut server, _wire) = Pair::new().open_client();
    client.send("a").await.unwrap();
    client.send("b").await.unwrap();
    server.expect([Frame::text("a"), Frame::text("c")]).await;
}

/// The end inside a frame is no end between frames.
#[tokio::test(start_paused = true)]
async fn a_frame_that_is_cut_is_an_error() {
    let (client, mut server, wire) = Pair::new().open_client();
    wire.to_server().cut(wharf::testing::Cut::Eof);
    assert_eq!(server.frame().await.unwrap(), None);
    drop(client);
    let faults = wharf::testing::Faults::new().cut_after(3, wharf::testing::Cut::Eof);
    let (mut client, mut server, _wire) = Pair::new().to_server(faults).open_client();
    client.send("abc").await.unwrap();
    assert_eq!(server.frame().await.unwrap_err().kind(), std::io::ErrorKind::UnexpectedEof);
}
