//! `--help`: every command opens with the two commonest ways to use it, and these are ways that it takes.

use std::process::Command;

fn help(command: &[String]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_wraptap")).args(command).arg("--help").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{command:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the names below `Commands:`, clap's own `help` aside.
fn commands_of(help: &str) -> Vec<String> {
    let (_, list) = help.split_once("\nCommands:\n").unwrap_or_default();
    let lines = list.lines().take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .filter(|name| name != "help")
        .collect()
}

/// Runs an example with `--help` behind it: what it names has to be there.
pub(crate) fn expect_taken(example: &str) {
    let start = example.find("wraptap ").unwrap();
    let words = example[start + "wraptap ".len()..].split(" > ").next().unwrap();
    let words = words.split("    (").next().unwrap().split(')').next().unwrap();
    // what stands behind `--` is another program's
    let words = words.split(" -- ").next().unwrap();
    let script = format!("exec '{}' {words} --help", env!("CARGO_BIN_EXE_wraptap"));
    let output = Command::new("bash").args(["-c", &script]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{example}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Returns the help of the program and of each of its commands.
pub(crate) fn all() -> Vec<(Vec<String>, String)> {
    let mut left = vec![Vec::new()];
    let mut all = Vec::new();
    while let Some(command) = left.pop() {
        let help = help(&command);
        left.extend(commands_of(&help).into_iter().map(|name| [command.clone(), vec![name]].concat()));
        all.push((command, help));
    }
    all
}

#[test]
fn every_command_shows_its_two_commonest_calls_first() {
    let all = all();
    for (command, help) in &all {
        let mut lines = help.lines();
        assert_eq!(lines.next(), Some("Examples:"), "{command:?}");
        let examples: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
        assert_eq!(examples.len(), 2, "{command:?}");
        assert!(
            examples[0].contains(
                &["wraptap".to_owned()].iter().chain(command).cloned().collect::<Vec<_>>().join(" ")
            ),
            "{command:?}"
        );
        examples.iter().for_each(|example| expect_taken(example));
    }
    assert!(all.len() > 25, "only {} commands", all.len());
}
