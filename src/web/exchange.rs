//! One exchange in full: verdict, comparison, messages, and what can be done with it.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;

use crate::knowledge::payload;
use crate::model::exchange::Exchange;
use crate::report::html::{facts, list};
use crate::report::markup::html;
use crate::report::ticket::format::{FORMATS, TicketFormat};
use crate::report::ticket::phrases;
use crate::report::{layout, safe};
use crate::web::page::{NavSection, PageFailure, PageFrame};
use crate::web::recording::{ExchangeJudgement, OpenRecording};
use crate::web::state::PageState;
use crate::web::{compare, message, verdict};

#[derive(Deserialize)]
pub(super) struct ExchangeQuery {
    /// Which of the known-good payloads, from 0; the best one if missing.
    good: Option<usize>,
}

/// The page of an exchange.
pub(super) async fn page(
    State(shared): State<Arc<PageState>>,
    Path((recording, id)): Path<(usize, u64)>,
    Query(asked): Query<ExchangeQuery>,
) -> Response {
    let rendered = tokio::task::spawn_blocking(move || match render(&shared, recording, id, asked.good) {
        Ok(page) => page.render(&shared).into_response(),
        Err(failure) => failure.response(&shared),
    });
    // a panic has printed its reason on stderr
    rendered.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn render(
    shared: &PageState,
    recording: usize,
    id: u64,
    good: Option<usize>,
) -> Result<PageFrame<'static>, PageFailure> {
    let desk = OpenRecording::find(shared, recording)?;
    let judgement = desk.judgement(id, good)?;
    let (case, ticket) = (&judgement.case, judgement.case.ticket());
    let exchange = &case.exchange;
    let mut main = head(&desk, &judgement, recording);
    main.push_str("<div class=\"pair\">\n");
    main.push_str(
        &ticket.diagnosis.verdict.as_ref().map_or_else(String::new, |it| verdict::section(it, recording)),
    );
    main.push_str(&verdict::remedy(&ticket.diagnosis.remedy));
    main.push_str("</div>\n");
    main.push_str(&compare::section(&judgement, recording));
    let faults: Vec<String> = ticket.diagnosis.faults.iter().map(phrases::fault).collect();
    main.push_str(&card("checks", "What the public API's own description says", &list(&faults)));
    let said = ticket.diagnosis.refusal.as_ref().map(|refusal| list(&phrases::server_said(refusal)));
    main.push_str(&card("said", "What the server says", &said.unwrap_or_default()));
    main.push_str("<div class=\"pair messages\">\n");
    main.push_str(&message::request(exchange, recording));
    main.push_str(&format!("<div>{}</div>", message::response(exchange, recording)));
    main.push_str("</div>\n");
    main.push_str(&message::changes(exchange));
    main.push_str("<div class=\"pair\">\n");
    main.push_str(&card("facts", "Facts", &facts(&phrases::facts(&ticket))));
    main.push_str(&message::masked(exchange));
    main.push_str("</div>\n");
    if let Some(command) = &case.reproduce {
        main.push_str(&card(
            "curl",
            "Send it again with curl",
            &format!(
                "<div class=\"copied\"><pre id=\"command\" tabindex=\"0\">{}</pre>\
                 <button type=\"button\" data-copy=\"command\">Copy</button></div>\n",
                html(command)
            ),
        ));
    }
    Ok(PageFrame { title: "Exchange", place: NavSection::Exchange, recording, script: "exchange.js", main })
}

fn card(id: &str, heading: &str, inner: &str) -> String {
    if inner.is_empty() {
        return String::new();
    }
    format!(
        "<section class=\"card\" aria-labelledby=\"{id}-h\">\n<h2 id=\"{id}-h\">{heading}</h2>\n{inner}</section>\n"
    )
}

/// Returns the navigation, the title, and the actions.
fn head(desk: &OpenRecording<'_>, judgement: &ExchangeJudgement, recording: usize) -> String {
    let exchange = &judgement.case.exchange;
    let id = exchange.id.get();
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
    let class = if exchange.error.is_some() {
        "failed"
    } else if exchange.is_refused() {
        "refused"
    } else {
        "accepted"
    };
    let status = match (exchange.status(), &exchange.error) {
        (Some(status), None) => status.to_string(),
        (Some(status), Some(_)) => format!("{status}, incomplete"),
        (None, _) => "no response".to_owned(),
    };
    let mut attempts = String::new();
    if let Some(first) = exchange.attempt_of {
        let link = verdict::link(first, recording);
        attempts = format!(
            "<p class=\"attempts-note\">The client's hidden retry of {link}: one call, several attempts.</p>\n"
        );
    } else if !judgement.case.attempts.is_empty() {
        let links: Vec<String> =
            judgement.case.attempts.iter().map(|id| verdict::link(*id, recording)).collect();
        attempts =
            format!("<p class=\"attempts-note\">The client's hidden retries: {}.</p>\n", links.join(", "));
    }
    format!(
        "<nav class=\"trail\" aria-label=\"Exchanges\"><a id=\"back\" href=\"/?r={recording}\">All exchanges</a> {} {}</nav>\n\
         <div class=\"title\">\n<h1><span class=\"status {class}\">{}</span> <span class=\"method\">{}</span> \
         <span class=\"path\">{}</span></h1>\n<p class=\"under\">#{id} · {} · {} UTC · {}{}</p>\n{attempts}</div>\n{}",
        to(older, "prev", "Older"),
        to(newer, "next", "Newer"),
        html(&status),
        html(&safe::line(&exchange.request.method_text())),
        html(&safe::line(&exchange.request.target.lossy())),
        html(&judgement.case.examination.diagnosis.operation.to_string()),
        exchange.started_at,
        layout::duration(exchange.timings.total),
        client(exchange),
        actions(judgement, recording),
    )
}

fn client(exchange: &Exchange) -> String {
    let origin = exchange.origin.name();
    match &exchange.sdk {
        Some(sdk) => {
            let version = sdk.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
            format!(" · {}", html(&safe::line(&format!("{}{version}", sdk.name))))
        }
        None if origin != "live" => format!(" · {origin}"),
        None => String::new(),
    }
}

fn actions(judgement: &ExchangeJudgement, recording: usize) -> String {
    let case = &judgement.case;
    let id = case.exchange.id.get();
    let mut copies = String::new();
    if case.reproduce.is_some() {
        copies.push_str("<button type=\"button\" data-copy=\"command\">Copy as curl</button> ");
    }
    if case.examination.diagnosis.remedy.body.is_some() {
        copies.push_str("<button type=\"button\" data-copy=\"corrected\">Copy the corrected body</button> ");
    }
    copies.push_str(&format!(
        "<button type=\"button\" data-fetch=\"/x/{recording}/{id}/ticket/md\">Copy as Markdown</button>"
    ));
    let downloads: String = FORMATS
        .iter()
        .map(TicketFormat::extension)
        .map(|name| format!("<a href=\"/x/{recording}/{id}/ticket/{name}\">.{name}</a> "))
        .collect();
    format!(
        "<div class=\"actions\" role=\"group\" aria-label=\"What to do with it\">\n<div>{copies}</div>\n\
         <p class=\"downloads\">Ticket {downloads}</p>\n{}<p id=\"done\" role=\"status\"></p>\n</div>\n",
        keep(case.exchange.id.get(), judgement, recording),
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
