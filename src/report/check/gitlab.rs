//! A check as GitLab's code quality report, which a merge request shows as a list.
//!
//! Source: GitLab's "Code Quality report format": an array of `description`, `check_name`, `fingerprint`
//! (the same for the same violation in every run), `severity` (`info` to `blocker`), and `location` with
//! `path` and `lines.begin`. An exchange is a line of its recording, so its number serves as the line.

use serde_json::{Value, json};

use crate::model::conformity::{Deviation, Group};
use crate::model::finding::Finding;
use crate::report::check::{CheckView, describe_sighting};
use crate::report::comparison::json::ascii_controls;
use crate::report::safe;

/// Returns the report, which ends in a line end.
pub fn render(picture: &CheckView<'_>) -> String {
    let mut violations = Vec::new();
    for group in &picture.conformity.groups {
        for deviation in &group.deviations {
            let all = deviation.findings.iter();
            violations.extend(all.map(|finding| violation(picture, group, deviation, finding)));
        }
    }
    ascii_controls(&format!("{:#}\n", Value::from(violations)))
}

fn violation(picture: &CheckView<'_>, group: &Group, deviation: &Deviation, finding: &Finding) -> Value {
    let class = finding.class.name();
    let [good, candidate] = [&finding.good_path, &finding.candidate_path]
        .map(|path| path.as_ref().map_or("", |path| path.as_str()));
    json!({
        "description": format!(
            "{}, {}: {}; {}. First: {}",
            group.operation,
            group.client,
            safe::line(&finding.message),
            safe::line(&finding.help),
            describe_sighting(&group.client, &deviation.first)
        ),
        "check_name": class,
        "fingerprint": format!("{class} {} {} {good}>{candidate}", group.client, group.operation),
        "severity": if picture.is_wrong(Some(finding.severity)) { "major" } else { "minor" },
        "location": {
            "path": deviation.first.recording,
            "lines": {"begin": deviation.first.exchange.get()},
        },
    })
}
