//! `wraptap diff CANDIDATE [GOOD]`: findings between two payloads or requests.

use std::io::Write;
use std::path::Path;

use crate::api::genesys::catalogue;
use crate::baselines::embedded;
use crate::command::args::payload_arg::{self, PayloadArg};
use crate::command::args::{known_good, operation_arg};
use crate::command::{CommandOutcome, terminal};
use crate::config::Globals;
use crate::diagnose::pairing;
use crate::diff::comparison::Comparison;
use crate::diff::fix::{self, Lack, Lacking};
use crate::diff::tolerated::Tolerated;
use crate::diff::{self, Options, patch};
use crate::error::CommandError;
use crate::json::edit::Edit;
use crate::json::pointer::{Pointer, PointerError};
use crate::model::exchange::{Exchange, Request};
use crate::model::finding::Severity;
use crate::model::known_good::KnownGoodOrigin;
use crate::model::operation::Operation;
use crate::replay::edits::{self, EditArgError};
use crate::report::comparison::{
    ComparedBody, ComparisonView, html, json, markdown, side_by_side, text, unified,
};
use crate::report::{brief, safe};

/// The arguments of `wraptap diff`.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  wraptap diff last-refused\n  wraptap diff body.json good.json",
    after_help = "CANDIDATE and GOOD are a REF (12, last, last-refused, FILE#12), a file, - for stdin, a curl command, \
                  or the body itself; GOOD also the name of a baseline.\nExit status: 0 nothing wrong, 1 findings of severity error, 2 bad input."
)]
pub(crate) struct DiffArgs {
    /// What is to be explained
    candidate: String,
    /// What is known to be good [default: the best that is known for the candidate's operation]
    good: Option<String>,
    /// How to print it
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: DiffFormat,
    /// The operation that a body is sent to, as in 'POST /api/v2/things/{id}'
    #[arg(long, value_name = "METHOD PATH")]
    operation: Option<String>,
    /// Print the corrected body instead: the candidate's own values, in GOOD's shape if there is one
    #[arg(long, conflicts_with = "format")]
    fix: bool,
    /// With --fix: set a place of the corrected body: /pointer=TEXT for a string, /pointer:=JSON for any value
    #[arg(long, value_name = "/PTR=TEXT", requires = "fix", value_parser = set)]
    set: Vec<Edit>,
    /// With --fix: take what the candidate lacks from GOOD
    #[arg(long, requires_all = ["fix", "good"])]
    fill: bool,
    /// Hide differences at this place; `*` stands for any one key or index (repeatable)
    #[arg(long, value_name = "POINTER", value_parser = pointer)]
    ignore: Vec<Pointer>,
    /// Exit with 1 on warnings, too
    #[arg(long)]
    strict: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
enum DiffFormat {
    /// Findings with carets into both bodies.
    Text,
    /// Both bodies in two columns.
    SideBySide,
    /// A unified diff of the bodies, formatted alike.
    Unified,
    /// Findings for a ticket.
    Markdown,
    /// A fragment to put into a page.
    Html,
    /// One document, `schema_version` 1.
    Json,
    /// The RFC 6902 patch that turns the candidate into the good body.
    Patch,
}

#[derive(Debug, thiserror::Error)]
enum DiffError {
    #[error("both sides are to come from stdin, which can be read once")]
    StdinTwice,
    #[error("there is nothing to compare with: which operation the body is sent to is not known")]
    NoOperation,
    #[error("there is nothing to compare with: {0}")]
    NoKnownGood(String),
    #[error("a body that is not JSON can be neither patched nor corrected")]
    NotJson,
    #[error("nothing of the candidate can be kept in the shape of the known-good body")]
    NothingLeft,
    #[error("{0} is an example of the shape: its values are no one's")]
    Example(String),
}

/// Compares, and prints what was found.
pub(crate) fn run(args: &DiffArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    if args.candidate == "-" && args.good.as_deref() == Some("-") {
        return Err(CommandError::input(DiffError::StdinTwice).hint("give one of them as a file"));
    }
    let candidate = payload_arg::read(&args.candidate, globals)?;
    let (good, accepted, mut notes) = known_good_for(&candidate, args, globals)?;
    let mut comparison = compare(&candidate, &good, args);
    notes.extend(learn(&mut comparison, &accepted));
    notes.extend(answer(&candidate, &comparison));

    let text = if args.fix {
        corrected(&comparison, &good, args)?
    } else {
        rendered(&candidate, &good, &comparison, &notes, args)?
    };
    terminal::write(&text)?;
    let limit = if args.strict { Severity::Warning } else { Severity::Error };
    let wrong = comparison.findings.iter().any(|finding| finding.severity <= limit);
    Ok(if wrong { CommandOutcome::Findings } else { CommandOutcome::Fine })
}

/// Returns what to compare with, accepted requests to learn from, and what is to be said about the choice.
fn known_good_for(
    candidate: &PayloadArg,
    args: &DiffArgs,
    globals: &Globals,
) -> Result<(PayloadArg, Vec<Exchange>, Vec<String>), CommandError> {
    if let Some(good) = &args.good {
        let good = payload_arg::read_good(good, globals)?;
        let accepted = match (&candidate.exchange, &candidate.request) {
            (Some(_), Some(request)) => known_good::accepted(candidate, request, globals)?,
            _ => Vec::new(),
        };
        return Ok((good, accepted, Vec::new()));
    }
    let named = args.operation.as_deref().map(operation_arg::request).transpose()?;
    let request = named.map_or_else(|| candidate.request.clone(), |named| Some(named.with(candidate)));
    let Some(request) = request else {
        return Err(CommandError::input(DiffError::NoOperation)
            .hint(format!("name it: `wraptap diff {} --operation 'POST /api/v2/…'`", word(&args.candidate)))
            .hint(format!("or what is known to be good: `wraptap diff {} GOOD`", word(&args.candidate)))
            .hint("or give the whole request: a REF such as last-refused, or a curl command"));
    };
    let found = known_good::find(candidate, &request, &embedded::all(), globals)?;
    let reason = found.pairing.reason;
    let Some(good) = found.good else {
        let operation = pairing::operation_of(&request);
        return Err(CommandError::input(DiffError::NoKnownGood(reason))
            .hint(format!("name one: `wraptap diff {} GOOD`", word(&args.candidate)))
            .hint(format!("keep one: `wraptap baseline add FILE --operation '{operation}'`")));
    };
    let mut notes = vec![format!("compared with {}: {reason}", good.name)];
    if !found.pairing.close.is_empty() {
        notes.push(format!("close to it, too: {}", found.pairing.close.join(", ")));
    }
    Ok((good, found.accepted, notes))
}

fn compare(candidate: &PayloadArg, good: &PayloadArg, args: &DiffArgs) -> Comparison {
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
    catalogue::operation_of(&request.method_text(), &request.path()).map(|entry| entry.operation())
}

/// Leaves out what accepted requests of the operation teach to be harmless, and says so.
fn learn(comparison: &mut Comparison, accepted: &[Exchange]) -> Option<String> {
    let bodies: Vec<Vec<u8>> =
        accepted.iter().map(|exchange| payload_arg::decoded_body(&exchange.request)).collect();
    let bodies: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
    let places = Tolerated::of(&bodies).apply(comparison);
    let ids: Vec<String> = accepted.iter().map(|exchange| exchange.id.to_string()).collect();
    (!places.is_empty()).then(|| {
        let places: Vec<String> = places.iter().map(|place| format!("`{place}`")).collect();
        format!(
            "not reported, since accepted requests ({}) differ there, too: {}",
            ids.join(", "),
            places.join(", ")
        )
    })
}

/// Returns what the candidate's own answer says of differences that did not get it refused.
fn answer(candidate: &PayloadArg, comparison: &Comparison) -> Option<String> {
    let (_, exchange) = candidate.exchange.as_ref()?;
    let status = exchange.status()?;
    let differs = comparison.findings.iter().any(|finding| finding.severity != Severity::Info);
    match status {
        200..=299 if differs => Some(format!("exchange {} was accepted with {status} as it is", exchange.id)),
        400.. if differs && !brief::speaks_of_payload(status) => {
            Some(format!("{}; what differs is probably not the cause", brief::meaning(status)))
        }
        _ => None,
    }
}

fn rendered(
    candidate: &PayloadArg,
    good: &PayloadArg,
    comparison: &Comparison,
    notes: &[String],
    args: &DiffArgs,
) -> Result<String, CommandError> {
    let expectation = format!("{} ({})", good.name, good.because);
    let picture = ComparisonView {
        candidate: ComparedBody { title: &candidate.title, body: &candidate.body },
        good: ComparedBody { title: &good.title, body: &good.body },
        expectation: &expectation,
        notes,
        comparison,
    };
    let look = terminal::style();
    Ok(match args.format {
        DiffFormat::Text => text::render(&picture, &look),
        DiffFormat::SideBySide => side_by_side::render(&picture, &look),
        DiffFormat::Unified => unified::render(&picture, &look),
        DiffFormat::Markdown => markdown::render(&picture),
        DiffFormat::Html => html::render(&picture, "f"),
        DiffFormat::Json => json::render(&picture),
        DiffFormat::Patch => patch::to_json(&patch::patch(comparison).ok_or_else(not_json)?),
    })
}

/// Returns the candidate's body in the shape of the good one, and says on stderr what it lacks.
fn corrected(comparison: &Comparison, good: &PayloadArg, args: &DiffArgs) -> Result<String, CommandError> {
    let is_example = good.origin == KnownGoodOrigin::Embedded;
    if is_example && args.fill {
        return Err(CommandError::input(DiffError::Example(good.name.clone()))
            .hint("give the values yourself: `--set /pointer=TEXT`"));
    }
    let lack = if args.fill { Lack::Fill } else { Lack::Offer };
    let fixed = fix::fixed(comparison, lack).ok_or_else(not_json)?;
    let body = edits::apply(fixed.body.as_bytes(), &args.set).map_err(CommandError::input)?;
    let given = |place: &Pointer| args.set.iter().any(|edit| edit.place() == place);
    let open: Vec<&Lacking> = fixed.lacking.iter().filter(|lacking| !given(&lacking.place)).collect();
    if body.is_empty() || body == b"{}" && !open.is_empty() {
        let error = CommandError::input(DiffError::NothingLeft);
        return Err(open.iter().fold(error, |error, lacking| error.hint(offer(lacking, is_example))));
    }
    let mut err = anstream::stderr();
    match (open.is_empty(), args.fill) {
        (true, _) => {}
        (_, true) => {
            let places: Vec<String> =
                open.iter().map(|lacking| safe::line(lacking.place.as_str()).into_owned()).collect();
            writeln!(err, "taken from the known-good body: `{}`", places.join("`, `"))?;
        }
        (_, false) => {
            writeln!(err, "the candidate lacks what the known-good body has; --fill takes it, or give it:")?;
            for lacking in open {
                writeln!(err, "  {}", offer(lacking, is_example))?;
            }
        }
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    Ok(body.trim_end_matches('\n').to_owned() + "\n")
}

/// Returns the argument that gives a value which the candidate lacks; an example's values are not proposed.
fn offer(lacking: &Lacking, is_example: bool) -> String {
    let place = lacking.place.as_str();
    let argument = match serde_json::from_str::<String>(&lacking.value) {
        _ if is_example => format!("{place}=…"),
        Ok(text) if !text.contains(char::is_control) => format!("{place}={text}"),
        _ => format!("{place}:={}", lacking.value),
    };
    format!("--set {}", terminal::shell_word(Path::new(&argument)))
}

fn not_json() -> CommandError {
    CommandError::input(DiffError::NotJson).hint("see where it is not with `--format text`")
}

fn set(text: &str) -> Result<Edit, EditArgError> {
    edits::parse_set(text)
}

fn pointer(text: &str) -> Result<Pointer, PointerError> {
    Pointer::parse(text)
}

/// Returns an argument as it can be typed again, or a placeholder for a long one.
fn word(text: &str) -> String {
    let plain = text.len() < 80 && text.chars().all(|c| c.is_alphanumeric() || "/._-+:=@%,#".contains(c));
    if plain { safe::line(text).into_owned() } else { "CANDIDATE".to_owned() }
}
