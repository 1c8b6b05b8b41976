//! A certificate for this machine's loopback, made anew for a run.

use super::apt;
use crate::{
    failure::Outcome,
    process::{command, run_into},
};
use std::path::{Path, PathBuf};

/// Files in PEM. The certificate signs itself, so that it is its own root.
pub(crate) struct Certificate {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl Certificate {
    /// Makes one for `localhost` and `127.0.0.1` in this folder.
    pub(crate) fn make(folder: &Path) -> Outcome<Self> {
        apt::ensure("openssl", "version", "openssl")?;
        let made =
            Self { certificate: folder.join("certificate.pem"), key: folder.join("key.pem") };
        let words = [
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-noenc",
            "-days",
            "2",
        ];
        let names =
            ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
        // Not a CA: rustls refuses a root certificate as a server's own.
        let use_ = ["-addext", "basicConstraints=critical,CA:FALSE"];
        let mut line = command("openssl", words);
        line.args(names)
            .args(use_)
            .arg("-keyout")
            .arg(&made.key)
            .arg("-out")
            .arg(&made.certificate);
        run_into(&mut line, &folder.join("openssl.log"))?;
        Ok(made)
    }
}
