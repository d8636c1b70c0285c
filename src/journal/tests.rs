//! What is recorded is in the file before `record` returns, whole, masked, numbered, and published.

use super::*;
use crate::model::exchange::{Body, Headers, Origin, Request};
use crate::model::timestamp::Timestamp;
use crate::store::reader::Reader;

fn exchange(id: ExchangeId) -> Exchange {
    Exchange {
        run: "r".into(),
        started_at: Timestamp(0),
        recorder: "0.1.0".into(),
        ..Exchange::of(
            id,
            Origin::Live,
            Request::of(
                "GET",
                "/",
                Headers::of([("Authorization", "Bearer planted-secret-1")]),
                Body::default(),
            ),
        )
    }
}

#[test]
fn many_threads_record_into_one_file_and_every_line_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    let journal = Journal::open(&path, Options::default()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let id = journal.next_id();
                    journal.record(exchange(id)).unwrap();
                }
            });
        }
    });
    let mut ids: Vec<u64> = Reader::open(&path).unwrap().map(|exchange| exchange.unwrap().id.get()).collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=400).collect::<Vec<_>>());
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains("planted-secret") && text.contains("Bearer redacted-bearer-"));
    drop(journal);
    assert_eq!(Journal::open(&path, Options::default()).unwrap().next_id().get(), 401);
}

#[test]
fn subscribers_get_what_was_stored() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("r.ndjson"), Options::default()).unwrap();
    let mut reader = journal.subscribe();
    let recorded = journal.record(exchange(journal.next_id())).unwrap();
    assert!(Arc::ptr_eq(&reader.try_recv().unwrap(), &recorded));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_with_the_ids_and_the_exchange_is_shown_all_the_same() {
    let journal = Journal::open(Path::new("/dev/full"), Options::default()).unwrap();
    let mut reader = journal.subscribe();
    for _ in 0..3 {
        let error = journal.record(exchange(journal.next_id())).unwrap_err();
        assert_eq!(error.source.kind(), std::io::ErrorKind::StorageFull);
        assert!(reader.try_recv().is_ok());
    }
    assert_eq!(journal.missing().to_string(), "1-3");
}
