//! A line comes back as the exchange it was made from, and what is no line is named.

use proptest::prelude::*;

use super::*;
use crate::model::exchange::*;
use crate::model::fast_path::FastPath;
use crate::model::passage::*;
use crate::model::timestamp::Timestamp;
use crate::model::wire_bytes::WireBytes;
use crate::redact::{Redactor, Rules};

fn bytes() -> impl Strategy<Value = WireBytes> {
    prop_oneof![
        3 => "[ -~]{0,20}".prop_map(WireBytes::from),
        1 => "\\PC{0,8}".prop_map(WireBytes::from),
        1 => prop::collection::vec(any::<u8>(), 0..12).prop_map(WireBytes::from),
    ]
}

fn headers() -> impl Strategy<Value = Headers> {
    prop::collection::vec((bytes(), bytes()).prop_map(|(name, value)| Header { name, value }), 0..4)
        .prop_map(Headers)
}

fn body() -> impl Strategy<Value = Body> {
    (bytes(), any::<u32>(), any::<bool>(), any::<bool>()).prop_map(|(bytes, total, cut, decoded)| Body {
        bytes: bytes.into(),
        total: total.into(),
        cut,
        decoded,
    })
}

fn request() -> impl Strategy<Value = Request> {
    (bytes(), bytes(), headers(), body(), headers(), prop::option::of(bytes())).prop_map(
        |(method, target, headers, body, trailers, head)| Request {
            method,
            target,
            version: "HTTP/1.1".into(),
            headers,
            body,
            trailers,
            head,
        },
    )
}

fn response() -> impl Strategy<Value = Response> {
    (100..1000u16, bytes(), headers(), body(), headers(), prop::option::of(bytes())).prop_map(
        |(status, reason, headers, body, trailers, head)| Response {
            version: "HTTP/1.0".into(),
            status,
            reason,
            headers,
            body,
            trailers,
            head,
        },
    )
}

type About = (Option<Sdk>, Option<Connection>, Vec<Interim>, Option<Failure>, Vec<Change>);

fn about() -> impl Strategy<Value = About> {
    let text = || "\\PC{0,8}";
    let sdk = (text(), prop::option::of(text()), prop::collection::vec(text(), 0..3))
        .prop_map(|(name, version, marks)| Sdk { name, version, marks });
    let connection = (any::<u64>(), text(), any::<u64>(), prop::option::of(text()))
        .prop_map(|(id, client, request, tls)| Connection { id, client, request, tls });
    let interim = (100..200u16, bytes(), headers()).prop_map(|(status, reason, headers)| Interim {
        status,
        reason,
        headers,
    });
    let failure = (
        prop::sample::select(vec![FailureSource::Client, FailureSource::Upstream, FailureSource::Wraptap]),
        text(),
    )
        .prop_map(|(source, message)| Failure { source, message });
    let change = (text(), prop::option::of(text()), prop::option::of(text()), text())
        .prop_map(|(what, from, to, why)| Change { side: Side::Request, what, from, to, why });
    (
        prop::option::of(sdk),
        prop::option::of(connection),
        prop::collection::vec(interim, 0..2),
        prop::option::of(failure),
        prop::collection::vec(change, 0..3),
    )
}

fn exchange() -> impl Strategy<Value = Exchange> {
    let times = (0..4_000_000_000_000_000i64, any::<u64>(), prop::option::of(any::<u64>()));
    let numbers = (1..u64::MAX, prop::option::of(1..u64::MAX), prop::sample::select(&Origin::ALL[..]));
    (times, numbers, request(), prop::option::of(response()), about()).prop_map(
        |((started, total, head), (id, attempt, origin), request, response, about)| {
            let (sdk, connection, interim, error, changed) = about;
            Exchange {
                run: "r".into(),
                id: ExchangeId::new(id).unwrap(),
                started_at: Timestamp(started),
                timings: Timings { response_head: head, total, ..Timings::default() },
                recorder: "0.1.0".into(),
                sdk,
                connection,
                upstream: "http://127.0.0.1:1".into(),
                origin,
                attempt_of: attempt.and_then(ExchangeId::new),
                request,
                interim,
                response,
                error,
                tunnel: head.map(|sent| Tunnel { sent, received: 1 }),
                changed,
                redactions: vec![Redaction { place: "request.target".into(), kind: "token".into() }],
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn every_exchange_comes_back_from_its_line(exchange in exchange()) {
        let masked = Redactor::new([7; 32], Rules::default()).mask(exchange);
        let line = encode(&masked);
        let mut slow = Vec::new();
        encode_onto(&masked, FastPath::Off, &mut slow);
        prop_assert_eq!(&slow, &line);
        prop_assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        prop_assert_eq!(line.last(), Some(&b'\n'));
        prop_assert_eq!(&decode(&line).unwrap(), masked.exchange());
        crate::store::summary::tests::agree(&line);
    }
}

const LEAST: &str =
    r#"{"v":1,"id":3,"started_at":"2026-11-20T08:30:15Z","request":{"method":"GET","target":"/"}}"#;

#[test]
fn the_least_line_and_members_of_the_future_are_read() {
    assert_eq!(decode(LEAST.as_bytes()).unwrap().id.get(), 3);
    let later =
        LEAST.replace(r#""id":3"#, r#""id":3,"mood":{"a":[1,"x"]}"#).replace("\"/\"", "\"/\",\"h3\":[true]");
    assert_eq!(decode(later.as_bytes()).unwrap().request.target.as_str(), Some("/"));
}

#[test]
fn a_torn_a_foreign_and_a_newer_line_are_distinguished() {
    for cut in 1..LEAST.len() {
        assert!(matches!(decode(&LEAST.as_bytes()[..cut]), Err(LineError::Torn)), "{}", &LEAST[..cut]);
    }
    for foreign in ["[]", "{}", "12", "hello", r#"{"v":1}"#, r#"{"log":{"entries":[]}}"#] {
        assert!(matches!(decode(foreign.as_bytes()), Err(LineError::Foreign(_))), "{foreign}");
    }
    let newer = r#"{"v":2,"exchange":{}}"#;
    assert!(matches!(decode(newer.as_bytes()), Err(LineError::Newer(2))));
}
