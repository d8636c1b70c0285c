//! `wraptap rules [CLASS]`: the manual page of a finding class, or the list of all.

use crate::command::{CommandOutcome, terminal};
use crate::config::Globals;
use crate::error::CommandError;
use crate::model::finding::Class;
use crate::report::rules;

/// The arguments of `wraptap rules`.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  wraptap rules\n  wraptap rules null_field")]
pub(crate) struct RulesArgs {
    /// The class, as printed in brackets after `error` or `warning` [default: list all]
    class: Option<String>,
    /// How to print it
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: RulesFormat,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
enum RulesFormat {
    /// For reading in a terminal.
    Text,
    /// The source of the page.
    Markdown,
    /// One document, `schema_version` 1.
    Json,
}

#[derive(Debug, thiserror::Error)]
#[error("there is no finding class `{0}`")]
struct UnknownClass(String);

/// Prints the page, or the list.
pub(crate) fn run(args: &RulesArgs, _globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let look = terminal::style();
    let text = match &args.class {
        None => match args.format {
            RulesFormat::Text => rules::index_text(&look),
            RulesFormat::Markdown => rules::index_markdown(),
            RulesFormat::Json => rules::index_json(),
        },
        Some(name) => {
            let page = rules::page(class_of(name)?);
            match args.format {
                RulesFormat::Text => rules::page_text(&page, &look),
                RulesFormat::Markdown => page.markdown.to_owned(),
                RulesFormat::Json => rules::page_json(&page),
            }
        }
    };
    terminal::write(&text)?;
    Ok(CommandOutcome::Fine)
}

/// Finds the class by its name; case and `-` for `_` do not matter.
fn class_of(name: &str) -> Result<Class, CommandError> {
    Class::from_name(&name.to_lowercase().replace('-', "_")).ok_or_else(|| {
        let error = CommandError::input(UnknownClass(crate::report::safe::line(name).into_owned()));
        match rules::similar_names(name).as_slice() {
            [] => error.hint("list them all with `wraptap rules`"),
            names => names
                .iter()
                .fold(error, |error, name| error.hint(format!("did you mean `wraptap rules {name}`?"))),
        }
    })
}
