//! `completions`: what makes a shell complete wraptap's commands and options.

use std::io::Write;

use clap_complete::Shell;

use crate::command::CommandOutcome;
use crate::command::terminal::output;
use crate::error::CommandError;

#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  source <(wraptap completions bash)
  wraptap completions fish > ~/.config/fish/completions/wraptap.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell to complete in
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script for the command line that `definition` describes.
pub(crate) fn run(
    args: &CompletionsArgs,
    mut definition: clap::Command,
) -> Result<CommandOutcome, CommandError> {
    // into memory first: the generator panics on a closed pipe, which for us is an end and no error
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut definition, "wraptap", &mut script);
    output::stdout().write_all(&script)?;
    Ok(CommandOutcome::Fine)
}
