//! The verdict with its evidence, each piece linked to its exchange; and what to change.

use crate::model::exchange::ExchangeId;
use crate::model::remedy::Remedy;
use crate::model::verdict::{Evidence, Verdict};
use crate::report::html::{inline, list, paragraph};
use crate::report::markup::html;
use crate::report::ticket::phrases;

/// Returns the section of a verdict.
pub(super) fn section(verdict: &Verdict, recording: usize) -> String {
    let mut out = format!(
        "<section class=\"card verdict-card\" aria-labelledby=\"verdict-h\">\n<h2 id=\"verdict-h\">Why it was refused</h2>\n\
         <p class=\"cause\"><b>{}</b> <span class=\"confidence {}\">{} confidence</span></p>\n<p class=\"statement\">{}</p>\n",
        verdict.cause.name().replace('_', " "),
        verdict.confidence.name(),
        verdict.confidence.name(),
        inline(&verdict.statement),
    );
    let mut add_list = |title: &str, items: Vec<String>| {
        if !items.is_empty() {
            let items: String = items.iter().map(|item| format!("<li>{item}</li>\n")).collect();
            out.push_str(&format!("<h3>{title}</h3>\n<ul>\n{items}</ul>\n"));
        }
    };
    let evidence = |pieces: &[Evidence]| pieces.iter().map(|piece| evidence(piece, recording)).collect();
    add_list("Evidence", evidence(&verdict.evidence));
    add_list("Evidence against it", evidence(&verdict.contrary));
    add_list(
        "Not ruled out",
        verdict.other_causes.iter().map(|other| inline(&phrases::other(other))).collect(),
    );
    add_list("Next", verdict.next.iter().map(|next| inline(next)).collect());
    out + "</section>\n"
}

fn evidence(evidence: &Evidence, recording: usize) -> String {
    let mut out = inline(&evidence.statement);
    let place: Vec<String> = evidence
        .exchange
        .iter()
        .map(|id| link(*id, recording))
        .chain(evidence.pointer.iter().map(|pointer| code(pointer.as_str())))
        .chain(evidence.quote.iter().map(|quote| code(quote)))
        .collect();
    if !place.is_empty() {
        out.push_str(&format!(" <span class=\"seen\">({})</span>", place.join(" ")));
    }
    if let Some(source) = &evidence.source {
        out.push_str(&format!(" <small class=\"faint\">source: {}</small>", html(source)));
    }
    out
}

/// Returns a link to an exchange of the same recording.
pub(super) fn link(id: ExchangeId, recording: usize) -> String {
    format!("<a href=\"/x/{recording}/{id}\">{id_shown}</a>", id = id.get(), id_shown = id)
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", html(text))
}

/// Returns the section of what to change; empty if there is none.
pub(super) fn remedy(remedy: &Remedy) -> String {
    let mut inner = list(&phrases::changes(remedy));
    if let Some(body) = &remedy.body {
        inner.push_str(&format!(
            "<h3>The corrected body</h3>\n<div class=\"copied\"><pre id=\"corrected\" tabindex=\"0\">{}</pre>\
             <button type=\"button\" data-copy=\"corrected\">Copy</button></div>\n",
            html(body)
        ));
    }
    for line in &remedy.client {
        let (before, after) = (html(&line.before), html(&line.after));
        inner.push_str(&paragraph(&phrases::habit(line)));
        inner.push_str(&format!(
            "<pre tabindex=\"0\">{before}</pre>\n<p>write</p>\n<pre tabindex=\"0\">{after}</pre>\n"
        ));
    }
    if inner.is_empty() {
        return String::new();
    }
    format!(
        "<section class=\"card remedy-card\" aria-labelledby=\"remedy-h\">\n<h2 id=\"remedy-h\">What to change</h2>\n{inner}</section>\n"
    )
}
