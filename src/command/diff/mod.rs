//! `wraptap diff CANDIDATE [GOOD]`: findings between two payloads or requests, or what is wrong with one.

mod args;
mod compared;
mod corrected;
mod error;
mod examined;
mod named;
mod request;
mod tolerated;

pub(crate) use crate::command::diff::args::DiffArgs;

use crate::command::args::operation_arg;
use crate::command::args::payload_arg::{self, PayloadArg};
use crate::command::diff::args::DiffFormat;
use crate::command::diff::compared::Compared;
use crate::command::diff::error::DiffError;
use crate::command::diff::request::RequestToExamine;
use crate::command::{self, CommandOutcome, terminal};
use crate::config::Globals;
use crate::diff::patch;
use crate::error::CommandError;
use crate::model::finding::Severity;
use crate::model::known_good::KnownGoodOrigin;
use crate::report::comparison::{
    ComparedBody, ComparisonView, html, json, markdown, side_by_side, text, unified,
};
use crate::report::layout;

/// Compares, and prints what was found.
pub(crate) fn run(args: &DiffArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    if args.candidate == "-" && args.good.as_deref() == Some("-") {
        return Err(CommandError::input(DiffError::StdinTwice).hint("give one of them as a file"));
    }
    let candidate = payload_arg::read(&args.candidate, globals)?;
    let good = args.good.as_deref().map(|text| payload_arg::read_good(text, globals)).transpose()?;
    let example = good.as_ref().filter(|good| good.origin == KnownGoodOrigin::Embedded);
    if let Some(example) = example.filter(|_| args.fill) {
        return Err(CommandError::input(DiffError::Example(example.name.clone()))
            .hint("give the values yourself: `--set /pointer=TEXT`"));
    }
    let operation = args.operation.clone().or_else(|| example.and_then(|example| example.operation.clone()));
    let named = operation.as_deref().map(operation_arg::request).transpose()?;
    let request = match (named, &candidate.request) {
        (Some(named), Some(_)) if args.operation.is_some() => Some(named.with(&candidate)),
        (Some(named), None) => Some(named.with(&candidate)),
        (_, own) => own.clone(),
    };
    let request = request.map(|request| RequestToExamine::new(&candidate, request, globals));
    let compared = match good {
        Some(good) if good.origin != KnownGoodOrigin::Embedded => {
            named::compare(&candidate, request.as_ref(), good, args)?
        }
        example => {
            let example = example.map(PayloadArg::into_known_good);
            examined::compare(&candidate, request.as_ref(), example, args)?
        }
    };
    let text = match &compared.remedy {
        _ if !args.fix => rendered(&candidate, &compared, args.format)?,
        Some(remedy) => corrected::by_remedy(remedy, &candidate.body, args)?,
        None => corrected::in_shape_of_good(&compared.comparison, args)?,
    };
    let is_text = !args.fix && args.format.is_for_people();
    terminal::write(&if is_text { command::hints(globals).complete(&text) } else { text })?;
    let limit = if args.strict { Severity::Warning } else { Severity::Error };
    let wrong = compared.comparison.findings.iter().any(|finding| finding.severity <= limit);
    Ok(if wrong { CommandOutcome::Findings } else { CommandOutcome::Fine })
}

fn rendered(candidate: &PayloadArg, compared: &Compared, format: DiffFormat) -> Result<String, CommandError> {
    let is_for_people = format.is_for_people();
    let width = terminal::style().width;
    // a line to write in a program is copied whole
    let wrapped = |line: &String| {
        if line.starts_with("instead of ") { format!("{line}\n") } else { layout::hanging("", line, width) }
    };
    let above: String = compared.headline.iter().map(wrapped).collect();
    let above = if is_for_people && !above.is_empty() { above + "\n" } else { String::new() };
    let headline = compared.headline.iter().filter(|_| !is_for_people);
    let notes: Vec<String> = headline.chain(&compared.notes).cloned().collect();
    let view = ComparisonView {
        candidate: ComparedBody { title: &candidate.title, body: &candidate.body },
        good: ComparedBody { title: &compared.good_title, body: &compared.good_body },
        expectation: &compared.expectation,
        notes: &notes,
        comparison: &compared.comparison,
    };
    let style = terminal::style();
    Ok(above
        + &match format {
            DiffFormat::Text => text::render(&view, &style),
            DiffFormat::SideBySide => side_by_side::render(&view, &style),
            DiffFormat::Unified => unified::render(&view, &style),
            DiffFormat::Markdown => markdown::render(&view),
            DiffFormat::Html => html::render(&view, "f"),
            DiffFormat::Json => json::render(&view),
            DiffFormat::Patch => {
                patch::to_json(&patch::patch(&compared.comparison).ok_or_else(DiffError::not_json)?)
            }
        })
}
