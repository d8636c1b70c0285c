//! `completions`: scripts that the shells themselves accept.

use std::io::Write;
use std::process::{Command, Stdio};

fn script(shell: &str) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_wraptap")).args(["completions", shell]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    output.stdout
}

#[test]
fn bash_completes_commands_and_their_options() {
    let asked = b"\nCOMP_WORDS=(wraptap setup --un); COMP_CWORD=2; _wraptap wraptap --un setup; echo \"${COMPREPLY[*]}\"
COMP_WORDS=(wraptap comp); COMP_CWORD=1; _wraptap wraptap comp wraptap; echo \"${COMPREPLY[*]}\"\n";
    let mut bash = Command::new("bash");
    let mut bash = bash.arg("-s").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let text = [script("bash"), asked.to_vec()].concat();
    bash.stdin.take().unwrap().write_all(&text).unwrap();
    let output = bash.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "--undo\ncompletions\n");
}

#[test]
fn every_shell_gets_a_script_that_names_the_program() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(String::from_utf8(script(shell)).unwrap().contains("wraptap"), "{shell}");
    }
}

#[test]
fn an_unknown_shell_is_refused_with_the_known_ones() {
    let output = Command::new(env!("CARGO_BIN_EXE_wraptap")).args(["completions", "dos"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("bash, elvish, fish, powershell, zsh"));
}
