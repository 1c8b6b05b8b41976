//! `docs/observability.md` says what there is.

use crate::{
    recorder::{Known, Recorder},
    scenes::{compressed_talk, drive_for, measured_round_trip, nonsense_on_the_wire, stuck_server},
};
use std::{collections::BTreeMap, time::Duration};
use wharf::{Acceptor, Client, describe_metrics};

const GUIDE: &str = include_str!("../../../../docs/observability.md");

/// The first table of the guide.
fn documented() -> BTreeMap<String, Known> {
    let rows = GUIDE.lines().skip_while(|line| !line.starts_with("| name |")).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let row = |line: &'static str| {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let [_, name, kind, unit, labels, ..] = cells[..] else { panic!("{line}") };
        let bare = |cell: &str| cell.trim_matches('`').to_owned();
        let labels = labels.split(", ").map(bare).collect();
        (bare(name), Known { kind, unit, labels })
    };
    rows.map(row).collect()
}

/// Every metric is told in a run in which everything happens, and is as the guide says: no more, no less.
#[tokio::test(start_paused = true)]
async fn the_guide_lists_what_is_told() {
    let recorder = Recorder::install();
    describe_metrics();
    everything().await;
    assert_eq!(recorder.known(), documented());
}

/// So are the values of labels.
#[tokio::test(start_paused = true)]
async fn the_guide_lists_the_values_of_labels() {
    let recorder = Recorder::install();
    everything().await;
    let series = recorder.values();
    let labels = series.keys().filter_map(|series| series.split_once('{'));
    let labels = labels.flat_map(|(_, labels)| labels.trim_end_matches('}').split(','));
    for (_, value) in labels.filter_map(|label| label.split_once('=')) {
        assert!(GUIDE.contains(&format!("`{value}`")), "{value}");
    }
}

async fn everything() {
    compressed_talk().await;
    measured_round_trip().await;
    nonsense_on_the_wire().await;
    let (mut server, _peer) = stuck_server();
    server.try_send(vec![0; 1000]).unwrap();
    drive_for(&mut server, Duration::from_secs(7)).await;
    waiting_handshake().await;
    let mut lost = Client::default().reconnecting("no URL").build();
    assert!(lost.next().await.is_some());
}

/// One handshake is under way, and there may be one.
async fn waiting_handshake() {
    let acceptor = Acceptor::builder().handshakes(1).build();
    let (_near, first) = tokio::io::duplex(64);
    let (_other, second) = tokio::io::duplex(64);
    let (first, second) = tokio::join!(acceptor.accept(first), acceptor.accept(second));
    assert!(first.is_err() && second.is_err(), "both ask for nothing");
}
