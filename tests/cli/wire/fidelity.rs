//! Heads: what the client sent is what the upstream gets and what the recording holds.

use serde_json::json;

use crate::wire::recorder::{Recorder, header_lines};
use crate::wire::upstream::Upstream;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// The heads of the SDKs as they were seen on the wire; HOST is replaced by the proxy's address.
const SDKS: [(&str, &str, &str); 6] = [
    (
        "javascript",
        "POST /api/v2/conversations/calls/c/participants/p/communications/m/wrapup HTTP/1.1\r\nAccept: application/json\r\nContent-Type: application/json\r\nAuthorization: Bearer T\r\nUser-Agent: axios/1.21.1\r\nContent-Length: 12\r\nAccept-Encoding: gzip, compress, deflate, br\r\nHost: HOST\r\nConnection: keep-alive\r\n\r\n",
        "{\"code\":\"1\"}",
    ),
    (
        "python",
        "POST /api/v2/a/b%20c%25%3F%C3%BC?id=x%2Cy&name=A+b%2Bc HTTP/1.1\r\nHost: HOST\r\nAccept-Encoding: identity\r\nContent-Length: 13\r\nAccept: application/json\r\nContent-Type: application/json\r\nUser-Agent: PureCloud SDK/python\r\npurecloud-sdk: 269.0.0\r\nAuthorization: Bearer T\r\n\r\n",
        "{\"code\": \"1\"}",
    ),
    (
        "java",
        "POST /api/v2/x HTTP/1.1\r\nAuthorization: Bearer T\r\nAccept: application/json\r\npurecloud-sdk: 270.0.0\r\nUser-Agent: PureCloud SDK/java\r\nContent-Type: application/json\r\nContent-Length: 22\r\nHost: HOST\r\nConnection: Keep-Alive\r\nAccept-Encoding: gzip,deflate\r\n\r\n",
        "{\"code\":\"1\",\"tags\":[]}",
    ),
    (
        "go",
        "GET /api/v2/x HTTP/1.1\r\nHost: HOST\r\nUser-Agent: Go-http-client/1.1\r\nAuthorization: Bearer T\r\nConnection: close\r\nAccept-Encoding: gzip\r\n\r\n",
        "",
    ),
    (
        "dotnet",
        "GET /api/v2/x HTTP/1.1\r\nHost: HOST\r\npurecloud-sdk: 270.0.0\r\nUser-Agent: PureCloud SDK/dotnet\r\nAccept: application/json\r\n\r\n",
        "",
    ),
    ("curl", "GET //api/v2/x? HTTP/1.1\r\nHost: HOST\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n", ""),
];

#[test]
fn the_request_of_each_sdk_arrives_and_is_recorded_as_it_was_sent() {
    let upstream = Upstream::answering(OK);
    let recorder = Recorder::to(&upstream.url());
    for (_, head, body) in SDKS {
        let host = format!("127.0.0.1:{}", recorder.port);
        recorder.ask(head.replace("HOST", &host) + body);
    }
    for ((arrived, exchange), (sdk, head, body)) in
        upstream.requests().iter().zip(recorder.exchanges()).zip(SDKS)
    {
        let sent = head.replace("HOST", &format!("127.0.0.1:{}", recorder.port));
        let expected: String = sent
            .replace(
                &format!("Host: 127.0.0.1:{}", recorder.port),
                &format!("Host: 127.0.0.1:{}", upstream.port),
            )
            .split_inclusive("\r\n")
            .filter(|line| !line.starts_with("Connection:"))
            .collect();
        assert_eq!(String::from_utf8_lossy(arrived), expected + body, "{sdk}");

        assert_eq!(exchange["sdk"]["name"], sdk);
        let request = &exchange["request"];
        let line = format!(
            "{} {} {}",
            request["method"].as_str().unwrap(),
            request["target"].as_str().unwrap(),
            request["version"].as_str().unwrap()
        );
        let recorded: Vec<String> = header_lines(request)
            .into_iter()
            .map(|(name, value)| {
                if name == "Authorization" { format!("{name}: Bearer T") } else { format!("{name}: {value}") }
            })
            .collect();
        assert_eq!(format!("{line}\r\n{}\r\n\r\n", recorded.join("\r\n")), sent, "{sdk}");
        assert_eq!(request["body"], body, "{sdk}");
    }
    assert_eq!(recorder.exchanges().len(), SDKS.len());
}

