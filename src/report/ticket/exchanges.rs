//! The exchanges that go with a ticket, with personal data masked as in the ticket itself.

use bytes::Bytes;

use crate::model::coding;
use crate::model::exchange::{Body, Exchange, Headers};
use crate::redact::field;
use crate::report::personal::PersonalData;
use crate::report::ticket::texts::exchange_texts;
use crate::report::ticket::{People, Ticket};

/// Returns the exchanges with e-mail addresses, phone numbers and names masked, unless they may be shown.
///
/// A value has the same mask here as in the tickets. For that, compressed bodies are stored decoded, and a
/// body in which personal data cannot be found (an image, an unknown coding) is left out and marked as cut.
pub fn masked(tickets: &[Ticket<'_>], exchanges: &[&Exchange], people: People) -> Vec<Exchange> {
    let mut exchanges: Vec<Exchange> = exchanges.iter().map(|exchange| (*exchange).clone()).collect();
    if people == People::Shown {
        return exchanges;
    }
    // The tickets' texts first: what is found there gets the numbers that it has in the ticket.
    let mut found: Vec<String> = tickets.iter().flat_map(Ticket::texts).collect();
    found.extend(exchanges.iter().flat_map(exchange_texts));
    let personal = PersonalData::find(found.iter().map(String::as_str));
    for exchange in &mut exchanges {
        open(&exchange.request.headers, &mut exchange.request.body);
        if let Some(response) = &mut exchange.response {
            open(&response.headers, &mut response.body);
        }
        field::each_field(exchange, &mut |_, text| {
            let plain = String::from_utf8_lossy(text.bytes());
            let masked = personal.mask(&plain);
            if masked != plain {
                text.put(masked.into_bytes());
            }
        });
    }
    exchanges
}

/// Puts the decoded text into a body, or nothing if there is no text in it.
fn open(headers: &Headers, body: &mut Body) {
    match coding::decoded(headers, body) {
        Some(bytes) if std::str::from_utf8(&bytes).is_ok() => {
            if let std::borrow::Cow::Owned(plain) = bytes {
                body.bytes = Bytes::from(plain);
                body.decoded = true;
            }
        }
        // The beginning of a text that a limit cut inside a letter is still a text.
        Some(bytes) if body.cut && cut_inside_a_letter(&bytes) => {}
        _ => {
            body.bytes = Bytes::new();
            body.cut = true;
        }
    }
}

fn cut_inside_a_letter(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::model::testing::exchange;

    fn gzip(plain: &str) -> Body {
        let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        coder.write_all(plain.as_bytes()).unwrap();
        Body::whole(coder.finish().unwrap())
    }

    #[test]
    fn people_are_masked_in_targets_headers_and_compressed_bodies() {
        let mut sent = exchange(1, "POST", "/a?mail=ann@example.org", r#"{"firstName":"Ann"}"#, 400);
        sent.request.headers = Headers::of([("X-From", "ann@example.org")]);
        let answer = sent.response.as_mut().unwrap();
        answer.headers = Headers::of([("Content-Encoding", "gzip")]);
        answer.body = gzip(r#"{"message":"Ann, +4930123456, is not known"}"#);
        let masked = masked(&[], &[&sent], People::Masked).remove(0);
        assert_eq!(masked.request.target.lossy(), "/a?mail=[email-1]");
        assert_eq!(masked.request.headers.text("x-from"), Some("[email-1]"));
        assert_eq!(&*masked.request.body.bytes, br#"{"firstName":"[name-1]"}"#);
        let answer = masked.response.unwrap().body;
        assert_eq!(&*answer.bytes, br#"{"message":"[name-1], [phone-1], is not known"}"#);
        assert!(answer.decoded);
    }

    #[test]
    fn a_body_that_cannot_be_masked_is_left_out_unless_people_may_be_shown() {
        let mut sent = exchange(1, "POST", "/a", "", 400);
        sent.request.body = Body::whole(&b"\x89PNG\xff"[..]);
        assert!(masked(&[], &[&sent], People::Masked)[0].request.body.bytes.is_empty());
        assert!(masked(&[], &[&sent], People::Masked)[0].request.body.cut);
        assert_eq!(masked(&[], &[&sent], People::Shown)[0], sent);
    }
}
