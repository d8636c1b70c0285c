//! Tokens and secrets of the mock's own, in place of the masks that a recording has.

use std::collections::BTreeMap;

use ring::rand::{SecureRandom, SystemRandom};

use crate::interchange::masks;

/// Whether a token may be given twice.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenReuse {
    /// For equal masks.
    ByMask,
    /// Each is new, as those of a login are.
    Never,
}

/// Makes secrets that are valid nowhere. Equal masks get equal ones, so that what looked equal in the
/// recording does in the answers.
#[derive(Debug, Default)]
pub struct MockTokens {
    by_mask: BTreeMap<Vec<u8>, String>,
    /// Where the system gives no random numbers: still one like no other.
    counted: u64,
}

impl MockTokens {
    /// Returns a new token.
    pub fn token(&mut self) -> String {
        let mut bytes = [0; 16];
        if SystemRandom::new().fill(&mut bytes).is_err() {
            self.counted += 1;
            bytes[..8].copy_from_slice(&self.counted.to_be_bytes());
        }
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("wraptap-mock-{hex}")
    }

    /// Returns a text with every mask replaced.
    pub fn unmask(&mut self, text: &[u8], reuse: TokenReuse) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        let mut done = 0;
        for mask in masks::find(text) {
            let name = text[mask.start..mask.end].to_vec();
            let token = match self.by_mask.get(&name) {
                Some(token) if reuse == TokenReuse::ByMask => token.clone(),
                _ => self.token(),
            };
            out.extend_from_slice(&text[done..mask.start]);
            out.extend_from_slice(token.as_bytes());
            self.by_mask.insert(name, token);
            done = mask.end;
        }
        out.extend_from_slice(&text[done..]);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_masks_get_equal_tokens_and_fresh_ones_are_new() {
        let mut tokens = MockTokens::default();
        let mut text = |reuse| {
            String::from_utf8(tokens.unmask(br#"{"a":"redacted-token-0123456789ab","n":1}"#, reuse)).unwrap()
        };
        let (one, again, fresh) =
            (text(TokenReuse::ByMask), text(TokenReuse::ByMask), text(TokenReuse::Never));
        assert!(one.starts_with(r#"{"a":"wraptap-mock-"#) && one.ends_with(r#"","n":1}"#), "{one}");
        assert_eq!(one, again);
        assert_ne!(one, fresh);
    }
}
