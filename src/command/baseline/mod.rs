//! `wraptap baseline`: the known-good payloads of a project, kept as files for review in git.

mod accept;
mod add;
mod folder_error;
mod print;

use std::path::PathBuf;

use crate::baselines::folder;
use crate::command::CommandOutcome;
use crate::config::Globals;
use crate::error::CommandError;

/// The arguments of `wraptap baseline`.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  wraptap baseline add last\n  \
                   wraptap baseline add body.json --operation 'POST /api/v2/things/{id}'",
    arg_required_else_help = true
)]
pub(crate) struct BaselineArgs {
    /// The folder of the baseline files
    #[arg(long, global = true, value_name = "DIR", default_value = folder::DEFAULT)]
    baselines: PathBuf,
    #[command(subcommand)]
    action: BaselineAction,
}

#[derive(Debug, clap::Subcommand)]
enum BaselineAction {
    /// Keep a payload: of a JSON file, a curl command, a recorded exchange, or stdin
    Add(add::BaselineAddArgs),
    /// The baselines there are, the embedded ones included
    List(print::BaselineListArgs),
    /// One baseline in full
    Show(print::BaselineShowArgs),
    /// Copy reviewed differences of an exchange into a baseline, one by one
    Accept(accept::BaselineAcceptArgs),
    /// Delete a baseline file
    Remove(BaselineRemoveArgs),
}

#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  wraptap baseline remove post-wrapup\n  \
                         wraptap baseline remove post-wrapup --baselines other/folder")]
struct BaselineRemoveArgs {
    /// Its name, as `wraptap baseline list` has it
    name: String,
}

/// Runs one of the actions.
pub(crate) fn run(args: &BaselineArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let folder = args.baselines.as_path();
    match &args.action {
        BaselineAction::Add(add) => add::run(add, folder, globals),
        BaselineAction::List(list) => print::list(list, folder),
        BaselineAction::Show(show) => print::show(show, folder),
        BaselineAction::Accept(accept) => accept::run(accept, folder, globals),
        BaselineAction::Remove(remove) => {
            let path = folder::remove(folder, &remove.name).map_err(folder_error::describe)?;
            print::line(&format!("removed {}", path.display()))?;
            Ok(CommandOutcome::Fine)
        }
    }
}
