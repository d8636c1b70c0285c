//! `wraptap report -o ticket.zip`: what it holds, that it is the same each time, and when there is none.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use serde_json::Value;
use wraptap::model::exchange::{Body, Headers};

use crate::program::wraptap;
use crate::recordings::{exchange, recording};

const FILES: [&str; 4] = ["exchanges.ndjson", "ticket.html", "ticket.json", "ticket.md"];

/// The files of an archive by name.
fn unpacked(bytes: Vec<u8>) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files: Vec<(String, String)> = (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect();
    files.sort();
    files
}

fn archive(folder: &Path) -> Vec<(String, String)> {
    unpacked(fs::read(folder.join("t.zip")).unwrap())
}

/// A refused exchange, and before it one that was accepted.
fn two() -> String {
    let mut accepted = exchange("POST", "/api/v9/things", 202);
    let mut refused = exchange("POST", "/api/v9/things", 400);
    for exchange in [&mut accepted, &mut refused] {
        exchange.request.headers = Headers::of([("Authorization", "Bearer correct-horse-battery")]);
    }
    accepted.request.body = Body::whole(r#"{"code":"c","firstName":"Berta"}"#);
    refused.request.body = Body::whole(r#"{"code":null,"firstName":"Ann","mail":"ann@example.org"}"#);
    let other = exchange("GET", "/api/v9/others", 200);
    recording([accepted, other, refused])
}

#[test]
fn the_archive_holds_the_ticket_in_three_formats_and_the_exchanges_it_speaks_of() {
    let (run, folder) =
        wraptap().file("r.ndjson", two()).args(["report", "-r", "r.ndjson", "-o", "t.zip"]).run_and_keep();
    assert_eq!((run.status, run.stderr.as_str()), (0, "wrote t.zip\n"));
    let files = archive(folder.path());
    assert_eq!(files.iter().map(|(name, _)| name).collect::<Vec<_>>(), FILES);
    let mut folder = folder;
    for (name, format) in [("ticket.md", "markdown"), ("ticket.html", "html"), ("ticket.json", "json")] {
        let alone = wraptap().within(folder).args(["report", "-r", "r.ndjson", "--format", format]);
        let (run, kept) = alone.run_and_keep();
        assert_eq!(files.iter().find(|(file, _)| file == name).unwrap().1, run.stdout, "{name}");
        folder = kept;
    }
    let lines: Vec<Value> = files[0].1.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().map(|line| line["id"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(lines[1]["request"]["body"], r#"{"code":null,"firstName":"[name-1]","mail":"[email-1]"}"#);
    let all: String = files.into_iter().map(|(_, text)| text).collect();
    for secret in ["Ann", "ann@", "Berta", "correct-horse"] {
        assert!(!all.contains(secret), "{secret}:\n{all}");
    }
    assert!(all.contains("Bearer redacted-bearer-"));
}

#[test]
fn an_archive_can_be_read_as_a_recording_and_is_the_same_each_time() {
    let (_, folder) =
        wraptap().file("r.ndjson", two()).args(["report", "-r", "r.ndjson", "-o", "t.zip"]).run_and_keep();
    let first = fs::read(folder.path().join("t.zip")).unwrap();
    let again = ["report", "-r", "r.ndjson", "--format", "zip", "-o", "u.bin"];
    let (run, folder) = wraptap().within(folder).args(again).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(first == fs::read(folder.path().join("u.bin")).unwrap());
    let exchanges = &archive(folder.path())[0].1;
    let run = wraptap().file("x.ndjson", exchanges).args(["report", "-r", "x.ndjson"]).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(
        run.stdout.starts_with("# 400: code is null, POST /api/v9/things (Python SDK)\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn people_are_shown_in_all_files_if_the_user_wants_it() {
    let arguments = ["report", "--include-personal", "-r", "r.ndjson", "-o", "t.zip"];
    let (_, folder) = wraptap().file("r.ndjson", two()).args(arguments).run_and_keep();
    for (name, text) in archive(folder.path()) {
        assert!(text.contains("ann@example.org") || text.contains("ann&#64;example.org"), "{name}: {text}");
    }
}

#[test]
fn several_recordings_keep_their_exchanges_apart() {
    let arguments = ["report", "a.ndjson#3", "b.ndjson#last-refused", "-o", "t.zip"];
    let (run, folder) =
        wraptap().file("a.ndjson", two()).file("b.ndjson", two()).args(arguments).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let files = archive(folder.path());
    assert_eq!(files.iter().filter(|(name, _)| name.ends_with(".ndjson")).count(), 2);
    assert_eq!(files[0].0, "exchanges-2.ndjson");
    assert_eq!((files[0].1.lines().count(), files[1].1.lines().count()), (2, 2));
}

#[test]
fn a_ticket_as_text_says_the_same_without_markup_and_never_wraps_a_name_out_of_its_mask() {
    let mut refused = exchange("POST", "/api/v9/things", 400);
    refused.request.body = Body::whole(r#"{"code":null,"firstName":"Ann Mary von der Heide"}"#);
    let mut accepted = exchange("POST", "/api/v9/things", 202);
    accepted.request.body = Body::whole(r#"{"code":"c","firstName":"Berta"}"#);
    let mut program = wraptap().file("r.ndjson", recording([accepted, refused]));
    for width in ["40", "53", "61", "100"] {
        let asked = ["report", "-r", "r.ndjson", "--format", "text"];
        let (run, folder) = program.env("COLUMNS", width).args(asked).run_and_keep();
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(run.stdout.starts_with("400: code is null, POST"), "{}", run.stdout);
        for said in [
            "\nCompared with a known-good payload\n",
            "\n  - `/code` left out\n",
            "\n    {\"code\":null,\"firstName\":\"[name-1]\"}\n",
            "\nMasked\n",
        ] {
            assert!(run.stdout.contains(said), "{width}: {said}\n{}", run.stdout);
        }
        for markup in ["\n# ", "| ---", "```", "\\_", "\\#", "&#", "\u{1b}", "Heide", "Ann"] {
            assert!(!run.stdout.contains(markup), "{width}: {markup}\n{}", run.stdout);
        }
        program = wraptap().within(folder);
    }
    let both = ["report", "1-2", "-r", "r.ndjson", "--format", "text"];
    let (run, folder) = program.args(both).run_and_keep();
    let rule = format!("\n\n{}\n\n400: code is null, POST /api/v9/things (Python SDK)\n", "-".repeat(100));
    assert!(
        run.stdout.starts_with("2 exchanges, 2 causes\n") && run.stdout.contains(&rule),
        "{}",
        run.stdout
    );
    let program = wraptap().within(folder);
    let (run, folder) = program.args(["report", "-r", "r.ndjson", "-o", "t.txt"]).run_and_keep();
    assert_eq!((run.status, run.stderr.as_str()), (0, "wrote t.txt\n"));
    let written = fs::read_to_string(folder.path().join("t.txt")).unwrap();
    assert!(
        written.starts_with("400: code is null, POST /api/v9/things (Python SDK)\n")
            && !written.contains('\u{1b}'),
        "{written}"
    );
}

#[test]
fn an_archive_goes_through_a_pipe_unharmed() {
    let program = wraptap().file("r.ndjson", two()).args(["report", "-r", "r.ndjson", "--format", "zip"]);
    let (_folder, mut command) = program.into_parts();
    let files = unpacked(command.output().unwrap().stdout);
    assert_eq!(files.iter().map(|(name, _)| name).collect::<Vec<_>>(), FILES);
}

#[test]
fn a_recording_whose_secrets_are_not_masked_gives_none_until_it_is_cleaned() {
    // the token of the accepted exchange stands in the refused one's body, where nothing shows what it is
    let foreign = two().replace("redacted-bearer-", "correct-horse-").replace("\"c\"", "\"correct-horse\"");
    let program = wraptap().file("r.ndjson", foreign).args(["report", "-r", "r.ndjson", "-o", "t.zip"]);
    let (run, folder) = program.run_and_keep();
    assert_eq!(run.status, 2, "{}", run.stderr);
    for said in [
        "error: the recording r.ndjson holds secrets\n",
        "  caused by: exchange #1 holds a secret that is not masked: bearer in request.headers.Authorization\n",
        "  hint: make a clean copy first: `wraptap redact r.ndjson -o clean.ndjson`\n",
        "  hint: then: `wraptap report -r clean.ndjson -o ticket.zip`\n",
    ] {
        assert!(run.stderr.contains(said), "{}", run.stderr);
    }
    assert!(!folder.path().join("t.zip").exists());
    let clean = ["redact", "r.ndjson", "-o", "clean.ndjson"];
    let (run, folder) = wraptap().within(folder).args(clean).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let pack = ["report", "-r", "clean.ndjson", "-o", "t.zip"];
    let (run, folder) = wraptap().within(folder).args(pack).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(archive(folder.path()).iter().all(|(_, text)| !text.contains("correct-horse")));
}

#[test]
fn a_secret_that_a_baseline_brings_in_is_found_in_the_last_look() {
    let baseline = r#"{
  "wraptap_baseline": 1,
  "operation": "POST /api/v9/things",
  "provenance": "manual",
  "source": "by hand",
  "date": "2026-11-01",
  "body": {"code": "c", "firstName": "x", "access_token": "sesame-open-123"}
}"#;
    let program = wraptap().file("r.ndjson", two()).file("recordings/baselines/thing.json", baseline);
    let (run, folder) = program.args(["report", "-r", "r.ndjson", "-o", "t.zip"]).run_and_keep();
    assert_eq!(run.status, 2, "{}\n{}", run.stderr, run.stdout);
    assert!(
        run.stderr.contains("error: ticket.json would hold a secret that is not masked: token in "),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("hint: it may come from a baseline"), "{}", run.stderr);
    assert!(!run.stderr.contains("sesame"), "{}", run.stderr);
    assert!(!folder.path().join("t.zip").exists());
}

#[test]
fn a_compressed_answer_is_read_and_its_people_are_masked() {
    let mut refused = exchange("POST", "/api/v9/things", 400);
    let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    coder.write_all(br#"{"message":"no such user bo@example.org"}"#).unwrap();
    let answer = refused.response.as_mut().unwrap();
    answer.headers = Headers::of([("Content-Type", "application/json"), ("Content-Encoding", "gzip")]);
    answer.body = Body::whole(coder.finish().unwrap());
    let program = wraptap().file("r.ndjson", recording([refused]));
    let (run, folder) = program.args(["report", "-r", "r.ndjson", "-o", "t.zip"]).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);
    for (name, text) in archive(folder.path()) {
        assert!(text.contains("no such user [email-1]"), "{name}: {text}");
        assert!(!text.contains("bo@example.org") && !text.contains("bo&#64;"), "{name}: {text}");
    }
}
