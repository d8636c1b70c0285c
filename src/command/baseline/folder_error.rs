//! The error of a baseline folder, with what to do about it.

use crate::baselines::folder::FolderError;
use crate::error::CommandError;

/// Returns the error with its exit status and a hint.
pub(super) fn describe(error: FolderError) -> CommandError {
    let hint = match &error {
        FolderError::Exists { path } => {
            let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            format!("replace it with `--force`, or see it with `wraptap baseline show {name}`")
        }
        FolderError::Missing { .. } => "list what there is with `wraptap baseline list`".to_owned(),
        FolderError::Name(_) => "give another with `--name`".to_owned(),
        FolderError::Format { .. } => {
            "correct the file, or add it again with `wraptap baseline add FILE --force`".to_owned()
        }
        FolderError::Folder { .. } | FolderError::Read { .. } | FolderError::Write { .. } => {
            return CommandError::machine(error).hint("name another folder with `--baselines DIR`");
        }
    };
    CommandError::input(error).hint(hint)
}
