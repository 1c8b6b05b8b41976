//! A client that speaks TLS is asked as one that does not.

use crate::{
    ask,
    peer::{Client, Setup},
};
use rcgen::CertifiedKey;
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName};
use std::{net::SocketAddr, sync::Arc, thread};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsConnector;
use wharf_check::{Clients, Plan, Verdict};

const CASES: u32 = 12;

/// Gives each plain connection TLS on its way to the tester.
async fn bridge(listener: TcpListener, tester: SocketAddr, connector: TlsConnector) {
    while let Ok((mut plain, _)) = listener.accept().await {
        let connector = connector.clone();
        tokio::spawn(async move {
            let tcp = TcpStream::connect(tester).await?;
            let name = ServerName::try_from("localhost").expect("a name");
            let mut tls = connector.connect(name, tcp).await?;
            copy_bidirectional(&mut plain, &mut tls).await
        });
    }
}

/// One case after the other, as a driver of the Autobahn suite does.
fn drive(address: SocketAddr) {
    let client = |target: String| Client { setup: Setup::CORRECT, address, target };
    (1..=CASES).for_each(|number| client(format!("/case?n={number}")).run());
    client("/report".to_owned()).run();
}

#[test]
fn a_client_that_speaks_tls_is_asked() {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).expect("it is a root");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions of rustls")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let plan =
        Plan { only: vec!["frames/text*".to_owned(), "utf8/good*".to_owned()], ..Plan::default() };
    let report = ask::runtime().block_on(async {
        let clients =
            Clients::listen(([127, 0, 0, 1], 0).into()).await.expect("loopback has ports");
        let clients = clients
            .with_tls(cert.pem().as_bytes(), signing_key.serialize_pem().as_bytes())
            .expect("they belong together");
        let tester = clients.url().trim_start_matches("wss://").parse().expect("an address");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has ports");
        let address = listener.local_addr().expect("it listens");
        tokio::spawn(bridge(listener, tester, TlsConnector::from(Arc::new(config))));
        thread::spawn(move || drive(address));
        clients.check_loop(&plan, |_, _| {}).await
    });
    let asked = report.outcomes.iter().filter(|outcome| outcome.verdict != Verdict::Skipped);
    assert!(asked.clone().all(|outcome| outcome.verdict == Verdict::Pass));
    assert_eq!(asked.count(), CASES as usize);
}
