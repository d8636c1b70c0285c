//! Commands inside texts: words as a shell takes them, and hints that run where they are printed.

/// Returns a text as one word of a POSIX shell.
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+:=@%,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// What a hint needs to run as it is printed.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct HintContext {
    /// How this program is called, a shell word: `wraptap` where that is found, else its path.
    pub program: Option<String>,
    /// The recording that a bare number refers to, a shell word, where it is not the one read by default.
    pub recording: Option<String>,
}

/// Commands whose bare numbers refer to a recording.
const READERS: [&str; 8] = ["list", "show", "diff", "report", "replay", "isolate", "export", "baseline add"];

impl HintContext {
    /// Completes the commands between backticks in a text: with the program's own path, and with the
    /// recording.
    pub fn complete(&self, text: &str) -> String {
        const START: &str = "`wraptap ";
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once(START) {
            let Some((command, after)) = behind.split_once('`') else { break };
            out.push_str(before);
            out.push_str(&format!("`{}`", self.command(command)));
            rest = after;
        }
        out + rest
    }

    /// Completes one command, given without the program's name.
    pub fn command(&self, command: &str) -> String {
        let program = self.program.as_deref().unwrap_or("wraptap");
        let reads = READERS.iter().any(|reader| {
            command.strip_prefix(reader).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        });
        let names = command.split_whitespace().any(|word| {
            matches!(word, "-r" | "--recording") || word.contains(".ndjson") || word.contains('#')
        });
        match &self.recording {
            Some(recording) if reads && !names => format!("{program} {command} -r {recording}"),
            _ => format!("{program} {command}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_split_them() {
        assert_eq!(shell_word("a/b-1.ndjson"), "a/b-1.ndjson");
        assert_eq!(shell_word("it's here"), "'it'\\''s here'");
        assert_eq!(shell_word(""), "''");
    }

    #[test]
    fn a_hint_gets_the_program_and_the_recording_that_it_needs() {
        let context =
            HintContext { program: Some("/opt/w/wraptap".into()), recording: Some("'a b.ndjson'".into()) };
        let hint = "prove it: `wraptap replay 4 --fixed`, or see `wraptap rules null_field`";
        assert_eq!(
            context.complete(hint),
            "prove it: `/opt/w/wraptap replay 4 --fixed -r 'a b.ndjson'`, or see `/opt/w/wraptap rules null_field`"
        );
        assert_eq!(context.complete("`wraptap show 4 -r x`"), "`/opt/w/wraptap show 4 -r x`");
        assert_eq!(HintContext::default().complete("`wraptap show 4 -r x`"), "`wraptap show 4 -r x`");
        assert_eq!(context.complete("no end `wraptap show"), "no end `wraptap show");
    }
}
