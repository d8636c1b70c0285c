//! Secrets planted in every place where one can be, in every notation it can have there: none is left.

use super::places::{AWKWARD, JWT, OPAQUE, QUIET, TELLING, UUID, gzip, request_body, request_header};
use super::places::{response_body, response_header};
use super::*;
use crate::model::coding;
use crate::redact::tests::exchange;
use crate::redact::unpack::WITHHELD;

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
    field::each_field(&mut exchange, &mut |_, text| {
        let text = text.bytes();
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
        json_members::walk(text, &mut |place| {
            all.push(json_members::unescape(&text[place.start..place.end]));
        });
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
            let found = readings(&Masked::unmasked(exchange))
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
    assert_eq!((body.bytes.len(), body.total, body.cut), (0, OPAQUE.len() as u64, true));
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
    assert!(body.decoded && body.bytes.starts_with(br#"{"access_token":"redacted-token-"#));
    assert_eq!(body.total, sent.len() as u64);
}

#[test]
fn a_bomb_is_looked_at_to_the_limit_and_the_rest_is_not_kept() {
    let mut exchange = exchange();
    response_header(&mut exchange, "Content-Encoding", "gzip");
    response_body(&mut exchange, gzip(&format!("{}password={OPAQUE}", "x".repeat(9 << 20))));
    let masked = redactor().mask(exchange);
    let body = &masked.exchange().response.as_ref().unwrap().body;
    assert!(body.decoded && body.cut && body.bytes.len() == 1 << 20);
}

#[test]
fn what_the_user_names_is_masked_and_stays_json() {
    let rules = Rules {
        pointers: vec![Pointer::parse("/people/*/phone").unwrap(), Pointer::parse("/address").unwrap()],
        keys: vec!["email".into(), "X-Person".into()],
        ..Rules::default()
    };
    let mut personal = exchange();
    let body =
        r#"{"people":[{"phone":123,"email":"a@b"},{"phone":null}],"address":{"street":"s"},"notes":"phone"}"#;
    request_body(&mut personal, body);
    request_header(&mut personal, "x-person", "Ann");
    personal.request.target = "/x?email=a%40b&y=1".into();
    let masked = Redactor::new([1; 32], rules).mask(personal);
    let request = &masked.exchange().request;
    let json: serde_json::Value = serde_json::from_slice(&request.body.bytes).unwrap();
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
        let body = &masked.exchange().request.body.bytes;
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
        assert_eq!(masked.exchange().request.body.bytes, text.as_bytes());
    }
}

#[test]
fn every_telling_name_is_known_in_every_spelling() {
    for words in [
        "access token",
        "id token",
        "client secret",
        "code verifier",
        "new password",
        "user passwd",
        "passphrase",
        "api key",
        "access key",
        "secret key",
        "private key",
        "shared key",
        "signing key",
        "encryption key",
        "subscription key",
        "functions key",
        "auth key",
        "assertion",
        "client assertion",
        "saml response",
        "signature",
        "authorization",
        "credentials",
        "device code",
        "authorization code",
        "set cookie",
        "cookie",
        "jsessionid",
        "pwd",
        "pass",
        "bearer",
        "auth",
        "sig",
        "jwt",
    ] {
        let upper = |word: &str| format!("{}{}", word[..1].to_uppercase(), &word[1..]);
        let pieces: Vec<&str> = words.split(' ').collect();
        let pascal: String = pieces.iter().map(|word| upper(word)).collect();
        let camel = format!("{}{}", &pieces[0][..1], &pascal[1..]);
        let headers = pieces.iter().map(|word| upper(word)).collect::<Vec<_>>().join("-");
        let mut spellings = vec![camel, pascal, headers];
        spellings.extend(["_", "-", ""].map(|gap| pieces.join(gap)));
        spellings.push(pieces.join("_").to_uppercase());
        for name in spellings {
            // Short words are common as parts of others: only as they are usually written.
            if pieces.len() == 1 && words.len() <= 6 && name != words {
                continue;
            }
            let mut exchange = exchange();
            request_body(&mut exchange, format!(r#"{{"{name}":"s"}}"#));
            exchange.request.target = format!("/x?{name}=s").into();
            let masked = redactor().mask(exchange);
            let (body, target) = (&masked.exchange().request.body.bytes, &masked.exchange().request.target);
            assert!(body.ends_with(b"\"}") && body.len() > 20, "{name}: {:?}", std::str::from_utf8(body));
            assert!(target.len() > 20, "{name}: {target:?}");
        }
    }
}