#[test]
fn odd_heads_are_recorded_exactly_on_both_sides() {
    let upstream = Upstream::answering(
        b"HTTP/1.1 299 Odd - but fine\r\nX-Z: 1\r\nx-a: 2\r\nX-Z: 3\r\nSet-cOOkie: a=1\r\nX-M:\r\nX-a: caf\xe9\r\nContent-Length: 2\r\n\r\nok",
    );
    let recorder = Recorder::to(&upstream.url());
    let answer = recorder.ask(
        [
            &b"DELETE /caf\xc3\xa9//a/../%2f%2F;v=1?q={x}|y^z&e HTTP/1.1\r\nHOST: localhost\r\nX-Dup: one\r\nx-other: \t two \r\n"[..],
            b"X-DUP: three\r\nX-Empty:\r\nX-Obs: \xff\x80\r\n\r\n",
        ]
        .concat(),
    );
    let exchange = recorder.only();
    assert_eq!(exchange["request"]["target"], "/café//a/../%2f%2F;v=1?q={x}|y^z&e");
    assert_eq!(
        exchange["request"]["headers"],
        json!([
            ["HOST", "localhost"],
            ["X-Dup", "one"],
            ["x-other", "two"],
            ["X-DUP", "three"],
            ["X-Empty", ""],
            ["X-Obs", "\u{ff}\u{80}"]
        ])
    );
    assert_eq!(exchange["response"]["status"], 299);
    assert_eq!(exchange["response"]["reason"], "Odd - but fine");
    let names: Vec<String> = header_lines(&exchange["response"]).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["X-Z", "x-a", "X-Z", "Set-cOOkie", "X-M", "X-a", "Content-Length"]);
    let changed: Vec<&str> = exchange["changed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["what"].as_str().unwrap())
        .collect();
    assert_eq!(changed, ["HOST"]);
    let host = format!("127.0.0.1:{}", upstream.port);
    let sent = [
        &b"DELETE /caf\xc3\xa9//a/../%2f%2F;v=1?q={x}|y^z&e HTTP/1.1\r\nHOST: "[..],
        host.as_bytes(),
        b"\r\nX-Dup: one\r\nx-other: two\r\nX-DUP: three\r\nX-Empty: \r\nX-Obs: \xff\x80\r\n\r\n",
    ]
    .concat();
    assert_eq!(upstream.requests().remove(0).escape_ascii().to_string(), sent.escape_ascii().to_string());
    let got = b"HTTP/1.1 299 Odd - but fine\r\nX-Z: 1\r\nx-a: 2\r\nX-Z: 3\r\nSet-cOOkie: a=1\r\nX-M: \r\nX-a: caf\xe9\r\nContent-Length: 2\r\n\r\nok";
    assert_eq!(answer.escape_ascii().to_string(), got.escape_ascii().to_string());
}

