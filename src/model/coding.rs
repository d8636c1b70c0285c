//! Content codings: what a compressed body says.

use std::borrow::Cow;
use std::io::Read;

use crate::model::exchange::{Body, Headers};

/// What a decoded body may hold at most; more is no error body and no payload that a person compares.
const LARGEST: u64 = 64 << 20;

/// Returns a body's octets with the codings of its `Content-Encoding` undone.
///
/// `None` if a coding is unknown or broken, if the recording holds only the beginning of a coded body, or if the
/// result is larger than 64 MiB.
pub fn decoded<'b>(headers: &Headers, body: &'b Body) -> Option<Cow<'b, [u8]>> {
    let mut octets = Cow::Borrowed(&*body.octets);
    let codings = headers.text("content-encoding").unwrap_or_default();
    // the last one named was applied last
    for coding in codings.rsplit(',').map(|coding| coding.trim().to_ascii_lowercase()) {
        let plain = match coding.as_str() {
            "" | "identity" => continue,
            "gzip" | "x-gzip" => read(flate2::read::MultiGzDecoder::new(&*octets)),
            // RFC 9110 says zlib; some servers send the bare stream
            "deflate" => read(flate2::read::ZlibDecoder::new(&*octets))
                .or_else(|| read(flate2::read::DeflateDecoder::new(&*octets))),
            "br" => read(brotli::Decompressor::new(&*octets, 4096)),
            "zstd" => read(ruzstd::decoding::StreamingDecoder::new(&*octets).ok()?),
            _ => None,
        };
        octets = Cow::Owned(plain?);
    }
    Some(octets)
}

fn read(decoder: impl Read) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    let length = decoder.take(LARGEST + 1).read_to_end(&mut plain).ok()?;
    (length as u64 <= LARGEST).then_some(plain)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        coder.write_all(plain).unwrap();
        coder.finish().unwrap()
    }

    #[test]
    fn codings_are_undone_in_reverse_order() {
        let plain = br#"{"a":1}"#;
        let mut brotli = Vec::new();
        brotli::CompressorWriter::new(&mut brotli, 4096, 5, 20).write_all(&gzip(plain)).unwrap();
        let body = Body::whole(brotli);
        assert_eq!(&*decoded(&Headers::of([("Content-Encoding", "gzip, BR")]), &body).unwrap(), plain);
    }

    #[test]
    fn a_body_without_coding_is_itself() {
        let body = Body::whole(&b"x"[..]);
        assert_eq!(&*decoded(&Headers::default(), &body).unwrap(), b"x");
        assert_eq!(&*decoded(&Headers::of([("content-encoding", "identity")]), &body).unwrap(), b"x");
    }

    #[test]
    fn what_cannot_be_undone_is_not_guessed() {
        let cut = Body::whole(gzip(b"0123456789")[..12].to_vec());
        assert_eq!(decoded(&Headers::of([("Content-Encoding", "gzip")]), &cut), None);
        assert_eq!(decoded(&Headers::of([("Content-Encoding", "exi")]), &Body::whole(&b"x"[..])), None);
    }
}
