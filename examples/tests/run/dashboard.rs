use crate::program::{Program, soon};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const DASHBOARD: &str = env!("CARGO_BIN_EXE_dashboard");

async fn get(address: &str, path: &str) -> String {
    let mut stream = soon(TcpStream::connect(address)).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer)).await.unwrap();
    answer
}

#[tokio::test]
async fn the_page_and_its_figures_come_from_one_port() {
    let (server, address) = Program::serve(DASHBOARD, &["127.0.0.1:0"]).await;
    let page = get(&address, "/").await;
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    assert!(page.contains("text/html") && page.contains("new WebSocket("), "{page}");
    assert!(get(&address, "/other").await.starts_with("HTTP/1.1 404"));
    let elsewhere = soon(wharf::connect(format!("ws://{address}/"))).await.unwrap_err();
    assert_eq!(elsewhere.response().unwrap().status(), 404);

    // As the page connects: from where it came.
    let browser = wharf::Client::builder().origin(format!("http://{address}")).unwrap().build();
    let mut socket = soon(browser.connect(format!("ws://{address}/live"))).await.unwrap();
    let mut last = -1.0;
    for _ in 0..3 {
        let message = soon(socket.recv()).await.unwrap().unwrap();
        let figures: Value = serde_json::from_str(message.as_text().unwrap()).unwrap();
        let uptime = figures["uptime"].as_f64().unwrap();
        assert!(uptime > last, "{figures}");
        last = uptime;
        // Each figure has its place on the page.
        for name in figures.as_object().unwrap().keys() {
            assert!(page.contains(&format!("id=\"{name}\"")), "{name}");
        }
    }
    let foreign = wharf::Client::builder().origin("http://foreign.example").unwrap().build();
    let refused = soon(foreign.connect(format!("ws://{address}/live"))).await.unwrap_err();
    assert_eq!(refused.response().unwrap().status(), 403);
    server.interrupt().await;
    // Figures may be on their way still.
    while soon(socket.recv()).await.unwrap().is_some() {}
    assert_eq!(socket.ending().unwrap().code(), 1001);
    server.end().await;
}
