//! The machine's clock jumps while wraptap records: nothing is lost, and durations stay durations.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::retries::{Deed, upstream};

/// Where Debian puts the library that changes what a program takes for the time of day.
fn libfaketime() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").unwrap().map(|entry| entry.unwrap().path());
    let found = folders.map(|folder| folder.join("faketime/libfaketime.so.1")).find(|path| path.exists());
    found.expect("libfaketime is installed by tests/clients/install")
}

fn ask(address: &str) -> String {
    let mut socket = TcpStream::connect(address).unwrap();
    let request =
        "POST /api/v2/clock HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer
}

fn recorded(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_clock_that_jumps_back_and_forth_changes_times_of_day_but_neither_ids_nor_durations() {
    let folder = tempfile::tempdir().unwrap();
    let (clock, recording) = (folder.path().join("clock"), folder.path().join("r.ndjson"));
    std::fs::write(&clock, "+0\n").unwrap();
    let (address, _) = upstream(&[Deed::Answer("202 Accepted")]);
    let mut wraptap = Command::new(env!("CARGO_BIN_EXE_wraptap"))
        .args([
            "record",
            "--upstream",
            &format!("http://{address}"),
            "--listen",
            "127.0.0.1:0",
            "--recording",
        ])
        .arg(&recording)
        .env("LD_PRELOAD", libfaketime())
        .env("FAKETIME_TIMESTAMP_FILE", &clock)
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("DONT_FAKE_MONOTONIC", "1")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(wraptap.stderr.take().unwrap()).lines().map_while(Result::ok);
    let listening =
        said.find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned)).unwrap();
    for offset in ["+0\n", "-3600\n", "+7200\n"] {
        std::fs::write(&clock, offset).unwrap();
        assert!(ask(&listening).starts_with("HTTP/1.1 202 "));
    }
    wraptap.kill().unwrap();
    wraptap.wait().unwrap();

    let exchanges = recorded(&recording);
    let ids: Vec<u64> = exchanges.iter().map(|exchange| exchange["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [1, 2, 3]);
    let day: Vec<&str> = exchanges.iter().map(|exchange| exchange["started_at"].as_str().unwrap()).collect();
    assert!(day[1] < day[0] && day[0] < day[2], "the clock did not jump: {day:?}");
    for exchange in &exchanges {
        let total = exchange["timings"]["total"].as_u64().unwrap();
        assert!(total < 10_000_000, "{total} µs for one answer on loopback");
    }
}
