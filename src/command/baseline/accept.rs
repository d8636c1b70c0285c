//! `wraptap baseline accept`: copies reviewed differences into the baseline, one by one.

use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;

use crate::baselines::edit;
use crate::baselines::embedded;
use crate::baselines::folder::{self, Existing};
use crate::command::args::known_good;
use crate::command::args::payload_arg::{self, PayloadArg};
use crate::command::baseline::add::{sound_body, today, unsound};
use crate::command::baseline::folder_error;
use crate::command::terminal::output;
use crate::command::{CommandOutcome, terminal};
use crate::config::Globals;
use crate::diagnose::pairing;
use crate::diff::{self, Options};
use crate::error::CommandError;
use crate::json::document::Document;
use crate::json::pointer::Pointer;
use crate::knowledge::keep;
use crate::knowledge::payload;
use crate::model::baseline::{Baseline, Provenance};
use crate::model::finding::Finding;
use crate::model::operation::Operation;
use crate::report::safe;

/// The arguments of `wraptap baseline accept`.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  wraptap baseline accept last\n  wraptap baseline accept 12 /wrapup/notes",
    after_help = "Without a PLACE it asks about each difference on a terminal; without a terminal it lists them (exit status 1). \
                  Everything else in the baseline stays as it is."
)]
pub(super) struct BaselineAcceptArgs {
    /// The exchange (12, last, FILE#12) or request whose body was reviewed
    reference: String,
    /// Copy the differences at these JSON Pointers of either body into the baseline, such as /wrapup/notes
    #[arg(value_name = "PLACE", value_parser = |text: &str| Pointer::parse(text))]
    places: Vec<Pointer>,
    /// The baseline [default: the one of the exchange's operation]
    #[arg(long)]
    name: Option<String>,
    /// Copy the whole body
    #[arg(long, conflicts_with = "places")]
    all: bool,
}

#[derive(Debug, thiserror::Error)]
enum AcceptError {
    #[error("there is no baseline for {0}")]
    NoBaseline(Operation),
    #[error("there are several baselines for {operation}: {}", names.join(", "))]
    Several { operation: Operation, names: Vec<String> },
    #[error("there is no difference at `{place}`; there is one at {there}")]
    NoDifference { place: Pointer, there: String },
    #[error("the body does not differ from the baseline {0}")]
    NoneAtAll(String),
    #[error("the difference at `{0}` cannot be copied alone")]
    NotAlone(Pointer),
    #[error("the operation of the payload is not known")]
    NoOperation,
}

/// Takes over what was asked for.
pub(super) fn run(
    args: &BaselineAcceptArgs,
    folder: &Path,
    globals: &Globals,
) -> Result<CommandOutcome, CommandError> {
    let subject = payload_arg::read(&args.reference, globals)?;
    let sent = sound_body(&subject)?;
    let mut baseline = baseline_of(args, &subject, folder)?;
    refuse_what_only_failed(args, &baseline, &subject, &sent, globals)?;
    let candidate = Document::parse(sent.as_bytes());
    let before = baseline.body.clone();
    if args.all {
        baseline.body = sent.clone();
    } else if args.places.is_empty() {
        let findings = findings(&baseline, &sent);
        if !findings.is_empty() && !std::io::stdin().is_terminal() {
            return list(args, &findings);
        }
        ask(&mut baseline, &sent, &candidate)?;
    } else {
        for place in &args.places {
            take(&mut baseline, &sent, &candidate, place)?;
        }
    }
    let mut out = output::stdout();
    if baseline.body == before {
        writeln!(out, "nothing changed in {}", baseline.name)?;
        return Ok(CommandOutcome::Fine);
    }
    stamp(&mut baseline, &subject);
    let path = keep::keep(folder, &baseline, Existing::Replace).map_err(folder_error::describe)?;
    let left = findings(&baseline, &sent).len();
    writeln!(out, "changed {}; remaining differences: {left}", path.display())?;
    Ok(CommandOutcome::Fine)
}

