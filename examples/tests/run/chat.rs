use crate::program::{Program, soon};
use wharf::{Message, WebSocket};

const CHAT: &str = env!("CARGO_BIN_EXE_chat");

/// Comes in, and is in the room.
async fn come(address: &str, place: &str) -> WebSocket {
    let mut socket = soon(wharf::connect(format!("ws://{address}/{place}"))).await.unwrap();
    let (room, _) = place.split_once('?').unwrap();
    assert_eq!(hear(&mut socket).await, format!("* you are in {room}"));
    socket
}

async fn hear(socket: &mut WebSocket) -> String {
    let message = soon(socket.recv()).await.unwrap().expect("a line");
    message.as_text().unwrap().to_owned()
}

/// Ends with 1001 when the program is told to stop.
async fn is_told_to_go(socket: &mut WebSocket) {
    while soon(socket.recv()).await.unwrap().is_some() {}
    assert_eq!(socket.ending().unwrap().code(), 1001);
}

#[tokio::test]
async fn a_line_goes_to_the_others_in_the_room_and_nobody_else() {
    let (program, address) = Program::serve(CHAT, &["127.0.0.1:0"]).await;
    let mut ann = come(&address, "lobby?name=ann").await;
    let mut eve = come(&address, "cellar?name=eve").await;
    let mut bob = come(&address, "lobby?name=bob%20b").await;
    assert_eq!(hear(&mut ann).await, "* bob b is here");
    bob.send("hello").await.unwrap();
    assert_eq!(hear(&mut ann).await, "bob b: hello");
    ann.send("good morning").await.unwrap();
    // Had his own line come back, it would come first.
    assert_eq!(hear(&mut bob).await, "ann: good morning");
    soon(bob.close(wharf::CloseCode::NORMAL)).await;
    assert_eq!(hear(&mut ann).await, "* bob b has left");
    // The first thing that is ever heard in the cellar.
    let mut dan = come(&address, "cellar?name=dan").await;
    assert_eq!(hear(&mut eve).await, "* dan is here");

    program.interrupt().await;
    for socket in [&mut ann, &mut eve, &mut dan] {
        is_told_to_go(socket).await;
    }
    let rest = program.end().await;
    assert!(rest.contains("3 said good-bye, 0 were cut"), "{rest}");
}

#[tokio::test]
async fn who_does_not_read_is_sent_away_and_holds_nobody_up() {
    let (mut program, address) = Program::serve(CHAT, &["127.0.0.1:0"]).await;
    let slow = come(&address, "lobby?name=slow").await;
    let mut ann = come(&address, "lobby?name=ann").await;
    let line = "x".repeat(10_000);
    // What the system holds for a socket is not ours to know: so many lines that it cannot be all of them.
    for _ in 0..10_000 {
        if slow_has_left(&mut ann, &line).await {
            break;
        }
    }
    let said = program.line_with("slow left lobby").await;
    assert!(said.contains("closed by this end"), "{said}");
    drop(slow);
    soon(ann.close(wharf::CloseCode::NORMAL)).await;
    program.end().await;
}

/// Says one more line, and looks whether the room has heard that the slow one went.
async fn slow_has_left(ann: &mut WebSocket, line: &str) -> bool {
    soon(ann.send(line)).await.unwrap();
    soon(ann.flush()).await.unwrap();
    let heard = tokio::select! {
        biased;
        message = ann.recv() => message.unwrap(),
        () = std::future::ready(()) => return false,
    };
    heard.as_ref().and_then(Message::as_text) == Some("* slow has left")
}

#[tokio::test]
async fn who_does_not_say_where_to_is_told_how() {
    let (program, address) = Program::serve(CHAT, &["127.0.0.1:0"]).await;
    for place in ["", "lobby", "?name=ann", "lobby?name=", "lobby?name=a%0ab"] {
        let error = soon(wharf::connect(format!("ws://{address}/{place}"))).await.unwrap_err();
        let response = error.response().expect("an answer");
        assert_eq!(response.status(), 400, "{place}");
        assert!(response.body().starts_with(b"ask for /ROOM"));
    }
    let mut ann = come(&address, "lobby?name=ann").await;
    ann.send(vec![1]).await.unwrap();
    assert_eq!(soon(ann.recv()).await.unwrap(), None);
    assert_eq!(ann.ending().unwrap().code(), 1003);
    program.end().await;
}
