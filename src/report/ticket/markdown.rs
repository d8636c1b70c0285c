//! The ticket as Markdown: what a bug tracker shows, and what a person reads first stands first.

use crate::genesys::sdk;
use crate::model::check::Check;
use crate::model::finding::{Finding, Severity, Shown};
use crate::model::refusal::{Refusal, Shape};
use crate::model::remedy::Remedy;
use crate::model::verdict::{Evidence, Verdict};
use crate::report::markup::{code, fenced, prose};
use crate::report::ticket::{People, Ticket, people, request_text, response_text};

/// Returns one Markdown document with a chapter for each ticket.
pub fn render(tickets: &[Ticket<'_>], people_are: People) -> String {
    let personal = people(tickets, people_are);
    let mut out = tickets.iter().map(|ticket| chapter(ticket)).collect::<Vec<_>>().join("\n---\n\n");
    out = personal.mask(&out);
    let masked = personal.list();
    out.push_str("\n## Masked\n\n- secrets: `redacted-KIND-TAG`; equal tags of one run are equal secrets\n");
    for line in &masked {
        out.push_str(&format!("- {line}\n"));
    }
    if masked.is_empty() && people_are == People::Masked {
        out.push_str("- no e-mail address, phone number or name was found\n");
    }
    out
}

fn chapter(ticket: &Ticket<'_>) -> String {
    let mut out = format!("# {}\n\n", prose(&ticket.title()));
    if let Some(verdict) = &ticket.diagnosis.verdict {
        out.push_str(&format!("{}\n\n", prose(&verdict.statement)));
    }
    out.push_str(&facts(ticket));
    if let Some(verdict) = &ticket.diagnosis.verdict {
        out.push_str(&why(verdict));
    }
    out.push_str(&checks(&ticket.diagnosis.checks));
    out.push_str(&differences(ticket));
    out.push_str(&what_to_change(&ticket.diagnosis.remedy));
    if let Some(refusal) = &ticket.diagnosis.refusal {
        out.push_str(&what_the_server_said(refusal));
    }
    out.push_str(&format!(
        "## Request as sent\n\n{}\n",
        fenced("http", &request_text(&ticket.exchange.request))
    ));
    if let Some(response) = &ticket.exchange.response {
        out.push_str(&format!("## Answer\n\n{}\n", fenced("http", &response_text(response))));
    }
    if let Some(command) = ticket.reproduce {
        out.push_str(&format!("## Reproduce\n\n{}\n", fenced("sh", command)));
    }
    out.trim_end().to_owned() + "\n"
}

fn facts(ticket: &Ticket<'_>) -> String {
    let exchange = ticket.exchange;
    let mut rows = vec![
        ("when", format!("{} UTC", exchange.started_at)),
        (
            "request",
            code(&format!("{} {}", exchange.request.method.lossy(), exchange.request.target.lossy())),
        ),
    ];
    rows.push((
        "operation",
        match ticket.diagnosis.public {
            Some(true) => format!("{}, public API", code(&ticket.diagnosis.operation.to_string())),
            Some(false) => format!(
                "{}, **not an operation of the public API**",
                code(&ticket.diagnosis.operation.to_string())
            ),
            None => code(&ticket.diagnosis.operation.to_string()),
        },
    ));
    if !ticket.diagnosis.nearest.is_empty() {
        let nearest =
            ticket.diagnosis.nearest.iter().take(3).map(|near| code(near)).collect::<Vec<_>>().join("<br>");
        rows.push(("nearest public ones", nearest));
    }
    if !exchange.upstream.is_empty() {
        rows.push((
            "sent to",
            match ticket.region {
                Some(region) => format!("{} ({})", code(&exchange.upstream), prose(region)),
                None => code(&exchange.upstream),
            },
        ));
    }
    if let Some(response) = &exchange.response {
        let answer = format!("{} {}", response.status, response.reason.lossy());
        rows.push((
            "answer",
            format!("{} after {:.1} ms", code(answer.trim_end()), milliseconds(exchange.timings.total)),
        ));
    }
    if let Some(failure) = &exchange.error {
        rows.push(("not whole", format!("{}: {}", failure.source.name(), prose(&failure.message))));
    }
    if let Some(id) = ticket.diagnosis.refusal.as_ref().and_then(|refusal| refusal.correlation.as_deref()) {
        rows.push(("correlation id", code(id)));
    }
    if let Some(id) = ticket.diagnosis.refusal.as_ref().and_then(|refusal| refusal.context.as_deref()) {
        rows.push(("context id", code(id)));
    }
    if let Some(sdk) = &exchange.sdk {
        let version = sdk.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
        let marks = sdk.marks.iter().map(|mark| code(mark)).collect::<Vec<_>>().join(", ");
        rows.push(("client", format!("{}{} ({marks})", prose(&sdk.name), prose(&version))));
    }
    if !ticket.attempts.is_empty() {
        let ids = ticket.attempts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        rows.push((
            "sent again",
            format!("{} times by the client without telling ({})", ticket.attempts.len(), prose(&ids)),
        ));
    }
    rows.push((
        "recorded",
        format!(
            "exchange {} in {} by wraptap {}",
            prose(&exchange.id.to_string()),
            code(ticket.recording),
            prose(&exchange.recorder)
        ),
    ));
    let mut out = "| | |\n| --- | --- |\n".to_owned();
    for (name, value) in rows {
        out.push_str(&format!("| {name} | {} |\n", value.replace('|', "\\|").replace("\\\\|", "\\|")));
    }
    out + "\n"
}

fn why(verdict: &Verdict) -> String {
    let mut out = format!(
        "## Why\n\n**{}**, confidence {}\n\n",
        verdict.cause.name().replace('_', " "),
        verdict.confidence.name()
    );
    let list = |out: &mut String, title: &str, evidence: &[Evidence]| {
        if !evidence.is_empty() {
            out.push_str(&format!("{title}\n\n"));
            evidence.iter().for_each(|one| out.push_str(&format!("- {}\n", evidence_line(one))));
            out.push('\n');
        }
    };
    list(&mut out, "What speaks for it:", &verdict.evidence);
    list(&mut out, "What speaks against it:", &verdict.contrary);
    if !verdict.other_causes.is_empty() {
        out.push_str("Not ruled out:\n\n");
        for other in &verdict.other_causes {
            out.push_str(&format!(
                "- {}: {}\n",
                other.cause.name().replace('_', " "),
                prose(&other.statement)
            ));
        }
        out.push('\n');
    }
    if !verdict.next.is_empty() {
        out.push_str("Next:\n\n");
        for (n, step) in verdict.next.iter().enumerate() {
            out.push_str(&format!("{}. {}\n", n + 1, prose(step)));
        }
        out.push('\n');
    }
    out
}

fn evidence_line(evidence: &Evidence) -> String {
    let mut line = prose(&evidence.statement);
    let place: Vec<String> = evidence
        .exchange
        .iter()
        .map(|id| prose(&id.to_string()))
        .chain(evidence.pointer.iter().map(|pointer| code(pointer.as_str())))
        .chain(evidence.quote.iter().map(|quote| code(quote)))
        .collect();
    if !place.is_empty() {
        line.push_str(&format!(" ({})", place.join(" ")));
    }
    if let Some(source) = &evidence.source {
        line.push_str(&format!(" [source: {}]", prose(source)));
    }
    line
}

fn checks(checks: &[Check]) -> String {
    if checks.is_empty() {
        return String::new();
    }
    let mut out = "## What the public API's own description says\n\n".to_owned();
    for check in checks {
        let place = check
            .pointer
            .as_ref()
            .map(|pointer| format!(" at {}", code(pointer.as_str())))
            .unwrap_or_default();
        out.push_str(&format!(
            "- {}{place}: {}; {} [source: {}]\n",
            check.severity.name(),
            prose(&check.message),
            prose(&check.help),
            prose(&check.source)
        ));
    }
    out + "\n"
}

fn differences(ticket: &Ticket<'_>) -> String {
    let mut out = "## What differs from the known-good payload\n\n".to_owned();
    let Some(good) = &ticket.pairing.chosen else {
        return format!("{out}Not compared: {}\n\n", prose(&ticket.pairing.reason));
    };
    out.push_str(&format!(
        "Known-good: {}, {}. Chosen: {}.\n\n",
        prose(&good.label),
        prose(&good.because),
        prose(&ticket.pairing.reason)
    ));
    let Some(comparison) = ticket.comparison else { return out };
    if comparison.findings.is_empty() {
        out.push_str("No difference.\n\n");
    } else {
        out.push_str("| | class | place | sent | expected |\n| --- | --- | --- | --- | --- |\n");
        comparison.findings.iter().for_each(|finding| out.push_str(&row(finding)));
        out.push('\n');
        for finding in comparison.findings.iter().filter(|finding| finding.severity != Severity::Info) {
            out.push_str(&format!(
                "- {}: {}; {}\n",
                finding.class.name().replace('_', "\\_"),
                prose(&finding.message),
                prose(&finding.help)
            ));
        }
        out.push('\n');
    }
    if comparison.hidden > 0 {
        out.push_str(&format!("{} more hidden by the baseline's `ignore`.\n\n", comparison.hidden));
    }
    out + "Known-good payload:\n\n" + &fenced("json", &good.body.lossy()) + "\n"
}

fn row(finding: &Finding) -> String {
    let place = finding.candidate_path.as_ref().or(finding.good_path.as_ref());
    let place = match place.map(|pointer| pointer.as_str()) {
        None => "request".to_owned(),
        Some("") => "whole body".to_owned(),
        Some(pointer) => code(pointer),
    };
    let shown = |shown: &Option<Shown>| match shown {
        None => "absent".to_owned(),
        Some(Shown { kind, text, .. }) if *kind == text => code(text),
        Some(shown) => format!("{} {}", shown.kind, code(&shown.text)),
    };
    let cells = [
        finding.severity.name().to_owned(),
        finding.class.name().replace('_', "\\_"),
        place,
        shown(&finding.sent),
        shown(&finding.expected),
    ];
    format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
}

fn what_to_change(remedy: &Remedy) -> String {
    let mut out = String::new();
    if let Some(operation) = &remedy.operation {
        out.push_str(&format!("Send it to {}.\n\n", code(operation)));
    }
    for change in &remedy.changes {
        out.push_str(&format!("- {}\n", prose(change)));
    }
    for open in &remedy.open {
        out.push_str(&format!("- by hand: {}\n", prose(open)));
    }
    if let Some(body) = &remedy.body {
        out.push_str(&format!("\nThe body then:\n\n{}\n", fenced("json", body)));
    }
    for line in &remedy.client {
        out.push_str(&format!(
            "\n{}: {}. Instead of\n\n{}\nwrite\n\n{}",
            prose(sdk::spoken(line.sdk)),
            prose(line.habit),
            fenced("", line.before),
            fenced("", line.after)
        ));
    }
    if out.is_empty() { out } else { format!("## What to change\n\n{}\n\n", out.trim()) }
}

fn what_the_server_said(refusal: &Refusal) -> String {
    let mut lines = Vec::new();
    match refusal.shape {
        Shape::Empty => lines.push("nothing: the answer has no body".to_owned()),
        Shape::Html => lines
            .push("a web page, which no API of this kind answers with: something in between did".to_owned()),
        Shape::Unreadable => lines.push("octets that are no text".to_owned()),
        Shape::ErrorBody | Shape::OAuth | Shape::OtherJson | Shape::Text => {}
    }
    let known = [
        ("message", &refusal.message),
        ("code", &refusal.code),
        ("entity", &refusal.entity),
        ("limit", &refusal.limit),
    ];
    lines.extend(
        known
            .iter()
            .filter_map(|(name, value)| value.as_deref().map(|value| format!("{name}: {}", code(value)))),
    );
    lines.extend(refusal.params.iter().map(|(name, value)| format!("{}: {}", prose(name), code(value))));
    for detail in &refusal.details {
        let field = detail.field.as_deref().map(|field| format!("field {}", code(field)));
        let sent =
            detail.sent.as_ref().map(|sent| format!("that is {} of the sent body", code(sent.as_str())));
        let words = [detail.code.as_deref().map(code), field, detail.entity.as_deref().map(code), sent];
        lines.push(format!("detail: {}", words.into_iter().flatten().collect::<Vec<_>>().join(", ")));
    }
    lines.extend(
        refusal
            .nested
            .iter()
            .filter_map(|nested| nested.message.as_deref())
            .map(|message| format!("and: {}", code(message))),
    );
    if refusal.details.is_empty() && refusal.shape == Shape::ErrorBody {
        lines.push("it names no field".to_owned());
    }
    if let (true, Some(excerpt)) = (refusal.message.is_none(), &refusal.excerpt) {
        lines.push(format!("it begins: {}", code(excerpt)));
    }
    format!(
        "## What the server said\n\n{}\n\n",
        lines.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n")
    )
}

#[allow(clippy::cast_precision_loss, reason = "microseconds of one exchange fit 52 bits")]
fn milliseconds(microseconds: u64) -> f64 {
    microseconds as f64 / 1000.0
}