/// Returns the baseline that is meant; an embedded one becomes a file of the folder when it is written.
fn baseline_of(
    args: &BaselineAcceptArgs,
    subject: &PayloadArg,
    path: &Path,
) -> Result<Baseline, CommandError> {
    if let Some(name) = &args.name {
        return match folder::find(path, name) {
            Ok(baseline) => Ok(baseline),
            Err(error) => embedded::all()
                .into_iter()
                .find(|baseline| baseline.name == *name)
                .ok_or_else(|| folder_error::describe(error)),
        };
    }
    let Some(request) = &subject.request else {
        return Err(CommandError::input(AcceptError::NoOperation)
            .hint("name the baseline: `--name NAME` (`wraptap baseline list`)"));
    };
    let operation = pairing::operation_of(request);
    let own = folder::load(path).map_err(folder_error::describe)?.baselines;
    for source in [own, embedded::all()] {
        let mut fitting: Vec<Baseline> =
            source.into_iter().filter(|baseline| is_same(&baseline.operation, &operation)).collect();
        match fitting.len() {
            0 => {}
            1 => return Ok(fitting.remove(0)),
            _ => {
                let names: Vec<String> = fitting.into_iter().map(|baseline| baseline.name).collect();
                let hint = format!("name the one that is meant: `--name {}`", names[0]);
                return Err(CommandError::input(AcceptError::Several { operation, names }).hint(hint));
            }
        }
    }
    let reference = terminal::shell_word(Path::new(&args.reference));
    Err(CommandError::input(AcceptError::NoBaseline(operation))
        .hint(format!("add the whole payload: `wraptap baseline add {reference}`")))
}

/// Operations are the same whatever their placeholders are called.
fn is_same(one: &Operation, other: &Operation) -> bool {
    let bare = |template: &str| -> Vec<String> {
        let steps = template.split('/');
        steps.map(|step| if step.starts_with('{') { "{}".to_owned() } else { step.to_owned() }).collect()
    };
    one.method == other.method && bare(&one.template) == bare(&other.template)
}

fn findings(baseline: &Baseline, sent: &str) -> Vec<Finding> {
    let method = Some(baseline.operation.method.clone());
    let options = Options { method, ignore: baseline.ignore.clone(), ..Options::default() };
    diff::bodies(baseline.body.as_bytes(), sent.as_bytes(), &options).findings
}

/// Refuses differences of a request that the API refused, unless an accepted request of the recording has
/// them, too.
fn refuse_what_only_failed(
    args: &BaselineAcceptArgs,
    baseline: &Baseline,
    subject: &PayloadArg,
    sent: &str,
    globals: &Globals,
) -> Result<(), CommandError> {
    let refused =
        subject.exchange.as_ref().and_then(|(_, exchange)| payload::refusal(&subject.name, exchange));
    let (Some(refused), Some(request)) = (refused, &subject.request) else { return Ok(()) };
    let accepted = known_good::accepted(subject, request, globals)?;
    let bodies = accepted.iter().map(|exchange| payload_arg::decoded_body(&exchange.request));
    let shown: Vec<Finding> =
        bodies.flat_map(|body| findings(baseline, &String::from_utf8_lossy(&body))).collect();
    let is_shown = |finding: &Finding| {
        shown.iter().any(|other| {
            (other.class, &other.good_path, &other.candidate_path)
                == (finding.class, &finding.good_path, &finding.candidate_path)
        })
    };
    let wanted =
        |finding: &Finding| args.places.is_empty() || args.places.iter().any(|at| is_at(finding, at));
    let found = findings(baseline, sent);
    if found.iter().filter(|finding| wanted(finding)).all(is_shown) { Ok(()) } else { Err(unsound(refused)) }
}

fn place_of(finding: &Finding) -> Option<&Pointer> {
    finding.candidate_path.as_ref().or(finding.good_path.as_ref())
}

fn is_at(finding: &Finding, place: &Pointer) -> bool {
    [&finding.candidate_path, &finding.good_path].into_iter().flatten().any(|path| path == place)
}

