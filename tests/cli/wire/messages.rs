//! HTTP as the RFCs ask of an intermediary, as far as the recording has to say something about it.

use std::io::{Read, Write};

use serde_json::json;

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
    assert!(String::from_utf8_lossy(&came).to_lowercase().ends_with("0\r\nx-sum: 7\r\n\r\n"));
    assert_eq!(recorder.only()["response"]["trailers"], json!([["x-sum", "7"]]));
    assert!(String::from_utf8_lossy(&upstream.requests()[0]).to_lowercase().contains("te: trailers"));
}

#[test]
fn a_get_keeps_its_body_of_unknown_length() {
    let upstream = Upstream::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let recorder = Recorder::to(&upstream.url());
    recorder.ask(
        "GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    );
    let arrived = String::from_utf8(upstream.requests().remove(0)).unwrap();
    assert!(arrived.ends_with("transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), "{arrived}");
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
