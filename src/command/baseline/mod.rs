//! `wraptap baseline`: the known-good payloads of a project, kept as files for review in git.

mod accept;
mod add;
mod print;

use std::path::PathBuf;

use crate::baselines::folder::{self, FolderError};
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
    /// Take reviewed differences of an exchange over into a baseline, one by one
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
            let path = folder::remove(folder, &remove.name).map_err(failed)?;
            print::line(&format!("removed {}", path.display()))?;
            Ok(CommandOutcome::Fine)
        }
    }
}

/// Whose business an error of the folder is, and what to do about it.
fn failed(error: FolderError) -> CommandError {
    let hint = match &error {
        FolderError::Exists { path } => {
            let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            format!(
                "put the new one in its place with `--force`, or see it with `wraptap baseline show {name}`"
            )
        }
        FolderError::Missing { .. } => "list what there is with `wraptap baseline list`".to_owned(),
        FolderError::Name(_) => "give another with `--name`".to_owned(),
        FolderError::Format { .. } => {
            "mend the file, or add it again with `wraptap baseline add FILE --force`".to_owned()
        }
        FolderError::Folder { .. } | FolderError::Read { .. } | FolderError::Write { .. } => {
            return CommandError::machine(error).hint("name another folder with `--baselines DIR`");
        }
    };
    CommandError::input(error).hint(hint)
}
