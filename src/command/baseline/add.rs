//! `wraptap baseline add`: a payload, and why it is known to be good.

use std::path::Path;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::baselines::file::{self, OperationParseError};
use crate::baselines::folder::Existing;
use crate::command::CommandOutcome;
use crate::command::args::payload_arg::{self, PayloadArg};
use crate::command::baseline::{folder_error, print};
use crate::config::Globals;
use crate::diagnose::pairing;
use crate::error::CommandError;
use crate::json::pointer::Pointer;
use crate::knowledge::keep;
use crate::knowledge::payload::{self, PayloadError};
use crate::model::baseline::{Baseline, Provenance};
use crate::model::operation::Operation;

/// The arguments of `wraptap baseline add`.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  wraptap baseline add last\n  \
                   wraptap baseline add body.json --operation 'POST /api/v2/things/{id}' --source 'the API page'",
    after_help = "PAYLOAD is a REF (12, last, FILE#12), a file, - for stdin, a curl command, or the body itself."
)]
pub(super) struct BaselineAddArgs {
    /// The payload that is known to be good
    payload: String,
    /// Its operation: `POST /api/v2/things/{id}` [default: of the request, where there is one]
    #[arg(long, value_name = "OPERATION")]
    operation: Option<String>,
    /// The name of the file, without `.json` [default: made of the operation]
    #[arg(long)]
    name: Option<String>,
    /// Where the payload comes from: a page, a person, a ticket [default: the file or exchange]
    #[arg(long)]
    source: Option<String>,
    /// Why the payload is known to be good [default: accepted for an exchange with a 2xx, else manual]
    #[arg(long, value_parser = provenance_parser())]
    provenance: Option<Provenance>,
    /// The date of the source, YYYY-MM-DD [default: today]
    #[arg(long)]
    date: Option<String>,
    /// Hide later differences at this JSON Pointer; `*` matches any one key or index (repeatable)
    #[arg(long, value_name = "POINTER", value_parser = |text: &str| Pointer::parse(text))]
    ignore: Vec<Pointer>,
    /// Members that it does not have count as errors from now on, not as warnings
    #[arg(long)]
    exact: bool,
    /// Replace an existing baseline of this name
    #[arg(long)]
    force: bool,
}

fn provenance_parser() -> impl TypedValueParser<Value = Provenance> {
    let values = Provenance::ALL.map(|each| PossibleValue::new(each.name()).help(each.meaning()));
    PossibleValuesParser::new(values).try_map(|name| Provenance::from_name(&name).ok_or(name))
}

#[derive(Debug, thiserror::Error)]
enum AddError {
    #[error("{title} has `{letters}` in its body, which a shell would replace")]
    Unexpanded { title: String, letters: String },
    #[error("the operation of the payload is not known")]
    NoOperation,
}

/// Writes the baseline file.
pub(super) fn run(
    args: &BaselineAddArgs,
    folder: &Path,
    globals: &Globals,
) -> Result<CommandOutcome, CommandError> {
    let subject = payload_arg::read(&args.payload, globals)?;
    let body = sound_body(&subject)?;
    let exchange = subject.exchange.as_ref();
    if let Some((_, exchange)) = exchange
        && args.provenance.is_none()
        && let Some(refused) = payload::refusal(&subject.name, exchange)
    {
        return Err(
            unsound(refused).hint("or say why it is known to be good: `--provenance manual --source '…'`")
        );
    }
    let operation = operation(args, &subject)?;
    let provenance = match (args.provenance, exchange) {
        (Some(given), _) => given,
        (None, Some(_)) => Provenance::Accepted,
        (None, None) => Provenance::Manual,
    };
    let source = args.source.clone().unwrap_or_else(|| match exchange {
        Some((recording, exchange)) => payload::source_of(recording, exchange),
        None => subject.name.clone(),
    });
    let date = match &args.date {
        Some(date) => file::checked_date(date.clone())
            .map_err(|error| CommandError::input(error).hint("such as `--date 2026-11-20`"))?,
        None => today(),
    };
    let content_type = match &subject.request {
        Some(request) => request.headers.text("content-type").map(str::to_owned),
        None => Some("application/json".to_owned()),
    };
    let mut ignore = subject.ignore.clone();
    ignore.extend(args.ignore.iter().cloned());
    let name = args.name.clone().unwrap_or_else(|| payload::name_of(&operation));
    let exact = args.exact;
    let baseline = Baseline { name, operation, provenance, source, date, content_type, body, ignore, exact };
    let existing = if args.force { Existing::Replace } else { Existing::Keep };
    let path = keep::keep(folder, &baseline, existing).map_err(folder_error::describe)?;
    print::line(&format!("added {} for {}", path.display(), baseline.operation))?;
    Ok(CommandOutcome::Fine)
}

/// Returns the body as text, if it is JSON that was really sent.
pub(super) fn sound_body(subject: &PayloadArg) -> Result<String, CommandError> {
    if let Some((_, exchange)) = &subject.exchange
        && exchange.request.body.cut
    {
        return Err(unsound(PayloadError::Cut(subject.name.clone())));
    }
    let text = payload::sound(&subject.name, &subject.body).map_err(unsound)?;
    if let Some(letters) = subject.unexpanded.iter().find(|letters| text.contains(*letters)) {
        let (title, letters) = (subject.name.clone(), letters.clone());
        return Err(CommandError::input(AddError::Unexpanded { title, letters })
            .hint("write the value itself and add the payload again"));
    }
    Ok(text)
}

/// Returns the error of a payload that cannot serve as known-good, with the way out.
pub(super) fn unsound(error: PayloadError) -> CommandError {
    let hints: &[&str] = match &error {
        PayloadError::NotJson { .. } => {
            &["give a JSON payload, a curl command or a REF such as `wraptap baseline add last`"]
        }
        PayloadError::Empty(_) => &["a baseline is a payload; operations without a body need none"],
        PayloadError::NotText(_) => &["a baseline is a JSON text"],
        PayloadError::TooLarge { .. } => &[],
        PayloadError::Masked { .. } => &["replace it with a harmless value and add the payload as a file"],
        PayloadError::Cut(_) => &["record it again with a larger `--body-limit`"],
        PayloadError::Refused { .. } => &["choose one that was accepted: `wraptap list --status 2xx`"],
    };
    hints.iter().fold(CommandError::input(error), |error, hint| error.hint(*hint))
}

fn operation(args: &BaselineAddArgs, subject: &PayloadArg) -> Result<Operation, CommandError> {
    let hint = "name it: `--operation 'POST /api/v2/things/{id}'`";
    match (&args.operation, &subject.request) {
        (Some(text), _) => {
            file::operation(text).map_err(|error: OperationParseError| CommandError::input(error).hint(hint))
        }
        (None, Some(request)) => Ok(pairing::operation_of(request)),
        (None, None) => Err(CommandError::input(AddError::NoOperation).hint(hint)),
    }
}

/// Returns today's date in UTC.
pub(super) fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}
