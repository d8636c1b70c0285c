//! Content codings: what a compressed body says.

use std::borrow::Cow;
use std::io::Read;

use crate::model::exchange::{Body, Headers};

/// What a decoded body may hold at most; more is no error body and no payload that a person compares.
const LARGEST: usize = 64 << 20;

/// A body with the codings of its `Content-Encoding` undone, as far as that goes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Undone<'b> {
    /// What was gained, from the beginning.
    pub bytes: Cow<'b, [u8]>,
    /// Whether that is all.
    pub end: End,
}

/// How undoing a body's codings ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum End {
    /// All of it is there.
    Whole,
    /// It goes on beyond the limit that was given.
    Limit,
    /// The coded bytes stop early or are damaged.
    Broken,
    /// A coding has no decoder here; what it made is returned as it is.
    Unknown,
}

/// Returns a body's bytes with the codings of its `Content-Encoding` undone.
///
/// `None` if a coding is unknown or broken, if the recording holds only the beginning of a coded body, or if
/// the result is larger than 64 MiB.
pub fn decoded<'b>(headers: &Headers, body: &'b Body) -> Option<Cow<'b, [u8]>> {
    let undone = undone(headers, body, LARGEST);
    (undone.end == End::Whole).then_some(undone.bytes)
}

/// Returns what can be gained of a body, at most `limit` bytes, and says what stopped it.
///
/// A body that was stored decoded (`Body::decoded`) is returned as it is, whatever its headers say.
pub fn undone<'b>(headers: &Headers, body: &'b Body, limit: usize) -> Undone<'b> {
    let mut bytes = Cow::Borrowed(&*body.bytes);
    let mut end = End::Whole;
    if body.decoded {
        return Undone { bytes, end };
    }
    let lines: Vec<_> = headers.all("content-encoding").map(|value| value.lossy()).collect();
    let codings =
        lines.iter().flat_map(|line| line.split(',')).map(|coding| coding.trim().to_ascii_lowercase());
    // the last one named was applied last
    for coding in codings.collect::<Vec<_>>().into_iter().rev() {
        if bytes.is_empty() {
            break;
        }
        let (plain, how) = match coding.as_str() {
            "" | "identity" => continue,
            "gzip" | "x-gzip" => read(flate2::read::MultiGzDecoder::new(&*bytes), limit),
            "deflate" => deflate(&bytes, limit),
            "br" => read(brotli_decompressor::Decompressor::new(&*bytes, 4096), limit),
            "zstd" => match ruzstd::decoding::StreamingDecoder::new(&*bytes) {
                Ok(decoder) => read(decoder, limit),
                Err(_) => (Vec::new(), End::Broken),
            },
            _ => return Undone { bytes, end: End::Unknown },
        };
        bytes = Cow::Owned(plain);
        if end == End::Whole {
            end = how;
        }
    }
    Undone { bytes, end }
}

/// RFC 9110 says zlib; some servers send the bare stream.
fn deflate(bytes: &[u8], limit: usize) -> (Vec<u8>, End) {
    let zlib = read(flate2::read::ZlibDecoder::new(bytes), limit);
    if zlib.1 == End::Broken && zlib.0.is_empty() {
        return read(flate2::read::DeflateDecoder::new(bytes), limit);
    }
    zlib
}

fn read(mut decoder: impl Read, limit: usize) -> (Vec<u8>, End) {
    let mut plain = Vec::new();
    let mut part = vec![0; 32 << 10];
    loop {
        match decoder.read(&mut part) {
            Ok(0) => return (plain, End::Whole),
            Ok(count) if plain.len() + count > limit => {
                plain.extend_from_slice(&part[..limit - plain.len()]);
                return (plain, End::Limit);
            }
            Ok(count) => plain.extend_from_slice(&part[..count]),
            Err(_) => return (plain, End::Broken),
        }
    }
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
    fn a_bomb_is_opened_to_the_limit_only() {
        let body = Body::whole(gzip(&vec![b'x'; 1 << 20]));
        let undone = undone(&Headers::of([("Content-Encoding", "gzip")]), &body, 1000);
        assert_eq!((undone.bytes.len(), undone.end), (1000, End::Limit));
    }

    #[test]
    fn the_beginning_of_a_cut_body_is_gained() {
        let plain: Vec<u8> = (0..100_000u32).flat_map(|number| number.to_string().into_bytes()).collect();
        let coded = gzip(&plain);
        let body = Body::whole(coded[..coded.len() / 2].to_vec());
        let undone = undone(&Headers::of([("Content-Encoding", "gzip")]), &body, 1 << 20);
        assert_eq!(undone.end, End::Broken);
        assert!(undone.bytes.len() > 1000 && plain.starts_with(&undone.bytes));
    }

    #[test]
    fn what_is_stored_decoded_is_not_decoded_again() {
        let body = Body { decoded: true, ..Body::whole(&b"x"[..]) };
        assert_eq!(&*decoded(&Headers::of([("Content-Encoding", "gzip")]), &body).unwrap(), b"x");
    }

    #[test]
    fn what_cannot_be_undone_is_not_guessed() {
        let cut = Body::whole(gzip(b"0123456789")[..12].to_vec());
        assert_eq!(decoded(&Headers::of([("Content-Encoding", "gzip")]), &cut), None);
        assert_eq!(decoded(&Headers::of([("Content-Encoding", "exi")]), &Body::whole(&b"x"[..])), None);
    }
}
