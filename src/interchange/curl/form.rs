//! `-F`: multipart bodies as curl writes them, with a boundary that stands for the random one.

use crate::interchange::curl::CurlError;
use crate::interchange::curl::arguments::Part;
use crate::interchange::curl::body::Sources;
use crate::interchange::place::Place;

/// A multipart body and its boundary.
#[derive(Debug)]
pub(crate) struct Multipart {
    pub(crate) boundary: String,
    pub(crate) body: Vec<u8>,
}

/// One part, taken apart.
#[derive(Debug, Default)]
struct Parsed {
    content: Vec<u8>,
    media_type: Option<Vec<u8>>,
    file_name: Option<Vec<u8>>,
}

/// Puts the parts together.
///
/// # Errors
/// A part without `=`, one with several files or nested parts, an encoder, or a file that cannot be read.
pub(crate) fn multipart(parts: &[Part], sources: &mut Sources<'_>) -> Result<Multipart, CurlError> {
    let mut pieces = Vec::new();
    for part in parts {
        let octets = &part.value.octets;
        let wrong = |why| CurlError::Value {
            place: Place::of(sources.text, part.value.at),
            option: "-F".to_owned(),
            value: String::from_utf8_lossy(octets).into_owned(),
            why,
        };
        let equals = octets.iter().position(|octet| *octet == b'=').ok_or_else(|| wrong("it has no `=`"))?;
        let (name, rest) = (&octets[..equals], &octets[equals + 1..]);
        let parsed = if part.literal {
            Parsed { content: rest.to_vec(), ..Parsed::default() }
        } else {
            let (value, attributes) = taken_apart(rest).map_err(wrong)?;
            read_part(rest, value, attributes, part.value.at, sources)?
        };
        pieces.push((name, parsed));
    }
    let boundary = boundary_of(parts);
    let mut body = Vec::new();
    for (name, part) in &pieces {
        body.extend_from_slice(format!("--{boundary}\r\nContent-Disposition: form-data").as_bytes());
        if !name.is_empty() {
            quoted_attribute(&mut body, "name", name);
        }
        if let Some(file_name) = &part.file_name {
            quoted_attribute(&mut body, "filename", file_name);
        }
        if let Some(media_type) = &part.media_type {
            body.extend_from_slice(b"\r\nContent-Type: ");
            body.extend_from_slice(media_type);
        }
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(&part.content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok(Multipart { boundary, body })
}

#[derive(Debug, Default)]
struct Attributes {
    media_type: Option<Vec<u8>>,
    file_name: Option<Vec<u8>>,
}

/// Splits `value;type=…;filename=…`; a `;` that starts no attribute ends the value, as in curl.
fn taken_apart(rest: &[u8]) -> Result<(Vec<u8>, Attributes), &'static str> {
    let is_file = rest.first().is_some_and(|octet| b"@<".contains(octet));
    if rest.starts_with(b"(") || rest == b")" || rest.starts_with(b"=(") {
        return Err("nested parts are not read");
    }
    let mut at = usize::from(is_file);
    while rest.get(at).is_some_and(|octet| octet.is_ascii_whitespace()) {
        at += 1;
    }
    let value = word(rest, &mut at, if is_file { b";," } else { b";" });
    if rest.get(at) == Some(&b',') && is_file {
        return Err("several files in one part are not read");
    }
    let mut attributes = Attributes::default();
    while rest.get(at) == Some(&b';') {
        at += 1;
        while rest.get(at).is_some_and(|octet| octet.is_ascii_whitespace()) {
            at += 1;
        }
        if let Some(media_type) = rest[at..].strip_prefix(b"type=") {
            // parameters of the media type (`;charset=…`) belong to it; curl's own attributes do not
            let mut length = 0;
            loop {
                length +=
                    media_type[length..].iter().position(|o| *o == b';').unwrap_or(media_type.len() - length);
                let own = ["filename=", "headers=", "encoder=", "type="];
                let behind = media_type.get(length + 1..).unwrap_or_default().trim_ascii_start();
                if behind.is_empty() || own.iter().any(|name| behind.starts_with(name.as_bytes())) {
                    break;
                }
                length += 1;
            }
            attributes.media_type = Some(media_type[..length].trim_ascii().to_vec());
            at += "type=".len() + length;
        } else if rest[at..].starts_with(b"filename=") {
            at += "filename=".len();
            attributes.file_name = Some(word(rest, &mut at, b";"));
        } else if rest[at..].starts_with(b"headers=") || rest[at..].starts_with(b"encoder=") {
            return Err("`headers=` and `encoder=` are not read");
        } else {
            word(rest, &mut at, b";");
        }
    }
    Ok((value, attributes))
}

/// Reads up to one of `ends`; in double quotes, which must span the word, a backslash protects `\` and `"`.
fn word(rest: &[u8], at: &mut usize, ends: &[u8]) -> Vec<u8> {
    if rest.get(*at) == Some(&b'"') {
        let mut value = Vec::new();
        let mut next = *at + 1;
        while let Some(octet) = rest.get(next) {
            match octet {
                b'\\' if matches!(rest.get(next + 1), Some(b'\\' | b'"')) => {
                    value.push(rest[next + 1]);
                    next += 2;
                }
                b'"' => {
                    let behind = rest[next + 1..].iter().position(|octet| ends.contains(octet));
                    *at = behind.map_or(rest.len(), |length| next + 1 + length);
                    return value;
                }
                octet => {
                    value.push(*octet);
                    next += 1;
                }
            }
        }
    }
    let length = rest[*at..].iter().position(|octet| ends.contains(octet)).unwrap_or(rest.len() - *at);
    let value = rest[*at..*at + length].trim_ascii_end().to_vec();
    *at += length;
    value
}

fn read_part(
    rest: &[u8],
    value: Vec<u8>,
    attributes: Attributes,
    at: usize,
    sources: &mut Sources<'_>,
) -> Result<Parsed, CurlError> {
    let Attributes { media_type, file_name } = attributes;
    match rest.first() {
        Some(b'@') => {
            let content = sources.read(&value, at)?;
            let shown = file_name.unwrap_or_else(|| base_name(&value));
            let media_type = media_type.or_else(|| Some(media_type_of(&shown).as_bytes().to_vec()));
            Ok(Parsed { content, media_type, file_name: Some(shown) })
        }
        Some(b'<') => Ok(Parsed { content: sources.read(&value, at)?, media_type, file_name }),
        _ => Ok(Parsed { content: value, media_type, file_name }),
    }
}

fn base_name(path: &[u8]) -> Vec<u8> {
    path.rsplit(|octet| *octet == b'/').next().unwrap_or_default().to_vec()
}

/// Returns the media type that curl gives a file by its name.
fn media_type_of(name: &[u8]) -> &'static str {
    const KNOWN: &[(&str, &str)] = &[
        (".gif", "image/gif"),
        (".jpg", "image/jpeg"),
        (".jpeg", "image/jpeg"),
        (".png", "image/png"),
        (".svg", "image/svg+xml"),
        (".txt", "text/plain"),
        (".htm", "text/html"),
        (".html", "text/html"),
        (".pdf", "application/pdf"),
        (".xml", "application/xml"),
    ];
    let name = name.to_ascii_lowercase();
    let known = KNOWN.iter().find(|(ending, _)| name.ends_with(ending.as_bytes()));
    known.map_or("application/octet-stream", |(_, media_type)| media_type)
}

fn quoted_attribute(body: &mut Vec<u8>, attribute: &str, value: &[u8]) {
    body.extend_from_slice(format!("; {attribute}=\"").as_bytes());
    for octet in value {
        match octet {
            b'"' => body.extend_from_slice(b"%22"),
            b'\r' => body.extend_from_slice(b"%0D"),
            b'\n' => body.extend_from_slice(b"%0A"),
            octet => body.push(*octet),
        }
    }
    body.push(b'"');
}

/// Returns a boundary of curl's form (24 dashes, 16 digits) that is the same for the same parts (FNV-1a of them).
fn boundary_of(parts: &[Part]) -> String {
    let octets = parts.iter().flat_map(|part| part.value.octets.iter());
    let hash = octets.fold(0xcbf2_9ce4_8422_2325_u64, |hash, octet| {
        (hash ^ u64::from(*octet)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("------------------------{hash:016x}")
}
