//! Requests and responses as the bytes of HTTP/1.1: raw HTTP out.

use crate::model::exchange::{Headers, Request, Response};
use crate::model::wire_bytes::WireBytes;

/// Returns the request as it is on the wire: head, empty line, body.
///
/// A chunked body is written as one chunk, because a recording does not say where its chunks ended. The body
/// is what was recorded, which may be its beginning only ([`crate::model::exchange::Body::cut`]).
pub fn request(request: &Request) -> Vec<u8> {
    let start =
        [request.method.as_bytes(), b" ", request.target.as_bytes(), b" ", request.version.as_bytes()];
    let head = head(request.head.as_ref(), &start.concat(), &request.headers);
    framed(head, &request.headers, &request.body.bytes, &request.trailers)
}

/// Returns the response as it is on the wire; see [`request`].
pub fn response(response: &Response) -> Vec<u8> {
    let status = response.status.to_string();
    let start =
        [response.version.as_bytes(), b" ", status.as_bytes(), b" ", response.reason.as_bytes()].concat();
    let head = head(response.head.as_ref(), &start, &response.headers);
    framed(head, &response.headers, &response.body.bytes, &response.trailers)
}

/// Returns the header lines of a request as sent, without line ends: from the head where it was kept.
pub fn header_lines(request: &Request) -> Vec<Vec<u8>> {
    match &request.head {
        Some(head) => head
            .as_bytes()
            .split(|byte| *byte == b'\n')
            .skip(1)
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line).to_vec())
            .filter(|line| !line.is_empty())
            .collect(),
        None => request.headers.iter().map(|header| line(&header.name, &header.value)).collect(),
    }
}

fn line(name: &WireBytes, value: &WireBytes) -> Vec<u8> {
    [name.as_bytes(), b": ", value.as_bytes()].concat()
}

fn head(kept: Option<&WireBytes>, start: &[u8], headers: &Headers) -> Vec<u8> {
    if let Some(kept) = kept {
        let end = kept.as_bytes().trim_ascii_end().len();
        return [&kept.as_bytes()[..end], b"\r\n\r\n"].concat();
    }
    let mut bytes = [start, b"\r\n"].concat();
    for header in headers.iter() {
        bytes.extend_from_slice(&line(&header.name, &header.value));
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes
}

fn framed(mut bytes: Vec<u8>, headers: &Headers, body: &[u8], trailers: &Headers) -> Vec<u8> {
    if !is_chunked(headers) {
        bytes.extend_from_slice(body);
        return bytes;
    }
    if !body.is_empty() {
        bytes.extend_from_slice(format!("{:x}\r\n", body.len()).as_bytes());
        bytes.extend_from_slice(body);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n");
    for trailer in trailers.iter() {
        bytes.extend_from_slice(&line(&trailer.name, &trailer.value));
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes
}

/// Returns whether a body is framed in chunks.
pub fn is_chunked(headers: &Headers) -> bool {
    headers.all("transfer-encoding").any(|value| value.lossy().to_ascii_lowercase().contains("chunked"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::exchange::Body;

    fn sent(headers: Headers, head: Option<&str>) -> Vec<u8> {
        request(&Request {
            method: "PUT".into(),
            target: "/a".into(),
            version: "HTTP/1.1".to_owned(),
            headers,
            body: Body::whole(&b"hello"[..]),
            trailers: Headers::default(),
            head: head.map(WireBytes::from),
        })
    }

    #[test]
    fn lines_bodies_and_chunks_stand_as_on_the_wire() {
        let plain = sent(Headers::of([("Host", "h"), ("X-Empty", "")]), None);
        assert_eq!(plain, b"PUT /a HTTP/1.1\r\nHost: h\r\nX-Empty: \r\n\r\nhello");
        let chunked = sent(Headers::of([("Transfer-Encoding", "Chunked")]), None);
        assert!(chunked.ends_with(b"\r\n\r\n5\r\nhello\r\n0\r\n\r\n"));
    }

    #[test]
    fn a_head_that_was_kept_is_given_back_byte_by_byte() {
        let odd = "PUT  /a HTTP/1.1\r\nHost:h\r\n folded\r\n";
        for kept in [odd.to_owned(), format!("{odd}\r\n")] {
            let bytes = sent(Headers::of([("Host", "h folded")]), Some(&kept));
            assert_eq!(bytes, format!("{odd}\r\nhello").into_bytes());
        }
    }
}
