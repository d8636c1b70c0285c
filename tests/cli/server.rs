//! Runs the built program as a server, speaks raw HTTP to it, and ends it by a signal.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

use crate::program::{Program, Run};

/// A program that said `listening on http://…`; killed when dropped.
pub(crate) struct Server {
    _folder: tempfile::TempDir,
    child: Child,
    stderr: BufReader<ChildStderr>,
    said: String,
    /// Where it listens, `ADDRESS:PORT`.
    pub(crate) address: String,
}

/// What came back, as it stood on the wire.
pub(crate) struct Answer {
    /// Status line and header lines.
    pub(crate) head: String,
    /// What follows them, chunks and all.
    pub(crate) body: String,
}

impl Server {
    /// Starts the program and waits until it listens.
    pub(crate) fn start(program: Program) -> Self {
        let (folder, mut command) = program.into_parts();
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let address = loop {
            let mut line = String::new();
            assert!(stderr.read_line(&mut line).unwrap() > 0, "ended before it listened: {said}");
            said.push_str(&line);
            if let Some(url) = line.trim_end().strip_prefix("listening on http://") {
                break url.to_owned();
            }
        };
        Self { _folder: folder, child, stderr, said, address }
    }

    /// Returns what was said on stderr until it listened.
    pub(crate) fn said(&self) -> &str {
        &self.said
    }

    /// Sends these bytes on a connection of their own and returns everything that comes back until it closes.
    pub(crate) fn raw(&self, bytes: &[u8]) -> Answer {
        raw(&self.address, bytes)
    }

    /// Sends a request with a body; `headers` are whole lines.
    pub(crate) fn send(&self, line: &str, headers: &[&str], body: &str) -> Answer {
        let mut bytes = format!("{line} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        for header in headers {
            bytes.push_str(&format!("{header}\r\n"));
        }
        bytes.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        self.raw(bytes.as_bytes())
    }

    /// Sends a signal (`INT`, `TERM`) and returns what the program left behind.
    pub(crate) fn end(mut self, signal: &str) -> Run {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{signal}"), &id]).status().unwrap().success());
        let mut stdout = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        self.stderr.read_to_string(&mut self.said).unwrap();
        let status = self.child.wait().unwrap().code().unwrap_or(128);
        Run { status, stdout, stderr: std::mem::take(&mut self.said) }
    }
}

/// Sends bytes to an address and returns everything that comes back until it closes.
pub(crate) fn raw(address: &str, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    // Not a pause but a limit: a server that does not answer fails the test instead of hanging it.
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(bytes).unwrap();
    let mut came = Vec::new();
    stream.read_to_end(&mut came).unwrap();
    let came = String::from_utf8(came).unwrap();
    let (head, body) = came.split_once("\r\n\r\n").unwrap();
    Answer { head: head.to_owned(), body: body.to_owned() }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    /// Returns the status code.
    pub(crate) fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Returns the value of a header line, found in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    /// Returns the JSON body of an answer that came in chunks.
    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.header("transfer-encoding"), Some("chunked"), "{}", self.head);
        let (mut rest, mut joined) = (self.body.as_str(), String::new());
        loop {
            let (size, tail) = rest.split_once("\r\n").unwrap();
            let size = usize::from_str_radix(size, 16).unwrap();
            if size == 0 {
                return serde_json::from_str(&joined).unwrap();
            }
            joined.push_str(&tail[..size]);
            rest = &tail[size + 2..];
        }
    }
}
