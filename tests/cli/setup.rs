//! `setup`: code to paste, and config files written and put back. Runs with a home folder of its own.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn wraptap(home: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wraptap"))
        .args(args)
        .env("HOME", home)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn refusal(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn one_sdk_prints_nothing_but_its_code() {
    let home = tempfile::tempdir().unwrap();
    let code = stdout(&wraptap(home.path(), &["setup", "python", "--url", "http://127.0.0.1:38470"]));
    assert!(
        code.ends_with("PureCloudPlatformClientV2.configuration.host = \"http://127.0.0.1:38470\"\n"),
        "{code}"
    );
    assert!(code.lines().all(|line| !line.contains("wraptap setup")), "{code}");
}

#[test]
fn without_an_sdk_every_one_is_shown_under_its_title() {
    let home = tempfile::tempdir().unwrap();
    let all = stdout(&wraptap(home.path(), &["setup"]));
    for title in ["JavaScript SDK", "Python SDK", "Java SDK", "Go SDK", ".NET SDK", "curl"] {
        assert!(all.contains(&format!("{title} (wraptap setup ")), "{title} in {all}");
    }
    assert!(all.contains("http://127.0.0.1:8080"), "{all}");
}

#[test]
fn json_holds_code_and_config_file() {
    let home = tempfile::tempdir().unwrap();
    let text = stdout(&wraptap(home.path(), &["setup", "js", "--format", "json"]));
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["schema_version"], 1);
    assert_eq!(document["snippets"][0]["sdk"], "javascript");
    assert_eq!(document["snippets"][0]["config_file"], "~/.genesyscloudjavascript/config");
    assert!(document["snippets"][0]["code"].as_str().unwrap().contains("port: 8080"));
}

#[test]
fn a_file_that_was_not_there_is_made_and_undo_leaves_no_trace() {
    let home = tempfile::tempdir().unwrap();
    let said = stdout(&wraptap(home.path(), &["setup", "python", "--write", "--url", "http://127.0.0.1:9"]));
    let config = home.path().join(".genesyscloudpython/config");
    assert!(said.contains("[gateway] port = 9\n") && said.contains("--undo"), "{said}");
    assert!(fs::read_to_string(&config).unwrap().contains("host = 127.0.0.1\nprotocol = http\nport = 9\n"));
    let said = stdout(&wraptap(home.path(), &["setup", "python", "--undo"]));
    assert!(said.contains("removed, because there was none before"), "{said}");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn a_file_that_was_there_keeps_its_settings_and_comes_back_byte_for_byte() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".genesyscloudjavascript");
    let before = "# mine\r\n[gateway]\r\nhost=gw.corp.test\r\nport=444\r\n[logging]\r\nlog_level = none";
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("config"), before).unwrap();
    let said = stdout(&wraptap(home.path(), &["setup", "js", "--write"]));
    assert!(said.contains("[gateway] host = 127.0.0.1 (was gw.corp.test)"), "{said}");
    assert!(said.contains("config.before-wraptap"), "{said}");
    let written = fs::read_to_string(folder.join("config")).unwrap();
    assert!(
        written.starts_with("# mine\r\n[gateway]\r\n") && written.contains("log_level = none"),
        "{written}"
    );
    // a second write must not take the written file for the original
    stdout(&wraptap(home.path(), &["setup", "js", "--write", "--url", "http://127.0.0.1:9"]));
    let said = stdout(&wraptap(home.path(), &["setup", "--undo"]));
    assert!(said.contains("restored\n"), "{said}");
    assert_eq!(fs::read_to_string(folder.join("config")).unwrap(), before);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn a_file_changed_since_the_write_is_set_aside_and_named() {
    let home = tempfile::tempdir().unwrap();
    stdout(&wraptap(home.path(), &["setup", "go", "--write"]));
    let config = home.path().join(".genesyscloudgo/config");
    let changed = fs::read_to_string(&config).unwrap() + "[logging]\nlog_level = trace\n";
    fs::write(&config, &changed).unwrap();
    let said = stdout(&wraptap(home.path(), &["setup", "go", "--undo"]));
    assert!(said.contains("the changed file is kept as "), "{said}");
    assert!(!config.exists());
    assert_eq!(fs::read_to_string(config.with_file_name("config.after-wraptap")).unwrap(), changed);
}

#[cfg(unix)]
#[test]
fn the_mode_of_the_file_and_a_link_to_it_survive() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".genesyscloudpython");
    fs::create_dir(&folder).unwrap();
    let real = home.path().join("dotfile");
    fs::write(&real, "[logging]\n").unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o600)).unwrap();
    symlink(&real, folder.join("config")).unwrap();
    stdout(&wraptap(home.path(), &["setup", "python", "--write"]));
    assert!(fs::symlink_metadata(folder.join("config")).unwrap().is_symlink());
    assert!(fs::read_to_string(&real).unwrap().contains("[gateway]"));
    for file in [real, folder.join("config.before-wraptap")] {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
}

#[test]
fn undo_where_nothing_was_written_says_so_and_touches_nothing() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".genesyscloudpython");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("config"), "[gateway]\nhost = theirs\n").unwrap();
    let said = stdout(&wraptap(home.path(), &["setup", "--undo"]));
    assert_eq!(said, "nothing to undo: no config file was written by wraptap\n");
    let said = stdout(&wraptap(home.path(), &["setup", "python", "--undo"]));
    assert!(said.contains("nothing to undo: wraptap has not written it"), "{said}");
    assert_eq!(fs::read_to_string(folder.join("config")).unwrap(), "[gateway]\nhost = theirs\n");
}

#[test]
fn bad_input_is_refused_with_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let said = refusal(&wraptap(home.path(), &["setup", "ruby"]));
    assert!(said.contains("javascript, python, java, go, dotnet, curl"), "{said}");
    let said = refusal(&wraptap(home.path(), &["setup", "python", "--url", "http://127.0.0.1:1/api"]));
    assert!(said.contains("more than scheme, host and port"), "{said}");
    let said = refusal(&wraptap(home.path(), &["setup", "curl", "--write"]));
    assert!(said.contains("curl has no config file") && said.contains("wraptap setup curl`"), "{said}");
    refusal(&wraptap(home.path(), &["setup", "--write"]));
    let folder = home.path().join(".genesyscloudpython");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("config"), "host = nowhere\n").unwrap();
    let said = refusal(&wraptap(home.path(), &["setup", "python", "--write"]));
    assert!(said.contains("line 1 is neither a section") && said.contains("hint:"), "{said}");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}
