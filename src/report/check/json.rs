//! A check for programs: one document, `schema_version` 1. Members are added, never changed.

use serde_json::{Value, json};

use crate::model::conformity::{Deviation, Group, Sighting, Unchecked};
use crate::model::finding::Finding;
use crate::report::check::{CheckView, unlisted};
use crate::report::comparison::json::ascii_controls;

/// Returns the document, which ends in a line end.
pub fn render(picture: &CheckView<'_>) -> String {
    let found = picture.conformity;
    let document = json!({
        "schema_version": 1,
        "result": picture.result(),
        "compared": found.compared(),
        "differing": found.differing(),
        "not_checked": found.unchecked(),
        "skipped_lines": picture.skipped,
        "worst": found.worst().map(|severity| severity.name()),
        "groups": found.groups.iter().map(group).collect::<Vec<_>>(),
        "unchecked": found.unchecked.iter().map(unchecked).collect::<Vec<_>>(),
        "beyond": {
            "compared": found.beyond.compared,
            "differing": found.beyond.differing,
            "not_checked": found.beyond.unchecked,
        },
    });
    ascii_controls(&format!("{document:#}\n"))
}

fn group(group: &Group) -> Value {
    json!({
        "operation": group.operation.to_string(),
        "client": group.client,
        "compared": group.compared,
        "clean": group.clean,
        "unlisted": unlisted(group),
        "deviations": group.deviations.iter().map(deviation).collect::<Vec<_>>(),
    })
}

fn deviation(deviation: &Deviation) -> Value {
    json!({
        "count": deviation.count,
        "first": sighting(&deviation.first),
        "known_good": {"label": deviation.known_good, "because": deviation.because},
        "findings": deviation.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn unchecked(unchecked: &Unchecked) -> Value {
    json!({
        "operation": unchecked.operation.to_string(),
        "client": unchecked.client,
        "why": unchecked.why.name(),
        "count": unchecked.count,
        "first": sighting(&unchecked.first),
    })
}

fn sighting(sighting: &Sighting) -> Value {
    json!({
        "recording": sighting.recording,
        "exchange": sighting.exchange.get(),
        "version": sighting.version,
        "status": sighting.status,
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "class": finding.class.name(),
        "severity": finding.severity.name(),
        "good_path": finding.good_path.as_ref().map(|path| path.as_str()),
        "candidate_path": finding.candidate_path.as_ref().map(|path| path.as_str()),
        "message": finding.message,
        "help": finding.help,
    })
}
