//! `wraptap operation`: a public operation with its SDK methods and its body's model, or the nearest ones.

use std::path::PathBuf;

use serde_json::json;

use crate::api::catalogue::Catalogue;
use crate::api::catalogue::nearest::Typed;
use crate::api::genesys::catalogue;
use crate::api::genesys::catalogue::swagger::Texts;
use crate::command::terminal::{self, OutputFormat};
use crate::command::{CommandOutcome, lock};
use crate::config::Globals;
use crate::error::CommandError;
use crate::model::description::entry::Entry;
use crate::report::{operation, safe};

/// How many near operations are named.
const NEAR: usize = 5;

/// The arguments of `wraptap operation`.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wraptap operation 'PUT /api/v2/interactions/{id}/wrap-up'
  wraptap operation --search wrapup")]
#[command(
    after_help = "Exit status: 0 if there is such an operation, 1 if there is none (the nearest are printed)."
)]
pub(crate) struct OperationArgs {
    /// Method and path, as one argument or two; the path as a template or with real ids. Without a method:
    /// all of them
    #[arg(value_name = "METHOD PATH", num_args = 1..=2, required_unless_present = "search")]
    operation: Vec<String>,
    /// List the operations whose path or method names hold all these words
    #[arg(long, value_name = "WORDS", conflicts_with = "operation")]
    search: Option<String>,
    /// Read the vendor's Swagger 2.0 document instead of the embedded catalogue: adds permissions and error
    /// codes
    #[arg(long, value_name = "FILE")]
    swagger: Option<PathBuf>,
    /// How to print it
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: OutputFormat,
}

#[derive(Debug, thiserror::Error)]
enum OperationArgError {
    #[error("cannot read {}", .0.display())]
    Read(PathBuf, #[source] std::io::Error),
    #[error("cannot use {} as a catalogue", .0.display())]
    Swagger(PathBuf, #[source] crate::api::genesys::catalogue::swagger::SwaggerError),
    #[error("`{0}` is not a method and a path")]
    Shape(String),
}

/// Prints the operation, the matches of a search, or the nearest operations.
pub(crate) fn run(args: &OperationArgs, _globals: &Globals) -> Result<CommandOutcome, CommandError> {
    match &args.swagger {
        None => print(args, catalogue::embedded()),
        Some(path) => {
            let bytes = std::fs::read(path)
                .map_err(|error| CommandError::input(OperationArgError::Read(path.clone(), error)))?;
            let texts = Texts::of_swagger(&bytes).map_err(|error| {
                CommandError::input(OperationArgError::Swagger(path.clone(), error))
                    .hint("the document is at https://api.mypurecloud.com/api/v2/docs/swagger (or your region's host)")
            })?;
            print(args, &catalogue::read(&texts.operations, &texts.models))
        }
    }
}

fn print(args: &OperationArgs, catalogue: &Catalogue<'_>) -> Result<CommandOutcome, CommandError> {
    match &args.search {
        Some(words) => search(args, catalogue, words),
        None => show(args, catalogue),
    }
}

fn search(
    args: &OperationArgs,
    catalogue: &Catalogue<'_>,
    words: &str,
) -> Result<CommandOutcome, CommandError> {
    let words = &lock::masked(words);
    let found = catalogue.search(words);
    match args.format {
        OutputFormat::Text if found.is_empty() => {
            terminal::write(&format!(
                "no public operation has `{}` in its path or method names\n",
                safe::line(words)
            ))?;
        }
        OutputFormat::Text => {
            terminal::write(&operation::list_text(found.iter().copied(), &terminal::style()))?;
        }
        OutputFormat::Json => {
            let row = |entry: &&Entry<'_>| {
                json!({
                    "method": entry.method,
                    "path": entry.template,
                    "javascript": entry.javascript,
                    "python": entry.python,
                    "deprecated": entry.deprecated,
                })
            };
            let operations: Vec<_> = found.iter().map(row).collect();
            terminal::write(&terminal::document(json!({"search": words, "operations": operations})))?;
        }
    }
    Ok(if found.is_empty() { CommandOutcome::Findings } else { CommandOutcome::Fine })
}

fn show(args: &OperationArgs, catalogue: &Catalogue<'_>) -> Result<CommandOutcome, CommandError> {
    let (method, path) = split(&args.operation)?;
    let path = lock::masked(&path);
    let at_path = catalogue.operations_at(&path);
    // the best match comes first: a template typed literally matches itself
    let best = at_path.first().map(|entry| entry.template);
    let exact: Vec<&Entry<'_>> = match &method {
        Some(method) => catalogue.operation_of(method, &path).into_iter().collect(),
        None => at_path.iter().copied().filter(|entry| Some(entry.template) == best).collect(),
    };
    if exact.is_empty() {
        return nearest(args, catalogue, method.as_deref(), &path, &at_path);
    }
    match args.format {
        OutputFormat::Text => {
            let look = terminal::style();
            let pages = exact.iter().map(|entry| operation::page_text(catalogue, entry, &look));
            terminal::write(&pages.collect::<Vec<_>>().join("\n"))?;
        }
        OutputFormat::Json => {
            let pages = exact.iter().map(|entry| operation::page_json(catalogue, entry));
            terminal::write(&terminal::document(json!({"operations": pages.collect::<Vec<_>>()})))?;
        }
    }
    Ok(CommandOutcome::Fine)
}

