//! `wss` and `https`.

use crate::run::{Served, code, run, run_with, stderr, stdout};
use std::{fs, path::PathBuf};

/// A certificate for localhost and its key, as files of this test.
fn files(name: &str) -> (PathBuf, PathBuf) {
    let made =
        rcgen::generate_simple_self_signed(["localhost".into(), "127.0.0.1".into()]).unwrap();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (chain, key) = (folder.join(format!("{name}.pem")), folder.join(format!("{name}.key")));
    fs::write(&chain, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    (chain, key)
}

/// RFC 6455 §10.6: a certificate that nobody vouches for is refused, unless told not to look; and that is said.
#[test]
fn a_self_signed_certificate_needs_insecure() {
    let served = Served::start(&["--tls-self-signed"]);
    assert!(served.page.starts_with("https://") && served.echo.starts_with("wss://"));
    let refused = run(&["connect", &served.echo]);
    assert_eq!(code(&refused), 4, "{}", stderr(&refused));
    let output = run_with(b"hi\n", &["connect", "--once", "--insecure", &served.echo]);
    assert_eq!((code(&output), stdout(&output)), (0, "hi\n"), "{}", stderr(&output));
    assert!(stderr(&output).contains("certificates are not verified"));
}

/// Whoever runs a server can compare what a browser shows.
#[test]
fn the_fingerprint_is_printed() {
    let mut served = Served::start(&["--tls-self-signed"]);
    let line = served.process.line();
    assert!(line.starts_with("cert  sha256 ") && line.len() == 13 + 95, "{line}");
}

/// A certificate of one's own, trusted by name.
#[test]
fn a_certificate_that_is_trusted_by_file_is_enough() {
    let (chain, key) = files("trusted");
    let (chain, key) = (chain.to_str().unwrap(), key.to_str().unwrap());
    let served = Served::start(&["--tls-cert", chain, "--tls-key", key]);
    let output = run_with(b"hi\n", &["connect", "--once", "--cacert", chain, &served.echo]);
    assert_eq!((code(&output), stdout(&output)), (0, "hi\n"), "{}", stderr(&output));
}

/// Trust in one certificate is no trust in another.
#[test]
fn a_certificate_that_is_not_the_trusted_one_is_refused() {
    let (chain, key) = files("served");
    let (other, _) = files("other");
    let served =
        Served::start(&["--tls-cert", chain.to_str().unwrap(), "--tls-key", key.to_str().unwrap()]);
    let output = run(&["connect", "--cacert", other.to_str().unwrap(), &served.echo]);
    assert_eq!(code(&output), 4, "{}", stderr(&output));
}

/// A file that is no certificate is a failure that names what is wrong.
#[test]
fn files_that_cannot_be_used_are_failures() {
    let (chain, key) = files("unfit");
    let (chain, key) = (chain.to_str().unwrap(), key.to_str().unwrap());
    for arguments in [
        ["serve", "--tls-cert", key, "--tls-key", key],
        ["serve", "--tls-cert", chain, "--tls-key", "/nowhere"],
        ["connect", "--cert", chain, "--key", chain],
    ] {
        let mut arguments = arguments.to_vec();
        if arguments[0] == "connect" {
            arguments.push("wss://127.0.0.1:1/");
        }
        let output = run(&arguments);
        assert_eq!(code(&output), 1, "{}", stderr(&output));
    }
}
