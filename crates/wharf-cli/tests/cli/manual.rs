//! Help, version, completions and man pages: all from one definition.

use crate::run::{code, run, stderr, stdout};

/// What a person reads first. (`--unix` is there on Unix only.)
#[cfg(unix)]
#[test]
fn summaries_fit_on_a_screen() {
    insta::assert_snapshot!("help", stdout(&run(&["-h"])));
    insta::assert_snapshot!("help_serve", stdout(&run(&["serve", "-h"])));
    insta::assert_snapshot!("help_check_server", stdout(&run(&["check", "server", "-h"])));
    insta::assert_snapshot!("help_check_client", stdout(&run(&["check", "client", "-h"])));
    insta::assert_snapshot!("help_audit", stdout(&run(&["audit", "-h"])));
    insta::assert_snapshot!("help_connect", stdout(&run(&["connect", "-h"])));
    insta::assert_snapshot!("help_bench", stdout(&run(&["bench", "-h"])));
}

/// The long help has examples and every exit code.
#[cfg(unix)]
#[test]
fn long_help_has_examples_and_exit_codes() {
    insta::assert_snapshot!("help_connect_long", stdout(&run(&["connect", "--help"])));
}

/// Name and number, for scripts.
#[test]
fn version_is_name_and_number() {
    let output = run(&["-V"]);
    assert_eq!(stdout(&output), concat!("wharf ", env!("CARGO_PKG_VERSION"), "\n"));
}

/// Help that was asked for is data; help that was not is an error.
#[test]
fn a_bare_command_is_a_usage_error() {
    let output = run(&[]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert!(stderr(&output).contains("Usage: wharf"));
}

/// Every shell gets a script that knows the flags.
#[test]
fn completions_know_the_flags() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(&["completions", shell]);
        assert_eq!(code(&output), 0);
        assert!(stdout(&output).contains("tls-self-signed"), "{shell}");
    }
}

/// A page for the command and for each part of it.
#[test]
fn man_pages_are_roff_with_exit_codes() {
    let whole = run(&["man"]);
    assert!(stdout(&whole).contains(".TH wharf 1"));
    assert!(stdout(&whole).contains("130"));
    for part in ["serve", "connect", "bench", "check", "audit", "completions", "man"] {
        let page = run(&["man", part]);
        assert!(stdout(&page).contains(&format!(".TH wharf-{part} 1")), "{}", stdout(&page));
    }
}
