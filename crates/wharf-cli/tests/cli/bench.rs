//! `wharf bench`.

use crate::run::{Running, Served, code, run, stderr, stdout};
use serde_json::Value;

/// Runs a short bench and reads its JSON.
fn measured(arguments: &[&str]) -> Value {
    let mut all = vec!["bench", "-q", "-c", "5", "-n", "300", "--json", "-"];
    all.extend(arguments);
    let output = run(&all);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    serde_json::from_str(stdout(&output)).unwrap()
}

/// A script gets one object, and nothing else on stdout.
#[test]
fn json_goes_to_stdout() {
    let served = Served::start(&[]);
    let report = measured(&["-p", "2", "-s", "uniform:1..400", "--text", &served.echo]);
    assert_eq!(report["messages"]["received"], 300);
    assert_eq!(
        (&report["plan"]["size"], &report["plan"]["kind"]),
        (&"uniform:1..400".into(), &"text".into())
    );
    assert_eq!(
        (&report["connections"]["opened"], &report["troubles"]),
        (&5.into(), &Value::Array(Vec::new()))
    );
}

/// The flags of `connect` about TLS and compression are those of `bench`.
#[test]
fn tls_and_compression_are_spoken() {
    let served = Served::start(&["--tls-self-signed"]);
    let url = served.echo.replace("127.0.0.1", "localhost");
    for deflate in ["off", "on", "no-takeover,window=10"] {
        let report = measured(&["-k", "--deflate", deflate, "--payload", "json", &url]);
        assert_eq!(
            (&report["plan"]["tls"], &report["messages"]["received"]),
            (&true.into(), &300.into())
        );
    }
    let output = run(&["bench", "-q", "-c", "1", &url]);
    assert_eq!(code(&output), 4, "{}", stderr(&output));
}

/// Person and page: both are written, and a later run can be compared with this one.
#[test]
fn reports_are_written_and_compared_with() {
    let served = Served::start(&[]);
    let folder = std::env::temp_dir().join(format!("wharf-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let [json, html] =
        ["old.json", "page.html"].map(|name| folder.join(name).display().to_string());
    let first =
        run(&["bench", "-c", "5", "-n", "300", "--json", &json, "--html", &html, &served.echo]);
    assert_eq!(code(&first), 0, "{}", stderr(&first));
    assert!(stdout(&first).contains("300 in "), "{}", stdout(&first));
    assert!(std::fs::read_to_string(&html).unwrap().contains("<svg"));
    let second = run(&["bench", "-q", "-c", "5", "-n", "300", "--compare", &json, &served.echo]);
    assert!(stdout(&second).contains("ratio"), "{}", stdout(&second));
    let third = run(&["bench", "-q", "--compare", &html, &served.echo]);
    assert_eq!(code(&third), 1);
    assert!(stderr(&third).contains("cannot be compared with"), "{}", stderr(&third));
    std::fs::remove_dir_all(&folder).unwrap();
}

/// CI reads the exit code: 10 if a condition holds, 0 if none does.
#[test]
fn conditions_decide_the_exit_code() {
    let served = Served::start(&[]);
    let with = |conditions: &[&str]| {
        let mut all = vec!["bench", "-q", "-c", "2", "-n", "100"];
        all.extend(conditions.iter().flat_map(|condition| ["--fail-if", condition]));
        all.push(&served.echo);
        run(&all)
    };
    let kept = with(&["errors>0", "rate<1", "p50>1h"]);
    assert_eq!((code(&kept), stderr(&kept)), (0, ""));
    let broken = with(&["errors>0", "p50<1h", "server-cpu>1s"]);
    assert_eq!(code(&broken), 10);
    assert!(stderr(&broken).contains("--fail-if p50<1h: it is "), "{}", stderr(&broken));
    // Without --pid it is not known, and what is not known was not shown.
    assert!(stderr(&broken).contains("--fail-if server-cpu>1s: nothing"), "{}", stderr(&broken));
}

/// Why there is no connection is told by the exit codes of `connect`.
#[test]
fn failures_have_the_exit_codes_of_connect() {
    let served = Served::start(&[]);
    assert_eq!(code(&run(&["bench", "-q", &served.at("/nowhere")])), 5);
    assert_eq!(code(&run(&["bench", "-q", "ws://127.0.0.1:1/"])), 3);
    for wrong in [
        vec!["--rate", "0"],
        vec!["--size", "x"],
        vec!["--fan-out", "-c", "1"],
        vec!["--fan-out", "--threads", "2"],
        vec!["--fan-out", "--size", "15"],
        vec!["--fan-out", "--connect"],
        vec!["--idle", "--rate", "5"],
        vec!["--duration", "1s", "--messages", "5"],
        vec!["--fail-if", "p99"],
        vec!["--subprotocol", "two words"],
    ] {
        let mut all = vec!["bench"];
        all.extend(&wrong);
        all.push(&served.echo);
        assert_eq!(code(&run(&all)), 2, "{wrong:?}");
    }
    assert_eq!(code(&run(&["bench", "ftp://127.0.0.1/"])), 2);
}

/// Ctrl-C ends the run; what was measured until then is told.
#[cfg(unix)]
#[test]
fn an_interrupted_run_tells_what_it_has() {
    let served = Served::start(&[]);
    let mut bench = Running::start(&["bench", "-c", "2", "-d", "1h", &served.echo]);
    // Until the first line about the measurement.
    while !bench.note().contains("p99.9") {}
    bench.signal("INT");
    let lines: Vec<String> = (0..4).map(|_| bench.line()).collect();
    assert!(lines[3].trim_start().starts_with("messages"), "{lines:?}");
    assert_eq!(bench.wait().0, 130);
}
