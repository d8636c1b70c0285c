//! The top of an exchange's page: where one is, what it was, and what can be done with it.

use crate::knowledge::payload;
use crate::model::exchange::Exchange;
use crate::report::long_text::{self, LongRest};
use crate::report::markup::html;
use crate::report::ticket::format::{FORMATS, TicketFormat};
use crate::report::{headline, layout, safe};
use crate::web::copy;
use crate::web::recording::{ExchangeJudgement, OpenRecording};
use crate::web::verdict;

/// Returns the navigation, the title, and the actions.
pub(super) fn head(desk: &OpenRecording<'_>, judgement: &ExchangeJudgement, recording: usize) -> String {
    let exchange = &judgement.case.exchange;
    let id = exchange.id.get();
    let class = match exchange {
        _ if exchange.error.is_some() => "failed",
        _ if exchange.is_refused() => "refused",
        _ => "accepted",
    };
    let status = match (exchange.status(), &exchange.error) {
        (Some(status), None) => status.to_string(),
        (Some(status), Some(_)) => format!("{status}, incomplete"),
        (None, _) => "no response".to_owned(),
    };
    let operation = &judgement.case.examination.diagnosis.operation;
    format!(
        "{}<div class=\"title\">\n<h1><span class=\"status {class}\">{}</span> <span class=\"method\">{}</span> \
         <span class=\"path\">{}</span></h1>\n\
         <p class=\"under\">#{id} · {} UTC · {}{} · <span class=\"target\">{}</span></p>\n{}</div>\n{}",
        trail(desk, id, recording),
        html(&status),
        html(&safe::line(&exchange.request.method_text())),
        html(&headline::fitting_path(&operation.template, 100)),
        exchange.started_at,
        layout::duration(exchange.timings.total),
        client(exchange),
        long_text::cut(&safe::line(&exchange.request.target.lossy()), LongRest::Folded),
        attempts(judgement, recording),
        actions(judgement, recording),
    )
}

fn trail(desk: &OpenRecording<'_>, id: u64, recording: usize) -> String {
    let (older, newer) = {
        let contents = desk.index.read();
        let at = contents.place(id);
        let neighbour = |at: Option<usize>| at.and_then(|at| contents.rows.get(at)).map(|row| row.id);
        (neighbour(at.and_then(|at| at.checked_sub(1))), neighbour(at.map(|at| at + 1)))
    };
    let to = |id: Option<u64>, rel: &str, words: &str| match id {
        Some(id) => format!("<a rel=\"{rel}\" href=\"/x/{recording}/{id}\">{words} #{id}</a>"),
        None => format!("<span class=\"faint\">no {} one</span>", words.to_lowercase()),
    };
    format!(
        "<nav class=\"trail\" aria-label=\"Exchanges\"><a id=\"back\" href=\"/?r={recording}\">All exchanges</a> {} {}</nav>\n",
        to(older, "prev", "Older"),
        to(newer, "next", "Newer"),
    )
}

fn attempts(judgement: &ExchangeJudgement, recording: usize) -> String {
    let case = &judgement.case;
    let text = match case.exchange.attempt_of {
        Some(first) => {
            format!(
                "The client's hidden retry of {}: one call, several attempts.",
                verdict::link(first, recording)
            )
        }
        None if case.attempts.is_empty() => return String::new(),
        None => {
            let links: Vec<String> = case.attempts.iter().map(|id| verdict::link(*id, recording)).collect();
            format!("The client's hidden retries: {}.", links.join(", "))
        }
    };
    format!("<p class=\"attempts-note\">{text}</p>\n")
}

fn client(exchange: &Exchange) -> String {
    let origin = exchange.origin.name();
    let origin = if origin == "live" { String::new() } else { format!(" · {origin}") };
    let client = exchange.sdk.as_ref().map(|sdk| format!(" · {}", html(&headline::client(sdk))));
    client.unwrap_or_default() + &origin
}

fn actions(judgement: &ExchangeJudgement, recording: usize) -> String {
    let case = &judgement.case;
    let id = case.exchange.id.get();
    let button = |path: &str, label: &str| {
        format!("<button type=\"button\" data-fetch=\"/x/{recording}/{id}/{path}\">{label}</button> ")
    };
    let mut copies = String::new();
    if case.reproduce.is_some() {
        for (form, label) in copy::FORMS {
            copies.push_str(&button(&format!("copy/{form}"), &format!("Copy as {label}")));
        }
    }
    if case.examination.diagnosis.remedy.body.is_some() {
        copies.push_str(&button("copy/corrected", "Copy the corrected body"));
    }
    copies.push_str(&button("ticket/md", "Copy as Markdown"));
    let downloads: String = FORMATS
        .iter()
        .map(TicketFormat::extension)
        .map(|name| format!("<a href=\"/x/{recording}/{id}/ticket/{name}\">.{name}</a> "))
        .collect();
    format!(
        "<div class=\"actions\" role=\"group\" aria-label=\"What to do with it\">\n<div>{copies}</div>\n\
         <p class=\"downloads\">Ticket {downloads}</p>\n{}<p id=\"done\" role=\"status\"></p>\n</div>\n",
        keep(id, judgement, recording),
    )
}

/// Returns the form that makes an accepted request's body the known good; the script posts it as JSON.
fn keep(id: u64, judgement: &ExchangeJudgement, recording: usize) -> String {
    let case = &judgement.case;
    let Ok(baseline) =
        payload::of_exchange(std::path::Path::new(&case.recording), &case.exchange, String::new())
    else {
        return String::new();
    };
    format!(
        "<form id=\"keep\" class=\"keep\" data-to=\"/x/{recording}/{id}/baseline\"><label>Name \
         <input name=\"name\" value=\"{}\" maxlength=\"100\" pattern=\"[A-Za-z0-9_][A-Za-z0-9._-]*\" required></label> \
         <button>Make this the known good</button></form>\n",
        html(&baseline.name)
    )
}