/// Takes over every difference at one place; a value renamed and changed has two.
fn take(
    baseline: &mut Baseline,
    sent: &str,
    candidate: &Document,
    place: &Pointer,
) -> Result<(), CommandError> {
    let all = findings(baseline, sent);
    if !all.iter().any(|finding| is_at(finding, place)) {
        if all.is_empty() {
            return Err(CommandError::input(AcceptError::NoneAtAll(baseline.name.clone()))
                .hint(format!("see the baseline with `wraptap baseline show {}`", baseline.name)));
        }
        let there: Vec<String> = all.iter().filter_map(place_of).map(|place| format!("`{place}`")).collect();
        let there = if there.is_empty() { "no place in the body".to_owned() } else { there.join(", ") };
        return Err(CommandError::input(AcceptError::NoDifference { place: place.clone(), there })
            .hint("see them with `wraptap baseline accept REF`"));
    }
    while let Some(finding) = findings(baseline, sent).into_iter().find(|finding| is_at(finding, place)) {
        let taken = taken(baseline, candidate, &finding);
        baseline.body = taken.ok_or_else(|| {
            CommandError::input(AcceptError::NotAlone(place.clone()))
                .hint("copy the whole body with `--all`, or edit the file")
        })?;
    }
    Ok(())
}

/// Returns the baseline's text with a difference taken over, if that makes a change.
fn taken(baseline: &Baseline, candidate: &Document, finding: &Finding) -> Option<String> {
    let (good, place) = (finding.good_path.as_ref(), finding.candidate_path.as_ref());
    edit::take_over(&baseline.body, candidate, good, place).filter(|text| *text != baseline.body)
}

/// Prints the differences where the user cannot be asked.
fn list(args: &BaselineAcceptArgs, findings: &[Finding]) -> Result<CommandOutcome, CommandError> {
    let mut out = output::stdout();
    for finding in findings {
        writeln!(out, "{}", described(finding))?;
    }
    let reference = terminal::shell_word(Path::new(&args.reference));
    let place =
        findings.iter().find_map(place_of).map(|place| terminal::shell_word(Path::new(place.as_str())));
    writeln!(out, "copy one with `wraptap baseline accept {reference} {}`", place.unwrap_or_default())?;
    Ok(CommandOutcome::Findings)
}

fn described(finding: &Finding) -> String {
    let (severity, class) = (finding.severity.name(), finding.class.name());
    format!("{severity}[{class}]: {}", safe::line(&finding.message))
}

/// Asks for each difference; what was refused is not asked for again.
fn ask(baseline: &mut Baseline, sent: &str, candidate: &Document) -> Result<(), CommandError> {
    let mut refused: Vec<Finding> = Vec::new();
    let mut answers = std::io::stdin().lock().lines();
    while let Some(finding) = findings(baseline, sent).into_iter().find(|finding| !refused.contains(finding))
    {
        let mut err = output::stderr();
        write!(err, "{}\n  copy it into the baseline? [y]es, [n]o, [q]uit: ", described(&finding))?;
        err.flush()?;
        match answers.next().transpose()?.as_deref().map(str::trim) {
            Some("y" | "yes") => match taken(baseline, candidate, &finding) {
                Some(text) => baseline.body = text,
                None => {
                    writeln!(err, "  cannot be copied alone")?;
                    refused.push(finding);
                }
            },
            Some("n" | "no") => refused.push(finding),
            None | Some("q" | "quit") => break,
            Some(_) => {}
        }
    }
    Ok(())
}

/// Updates the provenance of the baseline: its differences now come from the exchange.
fn stamp(baseline: &mut Baseline, subject: &PayloadArg) {
    let accepted = subject.exchange.as_ref().is_some_and(|(_, exchange)| exchange.is_accepted());
    baseline.provenance = if accepted { Provenance::Accepted } else { Provenance::Manual };
    baseline.source = match &subject.exchange {
        Some((recording, exchange)) => format!("reviewed: {}", payload::source_of(recording, exchange)),
        None => format!("reviewed: {}", subject.name),
    };
    baseline.date = today();
}
