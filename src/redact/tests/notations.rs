//! Secrets in every notation a client can write them in: none is left, masking again changes nothing, and
//! what a header hides an echo hides, too.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::places::{gzip, request_body, request_header, response_body};
use super::*;

fn percent(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn each(text: &str, written: impl Fn(char) -> String) -> String {
    text.chars().map(written).collect()
}

fn entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Ways to write a text.
type Written = fn(&str) -> Vec<u8>;
const NOTATIONS: &[(&str, Written)] = &[
    ("plain", |text| text.into()),
    ("percent", |text| percent(text).into()),
    ("percent twice", |text| percent(&percent(text)).into()),
    ("percent, all in small digits", |text| each(text, |c| format!("%{:02x}", u32::from(c))).into()),
    ("JSON", |text| json(text).into()),
    ("JSON in JSON in JSON", |text| json(&json(&json(text))).into()),
    ("escapes of JSON", |text| each(text, |c| format!("\\u{:04X}", u32::from(c))).into()),
    ("entities", |text| entities(text).into()),
    ("numeric entities", |text| each(text, |c| format!("&#{};", u32::from(c))).into()),
    ("hexadecimal entities", |text| each(text, |c| format!("&#x{:x};", u32::from(c))).into()),
    ("hexadecimal digits", |text| each(text, |c| format!("{:02x}", u32::from(c))).into()),
    ("Base64", |text| STANDARD.encode(format!("it is {text} here")).into()),
    ("Base64 for URLs", |text| URL_SAFE_NO_PAD.encode(text).into()),
    ("UTF-16", |text| wide(&format!("it is {text}"))),
    ("gzip", |text| gzip(&format!("it is {text}"))),
];

/// Bodies in which a name says that there is a secret.
type Named = fn(&str) -> String;
const BODIES: &[(&str, Named)] = &[
    ("form", |s| format!("user=u&password={}&x=y", percent(s))),
    ("form with brackets", |s| format!("user%5Bpassword%5D={}", percent(s))),
    ("form with an index", |s| format!("user[tokens][0]={}", percent(s))),
    ("form in a form", |s| format!("data={}", percent(&format!("a=b&client_secret={}", percent(s))))),
    ("JSON in a form", |s| format!("data={}", percent(&format!(r#"{{"password":{}}}"#, json(s))))),
    ("JSON", |s| format!(r#"{{"a":[{{"client_secret":{}}}]}}"#, json(s))),
    ("JSON in JSON in JSON", |s| {
        let inner = format!(r#"{{"password":{},"x":1}}"#, json(s));
        format!(r#"{{"d":{}}}"#, json(&format!(r#"{{"e":{}}}"#, json(&inner))))
    }),
    ("a name in escapes", |s| format!(r#"{{"p\u0061sswor\u0064":{}}}"#, json(s))),
    ("JSON Patch", |s| format!(r#"[{{"op":"replace","path":"/users/0/password","value":{}}}]"#, json(s))),
    ("JSON Patch, value first", |s| format!(r#"[{{"value":{},"path":"/api_key","op":"add"}}]"#, json(s))),
    ("name and value", |s| format!(r#"[{{"key":"token","type":"text","n":1,"value":{}}}]"#, json(s))),
    ("value and name in JSON", |s| {
        json(&format!(r#"[{{"value":{},"enabled":true,"name":"password"}}]"#, json(s)))
    }),
    ("old and new values", |s| {
        format!(r#"{{"property":"password","oldValues":["a1b2c3"],"newValues":[{}]}}"#, json(s))
    }),
    ("a value in an object", |s| format!(r#"{{"password":{{"value":{}}}}}"#, json(s))),
    ("a call", |s| format!("request.setHeader(\"Authorization\", {})", json(&format!("Bearer {s}")))),
    ("SOAP", |s| format!(r#"<w:Password Type="x#Text">{}</w:Password>"#, entities(s))),
    ("CDATA", |s| format!("<password>\n<![CDATA[{s}]]></password>")),
    ("an attribute", |s| format!(r#"<user name="u" password="{}"/>"#, entities(s))),
    ("an entry", |s| format!(r#"<entry key="password">{}</entry>"#, entities(s))),
    ("a field of a page", |s| format!(r#"<input value="{}" name="csrf_token">"#, entities(s))),
    ("elements for name and value", |s| {
        format!("<p><name>password</name> <value>{}</value></p>", entities(s))
    }),
    ("XML in JSON", |s| json(&format!("<a><password>{}</password></a>", entities(s)))),
    ("JSON in XML", |s| format!("<a>{}</a>", entities(&format!(r#"{{"password":{}}}"#, json(s))))),
    ("part of a form", |s| {
        format!("--b\r\nContent-Disposition: form-data; name=password\r\n\r\n{s}\r\n--b--\r\n")
    }),
    ("quoted part of a form", |s| {
        format!("--b\nContent-Disposition: form-data; name=\"user[password]\"\n\n{s}\n--b--\n")
    }),
    ("Base64 of JSON", |s| {
        format!(r#"{{"data":"{}"}}"#, STANDARD.encode(format!(r#"{{"password":{}}}"#, json(s))))
    }),
    ("a dump of headers in JSON", |s| json(&format!("GET / HTTP/1.1\r\nX-Api-Key: {s}\r\nHost: a"))),
];

/// `Authorization` values, and cookies, around a secret.
const CREDENTIALS: &[(&str, &str, Named)] = &[
    ("bearer", "Authorization", |s| format!("Bearer {s}")),
    ("two bearers", "Authorization", |s| format!("Bearer Bearer {s}")),
    ("a colon", "Authorization", |s| format!("Bearer: {s}")),
    ("quoted", "Authorization", |s| format!("Bearer \"{s}\"")),
    ("all quoted", "Authorization", |s| format!("\"Bearer {s}\"")),
    ("a parameter", "Authorization", |s| format!("Token token=\"{s}\", realm=\"x\"")),
    ("an own scheme, folded", "Authorization", |s| format!("Custom a\r\n {s}")),
    ("password", "Authorization", |s| format!("Basic {}", STANDARD.encode(format!("id:{s}")))),
    ("key as user", "Authorization", |s| format!("Basic {}", STANDARD.encode(format!("{s}:")))),
    ("cookie", "Cookie", |s| format!("a=b; session=\"{s}\"")),
    ("protocol", "Sec-WebSocket-Protocol", |s| format!("v1, bearer, {s}")),
    ("part of a protocol", "Sec-WebSocket-Protocol", |s| format!("access_token.{s}")),
    ("user of a URL", "Referer", |s| format!("https://{s}@git.example/x")),
];

const TOKEN: &str = "tK9vQ2xR7plantedA41";
const AWKWARD: &str = "pl@nted/s3cr+t&<x>\"y'z";

/// Masks, checks that masking again changes nothing, and returns all of it as a text.
fn masked(exchange: Exchange) -> String {
    let once = redactor().mask(exchange);
    let again = Redactor::new([8; 32], Rules::default()).mask(once.exchange().clone());
    let shown =
        |masked: &Masked| format!("{:?}", (&masked.exchange().request, &masked.exchange().redactions));
    assert!(once == again, "{}\nbecame\n{}", shown(&once), shown(&again));
    let exchange = once.into_exchange();
    let body = |body: &Body| String::from_utf8_lossy(&body.bytes).into_owned();
    format!(
        "{:?} {:?} {} {}",
        exchange.request.target,
        exchange.request.headers,
        body(&exchange.request.body),
        body(&exchange.response.unwrap().body)
    )
}

fn assert_gone(text: &str, secret: &str, place: &str) {
    let mut written: Vec<Vec<u8>> = NOTATIONS[..11].iter().map(|(_, notation)| notation(secret)).collect();
    written.push(STANDARD.encode(secret).into());
    for form in written {
        let form = String::from_utf8(form).unwrap();
        let form = form.trim_matches(['"', '\\', '=']);
        assert!(!text.contains(form), "{place}: {form} is in {text}");
    }
}

#[test]
fn a_named_secret_is_gone_in_every_body() {
    for (place, body) in BODIES {
        for secret in [TOKEN, AWKWARD] {
            let mut exchange = exchange();
            request_body(&mut exchange, body(secret));
            assert_gone(&masked(exchange), secret, place);
        }
    }
}

#[test]
fn bodies_in_wide_letters_and_under_wrong_codings_are_read() {
    let body = format!(r#"{{"access_token":"{TOKEN}","expires_in":5}}"#);
    let mut marked = vec![0xfe, 0xff];
    marked.extend(body.encode_utf16().flat_map(u16::to_be_bytes));
    let twice = gzip(&String::from_utf8_lossy(&wide("x")));
    assert!(!twice.is_empty());
    for coding in [None, Some("identity"), Some("gzip"), Some("br"), Some("exi"), Some("gzip, gzip")] {
        for bytes in [wide(&body), marked.clone(), gzip(&body), body.clone().into_bytes()] {
            let mut exchange = exchange();
            request_body(&mut exchange, bytes);
            if let Some(coding) = coding {
                request_header(&mut exchange, "Content-Encoding", coding);
            }
            let once = redactor().mask(exchange).into_exchange();
            let text = String::from_utf8_lossy(&once.request.body.bytes).into_owned();
            assert!(text.contains("redacted-token-") && !text.contains(TOKEN), "{coding:?}: {text}");
        }
    }
}

#[test]
fn what_a_header_hides_an_echo_hides_in_every_notation() {
    for (name, header, value) in CREDENTIALS {
        for (notation, written) in NOTATIONS {
            let mut exchange = exchange();
            request_header(&mut exchange, header, &value(TOKEN));
            response_body(&mut exchange, written(TOKEN));
            assert_gone(&masked(exchange), TOKEN, &format!("{name}, echoed as {notation}"));
        }
    }
}

#[test]
fn a_head_that_could_not_be_read_hides_its_lines() {
    let mut refused = exchange();
    let line = format!("X-Api-Key {TOKEN}");
    for name in [&*line, "Authorization", " custom-horse"] {
        request_header(&mut refused, name, if name == "Authorization" { "Custom a" } else { "" });
    }
    refused.request.head =
        Some(format!("GET / HTTP/1.1\r\n{line}\r\nAuthorization: Custom a\r\n custom-horse\r\n\r\n").into());
    let masked = redactor().mask(refused).into_exchange();
    let text = format!("{masked:?}");
    assert!(!text.contains(TOKEN) && !text.contains("horse"), "{text}");
}

#[test]
fn ordinary_values_stay() {
    for text in [
        r#"{"wrapup":{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","notes":"see the password policy","durationSeconds":120}}"#,
        r#"{"notes":"C:\\temp\\new \"quoted\" & more; done","wrapUpCode":"Default-Wrapup-Code-1","passed":true}"#,
        r#"{"grant_type":"password","name":"x","value":"ordinary"}"#,
        r#"{"name":"Key Account Session","value":"hello","field":"x","passengers":[{"name":"A","value":"B"}]}"#,
        r#"{"field":"token","message":"must not be null"}"#,
        r#"{"keyword":"x","author":{"name":"Ann"},"sessionId":"3b1f0c52-9d44-4c1e-8f7a-0123456789ab"}"#,
        r#"<label for="password">Password</label><form class="password"></form><token/>text"#,
        r#"{"note":"anVzdCBhIHBsYWluIHRleHQgd2l0aG91dCBhbnl0aGluZw=="}"#,
    ] {
        let mut exchange = exchange();
        request_body(&mut exchange, text);
        let masked = redactor().mask(exchange.clone());
        assert_eq!(masked.exchange().request.body, exchange.request.body, "{text}");
    }
    for target in [
        "/api/v2/tokens/3b1f0c52-9d44-4c1e-8f7a-0123456789ab",
        "/api/v2/authorization/roles/3b1f0c52-9d44-4c1e-8f7a-0123456789ab?pageSize=25",
        "/x?expand=authorization,token&sortBy=name&nextPage=eyJwYWdlIjoxMjM0NTY3ODkwMTIzNDU2Nzg5MH0",
    ] {
        let mut exchange = exchange();
        exchange.request.target = target.into();
        assert_eq!(redactor().mask(exchange.clone()).exchange(), &exchange);
    }
}

proptest! {
    #[test]
    fn a_planted_secret_is_gone_and_masks_stay(
        secret in "[A-Za-z][A-Za-z0-9_/+~.-]{6,20}[0-9][A-Za-z0-9]{3}",
        body in 0..BODIES.len(),
        notation in 0..NOTATIONS.len(),
        header in 0..CREDENTIALS.len() - 3,
    ) {
        let (place, named) = BODIES[body];
        let (_, header, value) = CREDENTIALS[header];
        let mut exchange = exchange();
        request_header(&mut exchange, header, &value(&secret));
        request_body(&mut exchange, named(&secret));
        response_body(&mut exchange, NOTATIONS[notation].1(&secret));
        assert_gone(&masked(exchange), &secret, place);
    }
}
