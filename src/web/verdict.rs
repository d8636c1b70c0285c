//! The verdict with its evidence, each piece linked to its exchange; and what to change.

use crate::model::diagnosis::Diagnosis;
use crate::model::exchange::ExchangeId;
use crate::model::remedy::{ClientLine, Remedy};
use crate::model::verdict::Evidence;
use crate::report::headline;
use crate::report::html::{inline, paragraph};
use crate::report::long_text::{self, LongRest, list, shorten};
use crate::report::markup::html;
use crate::report::ticket::phrases;

/// Items of a list that are shown.
const SHOWN: usize = 30;

/// Returns the section of a verdict: the cause and what to do next; the evidence is folded.
pub(super) fn section(diagnosis: &Diagnosis, recording: usize) -> String {
    let Some(verdict) = &diagnosis.verdict else { return String::new() };
    let cause = verdict.cause.name().replace('_', " ");
    let words = headline::cause(diagnosis).unwrap_or_else(|| cause.clone());
    let mut out = format!(
        "<section class=\"card verdict-card\" aria-labelledby=\"verdict-h\">\n<h2 id=\"verdict-h\">Why it was refused</h2>\n\
         <p class=\"cause\"><b>{}</b> <span class=\"confidence {}\">{cause}, {} confidence</span></p>\n\
         <p class=\"statement\">{}</p>\n",
        html(&shorten(&words)),
        verdict.confidence.name(),
        verdict.confidence.name(),
        inline(&shorten(&verdict.statement)),
    );
    let titled = |title: &str, items: Vec<String>| {
        if items.is_empty() {
            return String::new();
        }
        let more = items.len().saturating_sub(SHOWN);
        let mut items: String = items.iter().take(SHOWN).map(|item| format!("<li>{item}</li>\n")).collect();
        if more > 0 {
            items.push_str(&format!("<li>… and {more} more</li>\n"));
        }
        format!("<h3>{title}</h3>\n<ul>\n{items}</ul>\n")
    };
    out.push_str(&titled("Next", verdict.next.iter().map(|next| inline(&shorten(next))).collect()));
    let evidence = |pieces: &[Evidence]| pieces.iter().map(|piece| evidence(piece, recording)).collect();
    let others = verdict.other_causes.iter().map(|other| inline(&phrases::other(other))).collect();
    let lists = titled("For it", evidence(&verdict.evidence))
        + &titled("Against it", evidence(&verdict.contrary))
        + &titled("Not ruled out", others);
    if !lists.is_empty() {
        let count = verdict.evidence.len() + verdict.contrary.len();
        out.push_str(&format!(
            "<details class=\"evidence\"><summary>Evidence ({count})</summary>\n{lists}</details>\n"
        ));
    }
    out + "</section>\n"
}

fn evidence(evidence: &Evidence, recording: usize) -> String {
    let mut out = inline(&shorten(&evidence.statement));
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
    format!("<code>{}</code>", html(&shorten(text)))
}

/// Returns the section of what to change; empty if there is none.
pub(super) fn remedy(remedy: &Remedy, copied_from: &str) -> String {
    let mut inner = list(&phrases::changes(remedy));
    if let Some(body) = &remedy.body {
        inner.push_str(&format!(
            "<h3>The corrected body</h3>\n<div class=\"copied\"><pre id=\"corrected\" tabindex=\"0\">{}</pre>\
             <button type=\"button\" data-fetch=\"{copied_from}/copy/corrected\">Copy</button></div>\n",
            long_text::cut(body, LongRest::Folded)
        ));
    }
    let mut lines = remedy.client.iter().map(client_line);
    if let Some(first) = lines.next() {
        inner.push_str(&first);
    }
    let others: String = lines.collect();
    if !others.is_empty() {
        inner
            .push_str(&format!("<details><summary>More of the SDK's habits</summary>\n{others}</details>\n"));
    }
    if inner.is_empty() {
        return String::new();
    }
    format!(
        "<section class=\"card remedy-card\" aria-labelledby=\"remedy-h\">\n<h2 id=\"remedy-h\">What to change</h2>\n{inner}</section>\n"
    )
}

fn client_line(line: &ClientLine) -> String {
    let (before, after) = (html(&line.before), html(&line.after));
    format!(
        "{}<div class=\"instead\"><pre tabindex=\"0\">{before}</pre><span>write</span>\
         <pre tabindex=\"0\">{after}</pre></div>\n",
        paragraph(&phrases::habit(line))
    )
}
