//! Runs the built program in a folder of its own and holds what it printed.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// One run of the program that is still to come: its folder, arguments, environment and stdin.
#[must_use]
pub(crate) struct Program {
    folder: tempfile::TempDir,
    command: Command,
    stdin: Vec<u8>,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit status; 128 and more for a signal.
    pub(crate) status: i32,
    /// What it printed.
    pub(crate) stdout: String,
    /// What it said on the way.
    pub(crate) stderr: String,
}

/// Returns the program in an empty folder, without colour and without anything of the tester's own environment.
pub(crate) fn wraptap() -> Program {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_wraptap"));
    command.env_clear().env("COLUMNS", "100").env("PATH", path());
    command.current_dir(folder.path());
    Program { folder, command, stdin: Vec::new() }
}

/// Returns a `PATH` on which the program is, so that hints call it by its name.
pub(crate) fn path() -> String {
    let own = Path::new(env!("CARGO_BIN_EXE_wraptap")).parent().unwrap();
    format!("{}:/usr/local/bin:/usr/bin:/bin", own.display())
}

impl Program {
    /// Adds arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets a variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets what the program reads from stdin.
    #[allow(dead_code, reason = "goes with the first test that has something on stdin")]
    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Puts a file into the program's folder, with the folders it stands in.
    #[allow(dead_code, reason = "goes with the first test that has a file")]
    pub(crate) fn file(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    /// Returns the folder, which goes when it is dropped, and the command, for who runs it in another way.
    pub(crate) fn into_parts(self) -> (tempfile::TempDir, Command) {
        (self.folder, self.command)
    }

    /// Takes the folder of an earlier run instead of an empty one.
    pub(crate) fn within(mut self, folder: tempfile::TempDir) -> Self {
        self.command.current_dir(folder.path());
        self.folder = folder;
        self
    }

    /// Runs it to its end.
    pub(crate) fn run(self) -> Run {
        self.run_and_keep().0
    }

    /// Runs it to its end and returns its folder too, which goes when it is dropped.
    pub(crate) fn run_and_keep(mut self) -> (Run, tempfile::TempDir) {
        let mut child =
            self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A program that does not read its stdin may be gone before this is written.
        let mut pipe = child.stdin.take().unwrap();
        let stdin = std::mem::take(&mut self.stdin);
        let writer = std::thread::spawn(move || {
            let _ = pipe.write_all(&stdin);
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        let run = Run {
            status: output.status.code().unwrap_or(128),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        (run, self.folder)
    }
}
