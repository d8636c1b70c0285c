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

#[test]
fn what_came_to_its_end_together_is_stored_and_published_in_its_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    let journal = Journal::open(&path, Options::default()).unwrap();
    let mut reader = journal.subscribe();
    let mut large = exchange(journal.next_id());
    large.request.body = Body::whole(vec![b'x'; AT_ONCE]);
    let all = [exchange(journal.next_id()), large, exchange(journal.next_id())]
        .map(|exchange| Box::new(exchange).into());
    assert!(journal.record_all(all.into_iter()).missed.is_empty());
    let stored: Vec<u64> = Reader::open(&path).unwrap().map(|exchange| exchange.unwrap().id.get()).collect();
    let published: Vec<u64> =
        std::iter::from_fn(|| reader.try_recv().ok()).map(|masked| masked.exchange().id.get()).collect();
    assert_eq!((&stored, &published), (&vec![2, 1, 3], &vec![2, 1, 3]));
    assert!(journal.record_all(std::iter::empty()).missed.is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn each_exchange_that_a_full_disk_has_no_room_for_is_told_of() {
    let journal = Journal::open(Path::new("/dev/full"), Options::default()).unwrap();
    let all = (0..3).map(|_| Box::new(exchange(journal.next_id())).into());
    let missed: Vec<u64> = journal.record_all(all).missed.iter().map(|error| error.id.get()).collect();
    assert_eq!((missed, journal.missing().to_string()), (vec![1, 2, 3], "1-3".to_owned()));
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
