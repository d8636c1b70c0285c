//! Bytes as one word of a shell: safe to paste, and the same bytes again when bash, zsh or ksh read it.

use std::fmt::Write as _;

use crate::interchange::masks;

/// The environment variables that replace masked secrets, in the order in which they were met.
#[derive(Clone, Debug, Default)]
pub(crate) struct SecretVariables {
    met: Vec<(String, String)>,
}

impl SecretVariables {
    /// Returns the variable that replaces a mask; equal masks have the same one.
    pub(crate) fn variable(&mut self, mask: &[u8], kind: &str) -> String {
        let mask = String::from_utf8_lossy(mask).into_owned();
        if let Some((_, name)) = self.met.iter().find(|(met, _)| *met == mask) {
            return name.clone();
        }
        let base = match kind {
            // the name that the vendor's own tools read
            "bearer" => "GENESYSCLOUD_ACCESS_TOKEN".to_owned(),
            kind => format!("WRAPTAP_{}", kind.to_ascii_uppercase()),
        };
        let same = self.met.iter().filter(|(_, name)| name.starts_with(&base)).count();
        let name = if same == 0 { base } else { format!("{base}_{}", same + 1) };
        self.met.push((mask, name.clone()));
        name
    }

    /// Notes a variable for a secret of its own.
    pub(crate) fn named(&mut self, name: &str) {
        if !self.names().any(|known| known == name) {
            self.met.push((String::new(), name.to_owned()));
        }
    }

    /// Returns the variables' names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.met.iter().map(|(_, name)| name.as_str())
    }
}

/// Returns one word that gives these bytes, with variables in place of masks; `None` if it has a NUL.
pub(crate) fn word(bytes: &[u8], secrets: &mut SecretVariables) -> Option<String> {
    if bytes.contains(&0) {
        return None;
    }
    let mut word = String::new();
    let mut done = 0;
    for mask in masks::find(bytes) {
        if mask.start < done {
            continue;
        }
        if mask.start > done {
            literal(&bytes[done..mask.start], &mut word);
        }
        let variable = secrets.variable(&bytes[mask.start..mask.end], &mask.kind);
        let _ = write!(word, "\"${variable}\"");
        done = mask.end;
    }
    if done < bytes.len() || bytes.is_empty() {
        literal(&bytes[done..], &mut word);
    }
    Some(word)
}

/// Returns a header as one word; the usual `Authorization: Bearer …` in one pair of double quotes, as people
/// write it.
pub(crate) fn header(line: &[u8], secrets: &mut SecretVariables) -> Option<String> {
    if let [mask] = masks::find(line).as_slice()
        && mask.end == line.len()
        && line[..mask.start].iter().all(|o| o.is_ascii_alphanumeric() || b" :-_.,=;/".contains(o))
    {
        let variable = secrets.variable(&line[mask.start..], &mask.kind);
        let start = String::from_utf8_lossy(&line[..mask.start]);
        return Some(format!("\"{start}${variable}\""));
    }
    word(line, secrets)
}

/// Plain text is written in `'…'`; control characters and bytes that are not UTF-8 need `$'…'`.
fn literal(bytes: &[u8], word: &mut String) {
    let plain = std::str::from_utf8(bytes)
        .ok()
        .filter(|text| !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
    if let Some(text) = plain {
        let _ = write!(word, "'{}'", text.replace('\'', "'\\''"));
        return;
    }
    word.push_str("$'");
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\'' => word.push_str("\\'"),
                '\\' => word.push_str("\\\\"),
                '\n' => word.push_str("\\n"),
                '\r' => word.push_str("\\r"),
                '\t' => word.push_str("\\t"),
                c if c.is_control() => escaped(c.encode_utf8(&mut [0; 4]).as_bytes(), word),
                c => word.push(c),
            }
        }
        escaped(chunk.invalid(), word);
    }
    word.push('\'');
}

/// Octal, because its three digits end by themselves: a hexadecimal digit behind `\x1` would be taken for a
/// part of it.
fn escaped(bytes: &[u8], word: &mut String) {
    for byte in bytes {
        let _ = write!(word, "\\{byte:03o}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interchange::curl::shell;

    proptest::proptest! {
        #[test]
        fn any_bytes_but_nul_come_back_through_our_own_shell_reader(
            bytes in proptest::collection::vec(1_u8..=255, 0..200)
        ) {
            let word = word(&bytes, &mut SecretVariables::default()).unwrap();
            let script = shell::split(&word).unwrap();
            assert_eq!(script.commands[0].words[0].bytes, bytes, "{word}");
        }
    }

    #[test]
    fn a_caret_in_quotes_is_no_windows_prompt() {
        for text in ["^", "^\"x"] {
            let word = word(text.as_bytes(), &mut SecretVariables::default()).unwrap();
            let script = shell::split(&word).unwrap();
            assert_eq!(script.commands[0].words[0].bytes, text.as_bytes());
        }
    }

    #[test]
    fn masks_become_variables_and_equal_ones_the_same() {
        let mut secrets = SecretVariables::default();
        let body = b"{\"t\":\"redacted-token-0123456789ab\",\"u\":\"redacted-token-0123456789ab\"}";
        let quoted = word(body, &mut secrets).unwrap();
        assert_eq!(quoted, "'{\"t\":\"'\"$WRAPTAP_TOKEN\"'\",\"u\":\"'\"$WRAPTAP_TOKEN\"'\"}'");
        let bearer = header(b"Authorization: Bearer redacted-bearer-0123456789ab", &mut secrets).unwrap();
        assert_eq!(bearer, "\"Authorization: Bearer $GENESYSCLOUD_ACCESS_TOKEN\"");
        word(b"redacted-token-ffffffffffff", &mut secrets).unwrap();
        let names: Vec<&str> = secrets.names().collect();
        assert_eq!(names, ["WRAPTAP_TOKEN", "GENESYSCLOUD_ACCESS_TOKEN", "WRAPTAP_TOKEN_2"]);
    }
}
