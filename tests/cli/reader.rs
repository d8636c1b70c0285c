//! What a person reads: tickets, live lines, and the commands in hints, which are run as they are printed.

use std::collections::BTreeSet;
use std::fmt::Write;

use wraptap::model::exchange::{Body, Exchange, Headers};
use wraptap::model::passage::{Failure, FailureSource};

use crate::program::wraptap;
use crate::recordings::{exchange, recording};

const ID: &str = "3d2b7a10-0000-4000-8000-00000000000";
const CODE: &str = "7fb334b0-0e9e-11e4-9191-0800200c9a66";

/// A wrap-up of a call, answered so.
fn wrapup(body: &str, status: u16) -> Exchange {
    let path = format!("/api/v2/conversations/calls/{ID}1/participants/{ID}2/communications/{ID}3/wrapup");
    let mut exchange = exchange("POST", &path, status);
    exchange.request.headers = Headers::of([("Content-Type", "application/json")]);
    exchange.request.body = Body::whole(body.to_owned());
    let answer = exchange.response.as_mut().unwrap();
    if status == 400 {
        answer.body = Body::whole(r#"{"message":"Validation failed","code":"bad.request","status":400}"#);
    } else {
        answer.body = Body::default();
    }
    exchange
}

fn with_nulls() -> Exchange {
    wrapup(&format!(r#"{{"code":"{CODE}","notes":null,"durationSeconds":120000}}"#), 400)
}

fn ticket(exchanges: impl IntoIterator<Item = Exchange>, references: &str) -> String {
    let program = wraptap().file("r.ndjson", recording(exchanges));
    let run = program.args(["report", references, "-r", "r.ndjson"]).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    run.stdout
}

/// Returns the lines before the first fold of each section.
fn above(ticket: &str) -> String {
    let mut out = String::new();
    let mut folded = false;
    for line in ticket.lines() {
        folded = folded && line != "---" || line.starts_with("<details>");
        if !folded {
            writeln!(out, "{line}").unwrap();
        }
    }
    out
}

#[test]
fn a_ticket_says_each_finding_once_in_the_table_and_once_in_the_correction() {
    let ticket = ticket([with_nulls()], "1");
    let above = above(&ticket);
    insta::assert_snapshot!("ticket_one_refusal", above);
    assert!(above.lines().count() <= 60, "{above}");
    for place in
        ["| `/notes` |", "- `/notes` left out", "| `/durationSeconds` |", "- `/durationSeconds` set to 120"]
    {
        assert_eq!(above.matches(place).count(), 1, "{place}:\n{above}");
    }
}

#[test]
fn six_findings_are_shown_in_sixty_lines() {
    let body = format!(
        r#"{{"code": "{CODE}", "name": null, "notes": "n", "tags": null, "duration_seconds": 120, "end_time": null, "provisional": null, "disable_end_time_updates": null}}"#
    );
    let ticket = ticket([wrapup(&body, 400)], "1");
    let above = above(&ticket);
    assert_eq!(above.lines().filter(|line| line.starts_with("| `/")).count(), 6, "{above}");
    assert!(above.lines().count() <= 60, "{} lines:\n{above}", above.lines().count());
}

#[test]
fn refusals_of_one_cause_are_one_section_with_a_list_and_other_causes_have_their_own() {
    let ten = ticket((0..10).map(|_| with_nulls()), "1-10");
    insta::assert_snapshot!("ticket_ten_refusals_of_one_cause", above(&ten));
    let mut forbidden = exchange("GET", "/api/v2/users", 403);
    forbidden.response.as_mut().unwrap().body = Body::whole(
        r#"{"message":"Unable to perform the requested action. You are missing the following permission(s): [directory:user:view]","code":"missing.any.permissions","status":403}"#,
    );
    let three = ticket([with_nulls(), forbidden, exchange("POST", "/api/v2/nothing/here", 404)], "1-3");
    insta::assert_snapshot!("ticket_three_causes", above(&three));
}

#[test]
fn a_failure_of_the_upstream_and_an_answer_of_the_simulator_are_said_at_the_top() {
    let mut failed = exchange("GET", "/api/v2/users/me", 200);
    failed.response = None;
    failed.error = Some(Failure { source: FailureSource::Upstream, message: "connection refused".into() });
    insta::assert_snapshot!("ticket_upstream_error", above(&ticket([failed], "1")));
    let mut simulated = with_nulls();
    let answer = simulated.response.as_mut().unwrap();
    answer.headers = Headers::of([("X-Wraptap-Simulator", "wrapup_null_member (assumption)")]);
    let ticket = ticket([simulated], "1");
    let above = above(&ticket);
    let lines: Vec<&str> = above.lines().collect();
    assert_eq!(
        lines[2],
        "> Answered by wraptap's simulator, by its rule `wrapup_null_member (assumption)`, and not by the API."
    );
    assert!(above.contains("`wraptap replay 1 -r r.ndjson --fixed --to simulator`"), "{above}");
    assert!(!ticket.contains("curl '"), "the simulator may be gone:\n{ticket}");
}

/// Replaces durations and ports, which differ each time.
fn steady(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines().filter(|line| line.starts_with(['#', ' '])) {
        let cut = line.rfind(" ms").and_then(|end| line[..end].rfind(' '));
        writeln!(out, "{}", cut.map_or(line.to_owned(), |at| format!("{} T ms", &line[..at]))).unwrap();
    }
    out
}

#[test]
fn live_lines_fit_the_terminal() {
    for columns in ["20", "80", "200"] {
        let run = wraptap().env("COLUMNS", columns).args(["demo"]).run();
        let lines = steady(run.stdout.split("\nrecording: ").next().unwrap());
        let width: usize = columns.parse().unwrap();
        assert!(
            run.stdout.lines().take(6).all(|line| !line.starts_with('#') || line.chars().count() <= width)
        );
        assert!(lines.lines().all(|line| line.chars().count() <= width), "{columns}:\n{lines}");
        if columns != "20" {
            insta::assert_snapshot!(format!("live_lines_{columns}"), lines);
        }
    }
}

/// Returns the commands in a text: between backticks, or on an indented line of their own.
fn commands(text: &str) -> BTreeSet<String> {
    let quoted = text.split('`').skip(1).step_by(2).filter(|code| code.starts_with("wraptap "));
    let alone =
        text.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| line.starts_with("wraptap "));
    // a placeholder is for the reader to fill; a recording runs until Ctrl-C
    let is_whole = |command: &&str| {
        let placeholder = |word: &str| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
        !command.split([' ', '=']).any(placeholder) && !command.starts_with("wraptap record")
    };
    quoted.chain(alone).filter(is_whole).map(str::to_owned).collect()
}

#[test]
fn every_command_in_a_hint_runs_as_it_is_printed() {
    let (demo, mut folder) = wraptap().args(["demo", "--folder", "it's here"]).run_and_keep();
    let mut left = commands(&demo.stdout);
    assert_eq!(left.len(), 3, "{}", demo.stdout);
    let name = std::fs::read_dir(folder.path().join("it's here")).unwrap();
    let name =
        name.map(|file| file.unwrap().path()).find(|path| path.extension().is_some_and(|e| e == "ndjson"));
    let recording = name.unwrap().strip_prefix(folder.path()).unwrap().display().to_string();
    let quoted = format!("'{}'", recording.replace('\'', "'\\''"));
    for command in [
        "report 4",
        "report last-refused --format text",
        "isolate 4 2",
        "show 4",
        "list",
        "replay 99",
        "diff 5",
    ] {
        left.insert(format!("wraptap {command} -r {quoted}"));
    }
    let mut done = BTreeSet::new();
    while let Some(command) = left.pop_first() {
        let program = wraptap().within(folder);
        let (kept, mut shell) = program.into_parts();
        let path = crate::program::path();
        let mut sh = std::process::Command::new("sh");
        sh.args(["-c", &command]).env_clear().env("PATH", path).current_dir(kept.path());
        let output = sh.output().unwrap();
        shell.env_clear();
        folder = kept;
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        let expected: &[i32] = if command.contains("99") { &[2] } else { &[0, 1] };
        assert!(expected.contains(&output.status.code().unwrap()), "{command}:\n{said}");
        done.insert(command);
        left.extend(commands(&said).into_iter().filter(|new| !done.contains(new)));
        assert!(done.len() < 60, "{done:#?}");
    }
    assert!(done.len() >= 12, "{done:#?}");
}

#[test]
fn a_hint_names_the_program_s_own_path_where_it_is_not_on_the_path() {
    let run = wraptap().env("PATH", "/usr/bin:/bin").args(["demo"]).run();
    let own = env!("CARGO_BIN_EXE_wraptap");
    assert!(run.stdout.contains(&format!("\n  {own} list --refused -r wraptap-demo/")), "{}", run.stdout);
}

#[test]
fn a_demo_with_an_sdk_that_is_not_there_says_what_it_needs() {
    let run = wraptap().env("PATH", "/nowhere").args(["demo", "--sdk", "python"]).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("the Python SDK is not found here"), "{}", run.stderr);
    assert!(
        run.stderr.contains("hint: it needs Python 3, and `pip install PureCloudPlatformClientV2`"),
        "{}",
        run.stderr
    );
}

#[test]
fn last_refused_never_means_a_replay() {
    let mut replayed = wrapup("{}", 400);
    replayed.origin = wraptap::model::exchange::Origin::Replay;
    let program = wraptap().file("r.ndjson", recording([with_nulls(), replayed]));
    let run = program.args(["show", "last-refused", "-r", "r.ndjson"]).run();
    assert!(run.stdout.starts_with("#1 POST conversations/calls/.../wrapup -> 400\n"), "{}", run.stdout);
}

#[test]
fn a_line_of_a_megabyte_is_shown_cut_with_its_length() {
    let body = format!(r#"{{"code":"{CODE}","notes":"{}"}}"#, "x".repeat(1_000_000));
    let program = wraptap().file("r.ndjson", recording([wrapup(&body, 400)]));
    let run = program.args(["show", "1", "-r", "r.ndjson"]).run();
    assert!(
        run.stdout.len() < 10_000 && run.stdout.contains("characters; `wraptap show --raw` prints them)")
    );
    let program = wraptap().file("r.ndjson", recording([wrapup(&body, 400)]));
    let ticket = program.args(["report", "1", "-r", "r.ndjson"]).run().stdout;
    assert!(ticket.len() < 100_000, "{} bytes", ticket.len());
}

#[test]
fn a_command_without_the_dashes_is_shown_with_them() {
    let run = wraptap().args(["record", "--region", "mypurecloud.de", "node", "app.js", "a b"]).run();
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("`wraptap record --region mypurecloud.de -- node app.js 'a b'`"),
        "{}",
        run.stderr
    );
}

#[test]
fn each_help_is_shorter_than_sixty_lines_at_80_columns() {
    for (command, _) in crate::help::all() {
        let arguments = command.iter().cloned().chain(["--help".to_owned()]);
        let run = wraptap().env("COLUMNS", "80").args(arguments).run();
        let lines = run.stdout.lines().count();
        assert!(lines < 60, "{command:?}: {lines} lines");
        assert!(run.stdout.lines().all(|line| line.chars().count() <= 80), "{command:?}:\n{}", run.stdout);
        assert!(run.stdout.contains("\nGlobal options:\n"), "{command:?}");
    }
}
