//! `-F`: multipart bodies as curl writes them, with fixed boundaries instead of random ones.

use crate::interchange::curl::CurlError;
use crate::interchange::curl::body::BodySources;
use crate::interchange::curl::form_part::{self, FieldContent, FormField};
use crate::interchange::curl::header_line::written_name_of;
use crate::interchange::curl::values::FormOption;

/// A multipart body and its boundary.
#[derive(Debug)]
pub(crate) struct Multipart {
    pub(crate) boundary: String,
    pub(crate) body: Vec<u8>,
}

/// What the options around a form make of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FormStyle {
    /// `form-data`, or `attachment` where the user's own media type is another than `multipart/form-data`.
    pub(crate) disposition: &'static str,
    /// `--form-escape`: quotes in names get a backslash instead of percent signs.
    pub(crate) backslashes: bool,
}

/// Puts the parts together.
///
/// # Errors
/// A part without `=`, one with nested parts or an encoder of unknown length, or a file that cannot be read.
pub(crate) fn multipart(
    parts: &[FormOption],
    style: FormStyle,
    sources: &mut BodySources<'_>,
) -> Result<Multipart, CurlError> {
    let mut fields = Vec::new();
    for part in parts {
        fields.push(form_part::field(part, sources)?);
    }
    let boundary = boundary_of(parts, 0);
    let mut body = Vec::new();
    for (index, FormField { name, contents }) in fields.iter().enumerate() {
        body.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        match contents.as_slice() {
            [content] => write(&mut body, Some(name), content, style),
            files => {
                let inner = boundary_of(parts, index + 1);
                disposition(&mut body, style, Some(name), None);
                body.extend_from_slice(
                    format!("Content-Type: multipart/mixed; boundary={inner}\r\n\r\n").as_bytes(),
                );
                let style = FormStyle { disposition: "attachment", ..style };
                for file in files {
                    body.extend_from_slice(format!("--{inner}\r\n").as_bytes());
                    write(&mut body, None, file, style);
                }
                body.extend_from_slice(format!("--{inner}--\r\n\r\n").as_bytes());
            }
        }
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok(Multipart { boundary, body })
}

/// Writes one content with its head.
fn write(body: &mut Vec<u8>, name: Option<&Vec<u8>>, content: &FieldContent, style: FormStyle) {
    let own = |wanted: &str| {
        content.headers.iter().find(|line| written_name_of(line).eq_ignore_ascii_case(wanted.as_bytes()))
    };
    if own("Content-Disposition").is_none() {
        disposition(body, style, name, content.file_name.as_ref());
    }
    // a line of the user replaces curl's; a type that is named in the option has priority
    let media_type = match own("Content-Type") {
        Some(line) if !content.type_given => {
            line.get("Content-Type:".len()..).map(|value| value.trim_ascii().to_vec())
        }
        _ => content.media_type.clone(),
    };
    if let Some(media_type) = media_type {
        body.extend_from_slice(&[b"Content-Type: ".as_slice(), &media_type, b"\r\n"].concat());
    }
    if let (Some(encoder), None) = (&content.encoder, own("Content-Transfer-Encoding")) {
        body.extend_from_slice(&[b"Content-Transfer-Encoding: ".as_slice(), encoder, b"\r\n"].concat());
    }
    for line in &content.headers {
        if !written_name_of(line).eq_ignore_ascii_case(b"content-type") {
            body.extend_from_slice(&[line.as_slice(), b"\r\n"].concat());
        }
    }
    body.extend_from_slice(b"\r\n");
    body.extend_from_slice(&content.bytes);
    body.extend_from_slice(b"\r\n");
}

fn disposition(body: &mut Vec<u8>, style: FormStyle, name: Option<&Vec<u8>>, file_name: Option<&Vec<u8>>) {
    let name = name.filter(|name| !name.is_empty());
    if style.disposition == "attachment" && name.is_none() && file_name.is_none() {
        return;
    }
    body.extend_from_slice(format!("Content-Disposition: {}", style.disposition).as_bytes());
    for (attribute, value) in [("name", name), ("filename", file_name)] {
        if let Some(value) = value {
            quoted_attribute(body, attribute, value, style);
        }
    }
    body.extend_from_slice(b"\r\n");
}

fn quoted_attribute(body: &mut Vec<u8>, attribute: &str, value: &[u8], style: FormStyle) {
    body.extend_from_slice(format!("; {attribute}=\"").as_bytes());
    for byte in value {
        match byte {
            b'"' | b'\\' if style.backslashes => body.extend_from_slice(&[b'\\', *byte]),
            b'"' => body.extend_from_slice(b"%22"),
            b'\r' if !style.backslashes => body.extend_from_slice(b"%0D"),
            b'\n' if !style.backslashes => body.extend_from_slice(b"%0A"),
            byte => body.push(*byte),
        }
    }
    body.push(b'"');
}

/// Returns a boundary of curl's form (24 dashes, 16 digits) that is the same for the same parts (FNV-1a of
/// them).
fn boundary_of(parts: &[FormOption], number: usize) -> String {
    let bytes = parts.iter().flat_map(|part| part.value.bytes.iter().copied());
    let hash = bytes.chain(number.to_le_bytes()).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("------------------------{hash:016x}")
}
