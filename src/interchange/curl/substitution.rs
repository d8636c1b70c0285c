//! `$(cat <<END … END)`: the one command substitution whose output is in the text itself.

use std::ops::Range;

/// A here-document inside a substitution; places in bytes from the `$`.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Substituted {
    /// Its lines.
    pub(crate) body: Range<usize>,
    /// Nothing in it has a meaning, because its delimiter is quoted.
    pub(crate) literal: bool,
    /// How long the whole substitution is.
    pub(crate) length: usize,
}

/// Recognises a substitution that does nothing but `cat` a here-document; a document of `<<-` is left to the
/// shell.
pub(crate) fn substituted(text: &str) -> Option<Substituted> {
    let inner = text.strip_prefix("$(")?.trim_start_matches([' ', '\n', '\t']);
    let announced = inner.strip_prefix("cat")?.trim_start_matches([' ', '\t']).strip_prefix("<<")?;
    let (delimiter, rest) = announced.split_once('\n')?;
    let written = delimiter.trim();
    let delimiter = written.trim_matches(['\'', '"']).trim_start_matches('\\');
    if delimiter.is_empty() || !delimiter.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return None;
    }
    let start = text.len() - rest.len();
    let mut line_start = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end_matches(['\r', '\n']) == delimiter {
            let behind = &rest[line_start + line.len()..];
            let close = behind.len() - behind.trim_start().len();
            return behind[close..].starts_with(')').then(|| Substituted {
                body: start..start + line_start,
                literal: written != delimiter,
                length: start + line_start + line.len() + close + 1,
            });
        }
        line_start += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::substituted;

    #[test]
    fn a_document_that_is_only_shown_is_found_with_its_end() {
        let text = "$(cat <<'END'\n{\"a\": \"it's )\"}\nEND\n) behind";
        let found = substituted(text).unwrap();
        assert_eq!(&text[found.body.clone()], "{\"a\": \"it's )\"}\n");
        assert!(found.literal);
        assert_eq!(&text[found.length..], " behind");
        assert!(!substituted("$(cat << E\nx\nE\n)").unwrap().literal);
    }

    #[test]
    fn everything_else_is_a_command_like_any_other() {
        for text in ["$(cat x)", "$(cat <<E | sh\nx\nE\n)", "$(cat <<E\nx\nE\nrm x)", "$(cat <<E\nx\n)", "$x"]
        {
            assert_eq!(substituted(text), None, "{text}");
        }
    }
}
