//! Secrets planted in every place where one can stand, in every notation it can have there: none is in the line.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::model::coding;
use crate::redact::tests::exchange;

/// A token without structure, as most APIs issue them.
const OPAQUE: &str = "tK9-vQ2_xR7.planted~41";
/// With everything that some notation escapes.
const AWKWARD: &str = "pl@nted/s3cr+t&<x>\"y'z";
const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.c2lnbmF0dXJlLXBsYW50ZWQ";
const UUID: &str = "3b1f0c52-9d44-4c1e-8f7a-planted00001";

/// What a place is given to be planted in.
type Plant = fn(&mut Exchange, &str);

fn request_header(exchange: &mut Exchange, name: &str, value: &str) {
    exchange.request.headers.0.push(Header { name: name.into(), value: value.into() });
}

fn response_header(exchange: &mut Exchange, name: &str, value: &str) {
    exchange.response.as_mut().unwrap().headers.0.push(Header { name: name.into(), value: value.into() });
}

fn request_body(exchange: &mut Exchange, text: impl Into<Vec<u8>>) {
    exchange.request.body = Body::whole(text.into());
}

fn response_body(exchange: &mut Exchange, text: impl Into<Vec<u8>>) {
    exchange.response.as_mut().unwrap().body = Body::whole(text.into());
}

fn percent(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    coder.write_all(text.as_bytes()).unwrap();
    coder.finish().unwrap()
}

