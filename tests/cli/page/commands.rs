//! `wraptap ui` and `record --ui`: the link, the ports, and what cannot be.

use crate::program::wraptap;
use crate::server::{Server, raw};
use crate::traffic::{Recording, wrap_up};

#[test]
fn ui_prints_its_link_as_data_and_ends_with_the_terminal() {
    let recording = Recording::of([wrap_up("{}", 204)]);
    let server = Server::start(wraptap().args(["ui", "--port", "0"]).args([&recording.path]));
    let address = server.address.clone();
    let refused = server.send("GET /", &[], "");
    assert_eq!(refused.status(), 403);
    let run = server.end("INT");
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with(&format!("http://{address}/open?token=")), "{}", run.stdout);
    assert_eq!(run.stdout.lines().count(), 1);
}

#[test]
fn ui_without_a_recording_says_how_to_make_one() {
    let run = wraptap().args(["ui"]).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("there is no recording in ./recordings"), "{}", run.stderr);
    let run = wraptap().args(["ui", "none.ndjson"]).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("cannot open the recording none.ndjson"), "{}", run.stderr);
    let run = wraptap().args(["ui", "-"]).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("hint: write it to a file"), "{}", run.stderr);
}

#[test]
fn a_taken_port_is_an_error_only_if_it_was_asked_for() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let recording = Recording::of([wrap_up("{}", 204)]);
    let run = wraptap().args(["ui", "--port", &port]).args([&recording.path]).run();
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("hint: use any free port: `wraptap ui --port 0`"), "{}", run.stderr);
    let server = Server::start(wraptap().args(["ui"]).args([&recording.path]));
    assert!(server.address.starts_with("127.0.0.1:"));
}

/// Starts a recorder with a page and returns it with what was said before it listened.
fn recorder(args: &[&str]) -> (Server, String) {
    let record = ["record", "--listen", "127.0.0.1:0", "-w", "r.ndjson"];
    let server = Server::start(wraptap().args(record).args(args));
    let said = server.said().to_owned();
    (server, said)
}

#[test]
fn record_shows_a_page_where_it_is_asked_for_or_a_person_watches() {
    let upstream = ["--upstream", "http://127.0.0.1:9"];
    let (_server, said) = recorder(&upstream);
    assert!(!said.contains("page:"), "no terminal, no page: {said}");
    let (_server, said) = recorder(&[&upstream[..], &["--no-ui"]].concat());
    assert!(!said.contains("page:"), "{said}");
    let (server, said) = recorder(&[&upstream[..], &["--ui", "0"]].concat());
    let link = said.lines().find_map(|line| line.strip_prefix("page: http://")).unwrap();
    let (address, target) = link.split_once('/').unwrap();
    let opened = raw(
        address,
        format!("GET /{target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes(),
    );
    assert_eq!(opened.status(), 303, "{}", opened.head);

    // the proxy's port does not lead there, whatever a client asks for
    let asked =
        format!("GET http://{address}/{target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    assert_eq!(server.raw(asked.as_bytes()).status(), 421);
    assert_eq!(server.end("INT").status, 0);
}

#[test]
fn the_page_and_no_page_exclude_each_other() {
    let run = wraptap().args(["record", "--upstream", "http://127.0.0.1:9", "--ui", "--no-ui"]).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("cannot be used with '--no-ui'"), "{}", run.stderr);
}

#[test]
fn an_upstream_that_is_the_page_is_refused() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let run = wraptap()
            .args(["record", "--listen", "127.0.0.1:0", "--ui", &free, "--upstream"])
            .args([format!("http://{host}:{free}")])
            .run();
        assert_eq!(run.status, 2, "{}", run.stderr);
        assert!(run.stderr.contains("is the page of this recording"), "{}", run.stderr);
        assert!(run.stderr.contains("hint: put the page on another port"), "{}", run.stderr);
    }
}
