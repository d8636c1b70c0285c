//! A candidate judged by what wraptap knows by itself: only faults are errors, other differences are context.

use crate::command::args::payload_arg::PayloadArg;
use crate::command::diff::args::DiffArgs;
use crate::command::diff::compared::{Compared, answer, headline};
use crate::command::diff::error::DiffError;
use crate::command::diff::request::RequestToExamine;
use crate::command::diff::tolerated;
use crate::diff::comparison::Comparison;
use crate::error::CommandError;
use crate::json::document::Document;
use crate::model::finding::Finding;
use crate::model::known_good::{KnownGood, Pairing};
use crate::report::safe;

/// Compares with the best that is known, or with the example that the user named, and with the API's
/// description.
pub(super) fn compare(
    candidate: &PayloadArg,
    request: Option<&RequestToExamine>,
    example: Option<KnownGood>,
    args: &DiffArgs,
) -> Result<Compared, CommandError> {
    let Some(request) = request else {
        return Err(CommandError::input(DiffError::NoOperation)
            .hint(format!("name it: `wraptap diff {} --operation 'POST /api/v2/…'`", word(&args.candidate)))
            .hint(format!("or what is known to be good: `wraptap diff {} GOOD`", word(&args.candidate)))
            .hint("or give the whole request: a REF such as last-refused, or a curl command"));
    };
    let mut knowledge = request.knowledge()?;
    let examination = match example {
        Some(example) => knowledge.examine_against(&request.exchange, example),
        None => knowledge.examine(&request.exchange),
    };
    let (pairing, diagnosis) = (examination.pairing, examination.diagnosis);
    let is_described = diagnosis.public == Some(true) || !diagnosis.faults.is_empty();
    if pairing.chosen.is_none() && !is_described {
        return Err(CommandError::input(DiffError::NoKnownGood(pairing.reason))
            .hint(format!("name one: `wraptap diff {} GOOD`", word(&args.candidate)))
            .hint(format!("keep one: `wraptap baseline add FILE --operation '{}'`", diagnosis.operation)));
    }
    let mut comparison =
        examination.comparison.unwrap_or_else(|| Comparison::without_good(Document::parse(&candidate.body)));
    let mut notes = choice(&pairing, &diagnosis.operation.to_string());
    notes.extend(tolerated::leave_out(&mut comparison, &request.accepted()?));
    let context = std::mem::take(&mut comparison.findings);
    let mut findings: Vec<Finding> = diagnosis.faults.iter().cloned().chain(context).collect();
    findings.sort_by_key(|finding| finding.severity);
    let comparison = comparison.with_findings(findings, &args.ignore);
    notes.extend(answer(candidate, &comparison));
    let described = format!("the API's description of {}", diagnosis.operation);
    let good = pairing.chosen.as_ref();
    Ok(Compared {
        good_title: good.map_or_else(|| described.clone(), |good| good.label.clone()),
        good_body: good.map(|good| good.body.as_bytes().to_vec()).unwrap_or_default(),
        expectation: good.map_or(described, |good| format!("{} ({})", good.label, good.because)),
        comparison,
        notes,
        headline: headline(&diagnosis, args.format),
        remedy: Some(diagnosis.remedy),
    })
}

/// Says what was compared with, and why.
fn choice(pairing: &Pairing, operation: &str) -> Vec<String> {
    let Some(good) = &pairing.chosen else {
        return vec![format!("compared with the API's description of {operation}: {}", pairing.reason)];
    };
    let mut notes = vec![format!("compared with {}: {}", good.label, pairing.reason)];
    if !pairing.close.is_empty() {
        notes.push(format!("similar ones: {}", pairing.close.join(", ")));
    }
    notes
}

/// Returns an argument as it can be typed again, or a placeholder for a long one.
fn word(text: &str) -> String {
    let plain = text.len() < 80 && text.chars().all(|c| c.is_alphanumeric() || "/._-+:=@%,#".contains(c));
    if plain { safe::line(text).into_owned() } else { "CANDIDATE".to_owned() }
}
