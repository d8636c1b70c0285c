//! One exchange in full: what became of it and what to change, the comparison, the messages, the facts.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;

use crate::model::exchange::Exchange;
use crate::model::passage::{Failure, FailureSource};
use crate::report::html::facts;
use crate::report::long_text::{self, LongRest, list, shorten};
use crate::report::markup::html;
use crate::report::ticket::phrases;
use crate::report::{layout, safe};
use crate::web::page::{NavSection, PageFailure, PageFrame};
use crate::web::recording::{ExchangeJudgement, OpenRecording};
use crate::web::state::PageState;
use crate::web::{compare, exchange_head, message, verdict};

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
    let compared = compare::section(&judgement, recording);
    let mut main = exchange_head::head(&desk, &judgement, recording);
    main.push_str("<div class=\"pair opening\">\n");
    main.push_str(&outcome(&judgement, recording));
    main.push_str(&verdict::remedy(&ticket.diagnosis.remedy, &format!("/x/{recording}/{id}")));
    main.push_str("</div>\n");
    if !compare::shows_findings(&judgement) {
        let faults: Vec<String> = ticket.diagnosis.faults.iter().map(phrases::fault).collect();
        main.push_str(&card("checks", "What is wrong with the request", &list(&faults)));
    }
    main.push_str(&compared);
    let said = ticket.diagnosis.refusal.as_ref().map(|refusal| list(&phrases::server_said(refusal)));
    main.push_str(&card("said", "What the server says", &said.unwrap_or_default()));
    main.push_str("<div class=\"pair messages\">\n");
    main.push_str(&message::request(exchange, recording));
    main.push_str(&format!("<div>{}</div>", message::response(exchange, recording)));
    main.push_str("</div>\n");
    main.push_str(&message::changes(exchange));
    main.push_str("<div class=\"pair\">\n");
    let shown_facts: Vec<(&str, String)> = phrases::facts(&ticket)
        .into_iter()
        .map(|(name, value)| (name, shorten(&value).into_owned()))
        .collect();
    main.push_str(&card("facts", "Facts", &facts(&shown_facts)));
    main.push_str(&card("timings", "Timings", &timings(exchange)));
    main.push_str(&message::masked(exchange));
    main.push_str("</div>\n");
    if let Some(command) = &case.reproduce {
        let command = long_text::cut(command, LongRest::LeftOut);
        let shown = format!(
            "<div class=\"copied\"><pre id=\"command\" tabindex=\"0\">{command}</pre>\
             <button type=\"button\" data-fetch=\"/x/{recording}/{id}/copy/curl\">Copy</button></div>\n"
        );
        main.push_str(&card("curl", "Send it again with curl", &shown));
    }
    Ok(PageFrame { title: "Exchange", place: NavSection::Exchange, recording, script: "exchange.js", main })
}

pub(super) fn card(id: &str, heading: &str, inner: &str) -> String {
    if inner.is_empty() {
        return String::new();
    }
    format!(
        "<section class=\"card {id}-card\" aria-labelledby=\"{id}-h\">\n<h2 id=\"{id}-h\">{heading}</h2>\n{inner}</section>\n"
    )
}

/// Returns what became of it: why it was refused or has no whole response, or that it was accepted.
fn outcome(judgement: &ExchangeJudgement, recording: usize) -> String {
    let exchange = &judgement.case.exchange;
    let diagnosis = &judgement.case.examination.diagnosis;
    let mut out = String::new();
    if let Some(failure) = &exchange.error {
        out.push_str(&failed(exchange, failure));
    }
    if diagnosis.verdict.is_some() {
        out.push_str(&verdict::section(diagnosis, recording));
    } else if exchange.is_accepted() {
        out.push_str(&accepted(judgement));
    }
    out
}

fn failed(exchange: &Exchange, failure: &Failure) -> String {
    let (title, next) = match failure.source {
        FailureSource::Client => (
            "The client gave up",
            vec!["look for a timeout in the client's settings, or a process that ended".to_owned()],
        ),
        FailureSource::Upstream => {
            let upstream = safe::line(&exchange.upstream).into_owned();
            (
                if exchange.response.is_some() { "The response broke off" } else { "No response came" },
                vec![
                    format!("is it reachable from this machine? `curl -sv {upstream}`"),
                    "where the network asks for a proxy: `wraptap record --upstream-proxy URL`".to_owned(),
                ],
            )
        }
        FailureSource::Wraptap => ("wraptap answered itself", Vec::new()),
    };
    let inner = format!(
        "<p class=\"cause\"><b>{}</b></p>\n<p>After {}. Of the payload nothing is said by that.</p>\n{}",
        html(&shorten(&safe::line(&failure.message))),
        layout::duration(exchange.timings.total),
        list(&next),
    );
    card("failure", title, &inner)
}

fn accepted(judgement: &ExchangeJudgement) -> String {
    let case = &judgement.case;
    let status = case.exchange.response.as_ref().map_or_else(String::new, |response| {
        format!("{} {}", response.status, response.reason.lossy()).trim_end().to_owned()
    });
    let faults: Vec<String> = case.examination.diagnosis.faults.iter().map(phrases::fault).collect();
    let odd = if faults.is_empty() {
        String::new()
    } else {
        format!("<p>Accepted all the same, but odd:</p>\n{}", list(&faults))
    };
    let inner = format!(
        "<p class=\"cause\"><b>{}</b> after {}</p>\n{odd}",
        html(&safe::line(&status)),
        layout::duration(case.exchange.timings.total)
    );
    card("accepted", "Accepted", &inner)
}

/// Returns when each part was over, as a table with bars.
fn timings(exchange: &Exchange) -> String {
    let timings = exchange.timings;
    let parts = [
        ("request read", timings.request_read),
        ("upstream connected", timings.upstream_connected),
        ("head of the response", timings.response_head),
        ("all of it", Some(timings.total)),
    ];
    let rows: String = parts
        .iter()
        .filter_map(|(name, at)| Some((name, (*at)?)))
        .map(|(name, at)| {
            format!(
                "<tr><th scope=\"row\">{name}</th><td>{}</td><td class=\"bar\"><meter min=\"0\" max=\"{}\" value=\"{at}\" \
                 aria-label=\"{name}\"></meter></td></tr>\n",
                layout::duration(at),
                timings.total.max(1)
            )
        })
        .collect();
    format!(
        "<table class=\"plain timings\">\n<tbody>\n{rows}</tbody>\n</table>\n<p class=\"faint\">Since the first byte of the request.</p>\n"
    )
}
