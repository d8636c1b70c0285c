//! What is recorded is in the file before `record` returns, whole, masked, numbered, and published.

use super::*;
use crate::model::exchange::{Body, Connection, Headers, Origin, Request, Response};
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

/// An exchange as the proxy records it: begun when its request was sent, unless it is the first of its kind.
fn happened(journal: &Journal, number: u64, status: u16) -> (bool, Ended) {
    let mut happening = Box::new(Exchange {
        connection: Some(Connection { id: 1, client: "127.0.0.1:50000".into(), request: number, tls: None }),
        started_at: Timestamp(1_000_000 * i64::try_from(number).unwrap()),
        upstream: "https://api.mypurecloud.de".into(),
        ..exchange(journal.next_id())
    });
    happening.request.target = "/x?access_token=planted-secret-2".into();
    let begun = journal.begin(&mut happening);
    let headers = Headers::of([("Retry-After", "1")]);
    happening.response = Some(Response::of(status, "", headers, Body::whole("{}")));
    (begun.is_some(), Ended { exchange: happening, begun })
}

#[test]
fn what_is_begun_early_stands_in_the_line_as_if_it_were_done_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    let journal = Journal::open(&path, Options::default()).unwrap();
    let mut reader = journal.subscribe();
    let mut begun = Vec::new();
    for number in 1..=5 {
        let (early, ended) = happened(&journal, number, 200);
        begun.push(early);
        assert!(journal.record_all(std::iter::once(ended)).missed.is_empty());
    }
    assert_eq!(begun, [false, false, true, true, true]);
    let whole: Vec<u8> =
        std::iter::from_fn(|| reader.try_recv().ok()).flat_map(|masked| line::encode(&masked)).collect();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, String::from_utf8(whole).unwrap());
    assert_eq!(text.matches("Bearer redacted-bearer-").count(), 5);
    assert!(!text.contains("planted-secret"));
}

#[test]
fn a_repetition_is_linked_whether_its_lines_were_begun_early_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    let journal = Journal::open(&path, Options::default()).unwrap();
    let mut begun = Vec::new();
    for number in 1..=6 {
        // an exchange that was not begun is followed by one that was
        let status = if matches!(number, 2 | 4) { 429 } else { 200 };
        let (early, ended) = happened(&journal, number, status);
        begun.push(early);
        drop(journal.record_all(std::iter::once(ended)));
    }
    let linked: Vec<Option<u64>> = Reader::open(&path)
        .unwrap()
        .map(|exchange| exchange.unwrap().attempt_of.map(ExchangeId::get))
        .collect();
    assert_eq!((begun[1], begun[2], begun[4]), (false, true, true));
    assert_eq!(linked, [None, None, Some(2), None, Some(4), None]);
}

#[cfg(target_os = "linux")]
#[test]
fn each_exchange_that_a_full_disk_has_no_room_for_is_told_of() {
    let journal = Journal::open(Path::new("/dev/full"), Options::default()).unwrap();
    let all = (0..3).map(|_| Box::new(exchange(journal.next_id())).into());
    let missed: Vec<u64> = journal.record_all(all).missed.iter().map(|error| error.id.get()).collect();
    assert_eq!((missed, journal.lost().to_string()), (vec![1, 2, 3], "1-3".to_owned()));
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
    assert_eq!(journal.lost().to_string(), "1-3");
}
