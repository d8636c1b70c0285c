//! The documentation is run as it is printed: a recording opened with other tools, and what to do when an SDK is upgraded.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::Language::{Curl, JavaScript};
use crate::program::{Server, interpreter, program, tool, wraptap};
use crate::stage::Stage;

/// Returns the first code of this language on a page of the documentation.
fn code(page: &str, language: &str) -> String {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(page)).unwrap();
    let (_, code) = page.split_once(&format!("```{language}\n")).unwrap();
    code.split("```").next().unwrap().to_owned()
}

/// Writes a program in place of one that the documentation names.
fn stand_in(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::write(&path, format!("#!/usr/bin/env bash\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn path_with(folder: &Path) -> String {
    format!("{}:{}", folder.display(), std::env::var("PATH").unwrap())
}

#[test]
fn a_recording_is_opened_by_jq_pandas_and_duckdb_as_the_docs_say() {
    let stage = Stage::simulated();
    stage.run(program(Curl, "forum.sh"));
    let recorded = stage.end();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("recordings")).unwrap();
    fs::copy(recorded.path(), folder.path().join("recordings/wrapup.ndjson")).unwrap();
    let said = |mut command: Command| run_in(&mut command, folder.path());
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let target = recorded.exchanges[2]["request"]["target"].as_str().unwrap();
    let refused = ["3", "PUT", target, "400"];

    let mut jq = Command::new("bash");
    jq.args(["-c", &code("recording.md", "sh")]);
    assert_eq!(words(&said(jq)), refused);

    let mut pandas = tool("python");
    pandas.args(["-c", &code("recording.md", "python")]);
    let table = said(pandas);
    assert_eq!(words(table.lines().last().unwrap()), refused, "{table}");

    let mut duckdb = tool("python");
    let sql = code("recording.md", "sql");
    duckdb.args(["-c", "import duckdb, sys; print(*duckdb.sql(sys.argv[1]).fetchall(), sep=\"\\n\")", &sql]);
    let table = said(duckdb);
    let rows: Vec<&str> = table.lines().collect();
    let starts = ["('curl', 200, 1, ", "('curl', 204, 1, ", "('curl', 400, 1, "];
    assert_eq!(rows.len(), starts.len(), "{table}");
    assert!(rows.iter().zip(starts).all(|(row, start)| row.starts_with(start)), "{table}");
}

/// Runs a command to its end and expects status 0; returns what it printed.
fn run_in(command: &mut Command, folder: &Path) -> String {
    let output = command.current_dir(folder).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A test of somebody's: what it sends follows from the version of the SDK that is installed.
const TEST: &str = "
const fs = require('fs');
const platformClient = require('purecloud-platform-client-v2');
const client = platformClient.ApiClient.instance;
client.setEnvironment(platformClient.PureCloudRegionHosts.eu_central_1);
const body = { code: '7fb334b0-0e9e-11e4-9191-0800200c9a66', notes: 'some words', durationSeconds: 120 };
const upgraded = { code: body.code, tags: ['vip'] };
const wrapup = fs.existsSync('upgraded') ? upgraded : body;
client
  .loginClientCredentialsGrant('00000000-0000-4000-8000-0000000000a2', 'a secret of the tests')
  .then(() =>
    new platformClient.ConversationsApi().postConversationsCallParticipantCommunicationWrapup(
      'c0000000-0000-4000-8000-000000000011', 'a0000000-0000-4000-8000-000000000011',
      'e0000000-0000-4000-8000-000000000011', { body: wrapup },
    ),
  )
  .catch((error) => process.exit(error && error.status === 400 ? 0 : 1));
";

#[test]
fn an_sdk_that_sends_something_else_after_its_upgrade_is_caught_as_the_docs_say() {
    let simulator = Server::start(wraptap(&["simulate", "--fresh", "--listen", "127.0.0.1:0"]));
    let (folder, programs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(folder.path().join("test.js"), TEST).unwrap();
    let real = env!("CARGO_BIN_EXE_wraptap");
    let upstream = format!("--upstream http://{} --listen 127.0.0.1:0", simulator.address);
    stand_in(
        programs.path(),
        "wraptap",
        &format!("all=\" $* \"\nexec {real} ${{all/ --region mypurecloud.de / {upstream} }}"),
    );
    stand_in(programs.path(), "npm", "[ \"$1\" = test ] || exec touch upgraded\nexec node test.js");

    let run = |line: &str| {
        let node = interpreter(JavaScript, &folder.path().join("test.js"));
        let mut bash = Command::new("bash");
        bash.args(["-c", line]).envs(node.get_envs().filter_map(|(name, value)| Some((name, value?))));
        bash.env("PATH", path_with(programs.path())).env("HOME", programs.path()).env("NO_COLOR", "1");
        bash.env_remove("WRAPTAP_RECORDING").env_remove("GITHUB_ACTIONS");
        let output = bash.current_dir(folder.path()).stdin(Stdio::null()).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let recipe = code("ci.md", "sh");
    let lines: Vec<&str> = recipe.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines.len(), 6, "{lines:?}");
    let is_check = |line: &str| line.starts_with("wraptap check");
    for line in &lines {
        let (status, said) = run(line);
        assert_eq!(status, i32::from(is_check(line)), "{line}: {said}");
    }
    let junit = fs::read_to_string(folder.path().join("wraptap.xml")).unwrap();
    assert!(junit.contains("`/notes` is missing") && junit.contains("/durationSeconds"), "{junit}");

    // what was taken over is wrong no more, the other difference is
    let check = lines.iter().find(|line| is_check(line)).unwrap();
    assert_eq!(run(check).0, 1);
    let junit = fs::read_to_string(folder.path().join("wraptap.xml")).unwrap();
    assert!(!junit.contains("/notes") && junit.contains("/durationSeconds"), "{junit}");
    assert_eq!(run("wraptap baseline accept after.ndjson#2 /durationSeconds /tags").0, 0);
    assert_eq!(run(check).0, 0);
    assert_eq!(run(&check.replace("after", "before")).0, 1, "the old body is another one now");
}
