//! `wraptap matrix`: the same operation as several clients sent it, side by side.

use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

use crate::command::args::read_progress;
use crate::command::args::recording_arg;
use crate::command::terminal::output;
use crate::command::{CommandOutcome, terminal};
use crate::config::Globals;
use crate::diagnose::matrix::Gathered;
use crate::diagnose::pairing;
use crate::error::CommandError;
use crate::model::matrix::Matrix;
use crate::model::operation::Operation;
use crate::report::matrix::{html, json, markdown, text};
use crate::report::{html as page, safe};

/// The arguments of `wraptap matrix`.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wraptap matrix
  wraptap matrix java.ndjson python.ndjson --format html > matrix.html")]
pub(crate) struct MatrixArgs {
    /// Recordings that hold the clients' requests; `-` is stdin [default: --recording, else the newest in
    /// ./recordings]
    #[arg(value_name = "RECORDING")]
    recordings: Vec<PathBuf>,
    /// Only this operation, even if only one client called it; the path as a template or with real ids
    #[arg(long, value_name = "METHOD PATH", value_parser = operation)]
    operation: Option<Operation>,
    /// How to print it
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: MatrixFormat,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
enum MatrixFormat {
    /// Tables for a terminal.
    Text,
    /// Tables for a ticket.
    Markdown,
    /// One page that needs nothing else.
    Html,
    /// One document, `schema_version` 1.
    Json,
}

#[derive(Debug, thiserror::Error)]
#[error("the recording has no request of `{0}` with a body")]
struct NotRecorded(Operation);

/// Reads the recordings and prints a matrix for every operation that two clients or more asked for.
pub(crate) fn run(args: &MatrixArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let recordings = recording_arg::resolve_all(&args.recordings, globals)?;
    let gathered = gather(&recordings, globals)?;
    let chosen: Vec<Operation> = match &args.operation {
        Some(operation) => vec![operation.clone()],
        None => gathered
            .operations()
            .filter(|(_, clients)| *clients > 1)
            .map(|(operation, _)| operation.clone())
            .collect(),
    };
    let mut chosen = chosen;
    // a wrap-up is what most people look for
    chosen.sort_by_key(|operation| !operation.template.replace('-', "").contains("wrapup"));
    let matrices: Vec<Matrix> = chosen.iter().filter_map(|operation| gathered.matrix(operation)).collect();
    if let (Some(operation), true) = (&args.operation, matrices.is_empty()) {
        let error = CommandError::input(NotRecorded(operation.clone()));
        return Err(gathered
            .operations()
            .take(3)
            .fold(error, |error, (known, _)| error.hint(format!("wraptap matrix --operation '{known}'"))));
    }
    if matrices.is_empty() && !globals.quiet {
        alone(&gathered)?;
    }
    print(&matrices, args.format)?;
    Ok(CommandOutcome::Fine)
}

fn gather(recordings: &[PathBuf], globals: &Globals) -> Result<Gathered, CommandError> {
    let redactor = recording_arg::redactor()?;
    let mut gathered = Gathered::default();
    read_progress::each_exchange(recordings, globals, |name, exchange| {
        // a foreign recording may hold secrets; what is masked already stays as it is
        gathered.offer(name, redactor.mask(exchange).into_exchange());
    })?;
    if gathered.beyond() > 0 && !globals.quiet {
        terminal::warn(&format!(
            "{} requests are left out, because there are too many operations or clients",
            gathered.beyond()
        ));
    }
    Ok(gathered)
}

/// Reports that there is nothing to compare, and what can be compared.
fn alone(gathered: &Gathered) -> Result<(), CommandError> {
    let mut err = output::stderr();
    writeln!(err, "no operation with a body was called by two clients")?;
    for (operation, _) in gathered.operations().take(5) {
        writeln!(err, "  hint: wraptap matrix --operation '{}'", safe::line(&operation.to_string()))?;
    }
    Ok(())
}

fn print(matrices: &[Matrix], format: MatrixFormat) -> Result<(), CommandError> {
    let text = match format {
        MatrixFormat::Text => {
            let look = terminal::style();
            matrices.iter().map(|matrix| text::render(matrix, &look)).collect::<Vec<_>>().join("\n")
        }
        MatrixFormat::Markdown => matrices.iter().map(markdown::render).collect::<Vec<_>>().join("\n"),
        MatrixFormat::Html => {
            let sections: Vec<String> = matrices
                .iter()
                .enumerate()
                .map(|(number, matrix)| html::render(matrix, number + 1))
                .collect();
            page::document("The same operation, client by client", &sections)
        }
        MatrixFormat::Json => {
            let rendered: Vec<_> = matrices.iter().map(json::render).collect();
            terminal::document(json!({"matrices": rendered}))
        }
    };
    Ok(terminal::write(&text)?)
}

/// Reads `METHOD PATH`; a path with ids becomes the operation's template.
fn operation(text: &str) -> Result<Operation, String> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let [method, path] = parts[..] else {
        return Err("give a method and a path, such as `PUT /api/v2/x`".to_owned());
    };
    if !path.starts_with('/') {
        return Err("the path must start with `/`".to_owned());
    }
    Ok(pairing::operation_at(method, path))
}
