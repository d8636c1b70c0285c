//! Nearness of words: the one measure behind every "did you mean".

/// Returns how many single-character insertions, deletions, replacements and swaps of neighbours turn `a`
/// into `b`.
///
/// Letter case and the separators `_`, `-`, `.` and space do not count, so `wrap-up` and `wrapUp` are 0
/// apart.
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (bare(a), bare(b));
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(from != to);
            let mut cost = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *from == b[j - 1] && a[i - 1] == *to {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// Returns the one of `known` that `typed` most likely meant: at most a third of its letters off, or the one
/// word that contains it or is contained in it. The first of equals wins; `None` if nothing is near.
pub fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = bare(typed).len();
    let mut best: Option<(usize, &str)> = None;
    for word in known {
        let mut cost = distance(typed, word);
        let (short, long) = (bare(typed), bare(word));
        let (short, long) = if short.len() <= long.len() { (short, long) } else { (long, short) };
        // a word inside another one (`codeId` / `wrapUpCodeId`, `durationMs` / `duration`) is near whatever
        // its length
        if short.len() >= 4 && long.windows(short.len()).any(|window| window == short) {
            cost = cost.min(2);
        }
        let near = cost * 3 <= length.max(3);
        if near && best.is_none_or(|(least, _)| cost < least) {
            best = Some((cost, word));
        }
    }
    best.map(|(_, word)| word)
}

/// Splits an identifier or a path into lower-case words: `wrap-up`, `wrapUp` and `WrapUp` are `wrap`, `up`.
pub fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut fresh = true;
    let mut was_lower = false;
    for c in text.chars() {
        if !c.is_alphanumeric() {
            fresh = true;
            continue;
        }
        if fresh || (c.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        fresh = false;
        was_lower = c.is_lowercase() || c.is_ascii_digit();
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words
}

/// Appends the letters and digits of a text in lower case: its `words` without what is between them, and
/// without making any of them, for those who compare thousands of names.
pub fn add_letters(text: &str, letters: &mut String) {
    if text.is_ascii() {
        let kept = text.bytes().filter(u8::is_ascii_alphanumeric);
        letters.extend(kept.map(|byte| char::from(byte.to_ascii_lowercase())));
    } else {
        letters.extend(text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase));
    }
}

/// Returns the letters and digits of a text in lower case.
pub fn letters(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    add_letters(text, &mut letters);
    letters
}

fn bare(text: &str) -> Vec<char> {
    text.chars().filter(|c| !matches!(c, '_' | '-' | '.' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_separators_do_not_count() {
        assert_eq!(distance("wrap-up", "wrapUp"), 0);
        assert_eq!(distance("duration_seconds", "durationSeconds"), 0);
        assert_eq!(distance("wrpaup", "wrapup"), 1);
    }

    #[test]
    fn a_typo_and_a_word_inside_another_are_near_and_a_stranger_is_not() {
        let fields = ["code", "name", "notes", "tags", "durationSeconds", "endTime"];
        assert_eq!(did_you_mean("note", fields), Some("notes"));
        assert_eq!(did_you_mean("duration_seconds", fields), Some("durationSeconds"));
        assert_eq!(did_you_mean("codeId", fields), Some("code"));
        assert_eq!(did_you_mean("language", fields), None);
    }

    #[test]
    fn words_split_at_case_and_separators() {
        assert_eq!(words("wrapUpCode_id/x-y"), ["wrap", "up", "code", "id", "x", "y"]);
        for text in ["wrapUpCode_id/x-y", "", "GroßeÄnderung 1.2", "/api/v2/{id}"] {
            assert_eq!(letters(text), words(text).concat());
        }
    }
}
