//! What is recorded is in the file before `record` returns, whole, masked, numbered, and published.

use super::*;
use crate::model::exchange::{Body, Connection, Headers, Response};
use crate::model::testing::ExchangeBuilder;
use crate::model::timestamp::Timestamp;
use crate::store::recording::Recording;

fn exchange(id: ExchangeId) -> Exchange {
    let planted = [("Authorization", "Bearer planted-secret-1")];
    ExchangeBuilder::new("GET", "/").id(id.get()).headers(planted).without_response().build()
}

#[test]
fn many_threads_record_into_one_file_and_every_line_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    let journal = Journal::open(&path, JournalOptions::default()).unwrap();
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
    let mut ids: Vec<u64> =
        Recording::open(&path).unwrap().map(|exchange| exchange.unwrap().id.get()).collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=400).collect::<Vec<_>>());
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains("planted-secret") && text.contains("Bearer redacted-bearer-"));
    drop(journal);
    assert_eq!(Journal::open(&path, JournalOptions::default()).unwrap().next_id().get(), 401);
}

#[test]
fn subscribers_get_what_was_stored() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("r.ndjson"), JournalOptions::default()).unwrap();
    let mut reader = journal.subscribe();
    let recorded = journal.record(exchange(journal.next_id())).unwrap();
    assert!(Arc::ptr_eq(&reader.try_recv().unwrap(), &recorded));
}

#[test]
fn what_came_to_its_end_together_is_stored_and_published_in_its_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    let journal = Journal::open(&path, JournalOptions::default()).unwrap();
    let mut reader = journal.subscribe();
    let mut large = exchange(journal.next_id());
    large.request.body = Body::whole(vec![b'x'; AT_ONCE]);
    let all = [exchange(journal.next_id()), large, exchange(journal.next_id())].map(Box::new);
    assert!(journal.record_all(all.into_iter()).missed.is_empty());
    let stored: Vec<u64> =
        Recording::open(&path).unwrap().map(|exchange| exchange.unwrap().id.get()).collect();
    let published: Vec<u64> =
        std::iter::from_fn(|| reader.try_recv().ok()).map(|masked| masked.exchange().id.get()).collect();
    assert_eq!((&stored, &published), (&vec![2, 1, 3], &vec![2, 1, 3]));
    assert!(journal.record_all(std::iter::empty()).missed.is_empty());
}

/// Clients that repeat, log in and change, as one recorder sees them.
fn traffic(journal: &Journal) -> impl Iterator<Item = Box<Exchange>> + '_ {
    (1..=30).map(|number: u64| {
        let (client, turn) = (number % 3, number / 3);
        let mut exchange = exchange(journal.next_id());
        exchange.run = "r".into();
        exchange.connection = Some(Connection {
            id: client,
            client: format!("127.0.0.1:5000{client}"),
            request: turn,
            tls: None,
        });
        exchange.started_at = Timestamp(1_000_000 * i64::try_from(number).unwrap());
        exchange.request.target = format!("/x?access_token=planted-secret-{}", turn % 4).as_str().into();
        let headers = Headers::of([("Retry-After", "1"), ("Set-Cookie", "sid=planted-secret-9")]);
        let status = if matches!(turn, 3 | 6) { 429 } else { 200 };
        exchange.response = Some(Response::of(status, "", headers, Body::whole("{}")));
        Box::new(exchange)
    })
}

#[test]
fn the_fast_path_changes_nothing_in_a_recording() {
    let folder = tempfile::tempdir().unwrap();
    let texts = [FastPath::On, FastPath::Off].map(|fast_path| {
        let path = folder.path().join(format!("{fast_path:?}.ndjson"));
        let journal =
            Journal::open(&path, JournalOptions { fast_path, ..JournalOptions::default() }).unwrap();
        for exchange in traffic(&journal) {
            assert!(journal.record_all(std::iter::once(exchange)).missed.is_empty());
        }
        // the tags of secrets differ from run to run
        let text = std::fs::read_to_string(&path).unwrap();
        let mut pieces = text.split("redacted-");
        let mut all = pieces.next().unwrap().to_owned();
        let mut tags: Vec<&str> = Vec::new();
        for piece in pieces {
            let end = piece.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap();
            let known = tags.iter().position(|tag| *tag == &piece[..end]);
            let number = known.unwrap_or(tags.len());
            tags.extend(known.is_none().then_some(&piece[..end]));
            all += &format!("mask {number}{}", &piece[end..]);
        }
        all
    });
    assert_eq!(texts[0], texts[1]);
    assert!(!texts[0].contains("planted-secret") && texts[0].contains("\"attempt_of\":"));
}

#[cfg(target_os = "linux")]
#[test]
fn each_exchange_that_a_full_disk_has_no_room_for_is_named() {
    let journal = Journal::open(Path::new("/dev/full"), JournalOptions::default()).unwrap();
    let all = (0..3).map(|_| Box::new(exchange(journal.next_id())));
    let missed: Vec<u64> = journal.record_all(all).missed.iter().map(|error| error.id.get()).collect();
    assert_eq!((missed, journal.lost().to_string()), (vec![1, 2, 3], "1-3".to_owned()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported_with_the_ids_and_the_exchange_is_shown_all_the_same() {
    let journal = Journal::open(Path::new("/dev/full"), JournalOptions::default()).unwrap();
    let mut reader = journal.subscribe();
    for _ in 0..3 {
        let error = journal.record(exchange(journal.next_id())).unwrap_err();
        assert_eq!(error.source.kind(), std::io::ErrorKind::StorageFull);
        assert!(reader.try_recv().is_ok());
    }
    assert_eq!(journal.lost().to_string(), "1-3");
}
