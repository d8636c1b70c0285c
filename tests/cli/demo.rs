//! `wraptap demo` and `wraptap report` on what it leaves behind: the main job as a newcomer meets it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Run, wraptap};

fn demo() -> (Run, tempfile::TempDir) {
    wraptap().args(["demo"]).run_and_keep()
}

fn left_behind(folder: &Path, extension: &str) -> PathBuf {
    let files = fs::read_dir(folder.join("wraptap-demo")).unwrap().map(|file| file.unwrap().path());
    let mut fitting: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|e| e == extension)).collect();
    assert_eq!(fitting.len(), 1, "{fitting:?}");
    fitting.remove(0)
}

fn report_json(folder: tempfile::TempDir, arguments: &[&str]) -> (Value, tempfile::TempDir) {
    let recording = left_behind(folder.path(), "ndjson").display().to_string();
    let given = ["report", "--format", "json", "--recording", &recording];
    let (run, folder) = wraptap().within(folder).args(given.iter().chain(arguments)).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);
    (serde_json::from_str(&run.stdout).unwrap(), folder)
}

#[test]
fn the_demo_names_the_findings_and_leaves_a_recording_and_a_ticket() {
    let (run, folder) = demo();
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(run.stdout.matches(" confidence): ").count(), 4, "{}", run.stdout);
    for next in [
        "  wraptap list --refused -r ",
        "  wraptap diff last-refused -r ",
        "  wraptap replay last-refused --fixed --to simulator -r ",
    ] {
        assert!(run.stdout.contains(next), "{next}:\n{}", run.stdout);
    }
    let recording = fs::read_to_string(left_behind(folder.path(), "ndjson")).unwrap();
    assert_eq!(recording.lines().count(), 7);
    assert!(!recording.contains("demo-secret"), "the login's secret stands in the recording");
    let ticket = fs::read_to_string(left_behind(folder.path(), "md")).unwrap();
    assert!(ticket.contains("Authorization: Bearer redacted-bearer-"), "{ticket}");
    let plain = ticket.replace('\\', "");
    for class in ["null_field", "type_mismatch", "unit_mismatch", "renamed_key"] {
        assert!(plain.contains(class), "{class} is not named:\n{ticket}");
    }
}

#[test]
fn a_second_demo_leaves_the_first_one_alone() {
    let (_, folder) = demo();
    let first = fs::read(left_behind(folder.path(), "ndjson")).unwrap();
    let (run, folder) = wraptap().within(folder).args(["demo"]).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let recordings: Vec<_> = fs::read_dir(folder.path().join("wraptap-demo"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "ndjson"))
        .collect();
    assert_eq!(recordings.len(), 2);
    assert!(recordings.iter().any(|path| fs::read(path).unwrap() == first));
}

#[test]
fn the_report_carries_verdict_pairing_findings_and_fix() {
    let (_, folder) = demo();
    let (document, folder) = report_json(folder, &["4"]);
    let exchange = &document["exchanges"][0];
    assert_eq!(document["schema_version"], 2);
    assert_eq!(exchange["status"], 400);
    assert_eq!(exchange["known_good"]["exchange"], 2, "{exchange:#}");
    assert_eq!(exchange["verdict"]["cause"], "payload", "{exchange:#}");
    assert_eq!(exchange["findings"][0]["class"], "null_field");
    assert_eq!(exchange["findings"][0]["candidate_path"], "/notes");
    assert!(exchange["reproduce"].as_str().unwrap().contains("$GENESYSCLOUD_ACCESS_TOKEN"), "{exchange:#}");
    let (document, _) = report_json(folder, &["last-refused"]);
    let exchange = &document["exchanges"][0];
    assert_eq!(exchange["public_operation"], false, "{exchange:#}");
    assert!(exchange["nearest"][0].as_str().unwrap().ends_with("/communications/{communicationId}/wrapup"));
}

#[test]
fn the_file_decides_the_format_and_check_the_status() {
    let (_, folder) = demo();
    let recording = left_behind(folder.path(), "ndjson").display().to_string();
    let with = |arguments: &[&str], folder| {
        let given = ["report", "--recording", &recording];
        wraptap().within(folder).args(given.iter().chain(arguments)).run_and_keep()
    };
    let (run, folder) = with(&["-o", "t.md"], folder);
    assert_eq!((run.status, run.stdout.as_str()), (0, ""));
    assert!(fs::read_to_string(folder.path().join("t.md")).unwrap().starts_with("# 400: "));
    let (run, folder) = with(&["-o", "t.json"], folder);
    assert_eq!(run.status, 0);
    serde_json::from_str::<Value>(&fs::read_to_string(folder.path().join("t.json")).unwrap()).unwrap();
    let (run, folder) = with(&["-o", "t.html", "3-7"], folder);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let page = fs::read_to_string(folder.path().join("t.html")).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.contains("/wrapUpCode/id"), "{page}");
    assert!(!page.contains("<script") && !page.contains("src=") && !page.contains("href=\"http"), "{page}");
    let (run, folder) = with(&["-o", "t.docx"], folder);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("hint: name it ticket.md"), "{}", run.stderr);
    let (run, folder) = with(&["-o", "no/such/folder/t.md"], folder);
    assert_eq!(run.status, 3, "{}", run.stderr);
    let (run, folder) = with(&["--check"], folder);
    assert_eq!(run.status, 1);
    let (run, _) = with(&["--check", "2"], folder);
    assert_eq!(run.status, 0, "{}", run.stdout);
}

#[test]
fn people_are_masked_unless_the_user_wants_them() {
    let (_, folder) = demo();
    let recording = left_behind(folder.path(), "ndjson");
    let text = fs::read_to_string(&recording).unwrap();
    fs::write(
        &recording,
        text.replace("Customer asked for a call back", "Ann called, ann.lee@example.org +49 30 1234567"),
    )
    .unwrap();
    let recording = recording.display().to_string();
    let (run, folder) =
        wraptap().within(folder).args(["report", "5", "--recording", &recording]).run_and_keep();
    assert!(!run.stdout.contains("ann.lee") && !run.stdout.contains("1234567"), "{}", run.stdout);
    assert!(run.stdout.contains("1 e-mail address as [email-1]"), "{}", run.stdout);
    let arguments = ["report", "5", "--include-personal", "--recording", &recording];
    let run = wraptap().within(folder).args(arguments).run();
    assert!(run.stdout.contains("ann.lee@example.org"), "{}", run.stdout);
}

#[test]
fn a_reference_to_nothing_says_what_there_is() {
    let (_, folder) = demo();
    let recording = left_behind(folder.path(), "ndjson").display().to_string();
    let run = wraptap().within(folder).args(["report", "99", "--recording", &recording]).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("1-7"), "{}", run.stderr);
}

#[test]
#[cfg(target_os = "linux")]
fn a_machine_without_certificates_runs_the_demo_and_an_https_upstream_says_what_is_missing() {
    let bare = || {
        wraptap()
            .file("none.pem", "")
            .file("none/x", "")
            .env("SSL_CERT_FILE", "none.pem")
            .env("SSL_CERT_DIR", "none")
    };
    let demo = bare().args(["demo"]).run();
    assert_eq!(demo.status, 0, "{}", demo.stderr);
    let record = bare().args(["record", "--upstream", "https://127.0.0.1:9", "--listen", "0"]).run();
    assert_eq!(record.status, 3, "{}", record.stderr);
    assert!(record.stderr.contains("cannot set up the verification of certificates"), "{}", record.stderr);
}
