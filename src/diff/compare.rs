//! Compares two bodies from their bytes to the findings.

use crate::diff::comparison::{self, Comparison};
use crate::diff::indexed::IndexedBody;
use crate::diff::matching::{Matching, Raw};
use crate::diff::options::Options;
use crate::diff::severity::{self, ExtraMembers};
use crate::diff::{ignore, match_leftovers, message, order, root, syntax};
use crate::json::document::Document;
use crate::model::finding::Severity;

/// Compares the candidate's body with a good one, whatever bytes they are.
pub fn bodies(good: &[u8], candidate: &[u8], options: &Options) -> Comparison {
    let (good, candidate) = (Document::parse(good), Document::parse(candidate));
    let syntax = syntax::check(&good, &candidate);
    let (good, candidate) = (IndexedBody::new(good), IndexedBody::new(candidate));
    let mut findings = syntax.findings;
    let (mut of_good, mut of_candidate) = (Vec::new(), Vec::new());
    if syntax.comparable {
        let matching = match_bodies(&good, &candidate);
        let extra = ExtraMembers::new(options);
        let mut raws: Vec<(order::Key, Severity, Raw)> = matching
            .findings
            .iter()
            .map(|raw| {
                let severity = severity::evaluate(raw, &good, &candidate, extra);
                (order::key(raw, severity, &good, &candidate), severity, *raw)
            })
            .collect();
        raws.sort_by_key(|(key, ..)| *key);
        findings.extend(
            raws.iter().map(|(_, severity, raw)| message::finding(raw, *severity, &good, &candidate)),
        );
        (of_good, of_candidate) = matching.into_partners();
    }
    let hidden = ignore::hide(&mut findings, &options.ignore);
    let outcome = comparison::outcome(&findings, syntax.comparable);
    let (good, candidate) = (good.doc, candidate.doc);
    Comparison { outcome, findings, hidden, good, candidate, of_good, of_candidate }
}

fn match_bodies<'a>(good: &'a IndexedBody, candidate: &'a IndexedBody) -> Matching<'a> {
    let mut matching = Matching::new(good, candidate);
    root::begin(&mut matching);
    matching.walk();
    match_leftovers::match_leftovers(&mut matching);
    matching.report_leftovers();
    matching
}
