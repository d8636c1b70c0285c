//! The requests of a test run against the known-good ones, one exchange at a time and in flat memory.
//!
//! What the recording itself shows as accepted does not take part: a run is not to be judged by itself.

use std::collections::BTreeMap;

use crate::api;
use crate::diagnose::examine;
use crate::diagnose::pairing::{self, Accepted, Likeness, Sources};
use crate::model::baseline::Baseline;
use crate::model::case::{bytes, is_whole};
use crate::model::conformity::{Conformity, Deviation, Group, Sighting, Unchecked, WhyUnchecked};
use crate::model::exchange::{Exchange, Origin, Request};
use crate::model::finding::{Class, Finding, Severity};
use crate::model::known_good::KnownGood;
use crate::model::operation::Operation;

/// Pairs of operation and client that are kept apart; paths without a catalogue can be of any number.
const MOST_GROUPS: usize = 1024;

/// Kinds of requests whose known-good payload is remembered; of a million there are few.
const MOST_KINDS: usize = 1024;

/// Distinct differences that are kept apart in one group.
const MOST_DEVIATIONS: usize = 32;

/// Returns whether a check looks at an exchange: a client asked, and the request is one that carries a body.
///
/// Left out: what wraptap itself sent, logins, and methods whose requests have no body.
pub fn concerns(exchange: &Exchange) -> bool {
    let request = &exchange.request;
    let is = |methods: &[&str]| methods.iter().any(|method| request.method.eq_ignore_case(method));
    let bare =
        is(&["GET", "HEAD", "OPTIONS", "CONNECT", "TRACE"]) || is(&["DELETE"]) && request.body.is_empty();
    let asked = matches!(exchange.origin, Origin::Live | Origin::Import);
    asked && !bare && !api::assumed().is_login(&request.path())
}

/// A check under way.
#[derive(Debug)]
pub struct Gathering<'b> {
    folder: &'b [Baseline],
    none_accepted: Accepted,
    /// What requests of a kind are compared with.
    chosen: BTreeMap<Likeness, Option<KnownGood>>,
    found: Conformity,
    groups: BTreeMap<(Operation, String), usize>,
    unchecked: BTreeMap<(Operation, String, WhyUnchecked), usize>,
}

impl<'b> Gathering<'b> {
    /// Begins a check against the baselines of a folder, and where these have none, the API's description.
    pub fn new(folder: &'b [Baseline]) -> Self {
        Self {
            folder,
            none_accepted: Accepted::default(),
            chosen: BTreeMap::new(),
            found: Conformity::default(),
            groups: BTreeMap::new(),
            unchecked: BTreeMap::new(),
        }
    }

    /// Takes in an exchange that [`concerns`] lets through, masked already; `recording` is what the user
    /// calls it.
    pub fn offer(&mut self, recording: &str, exchange: &Exchange) {
        let request = &exchange.request;
        let kind = Likeness::of(request, self.folder.iter());
        let operation = kind.operation.clone();
        let good = match self.chosen.remove(&kind) {
            Some(known) => known,
            None => pairing::pair(request, self.sources(self.folder)).chosen,
        };
        self.judge(operation, good.as_ref(), recording, exchange);
        if self.chosen.len() < MOST_KINDS {
            self.chosen.insert(kind, good);
        }
    }