#[test]
fn every_change_on_the_way_is_in_the_recording() {
    let upstream =
        Upstream::answering(b"HTTP/1.1 200 OK\r\nConnection: X-R\r\nX-R: 1\r\nContent-Length: 0\r\n\r\n");
    let recorder = Recorder::start(&["--upstream", &format!("{}/base", upstream.url()), "--prefix", "/gw"]);
    recorder.ask("GET /gw/api/v2/x HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, X-Hop\r\nX-Hop: s3cret\r\nKeep-Alive: timeout=5\r\n\r\n");
    let arrived = String::from_utf8(upstream.requests().remove(0)).unwrap();
    assert_eq!(arrived, format!("GET /base/api/v2/x HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", upstream.port));
    let exchange = recorder.only();
    let changed: Vec<String> = exchange["changed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| {
            format!(
                "{}.{} {} -> {}",
                change["side"].as_str().unwrap(),
                change["what"].as_str().unwrap(),
                change["from"],
                change["to"]
            )
        })
        .collect();
    assert_eq!(
        changed,
        [
            "request.target \"/gw/api/v2/x\" -> \"/base/api/v2/x\"".to_owned(),
            format!("request.Host \"localhost\" -> \"127.0.0.1:{}\"", upstream.port),
            "request.Connection \"keep-alive, X-Hop\" -> null".to_owned(),
            "request.X-Hop \"s3cret\" -> null".to_owned(),
            "request.Keep-Alive \"timeout=5\" -> null".to_owned(),
            "response.Connection \"X-R\" -> null".to_owned(),
            "response.X-R \"1\" -> null".to_owned(),
        ]
    );
}

#[test]
fn an_absolute_target_goes_up_as_a_path_and_is_recorded_as_sent() {
    let upstream = Upstream::answering(OK);
    let recorder = Recorder::to(&upstream.url());
    let target = format!("http://127.0.0.1:{}/api/v2/x?y", recorder.port);
    recorder.ask(format!("GET {target} HTTP/1.1\r\nHost: other\r\n\r\n"));
    assert!(upstream.requests()[0].starts_with(b"GET /api/v2/x?y HTTP/1.1\r\n"));
    assert_eq!(recorder.only()["request"]["target"], target);
}

#[test]
fn a_head_that_is_no_http_is_answered_and_recorded_with_its_bytes() {
    let upstream = Upstream::answering(OK);
    let recorder = Recorder::to(&upstream.url());
    let answer = recorder.ask(b"GET /x HTTP/1.1\r\nHost: localhost\r\nX-A : b\r\n\r\n");
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
    assert!(answer.contains("\"code\":\"wraptap.bad_request\""), "{answer}");
    let exchange = recorder.only();
    assert_eq!(exchange["error"]["source"], "client");
    assert_eq!(exchange["request"]["target"], "/x");
    assert_eq!(exchange["request"]["headers"], json!([["Host", "localhost"], ["X-A ", "b"]]));
    assert!(upstream.requests().is_empty());
}

#[test]
fn pipelined_requests_are_told_apart() {
    let upstream = Upstream::answering(OK);
    let recorder = Recorder::to(&upstream.url());
    let mut stream = recorder.connect();
    let post = "POST /0 HTTP/1.1\r\nHost: localhost\r\nX-N: a\r\nContent-Length: 22\r\n\r\nGET /no HTTP/1.1\r\n\r\n12";
    let chunked = "POST /1 HTTP/1.1\r\nhost: localhost\r\nx-N: b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 9\r\n\r\n";
    let last = "GET /2 HTTP/1.1\r\nHost: localhost\r\nX-n: c\r\n\r\n";
    std::io::Write::write_all(&mut stream, format!("{post}{chunked}{last}").as_bytes()).unwrap();
    for _ in 0..3 {
        assert!(crate::wire::recorder::answer(&mut stream).ends_with(b"ok"));
    }
    let recorded: Vec<_> = recorder
        .exchanges()
        .iter()
        .map(|exchange| {
            let request = &exchange["request"];
            let names: Vec<_> = header_lines(request).into_iter().map(|(name, _)| name).collect();
            (
                request["target"].clone(),
                names[1].clone(),
                request["body"].clone(),
                exchange["connection"]["request"].clone(),
            )
        })
        .collect();
    assert_eq!(
        recorded,
        [
            (json!("/0"), "X-N".to_owned(), json!("GET /no HTTP/1.1\r\n\r\n12"), json!(1)),
            (json!("/1"), "x-N".to_owned(), json!("abc"), json!(2)),
            (json!("/2"), "X-n".to_owned(), json!(""), json!(3)),
        ]
    );
    assert_eq!(recorder.exchanges()[1]["request"]["trailers"], json!([["X-Sum", "9"]]));
}
