//! The real clients, as `tests/clients/install` left them in the build folder, and wraptap itself.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;

/// A language whose client is installed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Language {
    JavaScript,
    Python,
    Java,
    Curl,
}

/// Returns a program of `tests/clients/<language>/`, ready to run with no proxy of the tester's in its way.
pub(crate) fn program(language: Language, name: &str) -> Command {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    let mut command = match language {
        Language::JavaScript => interpreter(language, &source.join("javascript").join(name)),
        Language::Python => interpreter(language, &source.join("python").join(name)),
        Language::Curl => interpreter(language, &source.join("curl").join(name)),
        Language::Java => java(&installed("java/classes"), name),
    };
    command.stdin(Stdio::null());
    command
}

/// Returns the command that runs a source file that lies anywhere.
pub(crate) fn interpreter(language: Language, file: &Path) -> Command {
    let mut command = match language {
        Language::JavaScript => {
            let mut node = Command::new("node");
            node.env("NODE_PATH", installed("javascript/node_modules"));
            node
        }
        Language::Python => {
            let mut python = Command::new(installed("python").join("bin/python"));
            python.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONIOENCODING", "utf-8");
            python
        }
        Language::Java => {
            // a single source file: compiled and run at once
            let mut java = Command::new("java");
            java.arg("-cp").arg(installed("java/lib").join("*"));
            java
        }
        Language::Curl => Command::new("bash"),
    };
    command.arg(file);
    without_proxies(command)
}

/// Returns a tool of `tests/clients/tools/`.
pub(crate) fn tool(name: &str) -> Command {
    let mut tool = without_proxies(Command::new(installed("tools/bin").join(name)));
    tool.stdin(Stdio::null());
    tool
}

fn java(classes: &Path, name: &str) -> Command {
    let mut java = Command::new("java");
    let libraries = installed("java/lib").join("*");
    let path = std::env::join_paths([classes, libraries.as_path()]).unwrap();
    java.arg("-cp").arg(path).arg(name);
    without_proxies(java)
}

fn without_proxies(mut command: Command) -> Command {
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(name);
    }
    command
}

/// Returns a place in the folder of the installed clients; ends the test where they are not installed.
pub(crate) fn installed(place: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let path = target.join("clients").join(place);
    assert!(path.exists(), "{} is missing: run tests/clients/install (tests/run does)", path.display());
    path
}

/// Runs a command to its end and expects status 0; returns what it printed.
pub(crate) fn expect_success(command: Command) -> String {
    expect_status(command, 0)
}

/// Runs a command to its end and expects this status; returns what it printed.
pub(crate) fn expect_status(mut command: Command, status: i32) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(status), "{command:?} said\n{}", both(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn both(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Returns wraptap with these arguments.
pub(crate) fn wraptap(arguments: &[&str]) -> Command {
    let mut command = without_proxies(Command::new(env!("CARGO_BIN_EXE_wraptap")));
    command.args(arguments).env_remove("WRAPTAP_RECORDING").env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

/// A wraptap that serves (`record`, `simulate`, …) until it is stopped or dropped.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    said: Option<thread::JoinHandle<String>>,
}

impl Server {
    /// Starts it and waits for its word that it listens.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let said = child.stderr.take().unwrap();
        Self::listening(command, child, said, "listening on http://")
    }

    /// Starts mitmdump, which says where it listens on stdout.
    pub(crate) fn mitmdump(mut command: Command) -> Self {
        command.env("PYTHONUNBUFFERED", "1").stderr(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let said = child.stdout.take().unwrap();
        Self::listening(command, child, said, "listening at ")
    }

    fn listening(command: Command, child: Child, said: impl Read + Send + 'static, listening: &str) -> Self {
        let mut lines = BufReader::new(said).lines().map_while(Result::ok);
        let mut before = String::new();
        let line = lines.by_ref().inspect(|line| before.push_str(line)).find(|line| line.contains(listening));
        let line = line.unwrap_or_else(|| panic!("{command:?} never listened: {before}"));
        let address = line.split(listening).nth(1).unwrap();
        let address = address.split([' ', ',', '/']).next().unwrap().trim_end_matches('.').parse().unwrap();
        // drained to its end, so that the pipe never fills
        let said = thread::spawn(move || lines.collect::<Vec<_>>().join("\n"));
        Self { child, address, said: Some(said) }
    }

    /// Ends it as Ctrl-C does, expects status 0, and returns what it said on stderr.
    pub(crate) fn stop(mut self) -> String {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        let said = self.said.take().unwrap().join().unwrap();
        assert!(status.success(), "ended with {status}: {said}");
        said
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
