//! The forms of a report: they are read by people and by scripts.

use wharf_bench::{
    Asked, Connections, Counted, Held, Latency, Memory, Messages, Point, Report, SHAPE, Usage,
};

fn report() -> Report {
    let usage = |cpu_us_per_message| Usage {
        cpu_seconds: 4.5,
        cpu_us_per_message,
        cpus: 0.99,
        threads: 2,
        memory: Memory { resident: 12 << 20, private: 8 << 20 },
    };
    let held = |after: &str, per_connection| Held {
        after: after.to_owned(),
        memory: Memory { resident: 12 << 20, private: 8 << 20 },
        per_connection,
    };
    Report {
        shape: SHAPE,
        wharf: "0.0.0".to_owned(),
        plan: asked(),
        seconds: 10.0,
        messages: Messages { sent: 820_000, received: 819_990, unsent: 180_000, unanswered: 10 },
        rate: 81_999.0,
        bytes_per_second: 41_983_488.0,
        latency: Some(latency()),
        generator: usage(0.364),
        server: Some(usage(0.451)),
        memory: vec![held("start", 0.0), held("handshake", 1_432.0)],
        connections: Connections { asked: 100, opened: 100, failed: 1 },
        troubles: vec![Counted { what: "the server ended the connection".to_owned(), count: 1 }],
        timeline: [5.0, 10.0].map(|at| Point { at, rate: 81_999.0, p50: 716.0, p99: 859.0 }).into(),
    }
}

fn asked() -> Asked {
    Asked {
        url: "ws://127.0.0.1:9001/echo?<b>".to_owned(),
        load: "echo".to_owned(),
        connections: 100,
        threads: 1,
        in_flight: 1_024,
        asked_rate: Some(100_000.0),
        duration: Some(10.0),
        messages: None,
        warm_up: 0.5,
        size: "512".to_owned(),
        kind: "binary".to_owned(),
        content: "random".to_owned(),
        verify: "first".to_owned(),
        tls: false,
        deflate: false,
    }
}

fn latency() -> Latency {
    Latency {
        mean: 726.9,
        min: 450.3,
        p50: 716.3,
        p90: 767.5,
        p99: 858.6,
        p999: 1_979.4,
        max: 4_816.9,
        percentiles: vec![(0.0, 450.3), (0.5, 716.3), (0.9, 767.5), (0.99, 858.6), (1.0, 4_816.9)],
    }
}

/// Scripts depend on each field: a change of meaning changes `shape`.
#[test]
fn json_has_its_shape() {
    insta::assert_snapshot!(report().to_json());
}

/// What was written can be compared with.
#[test]
fn json_comes_back_and_other_shapes_are_refused() {
    let text = report().to_json();
    assert_eq!(Report::from_json(&text), Ok(report()));
    let newer = text.replacen("\"shape\": 1", "\"shape\": 2", 1);
    assert!(Report::from_json(&newer).unwrap_err().contains("shape is 2"));
    assert!(Report::from_json("{}").is_err());
}

/// A rate that was not reached and a connection that broke stand below the figures.
#[test]
fn text_is_for_people() {
    insta::assert_snapshot!(report().to_text());
}

/// Which is better depends on the figure, and small differences are noise.
#[test]
fn a_comparison_tells_which_is_better() {
    let (old, mut new) = (report(), report());
    new.rate *= 1.5;
    new.latency.as_mut().unwrap().p99 *= 2.0;
    new.latency.as_mut().unwrap().p50 *= 1.04;
    new.server.as_mut().unwrap().cpu_us_per_message *= 0.5;
    insta::assert_snapshot!(new.compared_with(&old));
    new.plan.connections = 7;
    assert!(new.compared_with(&old).contains("not asked for the same"));
}

/// The page fetches nothing, and shows what a stranger wrote.
#[test]
fn a_page_stands_alone() {
    let page = report().to_html();
    assert_eq!(page.matches("<svg").count(), 3);
    assert!(page.contains("echo?&lt;b&gt;") && !page.contains("?<b>"));
    for word in ["src=", "href=", "@import", "url(", "<script", "http"] {
        assert!(!page.contains(word), "{word}");
    }
    for word in ["prefers-color-scheme:dark", "width=device-width", "82.0 k"] {
        assert!(page.contains(word), "{word}");
    }
}
