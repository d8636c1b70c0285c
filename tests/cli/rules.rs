//! `wraptap rules`: what a user sees.

use crate::program::wraptap;

#[test]
fn the_list_names_every_class_once_on_a_line_of_its_own() {
    let run = wraptap().env("COLUMNS", "100").args(["rules"]).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(run.stdout.lines().count(), 35);
    assert!(
        run.stdout.contains("\nnull_field             error    `null` where the known-good body has a value")
    );
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 100), "{}", run.stdout);
}

#[test]
fn a_page_fits_the_terminal_it_is_read_in() {
    let run = wraptap().env("COLUMNS", "64").args(["rules", "swallowed_enum"]).run();
    insta::assert_snapshot!(run.stdout, @r#"
    swallowed_enum
      A placeholder that an SDK puts in for a value it does not
      know: `outdated_sdk_version` and the like.

    severity
      error

    why it is refused
      The word is no value of the API. The program's own value is
      lost before anything is sent, and no error is raised.

    known good
      {"state":"disconnected"}

    wrong
      {"state":"outdated_sdk_version"}

    use instead
      Use a value of the SDK's enumeration, or update the SDK if the
      API has gained the value since.

    which SDK sends this
      - Python: `outdated_sdk_version`, set without a word.
      - Java: `OutdatedSdkVersion`, from `fromString`.
      - .NET: `OUTDATED_SDK_VERSION`.
    "#);
}

#[test]
fn markdown_and_json_come_from_the_same_page() {
    let markdown = wraptap().args(["rules", "null-field", "--format", "markdown"]).run();
    assert!(markdown.stdout.starts_with("# null_field\n\n"));
    let json = wraptap().args(["rules", "NULL_FIELD", "--format", "json"]).run();
    let page: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(page["schema_version"], 1);
    assert_eq!(page["class"], "null_field");
    assert!(markdown.stdout.contains(page["wrong"].as_str().unwrap()));
    let all = wraptap().args(["rules", "--format", "json"]).run();
    let all: serde_json::Value = serde_json::from_str(&all.stdout).unwrap();
    assert_eq!(all["rules"].as_array().unwrap().len(), 35);
}

#[test]
fn an_unknown_class_gets_the_nearest_one_and_status_two() {
    let run = wraptap().args(["rules", "nul_field"]).run();
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(run.stderr, @r#"
    error: there is no finding class `nul_field`
      hint: did you mean `wraptap rules null_field`?
    "#);
    let run = wraptap().args(["rules", "\u{1b}[2J"]).run();
    insta::assert_snapshot!(run.stderr, @r#"
    error: there is no finding class `\x1b[2J`
      hint: list them all with `wraptap rules`
    "#);
}