fn nearest(
    args: &OperationArgs,
    catalogue: &Catalogue<'_>,
    method: Option<&str>,
    path: &str,
    at_path: &[&Entry<'_>],
) -> Result<CommandOutcome, CommandError> {
    let typed = format!("{} {path}", method.unwrap_or("any method")).trim().to_owned();
    let near = catalogue.nearest(Typed { method: method.unwrap_or("GET"), path, body: None }, NEAR);
    let methods: Vec<&str> = at_path.iter().map(|entry| entry.method).collect();
    match args.format {
        OutputFormat::Text => {
            let mut text = format!("{}: not an operation of the public API\n", safe::line(&typed));
            if !methods.is_empty() {
                text.push_str(&format!("the path is public under {}\n", methods.join(", ")));
            }
            if !near.is_empty() {
                text.push_str("nearest:\n");
                text.push_str(&operation::nearest_text(&near, &terminal::style()));
            }
            text.push_str(&format!("source: {}\n", catalogue.source));
            terminal::write(&text)?;
        }
        OutputFormat::Json => terminal::write(&terminal::document(json!({
            "operations": [],
            "asked": typed,
            "methods_at_path": methods,
            "nearest": operation::nearest_json(&near),
            "source": catalogue.source,
        })))?,
    }
    Ok(CommandOutcome::Findings)
}

/// Splits `METHOD PATH`, `METHOD` `PATH`, or a path alone; a whole URL is cut to its path.
fn split(arguments: &[String]) -> Result<(Option<String>, String), CommandError> {
    let text = arguments.join(" ");
    let error = || {
        CommandError::input(OperationArgError::Shape(safe::line(&text).into_owned()))
            .hint("wraptap operation 'POST /api/v2/routing/wrapupcodes'")
            .hint("wraptap operation --search wrapup")
    };
    let mut words = text.split_whitespace();
    let (first, second) = (words.next().ok_or_else(error)?, words.next());
    if words.next().is_some() {
        return Err(error());
    }
    let (method, path) = second.map_or((None, first), |second| (Some(first.to_ascii_uppercase()), second));
    let path =
        path.split_once("://").map_or(path, |(_, rest)| rest.find('/').map_or("/", |slash| &rest[slash..]));
    let shaped =
        path.starts_with('/') && method.iter().all(|method| method.chars().all(|c| c.is_ascii_alphabetic()));
    if shaped { Ok((method, path.to_owned())) } else { Err(error()) }
}
