//! An exchange in a few lines for the terminal: what was sent, why it was refused and what to write instead,
//! or what is odd about a request that was accepted.

use crate::model::authority::Authority;
use crate::model::diagnosis::Diagnosis;
use crate::model::exchange::{Exchange, Origin};
use crate::model::finding::{Class, Severity};
use crate::model::verdict::{Cause, Verdict};
use crate::report::style::{TextRole, TextStyle};
use crate::report::{headline, layout, safe};

/// Warnings shown under one accepted request; the rest is counted.
const MAX_WARNINGS: usize = 4;
/// From this width on, a line names the client in full.
const WIDE: usize = 120;
/// Cells that a line keeps for path and cause before it names the client.
const NARROW: usize = 24;
/// Before the lines below that of an exchange.
const INDENT: &str = "    ";

/// Returns the line of an exchange: `#3 POST 400 calls/.../wrapup  notes is null  javascript 0.2 ms`, in at
/// most the width of the style.
pub fn line(exchange: &Exchange, diagnosis: Option<&Diagnosis>, style: &TextStyle) -> String {
    let request = &exchange.request;
    let status = exchange.status().map_or_else(|| "---".to_owned(), |status| status.to_string());
    let method = request.method_text();
    let head = format!("{} {} ", exchange.id, safe::line(&method));
    let is_probe = exchange.origin == Origin::Probe;
    let client = match &exchange.sdk {
        _ if is_probe => "probe ".to_owned(),
        Some(sdk) if style.width >= WIDE => format!("{} ", headline::client(sdk)),
        Some(sdk) => format!("{} ", safe::line(&sdk.name)),
        None => String::new(),
    };
    let tail = format!("  {client}{}", layout::duration(exchange.timings.total));
    let used = layout::width(&head) + status.len() + 1;
    let room = style.width.saturating_sub(used);
    // of a narrow terminal nothing is left for who sent it
    let (tail, room) = match room.checked_sub(layout::width(&tail)) {
        Some(left) if left >= NARROW => (tail, left),
        _ => (String::new(), room),
    };
    let cause = diagnosis.and_then(headline::cause);
    let path = headline::fitting_path(&request.path(), if cause.is_some() { room / 2 } else { room }.max(8));
    let cause = cause
        .map(|cause| (layout::cut_words(&cause, room.saturating_sub(layout::width(&path) + 2)), cause))
        .filter(|(cut, cause)| cut == cause || layout::width(cut) > 4)
        .map(|(cut, _)| format!("  {}", style.paint(TextRole::Strong, &cut)))
        .unwrap_or_default();
    let role = match exchange.status() {
        Some(200..=399) if exchange.error.is_none() => TextRole::Expected,
        _ => TextRole::Sent,
    };
    format!("{head}{} {path}{cause}{}\n", style.paint(role, &status), style.paint(TextRole::Faint, &tail))
}

/// Returns at most two indented lines that explain a refusal: the cause, and what to write instead; nothing
/// for an exchange that was not refused. They are cut between words where they are longer than a line.
pub fn refusal(exchange: &Exchange, diagnosis: &Diagnosis, style: &TextStyle) -> String {
    if exchange.status().is_none_or(|status| status < 400) {
        return String::new();
    }
    let room = style.width.saturating_sub(INDENT.len());
    let mut out = String::new();
    if let Some(verdict) = &diagnosis.verdict {
        let (head, _) = verdict_words(verdict);
        let text = headline::sentence(diagnosis).unwrap_or_default();
        let text = safe::line(&text);
        let line = layout::cut_words(&format!("{head} {text}"), room);
        let painted = line.replacen(&head, &style.paint(TextRole::Strong, &head), 1);
        out.push_str(&format!("{INDENT}{painted}\n"));
    }
    if let Some(step) = step(exchange, diagnosis, room) {
        out.push_str(&format!("{INDENT}{step}\n"));
    }
    out
}