/// Places whose own name says that a secret stands there: any secret is masked on first sight.
const TELLING: &[(&str, Plant)] = &[
    ("bearer", |e, s| request_header(e, "Authorization", &format!("Bearer {s}"))),
    ("bearer in lower case", |e, s| request_header(e, "authorization", &format!("bearer   {s}"))),
    ("basic", |e, s| {
        request_header(e, "Authorization", &format!("Basic {}", STANDARD.encode(format!("id:{s}"))));
    }),
    ("digest", |e, s| {
        request_header(e, "Authorization", &format!("Digest username=\"u\", response=\"{s}\""));
    }),
    ("another scheme", |e, s| request_header(e, "Authorization", &format!("Token {s}"))),
    ("no scheme", |e, s| request_header(e, "Authorization", s)),
    ("proxy authorization", |e, s| request_header(e, "Proxy-Authorization", &format!("Bearer {s}"))),
    ("cookie", |e, s| request_header(e, "Cookie", &format!("a=b; session={s}; c=d"))),
    ("nameless cookie", |e, s| request_header(e, "Cookie", s)),
    ("set-cookie", |e, s| response_header(e, "Set-Cookie", &format!("sid={s}; Path=/; HttpOnly"))),
    ("api key", |e, s| request_header(e, "X-API-Key", s)),
    ("subscription key", |e, s| request_header(e, "Ocp-Apim-Subscription-Key", s)),
    ("aws token", |e, s| request_header(e, "X-Amz-Security-Token", s)),
    ("auth token", |e, s| request_header(e, "X-Auth-Token", s)),
    ("csrf token", |e, s| response_header(e, "X-CSRF-Token", s)),
    ("session header", |e, s| request_header(e, "X-Session-Id", s)),
    ("trailer", |e, s| {
        e.request.trailers.0.push(Header { name: "X-Api-Key".into(), value: s.into() });
    }),
    ("interim", |e, s| {
        let headers = Headers::of([("Set-Cookie", &*format!("a={s}"))]);
        e.interim.push(Interim { status: 103, reason: "".into(), headers });
    }),
    ("oauth form", |e, s| {
        e.request.target = "/oauth/token".into();
        request_body(e, format!("grant_type=client_credentials&client_id=i&client_secret={}", percent(s)));
    }),
    ("password form", |e, s| request_body(e, format!("username=u&password={}&x=y", percent(s)))),
    ("oauth code", |e, s| request_body(e, format!("grant_type=authorization_code&code={}&x=y", percent(s)))),
    ("saml assertion", |e, s| request_body(e, format!("grant_type=x&assertion={}", percent(s)))),
    ("code verifier", |e, s| request_body(e, format!("a=b&code_verifier={}", percent(s)))),
    ("oauth json request", |e, s| {
        request_body(e, format!(r#"{{"grant_type":"authorization_code","code":{}}}"#, json(s)));
    }),
    ("oauth answer", |e, s| {
        response_body(e, format!(r#"{{"access_token":{},"expires_in":86399}}"#, json(s)));
    }),
    ("refresh token", |e, s| response_body(e, format!(r#"{{ "x" : 1, "refreshToken" : {} }}"#, json(s)))),
    ("cut oauth answer", |e, s| {
        response_body(e, format!(r#"{{"access_token":"{}"#, json(s).trim_matches('"')));
    }),
    ("nested json", |e, s| request_body(e, format!(r#"{{"a":[{{"b":{{"client_secret":{}}}}}]}}"#, json(s)))),
    ("list of tokens", |e, s| request_body(e, format!(r#"{{"tokens":["a",{},"b"]}}"#, json(s)))),
    ("json in json", |e, s| {
        request_body(e, format!(r#"{{"data":{}}}"#, json(&format!(r#"{{"password":{}}}"#, json(s)))));
    }),
    ("escaped member name", |e, s| request_body(e, format!(r#"{{"p\u0061ssword":{}}}"#, json(s)))),
    ("headers as data", |e, s| {
        response_body(e, format!(r#"{{"headers":[["Authorization",{}]]}}"#, json(&format!("Bearer {s}"))));
    }),
    ("har headers", |e, s| {
        response_body(e, format!(r#"[{{"name":"X-Api-Key","value":{}}}]"#, json(s)));
    }),
    ("xml", |e, s| {
        let text = s.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        request_body(e, format!("<r><ns:password>{text}</ns:password></r>"));
    }),
    ("multipart", |e, s| {
        let head = "--b\r\nContent-Disposition: form-data; name=\"client_secret\"\r\n\r\n";
        request_body(e, format!("{head}{s}\r\n--b--\r\n"));
    }),
    ("query", |e, s| e.request.target = format!("/x?a=b&access_token={}&c=d", percent(s)).into()),
    ("encoded query name", |e, s| e.request.target = format!("/x?access%5Ftoken={}", percent(s)).into()),
    ("api key in the query", |e, s| e.request.target = format!("/x?api_key={}#f", percent(s)).into()),
    ("signed url", |e, s| e.request.target = format!("/x?X-Amz-Signature={}", percent(s)).into()),
    ("path parameter", |e, s| e.request.target = format!("/x;jsessionid={}?a=b", percent(s)).into()),
    ("userinfo", |e, s| e.request.target = format!("http://user:{}@api.x/y", percent(s)).into()),
    ("referer", |e, s| request_header(e, "Referer", &format!("https://a/b?token={}", percent(s)))),
    ("location", |e, s| {
        response_header(e, "Location", &format!("https://a/#access_token={}&x=1", percent(s)));
    }),
    ("code in a location", |e, s| {
        response_header(e, "Location", &format!("https://a/callback?code={}&state=1", percent(s)));
    }),
    ("link", |e, s| response_header(e, "Link", &format!("<https://a/?api-key={}>; rel=next", percent(s)))),
    ("gzip", |e, s| {
        response_header(e, "Content-Encoding", "gzip");
        response_body(e, gzip(&format!(r#"{{"access_token":{}}}"#, json(s))));
    }),
    ("undeclared gzip", |e, s| request_body(e, gzip(&format!("password={}", percent(s))))),
    ("deflate", |e, s| {
        request_header(e, "content-encoding", "deflate");
        let mut coder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        coder.write_all(format!("client_secret={}", percent(s)).as_bytes()).unwrap();
        request_body(e, coder.finish().unwrap());
    }),
    ("brotli", |e, s| {
        response_header(e, "Content-Encoding", "br");
        let mut packed = Vec::new();
        brotli::CompressorWriter::new(&mut packed, 4096, 5, 20)
            .write_all(format!(r#"{{"idToken":{}}}"#, json(s)).as_bytes())
            .unwrap();
        response_body(e, packed);
    }),
    ("zstd", |e, s| {
        response_header(e, "Content-Encoding", "zstd");
        let text = format!(r#"{{"password":{}}}"#, json(s));
        response_body(
            e,
            ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest),
        );
    }),
    ("change", |e, s| {
        e.changed.push(Change {
            side: Side::Request,
            what: "Authorization".into(),
            from: Some(format!("Bearer {s}")),
            to: None,
            why: "unverified peer".into(),
        });
    }),
    ("changed target", |e, s| {
        e.changed.push(Change {
            side: Side::Request,
            what: "target".into(),
            from: Some(format!("//x?access_token={}", percent(s))),
            to: Some(format!("/x?access_token={}", percent(s))),
            why: "prefix".into(),
        });
    }),
    ("raw head", |e, s| {
        let head = format!("GET /?token={} HTTP/1.1\nauthorization : Bearer {s}\n\n", percent(s));
        e.request.head = Some(head.into());
    }),
    ("folded head", |e, s| {
        e.request.head = Some(format!("GET / HTTP/1.1\r\nAuthorization: Bearer\r\n  {s}\r\n\r\n").into());
    }),
    ("error message", |e, s| {
        let message = format!("cannot reach https://u:{}@api.x/", percent(s));
        e.error = Some(Failure { source: FailureSource::Upstream, message });
    }),
    ("upstream", |e, s| e.upstream = format!("http://u:{}@proxy.x:3128", percent(s))),
];

/// Places that give nothing away: a secret is masked there because it is known, or has the shape of one.
const QUIET: &[(&str, Plant)] = &[
    ("text", |e, s| response_body(e, format!("you sent {s}, which is wrong"))),
    ("the whole body", |e, s| response_body(e, s)),
    ("json value", |e, s| response_body(e, format!(r#"{{"message":{}}}"#, json(&format!("bad: {s}!"))))),
    ("json with slashes escaped", |e, s| {
        response_body(e, format!(r#"{{"m":{}}}"#, json(s).replace('/', "\\/")));
    }),
    ("json with html escaped", |e, s| {
        let text = json(s).replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e");
        response_body(e, format!(r#"{{"m":{text}}}"#));
    }),
    ("json with everything escaped", |e, s| {
        let text: String = s.chars().map(|c| format!("\\u{:04X}", u32::from(c))).collect();
        response_body(e, format!(r#"{{"m":"x {text}"}}"#));
    }),
    ("html", |e, s| {
        let text = s
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;");
        response_body(e, format!("<pre>Authorization: Bearer {text}</pre>"));
    }),
    ("percent-encoded", |e, s| response_body(e, format!("x={}", percent(s)))),
    ("base64", |e, s| response_body(e, STANDARD.encode(format!("echo of: {s} (end)")))),
    ("hexadecimal", |e, s| {
        response_body(e, s.bytes().map(|octet| format!("{octet:02x}")).collect::<String>());
    }),
    ("path", |e, s| e.request.target = format!("/reset/{}/now", percent(s)).into()),
    ("plain header", |e, s| request_header(e, "X-Debug", &format!("v={s}"))),
    ("header that is not UTF-8", |e, s| {
        e.request
            .headers
            .0
            .push(Header { name: "X-A".into(), value: [b"\xff\xfe ", s.as_bytes()].concat().into() });
    }),
    ("user agent", |e, s| {
        request_header(e, "User-Agent", s);
        e.sdk = Some(Sdk { name: "curl".into(), version: None, marks: vec![format!("user-agent: {s}")] });
    }),
    ("reason", |e, s| e.response.as_mut().unwrap().reason = format!("No {s}").into()),
    ("websocket protocol", |e, s| request_header(e, "Sec-WebSocket-Protocol", &format!("v1, {s}"))),
    ("answer's trailer", |e, s| {
        let trailers = &mut e.response.as_mut().unwrap().trailers;
        trailers.0.push(Header { name: "X-Echo".into(), value: s.into() });
    }),
    ("binary body", |e, s| response_body(e, [b"\x00\xff\x01", s.as_bytes(), b"\xfe"].concat())),
    ("packed echo", |e, s| {
        response_header(e, "Content-Encoding", "gzip");
        response_body(e, gzip(&format!("<p>{s}</p>")));
    }),
    ("raw head", |e, s| e.request.head = Some(format!("GET / {s} HTTP/1.1\r\n\r\n").into())),
    ("error message", |e, s| {
        e.error = Some(Failure { source: FailureSource::Client, message: format!("bad line `{s}`") });
    }),
];

/// Returns every text of the exchange, and what it says once it is decoded in all the ways above.
fn readings(masked: &Masked) -> Vec<String> {
    let mut all = Vec::new();
    let mut exchange = masked.exchange().clone();
    // Packed bodies are looked into as a thief would: by trying everything.
    let answer = exchange.response.as_ref().unwrap();
    for body in [&exchange.request.body, &answer.body] {
        for coding in ["gzip", "deflate", "br", "zstd"] {
            let undone = coding::decoded(&Headers::of([("Content-Encoding", coding)]), body);
            all.extend(undone.map(|plain| String::from_utf8_lossy(&plain).into_owned()));
        }
    }
    let packed = std::mem::take(&mut all);
    all.extend(
        packed.iter().map(|text| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()),
    );
    all.extend(packed);
    spot::each(&mut exchange, &mut |_, text| {
        let text = text.octets();
        let lossy = String::from_utf8_lossy(text).into_owned();
        all.push(
            percent_encoding::percent_decode_str(&lossy.replace('+', " ")).decode_utf8_lossy().into_owned(),
        );
        all.push(percent_encoding::percent_decode_str(&lossy).decode_utf8_lossy().into_owned());
        let html =
            lossy.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
        all.push(html.replace("&amp;", "&"));
        for word in lossy.split(|c: char| !c.is_ascii_alphanumeric() && !"+/=-_".contains(c)) {
            all.extend(
                credentials::decode_base64(word.as_bytes()).map(|o| String::from_utf8_lossy(&o).into_owned()),
            );
            let hex: Option<Vec<u8>> = word
                .as_bytes()
                .chunks(2)
                .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
                .collect();
            all.extend(hex.map(|o| String::from_utf8_lossy(&o).into_owned()));
        }
        members::walk(text, &mut |place| all.push(members::unescape(&text[place.start..place.end])));
        all.push(lossy);
    });
    all.push(format!("{:?}", masked.exchange().redactions));
    all
}

fn assert_gone(masked: &Masked, secret: &str, place: &str) {
    for reading in readings(masked) {
        // Twice unescaped: JSON inside JSON.
        let inner = reading.replace("\\\"", "\"").replace("\\\\", "\\");
        assert!(!reading.contains(secret) && !inner.contains(secret), "{place}: {secret} is in {reading}");
    }
    assert!(!masked.exchange().redactions.is_empty(), "{place}: {secret} was masked and not listed");
}

#[test]
fn the_search_finds_what_is_not_masked() {
    for (place, plant) in TELLING.iter().chain(QUIET) {
        for secret in [OPAQUE, AWKWARD, JWT, UUID] {
            let mut exchange = exchange();
            plant(&mut exchange, secret);
            let found = readings(&Masked(exchange))
                .iter()
                .any(|reading| reading.contains(secret) || reading.replace("\\\"", "\"").contains(secret));
            assert!(found, "{place}: {secret}");
        }
    }
}

#[test]
fn no_secret_is_left_in_a_place_that_is_made_for_one() {
    for (place, plant) in TELLING {
        for secret in [OPAQUE, AWKWARD, JWT, UUID, "s"] {
            let mut exchange = exchange();
            plant(&mut exchange, secret);
            let masked = redactor().mask(exchange);
            if secret.len() > 1 {
                assert_gone(&masked, secret, place);
            } else {
                assert!(!masked.exchange().redactions.is_empty(), "{place}: a secret of one letter stays");
            }
        }
    }
}

#[test]
fn a_known_secret_is_masked_wherever_it_is_echoed() {
    for (source, first) in [TELLING[0], TELLING[2], TELLING[10], TELLING[18], TELLING[24]] {
        for (place, plant) in QUIET {
            for secret in [OPAQUE, AWKWARD, JWT, UUID] {
                let redactor = redactor();
                // In the same exchange, unless both are its body, and in a later one.
                let mut earlier = exchange();
                first(&mut earlier, secret);
                if earlier.response == exchange().response {
                    plant(&mut earlier, secret);
                }
                assert_gone(&redactor.mask(earlier), secret, &format!("{source}, then {place}"));
                let mut later = exchange();
                plant(&mut later, secret);
                assert_gone(&redactor.mask(later), secret, &format!("{source}, later {place}"));
            }
        }
    }
}

#[test]
fn a_token_is_known_by_its_shape_alone() {
    for (place, plant) in QUIET {
        if matches!(*place, "base64" | "hexadecimal") {
            continue;
        }
        let mut exchange = exchange();
        plant(&mut exchange, JWT);
        assert_gone(&redactor().mask(exchange), JWT, place);
    }
}

#[test]
fn an_oauth_body_that_cannot_be_read_is_withheld_and_said() {
    let mut exchange = exchange();
    exchange.request.target = "/oauth/token".into();
    request_header(&mut exchange, "Content-Encoding", "exi");
    request_body(&mut exchange, OPAQUE);
    let masked = redactor().mask(exchange);
    let body = &masked.exchange().request.body;
    assert_eq!((body.octets.len(), body.total, body.cut), (0, OPAQUE.len() as u64, true));
    assert_eq!(masked.exchange().redactions[0].kind, WITHHELD);
}

#[test]
fn a_packed_body_is_kept_as_sent_if_it_is_clean_and_open_if_not() {
    let mut clean = exchange();
    response_header(&mut clean, "Content-Encoding", "gzip");
    response_body(&mut clean, gzip(r#"{"code":"x"}"#));
    assert_eq!(redactor().mask(clean.clone()).exchange(), &clean);
    let sent = gzip(r#"{"access_token":"abc","expires_in":5}"#);
    let mut dirty = clean;
    response_body(&mut dirty, sent.clone());
    let masked = redactor().mask(dirty);
    let body = &masked.exchange().response.as_ref().unwrap().body;
    assert!(body.decoded && body.octets.starts_with(br#"{"access_token":"redacted-token-"#));
    assert_eq!(body.total, sent.len() as u64);
}

#[test]
fn a_bomb_is_looked_at_to_the_limit_and_the_rest_is_not_kept() {
    let mut exchange = exchange();
    response_header(&mut exchange, "Content-Encoding", "gzip");
    response_body(&mut exchange, gzip(&format!("{}password={OPAQUE}", "x".repeat(9 << 20))));
    let masked = redactor().mask(exchange);
    let body = &masked.exchange().response.as_ref().unwrap().body;
    assert!(body.decoded && body.cut && body.octets.len() == 1 << 20);
}

#[test]
fn what_the_user_names_is_masked_and_stays_json() {
    let rules = Rules {
        pointers: vec![Pointer::parse("/people/*/phone").unwrap(), Pointer::parse("/address").unwrap()],
        keys: vec!["email".into(), "X-Person".into()],
    };
    let mut personal = exchange();
    let body =
        r#"{"people":[{"phone":123,"email":"a@b"},{"phone":null}],"address":{"street":"s"},"notes":"phone"}"#;
    request_body(&mut personal, body);
    request_header(&mut personal, "x-person", "Ann");
    personal.request.target = "/x?email=a%40b&y=1".into();
    let masked = Redactor::new([1; 32], rules).mask(personal);
    let request = &masked.exchange().request;
    let json: serde_json::Value = serde_json::from_slice(&request.body.octets).unwrap();
    for place in ["/people/0/phone", "/people/0/email", "/address"] {
        assert!(json.pointer(place).unwrap().as_str().unwrap().starts_with("redacted-personal-"), "{place}");
    }
    assert_eq!((&json["people"][1]["phone"], &json["notes"]), (&serde_json::Value::Null, &"phone".into()));
    assert!(request.headers.text("x-person").unwrap().starts_with("redacted-personal-"));
    assert!(request.target.as_str().unwrap().starts_with("/x?email=redacted-personal-"));
    assert!(request.target.as_str().unwrap().ends_with("&y=1"));
}

#[test]
fn masked_json_is_json() {
    for text in [
        r#"{"password":1234,"a":1}"#,
        r#"{"password":"a\"b","token":["x","y"],"secret":null}"#,
        r#"{"a":"{\"client_secret\":\"x\\\"y\"}","b":[1]}"#,
        r#"{"authorization":"Bearer abc def","cookie":"a=b"}"#,
    ] {
        let mut exchange = exchange();
        request_body(&mut exchange, text);
        let masked = redactor().mask(exchange);
        let body = &masked.exchange().request.body.octets;
        assert!(serde_json::from_slice::<serde_json::Value>(body).is_ok(), "{:?}", std::str::from_utf8(body));
        assert_ne!(body, text.as_bytes());
    }
}

#[test]
fn plain_talk_about_secrets_is_left_alone() {
    for text in [
        r#"{"message":"The bearer token is missing","code":"bad.credentials","status":401}"#,
        r#"{"token_type":"bearer","expires_in":86399}"#,
        r#"{"notes":"asked for a password: none given","nextPageToken":"abc"}"#,
        r#"{"errors":["secret is required","Basic realm"],"author":"x"}"#,
        r#"{"selfUri":"/api/v2/tokens/me","uri":"https://api.x/y?pageSize=1"}"#,
        r#"{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","id":"3b1f0c52-9d44-4c1e-8f7a-0123456789ab"}"#,
        r#"{"cursor":"eyJwYWdlIjoxMjM0NTY3ODkwMTIzNDU2Nzg5MH0=","state":"disconnected"}"#,
        r#"{"signature":null,"tokens":[],"password":""}"#,
        "codeId=x&code=y&durationMs=1",
    ] {
        let mut exchange = exchange();
        request_body(&mut exchange, text);
        let masked = redactor().mask(exchange);
        assert_eq!(masked.exchange().request.body.octets, text.as_bytes());
    }
}
