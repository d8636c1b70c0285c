//! The page, asked as a browser asks it: who is let in, what is shown, what can be done.

mod commands;
mod guard;
mod views;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

use wraptap::web::server::{PageConfig, Port, RunningPage, serve};

use crate::server::{Answer, raw};
use crate::traffic::Recording;

/// How long anything may take before the test fails instead of hanging.
const LIMIT: Duration = Duration::from_secs(60);

/// A page with a browser that was let in.
struct Page {
    running: RunningPage,
    address: String,
    cookie: String,
    folder: tempfile::TempDir,
}

impl Page {
    /// Serves the page on recordings, opens its link, and waits until everything is read.
    fn on(recordings: &[&Recording]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let running = serve(PageConfig {
            recordings: recordings.iter().map(|recording| recording.path.clone()).collect(),
            port: Port::Only(0),
            baselines: folder.path().join("baselines"),
            journal: None,
        })
        .unwrap();
        let mut page = Self { address: running.address.to_string(), cookie: String::new(), running, folder };
        let opened = page.ask("GET", page.token(), &[], "");
        assert_eq!((opened.status(), opened.header("location")), (303, Some("/")), "{}", opened.head);
        let cookie = opened.header("set-cookie").unwrap();
        assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/"), "{cookie}");
        page.cookie = cookie.split(';').next().unwrap().to_owned();
        for at in 0..recordings.len() {
            page.wait_for(&format!("/rows?r={at}&count=1"), "exchange");
        }
        page
    }

    /// Returns the link's path and query.
    fn token(&self) -> &str {
        self.running.link.split_once(&self.address).unwrap().1
    }

    /// Sends a request as this page's own scripts do, with the cookie if there is one.
    fn ask(&self, method: &str, target: &str, headers: &[&str], body: &str) -> Answer {
        let mut text = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
        let mut add = |name: &str, value: &str| {
            let prefix = format!("{}:", name.to_lowercase());
            if !headers.iter().any(|line| line.to_lowercase().starts_with(&prefix)) && !value.is_empty() {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
        };
        add("Host", &self.address);
        add("Cookie", &self.cookie);
        if method == "POST" {
            add("Origin", &format!("http://{}", self.address));
            add("Content-Type", "application/json");
        }
        for header in headers {
            text.push_str(&format!("{header}\r\n"));
        }
        text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        raw(&self.address, text.as_bytes())
    }

    /// Returns what a GET shows.
    fn get(&self, target: &str) -> String {
        let answer = self.ask("GET", target, &[], "");
        assert_eq!(answer.status(), 200, "{target}: {}", answer.body);
        answer.body
    }

    /// Returns the bytes of a GET's answer.
    fn bytes(&self, target: &str) -> Vec<u8> {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        let (address, cookie) = (&self.address, &self.cookie);
        let ask = format!(
            "GET {target} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(ask.as_bytes()).unwrap();
        let mut came = Vec::new();
        stream.read_to_end(&mut came).unwrap();
        let end = came.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        came.split_off(end + 4)
    }

    /// Asks again until the answer holds a text: recordings are read beside.
    fn wait_for(&self, target: &str, text: &str) -> String {
        let begun = std::time::Instant::now();
        loop {
            let body = self.get(target);
            if body.contains(text) && !body.contains("reading the recording") {
                return body;
            }
            assert!(begun.elapsed() < LIMIT, "never showed {text}: {body}");
            std::thread::yield_now();
        }
    }

    fn baselines(&self) -> PathBuf {
        self.folder.path().join("baselines")
    }
}
