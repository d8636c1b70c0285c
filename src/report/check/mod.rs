//! What `wraptap check` found, for people and for the pipelines that read it: text, JSON, JUnit, GitHub,
//! GitLab.
//!
//! None of them contains sent values: many people read the logs of pipelines.

pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod text;

use crate::model::conformity::{Conformity, Deviation, Group, Sighting, WhyUnchecked};
use crate::model::finding::{Finding, Severity};
use crate::report::layout::counted;
use crate::report::safe;

/// A check as it is rendered.
#[derive(Clone, Copy, Debug)]
pub struct CheckView<'a> {
    /// What was found.
    pub conformity: &'a Conformity,
    /// The mildest severity that counts as wrong.
    pub limit: Severity,
    /// The folder of the baselines, if it is not the default.
    pub baselines: Option<&'a str>,
    /// Lines of the recordings that are not exchanges.
    pub skipped: u64,
}

impl CheckView<'_> {
    /// Returns `pass`, `fail`, or `unknown` where nothing was compared.
    pub fn result(&self) -> &'static str {
        match self.conformity.worst() {
            Some(worst) if worst <= self.limit => "fail",
            _ if self.conformity.compared() == 0 => "unknown",
            _ => "pass",
        }
    }

    fn is_wrong(&self, severity: Option<Severity>) -> bool {
        severity.is_some_and(|severity| severity <= self.limit)
    }

    /// The result in one line.
    fn summary(&self) -> String {
        let found = self.conformity;
        let compared = match (found.compared(), found.differing()) {
            (0, _) => "no request could be compared".to_owned(),
            (compared, differing) => {
                format!("of {} {}", counted(compared, "compared request"), differ(differing))
            }
        };
        let mut text = format!("{}: {compared}", self.result());
        for (count, words) in [(found.unchecked(), "not checked"), (self.skipped, "unreadable and skipped")] {
            if count > 0 {
                let what = if words.starts_with("not") { "request" } else { "line" };
                text.push_str(&format!("; {} {words}", counted(count, what)));
            }
        }
        text
    }

    /// What shows an exchange, or nothing for what came from stdin.
    fn show(&self, sighting: &Sighting) -> Option<String> {
        Some(format!("wraptap show {}", reference(sighting)?))
    }

    /// What takes a difference over into the baseline; none that the API refused.
    fn accept(&self, deviation: &Deviation) -> Option<String> {
        let reference = reference(deviation.accepted.as_ref()?)?;
        Some(format!("wraptap baseline accept {reference}{}", self.folder()))
    }

    /// What makes a request known-good; none that the API refused.
    fn add(&self, sighting: &Sighting, why: WhyUnchecked) -> Option<String> {
        let is_good = why == WhyUnchecked::NoKnownGood && sighting.is_accepted();
        let reference = reference(sighting).filter(|_| is_good)?;
        Some(format!("wraptap baseline add {reference}{}", self.folder()))
    }

    fn folder(&self) -> String {
        self.baselines.map(|folder| format!(" --baselines {}", shell_word(folder))).unwrap_or_default()
    }
}

/// `none differs`, `1 differs`, `2 differ`.
fn differ(count: u64) -> String {
    match count {
        0 => "none differs".to_owned(),
        1 => "1 differs".to_owned(),
        count => format!("{count} differ"),
    }
}

/// `recordings/r.ndjson#12 (python 269.0.0, 400)`.
fn describe_sighting(group: &str, sighting: &Sighting) -> String {
    let version = sighting.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let status = sighting.status.map_or_else(|| "no response".to_owned(), |status| status.to_string());
    let text = format!("{}{} ({group}{version}, {status})", sighting.recording, sighting.exchange);
    safe::line(&text).into_owned()
}

/// `error[null_field]: …`, without colour.
fn finding_line(finding: &Finding) -> String {
    format!("{}[{}]: {}", finding.severity.name(), finding.class.name(), safe::line(&finding.message))
}

/// `2 of 3 requests, against baseline `x` (…)`.
fn describe(group: &Group, deviation: &Deviation) -> String {
    let text = format!(
        "{} of {}, against {} ({})",
        deviation.count,
        counted(group.compared, "request"),
        deviation.known_good,
        deviation.because
    );
    safe::line(&text).into_owned()
}

/// The number of differing requests of a group beyond the listed ones.
fn unlisted(group: &Group) -> u64 {
    let listed: u64 = group.deviations.iter().map(|deviation| deviation.count).sum();
    (group.compared - group.clean).saturating_sub(listed)
}

/// The exchange as a REF; stdin cannot be read again.
fn reference(sighting: &Sighting) -> Option<String> {
    (sighting.recording != "-").then(|| shell_word(&format!("{}{}", sighting.recording, sighting.exchange)))
}

/// A text as it can be typed into a shell; `#` begins a comment only in front of a word.
fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+:=@%,#".contains(c);
    let text = safe::line(text);
    if !text.is_empty() && !text.starts_with('#') && text.chars().all(plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}
