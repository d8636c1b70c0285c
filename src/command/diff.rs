//! `wraptap diff CANDIDATE [GOOD]`: findings between two payloads or requests.

use std::io::Write;

use crate::api::genesys::catalogue;
use crate::command::args::known_good;
use crate::command::args::payload_arg::{self, PayloadArg};
use crate::command::{CommandOutcome, terminal};
use crate::config::Globals;
use crate::diagnose::pairing;
use crate::diff::comparison::Comparison;
use crate::diff::learnt::Learnt;
use crate::diff::{self, Options, fix, patch};
use crate::error::CommandError;
use crate::json::pointer::{Pointer, PointerError};
use crate::model::exchange::{Exchange, Request};
use crate::model::finding::Severity;
use crate::model::operation::Operation;
use crate::report::comparison::{Picture, Side, html, json, markdown, side_by_side, text, unified};
use crate::report::{brief, safe};

/// The arguments of `wraptap diff`.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  wraptap diff last-refused\n  wraptap diff body.json good.json",
    after_help = "CANDIDATE and GOOD are a REF (12, last, last-refused, FILE#12), a file, - for stdin, a curl command, \
                  or the body itself.\nExit status: 0 nothing wrong, 1 findings of severity error, 2 bad input."
)]
pub(crate) struct DiffArgs {
    /// What is to be explained
    candidate: String,
    /// What is known to be good [default: the best that is known for the candidate's operation]
    good: Option<String>,
    /// How to print it
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: DiffFormat,
    /// Print the corrected body instead: the candidate's own values in the good one's shape
    #[arg(long, conflicts_with = "format")]
    fix: bool,
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
    #[error("there is nothing to compare a bare body with: which operation it was sent to is not known")]
    NoOperation,
    #[error("there is nothing to compare with: {0}")]
    NoKnownGood(String),
    #[error("a body that is not JSON can be neither patched nor corrected")]
    NotJson,
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
        corrected(&comparison)?
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
        let good = payload_arg::read(good, globals)?;
        let accepted = match (&candidate.exchange, &candidate.request) {
            (Some(_), Some(request)) => known_good::accepted(candidate, request, globals)?,
            _ => Vec::new(),
        };
        return Ok((good, accepted, Vec::new()));
    }
    let Some(request) = &candidate.request else {
        return Err(CommandError::input(DiffError::NoOperation)
            .hint(format!("name what is known to be good: `wraptap diff {} GOOD`", word(&args.candidate)))
            .hint("or give the whole request: a REF such as last-refused, or a curl command"));
    };
    let found = known_good::find(candidate, request, globals)?;
    let reason = found.pairing.reason;
    let Some(good) = found.good else {
        let operation = pairing::operation_of(request);
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
    let places = Learnt::of(&bodies).apply(comparison);
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
    let picture = Picture {
        candidate: Side { title: &candidate.title, body: &candidate.body },
        good: Side { title: &good.title, body: &good.body },
        expectation: &expectation,
        notes,
        comparison,
    };
    let look = terminal::look();
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

/// Returns the corrected body, and says on stderr what the candidate did not have for it.
fn corrected(comparison: &Comparison) -> Result<String, CommandError> {
    let fixed = fix::fixed(comparison).ok_or_else(not_json)?;
    if !fixed.borrowed.is_empty() {
        let places: Vec<String> =
            fixed.borrowed.iter().map(|place| safe::line(place.as_str()).into_owned()).collect();
        writeln!(anstream::stderr(), "taken from the known-good body: `{}`", places.join("`, `"))?;
    }
    Ok(fixed.body + "\n")
}

fn not_json() -> CommandError {
    CommandError::input(DiffError::NotJson).hint("see where it is not with `--format text`")
}

fn pointer(text: &str) -> Result<Pointer, PointerError> {
    Pointer::parse(text)
}

/// Returns an argument as it can be typed again, or a placeholder for a long one.
fn word(text: &str) -> String {
    let plain = text.len() < 80 && text.chars().all(|c| c.is_alphanumeric() || "/._-+:=@%,#".contains(c));
    if plain { safe::line(text).into_owned() } else { "CANDIDATE".to_owned() }
}
