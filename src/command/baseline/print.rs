//! `wraptap baseline list` and `show`.

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use crate::baselines::folder::FolderError;
use crate::baselines::{embedded, file, folder};
use crate::command::baseline::folder_error;
use crate::command::terminal::output;
use crate::command::terminal::{self, OutputFormat};
use crate::command::{CommandOutcome, lock};
use crate::error::CommandError;
use crate::model::baseline::Baseline;
use crate::report::safe;

/// The arguments of `wraptap baseline list`.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  wraptap baseline list\n  wraptap baseline list --format json")]
pub(super) struct BaselineListArgs {
    /// How to print it
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: OutputFormat,
}

/// The arguments of `wraptap baseline show`.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  wraptap baseline show post-calls-wrapup\n  \
                         wraptap baseline show post-calls-wrapup --format json")]
pub(super) struct BaselineShowArgs {
    /// Its name, as `wraptap baseline list` has it
    name: String,
    /// How to print it
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: OutputFormat,
}

/// Where a baseline comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum BaselineOrigin {
    Folder,
    Embedded,
}

/// Prints one line to stdout.
pub(super) fn line(text: &str) -> Result<(), CommandError> {
    writeln!(output::stdout(), "{}", safe::line(&lock::masked(text)))?;
    Ok(())
}

/// Prints the baselines of the folder, then the embedded ones of other names.
pub(super) fn list(args: &BaselineListArgs, path: &Path) -> Result<CommandOutcome, CommandError> {
    let own = folder::load(path).map_err(folder_error::describe)?;
    let embedded = embedded::all();
    let embedded = embedded.iter().filter(|other| !own.baselines.iter().any(|own| own.name == other.name));
    let all: Vec<(BaselineOrigin, &Baseline)> = own
        .baselines
        .iter()
        .map(|baseline| (BaselineOrigin::Folder, baseline))
        .chain(embedded.map(|baseline| (BaselineOrigin::Embedded, baseline)))
        .collect();
    let mut out = output::stdout();
    match args.format {
        OutputFormat::Text => {
            let width = all.iter().map(|(_, baseline)| baseline.name.len()).max().unwrap_or(0);
            for (origin, baseline) in &all {
                let built_in = if *origin == BaselineOrigin::Embedded { ", built in" } else { "" };
                writeln!(
                    out,
                    "{:width$}  {}  ({}{built_in}, {})",
                    baseline.name,
                    safe::line(&baseline.operation.to_string()),
                    baseline.provenance.name().replace('_', " "),
                    baseline.date
                )?;
            }
        }
        OutputFormat::Json => {
            let baselines: Vec<Value> =
                all.iter().map(|(origin, baseline)| described(*origin, baseline)).collect();
            let faults: Vec<Value> = own.faults.iter().map(|fault| json!(describe(fault))).collect();
            let document = terminal::document(json!({"baselines": baselines, "unreadable": faults}));
            out.write_all(document.as_bytes())?;
        }
    }
    drop(out);
    let mut err = output::stderr();
    for fault in own.faults.iter().filter(|_| args.format == OutputFormat::Text) {
        writeln!(err, "left out: {}", safe::line(&describe(fault)))?;
    }
    Ok(CommandOutcome::Fine)
}

/// Prints one baseline of the folder, or else of the embedded ones.
pub(super) fn show(args: &BaselineShowArgs, path: &Path) -> Result<CommandOutcome, CommandError> {
    let (origin, baseline) = match folder::find(path, &args.name) {
        Ok(baseline) => (BaselineOrigin::Folder, baseline),
        Err(error @ FolderError::Missing { .. }) => {
            let embedded = embedded::all().into_iter().find(|baseline| baseline.name == args.name);
            (BaselineOrigin::Embedded, embedded.ok_or_else(|| folder_error::describe(error))?)
        }
        Err(error) => return Err(folder_error::describe(error)),
    };
    let mut out = output::stdout();
    match args.format {
        OutputFormat::Text => {
            let built_in = if origin == BaselineOrigin::Embedded { ", built in" } else { "" };
            writeln!(out, "{}  {}", baseline.name, safe::line(&baseline.operation.to_string()))?;
            let provenance = baseline.provenance.name().replace('_', " ");
            writeln!(out, "  {provenance}{built_in}, {}", baseline.date)?;
            writeln!(out, "  source: {}", safe::line(&lock::masked(&baseline.source)))?;
            if let Some(media_type) = &baseline.content_type {
                writeln!(out, "  sent as {}", safe::line(media_type))?;
            }
            for pointer in &baseline.ignore {
                writeln!(out, "  differences at {} are hidden", safe::line(pointer.as_str()))?;
            }
            if baseline.exact {
                writeln!(out, "  members that it does not have are errors")?;
            }
            writeln!(out, "\n{}", safe::block(&lock::masked(&baseline.body)))?;
        }
        OutputFormat::Json => {
            let mut document = described(origin, &baseline);
            document["body"] = json!(lock::masked(&baseline.body));
            out.write_all(terminal::document(document).as_bytes())?;
        }
    }
    Ok(CommandOutcome::Fine)
}

fn described(origin: BaselineOrigin, baseline: &Baseline) -> Value {
    let ignore: Vec<&str> = baseline.ignore.iter().map(|pointer| pointer.as_str()).collect();
    json!({
        "name": baseline.name,
        "operation": baseline.operation.to_string(),
        "provenance": baseline.provenance.name(),
        "source": lock::masked(&baseline.source),
        "date": baseline.date,
        "content_type": baseline.content_type,
        "ignore": ignore,
        "exact": baseline.exact,
        "built_in": origin == BaselineOrigin::Embedded,
        "format": file::VERSION,
    })
}

/// Returns an error with its cause.
fn describe(fault: &FolderError) -> String {
    let mut text = fault.to_string();
    let mut cause = std::error::Error::source(fault);
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}
