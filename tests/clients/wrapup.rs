//! Every client sets a wrap-up code through wraptap, rightly and in its own wrong way: recorded is what it sent, named
//! is what was wrong.

use crate::program::Language::{Curl, Java, JavaScript, Python};
use crate::program::{Language, Server, expect_status, expect_success, program, wraptap};
use crate::stage::{Recorded, Stage};

/// Runs a program against the simulator: login, an accepted request, a refused one.
fn recorded(language: Language, name: &str, statuses: [u64; 3]) -> Recorded {
    let stage = Stage::simulated();
    stage.run(program(language, name));
    let recorded = stage.end();
    recorded.expect_what_was_sent();
    assert_eq!(recorded.statuses(), statuses);
    recorded
}

#[test]
fn javascript_sdk_sends_the_nulls_it_was_given() {
    let recorded = recorded(JavaScript, "sdk.js", [200, 202, 400]);
    assert_eq!(recorded.sdk(2), "javascript");
    let findings = recorded.findings();
    assert_eq!(findings[0], "error null_field /notes /notes");
    assert!(findings.contains(&"error null_field - /endTime".to_owned()), "{findings:?}");
}

#[test]
fn python_sdk_sends_the_names_of_its_attributes_where_to_dict_is_the_body() {
    let recorded = recorded(Python, "sdk.py", [200, 202, 400]);
    assert_eq!(recorded.sdk(2), "python");
    let findings = recorded.findings();
    let errors: Vec<&String> = findings.iter().take_while(|finding| finding.starts_with("error")).collect();
    assert!(
        errors.contains(&&"error renamed_key /durationSeconds /duration_seconds".to_owned()),
        "{findings:?}"
    );
    assert!(errors.contains(&&"error null_field - /end_time".to_owned()), "{findings:?}");
}

#[test]
fn java_sdk_adds_empty_tags_behind_the_true_error() {
    let recorded = recorded(Java, "Sdk", [200, 202, 400]);
    assert_eq!(recorded.sdk(2), "java");
    let findings = recorded.findings();
    assert!(findings[0].starts_with("error moved /wrapup"), "{findings:?}");
    // what the SDK adds by habit is not blamed
    assert!(findings.iter().all(|finding| !finding.contains("/tags")), "{findings:?}");
}

#[test]
fn forum_nesting_is_named_whichever_sdk_sent_it() {
    for (language, name) in [(JavaScript, "forum.js"), (Python, "forum_sdk.py"), (Java, "ForumSdk")] {
        let recorded = recorded(language, name, [200, 204, 400]);
        let wanted = ["error unknown_operation - -", "error moved /codeId /wrapUpCode/codeId"];
        assert_eq!(recorded.findings(), wanted, "{name}");
    }
}

#[test]
fn curl_sends_a_string_for_a_number() {
    let recorded = recorded(Curl, "forum.sh", [200, 204, 400]);
    assert_eq!(recorded.sdk(2), "curl");
    let wanted = ["error unknown_operation - -", "error type_mismatch /durationMs /durationMs"];
    assert_eq!(recorded.findings(), wanted);
}

#[test]
fn requests_sends_none_as_null() {
    let recorded = recorded(Python, "forum_requests.py", [200, 204, 400]);
    assert_eq!(recorded.sdk(2), "requests");
    assert_eq!(recorded.findings(), ["error unknown_operation - -", "error null_field - /notes"]);
}

#[test]
fn rest_template_sends_a_chunked_body_with_seconds_and_a_null() {
    let recorded = recorded(Java, "ForumRestTemplate", [200, 204, 400]);
    assert_eq!(recorded.sent[2].header("transfer-encoding"), Some("chunked"));
    assert_eq!(recorded.sdk(2), "java-urlconnection");
    let findings = recorded.findings();
    assert!(findings.contains(&"error unit_mismatch /durationMs /durationMs".to_owned()), "{findings:?}");
    assert!(findings.contains(&"error null_field - /notes".to_owned()), "{findings:?}");
}

#[test]
fn a_program_that_record_starts_finds_wraptap_by_its_variable() {
    let simulator = Server::start(wraptap(&["simulate", "--fresh", "--listen", "127.0.0.1:0"]));
    let folder = tempfile::tempdir().unwrap();
    let upstream = format!("http://{}", simulator.address);
    let sdk = program(JavaScript, "sdk.js");
    let mut record =
        wraptap(&["record", "--upstream", &upstream, "--listen", "127.0.0.1:0", "-w", "run.ndjson", "--"]);
    record.arg(sdk.get_program()).args(sdk.get_args()).current_dir(folder.path());
    record.envs(sdk.get_envs().filter_map(|(name, value)| Some((name, value?))));
    expect_success(record);
    let recording = std::fs::read_to_string(folder.path().join("run.ndjson")).unwrap();
    assert_eq!(recording.lines().count(), 3);
}

#[test]
fn check_passes_what_the_programs_send_rightly_and_names_the_pointer_of_what_they_send_wrongly() {
    for (language, name, statuses, pointer) in [
        (JavaScript, "sdk.js", [200, 202, 400], "`/notes` is null"),
        (
            Python,
            "sdk.py",
            [200, 202, 400],
            "`/duration_seconds` is not a member of WrapupInput: it is called `/durationSeconds`",
        ),
        (Java, "Sdk", [200, 202, 400], "`/wrapup`"),
        (JavaScript, "forum.js", [200, 204, 400], "`/wrapUpCode/codeId`"),
        (Curl, "forum.sh", [200, 204, 400], "`/durationMs`"),
    ] {
        let recorded = recorded(language, name, statuses);
        let (folder, broken) = (tempfile::tempdir().unwrap(), recorded.path());
        let text = std::fs::read_to_string(&broken).unwrap();
        let right: Vec<&str> = text.lines().filter(|line| !line.contains("\"status\":400")).collect();
        if name.starts_with("forum") {
            // the description does not know these operations: only a payload that the user keeps can say
            let mut add = wraptap(&["baseline", "add"]);
            add.arg(format!("{}#2", broken.display())).current_dir(folder.path());
            expect_status(add, 0);
        }
        let correct = folder.path().join("correct.ndjson");
        std::fs::write(&correct, right.join("\n") + "\n").unwrap();
        let junit = |recording: &std::path::Path, status| {
            let mut check = wraptap(&["check", "--format", "junit"]);
            check.arg(recording).current_dir(folder.path()).env_remove("GITHUB_ACTIONS");
            expect_status(check, status)
        };
        let said = junit(&correct, 0);
        assert!(said.contains("tests=\"1\"") && said.contains("failures=\"0\""), "{name}: {said}");
        let said = junit(&broken, 1);
        assert!(said.contains("<failure") && said.contains(pointer), "{name}: {said}");
    }
}
