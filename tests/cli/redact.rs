//! `redact`, and secrets of foreign recordings that no command shows.

use crate::program::wraptap;
use crate::recordings::{exchange, recording, three, with};

#[test]
fn a_foreign_recording_is_cleaned_into_a_copy() {
    // As an older recorder might have left it: the echo stands before the line that gives the secret away.
    let clean = recording([exchange("GET", "/echo/planted-4711-xyz", 200), exchange("GET", "/", 200)]);
    let dirty = clean.replace(r#"["X-Odd","1"]"#, r#"["Authorization","Bearer planted-4711-xyz"]"#);
    let dirty = dirty.lines().rev().collect::<Vec<_>>().join("\n") + "\n{\"v\":1,\"request";
    let run = wraptap().file("old.ndjson", &dirty).args(["redact", "old.ndjson"]).run();
    assert!(!run.stdout.contains("4711"), "{}", run.stdout);
    assert_eq!(run.stdout.lines().count(), 2);
    insta::assert_snapshot!(run.stderr, @r#"
    warning: old.ndjson:3: torn: the line stops in the middle of an exchange (left out)
    2 exchanges, 3 places masked in 2 of them, 1 line left out
    "#);
}

#[test]
fn a_copy_never_replaces_a_file() {
    let args = ["redact", "old.ndjson", "-o", "old.ndjson"];
    let run = wraptap().file("old.ndjson", three()).args(args).run();
    assert!(run.stderr.starts_with("error: cannot create old.ndjson\n"), "{}", run.stderr);
    assert_eq!(run.status, 2);
}

#[test]
fn a_recording_with_secrets_is_not_shown_with_them() {
    let dirty = three().replace(r#"["X-Odd","1"]"#, r#"["Authorization","Bearer planted-4711-xyz"]"#);
    let dirty = dirty.replace("expand=x", "access_token=planted-4711-xyz");
    for args in [
        &["show", "1-3"][..],
        &["show", "1-3", "--raw"],
        &["show", "1-3", "--format", "json"],
        &["list", "--format", "json"],
    ] {
        let run = with(&dirty).args(args).run();
        assert!(run.stdout.contains("redacted-") && !run.stdout.contains("4711"), "{args:?}: {}", run.stdout);
    }
}
