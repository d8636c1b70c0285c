//! The comparison side by side, and the choice of the known-good payload.

use crate::model::known_good::KnownGood;
use crate::report::comparison::{self, ComparedBody, ComparisonView};
use crate::report::html::paragraph;
use crate::report::markup::html;
use crate::report::ticket::phrases;
use crate::web::recording::ExchangeJudgement;

/// Returns whether the comparison lists what is wrong with the request.
pub(super) fn shows_findings(judgement: &ExchangeJudgement) -> bool {
    let ticket = judgement.case.ticket();
    ticket.pairing.chosen.is_some() && ticket.comparison.is_some()
}

/// Returns the section, or nothing where the request has no body and there is nothing to compare with.
pub(super) fn section(judgement: &ExchangeJudgement, recording: usize) -> String {
    let case = &judgement.case;
    let ticket = case.ticket();
    if judgement.choices.is_empty() && case.exchange.request.body.is_empty() {
        return String::new();
    }
    let mut inner = format!(
        "<div class=\"pairing\">{}{}</div>\n",
        paragraph(&phrases::pairing(&ticket)),
        choice(&judgement.choices, judgement.chosen, recording, case.exchange.id.get())
    );
    if let (Some(good), Some(comparison)) = (&ticket.pairing.chosen, ticket.comparison) {
        let status = case.exchange.status().map_or("no response".to_owned(), |status| status.to_string());
        let candidate = format!("{}, answered with {status}", case.exchange.id);
        inner.push_str(&comparison::html::render(
            &ComparisonView {
                candidate: ComparedBody { title: &candidate, body: &case.exchange.request.body.bytes },
                good: ComparedBody { title: &good.label, body: good.body.as_bytes() },
                expectation: &good.because,
                notes: &[],
                comparison: &comparison.with_faults(&ticket.diagnosis.faults),
            },
            "f",
        ));
    }
    format!(
        "<section class=\"compare\" aria-labelledby=\"compare-h\">\n<h2 id=\"compare-h\">Compared with the known good</h2>\n\
         {inner}</section>\n"
    )
}

/// Returns the form that chooses another known-good payload; by GET, because it changes nothing.
fn choice(choices: &[KnownGood], chosen: Option<usize>, recording: usize, id: u64) -> String {
    if choices.len() < 2 {
        return String::new();
    }
    let options: String = choices
        .iter()
        .enumerate()
        .map(|(at, good)| {
            let selected = if Some(at) == chosen { " selected" } else { "" };
            let (label, because) = (html(&good.label.replace('`', "")), html(&good.because));
            format!("<option value=\"{at}\"{selected}>{label}: {because}</option>")
        })
        .collect();
    format!(
        "<form class=\"choice\" action=\"/x/{recording}/{id}#compare-h\"><label>Compare with \
         <select name=\"good\">{options}</select></label> <button>Compare</button></form>\n"
    )
}
