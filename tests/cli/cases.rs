//! The finding classes by example: every file of `tests/cases/<class>/` is one pair of bodies with its findings.
//!
//! A case has `name`, `why`, `good` and `candidate` (as they stand in the file, duplicate keys and number spelling
//! included, or as text in `good_text`/`candidate_text` where they are no JSON), perhaps `method`, and `findings`.
//! Every finding has to be there and no other, in any order; `severity` is compared where it is given.

#![allow(clippy::panic, reason = "a case that cannot be read names its file and ends the test")]

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::value::RawValue;
use wraptap::diff;
use wraptap::model::finding::Class;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    why: String,
    method: Option<String>,
    good: Option<Box<RawValue>>,
    good_text: Option<String>,
    candidate: Option<Box<RawValue>>,
    candidate_text: Option<String>,
    findings: Vec<Wanted>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    class: String,
    good_path: Option<String>,
    candidate_path: Option<String>,
    severity: Option<String>,
}

#[test]
fn every_case_has_its_findings_and_no_others() {
    let mut wrong = Vec::new();
    let files = case_files();
    assert!(files.len() > 200, "only {} cases found", files.len());
    for file in &files {
        wrong.extend(check(file));
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), files.len(), wrong.join("\n"));
}

#[test]
fn every_class_of_a_body_has_a_folder_of_cases() {
    let requests =
        ["method_mismatch", "path_mismatch", "query_mismatch", "content_type_mismatch", "header_mismatch"];
    for class in Class::ALL.iter().filter(|class| class.is_difference()) {
        // not_compared takes bodies of megabytes, which are made in `diff_limits`
        if !requests.contains(&class.name()) && *class != Class::NotCompared {
            assert!(folder().join(class.name()).is_dir(), "no cases for {}", class.name());
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn case_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for class in fs::read_dir(folder()).unwrap() {
        for file in fs::read_dir(class.unwrap().path()).unwrap() {
            files.push(file.unwrap().path());
        }
    }
    files.sort();
    files
}

fn check(file: &Path) -> Option<String> {
    let text = fs::read_to_string(file).unwrap();
    let case: Case = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let body = |value: &Option<Box<RawValue>>, text: &Option<String>| match (value, text) {
        (Some(value), None) => value.get().to_owned(),
        (None, Some(text)) => text.clone(),
        _ => panic!("{}: either the value or its text", file.display()),
    };
    let good = body(&case.good, &case.good_text);
    let candidate = body(&case.candidate, &case.candidate_text);
    let options = diff::Options { method: case.method.clone(), ..diff::Options::default() };
    let comparison = diff::bodies(good.as_bytes(), candidate.as_bytes(), &options);
    let mut found: Vec<(String, String)> = comparison
        .findings
        .iter()
        .map(|finding| {
            let path = |path: &Option<wraptap::json::pointer::Pointer>| {
                path.as_ref().map_or_else(|| "null".to_owned(), |path| format!("{:?}", path.as_str()))
            };
            let places = format!("{} {}", path(&finding.good_path), path(&finding.candidate_path));
            (format!("{} {places}", finding.class.name()), finding.severity.name().to_owned())
        })
        .collect();
    let mut wrong = Vec::new();
    for wanted in &case.findings {
        let path = |path: &Option<String>| {
            path.as_ref().map_or_else(|| "null".to_owned(), |path| format!("{path:?}"))
        };
        let line = format!("{} {} {}", wanted.class, path(&wanted.good_path), path(&wanted.candidate_path));
        match found.iter().position(|(found, _)| *found == line) {
            Some(at) => {
                let (_, severity) = found.remove(at);
                if wanted.severity.as_ref().is_some_and(|wanted| *wanted != severity) {
                    wrong.push(format!("    severity {severity}: {line}"));
                }
            }
            None => wrong.push(format!("    missed   {line}")),
        }
    }
    wrong.extend(found.iter().map(|(line, _)| format!("    spurious {line}")));
    let place = file.strip_prefix(folder()).unwrap().display().to_string();
    (!wrong.is_empty()).then(|| format!("{place}: {} ({})\n{}", case.name, case.why, wrong.join("\n")))
}
