//! HTTP as the RFCs ask of an intermediary, as far as the recording has to say something about it.

use std::io::{Read, Write};

use serde_json::{Value, json};

use crate::wire::recorder::{Recorder, answer, half_close, read_head};
use crate::wire::upstream::{Then, Upstream};

#[test]
fn interim_answers_travel_and_are_recorded() {
    let upstream = Upstream::answering(
        b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\nConnection: x-hop\r\nx-hop: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    );
    let recorder = Recorder::to(&upstream.url());
    let came = String::from_utf8(recorder.get("/")).unwrap();
    assert!(came.starts_with("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n"), "{came}");
    let interim = &recorder.only()["interim"];
    assert_eq!(interim[0]["status"], 103);
    assert_eq!(interim[0]["headers"][0], json!(["link", "</a>"]));
}

#[test]
fn the_100_comes_from_the_upstream_and_a_refusal_spares_the_upload() {
    let port = Upstream::raw(|mut stream| {
        loop {
            let head = String::from_utf8(read_head(&mut stream)).unwrap();
            if head.contains("/no ") {
                stream
                    .write_all(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    .unwrap();
                return;
            }
            if head.is_empty() {
                return;
            }
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").unwrap();
            let mut body = [0; 5];
            std::io::Read::read_exact(&mut stream, &mut body).unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n").unwrap();
            stream.write_all(&body).unwrap();
        }
    });
    let recorder = Recorder::to(&crate::wire::upstream::url(port));
    let head = |target| {
        format!(
            "POST {target} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
        )
    };
    let mut stream = recorder.connect();
    stream.write_all(head("/yes").as_bytes()).unwrap();
    assert_eq!(read_head(&mut stream), b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"hello").unwrap();
    assert!(answer(&mut stream).ends_with(b"hello"));
    let refused = recorder.ask(head("/no"));
    assert!(refused.starts_with(b"HTTP/1.1 413 Too Large\r\n"), "{}", String::from_utf8_lossy(&refused));
    let exchanges = recorder.exchanges();
    assert_eq!(exchanges[0]["interim"][0]["status"], 100);
    assert_eq!(
        (exchanges[1]["request"]["body_bytes"].as_u64(), exchanges[1]["request"]["body_cut"].as_bool()),
        (Some(0), Some(true))
    );
}

#[test]
fn an_early_answer_reaches_a_client_that_is_still_sending() {
    let port = Upstream::raw(|mut stream| {
        read_head(&mut stream);
        stream
            .write_all(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
            .unwrap();
    });
    let recorder = Recorder::to(&crate::wire::upstream::url(port));
    let mut stream = recorder.connect();
    stream.write_all(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc").unwrap();
    assert!(answer(&mut stream).starts_with(b"HTTP/1.1 401 "));
    let exchange = recorder.only();
    assert_eq!(exchange["request"]["body"], "abc");
    assert_eq!(exchange["request"]["body_cut"], true);
    assert_eq!(exchange["response"]["body"], "no");
}

#[test]
fn what_is_sent_while_the_answer_comes_reaches_the_upstream() {
    let port = Upstream::raw(|mut stream| {
        read_head(&mut stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n").unwrap();
        let mut body = vec![0; 6010];
        stream.read_exact(&mut body).unwrap();
        assert!(body.ends_with(b"the rest.."));
        stream.write_all(b"4\r\nlast\r\n0\r\n\r\n").unwrap();
    });
    let recorder = Recorder::to(&crate::wire::upstream::url(port));
    let mut stream = recorder.connect();
    let begun =
        [b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6010\r\n\r\n".to_vec(), vec![b'x'; 6000]];
    stream.write_all(&begun.concat()).unwrap();
    let mut came = Vec::new();
    let mut more = |until: &[u8]| {
        while !came.ends_with(until) {
            let mut byte = [0];
            assert_eq!(stream.read(&mut byte).unwrap(), 1, "{}", String::from_utf8_lossy(&came));
            came.push(byte[0]);
        }
        stream.write_all(b"the rest..")
    };
    more(b"first\r\n").unwrap();
    let _ = more(b"last\r\n0\r\n\r\n");
    let exchange = recorder.only();
    assert_eq!(
        (exchange["request"]["body_bytes"].as_u64(), &exchange["response"]["body"]),
        (Some(6010), &json!("firstlast"))
    );
}

#[test]
fn trailers_are_recorded_on_both_sides() {
    let upstream = Upstream::answering(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n",
    );
    let recorder = Recorder::to(&upstream.url());
    let came = recorder.ask("GET / HTTP/1.1\r\nHost: localhost\r\nTE: trailers\r\nConnection: TE\r\n\r\n");
    assert!(String::from_utf8_lossy(&came).ends_with("0\r\nX-Sum: 7\r\n\r\n"));
    assert_eq!(recorder.only()["response"]["trailers"], json!([["X-Sum", "7"]]));
    assert!(String::from_utf8_lossy(&upstream.requests()[0]).to_lowercase().contains("te: trailers"));
}

/// Returns what a recorded exchange says was changed: side and name.
fn changed(exchange: &Value) -> Vec<String> {
    let changes = exchange["changed"].as_array().cloned().unwrap_or_default();
    changes.iter().map(|change| format!("{} {}", change["side"], change["what"]).replace('"', "")).collect()
}

#[test]
fn trailers_of_a_request_keep_their_spelling_and_dropped_ones_are_named() {
    let upstream = Upstream::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let recorder = Recorder::to(&upstream.url());
    recorder.ask(
        "PUT / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTrailer: X-SuM, y\r\n\r\n\
         2\r\nok\r\n0\r\nX-SuM: 7\r\nOther: 1\r\nY: 2\r\n\r\n",
    );
    let arrived = String::from_utf8(upstream.requests().remove(0)).unwrap();
    assert!(arrived.ends_with("\r\n2\r\nok\r\n0\r\nX-SuM: 7\r\nY: 2\r\n\r\n"), "{arrived}");
    assert!(arrived.contains("\r\nTransfer-Encoding: chunked\r\n"), "{arrived}");
    let exchange = recorder.only();
    assert_eq!(exchange["request"]["trailers"], json!([["X-SuM", "7"], ["Other", "1"], ["Y", "2"]]));
    assert_eq!(changed(&exchange), ["request Host", "request Other"]);
}

#[test]
fn a_line_feed_alone_in_a_trailer_makes_no_second_request() {
    let upstream = Upstream::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    let recorder = Recorder::to(&upstream.url());
    let mut stream = recorder.connect();
    let from = |who: &str| format!("DELETE /victim HTTP/1.1\r\nHost: localhost\r\nX-From: {who}\r\n\r\n");
    let first = "POST /one HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: a\n\n";
    stream.write_all((first.to_owned() + &from("trailer")).as_bytes()).unwrap();
    answer(&mut stream);
    stream.write_all(from("client").as_bytes()).unwrap();
    answer(&mut stream);
    let arrived = upstream.requests();
    assert_eq!(arrived.len(), 2);
    assert!(arrived[0].starts_with(b"POST /one ") && !arrived[0].windows(6).any(|at| at == b"DELETE"));
    assert!(String::from_utf8_lossy(&arrived[1]).contains("X-From: client"));
    let exchanges = recorder.exchanges();
    assert_eq!(exchanges.len(), 2);
    assert_eq!(changed(&exchanges[0]), ["request Host", "request X", "request trailers"]);
    assert_eq!(exchanges[1]["request"]["headers"][1], json!(["X-From", "client"]));
}

#[test]
fn no_request_gets_the_lines_of_another_whatever_ends_a_chunked_body() {
    const PIECES: [&str; 9] =
        ["\n", "\r\n", "\r", "X: a", "GET /fake HTTP/1.1", "Host: localhost", "X-Own: /fake", ":", " "];
    let upstream = Upstream::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    let recorder = Recorder::to(&upstream.url());
    let mut number = 0x9e37_79b9_7f4a_7c15_u64;
    for case in 0..150 {
        let mut end = String::from("0\r\n");
        for _ in 0..=case % 12 {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            end.push_str(PIECES[(number >> 33) as usize % PIECES.len()]);
        }
        let request = |method: &str, name: &str, more: &str| {
            format!(
                "{method} /{name}{case} HTTP/1.1\r\nHost: localhost\r\nX-Own: /{name}{case}\r\n{more}\r\n"
            )
        };
        let first = request("POST", "one", "Transfer-Encoding: chunked\r\n");
        let second = request("GET", "two", "Connection: close\r\n");
        let mut stream = recorder.connect();
        // wraptap may have refused and closed already
        let _ = stream.write_all(format!("{first}{end}\r\n\r\n{second}").as_bytes());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }
    let own = |text: &str| text.lines().find_map(|line| line.strip_prefix("X-Own: ")).map(str::to_owned);
    for arrived in upstream.requests() {
        let text = String::from_utf8_lossy(&arrived).into_owned();
        let target = text.split(' ').nth(1).unwrap_or_default().to_owned();
        assert!(own(&text).is_none_or(|own| own == target), "{text}");
    }
}

#[test]
fn a_coding_below_chunked_stays_with_its_bytes_and_added_chunks_are_named() {
    let upstream = Upstream::scripted(|stream, request| {
        let answer: &[u8] = if request.starts_with(b"GET /coded") {
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nzz\r\n0\r\n\r\n"
        } else {
            b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nzz"
        };
        stream.write_all(answer).unwrap();
        Then::Close
    });
    let recorder = Recorder::to(&upstream.url());
    let head = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let coded = recorder.ask("GET /coded HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(head(&coded).contains("\r\nTransfer-Encoding: gzip, chunked\r\n"));
    assert!(head(&recorder.get("/closed")).contains("\r\ntransfer-encoding: chunked\r\n"));
    let exchanges = recorder.exchanges();
    assert_eq!(changed(&exchanges[0]), ["request Host", "request Connection"]);
    assert_eq!(changed(&exchanges[1]), ["request Host", "response Connection", "response Transfer-Encoding"]);
}

#[test]
fn a_flood_of_interim_responses_is_bounded_in_the_line_and_to_the_client() {
    let upstream = Upstream::scripted(|stream, _| {
        let flood = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(100_000);
        stream.write_all(flood.as_bytes()).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").unwrap();
        Then::Keep
    });
    let recorder = Recorder::to(&upstream.url());
    let came = recorder.get("/");
    assert!(came.ends_with(b"\r\n\r\n{}"));
    let exchange = recorder.only();
    assert_eq!(exchange["interim"].as_array().unwrap().len(), 64);
    assert_eq!(exchange["changed"].as_array().unwrap().last().unwrap()["from"], "99936 more");
    assert!(came.len() < 64 * 64, "{}", came.len());
}

#[test]
fn a_get_keeps_its_body_of_unknown_length() {
    let upstream = Upstream::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let recorder = Recorder::to(&upstream.url());
    recorder.ask(
        "GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    );
    let arrived = String::from_utf8(upstream.requests().remove(0)).unwrap();
    assert!(arrived.ends_with("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), "{arrived}");
    assert_eq!(recorder.only()["request"]["body"], "hello");
}

#[test]
fn a_304_keeps_its_length_and_a_204_has_none() {
    for (answer, came, changed) in [
        (
            "304 Not Modified\r\nContent-Length: 9\r\nETag: x",
            "304 Not Modified\r\nContent-Length: 9\r\nETag: x",
            0,
        ),
        ("204 No Content\r\nContent-Length: 0\r\nETag: x", "204 No Content\r\nETag: x", 1),
    ] {
        let upstream = Upstream::scripted(move |stream, _| {
            write!(stream, "HTTP/1.1 {answer}\r\n\r\n").unwrap();
            Then::Keep
        });
        let recorder = Recorder::to(&upstream.url());
        let got = recorder.ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assert_eq!(String::from_utf8(got).unwrap(), format!("HTTP/1.1 {came}\r\n\r\n"));
        let exchange = recorder.only();
        let named =
            exchange["changed"].as_array().unwrap().iter().filter(|change| change["side"] == "response");
        assert_eq!(named.count(), changed, "{exchange}");
    }
}

#[test]
fn a_newer_minor_version_is_taken_as_ours_and_recorded_as_sent() {
    let upstream = Upstream::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    let recorder = Recorder::to(&upstream.url());
    let came = recorder.ask("GET /new HTTP/1.2\r\nHost: localhost\r\n\r\n");
    assert!(came.starts_with(b"HTTP/1.1 200 ") && came.ends_with(b"ok"));
    assert!(upstream.requests()[0].starts_with(b"GET /new HTTP/1.1\r\n"));
    let exchange = recorder.only();
    assert_eq!(exchange["request"]["version"], "HTTP/1.2");
    assert!(
        exchange["changed"].as_array().unwrap().iter().any(|change| change["from"] == "HTTP/1.2"),
        "{exchange}"
    );
}

#[test]
fn ambiguous_framing_never_reaches_the_upstream() {
    let upstream = Upstream::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let recorder = Recorder::to(&upstream.url());
    let tries: [&[u8]; 8] = [
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"Content-Length: +5\r\n\r\nhello",
        b"Content-Length: 5, 6\r\n\r\nhello!",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"X-A: b\0c\r\n\r\n",
        b"X-A: b\r\n folded\r\n\r\n",
    ];
    for bytes in tries {
        let mut request = b"POST / HTTP/1.1\r\nHost: localhost\r\n".to_vec();
        request.extend_from_slice(bytes);
        let came = recorder.ask(&request);
        assert!(came.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(bytes));
    }
    assert!(upstream.requests().is_empty());
    let exchanges = recorder.exchanges();
    assert_eq!(exchanges.len(), tries.len());
    assert!(exchanges.iter().all(|exchange| exchange["error"]["source"] == "client"));
}

#[test]
fn a_broken_chunk_ends_in_a_400_and_never_completes_upstream() {
    let upstream = Upstream::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let recorder = Recorder::to(&upstream.url());
    let came = recorder.ask("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nZZ\r\nworld\r\n0\r\n\r\n");
    assert!(came.starts_with(b"HTTP/1.1 400 "), "{}", String::from_utf8_lossy(&came));
    let exchange = recorder.only();
    assert_eq!(exchange["error"]["source"], "client");
    assert!(upstream.requests().iter().all(|request| !request.ends_with(b"0\r\n\r\n")));
}

#[test]
fn old_clients_get_no_chunks_and_half_closed_ones_their_answer() {
    let upstream = Upstream::scripted(|stream, request| {
        assert!(request.starts_with(b"GET / HTTP/1.1\r\n"), "it goes up in our own version");
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
            .unwrap();
        Then::Keep
    });
    let recorder = Recorder::to(&upstream.url());
    let mut stream = recorder.connect();
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n").unwrap();
    half_close(&stream);
    let came = String::from_utf8(answer(&mut stream)).unwrap();
    assert!(came.ends_with("\r\n\r\nhello") && !came.contains("chunked"), "{came}");
    let exchange = recorder.only();
    assert_eq!(exchange["request"]["version"], "HTTP/1.0");
    assert!(exchange.get("error").is_none());
}
