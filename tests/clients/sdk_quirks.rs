//! Every way in which an SDK is known to send something else than its caller meant, made by the SDK itself: what is on
//! the wire, what wraptap finds first, what it blames, and the line it gives. One row of a table is one way.
//!
//! `ways.tsv` beside each program `ways.*` is that table. A way more is one call in the program and one row.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::Language::{Java, JavaScript, Python};
use crate::program::{Language, program};
use crate::stage::Stage;

const CODE: &str = "7fb334b0-0e9e-11e4-9191-0800200c9a66";

/// One row: a call of the program, by its name, and what comes of it.
#[derive(Debug, PartialEq)]
struct Way {
    name: String,
    /// The answer's status, or `nothing` where the SDK did not get as far as the wire.
    status: String,
    /// The body, with `C` for the code.
    sent: String,
    /// The first finding that is more than a note, else the first check.
    first: String,
    cause: String,
    /// The line to write instead.
    line: String,
}

#[test]
fn javascript_sdk() {
    hold(JavaScript, "ways.js", "javascript/ways.tsv");
}

#[test]
fn python_sdk() {
    hold(Python, "ways.py", "python/ways.tsv");
}

#[test]
fn java_sdk() {
    hold(Java, "Ways", "java/ways.tsv");
}

/// Runs all ways of a language in one process, and holds the report on the recording against the table.
fn hold(language: Language, name: &str, table: &str) {
    let stage = Stage::simulated();
    let said = stage.run(program(language, name));
    let recorded = stage.end();
    recorded.expect_what_was_sent();
    // the first exchange is the login
    let mut reports = recorded.reports().into_iter().skip(1);
    let mut exchanges = recorded.exchanges.iter().skip(1);
    let mut ways = Vec::new();
    for (name, became) in said.lines().filter_map(|line| line.split_once('\t')) {
        ways.push(if became == "nothing" {
            Way::unsent(name)
        } else {
            let way = Way::seen(name, exchanges.next().unwrap(), &reports.next().unwrap());
            assert_eq!(way.status == "202", became == "accepted", "{name} became {became}: {way:?}");
            way
        });
    }
    assert!(exchanges.next().is_none(), "more was sent than was called");
    let wanted = table_of(table);
    assert_eq!(ways.len(), wanted.len(), "{table} and {name} have not the same calls");
    for (way, wanted) in ways.iter_mut().zip(&wanted) {
        // how one accepted request differs from another is of interest only where the table says so
        if way.cause == "-" && wanted.first == "-" {
            way.first = wanted.first.clone();
        }
    }
    let wrong = ways.iter().zip(&wanted).filter(|(way, wanted)| way != wanted);
    let wrong: Vec<String> = wrong.map(|(way, wanted)| format!("  {way:?}\nis not\n  {wanted:?}")).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), ways.len(), wrong.join("\n"));
}

impl Way {
    fn unsent(name: &str) -> Self {
        let none = || "-".to_owned();
        let status = "nothing".to_owned();
        Self { name: name.to_owned(), status, sent: none(), first: none(), cause: none(), line: none() }
    }

    fn seen(name: &str, exchange: &Value, report: &Value) -> Self {
        let sent = exchange["request"]["body"].as_str().filter(|body| !body.is_empty());
        let sent = sent.unwrap_or("-").replace(CODE, "C");
        let finding =
            report["findings"].as_array().unwrap().iter().find(|finding| finding["severity"] != "info");
        let first = finding.map_or_else(
            || "-".to_owned(),
            |finding| {
                let class = finding["class"].as_str().unwrap();
                format!("{class} {} {}", place(&finding["good_path"]), place(&finding["candidate_path"]))
            },
        );
        let blamed = report["verdict"].is_object();
        let line = report["fix"]["client"][0]["after"].as_str().filter(|_| blamed);
        Self {
            name: name.to_owned(),
            status: report["status"].to_string(),
            sent,
            first,
            cause: report["verdict"]["cause"].as_str().unwrap_or("-").to_owned(),
            line: line.unwrap_or("-").to_owned(),
        }
    }
}

fn place(pointer: &Value) -> &str {
    match pointer.as_str() {
        None => "-",
        Some("") => ".",
        Some(pointer) => pointer,
    }
}

fn table_of(name: &str) -> Vec<Way> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(name);
    let text = fs::read_to_string(&path).unwrap();
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| {
        let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let [name, status, sent, first, cause, line] = cells.try_into().unwrap();
        Way { name, status, sent, first, cause, line }
    })
    .collect()
}
