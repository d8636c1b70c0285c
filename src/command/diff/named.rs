//! A candidate compared in full with the payload that the user named.

use crate::api;
use crate::command::args::payload_arg::PayloadArg;
use crate::command::diff::args::DiffArgs;
use crate::command::diff::compared::{Compared, answer, headline};
use crate::command::diff::request::RequestToExamine;
use crate::command::diff::tolerated;
use crate::diff::comparison::Comparison;
use crate::diff::{self, Options};
use crate::error::CommandError;
use crate::model::exchange::Request;
use crate::model::operation::Operation;

/// Compares both, and says why the candidate was refused, if it is a recorded exchange.
pub(super) fn compare(
    candidate: &PayloadArg,
    request: Option<&RequestToExamine>,
    good: PayloadArg,
    args: &DiffArgs,
) -> Result<Compared, CommandError> {
    let mut comparison = compare_both(candidate, &good, args);
    let (mut notes, mut lines, mut remedy) = (Vec::new(), Vec::new(), None);
    if let Some(request) = request.filter(|_| candidate.exchange.is_some()) {
        notes.extend(tolerated::leave_out(&mut comparison, &request.accepted()?));
        let known = good.clone().into_known_good();
        let examination = request.knowledge()?.examine_against(&request.exchange, known);
        lines = headline(&examination.diagnosis, args.format);
        // the one correction that the report shows; what is taken from GOOD is this command's own
        remedy = Some(examination.diagnosis.remedy).filter(|_| !args.fill);
    }
    notes.extend(answer(candidate, &comparison));
    Ok(Compared {
        expectation: format!("{} ({})", good.name, good.because),
        good_title: good.title,
        good_body: good.body,
        comparison,
        notes,
        headline: lines,
        remedy,
    })
}

fn compare_both(candidate: &PayloadArg, good: &PayloadArg, args: &DiffArgs) -> Comparison {
    let mut options = Options { ignore: args.ignore.clone(), ..Options::default() };
    options.ignore.extend(good.ignore.iter().cloned());
    options.exact = good.exact;
    match (&good.request, &candidate.request) {
        (Some(known), Some(request)) => {
            let templates = [known, request].into_iter().filter_map(template);
            options.operations = templates.collect();
            diff::request::compare(known, request, &options)
        }
        (known, request) => {
            options.method = request.as_ref().or(known.as_ref()).map(Request::method_text);
            diff::bodies(&good.body, &candidate.body, &options)
        }
    }
}

fn template(request: &Request) -> Option<Operation> {
    api::assumed().operation_of(&request.method_text(), &request.path())
}
