//! Runs `wraptap record`, speaks raw bytes to it, and reads what it recorded.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Not a pause but a limit: what does not happen fails the test instead of hanging it.
pub(super) const LIMIT: Duration = Duration::from_secs(120);

/// A recorder that listens; killed when dropped.
pub(super) struct Recorder {
    pub(super) folder: tempfile::TempDir,
    child: Child,
    lines: Receiver<String>,
    said: String,
    pub(super) port: u16,
}

/// How a recorder ended.
pub(super) struct Ended {
    pub(super) status: i32,
    pub(super) said: String,
    /// The folder it ran in, with its recording.
    pub(super) folder: tempfile::TempDir,
}

/// Returns `wraptap record` in a folder, recording into `r.ndjson` there, without the tester's environment.
pub(super) fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wraptap"));
    command
        .env_clear()
        .env("PATH", crate::program::path())
        .current_dir(folder)
        .args(["record", "--listen", "127.0.0.1:0", "-w", "r.ndjson"])
        .args(args);
    command
}

impl Recorder {
    /// Records what goes to `upstream`.
    pub(super) fn to(upstream: &str) -> Self {
        Self::start(&["--upstream", upstream])
    }

    pub(super) fn start(args: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let command = command(folder.path(), args);
        Self::run(folder, command)
    }

    /// As `to` within a limit, as `ulimit` takes it: `-n 40`.
    pub(super) fn limited(limit: &str, upstream: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let inner = command(folder.path(), &["--upstream", upstream]);
        let mut limited = Command::new("sh");
        limited.env_clear().current_dir(folder.path());
        limited.args(["-c", &format!("ulimit {limit}; exec \"$0\" \"$@\"")]);
        limited.arg(inner.get_program()).args(inner.get_args());
        Self::run(folder, limited)
    }

    /// Starts a command in its folder and waits until it listens.
    pub(super) fn run(folder: tempfile::TempDir, mut command: Command) -> Self {
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut recorder = Self { folder, child, lines, said: String::new(), port: 0 };
        let line = recorder.hear("listening on http://");
        recorder.port = line.rsplit(':').next().unwrap().parse().unwrap();
        recorder
    }

    /// Waits for a line on stderr that holds `text`.
    pub(super) fn hear(&mut self, text: &str) -> String {
        let end = Instant::now() + LIMIT;
        loop {
            match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    self.said.push_str(&line);
                    self.said.push('\n');
                    if line.contains(text) {
                        return line;
                    }
                }
                Err(_) => panic!("never said `{text}`:\n{}", self.said),
            }
        }
    }

    pub(super) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream
    }

    /// Sends bytes on a connection of their own, and returns what comes back until an answer is whole.
    pub(super) fn ask(&self, bytes: impl AsRef<[u8]>) -> Vec<u8> {
        let mut stream = self.connect();
        stream.write_all(bytes.as_ref()).unwrap();
        answer(&mut stream)
    }

    /// Sends a GET and returns the answer.
    pub(super) fn get(&self, target: &str) -> Vec<u8> {
        get(self.port, target)
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("r.ndjson")
    }

    /// Returns the lines of the recording.
    pub(super) fn exchanges(&self) -> Vec<Value> {
        exchanges(&self.path())
    }

    /// Returns the only exchange of the recording.
    pub(super) fn only(&self) -> Value {
        let mut all = self.exchanges();
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }

    /// Returns the number of its process.
    #[cfg(target_os = "linux")]
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it with SIGKILL.
    pub(super) fn kill(mut self) -> tempfile::TempDir {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap())
    }

    /// Sends a signal (`INT`, `TERM`).
    pub(super) fn signal(&self, name: &str) {
        signal(self.child.id(), name);
    }

    /// Ends it by SIGTERM.
    pub(super) fn end(self) -> Ended {
        self.signal("TERM");
        self.ended()
    }

    /// Waits until it has ended by itself.
    pub(super) fn ended(mut self) -> Ended {
        let status = self.child.wait().unwrap();
        while let Ok(line) = self.lines.recv() {
            self.said.push_str(&line);
            self.said.push('\n');
        }
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        Ended { status: status.code().unwrap_or(128), said: std::mem::take(&mut self.said), folder }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a GET to a port of this machine and returns the answer.
pub(super) fn get(port: u16, target: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream.write_all(format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").as_bytes()).unwrap();
    answer(&mut stream)
}

/// Sends a signal (`INT`, `TERM`) to a process.
pub(super) fn signal(id: u32, name: &str) {
    assert!(Command::new("kill").args([&format!("-{name}"), &id.to_string()]).status().unwrap().success());
}

/// Returns the whole lines of a recording.
pub(super) fn exchanges(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// Returns the header lines of a recorded message as one text.
pub(super) fn header_lines(message: &Value) -> Vec<(String, String)> {
    message["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned()))
        .collect()
}

/// Reads the bytes up to the end of a head.
pub(super) fn read_head(stream: &mut TcpStream) -> Vec<u8> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => break,
        }
    }
    head
}

/// Reads one answer: head and body, or what comes of it before the connection ends.
pub(super) fn answer(stream: &mut TcpStream) -> Vec<u8> {
    let mut came = read_head(stream);
    let head = String::from_utf8_lossy(&came).to_ascii_lowercase();
    let status = head.get(9..12).unwrap_or_default().to_owned();
    if status.starts_with('1') && status != "101" {
        came.extend(answer(stream));
        return came;
    }
    if status == "204" || status == "304" || status == "101" {
        return came;
    }
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let mut byte = [0];
    let from = came.len();
    loop {
        let whole = match length {
            Some(length) => came.len() >= from + length,
            None if head.contains("transfer-encoding: chunked") => {
                came[from..].ends_with(b"0\r\n\r\n")
                    || (came[from..].ends_with(b"\r\n\r\n")
                        && came[from..].windows(5).any(|at| at == b"\r\n0\r\n"))
            }
            None => false,
        };
        if whole || !matches!(stream.read(&mut byte), Ok(1)) {
            return came;
        }
        came.push(byte[0]);
    }
}

/// Tells the other side that nothing more comes.
pub(super) fn half_close(stream: &TcpStream) {
    stream.shutdown(Shutdown::Write).unwrap();
}

/// Closes a connection by a reset.
pub(super) fn reset(stream: TcpStream) {
    let socket = socket2::Socket::from(stream);
    socket.set_linger(Some(Duration::ZERO)).unwrap();
}
