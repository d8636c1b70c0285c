//! `record --tls -- COMMAND`: what makes the command's programs come through wraptap, and that those of others do not.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use base64::Engine;

const TLS: [&str; 3] = ["--tls", "--region", "mypurecloud.de"];

/// A command that waits under `record`, and its variables.
struct Waiting {
    folder: tempfile::TempDir,
    child: Option<Child>,
    variables: Vec<(String, String)>,
}

impl Waiting {
    /// Starts it in an empty home, with these variables of the user's.
    fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "tmp"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let pipes = ["there", "go"].map(|name| folder.path().join(name));
        assert!(Command::new("mkfifo").args(&pipes).status().unwrap().success());
        let child = Command::new(env!("CARGO_BIN_EXE_wraptap"))
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", folder.path().join("home"))
            .env("TMPDIR", folder.path().join("tmp"))
            .envs(variables.iter().copied())
            .current_dir(folder.path())
            .args(["record", "--upstream", "http://127.0.0.1:9", "--listen", "127.0.0.1:0", "-w", "r.ndjson"])
            .args(arguments)
            .args(["--", "sh", "-c", "env > there; read line < go"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let text = fs::read_to_string(&pipes[0]).unwrap();
        let variables = text.lines().filter_map(|line| line.split_once('='));
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { folder, child: Some(child), variables }
    }

    fn variable(&self, name: &str) -> &str {
        let found = self.variables.iter().find(|(other, _)| other == name);
        found.map_or("", |(_, value)| value)
    }

    /// Returns how many certificates the file holds that a variable names.
    fn certificates(&self, name: &str) -> usize {
        fs::read_to_string(self.variable(name)).unwrap().matches("-----BEGIN CERTIFICATE-----").count()
    }

    /// Returns `user:password` and address of the proxy.
    fn proxy(&self) -> (String, String) {
        let (user, address) =
            self.variable("HTTPS_PROXY").strip_prefix("http://").unwrap().split_once('@').unwrap();
        (user.to_owned(), address.to_owned())
    }

    /// Asks for a way to `target`; returns the connection and the head of the answer.
    fn connect(&self, target: &str, user: Option<&str>) -> (TcpStream, String) {
        let mut stream = TcpStream::connect(self.proxy().1).unwrap();
        let authorization = user.map_or_else(String::new, |user| {
            let coded = base64::engine::general_purpose::STANDARD.encode(user);
            format!("Proxy-Authorization: Basic {coded}\r\n")
        });
        write!(stream, "CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{authorization}\r\n").unwrap();
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
            head.push(byte[0]);
        }
        (stream, String::from_utf8(head).unwrap())
    }

    /// Lets the command go, and returns what was said and recorded.
    fn end(mut self) -> (String, String) {
        fs::write(self.folder.path().join("go"), "\n").unwrap();
        let output = self.child.take().unwrap().wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(fs::read_dir(self.folder.path().join("tmp")).unwrap().count(), 0);
        let recorded = fs::read_to_string(self.folder.path().join("r.ndjson")).unwrap();
        (String::from_utf8(output.stderr).unwrap(), recorded)
    }
}

impl Drop for Waiting {
    /// After a failure: ends what still waits.
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = Command::new("kill").arg(child.id().to_string()).status();
            let _ = child.wait();
        }
    }
}

/// Writes a root certificate into a file of its own.
fn root(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    let certificate = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap().cert.pem();
    fs::write(&path, certificate).unwrap();
    path
}

