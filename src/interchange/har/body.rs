//! Bodies in a HAR: text or Base64, fields of a form, or only a size.

use base64::Engine as _;

use crate::interchange::har::Reconstructions;
use crate::interchange::har::document::{HarPair, HarRequest, HarResponse, count, text};
use crate::model::coding;
use crate::model::exchange::{Body, Headers};
use crate::model::passage::Side;

/// The text and the size that a tool gives for a body do not agree.
const OTHER_SIZE: &str = "the tool kept another number of bytes than were on the wire";

/// Returns the request's body.
pub(crate) fn of_request(
    asked: &HarRequest,
    headers: &Headers,
    limit: usize,
    reconstructions: &mut Reconstructions,
) -> Body {
    let size = count(&asked.body_size).filter(|size| *size > 0).or_else(|| declared(headers));
    let Some(data) = &asked.post_data else {
        return missing(size, Side::Request, reconstructions);
    };
    let params = data.params.as_deref().unwrap_or_default();
    let bytes = match text(&data.text) {
        Some(written) => {
            let encoding = text(&data.encoding);
            as_sized(
                bytes(written, encoding.as_deref(), Side::Request, reconstructions),
                size,
                Side::Request,
                reconstructions,
            )
        }
        None if params.is_empty() => return missing(size, Side::Request, reconstructions),
        None => {
            reconstructions.add(Side::Request, "body", None, "built from the fields of the form");
            let media_type =
                headers.text("content-type").map(str::to_owned).or_else(|| text(&data.mime_type));
            form(params, &media_type.unwrap_or_default())
        }
    };
    let mut body = Body::whole(bytes);
    if headers.get("content-encoding").is_some() && coding::decoded(headers, &body).is_none() {
        body.decoded = true;
        reconstructions.add(Side::Request, "body", None, "the tool keeps it decoded");
    } else if let Some(size) = size.filter(|size| *size != body.total) {
        let sizes = format!("{} of {size} bytes", body.total);
        reconstructions.add(Side::Request, "body", Some(sizes), OTHER_SIZE);
    }
    charset(headers, &body, Side::Request, reconstructions);
    limited(body, limit)
}

/// Returns the response's body.
pub(crate) fn of_response(
    answered: &HarResponse,
    headers: &Headers,
    bodiless: bool,
    limit: usize,
    reconstructions: &mut Reconstructions,
) -> Body {
    let content = answered.content.as_ref();
    let written = content.and_then(|content| text(&content.text));
    if bodiless {
        if written.is_some() {
            reconstructions.add(
                Side::Response,
                "body",
                None,
                "left out, because it came from the tool's cache",
            );
        }
        return Body::default();
    }
    let wire = count(&answered.body_size).filter(|size| *size > 0);
    let plain = content.and_then(|content| count(&content.size)).filter(|size| *size > 0);
    let Some(written) = written else {
        return missing(wire.or(plain), Side::Response, reconstructions);
    };
    let encoding = content.and_then(|content| text(&content.encoding));
    let bytes = bytes(written, encoding.as_deref(), Side::Response, reconstructions);
    let mut body = Body::whole(as_sized(bytes, plain, Side::Response, reconstructions));
    let coded = headers.get("content-encoding").is_some_and(|value| !value.eq_ignore_case("identity"));
    // a tool that could not decode a body keeps it as it was sent
    let as_sent = encoding.is_some() && body.bytes.starts_with(b"\x1f\x8b");
    if coded && !as_sent && coding::decoded(headers, &body).is_none() {
        body.decoded = true;
        body.total = wire.unwrap_or(body.total);
        reconstructions.add(Side::Response, "body", None, "the tool keeps it decoded");
    } else if let Some(size) = plain.filter(|size| *size != body.total) {
        let sizes = format!("{} of {size} bytes", body.total);
        reconstructions.add(Side::Response, "body", Some(sizes), OTHER_SIZE);
    }
    charset(headers, &body, Side::Response, reconstructions);
    limited(body, limit)
}

/// A body of which only the size is known, or none at all.
fn missing(size: Option<u64>, side: Side, reconstructions: &mut Reconstructions) -> Body {
    match size {
        Some(total) => {
            reconstructions.add(side, "body", None, "the tool did not keep it");
            Body { total, cut: true, ..Body::default() }
        }
        None => Body::default(),
    }
}

