//! One `-F name=…` taken apart: content, files, and the attributes behind `;`.

use base64::Engine as _;

use crate::interchange::curl::CurlError;
use crate::interchange::curl::body::BodySources;
use crate::interchange::curl::values::FormOption;
use crate::interchange::text_position::TextPosition;

/// A field of a form.
#[derive(Debug)]
pub(super) struct FormField {
    pub(super) name: Vec<u8>,
    /// One, or several files in one field.
    pub(super) contents: Vec<FieldContent>,
}

/// The content between two boundaries.
#[derive(Debug, Default)]
pub(super) struct FieldContent {
    /// As it is sent: encoded, if an encoder is named.
    pub(super) bytes: Vec<u8>,
    pub(super) media_type: Option<Vec<u8>>,
    /// The type is named in the command, it does not follow from a file name.
    pub(super) type_given: bool,
    pub(super) file_name: Option<Vec<u8>>,
    /// Lines of its own.
    pub(super) headers: Vec<Vec<u8>>,
    pub(super) encoder: Option<Vec<u8>>,
}

/// Where the content comes from.
#[derive(Clone, Copy, Eq, PartialEq)]
enum ContentSource {
    Words,
    /// `@`: a file with its name.
    File,
    /// `<`: what a file holds.
    Text,
}

#[derive(Debug, Default)]
struct FieldAttributes {
    media_type: Option<Vec<u8>>,
    file_name: Option<Vec<u8>>,
    headers: Vec<Vec<u8>>,
    encoder: Option<Vec<u8>>,
}

/// Reads a part, its files included.
///
/// # Errors
/// It has no `=`, an empty type, nested parts, an encoder of unknown length, or a file that cannot be read.
pub(super) fn field(part: &FormOption, sources: &mut BodySources<'_>) -> Result<FormField, CurlError> {
    let (bytes, at) = (&part.value.bytes, part.value.at);
    let text = sources.text;
    let wrong = |why| CurlError::Value {
        place: TextPosition::new(text, at),
        option: "-F".to_owned(),
        value: String::from_utf8_lossy(bytes).into_owned(),
        why,
    };
    let equals = bytes.iter().position(|byte| *byte == b'=').ok_or_else(|| wrong("it has no `=`"))?;
    let (name, rest) = (bytes[..equals].to_vec(), &bytes[equals + 1..]);
    if part.literal {
        let content = FieldContent { bytes: rest.to_vec(), ..FieldContent::default() };
        return Ok(FormField { name, contents: vec![content] });
    }
    if rest.starts_with(b"(") || (name.is_empty() && rest == b")") {
        return Err(wrong("nested parts are not read"));
    }
    let kind = match rest.first() {
        Some(b'@') => ContentSource::File,
        Some(b'<') => ContentSource::Text,
        _ => ContentSource::Words,
    };
    let mut contents = Vec::new();
    let mut next = usize::from(kind != ContentSource::Words);
    loop {
        while rest.get(next).is_some_and(u8::is_ascii_whitespace) {
            next += 1;
        }
        let ends: &[u8] = if kind == ContentSource::File { b";," } else { b";" };
        let value = word(rest, &mut next, ends);
        let attributes = attributes(rest, &mut next, ends, at, sources)?.map_err(wrong)?;
        contents.push(content(kind, value, attributes, at, sources)?.map_err(wrong)?);
        if rest.get(next) != Some(&b',') {
            return Ok(FormField { name, contents });
        }
        next += 1;
    }
}

/// Reads the attributes after the value; a `;` that starts no attribute ends them, as in curl.
fn attributes(
    rest: &[u8],
    next: &mut usize,
    ends: &[u8],
    at: usize,
    sources: &mut BodySources<'_>,
) -> Result<Result<FieldAttributes, &'static str>, CurlError> {
    let mut attributes = FieldAttributes::default();
    while rest.get(*next) == Some(&b';') {
        *next += 1;
        while rest.get(*next).is_some_and(u8::is_ascii_whitespace) {
            *next += 1;
        }
        if let Some(media_type) = rest[*next..].strip_prefix(b"type=") {
            let length = media_type_length(media_type, ends);
            let media_type = media_type[..length].trim_ascii();
            if media_type.is_empty() {
                return Ok(Err("its type is empty"));
            }
            attributes.media_type = Some(media_type.to_vec());
            *next += "type=".len() + length;
        } else if rest[*next..].starts_with(b"filename=") {
            *next += "filename=".len();
            attributes.file_name = Some(word(rest, next, ends));
        } else if rest[*next..].starts_with(b"encoder=") {
            *next += "encoder=".len();
            attributes.encoder = Some(word(rest, next, ends));
        } else if rest[*next..].starts_with(b"headers=") {
            *next += "headers=".len();
            if matches!(rest.get(*next), Some(b'@' | b'<')) {
                *next += 1;
                let lines = sources.header_lines(&word(rest, next, ends), at)?;
                attributes.headers.extend(lines.into_iter().filter(|line| !line.is_empty()));
            } else {
                attributes.headers.push(word(rest, next, ends));
            }
        } else {
            word(rest, next, ends);
        }
    }
    Ok(Ok(attributes))
}

