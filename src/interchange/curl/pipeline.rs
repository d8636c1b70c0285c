//! What `echo`, `printf` and `cat` would write into a pipe, derived from their words alone: nothing is run.

use crate::interchange::curl::ast::ShellWord;
use crate::interchange::curl::ast::{ShellCommand, StdinSource};

/// Returns what the next command of the pipe would read; `None` if only running the command could show it.
pub(crate) fn output(command: &ShellCommand) -> Option<StdinSource> {
    let (program, arguments) = command.words.split_first()?;
    if !command.words.iter().all(|word| word.exact) {
        return None;
    }
    match program.text().as_str() {
        "echo" => echo(arguments).map(StdinSource::Text),
        "printf" => printf(arguments).map(StdinSource::Text),
        "cat" => cat(arguments, &command.stdin),
        _ => None,
    }
}

/// bash's own `echo`: it heeds `-n`; `-e` only where there is nothing to interpret.
fn echo(mut arguments: &[ShellWord]) -> Option<Vec<u8>> {
    let mut end: &[u8] = b"\n";
    let mut interprets = false;
    while let Some((first, rest)) = arguments.split_first()
        && first.bytes.len() > 1
        && first.bytes[0] == b'-'
        && first.bytes[1..].iter().all(|letter| b"neE".contains(letter))
    {
        for letter in &first.bytes[1..] {
            match letter {
                b'n' => end = b"",
                letter => interprets = *letter == b'e',
            }
        }
        arguments = rest;
    }
    let words: Vec<&[u8]> = arguments.iter().map(|word| word.bytes.as_slice()).collect();
    let said = [&words.join(&b' '), end].concat();
    (!interprets || !said.contains(&b'\\')).then_some(said)
}

/// `printf` with the plain conversions `%s` and `%%`; its format serves again while there are arguments.
fn printf(arguments: &[ShellWord]) -> Option<Vec<u8>> {
    let (format, arguments) = arguments.split_first()?;
    if format.bytes.starts_with(b"-") {
        return None;
    }
    let mut arguments = arguments.iter().map(|word| word.bytes.as_slice()).peekable();
    let mut said = Vec::new();
    loop {
        let mut taken = false;
        let mut letters = format.bytes.iter();
        while let Some(letter) = letters.next() {
            match (letter, letter == &b'%' || letter == &b'\\') {
                (_, false) => said.push(*letter),
                (b'%', true) => match letters.next()? {
                    b'%' => said.push(b'%'),
                    b's' => {
                        taken = true;
                        said.extend_from_slice(arguments.next().unwrap_or_default());
                    }
                    _ => return None,
                },
                (_, true) => said.push(match letters.next()? {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'r' => b'\r',
                    same @ (b'\\' | b'"' | b'\'') => *same,
                    _ => return None,
                }),
            }
        }
        if !taken || arguments.peek().is_none() {
            return Some(said);
        }
    }
}

fn cat(arguments: &[ShellWord], stdin: &StdinSource) -> Option<StdinSource> {
    match arguments {
        [] => matches!(stdin, StdinSource::Text(_) | StdinSource::File(_)).then(|| stdin.clone()),
        [file] if !file.bytes.starts_with(b"-") => Some(StdinSource::File(file.text())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::output;
    use crate::interchange::curl::ast::StdinSource;
    use crate::interchange::curl::shell;

    fn fed(text: &str) -> Option<StdinSource> {
        output(&shell::split(text).unwrap().commands[0])
    }

    fn text(text: &str) -> Option<StdinSource> {
        Some(StdinSource::Text(text.as_bytes().to_vec()))
    }

    #[test]
    fn what_follows_from_the_words_is_known() {
        assert_eq!(fed("echo '{\"a\":1}'  b"), text("{\"a\":1} b\n"));
        assert_eq!(fed("echo -nE 'a\\n'"), text("a\\n"));
        assert_eq!(fed("echo -x"), text("-x\n"));
        assert_eq!(fed("printf 'a\\n%%'"), text("a\n%"));
        assert_eq!(fed("printf '%s,' x 'y z'"), text("x,y z,"));
        assert_eq!(fed("cat body.json"), Some(StdinSource::File("body.json".to_owned())));
        assert_eq!(fed("cat < body.json"), Some(StdinSource::File("body.json".to_owned())));
        assert_eq!(fed("cat <<E\nx\nE\n"), text("x\n"));
    }

    #[test]
    fn what_only_running_would_tell_is_not_guessed() {
        for text in [
            "echo $X",
            "echo \"$(id)\"",
            "echo -e 'a\\x41'",
            "printf '%d' 1",
            "printf -v x",
            "cat a b",
            "cat",
            "jq .",
            "cat -n x",
        ] {
            assert_eq!(fed(text), None, "{text}");
        }
    }
}
