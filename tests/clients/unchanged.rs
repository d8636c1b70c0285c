//! Programs that know nothing of wraptap, run by `record -- COMMAND`: recorded all the same.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::program::Language::{Curl, Java, JavaScript, Python};
use crate::program::{Server, expect_success, interpreter, program, wraptap};

/// A simulator, and a folder with a home in it and a recording.
struct Place {
    folder: tempfile::TempDir,
    simulator: Server,
}

impl Place {
    fn new() -> Self {
        let simulator = Server::start(wraptap(&["simulate", "--fresh", "--listen", "127.0.0.1:0"]));
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("home")).unwrap();
        Self { folder, simulator }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Runs a program under `record` with these arguments, expects it to be content, and returns what it printed.
    fn run(&self, arguments: &[&str], program: &Command) -> String {
        let upstream = format!("http://{}", self.simulator.address);
        let mut record =
            wraptap(&["record", "--upstream", &upstream, "--listen", "127.0.0.1:0", "-w", "r.ndjson"]);
        record.args(arguments).arg("--").arg(program.get_program()).args(program.get_args());
        record.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        record.env("HOME", self.home()).current_dir(self.folder.path());
        expect_success(record)
    }

    /// The same; returns what was recorded.
    fn recorded(&self, arguments: &[&str], program: &Command) -> Vec<Value> {
        self.run(arguments, program);
        let text = std::fs::read_to_string(self.folder.path().join("r.ndjson")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Expects a login and a wrap-up code that was accepted, by this SDK.
fn expect_wrapup(exchanges: &[Value], sdk: &str) {
    assert_eq!(exchanges.len(), 2, "{sdk}: {exchanges:#?}");
    assert_eq!(exchanges[0]["request"]["target"], "/oauth/token", "{sdk}");
    assert!(exchanges[1]["request"]["target"].as_str().unwrap().ends_with("/wrapup"), "{sdk}");
    assert_eq!(exchanges[1]["response"]["status"], 202, "{sdk}");
    assert_eq!(exchanges[1]["sdk"]["name"], sdk);
}

#[test]
fn sdk_programs_are_attached_by_their_config_files_and_the_home_is_as_it_was() {
    for (language, name, sdk) in [
        (JavaScript, "unchanged.js", "javascript"),
        (Python, "unchanged.py", "python"),
        (Java, "Unchanged", "java"),
    ] {
        let place = Place::new();
        let exchanges = place.recorded(&[], &program(language, name));
        expect_wrapup(&exchanges, sdk);
        assert_eq!(std::fs::read_dir(place.home()).unwrap().count(), 0, "{sdk}");
    }
}

/// Names the region whose hosts the simulator answers for.
const TLS: [&str; 3] = ["--tls", "--region", "mypurecloud.com"];

#[test]
fn programs_with_the_hosts_written_into_them_are_recorded_by_tls() {
    for (language, name, client) in [
        (Curl, "hard_wired.sh", "curl"),
        (Python, "hard_wired.py", "requests"),
        (JavaScript, "hard_wired.js", "javascript"),
        (Java, "HardWired", "java-urlconnection"),
    ] {
        let place = Place::new();
        let exchanges = place.recorded(&TLS, &program(language, name));
        expect_wrapup(&exchanges, client);
        for (exchange, host) in exchanges.iter().zip(["login.mypurecloud.com", "api.mypurecloud.com"]) {
            let lines = exchange["request"]["headers"].as_array().unwrap();
            assert!(lines.iter().any(|line| line[1] == host), "{name}: {lines:?}");
            assert_eq!(exchange["connection"]["tls"], "TLS 1.3", "{name}");
        }
        assert_eq!(std::fs::read_dir(place.home()).unwrap().count(), 0, "{name}");
    }
}

#[test]
fn sdk_programs_are_recorded_by_tls_too() {
    for (language, name, sdk) in [
        (JavaScript, "unchanged.js", "javascript"),
        (Python, "unchanged.py", "python"),
        (Java, "Unchanged", "java"),
    ] {
        let place = Place::new();
        expect_wrapup(&place.recorded(&TLS, &program(language, name)), sdk);
    }
}

#[test]
fn what_a_program_sends_elsewhere_goes_by_the_way_that_it_alone_can_open_and_on_as_wraptap_goes_out() {
    let requests = "import requests
try: requests.get('https://registry.test/', timeout=60)
except requests.RequestException: pass";
    let axios = "require('axios').get('https://registry.test/', { timeout: 60000 }).catch(() => {})";
    for (language, name, source) in [
        (Curl, "elsewhere.sh", "curl --silent --max-time 60 https://registry.test/ || true"),
        (Python, "elsewhere.py", requests),
        (JavaScript, "elsewhere.js", axios),
    ] {
        let place = Place::new();
        let file = place.folder.path().join(name);
        std::fs::write(&file, source).unwrap();
        // a company's proxy, which everything has to go out through
        let company = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", company.local_addr().unwrap());
        let asked = std::thread::spawn(move || {
            let (mut stream, _) = company.accept().unwrap();
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            stream.write_all(b"HTTP/1.1 404 Not Found\r\n\r\n").unwrap();
            line
        });
        let arguments = [&TLS[..], &["--upstream-proxy", &url]].concat();
        let exchanges = place.recorded(&arguments, &interpreter(language, &file));
        assert_eq!(exchanges, [] as [Value; 0], "{name}");
        assert_eq!(asked.join().unwrap(), "CONNECT registry.test:443 HTTP/1.1\r\n", "{name}");
    }
}

#[test]
fn java_reaches_the_regions_hosts_alone_through_the_proxy() {
    let place = Place::new();
    let file = place.folder.path().join("Proxies.java");
    let source = "public class Proxies {
    public static void main(String[] hosts) {
        for (String host : new String[] {\"api.mypurecloud.com\", \"login.mypurecloud.com\", \"apps.mypurecloud.com\",
                \"api.mypurecloud.de\", \"repo.maven.apache.org\", \"login.microsoftonline.com\"}) {
            var chosen = java.net.ProxySelector.getDefault().select(java.net.URI.create(\"https://\" + host + \"/\"));
            System.out.println(host + \" \" + chosen.get(0).type());
        }
    }
}";
    std::fs::write(&file, source).unwrap();
    let said = place.run(&TLS, &interpreter(Java, &file));
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines,
        [
            "api.mypurecloud.com HTTP",
            "login.mypurecloud.com HTTP",
            "apps.mypurecloud.com DIRECT",
            "api.mypurecloud.de DIRECT",
            "repo.maven.apache.org DIRECT",
            "login.microsoftonline.com DIRECT"
        ]
    );
}