/// Parameters of a media type (`;charset=…`) belong to it; curl's own attributes do not.
fn media_type_length(media_type: &[u8], ends: &[u8]) -> usize {
    let mut length = 0;
    loop {
        let rest = &media_type[length..];
        length += rest.iter().position(|byte| ends.contains(byte)).unwrap_or(rest.len());
        let own = ["filename=", "headers=", "encoder=", "type="];
        let behind = media_type.get(length + 1..).unwrap_or_default().trim_ascii_start();
        let ended = media_type.get(length) != Some(&b';');
        if ended || behind.is_empty() || own.iter().any(|name| behind.starts_with(name.as_bytes())) {
            return length;
        }
        length += 1;
    }
}

/// Reads up to one of `ends`; in double quotes, which must span the word, a backslash protects `\` and `"`.
fn word(rest: &[u8], at: &mut usize, ends: &[u8]) -> Vec<u8> {
    if rest.get(*at) == Some(&b'"') {
        let mut value = Vec::new();
        let mut next = *at + 1;
        while let Some(byte) = rest.get(next) {
            match byte {
                b'\\' if matches!(rest.get(next + 1), Some(b'\\' | b'"')) => {
                    value.push(rest[next + 1]);
                    next += 2;
                }
                b'"' => {
                    let behind = rest[next + 1..].iter().position(|byte| ends.contains(byte));
                    *at = behind.map_or(rest.len(), |length| next + 1 + length);
                    return value;
                }
                byte => {
                    value.push(*byte);
                    next += 1;
                }
            }
        }
    }
    let length = rest[*at..].iter().position(|byte| ends.contains(byte)).unwrap_or(rest.len() - *at);
    let value = rest[*at..*at + length].trim_ascii_end().to_vec();
    *at += length;
    value
}

fn content(
    kind: ContentSource,
    value: Vec<u8>,
    attributes: FieldAttributes,
    at: usize,
    sources: &mut BodySources<'_>,
) -> Result<Result<FieldContent, &'static str>, CurlError> {
    let FieldAttributes { media_type, file_name, headers, encoder } = attributes;
    let type_given = media_type.is_some();
    let (bytes, media_type, file_name) = match kind {
        ContentSource::Words => {
            let by_name = file_name.as_deref().and_then(media_type_of).map(|known| known.as_bytes().to_vec());
            (value, media_type.or(by_name), file_name)
        }
        ContentSource::Text => (sources.read(&value, at)?, media_type, None),
        ContentSource::File => {
            let bytes = sources.read(&value, at)?;
            let shown = file_name.unwrap_or_else(|| base_name(&value));
            // what comes from standard input has no name that would show its type
            let fallback = (value != b"-").then_some("application/octet-stream");
            let by_name = media_type_of(&shown).or_else(|| media_type_of(&value)).or(fallback);
            (bytes, media_type.or_else(|| by_name.map(|known| known.as_bytes().to_vec())), Some(shown))
        }
    };
    let bytes = match encoder.as_deref() {
        None | Some(b"binary" | b"8bit") => bytes,
        Some(b"7bit") if bytes.is_ascii() => bytes,
        Some(b"base64") => base64_lines(&bytes),
        Some(b"quoted-printable") => return Ok(Err("quoted-printable parts are not read")),
        Some(_) => return Ok(Err("curl has no such encoder for this content")),
    };
    Ok(Ok(FieldContent { bytes, media_type, type_given, file_name, headers, encoder }))
}

/// Base64 in lines of 76 characters.
fn base64_lines(bytes: &[u8]) -> Vec<u8> {
    let encoded = base64::engine::general_purpose::STANDARD.encode(bytes).into_bytes();
    encoded.chunks(76).collect::<Vec<_>>().join(b"\r\n".as_slice())
}

fn base_name(path: &[u8]) -> Vec<u8> {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or_default().to_vec()
}

/// Returns the media type that curl gives a file by its name.
fn media_type_of(name: &[u8]) -> Option<&'static str> {
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
    KNOWN.iter().find(|(ending, _)| name.ends_with(ending.as_bytes())).map(|(_, media_type)| *media_type)
}
