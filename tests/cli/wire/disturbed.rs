//! A recording that others change while it grows: what that costs is named, and not counted as recorded.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::wire::recorder::{Ended, Recorder, exchanges};
use crate::wire::upstream::Upstream;

/// Records two exchanges, has `disturb` change the file, and records a third one.
fn disturbed(disturb: impl FnOnce(&Path)) -> Ended {
    let upstream = Upstream::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    let recorder = Recorder::to(&upstream.url());
    recorder.get("/1");
    recorder.get("/2");
    disturb(&recorder.path());
    recorder.get("/3");
    recorder.end()
}

#[test]
fn a_deleted_or_replaced_recording_is_begun_again_and_what_was_in_it_is_named() {
    let deleted = disturbed(|path| fs::remove_file(path).unwrap());
    assert!(deleted.said.contains("was deleted or moved away while"), "{}", deleted.said);
    let replaced = disturbed(|path| {
        fs::write(path.with_extension("new"), "").unwrap();
        fs::rename(path.with_extension("new"), path).unwrap();
    });
    assert!(replaced.said.contains("was replaced by another file while"), "{}", replaced.said);
    for ended in [deleted, replaced] {
        assert!(ended.said.contains("1-2 are NOT in it any more"), "{}", ended.said);
        assert!(ended.said.contains("recorded 1 exchange,"), "{}", ended.said);
        assert!(ended.said.contains("NOT in r.ndjson: 2 exchanges (#1, #2)"), "{}", ended.said);
        assert_eq!(ended.status, 3);
        assert_eq!(exchanges(&ended.folder.path().join("r.ndjson")).len(), 1);
    }
}

#[test]
fn a_copy_in_its_place_costs_nothing() {
    let ended = disturbed(|path| {
        fs::copy(path, path.with_extension("new")).unwrap();
        fs::rename(path.with_extension("new"), path).unwrap();
    });
    assert!(ended.said.contains("was replaced by another file while"), "{}", ended.said);
    assert!(ended.said.contains("recorded 3 exchanges,"), "{}", ended.said);
    assert_eq!((ended.status, exchanges(&ended.folder.path().join("r.ndjson")).len()), (0, 3));
}

#[test]
fn a_shortened_recording_goes_on_with_a_line_of_its_own() {
    let ended = disturbed(|path| {
        let file = fs::OpenOptions::new().write(true).open(path).unwrap();
        file.set_len(file.metadata().unwrap().len() - 20).unwrap();
    });
    assert!(
        ended.said.contains("was shortened while it was being recorded into: 2 are NOT"),
        "{}",
        ended.said
    );
    assert_eq!(ended.status, 3);
    let text = fs::read_to_string(ended.folder.path().join("r.ndjson")).unwrap();
    assert_eq!(text.lines().count(), 3);
    assert!(text.lines().last().unwrap().contains("\"target\":\"/3\""));
}

#[test]
fn what_others_write_into_it_is_named_and_spoils_no_line() {
    let ended = disturbed(|path| {
        fs::OpenOptions::new().append(true).open(path).unwrap().write_all(b"half a line").unwrap();
    });
    assert!(ended.said.contains("was written into by another program"), "{}", ended.said);
    assert!(ended.said.contains("recorded 3 exchanges,"), "{}", ended.said);
    let text = fs::read_to_string(ended.folder.path().join("r.ndjson")).unwrap();
    assert_eq!(text.lines().nth(2), Some("half a line"));
    assert!(text.lines().nth(3).unwrap().contains("\"target\":\"/3\""));
    assert_eq!(ended.status, 0);
}

#[test]
fn what_happens_after_the_last_exchange_is_noticed_at_the_end() {
    let upstream = Upstream::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    let recorder = Recorder::to(&upstream.url());
    recorder.get("/1");
    fs::write(recorder.path(), "").unwrap();
    let ended = recorder.end();
    assert!(ended.said.contains("recorded 0 exchanges,"), "{}", ended.said);
    assert_eq!(ended.status, 3);
}