fn declared(headers: &Headers) -> Option<u64> {
    headers.text("content-length")?.trim().parse().ok().filter(|length| *length > 0)
}

fn bytes(
    written: String,
    encoding: Option<&str>,
    side: Side,
    reconstructions: &mut Reconstructions,
) -> Vec<u8> {
    match encoding {
        Some(encoding) if encoding.eq_ignore_ascii_case("base64") => {
            // some tools leave the padding out, or take the letters that are safe in URLs
            let same = |letter: char| match letter {
                '-' => '+',
                '_' => '/',
                letter => letter,
            };
            let compact: String =
                written.chars().filter(|c| !c.is_ascii_whitespace() && *c != '=').map(same).collect();
            base64::engine::general_purpose::STANDARD_NO_PAD.decode(compact.as_bytes()).unwrap_or_else(|_| {
                reconstructions.add(side, "body", None, "declared as Base64 but it is not: kept as written");
                written.into_bytes()
            })
        }
        _ => written.into_bytes(),
    }
}

/// Some tools write each byte as the character with that number; the text then has as many characters as
/// `size` says.
fn as_sized(bytes: Vec<u8>, size: Option<u64>, side: Side, reconstructions: &mut Reconstructions) -> Vec<u8> {
    if size.is_none_or(|size| size >= bytes.len() as u64) {
        return bytes;
    }
    let narrow = std::str::from_utf8(&bytes).ok().and_then(|text| {
        text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect::<Option<Vec<u8>>>()
    });
    match narrow {
        Some(narrow) if size == Some(narrow.len() as u64) => {
            reconstructions.add(side, "body", None, "each character is taken as one byte, as the size says");
            narrow
        }
        _ => bytes,
    }
}

/// A HAR holds characters; which bytes they were is known for UTF-8 only.
fn charset(headers: &Headers, body: &Body, side: Side, reconstructions: &mut Reconstructions) {
    let media_type = headers.text("content-type").unwrap_or_default().to_ascii_lowercase();
    let Some((_, rest)) = media_type.split_once("charset=") else { return };
    let charset = rest.split(';').next().unwrap_or_default().trim().trim_matches('"');
    let is_text = std::str::from_utf8(&body.bytes).is_ok();
    if !matches!(charset, "utf-8" | "utf8" | "us-ascii") && is_text && !body.bytes.is_ascii() {
        let charset = Some(charset.to_owned());
        reconstructions.add(
            side,
            "body",
            charset,
            "the bytes are UTF-8, on the wire they had another charset",
        );
    }
}

fn limited(mut body: Body, limit: usize) -> Body {
    if body.bytes.len() > limit {
        body.bytes.truncate(limit);
        body.cut = true;
    }
    body
}

/// Puts a form together: with a boundary in the media type as multipart, else as name=value pairs.
fn form(params: &[HarPair], media_type: &str) -> Vec<u8> {
    let boundary = media_type
        .split_once("boundary=")
        .map(|(_, rest)| rest.split(';').next().unwrap_or_default().trim().trim_matches('"').to_owned());
    let Some(boundary) = boundary.filter(|boundary| !boundary.is_empty()) else {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        for pair in params {
            pairs.append_pair(&text(&pair.name).unwrap_or_default(), &text(&pair.value).unwrap_or_default());
        }
        return pairs.finish().into_bytes();
    };
    let mut body = String::new();
    for pair in params {
        let attribute =
            |value: &serde_json::Value| text(value).unwrap_or_default().replace(['"', '\r', '\n'], "");
        body.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"",
            attribute(&pair.name)
        ));
        if text(&pair.file_name).is_some() {
            body.push_str(&format!("; filename=\"{}\"", attribute(&pair.file_name)));
        }
        if text(&pair.content_type).is_some() {
            body.push_str(&format!("\r\nContent-Type: {}", attribute(&pair.content_type)));
        }
        body.push_str(&format!("\r\n\r\n{}\r\n", text(&pair.value).unwrap_or_default()));
    }
    body.push_str(&format!("--{boundary}--\r\n"));
    body.into_bytes()
}
