//! `wraptap check`: a gate for pipelines, as a user and as a pipeline see it.

use wraptap::model::exchange::{Body, Exchange, Headers, Sdk};

use crate::program::{Program, Run, wraptap};
use crate::recordings::{exchange, recording};
use crate::server::Server;

const PATH: &str = "/api/v2/own/7fb334b0-0e9e-11e4-9191-0800200c9a66/thing";
const GOOD: &str = r#"{"code":"code 1","notes":"some words"}"#;
const BASELINE: &str = r#"{"wraptap_baseline":1,"operation":"PUT /api/v2/own/{id}/thing","provenance":"manual",
    "source":"the team","date":"2026-11-20","body":{"code":"code 0","notes":"good words"}}"#;

fn sent(sdk: &str, body: &str) -> Exchange {
    put(PATH, sdk, body)
}

fn put(target: &str, sdk: &str, body: &str) -> Exchange {
    let mut exchange = exchange("PUT", target, 400);
    exchange.sdk = Some(Sdk { name: sdk.to_owned(), version: Some("1.2".to_owned()), marks: Vec::new() });
    exchange.request.headers = Headers::of([("Content-Type", "application/json")]);
    exchange.request.body = Body::whole(body.to_owned());
    exchange
}

/// A folder with the baseline, and with the recording `r.ndjson`.
fn with(exchanges: impl IntoIterator<Item = Exchange>) -> Program {
    wraptap()
        .file("recordings/baselines/thing.json", BASELINE)
        .file("r.ndjson", recording(exchanges))
        .args(["check"])
}

