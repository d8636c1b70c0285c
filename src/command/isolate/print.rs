//! What an isolation found, for people and for programs.

use serde_json::{Value, json};

use crate::command::isolate::requests::RequestPair;
use crate::command::isolate::target::IsolationTarget;
use crate::command::lock;
use crate::command::terminal::{self, OutputFormat};
use crate::diff;
use crate::diff::patch;
use crate::model::finding::{Finding, Severity};
use crate::replay::isolate::differences::Set;
use crate::replay::isolate::session::{Answer, End, Purpose, RefusalCause, Session};
use crate::report::style::TextRole;
use crate::report::{layout, safe};

/// Returns what was found, as text or as a document.
pub(super) fn render(
    format: OutputFormat,
    session: &Session,
    end: &End,
    target: &IsolationTarget,
    pair: &RequestPair,
) -> String {
    let report = IsolationReport { session, end, target, pair };
    // What is sent is what was given; what is shown is not.
    lock::masked(&match format {
        OutputFormat::Text => report.text(),
        OutputFormat::Json => terminal::document(report.json()),
    })
}

struct IsolationReport<'a> {
    session: &'a Session,
    end: &'a End,
    target: &'a IsolationTarget,
    pair: &'a RequestPair,
}

impl IsolationReport<'_> {
    /// Returns the result in one sentence.
    fn headline(&self) -> String {
        let (count, found) = (self.session.differences.list.len(), self.session.causes.len());
        let says = |purpose: Purpose| {
            let tried = self.session.tried.iter().rev().find(|tried| tried.purpose == purpose);
            tried.map(|tried| tried.answer.says()).unwrap_or_default()
        };
        match self.end {
            End::Isolated => {
                let differences = if count == 1 {
                    "the one difference".to_owned()
                } else {
                    format!("{found} of {count} differences")
                };
                let makes = if found == 1 { "makes" } else { "make" };
                format!("isolated: {differences} {makes} it refused by {}", self.target.name())
            }
            End::NoDifference => "no relevant difference between the two requests".to_owned(),
            End::CandidateAccepted => {
                format!(
                    "nothing to isolate: {} accepts the candidate ({})",
                    self.target.name(),
                    says(Purpose::Candidate)
                )
            }
            End::GoodRefused => {
                format!(
                    "no cause found: {} refuses the good request as well ({})",
                    self.target.name(),
                    says(Purpose::Good)
                )
            }
            End::StateChanged => format!(
                "inconclusive: state changed: the good request was accepted at first and is refused now ({})",
                says(Purpose::Control)
            ),
            End::Capped => format!(
                "not finished: {} requests were sent, {found} relevant differences found so far (`--cap` allows more)",
                self.session.tried.len()
            ),
            End::Stopped(why) => format!("stopped: {why}; {found} relevant differences found so far"),
        }
    }

    /// Returns what to do next, if nothing was found.
    fn hint(&self) -> Option<&'static str> {
        match self.end {
            End::CandidateAccepted if self.target.is_built_in() => Some(
                "the simulator knows only the rules of `wraptap simulate --rules`: name the server that refused the request with `--to`",
            ),
            End::CandidateAccepted => {
                Some("check whether it was the timing: `wraptap replay last-refused --until-accepted 30s`")
            }
            End::GoodRefused if self.target.is_built_in() => {
                Some("name the server that accepts it with `--to`, or another good request")
            }
            End::GoodRefused => {
                Some("use a request that is accepted now; check its ids and your credentials")
            }
            End::StateChanged => Some(
                "an accepted variant takes effect: `--prepare COMMAND` creates a new resource before each request",
            ),
            _ => None,
        }
    }

    fn causes(&self) -> Option<String> {
        let alone = self.session.causes.iter().filter(|cause| cause.alone == Some(true)).count();
        match (self.end, self.session.causes.len()) {
            (End::Isolated, found) if found > 1 && alone == found => {
                Some(format!("{found} independent causes: each is refused in an otherwise good request"))
            }
            (End::Isolated, found) if found > 1 && alone > 0 => {
                Some(format!("{alone} of them are refused each in an otherwise good request"))
            }
            _ => None,
        }
    }

    fn label(&self, atom: usize) -> &str {
        self.session.differences.list.get(atom).map(|atom| atom.label.as_str()).unwrap_or_default()
    }

    /// The smallest set of differences that is refused in an otherwise good request.
    fn remainder(&self) -> Option<Set> {
        let known = self.session.causes.iter().filter(|cause| {
            cause.alone == Some(true) || (cause.alone == Some(false) && !cause.with.is_empty())
        });
        known
            .map(|cause| cause.with.iter().copied().chain([cause.number]).collect::<Set>())
            .min_by_key(Set::len)
    }

    /// The candidate with what was found mended.
    fn mended(&self) -> Option<(String, Option<&Answer>)> {
        if *self.end != End::Isolated {
            return None;
        }
        let fixed: Set = self.session.causes.iter().map(|cause| cause.number).collect();
        let rest: Set = self.session.differences.all().difference(&fixed).copied().collect();
        let body = self.session.differences.request(&rest).body.bytes;
        let sent =
            self.session.tried.iter().find(|tried| tried.present == rest && tried.answer.is_accepted());
        let text = String::from_utf8_lossy(&body).into_owned();
        Some((text, sent.map(|tried| &tried.answer)))
    }

    fn text(&self) -> String {
        let look = terminal::style();
        let mut out = format!("{}\n", look.paint(TextRole::Strong, &safe::line(&self.headline())));
        if self.target.is_built_in() && *self.end == End::Isolated {
            out.push_str("decided by the simulator's rules; nothing was sent to the API\n");
        }
        if let Some(hint) = self.hint() {
            out.push_str(&layout::hanging("hint: ", hint, look.width));
        }
        if let Some(causes) = self.causes() {
            out.push_str(&format!("{causes}\n"));
        }
        for cause in &self.session.causes {
            out.push('\n');
            let findings = &self.session.differences.list[cause.number].findings;
            if findings.is_empty() {
                out.push_str(&format!("{}\n", safe::line(self.label(cause.number))));
            }
            for finding in findings {
                let head = format!("{}[{}]", finding.severity.name(), finding.class.name());
                let head = look.paint(TextRole::Severity(finding.severity), &head);
                out.push_str(&format!("{head}: {}\n", safe::line(&finding.message)));
            }
            out.push_str(&layout::hanging("  = ", &safe::line(&self.evidence(cause)), look.width));
            if let Some(finding) = findings.first().filter(|finding| finding.severity != Severity::Info) {
                out.push_str(&layout::hanging("  = help: ", &safe::line(&finding.help), look.width));
            }
        }
        if let Some((body, answer)) = self.mended() {
            let said = answer.map(|answer| format!(" ({})", answer.says())).unwrap_or_default();
            out.push_str(&format!(
                "\nthe candidate with {} mended is accepted{}:\n",
                if self.session.causes.len() == 1 { "that" } else { "these" },
                safe::line(&said)
            ));
            out.push_str(&format!("  {}\n", safe::block(body.trim()).replace('\n', "\n  ")));
        }
        if !self.session.tried.is_empty() {
            let sent = layout::counted(self.session.tried.len() as u64, "request");
            out.push_str(&format!("\n{sent} sent:\n"));
            out.push_str(&self.table(look.width));
        }
        out
    }

    fn evidence(&self, cause: &RefusalCause) -> String {
        let refusal = self.session.refusal_of(cause.number).map(Answer::says).unwrap_or_default();
        match (cause.alone, cause.with.is_empty()) {
            (Some(true), _) => format!("refused in an otherwise good request: {refusal}"),
            (Some(false), false) => {
                let others: Vec<&str> = cause.with.iter().map(|atom| self.label(*atom)).collect();
                format!("refused only together with {}: {refusal}", others.join(" and "))
            }
            (Some(false), true) => format!("accepted alone, refused among others: {refusal}"),
            (None, _) => format!("without it the same request is accepted: {refusal}"),
        }
    }

    fn table(&self, width: usize) -> String {
        let all = self.session.differences.list.len();
        let mut out = String::new();
        for (index, tried) in self.session.tried.iter().enumerate() {
            let has = match tried.present.len() {
                0 => "no difference".to_owned(),
                count if count == all => format!("all {all}"),
                1 => self.label(tried.present.first().copied().unwrap_or_default()).to_owned(),
                count => format!("{count} of {all}"),
            };
            let line =
                format!("  {:>2}  {:<9}  {}  {}", index + 1, tried.purpose.name(), tried.answer.says(), has);
            out.push_str(&format!("{}\n", layout::cut(&safe::line(&line), width)));
        }
        out
    }

    fn json(&self) -> Value {
        let findings: Vec<Value> =
            self.session.causes.iter().flat_map(|cause| self.findings(cause)).collect();
        let remainder: Option<Vec<&str>> =
            self.remainder().map(|set| set.iter().map(|atom| self.label(*atom)).collect());
        let tried: Vec<Value> = self
            .session
            .tried
            .iter()
            .map(|tried| {
                let differences: Vec<&str> = tried.present.iter().map(|atom| self.label(*atom)).collect();
                let mut shown = answer_json(&tried.answer);
                shown["purpose"] = tried.purpose.name().into();
                shown["differences"] = differences.into();
                shown
            })
            .collect();
        json!({
            "result": self.end.name(),
            "message": self.headline(),
            "sent": self.session.tried.len(),
            "target": if self.target.is_built_in() { "simulator".to_owned() } else { self.target.name() },
            "simulated": self.session.tried.iter().any(|tried| tried.answer.rule.is_some()),
            "candidate": self.pair.name,
            "differences": self.session.differences.list.len(),
            "findings": findings,
            "remainder": remainder,
            "edits": self.edits(),
            "mended_body": self.mended().map(|(body, _)| body),
            "tried": tried,
        })
    }

    /// The edits of the candidate's body as an RFC 6902 patch; `null` where there is none.
    fn edits(&self) -> Option<Value> {
        let (mended, _) = self.mended()?;
        let candidate = &self.session.differences.candidate().body.bytes;
        let comparison = diff::bodies(mended.as_bytes(), candidate, &diff::Options::default());
        serde_json::from_str(&patch::to_json(&patch::patch(&comparison)?)).ok()
    }

    fn findings(&self, cause: &RefusalCause) -> Vec<Value> {
        let with: Vec<&str> = cause.with.iter().map(|atom| self.label(*atom)).collect();
        let refusal = self.session.refusal_of(cause.number).map(answer_json);
        let own = &self.session.differences.list[cause.number].findings;
        let shown = |finding: Option<&Finding>| {
            json!({
                "class": finding.map(|finding| finding.class.name()),
                "severity": finding.map(|finding| finding.severity.name()),
                "good_path": finding.and_then(|finding| finding.good_path.as_ref()).map(|place| place.as_str()),
                "candidate_path": finding.and_then(|finding| finding.candidate_path.as_ref()).map(|place| place.as_str()),
                "message": finding.map_or_else(|| self.label(cause.number), |finding| finding.message.as_str()),
                "help": finding.map(|finding| finding.help.as_str()),
                "alone": cause.alone,
                "with": with,
                "refusal": refusal,
            })
        };
        if own.is_empty() {
            vec![shown(None)]
        } else {
            own.iter().map(|finding| shown(Some(finding))).collect()
        }
    }
}

fn answer_json(answer: &Answer) -> Value {
    json!({ "status": answer.status, "code": answer.code, "simulator_rule": answer.rule })
}
