//! However it is ended, `record` ends in order: its command, its private home, its summary.

use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::wire::recorder::{Recorder, command};
use crate::wire::upstream::Upstream;

#[test]
fn a_hangup_ends_it_as_sigterm_does_with_its_command_and_private_home() {
    let folder = tempfile::tempdir().unwrap();
    let temporary = folder.path().join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let mut command = command(folder.path(), &["--upstream", "http://127.0.0.1:9", "--", "sleep", "1000"]);
    command.env("TMPDIR", &temporary).env("HOME", folder.path()).env("PATH", "/usr/bin:/bin");
    let recorder = Recorder::run(folder, command);
    let end = Instant::now() + Duration::from_secs(60);
    while !std::fs::read_dir(recorder.folder.path().join("tmp")).unwrap().flatten().any(|entry| {
        entry.path().join("home").exists() && std::fs::read_dir(entry.path()).unwrap().count() > 1
    }) {
        assert!(Instant::now() < end, "there was no private home");
    }
    recorder.signal("HUP");
    let ended = recorder.ended();
    assert_eq!(ended.status, 128 + 15, "{}", ended.said);
    assert_eq!(std::fs::read_dir(ended.folder.path().join("tmp")).unwrap().count(), 0);
    assert!(
        ended.said.contains("nothing was recorded") || ended.said.contains("recorded 0"),
        "{}",
        ended.said
    );
}

#[test]
fn a_stderr_that_nothing_reads_holds_up_neither_traffic_nor_the_end() {
    let upstream = Upstream::answering(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n{}");
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(folder.path(), &["--upstream", &upstream.url()]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    let stderr = child.stderr.as_mut().unwrap();
    while !said.contains("listening on http://127.0.0.1:") || !said.ends_with('\n') {
        let mut byte = [0];
        stderr.read_exact(&mut byte).unwrap();
        said.push(char::from(byte[0]));
    }
    let port = said.trim_end().rsplit(':').next().unwrap().parse().unwrap();
    // more lines than a pipe holds
    for number in 0..600 {
        let target = format!("/{number}{}", "x".repeat(300));
        assert!(crate::wire::recorder::get(port, &target).starts_with(b"HTTP/1.1 400"));
        if number % 30 == 0 {
            // lines are written in batches
            std::thread::park_timeout(Duration::from_millis(110));
        }
    }
    let began = Instant::now();
    crate::wire::recorder::signal(child.id(), "INT");
    let status = child.wait().unwrap();
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(status.code(), Some(0));
}