fn broken() -> [Exchange; 4] {
    [
        sent("java", GOOD),
        sent("java", r#"{"code":null,"notes":"some words"}"#),
        sent("java", r#"{"code":null,"notes":"other words"}"#),
        sent("python", r#"{"code":"code 2","notes":"some words"}"#),
    ]
}

fn parsed(run: &Run) -> serde_json::Value {
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn a_run_that_sends_what_is_known_to_be_good_passes() {
    let login = exchange("POST", "/oauth/token", 200);
    let run = with([login, exchange("GET", PATH, 200), sent("java", GOOD)]).args(["r.ndjson"]).run();
    assert_eq!((run.status, &*run.stderr), (0, ""));
    insta::assert_snapshot!(run.stdout, @r"
    PUT /api/v2/own/{id}/thing
      java: 1 request compared, none differs

    pass: of 1 compared request none differs
    ");
}

#[test]
fn a_broken_run_fails_and_tells_each_difference_once() {
    let run = with(broken()).args(["r.ndjson"]).run();
    assert_eq!((run.status, &*run.stderr), (1, ""));
    insta::assert_snapshot!(run.stdout, @r"
    PUT /api/v2/own/{id}/thing
      java: 3 requests compared, 2 differ
        2 of 3 requests, against baseline `thing` (manual: the team (2026-11-20))
          error[null_field]: `/code` is null; the known-good body has a string
            help: set `code` to a value of type string
          first: r.ndjson#2 (java 1.2, 400)
          to see it: wraptap show r.ndjson#2
      python: 1 request compared, none differs

    fail: of 4 compared requests 2 differ
    ");
}

#[test]
fn the_hint_takes_the_difference_over_and_the_next_check_passes() {
    let mut accepted = sent("java", r#"{"code":5,"notes":"some words"}"#);
    accepted.response.as_mut().unwrap().status = 200;
    let (checked, folder) = with([accepted]).args(["r.ndjson"]).run_and_keep();
    assert!(
        checked.stdout.contains("if it is right: wraptap baseline accept r.ndjson#1\n"),
        "{}",
        checked.stdout
    );
    let (accepted, folder) =
        wraptap().within(folder).args(["baseline", "accept", "r.ndjson#1", "/code"]).run_and_keep();
    assert_eq!(accepted.status, 0, "{}", accepted.stderr);
    let (again, _folder) = wraptap().within(folder).args(["check", "r.ndjson"]).run_and_keep();
    assert_eq!(again.status, 0, "{}", again.stdout);
}

#[test]
fn junit_has_a_case_for_each_operation_and_client_and_names_the_pointer() {
    let mut exchanges = broken().to_vec();
    exchanges.push(put("/api/v2/unheard", "go", "{}"));
    let run = with(exchanges).args(["r.ndjson", "--format", "junit"]).run();
    assert_eq!(run.status, 1);
    insta::assert_snapshot!(run.stdout, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="wraptap check" tests="3" failures="1" errors="0" skipped="1">
    <testsuite name="wraptap check" tests="3" failures="1" errors="0" skipped="1">
    <testcase classname="PUT /api/v2/own/{id}/thing" name="java"><failure type="null_field" message="`/code` is null; the known-good body has a string">2 of 3 requests, against baseline `thing` (manual: the team (2026-11-20))
    first: r.ndjson#2 (java 1.2, 400)
      error[null_field]: `/code` is null; the known-good body has a string
        help: set `code` to a value of type string
    </failure></testcase>
    <testcase classname="PUT /api/v2/own/{id}/thing" name="python"></testcase>
    <testcase classname="PUT /api/v2/unheard" name="go"><skipped message="r.ndjson#5 (go 1.2, 400): no baseline of this operation"/></testcase>
    </testsuite>
    </testsuites>
    "#);
}

#[test]
fn gitlab_gets_one_violation_for_each_finding_with_a_fingerprint_that_a_second_run_repeats() {
    let report = |exchanges: Vec<Exchange>, strict: &[&str]| {
        let run = with(exchanges).args(["r.ndjson", "--format", "gitlab"]).args(strict).run();
        assert_eq!(run.status, 1);
        parsed(&run)
    };
    let first = report(broken().to_vec(), &[]);
    assert_eq!(first.as_array().map(Vec::len), Some(1));
    insta::assert_snapshot!(format!("{first:#}"), @r#"
    [
      {
        "description": "PUT /api/v2/own/{id}/thing, java: `/code` is null; the known-good body has a string; set `code` to a value of type string. First: r.ndjson#2 (java 1.2, 400)",
        "check_name": "null_field",
        "fingerprint": "null_field java PUT /api/v2/own/{id}/thing /code>/code",
        "severity": "major",
        "location": {
          "path": "r.ndjson",
          "lines": {
            "begin": 2
          }
        }
      }
    ]
    "#);
    // the same difference, later in another run
    let mut moved = vec![sent("java", GOOD)];
    moved.extend(broken());
    let again = report(moved, &[]);
    assert_eq!(again[0]["fingerprint"], first[0]["fingerprint"]);
    assert_eq!(again[0]["location"]["lines"]["begin"], 3);
}

#[test]
fn json_counts_and_names_places_and_quotes_no_values() {
    let secretive = sent("java", r#"{"code":["+49 30 1234567"],"notes":"some words"}"#);
    let run = with([secretive]).args(["r.ndjson", "--format", "json"]).run();
    let document = parsed(&run);
    assert_eq!((run.status, document["schema_version"].as_u64()), (1, Some(1)));
    assert_eq!((&document["result"], &document["compared"]), (&"fail".into(), &1.into()));
    let deviation = &document["groups"][0]["deviations"][0];
    assert_eq!(deviation["first"]["exchange"], 1);
    assert_eq!(deviation["findings"][0]["candidate_path"], "/code");
    assert!(!run.stdout.contains("1234567"), "{}", run.stdout);
}

#[test]
fn several_recordings_are_one_run_and_bad_lines_are_named_and_skipped() {
    let run = with([sent("java", GOOD)])
        .file("dir/two.ndjson", format!("garbage\n{}", recording([sent("java", r#"{"code":"code 1"}"#)])))
        .args(["r.ndjson", "dir/two.ndjson"])
        .run();
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("java: 2 requests compared, 1 differs"), "{}", run.stdout);
    assert!(run.stdout.contains("`/notes` is missing"), "{}", run.stdout);
    assert!(run.stdout.contains("wraptap show dir/two.ndjson#1\n"), "{}", run.stdout);
    assert!(run.stdout.ends_with("1 differs; 1 line unreadable and skipped\n"), "{}", run.stdout);
    assert!(run.stderr.starts_with("warning: dir/two.ndjson:1: not a wraptap exchange"), "{}", run.stderr);
}

#[test]
fn warnings_count_only_when_they_are_to() {
    let extra = || [sent("java", r#"{"code":"code 1","notes":"some words","more":1}"#)];
    let lenient = with(extra()).args(["r.ndjson"]).run();
    assert_eq!(lenient.status, 0, "{}", lenient.stdout);
    assert!(lenient.stdout.contains("warning[extra_field]: `/more`"), "{}", lenient.stdout);
    let lenient = with(extra()).args(["r.ndjson", "--format", "junit"]).run().stdout;
    assert!(
        lenient.contains("failures=\"0\"") && lenient.contains("<system-out>1 of 1 request"),
        "{lenient}"
    );
    let strict = with(extra()).args(["r.ndjson", "--strict", "--format", "junit"]).run();
    assert_eq!(strict.status, 1);
    assert!(strict.stdout.contains("<failure type=\"extra_field\""), "{}", strict.stdout);
}

#[test]
fn without_a_baseline_nothing_is_compared_and_that_is_said() {
    // a recorded acceptance is no yardstick for the run it stands in
    let mut accepted = put("/api/v2/unheard", "java", GOOD);
    accepted.response.as_mut().unwrap().status = 200;
    let exchanges = || [accepted.clone(), put("/api/v2/unheard", "java", "{}")];
    let run = with(exchanges()).args(["r.ndjson"]).run();
    assert_eq!(run.status, 0);
    insta::assert_snapshot!(run.stdout, @r"
    not checked
      PUT /api/v2/unheard
        2 requests, first r.ndjson#1 (java 1.2, 200): no baseline of this operation
        if it is right: wraptap baseline add r.ndjson#1

    unknown: no request could be compared; 2 requests not checked
    ");
    assert!(run.stderr.starts_with("warning: nothing was compared"), "{}", run.stderr);
    assert_eq!(with(exchanges()).args(["r.ndjson", "--strict"]).run().status, 1);
    assert_eq!(with([]).args(["r.ndjson"]).run().status, 0);
}

#[test]
fn the_api_s_description_serves_where_the_folder_has_no_baseline() {
    let path = "/api/v2/conversations/calls/3d2b7a10-0000-4000-8000-000000000001/participants/\
                3d2b7a10-0000-4000-8000-000000000002";
    let mut odd = put(path, "javascript", r#"{"wrapup":{"code":["x"]}}"#);
    odd.request.method = "PATCH".into();
    let run = with([odd]).args(["r.ndjson"]).run();
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("against the API's description"), "{}", run.stdout);
    assert!(run.stdout.contains("]: `/wrapup/code`"), "{}", run.stdout);
    let mut held = put(path, "javascript", r#"{"held":true}"#);
    held.request.method = "PATCH".into();
    let run = with([held]).args(["r.ndjson"]).run();
    assert!(run.stdout.ends_with("pass: of 1 compared request none differs\n"), "{}", run.stdout);
}

#[test]
fn another_folder_of_baselines_stands_in_the_hints() {
    let accepted = broken().map(|mut exchange| {
        exchange.response.as_mut().unwrap().status = 200;
        exchange
    });
    let run = wraptap()
        .file("my good/thing.json", BASELINE)
        .file("r.ndjson", recording(accepted))
        .args(["check", "r.ndjson", "--baselines", "my good"])
        .run();
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("accept r.ndjson#2 --baselines 'my good'\n"), "{}", run.stdout);
}

#[test]
fn a_recording_from_stdin_has_no_hints_that_would_read_it_again() {
    let run = with([]).args(["-"]).stdin(recording(broken())).run();
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("first: -#2") && !run.stdout.contains("wraptap show"), "{}", run.stdout);
}

#[test]
fn on_github_there_are_annotations_and_a_summary_is_added() {
    let (run, folder) = with(broken())
        .file("summary.md", "before\n")
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", "summary.md")
        .args(["r.ndjson", "--format", "junit", "-o", "junit.xml"])
        .run_and_keep();
    assert_eq!((run.status, &*run.stderr), (1, "wrote junit.xml\n"));
    assert_eq!(
        run.stdout,
        "::error title=java%3A PUT /api/v2/own/{id}/thing::error[null_field]: `/code` is null; the known-good body has a string%0A  \
         help: set `code` to a value of type string%0A2 of 3 requests, against baseline `thing` (manual: the team \
         (2026-11-20))%0Afirst: r.ndjson#2 (java 1.2, 400)\n"
    );
    let junit = std::fs::read_to_string(folder.path().join("junit.xml")).unwrap();
    assert!(junit.starts_with("<?xml"), "{junit}");
    let summary = std::fs::read_to_string(folder.path().join("summary.md")).unwrap();
    insta::assert_snapshot!(summary, @r"
    before
    ### wraptap check

    fail: of 4 compared requests 2 differ

    | operation | client | compared | differ |
    | --- | --- | ---: | ---: |
    | `PUT /api/v2/own/{id}/thing` | `java` | 3 | 2 |
    | `PUT /api/v2/own/{id}/thing` | `python` | 1 | 0 |

    **java, `PUT /api/v2/own/{id}/thing`**: 2 of 3 requests, against baseline `thing` (manual: the team (2026-11-20))

    - error `null_field`: `/code` is null; the known-good body has a string; set `code` to a value of type string

    First: r.ndjson\#2 (java 1.2, 400).
    ");
}

#[test]
fn on_github_stdout_stays_whole_for_the_program_that_reads_it() {
    let run = with(broken()).env("GITHUB_ACTIONS", "true").args(["r.ndjson", "--format", "json"]).run();
    assert_eq!((run.status, &parsed(&run)["result"]), (1, &"fail".into()));
    let elsewhere = with(broken()).env("GITHUB_ACTIONS", "false").args(["r.ndjson"]).run();
    assert!(!elsewhere.stdout.contains("::error"), "{}", elsewhere.stdout);
    let asked = with(broken()).args(["r.ndjson", "--format", "github"]).run();
    assert_eq!(asked.stdout.lines().count(), 1, "{}", asked.stdout);
}

#[test]
fn hostile_names_stay_text_everywhere() {
    let sdk = "</testcase>\u{1b}[2J\n::error::x|##[add-mask]y";
    let key = "<script>&\\u0000\\ufffe%0A";
    let hostile = || {
        let mut odd = sent(sdk, &format!(r#"{{"code":"code 1","notes":"some words","{key}":null}}"#));
        odd.request.method = "PUT".into();
        [odd]
    };
    let render = |format: &str, github: &str| {
        with(hostile()).env("GITHUB_ACTIONS", github).args(["r.ndjson", "--format", format]).run().stdout
    };
    let plain = |text: &str| !text.chars().any(|c| c.is_control() && c != '\n');
    for format in ["text", "json", "junit", "github", "gitlab"] {
        let text = render(format, "true");
        assert!(plain(&text), "{format}: {text}");
        assert!(!text.contains("\u{fffe}") || format != "junit", "{format}: {text}");
    }
    let junit = render("junit", "false");
    assert!(junit.contains("name=\"&lt;/testcase&gt;\\x1b[2J\\n::error::x|##[add-mask]y\""), "{junit}");
    assert!(!junit.contains("<script"), "{junit}");
    for format in ["text", "github"] {
        let log = render(format, "true");
        let commands: Vec<&str> = log.lines().filter(|line| line.trim_start().starts_with("::")).collect();
        assert!(commands.len() == 1 && commands[0].starts_with("::error title="), "{log}");
        assert!(!log.contains("##["), "{log}");
    }
}

#[test]
fn what_cannot_be_read_or_written_is_said_with_a_way_on() {
    let missing = with([]).args(["none.ndjson"]).run();
    assert_eq!(missing.status, 2);
    assert!(missing.stderr.contains("cannot open the recording none.ndjson"), "{}", missing.stderr);
    let folder = with([]).args(["r.ndjson", "--baselines", "nowhere"]).run();
    assert_eq!(folder.status, 2);
    assert!(folder.stderr.starts_with("error: there is no folder nowhere\n  hint: "), "{}", folder.stderr);
    let broken = with([]).file("recordings/baselines/bad.json", "{}").args(["r.ndjson"]).run();
    assert_eq!(broken.status, 2);
    assert!(broken.stderr.contains("bad.json is not a baseline\n  caused by: "), "{}", broken.stderr);
    let twice = with(broken_once()).args(["r.ndjson", "r.ndjson"]).run();
    assert_eq!(twice.status, 2);
    assert!(
        twice
            .stderr
            .contains("the recording r.ndjson is named twice, so its exchanges would count twice\n  hint: "),
        "{}",
        twice.stderr
    );
    let unwritable = with(broken_once()).args(["r.ndjson", "-o", "no/such/folder.xml"]).run();
    assert_eq!(unwritable.status, 3);
    assert!(
        unwritable.stderr.contains("cannot write no/such/folder.xml\n  caused by: "),
        "{}",
        unwritable.stderr
    );
    let none = wraptap().args(["check"]).run();
    assert_eq!(none.status, 2);
    assert!(none.stderr.contains("hint: create one with"), "{}", none.stderr);
}

/// The recipe of the README: the tests of a program run through `record -- …` before and after its SDK was upgraded.
#[test]
fn what_an_sdk_upgrade_changed_is_caught_by_recording_the_tests_and_checking() {
    let api = Server::start(wraptap().args(["simulate", "--listen", "127.0.0.1:0"]));
    let upstream = format!("http://{}", api.address);
    let mut folder = with([]).run_and_keep().1;
    let runs = [("before.ndjson", GOOD, 0), ("after.ndjson", r#"{"code":"code 1","notes":null}"#, 1)];
    for (name, body, status) in runs {
        let sdk = recording([sent("java", body)]);
        let tests = [env!("CARGO_BIN_EXE_wraptap"), "replay", "sdk.ndjson#1", "--to", "{url}"];
        let (recorded, kept) = wraptap()
            .within(folder)
            .file("sdk.ndjson", sdk)
            .args(["record", "--upstream", &upstream, "--listen", "127.0.0.1:0", "-w"])
            .args([name, "--"])
            .args(tests)
            .run_and_keep();
        assert!(recorded.stderr.contains("recorded 1 exchange"), "{}", recorded.stderr);
        let (check, kept) = wraptap().within(kept).args(["check", name]).run_and_keep();
        assert_eq!(check.status, status, "{}{}", check.stdout, check.stderr);
        assert!(check.stdout.contains("1 request compared"), "{}", check.stdout);
        folder = kept;
    }
}

fn broken_once() -> [Exchange; 1] {
    [sent("java", r#"{"code":null,"notes":"some words"}"#)]
}

/// The step of `action.yml` that checks, in the folder of `program`; returns its status, stderr, and output.
#[cfg(unix)]
fn action(program: Program, recordings: &str, baselines: &str) -> (Option<i32>, String, String) {
    let (folder, _) = program.file("bin/none", "").file("output", "").into_parts();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_wraptap"), folder.path().join("bin/wraptap")).unwrap();
    let path = format!("{}:{}", folder.path().join("bin").display(), std::env::var("PATH").unwrap());
    let done = std::process::Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/action/check"))
        .current_dir(folder.path())
        .env("PATH", path)
        .envs([("RECORDINGS", recordings), ("BASELINES", baselines), ("STRICT", "false"), ("JUNIT", "j.xml")])
        .envs([
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_OUTPUT", "output"),
            ("GITHUB_STEP_SUMMARY", "summary.md"),
        ])
        .output()
        .unwrap();
    let output = std::fs::read_to_string(folder.path().join("output")).unwrap();
    let summary = std::fs::read_to_string(folder.path().join("summary.md")).unwrap_or_default();
    assert_eq!(summary.is_empty(), !folder.path().join("j.xml").exists());
    (done.status.code(), String::from_utf8(done.stderr).unwrap(), output)
}

#[test]
#[cfg(unix)]
fn the_step_of_the_action_ends_as_the_check_does_and_names_what_is_missing() {
    let folder = "recordings/baselines";
    let (status, stderr, output) = action(with(broken()), "*.ndjson", folder);
    assert_eq!((status, &*output), (Some(1), "result=fail\n"), "{stderr}");
    let (status, stderr, output) = action(with([sent("java", GOOD)]), "none/*.ndjson r.ndjson", folder);
    assert_eq!((status, &*output), (Some(0), "result=pass\n"), "{stderr}");
    let (status, stderr, output) = action(with([]), "none/*.ndjson", folder);
    assert_eq!((status, &*output), (Some(2), ""));
    assert_eq!(stderr, "error: no recording matches none/*.ndjson\n");
    let (status, stderr, _) = action(with([]), "r.ndjson", "elsewhere");
    assert_eq!((status, &*stderr), (Some(2), "error: there is no folder elsewhere\n"));
}