    fn sources(&self, folder: &'b [Baseline]) -> Sources<'_> {
        Sources { folder, accepted: &self.none_accepted, embedded: &[] }
    }

    fn judge(
        &mut self,
        operation: Operation,
        good: Option<&KnownGood>,
        recording: &str,
        exchange: &Exchange,
    ) {
        let request = &exchange.request;
        let is_described = api::assumed().operation_of(&request.method_text(), &request.path()).is_some();
        let is_known = good.is_some() || is_described;
        let why = match bytes(request) {
            _ if is_known && !is_whole(exchange) => WhyUnchecked::Partial,
            None if is_known => WhyUnchecked::Undecodable,
            Some(_) if let Some(good) = good => {
                let basis = (good.label.clone(), good.because.clone());
                return self.count(operation, against_kept(good, request), basis, (recording, exchange));
            }
            // an upload or a form is no gap in the baselines
            Some(body)
                if is_whole(exchange) && !is_json(&body) && !(is_described && is_sent_as_json(request)) =>
            {
                return;
            }
            Some(body) if is_described && (!body.is_empty() || self.misses_body(exchange)) => {
                let basis = ("the API's description".to_owned(), "built in".to_owned());
                let faults = self.faults(exchange);
                return self.count(operation, faults, basis, (recording, exchange));
            }
            _ if request.body.is_empty() => return,
            _ => WhyUnchecked::NoKnownGood,
        };
        self.leave(operation, why, recording, exchange);
    }

    /// Returns what was found.
    pub fn finish(self) -> Conformity {
        self.found
    }

    /// Returns what the API's description says against a request. What the API accepted is younger than any
    /// description of it: there it is no error.
    fn faults(&self, exchange: &Exchange) -> Vec<Finding> {
        let mut faults = examine::examine(exchange, self.sources(&[]), &[]).diagnosis.faults;
        for fault in faults.iter_mut().filter(|_| exchange.is_accepted()) {
            fault.severity = fault.severity.max(Severity::Warning);
        }
        faults
    }

    /// Returns whether the API's description misses a body.
    fn misses_body(&self, exchange: &Exchange) -> bool {
        self.faults(exchange).iter().any(|fault| fault.class == Class::EmptyBody)
    }

    /// Counts a request with what was found in it by the word of a known-good payload, or of the description.
    fn count(
        &mut self,
        operation: Operation,
        mut findings: Vec<Finding>,
        basis: (String, String),
        (recording, exchange): (&str, &Exchange),
    ) {
        // other values are what requests are made of
        findings.retain(|finding| finding.severity != Severity::Info);
        let (known_good, because) = basis;
        let Some(group) = self.group(operation, exchange) else {
            let beyond = &mut self.found.beyond;
            beyond.compared += 1;
            beyond.differing += u64::from(!findings.is_empty());
            beyond.worst = worst(beyond.worst, &findings);
            return;
        };
        let group = &mut self.found.groups[group];
        group.compared += 1;
        if findings.is_empty() {
            group.clean += 1;
            return;
        }
        let known = group
            .deviations
            .iter_mut()
            .find(|known| known.known_good == known_good && are_alike(&known.findings, &findings));
        let sighting = sighting(recording, exchange);
        let accepted = sighting.is_accepted().then(|| sighting.clone());
        if let Some(known) = known {
            known.count += 1;
            known.accepted = known.accepted.take().or(accepted);
        } else if group.deviations.len() < MOST_DEVIATIONS {
            group.deviations.push(Deviation {
                findings,
                known_good,
                because,
                count: 1,
                first: sighting,
                accepted,
            });
        } else {
            self.found.beyond.worst = worst(self.found.beyond.worst, &findings);
        }
    }

    fn group(&mut self, operation: Operation, exchange: &Exchange) -> Option<usize> {
        let key = (operation, client(exchange));
        if let Some(group) = self.groups.get(&key) {
            return Some(*group);
        }
        if self.groups.len() == MOST_GROUPS {
            return None;
        }
        let (operation, client) = key.clone();
        self.groups.insert(key, self.found.groups.len());
        self.found.groups.push(Group { operation, client, compared: 0, clean: 0, deviations: Vec::new() });
        Some(self.found.groups.len() - 1)
    }

    fn leave(&mut self, operation: Operation, why: WhyUnchecked, recording: &str, exchange: &Exchange) {
        let key = (operation, client(exchange), why);
        if let Some(known) = self.unchecked.get(&key) {
            self.found.unchecked[*known].count += 1;
        } else if self.unchecked.len() == MOST_GROUPS {
            self.found.beyond.unchecked += 1;
        } else {
            let (operation, client, why) = key.clone();
            self.unchecked.insert(key, self.found.unchecked.len());
            let first = sighting(recording, exchange);
            self.found.unchecked.push(Unchecked { operation, client, why, count: 1, first });
        }
    }
}

/// Returns the differences from a payload that the user keeps. What is missing or null there is an error,
/// because something else is sent than was kept; what is there besides is a warning, unless the payload is
/// exact.
fn against_kept(good: &KnownGood, request: &Request) -> Vec<Finding> {
    let mut findings = examine::compare(good, request).findings;
    for finding in findings.iter_mut().filter(|finding| finding.class == Class::ExtraField && !good.exact) {
        finding.severity = finding.severity.max(Severity::Warning);
    }
    findings
}

fn is_sent_as_json(request: &Request) -> bool {
    request.headers.text("content-type").is_none_or(|media_type| media_type.contains("json"))
}

fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
}

