//! Everything that is known of one exchange: what it is compared with, the differences, and the diagnosis.

use crate::api;
use crate::diagnose::context::Question;
use crate::diagnose::pairing::{self, Sources};
use crate::diff;
use crate::diff::comparison::Comparison;
use crate::diff::fix::{self, Lack};
use crate::json::pointer::Pointer;
use crate::model::case::is_whole;
use crate::model::diagnosis::Diagnosis;
use crate::model::exchange::{Body, Exchange, Header, Request};
use crate::model::finding::{Class, Finding, Outcome, Severity};
use crate::model::known_good::{KnownGood, KnownGoodOrigin, Pairing};
use crate::model::remedy::{Offer, Remedy};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of one exchange.
#[derive(Clone, Debug)]
pub struct Examination {
    /// The region of its upstream, `eu_central_1 (mypurecloud.de)`.
    pub region: Option<String>,
    /// What it is compared with.
    pub pairing: Pairing,
    /// What the comparison found; `None` without a known-good payload.
    pub comparison: Option<Comparison>,
    /// Operation, checks, verdict, remedy.
    pub diagnosis: Diagnosis,
}

/// Examines an exchange against what may serve as known-good, and against the rest of the recording:
/// `history` in the order in which the exchanges began, the subject may be among them.
pub fn examine(exchange: &Exchange, sources: Sources<'_>, history: &[Exchange]) -> Examination {
    against(exchange, pairing::pair_exchange(exchange, sources), history)
}

/// As [`examine`], compared with what somebody chose.
pub fn against(exchange: &Exchange, mut pairing: Pairing, history: &[Exchange]) -> Examination {
    if !is_whole(exchange) {
        // what was not read whole is not what the client sent
        let Body { bytes, total, .. } = &exchange.request.body;
        let reason = format!("only {} of {total} bytes of the body were recorded", bytes.len());
        pairing = Pairing { chosen: None, reason, close: Vec::new() };
    }
    let mut comparison = pairing.chosen.as_ref().map(|good| compare(good, &exchange.request));
    let api = api::for_upstream(&exchange.upstream);
    let mut diagnosis = crate::diagnose::examine(Question {
        subject: exchange,
        history,
        findings: comparison.as_ref().map_or(&[], |comparison| &comparison.findings),
        good: pairing.chosen.as_ref(),
        api,
    });
    if let (Some(comparison), Some(good)) = (&mut comparison, &pairing.chosen) {
        if good.origin == KnownGoodOrigin::Named {
            take_shape(comparison, &diagnosis.faults, &mut diagnosis.remedy);
        }
        point_into_good(&mut diagnosis.faults, &comparison.findings);
        set_context(comparison, &diagnosis.faults, &good.origin);
    }
    let host = exchange.upstream.split("://").last().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let region = api.region_of_host(host);
    Examination { region, pairing, comparison, diagnosis }
}

/// Gives faults the place in the known-good body that the difference at the same place has, so that both can
/// be shown.
fn point_into_good(faults: &mut [Finding], differences: &[Finding]) {
    let places: BTreeMap<&Pointer, &Pointer> = differences
        .iter()
        .filter_map(|other| Some((other.candidate_path.as_ref()?, other.good_path.as_ref()?)))
        .collect();
    for fault in faults.iter_mut().filter(|fault| fault.good_path.is_none()) {
        let same = fault.candidate_path.as_ref().and_then(|place| places.get(place));
        fault.good_path = same.map(|place| (*place).clone());
    }
}

/// Leaves of the differences what no fault says already. They are context, unless the user asked for them by
/// naming the known-good payload. A built-in example has no say in what is required or forbidden.
fn set_context(comparison: &mut Comparison, faults: &[Finding], origin: &KnownGoodOrigin) {
    let said: BTreeSet<&Pointer> = faults.iter().filter_map(Finding::place).collect();
    comparison.findings.retain(|finding| finding.place().is_none_or(|place| !said.contains(place)));
    if *origin == KnownGoodOrigin::Embedded {
        let of_shape = |finding: &Finding| matches!(finding.class, Class::MissingField | Class::ExtraField);
        comparison.findings.retain(|finding| !of_shape(finding));
    }
    if *origin != KnownGoodOrigin::Named {
        for finding in &mut comparison.findings {
            finding.severity = Severity::Info;
        }
    }
    let all = faults.iter().chain(&comparison.findings);
    if all.clone().any(|finding| finding.severity == Severity::Error) {
        comparison.outcome = Outcome::Fail;
    } else if comparison.outcome == Outcome::Fail {
        comparison.outcome = Outcome::Pass;
    }
}

/// The correction that the user asked for by naming a known-good payload: its shape, with the sent values.
fn take_shape(comparison: &Comparison, faults: &[Finding], remedy: &mut Remedy) {
    let differs = comparison.findings.iter().any(|finding| finding.severity != Severity::Info);
    let Some(fixed) = fix::fixed(comparison, Lack::Offer).filter(|_| differs) else { return };
    // what the payload has besides is offered; only what the description demands has to be given first
    let open = faults.iter().filter(|fault| fault.class == Class::MissingField);
    let open = open.filter(|fault| fault.severity == Severity::Error);
    remedy.open = open.map(|fault| format!("{}; {}", fault.message, fault.help)).collect();
    let is_hollow = fixed.body.is_empty() || fixed.body == "{}" && !fixed.lacking.is_empty();
    let body = Some(fixed.body).filter(|_| !is_hollow);
    (remedy.body, remedy.draft) = if remedy.open.is_empty() { (body, None) } else { (None, body) };
    remedy.changes = vec!["the body in the shape of the payload that you named".to_owned()];
    remedy.offers =
        fixed.lacking.into_iter().map(|lack| Offer { place: lack.place, value: Some(lack.value) }).collect();
}

/// Compares a request with a known-good payload: media type and body. The head is its own otherwise, because
/// a baseline says nothing of it, and headers of another client are noise.
pub fn compare(good: &KnownGood, request: &Request) -> Comparison {
    let mut wanted = Request { body: Body::whole(good.body.clone()), ..request.clone() };
    wanted.headers.0.retain(|header| !header.name.eq_ignore_case("content-encoding"));
    if let Some(media_type) = &good.content_type {
        wanted.headers.0.retain(|header| !header.name.eq_ignore_case("content-type"));
        wanted.headers.0.push(Header { name: "Content-Type".into(), value: media_type.as_str().into() });
    }
    diff::request::compare(
        &wanted,
        request,
        &diff::Options { ignore: good.ignore.clone(), exact: good.exact, ..diff::Options::default() },
    )
}