/// Returns the first thing to do: what to write, the changes, the verdict's next step; what is no command is
/// cut to a line.
fn step(exchange: &Exchange, diagnosis: &Diagnosis, room: usize) -> Option<String> {
    let verdict = diagnosis.verdict.as_ref()?;
    let is_endpoint = verdict.cause == Cause::Endpoint;
    let next = verdict.next.first().map(|next| safe::line(next).into_owned());
    let write = instead(diagnosis).filter(|line| layout::width(line) <= room);
    let changes = &diagnosis.remedy.changes;
    // more do not fit into a line
    let change = || changes.first().map(|_| changes[..changes.len().min(20)].join("; "));
    let nearest = || diagnosis.nearest.first().filter(|_| is_endpoint).map(|near| format!("nearest: {near}"));
    let meaning = || {
        let status = exchange.status().filter(|status| !is_about_payload(*status));
        status.map(|status| meaning(status).to_owned())
    };
    let cut = |line: String| layout::cut_words(&safe::line(&line), room);
    write
        .or_else(|| change().map(|change| cut(format!("change: {change}"))))
        .or_else(|| nearest().map(cut))
        .or_else(|| meaning().map(cut))
        .or_else(|| next.filter(|next| layout::width(next) <= room))
}

fn verdict_words(verdict: &Verdict) -> (String, String) {
    let cause = verdict.cause.name().replace('_', " ");
    let head = format!("{cause} ({} confidence):", verdict.confidence.name());
    (head, safe::line(&verdict.statement).into_owned())
}

/// Returns the verdict in one line without a line end: cause, confidence, statement.
pub fn verdict(diagnosis: &Diagnosis, style: &TextStyle) -> Option<String> {
    let (head, text) = verdict_words(diagnosis.verdict.as_ref()?);
    Some(format!("{} {text}", style.paint(TextRole::Strong, &head)))
}

/// Returns the likeliest line to change in the client's program, in one line without a line end.
pub fn instead(diagnosis: &Diagnosis) -> Option<String> {
    diagnosis.verdict.as_ref().filter(|verdict| blames_payload(verdict))?;
    let line = diagnosis.remedy.client.first()?;
    Some(format!("instead of `{}` write `{}`", safe::line(&line.before), safe::line(&line.after)))
}

/// Returns indented lines for what is odd about a request that was accepted: members that the API's
/// description does not know, so that the API may ignore them.
pub fn acceptance(exchange: &Exchange, diagnosis: &Diagnosis, style: &TextStyle) -> String {
    let is_unknown = |class: Class| matches!(class, Class::ExtraField | Class::RenamedKey);
    let unknown = diagnosis.faults.iter().filter(|fault| {
        is_unknown(fault.class) && fault.authority == Authority::Description && exchange.is_accepted()
    });
    let places: Vec<String> = unknown
        .filter_map(|fault| fault.candidate_path.as_ref())
        .map(|place| format!("`{}`", safe::line(place.as_str())))
        .collect();
    if places.is_empty() {
        return String::new();
    }
    let more = places.len().saturating_sub(MAX_WARNINGS);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let places = places.iter().take(MAX_WARNINGS).cloned().collect::<Vec<_>>().join(", ");
    let warning = style.paint(TextRole::Severity(Severity::Warning), "warning:");
    let text =
        format!("accepted, but the API's description does not know {places}{more}: it may ignore that");
    let text = layout::cut_words(&text, style.width.saturating_sub(INDENT.len() + 9));
    format!("{INDENT}{warning} {text}\n")
}

/// Returns whether the payload is the cause or may be; so it may where a right body went to the wrong
/// operation.
fn blames_payload(verdict: &Verdict) -> bool {
    let second = || verdict.other_causes.iter().any(|other| other.cause == Cause::Payload);
    matches!(verdict.cause, Cause::Payload | Cause::Endpoint) || second()
}

/// Returns whether findings in the payload are shown as the cause of this status.
pub fn is_about_payload(status: u16) -> bool {
    matches!(status, 400 | 409 | 415 | 422)
}

/// Returns the meaning of a refusing status, in one sentence.
pub fn meaning(status: u16) -> &'static str {
    match status {
        401 => {
            "401 means that the credentials are not accepted: no token, an expired one, or one of another region"
        }
        403 => "403 means that a permission is missing: the caller is known, but may not do this",
        404 => "404 means that the path, or an id in it, does not exist",
        405 => "405 means that the path exists, but not for this method",
        408 | 504 => "the server or the network took too long",
        413 => "413 means that the body is larger than the server accepts",
        429 => "429 means that there were too many requests: wait as long as Retry-After says",
        500..=599 => "a status of 500 or more means a failure of the server or of the network",
        _ => "this status is not about the payload",
    }
}