fn client(exchange: &Exchange) -> String {
    exchange.sdk.as_ref().map_or_else(|| "unknown client".to_owned(), |sdk| sdk.name.clone())
}

fn sighting(recording: &str, exchange: &Exchange) -> Sighting {
    Sighting {
        recording: recording.to_owned(),
        exchange: exchange.id,
        version: exchange.sdk.as_ref().and_then(|sdk| sdk.version.clone()),
        status: exchange.status(),
    }
}

/// Returns whether two requests differ from their known-good payload in the same places in the same way.
/// Values do not count; of what has no place, such as a media type, the words do.
fn are_alike(one: &[Finding], other: &[Finding]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(a, b)| {
            let placed = a.good_path.is_some() || a.candidate_path.is_some();
            (a.class, a.severity) == (b.class, b.severity)
                && (&a.good_path, &a.candidate_path) == (&b.good_path, &b.candidate_path)
                && (placed || a.message == b.message)
        })
}

fn worst(known: Option<Severity>, findings: &[Finding]) -> Option<Severity> {
    findings.iter().map(|finding| finding.severity).chain(known).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::baseline::Provenance;
    use crate::model::exchange::{Body, Sdk};
    use crate::model::testing::exchange;

    const PATH: &str = "/api/v2/own/7fb334b0-0e9e-11e4-9191-0800200c9a66/thing";
    const GOOD: &str = r#"{"code":"code 0","notes":"some words"}"#;

    fn sent(sdk: &str, body: &str) -> Exchange {
        let sdk = Some(Sdk { name: sdk.to_owned(), version: None, marks: Vec::new() });
        Exchange { sdk, ..exchange(7, "PUT", PATH, body, 400) }
    }

    fn baseline(body: &str) -> Baseline {
        Baseline {
            name: "good".into(),
            operation: Operation { method: "PUT".into(), template: "/api/v2/own/{id}/thing".into() },
            provenance: Provenance::Manual,
            source: "the team".into(),
            date: "2026-11-20".into(),
            content_type: None,
            body: body.into(),
            ignore: Vec::new(),
            exact: false,
        }
    }

    fn check(exchanges: &[Exchange]) -> Conformity {
        against(&[baseline(GOOD)], exchanges)
    }

    fn against(good: &[Baseline], exchanges: &[Exchange]) -> Conformity {
        let mut gathering = Gathering::new(good);
        for exchange in exchanges.iter().filter(|exchange| concerns(exchange)) {
            gathering.offer("r.ndjson", exchange);
        }
        gathering.finish()
    }

    #[test]
    fn the_same_difference_is_reported_once_whatever_the_values() {
        let found = check(&[
            sent("java", GOOD),
            sent("java", r#"{"code":"code 0","notes":null}"#),
            sent("java", r#"{"code":"code 1","notes":null}"#),
            sent("java", r#"{"code":"code 1"}"#),
            sent("python", r#"{"code":"code 9","notes":"other words"}"#),
        ]);
        assert_eq!(found.groups.len(), 2);
        let java = &found.groups[0];
        assert_eq!((java.compared, java.clean), (4, 1));
        assert_eq!(java.deviations.iter().map(|deviation| deviation.count).collect::<Vec<_>>(), [2, 1]);
        assert_eq!((found.groups[1].clean, found.groups[1].worst()), (1, None));
        assert_eq!((found.compared(), found.differing(), found.worst()), (5, 3, Some(Severity::Error)));
    }

    #[test]
    fn bodies_of_another_kind_have_another_known_good_each_time_they_come() {
        let (other, third) = (r#"{"tags":["a"]}"#, r#"{"tags":null}"#);
        let sent: Vec<Exchange> = [GOOD, other, GOOD, other, third].map(|body| sent("java", body)).into();
        let found = against(&[baseline(GOOD), baseline(other)], &sent);
        assert_eq!((found.groups[0].compared, found.groups[0].clean), (5, 4));
        assert_eq!(
            found.groups[0].deviations[0].findings[0].candidate_path.as_ref().unwrap().to_string(),
            "/tags"
        );
    }

    #[test]
    fn an_accepted_request_of_the_run_itself_is_not_known_good() {
        let path = "/api/v2/unknown";
        let found =
            check(&[exchange(1, "POST", path, GOOD, 200), exchange(2, "POST", path, "{\"code\":null}", 400)]);
        assert_eq!((found.compared(), found.unchecked()), (0, 2));
        assert_eq!(found.unchecked[0].why, WhyUnchecked::NoKnownGood);
    }

    #[test]
    fn reads_logins_own_requests_uploads_and_empty_bodies_are_no_gaps() {
        let replayed = Exchange { origin: Origin::Replay, ..sent("java", "{}") };
        let found = check(&[
            exchange(1, "GET", PATH, "", 200),
            exchange(2, "POST", "/oauth/token", r#"{"grant_type":"x"}"#, 200),
            exchange(3, "POST", "/api/v2/uploads", "--boundary", 200),
            exchange(4, "POST", "/api/v2/start", "", 200),
            exchange(5, "DELETE", PATH, "", 204),
            replayed,
        ]);
        assert_eq!(found, Conformity::default());
    }

    #[test]
    fn a_body_recorded_in_part_or_in_an_unknown_coding_is_not_judged() {
        let mut cut = sent("java", GOOD);
        cut.request.body = Body { cut: true, ..Body::whole(&b"{\"code\""[..]) };
        let mut coded = sent("java", GOOD);
        coded.request.headers = crate::model::exchange::Headers::of([("Content-Encoding", "exi")]);
        let why: Vec<_> = check(&[cut, coded]).unchecked.iter().map(|unchecked| unchecked.why).collect();
        assert_eq!(why, [WhyUnchecked::Partial, WhyUnchecked::Undecodable]);
    }

    #[test]
    fn a_missing_body_is_a_difference_where_there_is_a_known_good_one() {
        assert_eq!(check(&[sent("javascript", "")]).differing(), 1);
    }

    #[test]
    fn any_number_of_paths_and_differences_takes_bounded_memory_and_still_counts() {
        let path = |n: usize| exchange(1, "POST", &format!("/api/v2/word{n}x"), "{}", 400);
        let paths: Vec<Exchange> = (0..MOST_GROUPS + 5).map(path).collect();
        let found = check(&paths);
        assert_eq!((found.unchecked.len(), found.unchecked()), (MOST_GROUPS, MOST_GROUPS as u64 + 5));
        let odd = |n: usize| {
            sent("java", &format!("{{\"code\":\"code 0\",\"notes\":\"some words\",\"extra{n}\":1}}"))
        };
        let odd: Vec<Exchange> = (0..MOST_DEVIATIONS + 5).map(odd).collect();
        let found = check(&odd);
        assert_eq!(found.groups[0].deviations.len(), MOST_DEVIATIONS);
        assert_eq!(found.differing(), MOST_DEVIATIONS as u64 + 5);
        assert_eq!(found.worst(), Some(Severity::Warning));
    }
}
