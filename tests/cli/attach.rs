//! `record -- COMMAND`: what the command finds in its private home, and what becomes of what it leaves there.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A home of the user's, a temporary folder, and a folder to record in.
struct Place {
    folder: tempfile::TempDir,
}

/// One run: its status and what was said.
#[derive(Debug)]
struct Run {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Place {
    /// Makes a home with a file, a folder, a link, and a config file of one SDK.
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["home/documents", "home/.genesyscloudpython", "tmp", "work"] {
            fs::create_dir_all(place.folder.path().join(folder)).unwrap();
        }
        fs::write(place.home(".npmrc"), "mine").unwrap();
        fs::write(place.home("documents/letter"), "dear").unwrap();
        fs::write(place.home(".genesyscloudpython/config"), "[logging]\nlog_level = none\n").unwrap();
        fs::write(place.home(".genesyscloudpython/notes"), "ours").unwrap();
        symlink("documents", place.home("docs")).unwrap();
        place
    }

    fn home(&self, name: &str) -> PathBuf {
        self.folder.path().join("home").join(name)
    }

    fn command(&self, arguments: &[&str], script: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wraptap"));
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.home(""))
            .env("TMPDIR", self.folder.path().join("tmp"))
            .current_dir(self.folder.path().join("work"))
            .args(["record", "--upstream", "http://127.0.0.1:9", "--listen", "127.0.0.1:0", "-w", "r.ndjson"])
            .args(arguments)
            .args(["--", "sh", "-ec", script])
            .stdin(Stdio::null());
        command
    }

    /// Makes a pipe in the folder that the command runs in.
    fn pipe(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join("work").join(name);
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        path
    }

    /// Runs a script and expects nothing of the run to be left in the temporary folder.
    fn run(&self, script: &str) -> Run {
        let run = said(self.command(&[], script).output().unwrap());
        assert_eq!(self.temporary(), [] as [PathBuf; 0], "{run:?}");
        run
    }

    /// Returns what lies in the temporary folder.
    fn temporary(&self) -> Vec<PathBuf> {
        listed(&self.folder.path().join("tmp"))
    }
}

