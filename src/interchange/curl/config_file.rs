//! `-K FILE`: options from a file, as curl reads them.

use crate::interchange::curl::ast::ShellWord;
use crate::interchange::curl::options;

/// Returns the words that the lines of a config file mean; each has the place `at` of its `-K`.
///
/// A line is an option with or without its dashes, then perhaps `=`, `:` or blanks and a value; in double
/// quotes a backslash protects, and `\t`, `\n`, `\r`, `\v` are control characters.
pub(super) fn words(content: &[u8], at: usize) -> Vec<ShellWord> {
    let mut words = Vec::new();
    for line in content.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        let dashed = line.starts_with(b"-");
        let separates = |byte: &u8| byte.is_ascii_whitespace() || (!dashed && matches!(byte, b'=' | b':'));
        let length = line.iter().position(separates).unwrap_or(line.len());
        let name = if dashed { line[..length].to_vec() } else { [b"--", &line[..length]].concat() };
        let rest = &line[length..];
        let blank = rest.iter().take_while(|byte| separates(byte)).count();
        let value = value(&rest[blank..]);
        // a value behind a flag is none
        let flag = name.strip_prefix(b"--").is_some_and(|name| {
            options::by_name(&String::from_utf8_lossy(name)).is_some_and(|option| !option.takes_value)
        });
        words.push(ShellWord { bytes: name, at, exact: true });
        if let (Some(bytes), false) = (value, flag) {
            words.push(ShellWord { bytes, at, exact: true });
        }
    }
    words
}

fn value(written: &[u8]) -> Option<Vec<u8>> {
    let Some(quoted) = written.strip_prefix(b"\"") else {
        let length = written.iter().position(u8::is_ascii_whitespace).unwrap_or(written.len());
        return (length > 0).then(|| written[..length].to_vec());
    };
    let mut value = Vec::new();
    let mut bytes = quoted.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => break,
            b'\\' => match bytes.next() {
                Some(b't') => value.push(b'\t'),
                Some(b'n') => value.push(b'\n'),
                Some(b'r') => value.push(b'\r'),
                Some(b'v') => value.push(11),
                Some(other) => value.push(*other),
                None => {}
            },
            other => value.push(*other),
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn lines_become_the_words_of_a_command_line() {
        let text = b"# mine\nurl = \"http://h/a b\"\n--header: x\n\n  header=\"X: \\\"y\\\"\\t\"\nsilent\ncompressed = on\n-d a=b # c\n";
        let read: Vec<String> = words(text, 0).iter().map(|word| word.text()).collect();
        let expected = [
            "--url",
            "http://h/a b",
            "--header:",
            "x",
            "--header",
            "X: \"y\"\t",
            "--silent",
            "--compressed",
            "-d",
            "a=b",
        ];
        assert_eq!(read, expected);
    }
}