#[test]
fn every_runtime_is_told_of_proxy_and_authority_beside_what_it_trusted() {
    let user = tempfile::tempdir().unwrap();
    let [machine, extra] =
        ["machine.pem", "extra.pem"].map(|name| root(user.path(), name).display().to_string());
    let waiting = Waiting::start(
        &TLS,
        &[
            ("SSL_CERT_FILE", &machine),
            ("NODE_EXTRA_CA_CERTS", &extra),
            ("NO_PROXY", "intranet.test,.mypurecloud.de"),
            ("JAVA_TOOL_OPTIONS", "-Xmx1g"),
        ],
    );
    let url = waiting.variable("WRAPTAP_URL");
    let (user, address) = waiting.proxy();
    assert_eq!(url, format!("http://{address}"));
    assert!(user.starts_with("wraptap:") && user.len() > 30, "{user}");
    assert_eq!(waiting.variable("https_proxy"), waiting.variable("HTTPS_PROXY"));
    assert_eq!(waiting.variable("NODE_USE_ENV_PROXY"), "1");
    assert_eq!(waiting.variable("NO_PROXY"), "intranet.test,127.0.0.1,localhost,::1");
    for name in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"] {
        assert_eq!(waiting.certificates(name), 2, "{name}: the one that was there, and ours");
    }
    let java = waiting.variable("JAVA_TOOL_OPTIONS");
    let port = address.split(':').next_back().unwrap();
    for option in
        ["-Xmx1g ", " -Dhttps.proxyHost=127.0.0.1", &format!(" -Dhttps.proxyPort={port} "), "trustStore="]
    {
        assert!(java.contains(option), "{option}: {java}");
    }
    let (said, _) = waiting.end();
    assert!(said.contains("reaches api.mypurecloud.de and login.mypurecloud.de through wraptap"), "{said}");
    assert!(!said.contains(user.split(':').next_back().unwrap()), "the password is in {said}");
}

#[cfg(unix)]
#[test]
fn no_one_else_can_read_the_folder_of_the_run_and_no_key_is_in_it() {
    use std::os::unix::fs::PermissionsExt;
    let waiting = Waiting::start(&TLS, &[]);
    let folder = Path::new(waiting.variable("CURL_CA_BUNDLE")).parent().unwrap().to_owned();
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = if path.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
        assert!(!String::from_utf8_lossy(&bytes).contains("PRIVATE KEY"), "{}", path.display());
    }
    assert!(!waiting.folder.path().join("wraptap-ca.pem").exists(), "for that command alone");
    waiting.end();
}

#[test]
fn a_way_to_another_host_is_open_to_the_command_alone_and_not_recorded() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = other.local_addr().unwrap().to_string();
    let echo = std::thread::spawn(move || {
        let (mut stream, _) = other.accept().unwrap();
        let mut received = [0; 5];
        stream.read_exact(&mut received).unwrap();
        stream.write_all(&received).unwrap();
    });
    let waiting = Waiting::start(&TLS, &[]);
    let (user, _) = waiting.proxy();
    for wrong in [None, Some("wraptap:guessed")] {
        let (_, head) = waiting.connect(&target, wrong);
        assert!(head.starts_with("HTTP/1.1 407 "), "{head}");
        assert!(head.to_ascii_lowercase().contains("proxy-authenticate: basic"), "{head}");
    }
    let (mut stream, head) = waiting.connect(&target, Some(&user));
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    stream.write_all(b"hello").unwrap();
    let mut received = String::new();
    stream.read_to_string(&mut received).unwrap();
    assert_eq!(received, "hello");
    echo.join().unwrap();
    let (_, head) = waiting.connect(&target, Some(&user));
    assert!(head.starts_with("HTTP/1.1 502 "), "nothing listens there any more: {head}");
    let (_, head) = waiting.connect("login.mypurecloud.de:443", None);
    assert!(head.starts_with("HTTP/1.1 200 "), "the region's own hosts need no password: {head}");
    let (said, recorded) = waiting.end();
    assert_eq!(recorded, "");
    assert!(said.contains(&format!("cannot connect to {target} for a client at ")), "{said}");
}

#[test]
fn without_a_region_an_upstream_on_this_machine_proxies_nothing() {
    let waiting = Waiting::start(&["--tls"], &[]);
    assert!(waiting.variables.iter().all(|(name, _)| name != "HTTPS_PROXY"));
    assert!(waiting.variable("CURL_CA_BUNDLE").contains("wraptap-"));
    let (said, _) = waiting.end();
    assert!(
        said.contains("note: the upstream is this machine") && said.contains("`--region mypurecloud.de`"),
        "{said}"
    );
}