fn said(output: Output) -> Run {
    Run {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Returns every path below a folder with what it holds, links unfollowed.
fn pictured(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for path in listed(folder) {
        let kind = fs::symlink_metadata(&path).unwrap().file_type();
        if kind.is_dir() {
            all.extend(pictured(&path));
            all.push((path, Vec::new()));
        } else if kind.is_symlink() {
            let target = fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes();
            all.push((path, target));
        } else {
            let bytes = fs::read(&path).unwrap();
            all.push((path, bytes));
        }
    }
    all
}

#[test]
fn the_private_home_shows_what_the_real_one_has_and_the_gateway_in_the_config_files() {
    let place = Place::new();
    let before = pictured(&place.home(""));
    let run = place.run(
        "cat $HOME/.npmrc $HOME/documents/letter $HOME/docs/letter $HOME/.genesyscloudpython/notes; echo
         for sdk in javascript python java go dotnet; do
           test -d $HOME/.genesyscloud$sdk -a ! -L $HOME/.genesyscloud$sdk
           grep -A3 gateway $HOME/.genesyscloud$sdk/config | tr '\\n' ' '; echo \"at $WRAPTAP_URL\"
         done
         grep log_level $HOME/.genesyscloudpython/config; grep 'host = http' $HOME/.genesyscloudjava/config",
    );
    assert_eq!(run.status, Some(0), "{run:?}");
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[0], "minedeardearours");
    for line in &lines[1..6] {
        let (config, url) = line.split_once(" at http://127.0.0.1:").unwrap();
        assert!(config.contains("host = 127.0.0.1 protocol = http"), "{config}");
        assert!(
            config.ends_with(&format!("port = {url}")) || config.contains(&format!("port = {url} ")),
            "{line}"
        );
    }
    assert_eq!(lines[6], "log_level = none");
    assert!(lines[7].starts_with("host = http://sdk.@127.0.0.1:"), "{}", lines[7]);
    assert_eq!(pictured(&place.home("")), before, "the real home is as it was");
}

#[test]
fn what_the_command_makes_is_moved_home() {
    let place = Place::new();
    let run = place.run(
        "echo made > $HOME/made; mkdir -p $HOME/tool/inner; echo deep > $HOME/tool/inner/file
         ln -s $HOME/tool $HOME/latest; echo log > $HOME/.genesyscloudgo/sdk.log; echo in > $HOME/documents/reply",
    );
    assert_eq!(run.status, Some(0), "{run:?}");
    for (name, text) in [
        ("made", "made\n"),
        ("tool/inner/file", "deep\n"),
        (".genesyscloudgo/sdk.log", "log\n"),
        ("documents/reply", "in\n"),
    ] {
        assert_eq!(fs::read_to_string(place.home(name)).unwrap(), text, "{name}");
    }
    assert_eq!(fs::read_link(place.home("latest")).unwrap(), place.home("tool"));
    assert!(!place.home(".genesyscloudjava").exists(), "{run:?}");
    let line = run
        .stderr
        .lines()
        .find(|line| line.starts_with("moved to your home what the command created: "))
        .unwrap();
    for name in ["made", "tool", "latest", ".genesyscloudgo/sdk.log"] {
        assert!(line.contains(place.home(name).to_str().unwrap()), "{name}: {line}");
    }
}

#[test]
fn what_is_there_already_is_never_overwritten_and_the_other_is_named() {
    let place = Place::new();
    let before = pictured(&place.home(""));
    let script = "rm $HOME/.npmrc $HOME/docs; echo theirs > $HOME/.npmrc; echo '[general]' >> $HOME/.genesyscloudjava/config";
    let run = said(place.command(&[], script).output().unwrap());
    assert_eq!(run.status, Some(0), "{run:?}");
    assert_eq!(pictured(&place.home("")), before);
    let left = place.temporary()[0].join("home");
    assert_eq!(listed(&left), [left.join(".genesyscloudjava"), left.join(".npmrc")]);
    assert_eq!(fs::read_to_string(left.join(".npmrc")).unwrap(), "theirs\n");
    let named =
        format!("{}: {} is there already", left.join(".npmrc").display(), place.home(".npmrc").display());
    assert!(run.stderr.contains(&named), "{}", run.stderr);
    assert!(run.stderr.contains(".genesyscloudjava/config: the command changed it"), "{}", run.stderr);
    let kept = format!("they are still in yours: {}\n", place.home("docs").display());
    assert!(run.stderr.contains(&kept), "{}", run.stderr);
    let quiet = said(place.command(&["-q"], "rm $HOME/.npmrc; echo theirs > $HOME/.npmrc").output().unwrap());
    assert!(
        quiet.stderr.starts_with("warning: not moved to your home: ") && quiet.stderr.lines().count() == 1,
        "{quiet:?}"
    );
}

#[test]
fn a_gateway_of_the_users_is_named_because_the_command_goes_past_it() {
    let place = Place::new();
    let config = "[gateway]\nhost = gw.corp.test\nprotocol = https\nport = 444\npath_params_api = /genesys\n";
    fs::write(place.home(".genesyscloudpython/config"), config).unwrap();
    fs::create_dir(place.home(".genesyscloudgo")).unwrap();
    fs::write(place.home(".genesyscloudgo/config"), config.replace("gw.corp.test", "127.0.0.1")).unwrap();
    let run = place.run("cat $HOME/.genesyscloudpython/config");
    assert!(
        run.stdout.contains("host = 127.0.0.1\n") && run.stdout.contains("path_params_api =\n"),
        "{run:?}"
    );
    let notes: Vec<&str> = run.stderr.lines().filter(|line| line.contains("names a gateway")).collect();
    assert_eq!(notes.len(), 1, "{run:?}");
    assert!(notes[0].ends_with("`wraptap record --upstream https://gw.corp.test:444 …`"), "{}", notes[0]);
    assert_eq!(fs::read_to_string(place.home(".genesyscloudpython/config")).unwrap(), config);
}

#[test]
fn an_sdk_config_that_cannot_be_read_is_left_out_and_named() {
    let place = Place::new();
    fs::write(place.home(".genesyscloudpython/config"), "host = nowhere\n").unwrap();
    let run = place.run("cat $HOME/.genesyscloudpython/config");
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(run.stdout.contains("[gateway]") && !run.stdout.contains("nowhere"), "{}", run.stdout);
    assert!(run.stderr.contains(".genesyscloudpython/config is left out"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(place.home(".genesyscloudpython/config")).unwrap(), "host = nowhere\n");
}

#[test]
fn java_is_told_of_the_home_behind_what_the_user_tells_it() {
    let place = Place::new();
    let mut command = place.command(&[], "echo \"$JAVA_TOOL_OPTIONS is $HOME\"");
    command.env("JAVA_TOOL_OPTIONS", "-Xmx1g -Da=b");
    let run = said(command.output().unwrap());
    let (options, home) = run.stdout.trim().split_once(" is ").unwrap();
    assert!(options.starts_with("-Xmx1g -Da=b -Duser.home="), "{options}");
    assert!(options.contains(&format!("-Duser.home={home} -Djavax.net.ssl.trustStore=")), "{options}");
}

#[test]
fn its_own_home_can_be_left_to_the_command() {
    let place = Place::new();
    let run = said(place.command(&["--own-home"], "echo $HOME; echo made > $HOME/made").output().unwrap());
    assert_eq!(
        run.stdout.trim_end().trim_end_matches('/'),
        place.home("").to_str().unwrap().trim_end_matches('/')
    );
    assert!(place.home("made").exists() && place.temporary().is_empty());
    assert!(
        !place.home(".genesyscloudjava").exists() && !run.stderr.contains("moved to your home"),
        "{run:?}"
    );
    let run = said(place.command(&["--own-home"], "env").output().unwrap());
    assert!(!run.stdout.contains("JAVA_TOOL_OPTIONS"), "{run:?}");
}

#[test]
fn a_home_that_cannot_be_read_is_an_error_and_one_that_is_not_there_is_none() {
    let place = Place::new();
    let mut command = place.command(&[], "echo ran");
    let run = said(command.env("HOME", place.home(".npmrc")).output().unwrap());
    assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{run:?}");
    assert!(run.stderr.contains(".npmrc, which the command's private home is to mirror"), "{}", run.stderr);
    assert!(run.stderr.contains("--own-home"), "{}", run.stderr);
    assert!(place.temporary().is_empty());

    let mut command = place.command(&[], "echo made > $HOME/made");
    let run = said(command.env("HOME", place.home("nobody")).output().unwrap());
    assert_eq!(run.status, Some(0), "{run:?}");
    let left = place.temporary()[0].join("home/made");
    assert!(left.exists(), "{run:?}");
    assert!(
        run.stderr.contains(&format!(
            "not moved to your home: {}: it cannot be moved to your home",
            left.display()
        )),
        "{}",
        run.stderr
    );
}

#[test]
fn a_command_that_is_not_there_or_is_killed_leaves_nothing_behind() {
    let place = Place::new();
    let run = place.run("echo made > $HOME/made; kill -KILL $$");
    assert_eq!(run.status, Some(128 + 9), "{run:?}");
    assert!(place.home("made").exists());
    let mut command = place.command(&[], "");
    let mut words: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    words.truncate(words.iter().position(|word| word == "sh").unwrap());
    command = {
        let mut other = Command::new(command.get_program());
        other.args(words).arg("no-such-program").env_clear().env("HOME", place.home(""));
        other.env("TMPDIR", place.folder.path().join("tmp")).current_dir(place.folder.path().join("work"));
        other
    };
    let run = said(command.output().unwrap());
    assert_eq!(run.status, Some(2), "{run:?}");
    assert!(
        run.stderr.contains("cannot start `no-such-program`") && run.stderr.contains("hint:"),
        "{}",
        run.stderr
    );
    assert!(place.temporary().is_empty(), "{run:?}");
}

#[test]
fn ctrl_c_and_termination_take_the_private_home_away_too() {
    for signal in ["INT", "TERM"] {
        let place = Place::new();
        let ready = place.pipe("ready");
        let mut command = place.command(&[], "echo made > $HOME/made; echo $$ > ready; exec sleep 600");
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut ids = vec![child.id().to_string()];
        // opening the pipe waits for the command
        let sleeping = fs::read_to_string(ready).unwrap();
        if signal == "INT" {
            // as a terminal does it: both get it
            ids.push(sleeping.trim().to_owned());
        }
        assert!(Command::new("kill").arg(format!("-{signal}")).args(ids).status().unwrap().success());
        let run = said(child.wait_with_output().unwrap());
        assert!(place.temporary().is_empty(), "{signal}: {run:?}");
        assert!(place.home("made").exists(), "{signal}: {run:?}");
    }
}

#[test]
fn a_second_ctrl_c_does_not_wait_for_the_command() {
    let place = Place::new();
    let ready = place.pipe("ready");
    let script = "trap '' INT; echo made > $HOME/made; echo > ready; exec sleep 600";
    let mut command = place.command(&[], script);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    fs::read(ready).unwrap();
    let id = child.id().to_string();
    // two that come together are one
    while child.try_wait().unwrap().is_none() {
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    }
    let run = said(child.wait_with_output().unwrap());
    assert_eq!(run.status, Some(130), "{run:?}");
    assert!(place.temporary().is_empty() && place.home("made").exists(), "{run:?}");
}

#[test]
fn what_a_killed_wraptap_left_is_moved_home_by_the_next_and_never_from_a_living_one() {
    let place = Place::new();
    let (ready, go) = (place.pipe("ready"), place.pipe("go"));
    let mut command = place.command(&[], "echo made > $HOME/made; echo > ready; read line < go");
    let mut first = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    fs::read(ready).unwrap();
    let other = |place: &Place| {
        let words = [
            "--upstream",
            "http://127.0.0.1:9",
            "--listen",
            "127.0.0.1:0",
            "-w",
            "other.ndjson",
            "--",
            "true",
        ];
        let mut command = Command::new(env!("CARGO_BIN_EXE_wraptap"));
        command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", place.home(""));
        command.env("TMPDIR", place.folder.path().join("tmp")).current_dir(place.folder.path().join("work"));
        said(command.arg("record").args(words).output().unwrap())
    };
    let run = other(&place);
    assert!(!place.home("made").exists() && !run.stderr.contains("moved to your home"), "{run:?}");
    first.kill().unwrap();
    first.wait().unwrap();
    fs::write(go, "\n").unwrap();
    // the command itself ends a moment later
    while !place.home("made").exists() {
        let run = other(&place);
        assert_eq!(run.status, Some(0), "{run:?}");
    }
    assert!(place.temporary().is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn processes_left_behind_keep_their_home_and_are_named() {
    let place = Place::new();
    // until it has become `sleep` it is another shell
    let script = "echo made > $HOME/made; sleep 600 >/dev/null 2>&1 & echo $!; \
                  until grep -q sleep /proc/$!/comm; do :; done";
    let run = said(place.command(&[], script).output().unwrap());
    let id = run.stdout.trim();
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(run.stderr.contains(&format!("left processes running: {id} (sleep)")), "{}", run.stderr);
    let home = place.temporary()[0].join("home");
    assert!(
        run.stderr.contains(&format!("their private home is kept: {}\n", home.display())),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains(&format!("not moved to your home for that reason: {}\n", home.join("made").display()))
    );
    assert_eq!(fs::read_to_string(home.join(".npmrc")).unwrap(), "mine", "they still see the real home");
    assert!(!place.home("made").exists());
    assert!(run.stderr.contains("the next `wraptap record -- COMMAND`"), "{}", run.stderr);
    let stays = said(place.command(&[], "true").output().unwrap());
    assert!(home.join("made").exists() && !stays.stderr.contains("moved to your home"), "{stays:?}");

    assert!(Command::new("kill").arg(id).status().unwrap().success());
    // it ends a moment later
    let next = loop {
        let next = said(place.command(&[], "true").output().unwrap());
        if place.home("made").exists() {
            break next;
        }
        assert_eq!(next.status, Some(0), "{next:?}");
    };
    assert!(
        next.stderr.contains("note: from an earlier run that was cut off: moved to your home"),
        "{}",
        next.stderr
    );
    assert!(place.temporary().is_empty());
    assert_eq!(fs::read_to_string(place.home("made")).unwrap(), "made\n");
}

#[test]
fn a_command_that_sends_nothing_is_told_of() {
    let place = Place::new();
    let run = place.run("true");
    assert!(run.stderr.contains("warning: the command sent nothing through wraptap"), "{}", run.stderr);
    assert!(run.stderr.contains("--tls --region mypurecloud.de -- sh -ec true`"), "{}", run.stderr);
    let (url, go) = (place.pipe("url"), place.pipe("go"));
    let mut command = place.command(&[], "echo $WRAPTAP_URL > url; read line < go");
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let url = fs::read_to_string(url).unwrap();
    let mut stream = TcpStream::connect(url.trim().strip_prefix("http://").unwrap()).unwrap();
    stream.write_all(b"GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
    fs::write(go, "\n").unwrap();
    let run = said(child.wait_with_output().unwrap());
    assert!(run.stderr.contains("GET 502 /x") && !run.stderr.contains("sent nothing"), "{}", run.stderr);
}
