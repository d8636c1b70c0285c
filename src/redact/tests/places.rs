//! The places where a secret can be, and how it is written there.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;

/// A token without structure, as most APIs issue them.
pub(super) const OPAQUE: &str = "tK9-vQ2_xR7.planted~41";
/// With everything that some notation escapes.
pub(super) const AWKWARD: &str = "pl@nted/s3cr+t&<x>\"y'z";
pub(super) const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.c2lnbmF0dXJlLXBsYW50ZWQ";
pub(super) const UUID: &str = "3b1f0c52-9d44-4c1e-8f7a-planted00001";

/// What a place is given to be planted in.
pub(super) type Plant = fn(&mut Exchange, &str);

pub(super) fn request_header(exchange: &mut Exchange, name: &str, value: &str) {
    exchange.request.headers.0.push(Header { name: name.into(), value: value.into() });
}

pub(super) fn response_header(exchange: &mut Exchange, name: &str, value: &str) {
    exchange.response.as_mut().unwrap().headers.0.push(Header { name: name.into(), value: value.into() });
}

pub(super) fn request_body(exchange: &mut Exchange, text: impl Into<Vec<u8>>) {
    exchange.request.body = Body::whole(text.into());
}

pub(super) fn response_body(exchange: &mut Exchange, text: impl Into<Vec<u8>>) {
    exchange.response.as_mut().unwrap().body = Body::whole(text.into());
}

fn percent(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

pub(super) fn gzip(text: &str) -> Vec<u8> {
    let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    coder.write_all(text.as_bytes()).unwrap();
    coder.finish().unwrap()
}

/// Places whose own name says that there is a secret: any secret is masked on first sight.
pub(super) const TELLING: &[(&str, Plant)] = &[
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
pub(super) const QUIET: &[(&str, Plant)] = &[
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
        response_body(e, s.bytes().map(|byte| format!("{byte:02x}")).collect::<String>());
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
