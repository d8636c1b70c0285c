//! Masks in recorded texts (`redacted-KIND-TAG`), which must not be passed to other tools as real values.

/// A mask inside a text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FoundMask {
    /// Its first byte.
    pub start: usize,
    /// Behind its last byte.
    pub end: usize,
    /// `bearer`, `basic`, `cookie`, …
    pub kind: String,
}

const PREFIX: &[u8] = b"redacted-";
const TAG_DIGITS: usize = 12;

/// Returns the masks of a text in order.
pub fn find(text: &[u8]) -> Vec<FoundMask> {
    let mut masks = Vec::new();
    for start in memchr::memmem::find_iter(text, PREFIX) {
        let rest = &text[start + PREFIX.len()..];
        let kind = rest.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
        let tag = rest.get(kind + 1..kind + 1 + TAG_DIGITS).unwrap_or_default();
        let shaped = kind > 0
            && rest.get(kind) == Some(&b'-')
            && tag.len() == TAG_DIGITS
            && tag.iter().all(u8::is_ascii_hexdigit);
        if shaped {
            let end = start + PREFIX.len() + kind + 1 + TAG_DIGITS;
            masks.push(FoundMask { start, end, kind: String::from_utf8_lossy(&rest[..kind]).into_owned() });
        }
    }
    masks
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn masks_are_found_and_what_only_looks_alike_is_not() {
        let masks = find(b"a=redacted-cookie-0123456789ab; redacted-x redacted-bearer-0123456789abZ");
        let kinds: Vec<&str> = masks.iter().map(|mask| mask.kind.as_str()).collect();
        assert_eq!(kinds, ["cookie", "bearer"]);
        assert_eq!((masks[0].start, masks[0].end), (2, 30));
    }
}
