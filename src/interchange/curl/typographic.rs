//! What people paste and no shell takes as it is meant: quotes and dashes that a forum or a word processor
//! has made pretty, and `<id>` where an id belongs. It is read as a shell would read it, and noted.

use crate::interchange::curl::note::CurlFact;

/// Returns what a text begins with outside quotes, if that is hardly meant as it is written.
pub(super) fn find(text: &str, begins_a_word: bool) -> Option<CurlFact> {
    let letter = text.chars().next()?;
    match letter {
        '“' | '”' | '„' | '«' | '»' => Some(CurlFact::Typographic { letter, meant: '"' }),
        '‘' | '’' | '‚' => Some(CurlFact::Typographic { letter, meant: '\'' }),
        '–' | '—' | '−' if begins_a_word => Some(CurlFact::Typographic { letter, meant: '-' }),
        '<' if !begins_a_word => placeholder(text).map(|written| CurlFact::Placeholder(written.to_owned())),
        _ => None,
    }
}

/// Returns `<name>`, if that is what the text begins with.
fn placeholder(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('<')?;
    let named = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let length = inner.find(|c| !named(c))?;
    (length > 0 && inner[length..].starts_with('>')).then(|| &text[..length + 2])
}

#[cfg(test)]
mod tests {
    use crate::interchange::curl::shell;

    fn notes(text: &str) -> Vec<String> {
        let script = shell::split(text).unwrap();
        script.notes.iter().map(|note| format!("{}: {}", note.place, note.fact)).collect()
    }

    #[test]
    fn what_a_forum_made_pretty_is_noted_once_with_what_was_meant() {
        let found = notes("curl —data ‘x’ –X POST “https://h/” -H “a: b”");
        assert_eq!(
            found[0],
            "line 1, column 6: the shell takes `—` as an ordinary character: write `-` instead"
        );
        let letters: Vec<&str> = found.iter().map(|note| note.split('`').nth(1).unwrap()).collect();
        assert_eq!(letters, ["—", "‘", "’", "–", "“", "”"]);
        assert!(notes("curl h -d 'it’s “x” –' -d \"– ’\" -d a–b").is_empty());
    }

    #[test]
    fn a_placeholder_is_noted_and_a_redirection_is_not() {
        let found = notes("curl https://h/<conversationId>/x");
        assert!(
            found[0].starts_with("line 1, column 16: a shell takes `<conversationId>` as reading one file")
        );
        for text in
            ["curl h <in >out", "curl h 2>/dev/null", "cat <<END | curl h -d @-\nx\nEND\n", "curl 'h/<id>/x'"]
        {
            assert!(notes(text).is_empty(), "{text}");
        }
    }
}
